"""全国汇总取数: reads all pairs' numbers from results into a `NationalTable`; adds nothing of its own."""

from __future__ import annotations

from collections.abc import Mapping

from jiedui.policy.registry import serves
from jiedui.policy.rules.pairing import REACHES
from jiedui.reports.national.content import Cell, IndicatorColumn, NationalTable, PairRow, SideScores
from jiedui.reports.numbers import scaled, unit_label
from jiedui.reports.runs import AssessedRun, clause_label, place, rank_of_peers, read
from jiedui.reports.yearly.content import MISSING
from jiedui.reports.yearly.gather import NOTES
from jiedui.results.models import PairScore, Run
from jiedui.terms import codelists

DIRECTIONS = {"higher": "越大越好", "lower": "越小越好"}


@serves("assessment.1", "pairing.2", "goal.2")
def gather(run: Run) -> NationalTable:
    """The national table of a finished assessment."""
    assessed = read(run)
    scores = {(one.pairing_id, one.side, one.area): one for one in run.scores.all()}
    return NationalTable(
        year=assessed.year,
        areas=assessed.areas,
        columns=_columns(assessed),
        rows=_rows(assessed, scores),
        totals=tuple(
            (one["name_zh"], unit_label(one["unit"]), scaled(one["value"], one["unit"]), one["counted_zh"])
            for one in run.summary.get("national", ())
        ),
        counties=_counties(assessed),
        lineage=assessed.lineage(),
        synthetic=assessed.synthetic,
        notes=NOTES,
    )


def _columns(assessed: AssessedRun) -> tuple[IndicatorColumn, ...]:
    areas = [area for area, _ in assessed.areas]
    ordered = sorted(
        assessed.definitions.values(),
        key=lambda one: (areas.index(one.area), list(codelists.SIDE).index(one.side), one.pk),
    )
    return tuple(
        IndicatorColumn(
            indicator=one.indicator,
            name=one.name_zh,
            side=one.side,
            area=one.area,
            unit=unit_label(one.unit),
            duty=one.duty,
            clause=clause_label(one.duty),
            direction=DIRECTIONS.get(one.direction, one.direction),
            weight=None if one.weight is None else float(one.weight),
            basis=one.basis,
            rule=one.rule_text,
            sql=one.sql,
        )
        for one in ordered
    )


def _rows(assessed: AssessedRun, scores: Mapping[tuple[int, str, str], PairScore]) -> tuple[PairRow, ...]:
    values: dict[int, dict[tuple[str, str], Cell]] = {pairing_id: {} for pairing_id in assessed.pairings}
    for one in assessed.run.values.all():
        cell = Cell(scaled(one.value, one.unit), one.missing_reason, one.evidence_rows)
        values[one.pairing_id][(one.indicator, one.side)] = cell
    return tuple(
        PairRow(
            pairing_id=pairing_id,
            donor=place(pairing.donor_code, assessed.as_of),
            recipient=place(pairing.recipient_code, assessed.as_of),
            level=codelists.PAIR_LEVEL[pairing.level][0],
            donor_scores=_side(assessed, scores, pairing_id, "donor"),
            recipient_scores=_side(assessed, scores, pairing_id, "recipient"),
            values=values[pairing_id],
        )
        for pairing_id, pairing in sorted(assessed.pairings.items())
    )


def _side(
    assessed: AssessedRun, scores: Mapping[tuple[int, str, str], PairScore], pairing_id: int, side: str
) -> SideScores:
    def exact(area: str) -> float | None:
        score = scores.get((pairing_id, side, area))
        return None if score is None or score.score is None else float(score.score)

    total = scores.get((pairing_id, side, ""))
    return SideScores(
        areas=tuple(exact(area) for area, _ in assessed.areas),
        total=exact(""),
        rank=MISSING if total is None else rank_of_peers(total),
        grade=(total.grade_zh if total else "") or MISSING,
    )


def _counties(assessed: AssessedRun) -> tuple[tuple[str, str, str, int, str], ...]:
    return tuple(
        (
            county.county_code or "",
            county.name,
            "、".join(place(pairing.donor_code, assessed.as_of) for pairing in row.pairings),
            county.delisted_year,
            REACHES[row.reach][0],
        )
        for county, row in assessed.poor_counties()
    )
