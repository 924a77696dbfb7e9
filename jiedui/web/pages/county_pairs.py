"""县级结对页: county pairs of a day, one with its townships and villages, and the forms of the county's office."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.records.actions import county_pairs as actions
from jiedui.records.models import Pairing
from jiedui.records.queries import county_pairs as queries
from jiedui.web import network, numbers, typed
from jiedui.web.pages import pair_forms

_PER_PAGE: Final = 50


@serves("pairing.5")
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """县级结对页; a POST pairs two counties."""
    if request.method == "GET":
        return _list(request)
    try:
        made = _pair(request)
    except JieduiError as problem:
        return _list(request, problem)
    messages.success(request, _("The counties were paired."))
    return redirect("county-pair", made.pk)


def _list(request: HttpRequest, problem: JieduiError | None = None) -> HttpResponse:
    asked, wrong, region = request.GET, None, ""
    try:
        region, on = typed.place(asked.get("region", "")), typed.day(asked.get("on", "")) or date.today()
    except JieduiError as error:
        wrong, on = error, date.today()
    shown = Paginator(queries.pairs(on, region), _PER_PAGE).get_page(asked.get("page"))
    context = {
        "page": shown,
        "lines": [network.edge(row) for row in shown.object_list],
        "region": asked.get("region", ""),
        "on": on,
        "office": bool(request.user.sight().office),
        "today": date.today(),
        "problem": problem or wrong,
        "typed": request.POST if problem else {},
    }
    return render(request, "web/county_pairs.html", context, status=400 if problem else 200)


def _pair(request: HttpRequest) -> Pairing:
    sent = request.POST
    return actions.pair(
        typed.place(sent.get("recipient", "")),
        typed.place(sent.get("donor", "")),
        sent.get("basis", ""),
        valid_from=_first_day(request),
        by=request.user,
    )


def _first_day(request: HttpRequest) -> date:
    day = typed.day(request.POST.get("valid_from", ""))
    if day is None:
        raise JieduiError("A pair needs its first day.", remedy="Give the day from which it holds.")
    return day


@serves("pairing.5")
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, pairing_id: int) -> HttpResponse:
    """一个县级结对; a POST adds a pair of townships or villages, or ends one."""
    row = queries.pair(pairing_id)
    if row is None:
        raise Http404(_("There is no such county pair."))
    if request.method == "GET":
        return _one(request, row)
    act = {"add": _add, "end": _end}.get(request.POST.get("act", ""))
    if act is None:
        raise Http404(_("There is no such act."))
    try:
        act(request, row)
    except JieduiError as problem:
        return _one(request, row, problem)
    return redirect("county-pair", row.pk)


def _one(request: HttpRequest, row: Pairing, problem: JieduiError | None = None) -> HttpResponse:
    today = date.today()
    context = {
        "pair": network.edge(row),
        "holds": row.valid_to is None or today < row.valid_to,
        "below": [
            (network.edge(inner), inner.valid_to is None or today < inner.valid_to) for inner in queries.below(row)
        ],
        "may": queries.may_change(request.user, row.recipient_code),
        "today": today,
        "problem": problem,
        "typed": request.POST if problem else {},
    }
    return render(request, "web/county_pair.html", context, status=400 if problem else 200)


def _add(request: HttpRequest, row: Pairing) -> None:
    sent = request.POST
    donor, recipient = (_code(sent, name) for name in ("donor", "recipient"))
    actions.add_below(row, donor, recipient, sent.get("basis", ""), valid_from=_first_day(request), by=request.user)
    messages.success(request, _("The pair was added."))


def _code(sent: Any, name: str) -> str:
    """A township or village is given by its digits: few of their names are known."""
    said = "".join(sent.get(name, "").split())
    if not (len(said) in (9, 12) and said.isascii() and numbers.whole_key(said) is not None):
        raise JieduiError(f"{said[:40]} is no township and no village.", remedy="Give the 9 or the 12 digits.")
    return typed.place(said)


def _end(request: HttpRequest, row: Pairing) -> None:
    chosen = pair_forms.key(request.POST, "pairing")
    held = row if chosen == row.pk else queries.below(row).filter(pk=chosen).first()
    if held is None:
        raise JieduiError("There is no such pair here.", remedy="Look at the list again.")
    day = typed.day(request.POST.get("on", "")) or date.today()
    ended = actions.end(held, on=day, by=request.user, reason=request.POST.get("reason", ""))
    messages.success(request, _("Pairs that end: %(number)s.") % {"number": ended})
