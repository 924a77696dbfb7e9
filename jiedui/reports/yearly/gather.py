"""年度报告取数: reads one pair's numbers from results into a `YearlyReport`; adds nothing of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from jiedui.policy.registry import serves
from jiedui.reports import charts as drawing
from jiedui.reports.charts.style import Option
from jiedui.reports.numbers import points, printed, scaled, unit_label
from jiedui.reports.runs import AssessedRun, clause_label, mechanism, place, rank_of_peers, read
from jiedui.reports.yearly.content import (
    MISSING,
    AreaSection,
    FindingLine,
    IndicatorLine,
    SideTotal,
    YearlyReport,
)
from jiedui.results.models import IndicatorValue, PairScore, RuleFinding, Run
from jiedui.results.models.finding import SEVERITY
from jiedui.terms.codelists import SIDE

NOTES = (
    "每个数字都是其佐证行的汇总，佐证行数写在表中，逐行可在网站上查看。",
    "事件按发生之日有效的结对关系归属；同一人只计一次。",
    "没有数据的指标写“—”并注明原因，不作零处理，其权重不参与计分。",
    "指标、权重、分值和等次由本软件设定；五个方面和考核双方出自意见第（十四）条。",
)


@serves("assessment.1", "assessment.2", "assessment.4")
def gather(run: Run, pairing_id: int) -> YearlyReport:
    """The yearly report of a pair from a finished assessment; `JieduiError` when the run has no such pair."""
    assessed = read(run)
    pairing = assessed.pairing(pairing_id)
    donor, recipient = place(pairing.donor_code, assessed.as_of), place(pairing.recipient_code, assessed.as_of)
    values = {(one.indicator, one.side): one for one in run.values.filter(pairing_id=pairing_id)}
    scores = {(one.side, one.area): one for one in run.scores.filter(pairing_id=pairing_id)}
    counties = tuple(
        county.name
        for county, row in assessed.poor_counties()
        if pairing_id in {pair.pairing_id for pair in row.pairings}
    )
    return YearlyReport(
        year=assessed.year,
        pairing_id=pairing_id,
        donor=donor,
        recipient=recipient,
        mechanism=mechanism(pairing),
        basis=pairing.basis,
        valid_from=pairing.valid_from,
        counties=counties,
        totals=_totals(assessed, pairing_id, scores, {"donor": donor, "recipient": recipient}),
        areas=tuple(_section(assessed, area, title, values, scores) for area, title in assessed.areas),
        findings=_findings(run, pairing_id),
        lineage=assessed.lineage(),
        synthetic=assessed.synthetic,
        notes=NOTES + assessed.reach(pairing_id),
    )


def charts(report: YearlyReport) -> dict[str, str]:
    """图: SVG text by name: `areas` (both sides' scores) and one chart per area of this year against the last."""
    scores = [
        drawing.AreaScore(section.title, section.donor_points, section.recipient_points) for section in report.areas
    ]
    drawn = {"areas": drawing.svg(drawing.area_bars(scores, donor=report.donor, recipient=report.recipient), 640, 300)}
    for section in report.areas:
        option = _area_chart(section, report.year)
        if option is not None:
            drawn[section.area] = drawing.svg(option, 640, 220)
    return drawn


def _area_chart(section: AreaSection, year: int) -> Option | None:
    """One unit per chart: the first indicator with numbers of both years, and the other side's in the same unit."""
    known = [line for line in section.lines if line.amount is not None and line.previous_amount is not None]
    if not known:
        return None
    first = known[0]
    other = [line for line in known[1:] if line.unit == first.unit and line.side != first.side]
    lines = [first, *other[:1]]
    series = [drawing.Series(line.name, (line.previous_amount, line.amount), line.side) for line in lines]
    return drawing.yearly([year - 1, year], series, unit=first.unit)


def _totals(
    assessed: AssessedRun, pairing_id: int, scores: Mapping[tuple[str, str], PairScore], names: Mapping[str, str]
) -> tuple[SideTotal, ...]:
    return tuple(
        SideTotal(
            side=label,
            name=names[side],
            score=points(scores[side, ""].score),
            rank=rank_of_peers(scores[side, ""]),
            rank_range=assessed.rank_range(pairing_id, side),
            grade=scores[side, ""].grade_zh or MISSING,
        )
        for side, (label, _) in SIDE.items()
        if (side, "") in scores
    )


def _section(
    assessed: AssessedRun,
    area: str,
    title: str,
    values: Mapping[tuple[str, str], IndicatorValue],
    scores: Mapping[tuple[str, str], PairScore],
) -> AreaSection:
    lines: dict[str, list[IndicatorLine]] = {"donor": [], "recipient": []}
    for key, definition in assessed.definitions.items():
        if definition.area == area and key in values:
            lines[definition.side].append(_line(assessed, values[key]))
    found = {side: scores.get((side, area)) for side in SIDE}
    exact = {side: None if one is None or one.score is None else float(one.score) for side, one in found.items()}
    return AreaSection(
        area=area,
        title=title,
        donor_score=points(exact["donor"]),
        recipient_score=points(exact["recipient"]),
        donor=tuple(lines["donor"]),
        recipient=tuple(lines["recipient"]),
        donor_points=exact["donor"],
        recipient_points=exact["recipient"],
    )


def _line(assessed: AssessedRun, value: IndicatorValue) -> IndicatorLine:
    definition = assessed.definitions[(value.indicator, value.side)]
    return IndicatorLine(
        indicator=value.indicator,
        name=definition.name_zh,
        side=value.side,
        unit=unit_label(value.unit),
        value=printed(value.value, value.unit),
        previous=printed(value.previous, value.unit),
        target=printed(value.target, value.unit),
        score=points(value.score),
        evidence_rows=f"{value.evidence_rows:,}",
        duty=definition.duty,
        clause=clause_label(definition.duty),
        rule=definition.rule_text,
        missing_reason=value.missing_reason if value.value is None else "",
        amount=scaled(value.value, value.unit),
        previous_amount=scaled(value.previous, value.unit),
    )


def _findings(run: Run, pairing_id: int) -> tuple[FindingLine, ...]:
    """The findings of a pair; those that say the same of many rows are one line."""
    alike: dict[tuple[str, str, str], list[RuleFinding]] = defaultdict(list)
    for one in run.findings.filter(pairing_id=pairing_id).order_by("pk"):
        alike[one.duty, one.severity, one.message].append(one)
    order = list(SEVERITY)
    return tuple(
        FindingLine(
            duty=duty,
            severity=SEVERITY[severity],
            message=message if len(found) == 1 else f"{message.rstrip('。')}（{len(found)} 项）。",
            rows=_subjects(found),
        )
        for (duty, severity, message), found in sorted(
            alike.items(), key=lambda item: (-order.index(item[0][1]), item[0])
        )
    )


def _subjects(found: list[RuleFinding], shown: int = 3) -> str:
    """What the findings are about: a few by name, the rest as a number."""
    names = [one.subject.replace(":", " ") for one in found]
    return "、".join(names[:shown]) + (f" 等 {len(names)} 项" if len(names) > shown else "")
