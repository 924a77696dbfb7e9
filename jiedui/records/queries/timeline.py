"""时间线: what happened to a person and the household, with who entered it and why, and how both stood in a year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db.models import QuerySet

from jiedui.records.models import (
    DispatchTrip,
    FollowUp,
    Household,
    HouseholdYear,
    Import,
    JobOffer,
    Person,
    PersonYear,
    Placement,
    Schooling,
    Settlement,
    StatusChange,
    StayCheck,
    Subsidy,
    Worker,
)
from jiedui.records.queries.register import readable

_MOST: Final = 200
"""Of one kind of event; a person with more is a mistake of the data, and the page stays a page."""


@dataclass(frozen=True, slots=True)
class Event:
    """事项: what happened on a day (None = the day is not known), the row behind it, who entered it and when.

    `kind` is the table's name, for a person's joining and leaving `joined` and `left`; `detail` holds the row's
    values by name, as the page words them.
    """

    on: date | None
    kind: str
    table: str
    key: int
    detail: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    by: str = ""
    entered_at: datetime | None = None
    import_id: int | None = None


def of_person(user: Any, person: Person) -> list[Event]:
    """个人时间线: newest first; a day that is not known comes last."""
    events = [
        *_register(user, person, {}),
        *_changes(user, person.household_id),
        *_offers(user, person),
        *_work(user, person),
        *_afterwards(user, person),
        *_schooling(user, person),
    ]
    return _newest_first(events)


def of_household(user: Any, household: Household) -> list[Event]:
    """全户时间线: the household's changes and its members' joining and leaving, newest first."""
    people = Person.objects.visible_to(user).filter(household=household)
    events = list(_changes(user, household.pk))
    if entered := readable(user, household)["entered_on"]:
        events.append(Event(entered, "household", "household", household.pk, **_entry(household)))
    for person in people.select_related("entered_by")[:_MOST]:
        events += _register(user, person, {"relation": person.relation})
    return _newest_first(events)


def _register(user: Any, person: Person, detail: dict[str, Any]) -> Iterator[Event]:
    """Joining and leaving, as far as the reader may read these days."""
    seen = readable(user, person)
    if seen["joined_on"]:
        yield Event(seen["joined_on"], "joined", "person", person.pk, detail, **_entry(person))
    if seen["left_on"]:
        yield Event(seen["left_on"], "left", "person", person.pk, detail)


def _newest_first(events: Iterable[Event]) -> list[Event]:
    return sorted(events, key=lambda event: (event.on or date.min, event.table, event.key), reverse=True)


def _entry(row: Any) -> dict[str, Any]:
    by = row.entered_by.get_full_name() or row.entered_by.username if row.entered_by else ""
    return {"by": by, "entered_at": row.entered_at, "import_id": getattr(row, "import_id", None)}


def _seen(user: Any, rows: QuerySet, **wanted: Any) -> list[Any]:
    return list(rows.visible_to(user).select_related("entered_by").filter(**wanted).order_by("-pk")[:_MOST])


def _changes(user: Any, household_id: int) -> Iterator[Event]:
    for row in _seen(user, StatusChange.objects, household=household_id):
        detail = {"change": row.kind}
        yield Event(row.changed_on, "status_change", "status_change", row.pk, detail, row.reason, **_entry(row))


def _work(user: Any, person: Person) -> Iterator[Event]:
    for row in _seen(user, Worker.objects, person=person):
        yield Event(row.registered_on, "worker", "worker", row.pk, {"work_status": row.work_status}, **_entry(row))
    placements = _seen(user, Placement.objects, person=person)
    checked = _months(user, placements)
    for row in placements:
        detail = {
            "placed": row.kind, "where": row.work_region_code, "wage": row.monthly_wage_fen, "until": row.ended_on,
            "months": checked.get(row.pk, 0), "because": row.left_because,
        }  # fmt: skip
        yield Event(row.started_on, "placement", "placement", row.pk, detail, **_entry(row))


def _offers(user: Any, person: Person) -> Iterator[Event]:
    """What was offered, what became of it, and the trip that took the person there."""
    offers = _seen(user, JobOffer.objects, person=person)
    for row in offers:
        detail = {
            "offer": row.state, "where": row.work_region_code, "answered": row.answered_on, "refusal": row.refusal,
        }  # fmt: skip
        yield Event(row.offered_on, "job_offer", "job_offer", row.pk, detail, **_entry(row))
    wanted = {row.dispatch_trip_id for row in offers if row.dispatch_trip_id is not None}
    for trip in _seen(user, DispatchTrip.objects, pk__in=wanted):
        detail = {"trip": trip.state, "where": trip.work_region_code}
        yield Event(trip.departed_on, "dispatch_trip", "dispatch_trip", trip.pk, detail, **_entry(trip))


def _afterwards(user: Any, person: Person) -> Iterator[Event]:
    """Who looked after the person who left a job, and the subsidies."""
    for row in _seen(user, FollowUp.objects, placement__person=person):
        yield Event(row.done_on, "follow_up", "follow_up", row.pk, {"outcome": row.outcome}, **_entry(row))
    for row in _seen(user, Subsidy.objects, person=person):
        detail = {"subsidy": row.kind, "amount": row.amount_fen, "state": row.state, "paid": row.paid_on}
        yield Event(row.approved_on, "subsidy", "subsidy", row.pk, detail, **_entry(row))


def _months(user: Any, placements: list[Placement]) -> dict[int, int]:
    """Months with evidence of staying, by placement."""
    rows = StayCheck.objects.visible_to(user).filter(placement__in=[one.pk for one in placements])
    months: dict[int, set[date]] = {}
    for placement, month in rows.values_list("placement_id", "month"):
        months.setdefault(placement, set()).add(month)
    return {placement: len(found) for placement, found in months.items()}


def _schooling(user: Any, person: Person) -> Iterator[Event]:
    for row in _seen(user, Schooling.objects, person=person):
        yield Event(row.enrolled_on, "schooling", "schooling", row.pk, {"schooling": row.status}, **_entry(row))
    for row in _seen(user, Settlement.objects, person=person):
        detail = {"where": row.city_code, "settled": row.settled_on}
        yield Event(row.applied_on, "settlement", "settlement", row.pk, detail, **_entry(row))


@dataclass(frozen=True, slots=True)
class Year:
    """年度: a household and perhaps a person as they stood in a year, by column; None = not recorded."""

    year: int
    household: dict[str, Any] | None
    person: dict[str, Any] | None
    imports: tuple[int | None, ...] = ()


def years(user: Any, household_id: int, person_id: int | None = None) -> list[Year]:
    """历年: every year that is recorded, newest first."""
    houses = {row.year: row for row in HouseholdYear.objects.visible_to(user).filter(household=household_id)}
    people: dict[int, PersonYear] = {}
    if person_id is not None:
        people = {row.year: row for row in PersonYear.objects.visible_to(user).filter(person=person_id)}
    return [_year(user, one, houses.get(one), people.get(one)) for one in sorted({*houses, *people}, reverse=True)]


def _year(user: Any, year: int, household: HouseholdYear | None, person: PersonYear | None) -> Year:
    rows = (household, person)
    seen = [None if row is None else readable(user, row) for row in rows]
    return Year(year, seen[0], seen[1], tuple(row.import_id for row in rows if row is not None))


def imports(user: Any, numbers: Iterable[int | None]) -> list[Import]:
    """触及的导入: those of the imports that the user may see, newest first."""
    wanted = {number for number in numbers if number is not None}
    if not wanted:
        return []
    rows = Import.objects.visible_to(user).select_related("by").filter(pk__in=wanted)
    return list(rows.order_by("-import_id"))
