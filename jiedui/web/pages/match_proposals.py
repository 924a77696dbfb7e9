"""匹配建议页: the proposals of a run, page by page, and the signature that makes offers of them; people decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.records.models import JobOffer, Vacancy
from jiedui.records.queries import labour, matching
from jiedui.records.queries import pairing as pairings
from jiedui.results import telling
from jiedui.results.models import PairProposal, Run
from jiedui.results.models.matching import PARTNER
from jiedui.results.queries import proposals, runs
from jiedui.terms.divisions import Gazetteer, prefix
from jiedui.web import network, numbers, pair_names, signing

_PER_PAGE: Final = 40
_LEFT_OUT_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class Line:
    """建议行: a proposal with what it says, and its sides as the reader may see them; `own`: the reader may sign it.

    `offer` is the offer that was made of it, where the reader may see that.
    """

    proposal: Any
    told: telling.Told
    own: bool
    worker: labour.WorkerView | None = None
    vacancy: Vacancy | None = None
    offer: JobOffer | None = None
    left: str = ""
    right: str = ""
    next_right: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """已签: how many were made, and who was left out: counts by reason, and the first of them by name."""

    made: int
    reasons: list[tuple[str, int]]
    left_out: list[tuple[str, str]]
    more: int
    notes: tuple[str, ...] = ()


@serves("labour.1", "labour.2", "labour.3", "pairing.5", "talent.4", "society.1", "society.2")
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """匹配建议页; a POST signs the chosen ones, or all of the filter."""
    run = runs.match_run(request.user, run_id)
    if run is None:
        raise Http404(_("There is no such run, or none of its people lives in my scope."))
    if request.method == "GET":
        return render(request, "web/match_proposals.html", _context(request, run))
    try:
        signed = _sign(request, run)
    except JieduiError as error:
        return render(request, "web/match_proposals.html", _context(request, run) | {"wrong": error}, status=400)
    return render(request, "web/match_proposals.html", _context(request, run) | {"signed": signed})


def _context(request: HttpRequest, run: Run) -> dict[str, Any]:
    current = network.on_day(pairings.edges(), runs.last_day(run) or date.today())
    wanted, pair = _filter(request, run, current)
    shown = _page(request, run, wanted)
    own = matching.asks(request.user, run.problem or "labour")
    return {
        "run": run,
        "labour": proposals.is_labour(run),
        "page": shown,
        "lines": lines(request.user, run, shown.rows),
        "wanted": wanted,
        "filtered": bool(wanted),
        "total": proposals.count(run, request.user, wanted),
        "counted_to": proposals.COUNTED_TO,
        "county": request.GET.get("county", ""),
        "counties": _named(proposals.homes(run, request.user)),
        "works": _named(proposals.works(run, request.user)),
        "edges": current.edges if proposals.is_labour(run) else [],
        "pair": pair,
        "partners": list(PARTNER),
        "tiers": sorted(int(one) for one in (run.summary.get("spread") or {}).get("tier", {}) if one.isdigit()),
        "may_sign": bool(own) and (run.problem or "labour") in signing.SIGN,
    }


def _page(request: HttpRequest, run: Run, wanted: proposals.Filter) -> proposals.Page:
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    try:
        return proposals.page(run, request.user, wanted, after=after, before=before, size=_PER_PAGE)
    except JieduiError:
        raise Http404(_("This address names no page of the list; begin at its first page.")) from None


def _filter(request: HttpRequest, run: Run, current: network.Network) -> tuple[proposals.Filter, network.Edge | None]:
    """What the address asks for; what it says wrongly is not asked for."""
    said = request.GET
    chosen = numbers.whole(said.get("pair", ""))
    pair = current.edge(chosen) if chosen is not None else None
    county, work, tier = said.get("county", ""), said.get("work", ""), numbers.whole(said.get("tier", ""))
    home = (prefix(county),) if _code(county) else (prefix(pair.pairing.recipient_code),) if pair else ()
    partner = said.get("partner", "") if said.get("partner", "") in PARTNER else ""
    if not proposals.is_labour(run):
        return proposals.Filter(home=home, work=work if _code(work) else ""), None
    return proposals.Filter(home=home, work=work if _code(work) else "", tier=tier, partner=partner), pair


def _code(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) in (6, 9, 12)


def _named(codes: Iterable[str]) -> list[tuple[str, str]]:
    gazetteer = Gazetteer.load()
    return [(code, gazetteer.name(code)) for code in codes]


def lines(user: Any, run: Run, rows: list[Any]) -> list[Line]:
    """建议行: of stored proposals of one run, with both sides read at once."""
    if rows and isinstance(rows[0], PairProposal):
        own = matching.asks(user, rows[0].problem)
        rights = [key for row in rows for key in (row.right_id, row.next_right_id)]
        names = pair_names.of(rows[0].problem, user, [row.left_id for row in rows], rights)
        return [
            Line(
                row,
                telling.tell(row, run.summary),
                row.left_region in own or row.right_region in own,
                left=names.left(row.left_id),
                right=names.right(row.right_id),
                next_right=names.right(row.next_right_id),
            )
            for row in rows
        ]
    own = matching.asks(user, "labour")
    workers = labour.workers(user, (row.worker_id for row in rows))
    vacancies = labour.vacancies(user, (row.vacancy_id for row in rows))
    offers = labour.offers_of(user, str(run.pk), (row.worker_id for row in rows))
    return [
        Line(
            row, telling.tell(row, run.summary), row.region_code in own,
            worker=workers.get(row.worker_id), vacancy=vacancies.get(row.vacancy_id), offer=offers.get(row.worker_id),
        )
        for row in rows
    ]  # fmt: skip


def _sign(request: HttpRequest, run: Run) -> Signed:
    """Sign what was chosen. What lies outside the reader's own region is left out before anybody is asked."""
    said = request.POST
    if said.get("do") == "sign_all":
        wanted, _pair = _filter(request, run, network.on_day(pairings.edges(), runs.last_day(run) or date.today()))
        rows = list(proposals.every(run, request.user, wanted))
    elif said.get("do") == "sign":
        keys = [key for text in said.getlist("proposal") if (key := numbers.whole_key(text)) is not None]
        rows = proposals.chosen(run, request.user, keys)
    else:
        raise JieduiError(_("This is not something that can be done with proposals."))
    if not rows:
        raise JieduiError(_("No proposal was chosen."), remedy=_("Tick the ones to sign."))
    own = matching.asks(request.user, run.problem or "labour")
    inside, outside = [], []
    for row in rows:
        if _home(row) in own or getattr(row, "right_region", "") in own:
            inside.append(row)
        else:
            outside.append(signing.LeftOut(_left(row), "outside"))
    outcome = signing.sign(run, inside, request.user, said) if inside else signing.Outcome(0)
    return replace(_said(request, run, outcome.made, [*outcome.left_out, *outside]), notes=outcome.notes)


def _home(row: Any) -> str:
    return row.region_code if hasattr(row, "region_code") else row.left_region


def _left(row: Any) -> int:
    return row.worker_id if hasattr(row, "worker_id") else row.left_id


def _said(request: HttpRequest, run: Run, made: int, left_out: list[signing.LeftOut]) -> Signed:
    shown = left_out[:_LEFT_OUT_SHOWN]
    keys = [one.left_id for one in shown]
    if proposals.is_labour(run):
        names = {key: view.name for key, view in labour.workers(request.user, keys).items()}
    else:
        names = dict(pair_names.of(run.problem, request.user, keys, []).lefts)
    told = [(names.get(one.left_id, f"№ {one.left_id}"), one.reason) for one in shown]
    return Signed(made, Counter(one.reason for one in left_out).most_common(), told, len(left_out) - len(shown))
