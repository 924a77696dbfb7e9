"""谁能看什么: what a user may see, from the role grants and pairings of a day.

Everything is refused unless a grant allows it. From the grants come the scopes of a `Sight`: whose rows of people a
user may see, which of these people by name, which pairs, and which rows of the programme and offers of work. The same
ranges hold twice: `visible_to(user)` writes them into the query, so that indexes serve, and row-level security
holds them in the database (`database_scope`), so that a forgotten `visible_to` shows nothing.
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

from django.db import connection, models, transaction
from django.db.models import Q

from jiedui.errors import JieduiError
from jiedui.policy.rules.pairing import carve_outs
from jiedui.terms.divisions import prefix
from jiedui.terms.pairs import Pairing
from jiedui.terms.scope import Scope

if TYPE_CHECKING:
    from jiedui.records.models import RoleGrant

Visibility = Literal[
    "open", "offer", "organisation", "programme", "pair", "meeting", "leg", "people", "import", "pair_of_people"
]
"""open: published (divisions, pairings, poverty counties) · people: rows about households, by their division ·
programme: projects, teams, donations, by their division · offer: vacancies, by the place of work ·
organisation: like an offer, but private donors (公民个人) like the programme ·
pair: by the donor or the recipient of the row's pairing · meeting: by the pairing of the row's meeting ·
leg: by the pairing of the row's ledger entry, or by its division ·
import: spreadsheets of an office, by where it sees people by name ·
pair_of_people: two persons who may be one, where it sees both by name."""

NATIONAL_ROLES: Final = ("assessor", "auditor", "administrator", "public")
"""Roles that may be granted for the whole country (empty region)."""

_OWN_PEOPLE: Final = ("recipient_office", "labour_bureau", "assessor", "auditor", "discipline")
_BY_NAME: Final = ("recipient_office", "labour_bureau")
_PROGRAMME: Final = (*_OWN_PEOPLE, "donor_office", "finance")
_SEE_DONORS: Final = ("finance",)
_SEE_ALL_OFFERS: Final = ("recipient_office", "labour_bureau")
"""Who places people: a vacancy anywhere may be proposed to a worker at home, and a job is offered to be seen."""


@dataclass(frozen=True, slots=True)
class Sight:
    """可见范围: the scopes of a user on a day; empty = nothing."""

    people: Scope = field(default_factory=Scope)
    """Whose rows (households, persons, workers, placements) may be seen, masked."""
    named: Scope = field(default_factory=Scope)
    """Which of these people are shown by name (identity numbers stay masked)."""
    pairs: Scope = field(default_factory=Scope)
    """Divisions whose pairings' budgets, ledger, meetings and visits may be seen, as donor or as recipient."""
    programme: Scope = field(default_factory=Scope)
    """Divisions whose projects, teams and donations may be seen."""
    offers: Scope = field(default_factory=Scope)
    """Divisions whose vacancies and organisations may be seen."""

    def __or__(self, other: Sight) -> Sight:
        return Sight(*(getattr(self, f.name) | getattr(other, f.name) for f in fields(self)))


def within(scope: Scope, column: str) -> Q:
    """范围条件: `column` lies in the scope, as plain comparisons; an empty scope matches nothing."""
    return reduce(or_, (Q(**comparison) for comparison in scope.comparisons(column)), Q(pk__in=[]))


def visible(visibility: Visibility, region_column: str, sight: Sight) -> Q:
    """可见条件: the rows of a table of this class that the sight allows."""
    match visibility:
        case "open":
            return Q()
        case "people":
            return within(sight.people, region_column)
        case "programme":
            return within(sight.programme, region_column)
        case "offer":
            return within(sight.offers, region_column)
        case "organisation":
            return within(sight.programme, region_column) | (within(sight.offers, region_column) & ~Q(kind="person"))
        case "pair":
            return _of_pairing("pairing", sight)
        case "meeting":
            return _of_pairing("meeting__pairing", sight)
        case "import":
            return within(sight.named, region_column)
        case "pair_of_people":
            return within(sight.named, "left_region") & within(sight.named, "right_region")
        case "leg":
            return _of_pairing("ledger_entry__pairing", sight) | within(sight.pairs, region_column)


def _of_pairing(path: str, sight: Sight) -> Q:
    return within(sight.pairs, f"{path}__donor_code") | within(sight.pairs, f"{path}__recipient_code")


class VisibleQuerySet(models.QuerySet):
    """可见查询集: every query for a user goes through `visible_to`."""

    def visible_to(self, user: Any, on: date | None = None) -> Self:
        """The rows that the user may see on a day (default today); an anonymous user sees what is open."""
        sight = sight_of(user, on or date.today())
        return self.filter(visible(self.model.visibility, self.model.region_column, sight))


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
    return reduce(or_, (_granted(grant, on) for grant in _grants(user, on)), Sight())


def region_of_role(user: Any, role: str, on: date) -> Scope:
    """角色范围: where a user holds a role on a day; empty where it does not."""
    return Scope.of(prefix(grant.region_code) for grant in _grants(user, on) if grant.role == role)


def _grants(user: Any, on: date) -> list[RoleGrant]:
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return []
    from jiedui.records.models import RoleGrant

    return list(RoleGrant.objects.filter(user=user, valid__contains=on))


def _granted(grant: RoleGrant, on: date) -> Sight:
    """What one grant allows on a day."""
    if grant.role not in _PROGRAMME:
        return Sight()
    own = Scope.of([prefix(grant.region_code)])
    people = own if grant.role in _OWN_PEOPLE else Scope()
    if grant.role == "donor_office":
        people = _assigned(grant.region_code, on)
    donors = Scope()
    if grant.role in _SEE_DONORS and grant.region_code:
        donors = _donors_of(grant.region_code, on)
    programme = own | people
    offers = Scope.everything() if grant.role in _SEE_ALL_OFFERS else programme | donors
    return Sight(people, own if grant.role in _BY_NAME else Scope(), own, programme, offers)


def _assigned(donor_code: str, on: date) -> Scope:
    """帮扶范围: what the donor's pairings of the day give it, minus what a more specific pairing gives to another."""
    return Scope(carve_outs(donor_code, on, _pairings(on)))


def _donors_of(code: str, on: date) -> Scope:
    """帮扶方: the divisions of all donors whose pairings lie above or inside a place on a day."""
    here = prefix(code)
    near = (edge for edge in _pairings(on) if _related(prefix(edge.recipient_code), here))
    return Scope.of(prefix(edge.donor_code) for edge in near)


def _related(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _pairings(on: date) -> tuple[Pairing, ...]:
    from jiedui.records.queries.pairing import edges

    return tuple(edge for edge in edges() if edge.holds(on))


_in_force: ContextVar[tuple[Any, date, Sight] | None] = ContextVar("sight_in_force", default=None)
"""(user's key, day, sight) of the innermost `database_scope`."""


@contextmanager
def database_scope(user: Any, on: date | None = None) -> Iterator[Sight]:
    """数据库范围: run the body in one transaction in which row-level security shows what the user may see.

    The settings are local to the transaction, so they are gone before another request gets the same connection. What
    is read after the body (a streamed response) sees nothing.
    """
    sight = sight_of(user, on or date.today())
    values = {
        "jiedui.scope": sight.people.multirange(),
        "jiedui.pairs": sight.pairs.multirange(),
        "jiedui.programme": sight.programme.multirange(),
        "jiedui.offers": sight.offers.multirange(),
        "jiedui.named": sight.named.multirange(),
        "jiedui.user": str(getattr(user, "pk", None) or ""),
    }
    with transaction.atomic():
        _set_locally(values)
        token = _in_force.set((getattr(user, "pk", None), on or date.today(), sight))
        try:
            yield sight
        finally:
            _in_force.reset(token)
        _set_locally(dict.fromkeys(values, ""))  # inside a longer transaction, where nothing would undo them


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
    with connection.cursor() as cursor:
        for name, value in values.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


def _local_values(names: Iterable[str]) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT n, coalesce(current_setting(n, true), '') FROM unnest(%s::text[]) AS n", [list(names)])
        return dict(cursor.fetchall())
