"""优先落户页: who may be settled by the rule, applications and their results."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.policy.rules.labour_steps import NEXT_OF_SETTLEMENT
from jiedui.records.actions import labour_settlement as actions
from jiedui.records.models import Settlement
from jiedui.records.queries.labour_entitled import Candidate, may_settle
from jiedui.terms.codelists import SETTLEMENT_STATE
from jiedui.web import acts, numbers, older, typed
from jiedui.web.pages import labour_persons, labour_rows

_PER_PAGE: Final = 40
_CANDIDATES: Final = 200


@serves("labour.7")
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """优先落户页; what is sent names its act."""
    return acts.answered(request, _ACTS, _shown)


def _shown(request: HttpRequest, problem: JieduiError | None = None) -> HttpResponse:
    rows = Settlement.objects.visible_to(request.user)
    held = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    state = request.GET.get("state", "") if request.GET.get("state") in SETTLEMENT_STATE else ""
    shown = older.page(request, rows.filter(state=state) if state else rows, _PER_PAGE)
    sight = request.user.sight()
    home = bool(sight.office & sight.named)
    waiting = [one for one in may_settle(request.user) if not one.applied] if home else []
    context = {
        "state": state,
        "states": [(name, labels, held.get(name, 0)) for name, labels in SETTLEMENT_STATE.items()],
        "lines": _lines(request.user, shown.rows),
        "before": shown.before,
        "further": shown.further,
        "home": home,
        "candidates": _candidates(request.user, waiting[:_CANDIDATES]),
        "candidate_count": len(waiting),
        "today": date.today(),
        "problem": problem,
        "typed": request.POST if problem else {},
    }
    return render(request, "web/labour_settlement.html", context, status=400 if problem else 200)


def _lines(user: Any, rows: list[Settlement]) -> list[dict[str, Any]]:
    who = labour_rows.people(user, (row.person_id for row in rows))
    home = user.sight().office & user.sight().named
    return [
        {
            "row": row,
            "who": who.get(row.person_id),
            "next": NEXT_OF_SETTLEMENT.get(row.state, frozenset()) if row.region_code in home else frozenset(),
        }
        for row in rows
    ]


def _candidates(user: Any, held: list[Candidate]) -> list[dict[str, Any]]:
    who = labour_rows.people(user, (one.person_id for one in held))
    return [{"one": one, "who": who.get(one.person_id)} for one in held]


def _apply(request: HttpRequest) -> None:
    sent = request.POST
    person = labour_persons.found(request.user, sent.get("person", ""))
    applied_on = typed.day(sent.get("applied_on", ""))
    row = actions.apply(person, typed.place(sent.get("city", "")), by=request.user, applied_on=applied_on)
    if row.eligible:
        messages.success(request, _("The application was entered."))
    else:
        messages.warning(request, _("The application was entered; the rule does not bear it out yet."))


def _decide(request: HttpRequest) -> None:
    sent = request.POST
    key = numbers.whole_key(sent.get("settlement", ""))
    row = Settlement.objects.visible_to(request.user).filter(pk=key).first() if key is not None else None
    if row is None:
        raise JieduiError("There is no such application among those that you see.", remedy="Look at the list again.")
    actions.decide(row, sent.get("result", ""), by=request.user, on=typed.day(sent.get("on", "")))
    messages.success(request, _("The result was entered."))


_ACTS: Final[dict[str, Callable[[HttpRequest], None]]] = {"apply": _apply, "decide": _decide}
