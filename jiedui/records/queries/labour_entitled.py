"""补贴与落户名单: what the rules of subsidies and settlement say of the rows that a reader sees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from jiedui.policy import parameters
from jiedui.policy.rules import labour, labour_settlement
from jiedui.policy.rules.labour_subsidies import Case, Entitled, entitlement
from jiedui.records.access import sight_of, within
from jiedui.records.models import DuplicatePair, HouseholdYear, JobOffer, Placement, Settlement, StayCheck, Subsidy
from jiedui.terms import distance
from jiedui.terms.divisions import Gazetteer, prefix
from jiedui.terms.scope import Scope


@dataclass(frozen=True, slots=True)
class Due:
    """应享: a placement, what the rule gives the person for it, and the facts behind."""

    placement: Placement
    case: Case
    entitled: Entitled


def entitlements(user: Any, kind: str, year: int, *, region_code: str = "", on: date | None = None) -> list[Due]:
    """补贴核定表: a line for each person at home with a placement in the year, entitled or with the reason why not.

    Of several placements of a person the one that gives most stands, then the first. Persons who have this subsidy for
    the year, themselves or as another entry that was decided to be the same, say `paid_already`. `region_code`: only
    homes inside it.
    """
    day = on or date.today()
    sight = sight_of(user, day)
    here = sight.office & sight.named & _inside(region_code)
    rows = Placement.objects.visible_to(user, day).filter(
        within(here, "region_code"), started_on__lte=date(year, 12, 31)
    ).exclude(ended_on__lte=date(year, 1, 1))  # fmt: skip
    return of_placements(user, rows, kind, year, day)


def of_placements(user: Any, rows: QuerySet[Placement], kind: str, year: int, day: date) -> list[Due]:
    """核定: the same for given placements."""
    held = list(rows.order_by("person_id", "started_on", "pk"))
    taken = _subsidised({row.person_id for row in held}, kind, year)
    best: dict[int, Due] = {}
    for row, case in zip(held, _cases(user, held, year, day), strict=True):
        found = entitlement(kind, case, parameters.load(day))
        if row.person_id in taken:
            found = Entitled(None, "paid_already", found.rule)
        before = best.get(row.person_id)
        if before is None or (found.amount_fen or -1) > (before.entitled.amount_fen or -1):
            best[row.person_id] = Due(row, case, found)
    return list(best.values())


def unpaid(user: Any, on: date | None = None) -> QuerySet[Subsidy]:
    """已核定未发放: subsidies that were approved and not yet paid, oldest first."""
    return Subsidy.objects.visible_to(user, on).filter(state="approved").order_by("approved_on", "pk")


def twice_subsidised(user: Any, on: date | None = None) -> QuerySet[DuplicatePair]:
    """重复享受补贴: pairs that were decided to be one person after both had the same subsidy for a year."""
    taken = Subsidy.objects.exclude(state="cancelled").filter(person=OuterRef("left_id"))
    again = Subsidy.objects.exclude(state="cancelled").filter(
        person=OuterRef(OuterRef("right_id")), kind=OuterRef("kind"), year=OuterRef("year")
    )
    pairs = DuplicatePair.objects.visible_to(user, on).filter(decision="same")
    return pairs.filter(Exists(taken.filter(Exists(again)))).order_by("pk")


def _cases(user: Any, rows: list[Placement], year: int, day: date) -> list[Case]:
    statuses = _statuses({row.household_id for row in rows}, year)
    organised = _organised({row.job_offer_id for row in rows if row.job_offer_id})
    months = _proven(user, {row.person_id for row in rows}, year, day)
    gazetteer = Gazetteer.load()
    known: dict[tuple[str, str], float | None] = {}
    cases = []
    for row in rows:
        way = (row.region_code[:6], row.work_region_code[:6])
        if way not in known:
            known[way] = distance.between(*way, gazetteer)
        cases.append(
            Case(
                home=row.region_code, started_on=row.started_on, year=year, status=statuses.get(row.household_id),
                distance_km=known[way], organised=row.job_offer_id in organised,
                proven=len(months.get(row.person_id, ())),
            )
        )  # fmt: skip
    return cases


def _statuses(households: set[int], year: int) -> dict[int, str]:
    """The last one known up to the year, as the matching reads it."""
    rows = HouseholdYear.objects.filter(household__in=households, year__lte=year).order_by("household_id", "-year")
    return dict(rows.distinct("household_id").values_list("household_id", "status"))


def _organised(offers: set[int]) -> set[int]:
    rows = JobOffer.objects.filter(pk__in=offers, dispatch_trip__state__in=("departed", "arrived"))
    return set(rows.values_list("pk", flat=True))


def _proven(user: Any, persons: Iterable[int], year: int, day: date) -> Mapping[int, frozenset[date]]:
    placements = _values(Placement.objects.visible_to(user, day).filter(person__in=list(persons)))
    checks = _checks(user, placements, day, year)
    return labour.proven_months(placements, checks, parameters.load(day), year=year)


def _checks(user: Any, placements: list[dict[str, Any]], day: date, year: int | None = None) -> list[dict[str, Any]]:
    rows = StayCheck.objects.visible_to(user, day).filter(placement__in=[row["placement_id"] for row in placements])
    if year is not None:
        rows = rows.filter(month__gte=date(year, 1, 1), month__lte=date(year, 12, 1))
    return list(rows.values("stay_check_id", "placement_id", "month", "evidence"))


def _values(rows: QuerySet[Placement]) -> list[dict[str, Any]]:
    return list(rows.values("placement_id", "person_id", "started_on", "ended_on", "work_region_code", "kind"))


def _subsidised(persons: set[int], kind: str, year: int) -> set[int]:
    """Who has it, or whose other entry has: the database looks where the reader does not see."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM records_subsidised(%s::bigint[], %s, %s)", [sorted(persons), kind, year])
        return {person for (person,) in cursor.fetchall()}


def _inside(region_code: str) -> Scope:
    return Scope.of([prefix(region_code)]) if region_code else Scope.everything()


@dataclass(frozen=True, slots=True)
class Candidate:
    """可落户: a person and a city, how they stand by the rule, and whether an application is there."""

    person_id: int
    region_code: str
    city_code: str
    standing: labour_settlement.Standing
    applied: bool


def standings(
    user: Any, *, persons: Iterable[int] | None = None, region_code: str = "", on: date | None = None
) -> dict[tuple[int, str], labour_settlement.Standing]:
    """落户条件: (person, city) → how they stand, of the placements that the reader sees."""
    day = on or date.today()
    rows = Placement.objects.visible_to(user, day).filter(
        kind__in=parameters.load(day).value("labour.settlement.kinds")
    )
    if persons is not None:
        rows = rows.filter(person__in=list(persons))
    if region_code:
        rows = rows.filter(within(_inside(region_code), "region_code"))
    placements = _values(rows)
    return labour_settlement.standing(placements, _checks(user, placements, day), parameters.load(day))


def may_settle(user: Any, *, region_code: str = "", on: date | None = None) -> list[Candidate]:
    """可优先落户名单: who is eligible by the rule and not settled, by home; an open application is marked."""
    day = on or date.today()
    found = {key: held for key, held in standings(user, region_code=region_code, on=day).items() if held.eligible}
    persons = {person for person, _ in found}
    homes = dict(
        Placement.objects.visible_to(user, day).filter(person__in=persons).order_by("started_on")
        .values_list("person_id", "region_code")
    )  # fmt: skip
    states: dict[int, set[str]] = defaultdict(set)
    rows = Settlement.objects.visible_to(user, day).filter(person__in=persons)
    for person, state in rows.values_list("person_id", "state"):
        states[person].add(state)
    return sorted(
        (
            Candidate(person, homes[person], city, held, "applied" in states[person])
            for (person, city), held in found.items()
            if "settled" not in states[person]
        ),
        key=lambda one: (one.region_code, one.person_id, one.city_code),
    )
