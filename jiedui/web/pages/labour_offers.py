"""推荐列表页: the offers that the reader sees, by state and place, and answers for several at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.records.access import within
from jiedui.records.actions import labour_offers as actions
from jiedui.records.models import JobOffer, Vacancy
from jiedui.terms.codelists import OFFER_STATE, REFUSAL_REASON
from jiedui.terms.divisions import Gazetteer, prefix
from jiedui.terms.scope import Scope
from jiedui.web import acts, numbers, older
from jiedui.web.pages import labour_entries, labour_rows

PER_PAGE: Final = 50
MOST: Final = 500
"""Offers that are taken at once."""
_RUN_LENGTH: Final = 36


@dataclass(frozen=True, slots=True)
class Filters:
    """筛选: what the address asks for; "" and None leave open."""

    state: str = ""
    county: str = ""
    firm: int | None = None
    run: str = ""
    overdue: bool = False

    def query(self) -> str:
        """网址参数: of the same list."""
        asked = {"state": self.state, "county": self.county, "firm": self.firm or "", "run": self.run}
        return urlencode({**{k: v for k, v in asked.items() if v}, **({"overdue": "1"} if self.overdue else {})})


@serves("labour.3", "labour.4")
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """推荐列表页."""
    filters = filters_of(request.GET.dict())
    if request.method == "POST":
        return _decide(request, filters)
    return _listed(request, filters)


def filters_of(asked: dict[str, str]) -> Filters:
    """筛选: of an address; what there is not is left open."""
    state, county, run = asked.get("state", ""), asked.get("county", ""), asked.get("run", "")
    return Filters(
        state if state in OFFER_STATE else "",
        county if numbers.whole(county) is not None and len(county) == 6 else "",
        numbers.whole_key(asked.get("firm", "")),
        run if len(run) <= _RUN_LENGTH else "",
        asked.get("overdue") == "1",
    )


def fitting(user: Any, filters: Filters, *, state: bool = True) -> QuerySet[JobOffer]:
    """推荐: those that the user may see and that fit; `state` False leaves the state open."""
    rows = JobOffer.objects.visible_to(user)
    if filters.county:
        rows = rows.filter(within(Scope.of([prefix(filters.county)]), "region_code"))
    if filters.firm is not None:
        rows = rows.filter(vacancy_id__in=Vacancy.objects.visible_to(user).filter(organisation_id=filters.firm))
    if filters.run:
        rows = rows.filter(run=filters.run)
    if filters.overdue:
        rows = rows.filter(overdue(date.today()))
    return rows.filter(state=filters.state) if state and filters.state else rows


def overdue(day: date) -> Q:
    """逾期未答."""
    return Q(state="offered", answer_by__lt=day)


def _listed(
    request: HttpRequest, filters: Filters, problems: Iterable[tuple[str, JieduiError]] = (), done: str = ""
) -> HttpResponse:
    rows = fitting(request.user, filters)
    shown = older.page(request, rows, PER_PAGE)
    lines = labour_rows.offer_lines(request.user, shown.rows)
    problems = list(problems)
    context = {
        "filters": filters,
        "states": _states(request.user, filters),
        "lines": lines,
        "acting": any(line.rights.home for line in lines),
        "can_offer": bool(request.user.sight().office & request.user.sight().named),
        "before": shown.before,
        "further": shown.further,
        "counties": _counties(request.user),
        "firms": _firms(request.user),
        "reasons": REFUSAL_REASON,
        "today": date.today(),
        "problems": problems,
        "done": done,
    }
    return render(request, "web/labour_offers.html", context, status=400 if problems else 200)


def _states(user: Any, filters: Filters) -> list[tuple[str, tuple[str, str], int]]:
    """(state, labels, how many) of the tabs."""
    rows = fitting(user, filters, state=False).order_by().values_list("state").annotate(Count("pk"))
    held = dict(rows)
    return [(state, labels, held.get(state, 0)) for state, labels in OFFER_STATE.items()]


def _counties(user: Any) -> list[tuple[str, str]]:
    codes = JobOffer.objects.visible_to(user).order_by().annotate(county=Substr("region_code", 1, 6))
    gazetteer = Gazetteer.load()
    return [(code, gazetteer.name(code)) for code in sorted(codes.values_list("county", flat=True).distinct())]


def _firms(user: Any) -> list[tuple[int, str]]:
    vacancies = JobOffer.objects.visible_to(user).order_by().values("vacancy_id")
    firms = Vacancy.objects.visible_to(user).filter(pk__in=vacancies).order_by()
    names = labour_rows.firm_names(user, firms.values_list("organisation_id", flat=True).distinct())
    return sorted(names.items(), key=lambda one: one[1])


def _decide(request: HttpRequest, filters: Filters) -> HttpResponse:
    """Each offer for itself: what cannot be done is said by name, the rest is done."""
    act = _ACTS.get(request.POST.get("act", ""))
    wanted = labour_entries.keys(request.POST.getlist("offer"), MOST)
    if act is None or not wanted:
        problem = JieduiError("No offer was chosen.", remedy="Tick those that are meant.")
        return _listed(request, filters, [("", problem)])
    lines = labour_rows.offer_lines(request.user, JobOffer.objects.visible_to(request.user).filter(pk__in=wanted))
    named = [(line.who.name if line.who else str(line.offer.pk), line.offer) for line in lines]
    problems, done = acts.each(named, partial(act, request))
    said = ngettext("%(number)s offer was changed.", "%(number)s offers were changed.", done) % {"number": done}
    if problems:
        return _listed(request, filters, problems, said if done else "")
    messages.success(request, said)
    return redirect(f"{reverse('labour-offers')}?{filters.query()}")


def _accept(request: HttpRequest, offer: JobOffer) -> None:
    actions.accept(offer, by=request.user)


def _refuse(request: HttpRequest, offer: JobOffer) -> None:
    actions.refuse(offer, request.POST.get("refusal", ""), by=request.user)


def _withdraw(request: HttpRequest, offer: JobOffer) -> None:
    actions.withdraw(offer, by=request.user, reason=request.POST.get("reason", "").strip())


def _take_back(request: HttpRequest, offer: JobOffer) -> None:
    actions.take_back_answer(offer, by=request.user)


_ACTS: Final[dict[str, Callable[[HttpRequest, JobOffer], None]]] = {
    "accept": _accept,
    "refuse": _refuse,
    "withdraw": _withdraw,
    "take_back": _take_back,
}
