"""需求与意向页: what places need, what organisations offer, and the forms for each; a run proposes who helps whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.records.actions import needs as actions
from jiedui.records.actions import village_pairs
from jiedui.records.models import HelpOffer, Need
from jiedui.records.queries import needs as queries
from jiedui.terms import codelists
from jiedui.web import acts, older, typed
from jiedui.web.naming import short_name
from jiedui.web.pages import labour_entries, pair_forms

_PER_PAGE: Final = 40
_NEED: Final[Mapping[str, pair_forms.Reader]] = {
    "region_code": typed.place,
    "kind": pair_forms.choice(codelists.NEED_KIND),
    "title": pair_forms.text,
    "amount_fen": labour_entries.fen,
    "households": labour_entries.whole,
    "since": typed.day,
    "until": typed.day,
}
_OFFER: Final[Mapping[str, pair_forms.Reader]] = {
    "organisation_id": labour_entries.whole,
    "kind": pair_forms.choice(codelists.NEED_KIND),
    "title": pair_forms.text,
    "capacity": labour_entries.whole,
    "amount_fen": labour_entries.fen,
    "wish_place": lambda said: typed.place(said) or None,
    "since": typed.day,
    "until": typed.day,
}


@serves("society.1", "society.2")
@require_http_methods(["GET", "POST"])
def needs(request: HttpRequest) -> HttpResponse:
    """需求页; what is sent names its act."""
    return acts.answered(request, _NEED_ACTS, _needs)


@serves("society.1", "society.2")
@require_http_methods(["GET", "POST"])
def offers(request: HttpRequest) -> HttpResponse:
    """意向页; what is sent names its act."""
    return acts.answered(request, _OFFER_ACTS, _offers)


def _needs(request: HttpRequest, problem: JieduiError | None = None) -> HttpResponse:
    shown = older.page(request, queries.needs(request.user, _state(request)), _PER_PAGE)
    office = request.user.sight().office
    given = queries.given_of(request.user, (row.pk for row in shown.rows))
    givers = queries.names_of_given(request.user, given.values())
    offered = queries.open_offers(request.user) if office else []
    names = queries.giver_names(request.user, offered)
    context = {
        "lines": [
            {
                "row": row,
                "place": short_name(row.region_code),
                "given": given.get(row.pk),
                "giver": givers.get(row.pk, ""),
                "own": row.region_code in office,
            }
            for row in shown.rows
        ],
        "states": _states(queries.counts(request.user)),
        "enters": bool(office),
        "offers": [(row, names.get(row.pk, "")) for row in offered],
        **_form(request, problem, shown),
    }
    return render(request, "web/needs.html", context, status=400 if problem else 200)


def _offers(request: HttpRequest, problem: JieduiError | None = None) -> HttpResponse:
    shown = older.page(request, queries.offers(request.user, _state(request)), _PER_PAGE)
    sight = request.user.sight()
    givers = queries.givers(request.user)
    names = queries.giver_names(request.user, shown.rows)
    context = {
        "lines": [
            {
                "row": row,
                "place": short_name(row.region_code),
                "giver": names.get(row.pk, ""),
                "wish": short_name(row.wish_place) if row.wish_place else "",
                "own": (row.organisation_id in sight.organisations or row.region_code in sight.office)
                and row.state != "closed",
                "takes": row.kind == "village" and row.state == "open" and bool(sight.office),
            }
            for row in shown.rows
        ],
        "states": _states(queries.offer_counts(request.user)),
        "enters": bool(givers),
        "givers": givers,
        **_form(request, problem, shown),
    }
    return render(request, "web/help_offers.html", context, status=400 if problem else 200)


def _state(request: HttpRequest) -> str:
    said = request.GET.get("state", "")
    return said if said in codelists.NEED_STATE else ""


def _states(held: Mapping[str, int]) -> list[tuple[str, tuple[str, str], int]]:
    return [(name, labels, held.get(name, 0)) for name, labels in codelists.NEED_STATE.items()]


def _form(request: HttpRequest, problem: JieduiError | None, shown: older.Page) -> dict[str, Any]:
    return {
        "before": shown.before,
        "further": shown.further,
        "state": _state(request),
        "kinds": codelists.NEED_KIND.items(),
        "today": date.today(),
        "problem": problem,
        "typed": request.POST if problem else {},
    }


def _need(request: HttpRequest) -> Need:
    row = queries.need(request.user, pair_forms.key(request.POST, "need"))
    if row is None:
        raise JieduiError("There is no such need among those that you see.", remedy="Look at the list again.")
    return row


def _offer(request: HttpRequest) -> HelpOffer:
    row = queries.offer(request.user, pair_forms.key(request.POST, "offer"))
    if row is None:
        raise JieduiError("There is no such offer among those that you see.", remedy="Look at the list again.")
    return row


def _report_need(request: HttpRequest) -> None:
    said = pair_forms.read(request.POST, _NEED, ("region_code", "kind", "title", "since"))
    actions.report_need(said, by=request.user)
    messages.success(request, _("The need was entered."))


def _change_need(request: HttpRequest) -> None:
    readers = {name: _NEED[name] for name in actions.NEED_CHANGES}
    actions.change_need(_need(request), pair_forms.read(request.POST, readers, ("title",)), by=request.user)
    messages.success(request, _("The need was changed."))


def _close_need(request: HttpRequest) -> None:
    actions.close_need(_need(request), by=request.user, reason=request.POST.get("reason", ""))
    messages.success(request, _("The need was closed."))


def _give(request: HttpRequest) -> None:
    actions.give(_need(request).pk, pair_forms.key(request.POST, "offer"), by=request.user)
    messages.success(request, _("The help was signed."))


def _end(request: HttpRequest) -> None:
    need = _need(request)
    given = queries.given_of(request.user, [need.pk]).get(need.pk)
    if given is None:
        raise JieduiError("Nobody helps here.", remedy="Look at the list again.")
    on = typed.day(request.POST.get("on", "")) or date.today()
    actions.end(given, on=on, by=request.user, reason=request.POST.get("reason", ""))
    messages.success(request, _("The help has ended; the need is open again."))


def _report_offer(request: HttpRequest) -> None:
    said = pair_forms.read(request.POST, _OFFER, ("organisation_id", "kind", "title", "capacity", "since"))
    actions.report_offer(said, by=request.user)
    messages.success(request, _("The offer was entered."))


def _change_offer(request: HttpRequest) -> None:
    readers = {name: _OFFER[name] for name in actions.OFFER_CHANGES}
    said = pair_forms.read(request.POST, readers, ("title", "capacity"))
    actions.change_offer(_offer(request), said, by=request.user)
    messages.success(request, _("The offer was changed."))


def _close_offer(request: HttpRequest) -> None:
    actions.close_offer(_offer(request), by=request.user, reason=request.POST.get("reason", ""))
    messages.success(request, _("The offer was closed."))


def _take_village(request: HttpRequest) -> None:
    village = typed.place(request.POST.get("village", ""))
    village_pairs.pair(village, _offer(request).pk, by=request.user)
    messages.success(request, _("The firm and the village were paired."))


_NEED_ACTS: Final = {
    "report": _report_need,
    "change": _change_need,
    "close": _close_need,
    "give": _give,
    "end": _end,
}
_OFFER_ACTS: Final = {
    "report": _report_offer,
    "change": _change_offer,
    "close": _close_offer,
    "village": _take_village,
}
