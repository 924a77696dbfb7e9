"""谁能看什么: what a user may see, from the role grants, pairings and links of a day.

Everything is refused unless a grant allows it. From the grants come the scopes of a `Sight`; the same ranges hold
twice: `visible_to(user)` writes them into the query, so that indexes serve, and row-level security holds them in the
database (`database_scope`), so that a forgotten `visible_to` shows nothing. Public names:

- `Model.objects.visible_to(user, on)`: the gate for pages, counts, searches, exports and the API.
- `sight_of(user, on)` → `Sight`; `user.sight()` is the same for today. `region_of_role(user, role, on)` → `Scope`.
- `readable_columns(user, model, row)`: which columns of a visible row may be shown in plain text. A page, an export or
  an API shows no other column; a name that is not among them is masked (`terms.identity.mask_name`).
- `database_scope(user)`: around a request (the middleware does it); `acting_as(user)`: around a background job for a
  user (an export, a check sheet): the owner's connection becomes the pages' role, so that both walls hold there too.
  What the user may see is asked when it begins, not when the job was queued.
- `signed(by, reason)`: around what `actions` write.
- Links: offers and placements link by themselves (triggers). Which rows and columns a linked donor or firm sees stands
  in `records.linked`.
- Rows that name no model of `records` (proposals): `sight.proposed`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields
from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from django.conf import settings
from django.db import ProgrammingError, connection, models, transaction
from django.db.models import Q, QuerySet

from jiedui.errors import EnvironmentProblem, JieduiError
from jiedui.policy.rules.pairing import carve_outs
from jiedui.records import linked
from jiedui.snapshot.schema import TABLES
from jiedui.terms.divisions import prefix
from jiedui.terms.pairs import Pairing
from jiedui.terms.scope import Scope

if TYPE_CHECKING:
    from jiedui.records.models import PersonLink, RoleGrant

Visibility = Literal[
    "open",
    "offer",
    "organisation",
    "programme",
    "trip",
    "talent",
    "pair",
    "meeting",
    "leg",
    "people",
    "link",
    "case",
    "import",
    "pair_of_people",
    "match",
]
"""open: published (divisions, pairings, poverty counties) · people: rows about households, by their division, or by a
link (`records.linked`) · programme: projects, donations, by their division · trip: the same, and for the office of the
place of work · talent: like the programme, for secondments, teams, trainings, which the organisation department sees
too · offer: vacancies, by the place of work, or the firm's own · organisation: like an offer, but private donors
(公民个人) like the programme · pair: by the donor or the recipient of its pairing · meeting: by the pairing of its
meeting · leg: by the pairing of the row's ledger entry, or by its division · link: links of the reader · case:
cases of a place · import: spreadsheets of an office, by where it sees people by name · pair_of_people: two persons who
may be one, where it sees both by name · match: what was asked of the matching engine: of workers where it sees people
by name, else by the programme's places."""

NATIONAL_ROLES: Final = ("assessor", "auditor", "administrator", "public")
"""Roles that may be granted for the whole country (empty region)."""

_OWN_PEOPLE: Final = ("recipient_office", "labour_bureau", "assessor", "auditor", "discipline")
_BY_NAME: Final = ("recipient_office", "labour_bureau")
_LINKED: Final = ("donor_office", "labour_bureau")
_OFFICES: Final = ("recipient_office", "labour_bureau", "donor_office")
_STAFFING: Final = ("recipient_office", "donor_office")
"""Besides the organisation departments, who proposes who fills a post."""
_PROGRAMME: Final = (*_OWN_PEOPLE, "donor_office", "finance")
_SEE_DONORS: Final = ("finance",)
_SEE_ALL_OFFERS: Final = ("recipient_office", "labour_bureau")
"""Who places people: a vacancy anywhere may be proposed to a worker at home, and a job is offered to be seen."""
_CASES: Final = ("discipline",)
_DISCLOSURES: Final = ("auditor", "discipline")
"""Who may see which hidden fields were shown to whom, and why."""
_NEVER_SHOWN: Final = ("id_number", "phone", "address")
"""Columns that nobody reads in passing; asking for them is `actions.access.disclose`."""


@dataclass(frozen=True, slots=True)
class Sight:
    """可见范围: what a user may see on a day; empty = nothing."""

    people: Scope = field(default_factory=Scope)
    """Whose rows (households, persons, workers, placements) may be seen, masked."""
    named: Scope = field(default_factory=Scope)
    """Which of these people are shown by name (identity numbers stay masked)."""
    pairs: Scope = field(default_factory=Scope)
    """Divisions whose pairings' budgets, ledger, meetings and visits may be seen, as donor or as recipient."""
    programme: Scope = field(default_factory=Scope)
    """Divisions whose projects and donations may be seen."""
    offers: Scope = field(default_factory=Scope)
    """Divisions whose vacancies and organisations may be seen."""
    talent: Scope = field(default_factory=Scope)
    """Divisions whose secondments, support teams and trainings may be seen."""
    proposed: Scope = field(default_factory=Scope)
    """Where the proposals of a run may be seen: of one's people, and of what the pairings of the day grant."""
    linked: Scope = field(default_factory=Scope)
    """Ranges over donor code and village code in one text (`PersonLink.reach`): whose links show a person."""
    office: Scope = field(default_factory=Scope)
    """Where the reader works as an office (recipient, donor, labour bureau), and so writes what its side does."""
    staffing: Scope = field(default_factory=Scope)
    """Where the reader may propose who fills which post."""
    cases: Scope = field(default_factory=Scope)
    """Divisions whose cases may be seen."""
    disclosures: Scope = field(default_factory=Scope)
    """Divisions of whose people one may see who read hidden fields."""
    organisations: frozenset[int] = frozenset()
    """Keys of the firms for which the user acts."""
    administrator: bool = False
    """Whether the user keeps users and grants of the whole country."""

    def __or__(self, other: Sight) -> Sight:
        return Sight(*(getattr(self, f.name) | getattr(other, f.name) for f in fields(self)))

    def as_settings(self) -> dict[str, str]:
        """数据库设置: name → text, as the policies of the database read them."""
        return {
            "jiedui.scope": self.people.multirange(),
            "jiedui.pairs": self.pairs.multirange(),
            "jiedui.programme": self.programme.multirange(),
            "jiedui.offers": self.offers.multirange(),
            "jiedui.named": self.named.multirange(),
            "jiedui.talent": self.talent.multirange(),
            "jiedui.proposed": self.proposed.multirange(),
            "jiedui.office": self.office.multirange(),
            "jiedui.staffing": self.staffing.multirange(),
            "jiedui.cases": self.cases.multirange(),
            "jiedui.disclosures": self.disclosures.multirange(),
            # empty for nothing: a cheap test then spares everybody else the search for links
            "jiedui.linked": self.linked.multirange() if self.linked else "",
            "jiedui.organisations": "{" + ",".join(map(str, sorted(self.organisations))) + "}"
            if self.organisations
            else "",
            "jiedui.administrator": "1" if self.administrator else "",
        }


def within(scope: Scope, column: str) -> Q:
    """范围条件: `column` lies in the scope, as plain comparisons; an empty scope matches nothing."""
    return reduce(or_, (Q(**comparison) for comparison in scope.comparisons(column)), Q(pk__in=[]))


def visible(model: type[models.Model], sight: Sight, on: date) -> Q:
    """可见条件: the rows of a table that the sight allows on a day."""
    region = model.region_column
    match model.visibility:
        case "open":
            return Q()
        case "people":
            return _of_people(model, sight, on)
        case "programme":
            return within(sight.programme, region)
        case "trip":
            return within(sight.programme, region) | within(sight.office, "work_region_code")
        case "talent":
            return within(sight.talent, region)
        case "offer":
            return _or_own(within(sight.offers, region), "organisation_id", sight)
        case "organisation":
            firms = within(sight.offers, region) & ~Q(kind="person")
            return _or_own(within(sight.programme, region) | firms, "pk", sight)
        case "pair":
            return _of_pairing("pairing", sight)
        case "meeting":
            return _of_pairing("meeting__pairing", sight)
        case "leg":
            # no join: the database hides the entry of a leg that is seen by its place, and a join would lose the leg
            entries = model._meta.get_field("ledger_entry").related_model.objects.filter(_of_pairing("pairing", sight))
            return Q(ledger_entry__in=entries.values("pk")) | within(sight.pairs, region)
        case "link":
            return _live(on) & _reached(sight)
        case "case":
            return within(sight.cases, region)
        case "import":
            return within(sight.named, region)
        case "pair_of_people":
            return within(sight.named, "left_region") & within(sight.named, "right_region")
        case "match":
            of_people = Q(problem="labour")
            others = within(sight.office | sight.staffing | sight.programme, region)
            return (of_people & within(sight.named, region)) | (~of_people & others)


def _of_pairing(path: str, sight: Sight) -> Q:
    return within(sight.pairs, f"{path}__donor_code") | within(sight.pairs, f"{path}__recipient_code")


def _or_own(others: Q, column: str, sight: Sight) -> Q:
    return others | Q(**{f"{column}__in": sight.organisations}) if sight.organisations else others


def _of_people(model: type[models.Model], sight: Sight, on: date) -> Q:
    """By place, or by a link; each part stands in the query only where the reader has it, so that indexes serve."""
    name = _table(model)
    firms = sight.organisations if name in linked.OF_FIRMS else frozenset()
    if name not in linked.PATH or not (sight.linked or firms):
        return within(sight.people, model.region_column)
    link_column, column = linked.PATH[name]
    links = _links(_live(on) & _reached(sight, firms)).values(link_column)
    by_link = Q(**{f"{column}__in": links})
    return within(sight.people, model.region_column) | by_link if sight.people else by_link


def _links(condition: Q) -> QuerySet[PersonLink]:
    from jiedui.records.models import PersonLink

    return PersonLink.objects.filter(condition)


def _live(on: date) -> Q:
    return Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gt=on))


def _reached(sight: Sight, firms: frozenset[int] | None = None) -> Q:
    own = sight.organisations if firms is None else firms
    reached = within(sight.linked, "reach")
    return reached | Q(kind__in=linked.TO_FIRMS, organisation_id__in=own) if own else reached


def _table(model: type[models.Model]) -> str:
    return model._meta.db_table.removeprefix("records_")


class VisibleQuerySet(models.QuerySet):
    """可见查询集: every query for a user goes through `visible_to`."""

    def visible_to(self, user: Any, on: date | None = None) -> Self:
        """The rows that the user may see on a day (default today); an anonymous user sees what is open."""
        day = on or date.today()
        return self.filter(visible(self.model, sight_of(user, day), day))


def readable_columns(user: Any, model: type[models.Model], row: Any, on: date | None = None) -> frozenset[str]:
    """可读字段: the declared columns of a row, one that `visible_to` gave, which the user may read in plain text.

    Never an identity number, a phone or an address: these are disclosed, with a reason. Private columns (the name, the
    hamlet) in the named scope only, of officials and specialists also where the reader staffs posts. A donor or a firm
    that sees the row by a link reads what its duty needs.
    """
    name = _table(model)
    table = TABLES.get(name)
    if table is None:
        return frozenset(column.attname for column in model._meta.concrete_fields)
    every = frozenset(column.name for column in table.columns if column.name not in _NEVER_SHOWN)
    open_ones = every - {column.name for column in table.columns if column.private}
    sight, region = sight_of(user, on or date.today()), getattr(row, table.region) if table.region else None
    if region is not None and region in (sight.named | sight.staffing if model.visibility == "talent" else sight.named):
        return every
    if model.visibility == "trip" and (region in sight.office or row.work_region_code in sight.office):
        return every  # who hands over and who picks up know each other
    if model.visibility != "people" or region in sight.people:
        return open_ones
    return frozenset(linked.COLUMNS.get(name, ()))


def scope_of(user: Any, on: date) -> Scope:
    """数据范围: the divisions whose people the user may see on a day; empty for whoever has no grant."""
    return sight_of(user, on).people


def sight_of(user: Any, on: date) -> Sight:
    """可见范围: all scopes of a user on a day; nothing for an anonymous or inactive user.

    Inside `database_scope` it is the one that the database holds, so that both walls stand at the same place.
    """
    in_force = _in_force.get()
    if in_force is not None and in_force[:2] == (getattr(user, "pk", None), on):
        return in_force[2]
    grants = _grants(user, on)
    edges = _edges() if grants else ()
    return reduce(or_, (_granted(grant, on, edges) for grant in grants), Sight())


def region_of_role(user: Any, role: str, on: date) -> Scope:
    """角色范围: where a user holds a role on a day; empty where it does not."""
    return Scope.of(prefix(grant.region_code) for grant in _grants(user, on) if grant.role == role)


def _grants(user: Any, on: date) -> list[RoleGrant]:
    from jiedui.records.models import RoleGrant, User

    if not getattr(user, "is_authenticated", False):
        return []
    # asked anew: a user who was deactivated meanwhile sees nothing in a job that holds the old object
    if not User.objects.filter(pk=user.pk, is_active=True).exists():
        return []
    return list(RoleGrant.objects.filter(user=user, valid__contains=on))


def _granted(grant: RoleGrant, on: date, edges: tuple[Pairing, ...]) -> Sight:
    """What one grant allows on a day."""
    role, region = grant.role, grant.region_code
    if role == "administrator":
        return Sight(administrator=not region)
    if role == "firm":
        return Sight(organisations=frozenset({grant.organisation_id}))
    own = Scope.of([prefix(region)])
    if role == "organisation_department":
        territory = own | _assigned(region, on, edges)
        return Sight(talent=territory, staffing=territory)
    if role not in _PROGRAMME:
        return Sight()
    donor_only = role == "labour_bureau" and _helps_only(region, on, edges)
    home = own if role in _OWN_PEOPLE and not donor_only else Scope()
    assigned = _assigned(region, on, edges) if role in _LINKED else Scope()
    donors = _donors_of(region, on, edges) if role in _SEE_DONORS and region else Scope()
    programme = own | assigned if role == "donor_office" else own
    offers = Scope.everything() if role in _SEE_ALL_OFFERS and not donor_only else programme | donors
    return Sight(
        people=home,
        named=home if role in _BY_NAME else Scope(),
        pairs=own,
        programme=programme,
        offers=offers,
        talent=programme,
        proposed=home | assigned,
        linked=_reach(region, assigned, edges),
        office=own if role in _OFFICES else Scope(),
        staffing=programme if role in _STAFFING else Scope(),
        cases=own if role in _CASES else Scope(),
        disclosures=own if role in _DISCLOSURES else Scope(),
    )


def _assigned(donor_code: str, on: date, edges: tuple[Pairing, ...]) -> Scope:
    """帮扶范围: what the donor's pairings of the day give it, minus what a more specific pairing gives to another."""
    if not donor_code:
        return Scope()
    return Scope(carve_outs(donor_code, on, (edge for edge in edges if edge.holds(on))))


def _reach(donor_code: str, territory: Scope, edges: tuple[Pairing, ...]) -> Scope:
    """关联范围: the donor and whoever ever helped from inside it, each in the donor's territory of the day."""
    if not territory:
        return Scope()
    donors = {edge.donor_code for edge in edges if edge.donor_code.startswith(prefix(donor_code))}
    pieces = [Scope(((donor + low, donor + high),)) for donor in donors for low, high in territory.ranges]
    return reduce(or_, pieces, Scope())


def _helps_only(code: str, on: date, edges: tuple[Pairing, ...]) -> bool:
    """Whether a place helps others on a day, or lies in or above who does, and nobody helps it."""
    here, held = prefix(code), [edge for edge in edges if edge.holds(on)]
    helps = any(_related(prefix(edge.donor_code), here) for edge in held)
    return helps and not any(_related(prefix(edge.recipient_code), here) for edge in held)


def _donors_of(code: str, on: date, edges: tuple[Pairing, ...]) -> Scope:
    """帮扶方: the divisions of all donors whose pairings lie above or inside a place on a day."""
    here = prefix(code)
    near = (edge for edge in edges if edge.holds(on) and _related(prefix(edge.recipient_code), here))
    return Scope.of(prefix(edge.donor_code) for edge in near)


def _related(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _edges() -> tuple[Pairing, ...]:
    from jiedui.records.queries.pairing import edges

    return edges()


_in_force: ContextVar[tuple[Any, date, Sight] | None] = ContextVar("sight_in_force", default=None)
"""(user's key, day, sight) of the innermost `database_scope`."""


@contextmanager
def database_scope(user: Any, on: date | None = None) -> Iterator[Sight]:
    """数据库范围: run the body in one transaction in which row-level security shows what the user may see.

    The settings are local to the transaction, so they are gone before another request gets the same connection. What
    is read after the body (a streamed response) sees nothing.
    """
    day, inside_another = on or date.today(), connection.in_atomic_block
    with transaction.atomic():
        sight = sight_of(user, day)
        values = {
            **sight.as_settings(),
            "jiedui.day": day.isoformat(),
            "jiedui.user": str(getattr(user, "pk", None) or ""),
        }
        before = _local_values(values) if inside_another else {}
        _set_locally(values)
        token = _in_force.set((getattr(user, "pk", None), day, sight))
        try:
            yield sight
        finally:
            _in_force.reset(token)
        _set_locally(before)  # inside a longer transaction, where nothing would undo them


@contextmanager
def acting_as(user: Any, on: date | None = None) -> Iterator[Sight]:
    """以用户身份: `database_scope` in a process of the tables' owner, as the pages' role: for what a job reads.

    The owner is above row-level security; inside it is not. What the user may see is what the grants and pairings say
    now: a job that waited in the queue while a grant ended shows nothing of it. Files outside the database are held by
    the caller (`sight.proposed`, `queries.scopes`).

    Raises:
        EnvironmentProblem: the owner is no member of the pages' role.
    """
    if settings.JIEDUI.db_role == "web":
        with database_scope(user, on) as sight:
            yield sight
        return
    with database_scope(user, on) as sight, connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        (before,) = cursor.fetchone()
        _become(cursor, settings.JIEDUI_WEB_ROLE)
        yield sight
        cursor.execute(f"SET LOCAL ROLE {_quoted(before)}")


def _become(cursor: Any, role: str) -> None:
    try:
        cursor.execute(f"SET LOCAL ROLE {_quoted(role)}")
    except ProgrammingError as error:
        raise EnvironmentProblem(
            f"The owner of the database may not act as {role}: {error}",
            remedy=f'Have an administrator of the server say: GRANT "{role}" TO the user of DATABASE_URL.',
        ) from None


def _quoted(role: str) -> str:
    return "NONE" if role == "none" else connection.ops.quote_name(role)


@contextmanager
def signed(by: Any, reason: str = "", *, correction: bool = False) -> Iterator[None]:
    """签署: run the body in one transaction whose changes are recorded with the person and the reason.

    `correction` opens the append-only ledger for this transaction; it needs a reason.
    """
    if correction and not reason.strip():
        raise JieduiError("A correction of the ledger needs a reason.", remedy="Name the document that orders it.")
    values = {"jiedui.user": str(by.pk), "jiedui.reason": reason, "jiedui.correction": reason if correction else ""}
    with transaction.atomic():
        before = _local_values(values)
        _set_locally(values)
        yield
        _set_locally(before)


def _set_locally(values: Mapping[str, str]) -> None:
    if not values:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(n, v, true) FROM unnest(%s::text[], %s::text[]) AS t (n, v)",
            [list(values), list(values.values())],
        )


def _local_values(names: Iterable[str]) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT n, coalesce(current_setting(n, true), '') FROM unnest(%s::text[]) AS n", [list(names)])
        return dict(cursor.fetchall())
