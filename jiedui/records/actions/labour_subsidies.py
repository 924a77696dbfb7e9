"""就业补贴: approve what the rule gives, pay it, cancel it; by an office of the home.

nothing → approved → paid | cancelled. The database lets a kind stand once for a person and a year, whoever approves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import QuerySet

from jiedui.errors import JieduiError
from jiedui.policy.registry import implements
from jiedui.policy.rules import labour_steps
from jiedui.records import access
from jiedui.records.actions.labour_rights import refuse_future, require_home, require_reason, written
from jiedui.records.models import Placement, Subsidy, User
from jiedui.records.queries.labour_entitled import Due, of_placements
from jiedui.terms import codelists


@dataclass(frozen=True, slots=True)
class LeftOut:
    """未核定: a placement, and the key of the reason (`labour_subsidies.REASONS`)."""

    placement_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Approved:
    """核定结果: how many were approved, for how much, and who was left out."""

    subsidies: int
    amount_fen: int
    left_out: tuple[LeftOut, ...] = ()


@implements("labour.4", "funding.4")
def approve(placement_ids: Iterable[int], kind: str, year: int, *, by: User, day: date | None = None) -> Approved:
    """核定: nothing → approved, for those whom the rule entitles, at most once for each person; an office of the homes.

    Raises:
        JieduiError: an unknown kind, a year to come, or a placement of another place.
    """
    on = day or date.today()
    if kind not in codelists.SUBSIDY_KIND:
        raise JieduiError(f"There is no kind {kind[:40]!r} of subsidy.", remedy="Choose from the list.")
    refuse_future(on, "The day of approval")
    if year > on.year:
        raise JieduiError(f"The year {year} is still to come.", remedy="Approve when it has begun.")
    wanted = set(placement_ids)
    with written(by, f"{kind} {year}"):
        due = of_placements(by, _of_home(wanted, by, on), kind, year, on)
        entitled = sorted(
            (one for one in due if one.entitled.amount_fen is not None), key=lambda one: one.placement.person_id
        )
        made = _insert(entitled, kind, year, by, on)
    left_out = [LeftOut(one.placement.pk, one.entitled.reason) for one in due if one.entitled.amount_fen is None]
    left_out += [LeftOut(one.placement.pk, "paid_already") for one in entitled if one.placement.pk not in made]
    amount = sum(one.entitled.amount_fen or 0 for one in entitled if one.placement.pk in made)
    return Approved(len(made), amount, tuple(left_out))


@implements("labour.4", "funding.4")
def pay(subsidy: Subsidy, *, on: date, by: User) -> Subsidy:
    """发放: approved → paid; an office of the home.

    Raises:
        JieduiError: another side, another state, or a day to come or before the approval.
    """
    stored = _held(subsidy, by)
    refuse_future(on, "The day of payment")
    if on < stored.approved_on:
        raise JieduiError("Nothing is paid before it is approved.", remedy="Correct the day.")
    return _move(subsidy, stored, "paid", by, "paid", paid_on=on)


@implements("labour.4", "funding.4")
def cancel(subsidy: Subsidy, *, by: User, reason: str) -> Subsidy:
    """取消: approved → cancelled, and may be approved anew; an office of the home.

    Raises:
        JieduiError: another side, another state, or no reason.
    """
    return _move(subsidy, _held(subsidy, by), "cancelled", by, require_reason(reason))


def _of_home(wanted: set[int], by: User, on: date) -> QuerySet[Placement]:
    sight = access.sight_of(by, on)
    rows = Placement.objects.visible_to(by, on).filter(
        access.within(sight.office & sight.named, "region_code"), pk__in=wanted
    )
    if rows.count() != len(wanted):
        raise JieduiError(
            "One of these placements is not of your places.", remedy="Have an office of the worker's home approve."
        )
    return rows


def _insert(due: list[Due], kind: str, year: int, by: User, on: date) -> set[int]:
    """In the order of the persons, so that two approvals wait for each other; tells which placements got one."""
    rows = [one.placement for one in due]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_subsidy (person_id, household_id, region_code, placement_id, amount_fen, kind, year, "
            "state, approved_on, entered_by_id) SELECT u.*, %s, %s, 'approved', %s, %s "
            "FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::bigint[]) AS u "
            "ON CONFLICT DO NOTHING RETURNING placement_id",
            [
                kind, year, on, by.pk, [row.person_id for row in rows], [row.household_id for row in rows],
                [row.region_code for row in rows], [row.pk for row in rows], [one.entitled.amount_fen for one in due],
            ],
        )  # fmt: skip
        return {placement for (placement,) in cursor.fetchall()}


def _held(subsidy: Subsidy, by: User) -> Subsidy:
    stored = Subsidy.objects.visible_to(by).filter(pk=subsidy.pk).first()
    if stored is None:
        raise JieduiError("There is no such subsidy among those that you see.", remedy="Look at the list again.")
    require_home(by, stored.region_code, date.today())
    return stored


def _move(subsidy: Subsidy, stored: Subsidy, state: str, by: User, reason: str, **fields: date) -> Subsidy:
    if not labour_steps.may_follow(stored.state, state, labour_steps.NEXT_OF_SUBSIDY):
        before, after = (codelists.SUBSIDY_STATE[one][1] for one in (stored.state, state))
        raise JieduiError(f"A subsidy that is {before} does not become {after}.", remedy="Look at the list again.")
    with written(by, reason):
        if not Subsidy.objects.filter(pk=stored.pk, state=stored.state).update(state=state, **fields):
            raise JieduiError("Somebody changed this subsidy just now.", remedy="Look at the list again.")
    subsidy.refresh_from_db()
    return subsidy
