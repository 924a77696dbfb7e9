"""结对页: everything about one pairing on one page, from its basis to its money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiedui.policy import clauses
from jiedui.policy.registry import serves
from jiedui.records.queries import pairing as pairings
from jiedui.records.queries import poverty, programme
from jiedui.reports import charts
from jiedui.results.models import IndicatorDefinition, IndicatorValue, PairScore, Run
from jiedui.results.queries import assessment, findings, runs
from jiedui.terms.codelists import AREA
from jiedui.web import network
from jiedui.web.pages import reports
from jiedui.web.templatetags.figures import spoken

_PROJECTS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Line:
    """指标行: a value with its definition."""

    value: IndicatorValue
    definition: IndicatorDefinition | None


@dataclass(frozen=True, slots=True)
class AreaBlock:
    """方面: one of the five areas with both sides' scores and values."""

    area: str
    name: tuple[str, str]
    donor: PairScore | None
    recipient: PairScore | None
    lines: tuple[Line, ...]


@serves("pairing.1", "principle.2", "industry.1", "talent.1", "funding.2", "leadership.1", "leadership.2")
@serves("principle.1", "industry.2", "labour.5", "funding.1", "funding.4", "society.1", "society.2")  # by findings
def page(request: HttpRequest, pairing_id: int) -> HttpResponse:
    """结对页."""
    edges = pairings.edges()
    found = next((edge for edge in edges if edge.pairing_id == pairing_id), None)
    if found is None:
        raise Http404(_("There is no pairing with this number."))
    run = runs.latest("assess")
    on = runs.last_day(run) or date.today()
    edge = network.on_day(edges, on).edge(pairing_id) or network.edge(found)
    blocks = area_blocks(run, pairing_id) if run else []
    context = {
        "edge": edge,
        "on": on,
        "run": run,
        "clause": clauses.load().clause(4),
        "blocks": blocks,
        "total": {side: _total(run, pairing_id, side) for side in ("donor", "recipient")} if run else {},
        "area_option": _bars(blocks, edge) if blocks else None,
        "findings": list(findings.of_pairs(run, request.user, [found])) if run else [],
        "counties": counties(edge.counties, on.year),
        "reports": [file for file in reports.visible(request.user, run) if file.pairing_id == pairing_id]
        if run
        else [],
        **_work(request.user, pairing_id, on),
    }
    return render(request, "web/pair.html", context)


def area_blocks(run: Run, pairing_id: int) -> list[AreaBlock]:
    """各方面: scores and values of a pair, in the order of the clause."""
    scores = assessment.scores_of(run, pairing_id)
    definitions = assessment.definitions(run)
    values = assessment.values_of(run, pairing_id)
    return [
        AreaBlock(
            area=area,
            name=name,
            donor=scores.get(("donor", area)),
            recipient=scores.get(("recipient", area)),
            lines=tuple(
                Line(value, definitions.get((value.indicator, value.side))) for value in values if value.area == area
            ),
        )
        for area, name in AREA.items()
    ]


@dataclass(frozen=True, slots=True)
class CountyLine:
    """贫困县: by code of 2016, with whether it was delisted by the year."""

    code: str
    name: str
    delisted_year: int
    delisted: bool


def counties(codes: tuple[str, ...], year: int) -> list[CountyLine]:
    """负责的贫困县: those of the 832 whose code is among `codes`."""
    wanted = set(codes)
    return [
        CountyLine(row.county_code, row.name, row.delisted_year, row.delisted_year <= year)
        for row in poverty.counties()
        if row.county_code in wanted
    ]


def _total(run: Run, pairing_id: int, side: str) -> PairScore | None:
    return assessment.scores_of(run, pairing_id).get((side, ""))


def _bars(blocks: list[AreaBlock], edge: network.Edge) -> dict[str, Any]:
    scores = [charts.AreaScore(spoken(block.name), _number(block.donor), _number(block.recipient)) for block in blocks]
    return charts.area_bars(scores, donor=edge.donor, recipient=edge.recipient)


def _number(score: PairScore | None) -> float | None:
    return None if score is None or score.score is None else round(float(score.score), 1)


def _work(user: Any, pairing_id: int, on: date) -> dict[str, Any]:
    """What both sides did: projects, money, people and visits, as the reader may see them."""
    budget = programme.budget(user, pairing_id)
    return {
        "projects": programme.projects(user, pairing_id)[:_PROJECTS_SHOWN],
        "project_totals": programme.project_totals(user, pairing_id),
        "budget": budget,
        "budget_option": _budget_chart(budget),
        "chain": programme.money_chain(user, pairing_id, on.year),
        "secondments": programme.secondments(user, pairing_id, on),
        "visits": programme.visits(user, pairing_id),
        "meetings": programme.meetings(user, pairing_id),
    }


def _budget_chart(budget: list[Any]) -> dict[str, Any] | None:
    if not budget:
        return None
    by_year: dict[int, int] = {}
    for line in budget:
        by_year[line.year] = by_year.get(line.year, 0) + line.amount_fen
    years = list(range(min(by_year), max(by_year) + 1))
    amounts = [round(by_year[year] / 1_000_000, 2) if year in by_year else None for year in years]
    return charts.yearly(years, [charts.Series(_("Budget"), amounts)], unit=_("10,000 yuan"))
