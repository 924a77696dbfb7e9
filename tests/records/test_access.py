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
    """A role grant as the oracle sees it."""

    role: str
    region: str
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
    role=st.sampled_from([role for role in models.ROLE if role not in access.NATIONAL_ROLES]),
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
grants = st.lists(local | national, max_size=3, unique_by=lambda g: (g.role, g.region)).map(
    lambda gs: [g for g in gs if g.until is None or g.since < g.until]
)


def sees_person(village: str, granted: list[Grant], held: list[Edge]) -> bool:
    """The rule in plain words: some grant of today opens the village."""
    return any(_opens(village, grant, held) for grant in granted if _valid(grant))


def _valid(grant: Grant) -> bool:
    return grant.since <= TODAY and (grant.until is None or grant.until > TODAY)


def _opens(village: str, grant: Grant, held: list[Edge]) -> bool:
    if grant.role in ("recipient_office", "labour_bureau", "assessor", "auditor", "discipline"):
        return village.startswith(prefix(grant.region))
    if grant.role != "donor_office":
        return False
    return any(
        edge.holds() and edge.donor == grant.region and village.startswith(prefix(edge.recipient))
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


def _enter(granted: list[Grant], held: list[Edge]) -> models.User:
    """The world of one example: one household per village, the pairings, a user with the grants."""
    models.Pairing.objects.all().delete()
    models.User.objects.all().delete()
    if not models.Household.objects.exists():
        models.Household.objects.bulk_create(
            models.Household(
                region_code=village,
                entered_on=BEFORE,
                cause="illness",
                unsafe_housing=False,
                safe_water=True,
                address="",
            )
            for village in VILLAGES
        )
    models.Pairing.objects.bulk_create(
        models.Pairing(
            donor_code=e.donor, recipient_code=e.recipient, level="city_to_city", scheme=e.scheme, basis="test",
            valid_from=e.since, valid_to=e.until,
        )
        for e in held
    )  # fmt: skip
    user = models.User.objects.create_user("reader")
    models.RoleGrant.objects.bulk_create(
        models.RoleGrant(user=user, role=g.role, region_code=g.region, valid=DateRange(g.since, g.until))
        for g in granted
    )
    return user


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(granted=grants, held=edges)
def test_visible_to_is_the_rule(granted, held):
    """`visible_to`, `scope_of` and the rule in plain words name the same households, whatever the grants and edges."""
    user = _enter(granted, held)
    expected = {village for village in VILLAGES if sees_person(village, granted, held)}
    visible = set(models.Household.objects.visible_to(user, TODAY).values_list("region_code", flat=True))
    assert visible == expected
    scope = access.scope_of(user, TODAY)
    assert {village for village in VILLAGES if village in scope} == expected


@pytest.mark.django_db(transaction=True)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(granted=grants, held=edges)
def test_the_database_holds_the_same_rule(granted, held, web_dsn):
    """Raw SQL as the pages' role, without any `visible_to`, gives exactly the rows of the rule."""
    user = _enter(granted, held)
    expected = {village for village in VILLAGES if sees_person(village, granted, held)}
    scope = access.scope_of(user, TODAY).multirange()
    with psycopg.connect(web_dsn) as web:
        web.execute("SELECT set_config('jiedui.scope', %s, true)", [scope])
        rows = web.execute("SELECT region_code FROM records_household").fetchall()
    assert {code for (code,) in rows} == expected


@pytest.fixture
def loaded(transactional_db, web_dsn):
    """The small country, committed; gives the address of the pages' role."""
    loading.load_tables(country())
    return web_dsn


def _counts(web: psycopg.Connection, tables: tuple[str, ...]) -> dict[str, int]:
    return {table: web.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


_PEOPLE = (
    "household household_year person_year status_change person worker placement stay_check schooling settlement "
    "benefit_link"
)
_PROGRAMME = (
    "organisation donation village_pair project vacancy dispatch_trip secondment support_team training ledger_leg "
    "plan_target budget_line ledger_entry meeting visit task"
)
PEOPLE = tuple(f"records_{name}" for name in _PEOPLE.split())
PROGRAMME = tuple(f"records_{name}" for name in _PROGRAMME.split())
SETTINGS = ["scope", "pairs", "programme", "offers"]


@pytest.mark.parametrize("scope", [None, "", "{}"])
def test_no_scope_no_rows(loaded, scope):
    """Unset, emptied and empty scopes show nothing at all of people and of the programme: default deny."""
    with psycopg.connect(loaded) as web:
        if scope is not None:
            web.execute("SELECT set_config('jiedui.scope', %s, true)", [scope])
            web.execute("SELECT set_config('jiedui.programme', %s, true)", [scope])
        assert set(_counts(web, PEOPLE + PROGRAMME + ("results_proposal",)).values()) == {0}
        assert _counts(web, ("records_pairing",)) == {"records_pairing": 3}


def test_every_table_of_people_and_of_the_programme_has_a_policy(loaded):
    """A table added later without row-level security is found here."""
    classes = {m._meta.db_table: m.visibility for m in _fact_models()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        secured = {name for (name,) in cursor.fetchall()}
    assert {table for table, seen in classes.items() if seen != "open"} == secured - {
        "results_proposal",
        "results_rule_finding",
    }
    assert {table for table, seen in classes.items() if seen == "people"} == set(PEOPLE)


def _fact_models():
    from django.apps import apps

    return [model for model in apps.get_app_config("records").get_models() if hasattr(model, "visibility")]


def test_the_database_shows_what_visible_to_shows(loaded):
    """For every role and every table of facts, row-level security and `visible_to` give the same keys."""
    places = {"donor_office": "310000"}
    users = [_user(role, places.get(role, "530000")) for role in models.ROLE]
    users += [_user("recipient_office", "533300"), _user("finance", "522600"), _user("donor_office", "330100")]
    with psycopg.connect(loaded) as web:
        for user in users:
            with access.database_scope(user, TODAY), connection.cursor() as cursor:
                cursor.execute(
                    "SELECT name, current_setting('jiedui.' || name, true) FROM unnest(%s::text[]) name", [SETTINGS]
                )
                told = cursor.fetchall()
            for name, value in told:
                web.execute("SELECT set_config('jiedui.' || %s, %s, false)", [name, value])
            for model in _fact_models():
                key = model._meta.pk.column
                rows = web.execute(f"SELECT {key} FROM {model._meta.db_table}").fetchall()
                visible = model.objects.visible_to(user, TODAY).values_list("pk", flat=True)
                assert {row for (row,) in rows} == set(visible), (str(user), model)


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
        "SELECT * FROM records_disclosure",
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
        assert _setting("jiedui.scope") == sight.people.multirange() == '{["53","5333"),["5334","54")}'
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
    models.RoleGrant.objects.create(user=user, role=role, region_code=region, valid=DateRange(BEFORE, None))
    return user


@pytest.mark.django_db
def test_names_are_for_the_home_office_only():
    """A recipient's office reads names of its people; donor, assessor and auditor see the same people without."""
    loading.load_tables(country())
    home, donor = _user("recipient_office", "530000").sight(TODAY), _user("donor_office", "310000").sight(TODAY)
    assert "530602101001" in home.named
    assert "530602101001" in donor.people
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
