"""Who sees what, against a brute-force reading of the rule, in Django and in the database itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import psycopg
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiedui.errors import JieduiError
from jiedui.policy import parameters
from jiedui.policy.rules import leadership_roles
from jiedui.records import access, loading, models
from jiedui.terms.divisions import prefix
from tests.records.small_country import country

TODAY = date(2019, 6, 1)
BEFORE, AFTER = date(2017, 1, 1), date(2020, 1, 1)
RECIPIENTS = ("530000", "530600", "530602", "533300", "520000", "522600", "620000", "621100", "621102")
DONORS = ("310000", "440000", "440100", "440400", "350100")
VILLAGES = tuple(county + "101001" for county in ("530602", "530621", "533323", "530102", "522601", "620102", "621102"))


@dataclass(frozen=True)
class Edge:
    """A pairing as the oracle sees it."""

    donor: str
    recipient: str
    scheme: str
    since: date
    until: date | None

    def holds(self) -> bool:
        """Whether it is valid today."""
        return self.since <= TODAY and (self.until is None or self.until > TODAY)


@dataclass(frozen=True)
class Grant:
    """A role grant as the oracle sees it; `firm` is the number of a firm."""

    role: str
    region: str
    since: date
    until: date | None
    firm: int | None = None


@dataclass(frozen=True)
class Link:
    """A link as the oracle sees it: `edge` counts round the pairings, None = of no pairing."""

    village: str
    edge: int | None
    firm: int | None
    placed: bool
    since: date
    until: date | None


edges = st.lists(
    st.builds(
        Edge,
        donor=st.sampled_from(DONORS),
        recipient=st.sampled_from(RECIPIENTS),
        scheme=st.sampled_from(["east_west", "counterpart"]),
        since=st.sampled_from([BEFORE, date(2019, 6, 2)]),
        until=st.sampled_from([None, TODAY, AFTER]),
    ).filter(lambda e: e.until is None or e.since < e.until),
    max_size=8,
    unique_by=lambda e: (e.donor, e.recipient, e.scheme),
)
local = st.builds(
    Grant,
    role=st.sampled_from([role for role in models.ROLE if role not in (*access.NATIONAL_ROLES, "firm")]),
    region=st.sampled_from((*RECIPIENTS, *DONORS)),
    since=st.sampled_from([BEFORE, date(2019, 6, 2)]),
    until=st.sampled_from([None, TODAY, AFTER]),
)
national = st.builds(
    Grant,
    role=st.sampled_from(access.NATIONAL_ROLES),
    region=st.sampled_from(["", "530000"]),
    since=st.just(BEFORE),
    until=st.just(None),
)
helping = st.builds(
    Grant,
    role=st.sampled_from(["donor_office", "labour_bureau"]),
    region=st.sampled_from(DONORS),
    since=st.just(BEFORE),
    until=st.just(None),
)
employing = st.builds(
    Grant,
    role=st.just("firm"),
    region=st.just("310000"),
    since=st.just(BEFORE),
    until=st.sampled_from([None, TODAY]),
    firm=st.sampled_from([1, 2]),
)


def _compatible(granted: list[Grant]) -> bool:
    held = parameters.load(TODAY)
    return all(leadership_roles.collision(one.role, [other.role], held) is None for one in granted for other in granted)


grants = (
    st.lists(local | national | helping | employing, max_size=3, unique_by=lambda g: (g.role, g.region))
    .map(lambda gs: [g for g in gs if g.until is None or g.since < g.until])
    .filter(_compatible)
)
links = st.lists(
    st.builds(
        Link,
        village=st.sampled_from(VILLAGES),
        edge=st.none() | st.integers(0, 7),
        firm=st.sampled_from([None, 1, 2]),
        placed=st.booleans(),
        since=st.sampled_from([BEFORE, TODAY, date(2019, 6, 2)]),
        until=st.sampled_from([None, TODAY, AFTER]),
    ).filter(lambda one: one.until is None or one.since <= one.until),
    max_size=8,
)


def sees_person(village: str, granted: list[Grant], held: list[Edge], linked: list[Link]) -> bool:
    """The rule in plain words: some grant of today opens the village, or a link of today its person."""
    return sees_household(village, granted, held, linked) or any(
        _valid(grant) and grant.role == "firm" and link.placed and link.firm == grant.firm
        for grant in granted
        for link in _live(village, linked)
    )


def sees_household(village: str, granted: list[Grant], held: list[Edge], linked: list[Link]) -> bool:
    """The same for what a firm has no business with."""
    return any(
        _at_home(village, grant, held) or any(_by_link(link, grant, held) for link in _live(village, linked))
        for grant in granted
        if _valid(grant)
    )


def sees_proposal(village: str, granted: list[Grant], held: list[Edge]) -> bool:
    """Proposals: at home, and wherever a donor's pairings of today help."""
    return any(
        _at_home(village, grant, held)
        or (grant.role in ("donor_office", "labour_bureau") and _helped_by(village, grant.region, held))
        for grant in granted
        if _valid(grant)
    )


def _valid(grant: Grant) -> bool:
    return grant.since <= TODAY and (grant.until is None or grant.until > TODAY)


def _live(village: str, linked: list[Link]) -> list[Link]:
    return [
        link
        for link in linked
        if link.village == village and link.since <= TODAY and (link.until is None or link.until > TODAY)
    ]


def _at_home(village: str, grant: Grant, held: list[Edge]) -> bool:
    inside = village.startswith(prefix(grant.region))
    if grant.role == "labour_bureau":
        return inside and not _helps_only(grant.region, held)
    return inside and grant.role in ("recipient_office", "assessor", "auditor", "discipline")


def _helps_only(region: str, held: list[Edge]) -> bool:
    def near(code: str) -> bool:
        return prefix(code).startswith(prefix(region)) or prefix(region).startswith(prefix(code))

    today = [edge for edge in held if edge.holds()]
    return any(near(edge.donor) for edge in today) and not any(near(edge.recipient) for edge in today)


def _by_link(link: Link, grant: Grant, held: list[Edge]) -> bool:
    if grant.role not in ("donor_office", "labour_bureau") or link.edge is None or not held:
        return False
    donor = held[link.edge % len(held)].donor
    return donor.startswith(prefix(grant.region)) and _helped_by(link.village, grant.region, held)


def _helped_by(village: str, donor: str, held: list[Edge]) -> bool:
    return any(
        edge.holds() and edge.donor == donor and village.startswith(prefix(edge.recipient))
        and not _taken(village, edge, held)
        for edge in held
    )  # fmt: skip


def _taken(village: str, edge: Edge, held: list[Edge]) -> bool:
    """Whether another donor, not one inside this donor, has a more specific edge of the same scheme there."""
    return any(
        other.holds()
        and other.scheme == edge.scheme
        and not other.donor.startswith(prefix(edge.donor))
        and village.startswith(prefix(other.recipient))
        and prefix(other.recipient).startswith(prefix(edge.recipient))
        and prefix(other.recipient) != prefix(edge.recipient)
        for other in held
    )


def _enter(granted: list[Grant], held: list[Edge], linked: list[Link]) -> models.User:
    """The world of one example: one person per village, the pairings, the links, a user with the grants."""
    models.Pairing.objects.all().delete()
    models.User.objects.all().delete()
    models.PersonLink.objects.all().delete()
    if not models.Household.objects.exists():
        _settle()
    stored = models.Pairing.objects.bulk_create(
        models.Pairing(
            donor_code=e.donor, recipient_code=e.recipient, level="city_to_city", scheme=e.scheme, basis="test",
            valid_from=e.since, valid_to=e.until,
        )
        for e in held
    )  # fmt: skip
    for number, link in enumerate(linked):
        edge = stored[link.edge % len(stored)] if link.edge is not None and stored else None
        person = models.Person.objects.get(region_code=link.village)
        models.PersonLink.objects.create(
            kind="placement" if link.placed else "proposal", placement_id=number if link.placed else None,
            person=person, household_id=person.household_id, region_code=link.village, pairing=edge,
            donor_code=edge and edge.donor_code, organisation_id=link.firm, since=link.since, until=link.until,
        )  # fmt: skip
    user = models.User.objects.create_user("reader")
    models.RoleGrant.objects.bulk_create(
        models.RoleGrant(
            user=user, role=g.role, region_code=g.region, valid=DateRange(g.since, g.until), organisation_id=g.firm
        )
        for g in granted
    )
    return user


def _settle() -> None:
    """One household with one person in each village."""
    homes = models.Household.objects.bulk_create(
        models.Household(
            region_code=village, entered_on=BEFORE, cause="illness", unsafe_housing=False, safe_water=True, address="",
        )
        for village in VILLAGES
    )  # fmt: skip
    models.Person.objects.bulk_create(
        models.Person(
            household=home, region_code=home.region_code, sex="female", birth_year=1980, relation="head",
            ethnic_group="汉族", education="primary", in_school=False, health="healthy", labour_ability="ordinary",
            joined_on=BEFORE, name="合成人", id_number=b"x", id_number_index=bytes([number]),
            pseudonym=f"{number:032x}",
        )
        for number, home in enumerate(homes)
    )  # fmt: skip


def _set(web: psycopg.Connection, user: models.User) -> None:
    """The settings of the user's sight, in a session of the pages' role."""
    for name, value in {**access.sight_of(user, TODAY).as_settings(), "jiedui.day": TODAY.isoformat()}.items():
        web.execute("SELECT set_config(%s, %s, false)", [name, value])
    web.execute("SELECT set_config('jiedui.user', %s, false)", [str(user.pk)])


@pytest.mark.django_db
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(granted=grants, held=edges, linked=links)
def test_visible_to_is_the_rule(granted, held, linked):
    """`visible_to`, the sight and the rule in plain words name the same rows, whatever the grants, edges and links."""
    user = _enter(granted, held, linked)
    for model, rule in ((models.Household, sees_household), (models.Person, sees_person)):
        visible = set(model.objects.visible_to(user, TODAY).values_list("region_code", flat=True))
        assert visible == {village for village in VILLAGES if rule(village, granted, held, linked)}, model
    proposed = access.sight_of(user, TODAY).proposed
    assert {v for v in VILLAGES if v in proposed} == {v for v in VILLAGES if sees_proposal(v, granted, held)}


@pytest.mark.django_db(transaction=True)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(granted=grants, held=edges, linked=links)
def test_the_database_holds_the_same_rule(granted, held, linked, web_dsn):
    """Raw SQL as the pages' role, without any `visible_to`, gives exactly the rows of the rule."""
    user = _enter(granted, held, linked)
    with psycopg.connect(web_dsn) as web:
        _set(web, user)
        for table, rule in (("household", sees_household), ("person", sees_person)):
            rows = web.execute(f"SELECT region_code FROM records_{table}").fetchall()
            assert {code for (code,) in rows} == {v for v in VILLAGES if rule(v, granted, held, linked)}, table


@pytest.fixture
def loaded(transactional_db, web_dsn):
    """The small country, committed; gives the address of the pages' role."""
    loading.load_tables(country())
    return web_dsn


def _counts(web: psycopg.Connection, tables: tuple[str, ...]) -> dict[str, int]:
    return {table: web.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


_PEOPLE = (
    "household household_year person_year status_change person worker placement stay_check schooling settlement "
    "benefit_link job_offer follow_up work_month subsidy offer_sheet"
)
_PROGRAMME = (
    "organisation donation village_pair project vacancy dispatch_trip secondment support_team training ledger_leg "
    "plan_target budget_line ledger_entry meeting visit task post candidate need help_offer help_given match_order "
    "match_mark"
)
PEOPLE = tuple(f"records_{name}" for name in _PEOPLE.split())
PROGRAMME = tuple(f"records_{name}" for name in _PROGRAMME.split())


@pytest.mark.parametrize("scope", [None, "", "{}"])
def test_no_scope_no_rows(loaded, scope):
    """Unset, emptied and empty scopes show nothing at all of people and of the programme: default deny."""
    with psycopg.connect(loaded) as web:
        if scope is not None:
            web.execute("SELECT set_config('jiedui.scope', %s, true)", [scope])
            web.execute("SELECT set_config('jiedui.programme', %s, true)", [scope])
        assert set(_counts(web, PEOPLE + PROGRAMME + ("results_proposal",)).values()) == {0}
        assert _counts(web, ("records_pairing",)) == {"records_pairing": 3}


OPEN_TO_ALL_AND_GUARDED = {"records_source_form", "records_role_grant", "records_user", "records_pairing"}
OTHERS = {
    "records_disclosure", "records_register_count", "results_proposal", "results_pair_proposal", "results_rule_finding",
}  # fmt: skip


def test_every_table_of_people_and_of_the_programme_has_a_policy(loaded):
    """A table added later without row-level security is found here."""
    classes = {m._meta.db_table: m.visibility for m in _fact_models()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        secured = {name for (name,) in cursor.fetchall()}
    closed = {table for table, seen in classes.items() if seen != "open"}
    assert closed <= secured
    assert secured - closed - OTHERS == OPEN_TO_ALL_AND_GUARDED
    assert {table for table, seen in classes.items() if seen == "people"} == set(PEOPLE)


def _fact_models():
    from django.apps import apps

    return [model for model in apps.get_app_config("records").get_models() if hasattr(model, "visibility")]


def test_the_database_shows_what_visible_to_shows(loaded):
    """For every role and every table of facts, row-level security and `visible_to` give the same keys."""
    models.Case.objects.create(region_code="530602", subject="funds", title="t", opened_on=BEFORE)
    places = {"donor_office": "310000"}
    users = [_user(role, places.get(role, "530000")) for role in models.ROLE]
    users += [_user("recipient_office", "533300"), _user("finance", "522600"), _user("donor_office", "330100")]
    users += [_user("labour_bureau", "310000"), _user("organisation_department", "310000")]
    seen = {}
    with psycopg.connect(loaded) as web:
        for user in users:
            _set(web, user)
            for model in _fact_models():
                key = model._meta.pk.column
                rows = web.execute(f"SELECT {key} FROM {model._meta.db_table}").fetchall()
                visible = model.objects.visible_to(user, TODAY).values_list("pk", flat=True)
                assert {row for (row,) in rows} == set(visible), (str(user), model)
                seen[user.username, model._meta.db_table] = len(rows)
    assert seen["donor_office 310000", "records_placement"] == seen["labour_bureau 310000", "records_placement"] > 0
    assert seen["firm 530000", "records_placement"] == 4
    assert seen["discipline 530000", "records_case"] == 1
    assert sum(n for (name, table), n in seen.items() if table == "records_case") == 1


def test_the_scope_ends_with_the_transaction(loaded):
    """The next transaction on the same connection sees nothing again: a pooled connection leaks no scope."""
    with psycopg.connect(loaded) as web:
        with web.transaction():
            web.execute("SELECT set_config('jiedui.scope', '{[53,54)}', true)")
            assert _counts(web, ("records_person",)) == {"records_person": 9 - 3 + 3}
        assert _counts(web, ("records_person",)) == {"records_person": 0}


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM records_change",
        "INSERT INTO records_role_grant (user_id, role, region_code, valid) VALUES (1, 'auditor', '', '[,)')",
        "UPDATE records_person SET name = 'x'",
        "DELETE FROM records_household",
        "UPDATE records_user SET is_superuser = true",
        "TRUNCATE records_ledger_leg",
        "ALTER TABLE records_person DISABLE ROW LEVEL SECURITY",
        'SET ROLE "{owner}"',
    ],
)
def test_the_pages_role_may_not(loaded, statement):
    """The pages' role reads no history, grants itself nothing, writes no facts and lifts no policy."""
    with psycopg.connect(loaded) as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute(statement.format(owner=connection.settings_dict["USER"]))


@pytest.mark.django_db
def test_database_scope_sets_and_unsets():
    """Inside, the settings are the user's; afterwards they are empty, also inside a longer transaction."""
    loading.load_tables(country())
    user = models.User.objects.create_user("shanghai")
    models.RoleGrant.objects.create(user=user, role="donor_office", region_code="310000", valid=DateRange(BEFORE, None))
    with access.database_scope(user, TODAY) as sight:
        assert _setting("jiedui.proposed") == sight.proposed.multirange() == '{["53","5333"),["5334","54")}'
        assert _setting("jiedui.scope") == "{}"
        assert _setting("jiedui.linked") == '{["31000053","3100005333"),["3100005334","31000054")}'
        assert _setting("jiedui.day") == TODAY.isoformat()
        assert _setting("jiedui.user") == str(user.pk)
    assert _setting("jiedui.scope") == ""
    with pytest.raises(ZeroDivisionError), access.database_scope(user, TODAY):
        1 / 0  # noqa: B018
    assert _setting("jiedui.scope") == ""


def _setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [name])
        return cursor.fetchone()[0]


def _user(role: str, region: str, *, active: bool = True) -> models.User:
    user = models.User.objects.create_user(f"{role} {region}", is_active=active)
    firm = 1 if role == "firm" else None
    models.RoleGrant.objects.create(
        user=user, role=role, region_code=region, valid=DateRange(BEFORE, None), organisation_id=firm
    )
    return user


@pytest.mark.django_db
def test_names_are_for_the_home_office_only():
    """A recipient's office reads names of its people; a donor sees proposals about them, the others no name."""
    loading.load_tables(country())
    home, donor = _user("recipient_office", "530000").sight(TODAY), _user("donor_office", "310000").sight(TODAY)
    assert "530602101001" in home.named
    assert "530602101001" in donor.proposed
    assert not donor.people
    assert not donor.named
    assert not _user("assessor", "").sight(TODAY).named
    assert not _user("auditor", "").sight(TODAY).named


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["administrator", "public"])
def test_some_roles_see_no_row_of_people_or_programme(role):
    """Whoever administers the system, and the public, see what is published and nothing else."""
    loading.load_tables(country())
    user = _user(role, "")
    for model in _fact_models():
        rows = model.objects.visible_to(user, TODAY).count()
        assert (rows == 0) or model.visibility == "open", model
    assert models.Pairing.objects.visible_to(user, TODAY).count() == 3


@pytest.mark.django_db
def test_nobody_and_the_inactive_see_nothing():
    """An anonymous reader, a user without grants, an inactive one and a superuser without grants see no people."""
    loading.load_tables(country())
    nobody = [
        AnonymousUser(),
        models.User.objects.create_user("new"),
        models.User.objects.create_superuser("root", password="x"),
        _user("recipient_office", "530000", active=False),
    ]
    for user in nobody:
        assert not models.Person.objects.visible_to(user, TODAY).exists()
        assert not models.Project.objects.visible_to(user, TODAY).exists()


@pytest.mark.django_db
def test_the_programme_of_a_pair_is_seen_from_both_sides():
    """Budget and ledger of 上海–云南: seen by both, by assessors, not by another donor nor by a prefecture inside."""
    loading.load_tables(country())
    for role, region, rows in [
        ("donor_office", "310000", 1),
        ("recipient_office", "530000", 1),
        ("finance", "530000", 1),
        ("assessor", "", 1),
        ("donor_office", "330100", 0),
        ("recipient_office", "522600", 0),
        ("recipient_office", "533300", 0),
    ]:
        user = _user(role, region)
        assert models.BudgetLine.objects.visible_to(user, TODAY).count() == rows, (role, region)
        assert models.LedgerEntry.objects.visible_to(user, TODAY).count() == rows, (role, region)


@pytest.mark.django_db
def test_who_places_people_sees_every_vacancy():
    """An office at home sees vacancies anywhere; a finance office those of its donors only."""
    loading.load_tables(country())
    for role, region, seen in [
        ("recipient_office", "530600", 1),
        ("labour_bureau", "522600", 1),
        ("finance", "530600", 1),
        ("finance", "522600", 0),
        ("administrator", "", 0),
    ]:
        user = _user(role, region)
        assert models.Vacancy.objects.visible_to(user, TODAY).count() == seen, (role, region)
        assert models.Organisation.objects.visible_to(user, TODAY).count() == seen, (role, region)


@pytest.mark.django_db
@pytest.mark.parametrize("wall", ["query", "database"])
def test_private_donors_are_seen_only_where_the_programme_is(wall, web_dsn, transactional_db):
    """A private donor in 上海 is hidden from the office of 昭通, which sees the firms of 上海."""
    models.Organisation.objects.create(kind="person", name="合成人", region_code="310115")
    models.Organisation.objects.create(kind="firm", name="合成服装厂", region_code="310115")
    for role, region, kinds in [
        ("recipient_office", "530600", {"firm"}),
        ("donor_office", "310000", {"firm", "person"}),
    ]:
        user = _user(role, region)
        if wall == "query":
            seen = set(models.Organisation.objects.visible_to(user, TODAY).values_list("kind", flat=True))
        else:
            sight = access.sight_of(user, TODAY)
            with psycopg.connect(web_dsn) as web:
                web.execute("SELECT set_config('jiedui.offers', %s, true)", [sight.offers.multirange()])
                web.execute("SELECT set_config('jiedui.programme', %s, true)", [sight.programme.multirange()])
                seen = {kind for (kind,) in web.execute("SELECT kind FROM records_organisation").fetchall()}
        assert seen == kinds, (role, wall)


@pytest.mark.django_db
def test_a_correction_needs_a_reason():
    """The ledger opens only for a correction that names its reason."""
    user = models.User.objects.create_user("finance")
    with pytest.raises(JieduiError, match="needs a reason"), access.signed(user, "  ", correction=True):
        pass
