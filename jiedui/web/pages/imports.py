"""导入页: the imports of the reader's office, the form that sends a file, and the files that go the other way."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.records import journal
from jiedui.records.actions import importing as actions
from jiedui.records.imports import corrections, forms, templates
from jiedui.records.imports.staging import there
from jiedui.records.models import IMPORT_KIND, IMPORT_STATE
from jiedui.records.queries import duplicates, importing
from jiedui.web import numbers
from jiedui.web.templatetags.figures import spoken

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PER_PAGE: Final = 25
_ORDER: Final = ("registry", "worker", "work_month", "vacancy", "village")


@serves("goal.1", "labour.1")
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """导入页: what was sent, newest first; a POST is a file."""
    if request.method == "POST":
        return _receive(request)
    return render(request, "web/imports.html", _context(request))


def _context(request: HttpRequest) -> dict[str, Any]:
    rows = importing.visible(request.user)
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    if state in IMPORT_STATE:
        rows = rows.filter(state=state)
    if kind in IMPORT_KIND:
        rows = rows.filter(kind=kind)
    places = importing.places(request.user)
    begun = importing.begun(request.user) if places else None
    return {
        "page": Paginator(rows, _PER_PAGE).get_page(request.GET.get("page")),
        "filtered": bool(state or kind),
        "state": state,
        "kind": kind,
        "states": [(name, spoken(labels)) for name, labels in IMPORT_STATE.items()],
        "kinds": [(name, spoken(IMPORT_KIND[name])) for name in _ORDER],
        "yearly": [name for name in _ORDER if forms.form(name).yearly],
        "places": places,
        "sources": importing.sources(request.user) if places else [],
        "begun": begun,
        "waiting": duplicates.pairs(request.user).count() if places else 0,
        "year": date.today().year,
        "asked": {"kind": "village" if begun and not begun.villages else "registry", "year": date.today().year},
    }


def _receive(request: HttpRequest) -> HttpResponse:
    """Take over the file; what is wrong with the form is said above it, with the rest as it was filled in."""
    asked = {name: request.POST.get(name, "").strip() for name in ("kind", "region", "source", "year")}
    sent = request.FILES.get("file")
    try:
        if sent is None:
            raise JieduiError(_("No file was chosen."), remedy=_("Choose an .xlsx or .csv."))
        year = numbers.whole(asked["year"]) if asked["year"] else None
        yearly = asked["kind"] in IMPORT_KIND and forms.form(asked["kind"]).yearly
        sending = actions.Sending(
            asked["kind"], asked["region"], asked["source"], str(sent.name), year if yearly else None
        )
        one = actions.receive(sending, Path(sent.temporary_file_path()), by=request.user)
    except JieduiError as error:
        context = _context(request) | {"problem": error, "asked": asked}
        return render(request, "web/imports.html", context, status=400)
    return redirect("import", one.pk)


@require_GET
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """空白表: of a kind of roster, to fill in."""
    if kind not in IMPORT_KIND:
        raise Http404(_("There is no such kind of spreadsheet."))
    return _file(templates.blank(kind), f"{IMPORT_KIND[kind][0]}模板.xlsx")


@require_GET
def refused(request: HttpRequest, import_id: int) -> HttpResponse:
    """退回表: the refused rows with their numbers in full, as they were sent; that they were given out is kept."""
    one = importing.one(request.user, import_id)
    if one is None or not there(one.pk, "raw"):
        raise Http404(_("There is no such import, or what was read of it is no longer kept."))
    content, rows = corrections.workbook(one)
    digest = hashlib.sha256(content).hexdigest()
    journal.note_export(request.user, f"refused rows of import {one.pk}", rows, digest)
    return _file(content, f"导入{one.pk}退回行.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "no-store"
    return response
