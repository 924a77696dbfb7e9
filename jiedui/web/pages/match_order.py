"""匹配任务页: an order on its way: how far it is, why it failed, and the button that stops it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.records.actions import matching as actions
from jiedui.records.models import MatchOrder
from jiedui.records.queries import matching
from jiedui.results.queries import runs


@serves("labour.3")
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, order_id: int) -> HttpResponse:
    """匹配任务页; a POST stops it."""
    one = _one(request, order_id)
    problem = None
    if request.method == "POST":
        try:
            actions.stop(one, by=request.user)
            return redirect("match-order", one.pk)
        except JieduiError as error:
            problem = error
    if one.state == "finished" and one.run and runs.match_run(request.user, one.run):
        return redirect("match-run", one.run)
    context = _at_work(one) | {
        "wrong": problem,
        "may_stop": matching.may_ask(request.user, one.problem, one.region_code),
    }
    return render(request, "web/match_order.html", context, status=400 if problem else 200)


@require_GET
def progress(request: HttpRequest, order_id: int) -> HttpResponse:
    """进度: the part of the page that changes while the order is at work; asked again each second."""
    one = _one(request, order_id)
    response = render(request, "web/parts/match_progress.html", _at_work(one))
    response.headers["X-Order-State"] = one.state
    return response


def _one(request: HttpRequest, order_id: int) -> MatchOrder:
    one = matching.order(request.user, order_id)
    if one is None:
        raise Http404(_("There is no such order, or its place lies outside my office's."))
    return one


def _at_work(one: MatchOrder) -> dict[str, Any]:
    told = one.progress or {}
    total = told.get("total") or 0
    return {
        "one": one,
        "at_work": one.state in matching.AT_WORK,
        "step": told.get("step", ""),
        "share": min(1.0, told.get("done", 0) / total) if total else None,
    }
