"""劳务协作: how many months a person has stably worked, proven by evidence (八).

Rows are of the tables `placement` and `stay_check`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from jiedui.policy.findings import Finding, Row, refs
from jiedui.policy.parameters import Parameters
from jiedui.policy.registry import assumes, implements, interprets
from jiedui.terms import periods
from jiedui.terms.periods import Period, add_months

DUTY = "labour.5"


@implements("labour.5")
@interprets(
    "labour.5",
    because="A month counts once however many papers prove it, and only while the placement lasts; any one of the "
    "kinds named in `labour.stay_evidence` proves it, a phone check alone does not.",
)
def proven_months(
    placements: Iterable[Row], stay_checks: Iterable[Row], parameters: Parameters, *, year: int | None = None
) -> dict[Any, frozenset[date]]:
    """务工月份: for each person with a placement, the months (first days) proven in any of the placements.

    Months of two placements that coincide count once. With `year`, only the months of that year.
    """
    proving = parameters.value("labour.stay_evidence")
    placed = {row["placement_id"]: row for row in placements}
    months: dict[Any, set[date]] = {row["person_id"]: set() for row in placed.values()}
    for check in stay_checks:
        placement = placed.get(check["placement_id"])
        counts = check["evidence"] in proving and (year is None or check["month"] in periods.year(year))
        if placement and counts and _touches(placement, check["month"]):
            months[placement["person_id"]].add(check["month"])
    return {person: frozenset(found) for person, found in months.items()}


@implements("labour.5")
@assumes(
    "labour.5",
    because="The text gives no number of months and does not say whether they must be in a row: they need not be.",
)
def stable_persons(
    placements: Iterable[Row],
    stay_checks: Iterable[Row],
    parameters: Parameters,
    *,
    year: int,
    months: int | None = None,
) -> frozenset[Any]:
    """稳定就业人员: persons with at least so many proven months in the year (None = `labour.stay_months`)."""
    wanted = parameters.value("labour.stay_months") if months is None else months
    proven = proven_months(placements, stay_checks, parameters, year=year)
    return frozenset(person for person, found in proven.items() if len(found) >= wanted)


@implements("labour.5")
def stable_by_step(
    placements: Iterable[Row], stay_checks: Iterable[Row], parameters: Parameters, *, year: int
) -> dict[int, int]:
    """稳定就业分档: months → how many persons reach them in the year, each person once per step."""
    proven = proven_months(placements, stay_checks, parameters, year=year)
    steps = parameters.value("labour.stay_month_steps")
    return {step: sum(len(found) >= step for found in proven.values()) for step in steps}


@implements("labour.5")
def proven_by_phone_only(
    placements: Iterable[Row], stay_checks: Iterable[Row], parameters: Parameters
) -> tuple[Finding, ...]:
    """仅电话核查: a note for each placement with checks none of which proves a month."""
    proving = parameters.value("labour.stay_evidence")
    checks: dict[Any, list[Row]] = defaultdict(list)
    for check in stay_checks:
        checks[check["placement_id"]].append(check)
    return tuple(
        Finding(
            duty=DUTY,
            severity="note",
            subject=f"placement:{row['placement_id']}",
            message="只有电话核查，不足以证明务工月份。",
            message_en="There are only phone checks, which prove no month of work.",
            rows=(*refs("placement", [row]), *refs("stay_check", found)),
            rule="proven_by_phone_only",
        )
        for row in placements
        if (found := checks[row["placement_id"]]) and not any(check["evidence"] in proving for check in found)
    )


@implements("labour.5")
def evidence_outside_placement(placements: Iterable[Row], stay_checks: Iterable[Row]) -> tuple[Finding, ...]:
    """佐证与安置不符: a warning for each check of a month in which its placement did not last."""
    placed = {row["placement_id"]: row for row in placements}
    return tuple(
        Finding(
            duty=DUTY,
            severity="warning",
            subject=f"placement:{check['placement_id']}",
            message=f"{check['month']:%Y-%m}的佐证不在上岗期间。",
            message_en=f"The evidence of {check['month']:%Y-%m} lies outside the placement.",
            rows=(*refs("placement", [placement]), *refs("stay_check", [check])),
            rule="evidence_outside_placement",
        )
        for check in stay_checks
        if (placement := placed.get(check["placement_id"])) and not _touches(placement, check["month"])
    )


def _touches(placement: Row, month: date) -> bool:
    """Whether the placement lasts on any day of the month; the day on which it ended is no longer in the job."""
    held = Period(placement["started_on"], placement["ended_on"])
    return held.overlaps(Period(month, add_months(month, 1)))
