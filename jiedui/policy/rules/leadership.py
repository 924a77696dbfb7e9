"""组织领导: yearly mutual visits and joint meetings of a pair (十二).

Rows are of the tables `visit` and `meeting`; pairs are `Pairing`s.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from jiedui.policy.findings import Finding, Row, RowRef, refs
from jiedui.policy.parameters import Parameters
from jiedui.policy.registry import assumes, implements, interprets
from jiedui.terms import codelists, periods
from jiedui.terms.pairs import Pairing

DUTY = "leadership.1"


@implements("leadership.1")
@interprets(
    "leadership.1",
    because="「党委或政府主要负责同志」 go themselves, so the visit of a deputy does not stand for one; 「互访」 goes "
    "both ways, so a year with one direction only is a note.",
)
@assumes("leadership.1", because="A pair that held only a small part of the year is not asked for that year's visit.")
def missing_visits(
    pairings: Iterable[Pairing], visits: Iterable[Row], year: int, parameters: Parameters
) -> tuple[Finding, ...]:
    """当年未互访: a warning for each pair without a principal leader's visit in the year, a note for one-way visits."""
    wanted, ranks = parameters.value("leadership.visits_per_year"), parameters.value("leadership.visit_ranks")
    made: dict[int, list[Row]] = defaultdict(list)
    for visit in visits:
        if visit["visited_on"] in periods.year(year) and visit["rank"] in ranks:
            made[visit["pairing_id"]].append(visit)
    found = []
    for pairing in _asked(pairings, year, parameters):
        rows = made[pairing.pairing_id]
        directions = {row["direction"] for row in rows}
        if len(rows) < wanted:
            found.append(_missing_visit(pairing, year, rows))
        elif len(directions) < len(codelists.VISIT_DIRECTION):
            found.append(_one_way(pairing, year, rows))
    return tuple(found)


@interprets(
    "leadership.1", because="The text asks for the joint meeting as an institution; once a year is our reading."
)
def missing_meetings(
    pairings: Iterable[Pairing], meetings: Iterable[Row], year: int, parameters: Parameters
) -> tuple[Finding, ...]:
    """当年未开联席会议: a note for each pair that held fewer joint meetings in the year than asked."""
    wanted = parameters.value("leadership.meetings_per_year")
    held: dict[int, list[Row]] = defaultdict(list)
    for meeting in meetings:
        if meeting["held_on"] in periods.year(year):
            held[meeting["pairing_id"]].append(meeting)
    return tuple(
        Finding(
            duty=DUTY,
            severity="note",
            subject=f"pairing:{pairing.pairing_id}",
            message=f"{year}年未召开联席会议。"
            if not held[pairing.pairing_id]
            else f"{year}年联席会议少于{wanted}次。",
            message_en=f"Fewer than {wanted} joint meetings in {year}.",
            rows=_shown(pairing, "meeting", held[pairing.pairing_id]),
            rule="missing_meetings",
        )
        for pairing in _asked(pairings, year, parameters)
        if len(held[pairing.pairing_id]) < wanted
    )


def _asked(pairings: Iterable[Pairing], year: int, parameters: Parameters) -> Iterable[Pairing]:
    """Pairs that held long enough in the year to be asked for its visit."""
    whole = periods.year(year)
    last = whole.end or date.max
    for pairing in pairings:
        start, end = max(pairing.valid_from, whole.start), min(pairing.valid_to or last, last)
        if (end - start).days >= parameters.value("leadership.minimum_days"):
            yield pairing


def _shown(pairing: Pairing, table: str, rows: list[Row]) -> tuple[RowRef, ...]:
    return (RowRef("pairing", pairing.pairing_id), *refs(table, rows))


def _missing_visit(pairing: Pairing, year: int, rows: list[Row]) -> Finding:
    return Finding(
        duty=DUTY,
        severity="warning",
        subject=f"pairing:{pairing.pairing_id}",
        message=f"{year}年党政主要负责同志互访次数不足。" if rows else f"{year}年没有党政主要负责同志互访。",
        message_en=f"{'Too few visits' if rows else 'No visit'} of a principal leader in {year}.",
        rows=_shown(pairing, "visit", rows),
        rule="missing_visits",
    )


def _one_way(pairing: Pairing, year: int, rows: list[Row]) -> Finding:
    zh, en = codelists.VISIT_DIRECTION[rows[0]["direction"]]
    return Finding(
        duty=DUTY,
        severity="note",
        subject=f"pairing:{pairing.pairing_id}",
        message=f"{year}年只有{zh}，没有回访。",
        message_en=f"In {year} visits went one way only ({en}).",
        rows=_shown(pairing, "visit", rows),
        rule="missing_visits",
    )
