"""人岗匹配页: what the engine proposes, why, what came next, and how it compares; people decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiedui.policy.registry import serves
from jiedui.records.models import Vacancy
from jiedui.records.queries import labour
from jiedui.records.queries import pairing as pairings
from jiedui.results.models import Proposal
from jiedui.results.queries import proposals, runs
from jiedui.terms.divisions import Gazetteer, prefix
from jiedui.web import network, numbers

PAGE_SIZE = 40


@dataclass(frozen=True, slots=True)
class Line:
    """建议行: a proposal with its worker and vacancy as the reader may see them."""

    proposal: Proposal
    worker: labour.WorkerView | None
    vacancy: Vacancy | None


@serves("labour.1", "labour.2", "labour.3")
def page(request: HttpRequest) -> HttpResponse:
    """人岗匹配页."""
    run = runs.latest("match")
    if run is None:
        return render(request, "web/proposals.html", {"run": None})
    current = network.on_day(pairings.edges(), runs.last_day(run) or date.today())
    chosen = numbers.whole(request.GET.get("pair", ""))
    pair = current.edge(chosen) if chosen is not None else None
    county = request.GET.get("county", "")
    rows = proposals.of_run(run, request.user, _prefixes(county, pair))
    shown = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "run": run,
        "page": shown,
        "lines": _lines(request.user, list(shown.object_list)),
        "edges": current.edges,
        "pair": pair,
        "county": county,
        "counties": _counties(run, request),
        "certificate": run.summary.get("certificate", {}),
        "comparison": run.summary.get("comparison", []),
        "counts": run.summary.get("counts"),
    }
    return render(request, "web/proposals.html", context)


@serves("labour.3")
def detail(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """一条建议: everything that counted for it."""
    found = proposals.one(proposal_id, request.user)
    if found is None:
        raise Http404(_("There is no such proposal in your scope."))
    (line,) = _lines(request.user, [found])
    others = [entry["vacancy_id"] for entry in (found.next_best, found.first_wish) if entry and "vacancy_id" in entry]
    context = {"line": line, "run": found.run, "others": labour.vacancies(request.user, others)}
    return render(request, "web/proposal.html", context)


def _prefixes(county: str, pair: network.Edge | None) -> tuple[str, ...]:
    """The places to show: a county, else what a pair answers for, else everywhere (())."""
    if county.isascii() and county.isdigit():
        return (prefix(county),)
    return (prefix(pair.pairing.recipient_code),) if pair else ()


def _counties(run: Any, request: HttpRequest) -> list[tuple[str, str]]:
    """Counties with proposals in the reader's scope, for the filter."""
    gazetteer = Gazetteer.load()
    codes = proposals.counties(run, request.user)
    return [(code, gazetteer.name(code)) for code in codes]


def _lines(user: Any, rows: list[Proposal]) -> list[Line]:
    workers = labour.workers(user, (row.worker_id for row in rows))
    vacancies = labour.vacancies(user, (row.vacancy_id for row in rows))
    return [Line(row, workers.get(row.worker_id), vacancies.get(row.vacancy_id)) for row in rows]
