"""案件页: clues and audit findings of the discipline inspection's places, entered here and closed with a finding."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.records.actions import cases as actions
from jiedui.records.models import CASE_SUBJECT, Case
from jiedui.web import typed

_PER_PAGE: Final = 30


@serves("leadership.4")
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, problem: JieduiError | None = None) -> HttpResponse:
    """案件页: the open ones or the closed ones, the latest first, and the form for a new one."""
    _require_discipline(request)
    if request.method == "POST" and problem is None:
        try:
            _enter(request)
        except JieduiError as error:
            problem = error
        else:
            return redirect("cases")
    closed = request.GET.get("state") == "closed"
    rows = Case.objects.visible_to(request.user).select_related("entered_by").order_by("-pk")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) <= 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.filter(closed_on__isnull=not closed)[: _PER_PAGE + 1])
    shown = found[:_PER_PAGE]
    context = {
        "rows": shown,
        "closed": closed,
        "before": shown[-1].pk if len(found) > _PER_PAGE else None,
        "further": bool(before),
        "subjects": CASE_SUBJECT,
        "today": date.today(),
        "longest": actions.LONGEST,
        "problem": problem,
        "typed": request.POST if problem else {},
    }
    return render(request, "web/cases.html", context, status=400 if problem else 200)


@require_POST
def close(request: HttpRequest, case_id: int) -> HttpResponse:
    """办结."""
    _require_discipline(request)
    case = Case.objects.visible_to(request.user).filter(pk=case_id).first()
    if case is None:
        raise Http404(_("There is no such case."))
    try:
        closed_on = typed.day(request.POST.get("closed_on", "")) or date.today()
        actions.close(case, request.POST.get("finding", ""), closed_on, by=request.user)
    except JieduiError as error:
        return page(request, error)
    messages.success(request, _("The case is closed."))
    return redirect(f"{reverse('cases')}?state=closed")


def _require_discipline(request: HttpRequest) -> None:
    if not request.user.sight().cases:
        raise Http404(_("There is no such page."))


def _enter(request: HttpRequest) -> None:
    sent = request.POST
    numbers = {column: typed.number(sent.get(column, "")) for column in actions.NAMED}
    actions.enter(
        typed.place(sent.get("region", "")),
        sent.get("subject", ""),
        sent.get("title", ""),
        typed.day(sent.get("opened_on", "")) or date.today(),
        by=request.user,
        names={column: key for column, key in numbers.items() if key is not None},
    )
    messages.success(request, _("The case was entered."))
