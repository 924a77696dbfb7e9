"""考核页: the matrix of pairs and areas with rank intervals, one pair's indicators, one indicator with its rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiedui.policy import clauses
from jiedui.policy.registry import serves
from jiedui.records.queries import pairing as pairings
from jiedui.reports import charts
from jiedui.results.models import PairScore, Run
from jiedui.results.queries import assessment, lineage
from jiedui.terms.codelists import AREA, SIDE
from jiedui.web import chosen_run, network
from jiedui.web.pages.pair import area_blocks


@dataclass(frozen=True, slots=True)
class Row:
    """矩阵行: one pair and side: the scores of the areas, the total, and the interval of its rank."""

    edge: network.Edge
    scores: tuple[PairScore | None, ...]
    total: PairScore | None
    interval: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class PeerClass:
    """同类: the pairs that are ranked against each other, best first, with the picture of their intervals."""

    name: str
    rows: tuple[Row, ...]
    option: dict[str, Any] | None

    @property
    def chart_id(self) -> str:
        """图表编号: of the element that carries the option."""
        return f"interval-{self.name or 'all'}"


@serves("assessment.1")
def page(request: HttpRequest) -> HttpResponse:
    """考核页."""
    run = chosen_run.of(request)
    if run is None:
        return render(request, "web/assessment.html", {"run": None})
    side = request.GET.get("side", "recipient")
    side = side if side in SIDE else "recipient"
    context = {
        **chosen_run.context(request, run),
        "side": side,
        "sides": SIDE,
        "areas": AREA,
        "classes": _classes(_rows(run, side)),
        "definitions": _by_area(run),
    }
    return render(request, "web/assessment.html", context)


@serves("assessment.1")
def pair(request: HttpRequest, pairing_id: int) -> HttpResponse:
    """一对的指标: both sides of one pair, area by area, with what is missing and why."""
    run, edge = _run_and_edge(request, pairing_id)
    scores = assessment.scores_of(run, pairing_id)
    context = {
        **chosen_run.context(request, run),
        "edge": edge,
        "blocks": area_blocks(run, pairing_id),
        "totals": {side: scores.get((side, "")) for side in SIDE},
    }
    return render(request, "web/assessment_pair.html", context)


@serves("assessment.1")
def indicator(request: HttpRequest, indicator: str) -> HttpResponse:
    """一个指标: its rule, its SQL, its parameters, its clause, and the values of all pairs."""
    run = chosen_run.of(request)
    found = [one for (name, _side), one in assessment.definitions(run).items() if name == indicator] if run else []
    if run is None or not found:
        raise Http404(_("There is no indicator with this name."))
    definition = found[0]
    book = clauses.load()
    duty = book.duty(definition.duty)
    names = {edge.pairing_id: network.edge(edge) for edge in pairings.edges()}
    context = {
        **chosen_run.context(request, run),
        "definition": definition,
        "definitions": found,
        "duty": duty,
        "clause": book.clause(duty.clause) if duty.clause else None,
        "lineage": lineage.of(run, definition),
        "values": [(value, names.get(value.pairing_id)) for value in assessment.values_by_pair(run, indicator)],
    }
    return render(request, "web/indicator.html", context)


def _run_and_edge(request: HttpRequest, pairing_id: int) -> tuple[Run, network.Edge]:
    run = chosen_run.of(request)
    found = next((edge for edge in pairings.edges() if edge.pairing_id == pairing_id), None)
    if run is None or found is None:
        raise Http404(_("This pairing has not been assessed."))
    return run, network.edge(found)


def _rows(run: Run, side: str) -> list[Row]:
    scores = assessment.scores(run)
    intervals = assessment.rank_intervals(run)
    found = [
        Row(
            edge=network.edge(edge),
            scores=tuple(scores.get((edge.pairing_id, side, area)) for area in AREA),
            total=scores.get((edge.pairing_id, side, "")),
            interval=intervals.get((edge.pairing_id, side)),
        )
        for edge in pairings.edges()
        if (edge.pairing_id, side, "") in scores
    ]
    return sorted(found, key=lambda row: (row.total.rank is None, row.total.rank or 0, row.edge.pairing_id))


def _classes(rows: list[Row]) -> list[PeerClass]:
    """Ranks hold inside a peer class only, so each class is a table of its own."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.total.peer_class, []).append(row)
    return [
        PeerClass(name, tuple(members), _intervals(members))
        for name, members in sorted(found.items(), key=_province_first)
    ]


def _province_first(item: tuple[str, list[Row]]) -> tuple[bool, str]:
    return item[0] != "province", item[0]


def _intervals(rows: list[Row]) -> dict[str, Any] | None:
    known = [_interval(row) for row in rows if row.interval and row.total.rank is not None]
    return charts.rank_intervals(known, rank_label=_("Rank"), interval_label=_("Interval")) if known else None


def _interval(row: Row) -> charts.RankInterval:
    return charts.RankInterval(
        label=row.edge.name,
        rank=row.total.rank,
        best=row.interval["rank_low"],
        worst=row.interval["rank_high"],
        pairing_id=row.edge.pairing_id,
    )


def _by_area(run: Run) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {area: [] for area in AREA}
    for definition in assessment.definitions(run).values():
        found.setdefault(definition.area, []).append(definition)
    return found
