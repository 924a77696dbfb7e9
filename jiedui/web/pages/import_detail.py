"""导入批次页: one import in whatever state it is, and what its officer may do with it there."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.records.actions import importing as actions
from jiedui.records.imports import preview
from jiedui.records.models import Import
from jiedui.records.queries import importing
from jiedui.web.pages import import_columns, import_decision

AT_WORK: Final = ("received", "reading", "writing", "undoing")
_LONGEST: Final = 500


@serves("goal.1", "labour.1")
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, import_id: int) -> HttpResponse:
    """导入批次页."""
    one = _one(request, import_id)
    if request.method == "POST":
        return _act(request, one)
    return _page(request, one)


@require_GET
def progress(request: HttpRequest, import_id: int) -> HttpResponse:
    """进度: the part of the page that changes while the import is at work; asked again each second."""
    one = _one(request, import_id)
    response = render(request, "web/parts/import_progress.html", _at_work(one))
    response.headers["X-Import-State"] = one.state
    return response


def _one(request: HttpRequest, import_id: int) -> Import:
    one = importing.one(request.user, import_id)
    if one is None:
        raise Http404(_("There is no such import, or its place lies outside my office's."))
    return one


def _page(request: HttpRequest, one: Import, problem: JieduiError | None = None) -> HttpResponse:
    context: dict[str, Any] = {"one": one, "problem": problem, "earlier": actions.earlier(one)}
    status = 400 if problem else 200
    if one.state in AT_WORK:
        return render(request, "web/import_progress.html", context | _at_work(one), status=status)
    asked_columns = one.state == "compared" and request.GET.get("columns") == "1"
    if one.state == "columns" or asked_columns:
        return render(request, "web/import_columns.html", context | import_columns.context(one), status=status)
    if one.state == "compared" and preview.there(one.pk):
        found = import_decision.context(request.user, one, request.GET)
        return render(request, "web/import_decision.html", context | found, status=status)
    return render(request, "web/import_ended.html", context, status=status)


def _at_work(one: Import) -> dict[str, Any]:
    return {"one": one, "advance": importing.advance(one)}


def _act(request: HttpRequest, one: Import) -> HttpResponse:
    """What the form asks for; a refusal is said on the page, and nothing is done."""
    todo = request.POST.get("do", "")
    reason = request.POST.get("reason", "").strip()[:_LONGEST]
    try:
        match todo:
            case "confirm":
                columns, labels = import_columns.chosen(one, request.POST)
                header = str(one.columns.get("header", ""))
                actions.confirm(one, columns, labels, header=header, by=request.user)
            case "choose" | "accept":
                import_decision.choose(one, request.POST)
                if todo == "accept":
                    actions.accept(one, by=request.user, reason=reason)
            case "take_fitting" | "leave_fitting":
                import_decision.choose_fitting(one, request.GET, take=todo == "take_fitting")
            case "cancel":
                actions.cancel(one, by=request.user)
            case "undo":
                actions.undo(one, by=request.user, reason=reason)
            case "retry":
                actions.retry(one)
            case _:
                raise JieduiError(_("This is not something that an import can do."))
    except JieduiError as error:
        one.refresh_from_db()
        return _page(request, one, error)
    if request.headers.get("X-Part") == "summary":
        context = {"one": one, "decision": importing.decision(one)}
        return render(request, "web/parts/import_summary.html", context)
    stays = todo in ("choose", "take_fitting", "leave_fitting")
    return redirect(request.get_full_path() if stays else request.path)
