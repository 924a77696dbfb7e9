"""离岗回访页: who left and was not looked after yet, with the hours that are left, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiedui.errors import JieduiError
from jiedui.policy import parameters
from jiedui.policy.registry import serves
from jiedui.records.actions import labour_placements as actions
from jiedui.records.models import FollowUp, Placement
from jiedui.records.queries import labour_chain
from jiedui.terms.codelists import FOLLOW_UP
from jiedui.web import numbers, typed
from jiedui.web.pages import labour_rows

_MOST: Final = 200
_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Line:
    """回访行: a placement that ended, and the hours left; below 0 = too late."""

    at: labour_rows.PlacementLine
    hours: int

    @property
    def who(self) -> labour_rows.Who | None:
        """人员."""
        return self.at.who

    @property
    def where(self) -> labour_rows.Where | None:
        """岗位."""
        return self.at.where


@serves("labour.5")
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """离岗回访页."""
    problem = None
    if request.method == "POST":
        try:
            _done(request)
        except JieduiError as error:
            problem = error
        else:
            messages.success(request, _("The follow-up was entered."))
            return redirect("labour-follow-ups")
    today = date.today()
    rows = labour_chain.not_followed_up(request.user, today)
    found = list(rows[:_MOST])
    lines = labour_rows.placement_lines(request.user, found)
    context = {
        "lines": [Line(line, labour_chain.hours_left(line.placement.ended_on)) for line in lines],
        "count": rows.count(),
        "hours": parameters.load(today).value("labour.follow_up_hours"),
        "outcomes": FOLLOW_UP,
        "done": _done_last(request.user),
        "today": today,
        "problem": problem,
    }
    return render(request, "web/labour_follow_ups.html", context, status=400 if problem else 200)


def _done_last(user: Any) -> list[tuple[FollowUp, labour_rows.PlacementLine | None]]:
    """The latest that were entered, with whom they were about."""
    done = list(FollowUp.objects.visible_to(user).order_by("-pk")[:_SHOWN])
    rows = Placement.objects.visible_to(user).filter(pk__in=[one.placement_id for one in done])
    lines = {line.placement.pk: line for line in labour_rows.placement_lines(user, rows)}
    return [(one, lines.get(one.placement_id)) for one in done]


def _done(request: HttpRequest) -> None:
    key = numbers.whole_key(request.POST.get("placement", ""))
    row = Placement.objects.visible_to(request.user).filter(pk=key).first() if key is not None else None
    if row is None:
        raise JieduiError("There is no such placement among those that you see.", remedy="Look at the list again.")
    day = typed.day(request.POST.get("on", ""))
    actions.follow_up(row, outcome=request.POST.get("outcome", ""), by=request.user, day=day)
