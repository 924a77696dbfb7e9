"""导出页: what the reader sees of the register, with the filters in force, as a file made while it is loaded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import quote, urlencode

import pyarrow as pa
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiedui import sheets
from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.records import journal
from jiedui.records.queries import export, register
from jiedui.web import numbers
from jiedui.web.pages import persons
from jiedui.web.templatetags.figures import in_english

TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_LONGEST: Final = 500


@serves("goal.1")
@require_http_methods(["GET"])
def page(request: HttpRequest) -> HttpResponse:
    """导出页: what will be in the file, and the choice of format, year and full numbers."""
    return _page(request, request.GET.dict())


@require_http_methods(["GET", "POST"])
def file(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """导出文件: masked numbers by a link, full ones by a form with a reason."""
    values = request.POST.dict() if request.method == "POST" else request.GET.dict()
    reason = values.get("reason", "").strip()[:_LONGEST]
    full = request.method == "POST" and values.get("full") == "1"
    kind = values.get("format", "xlsx")
    if full and not reason:
        return _page(request, values, _("Full numbers need a reason; it is kept with the export."))
    if full and not request.user.sight().named:
        return _page(request, values, _("My role sees nobody by name, so no full number either."))
    if kind not in TYPES:
        return _page(request, values, _("This format is not offered."))
    try:
        wanted = _wanted(request, values, full=full)
    except JieduiError:
        return _page(request, values, _("The address holds a filter, a place or a page that there is not."))
    name = export.file_name(wanted, kind, date.today())
    return attached(name, kind, _noted(request.user, wanted, kind, reason))


def attached(name: str, kind: str, chunks: Iterable[bytes]) -> StreamingHttpResponse:
    """下载: a streamed file under its name."""
    response = StreamingHttpResponse(chunks, content_type=TYPES[kind])
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _wanted(request: HttpRequest, values: Mapping[str, str], *, full: bool) -> export.Wanted:
    return export.Wanted(
        user_id=request.user.pk,
        sought=register.understand(values.get("q", "")),
        filters=register.filters_of(values),
        year=numbers.whole(values.get("year", "")),
        full=full,
        english=in_english(),
    )


def _page(request: HttpRequest, values: Mapping[str, str], problem: str = "") -> HttpResponse:
    text = values.get("q", "").strip()
    sought = register.understand(text)
    try:
        filters = register.filters_of(values)
    except JieduiError:
        filters = register.Filters()
        problem = problem or _("The address holds a filter, a place or a page that there is not.")
    total = register.count(request.user, sought, filters)
    chosen = [
        (one.title, label) for one in persons.choices(filters) for value, label in one.values if value == one.chosen
    ]
    carried = {"q": text, "place": filters.place, **filters.chosen}
    narrowed = bool(filters.chosen) or sought.kind not in ("", "place")
    context = {
        "problem": problem,
        "text": text,
        "sought": sought,
        "trail": persons.trail(filters.place),
        "chosen": chosen,
        "carried": {name: value for name, value in carried.items() if value},
        "asked": urlencode({name: value for name, value in carried.items() if value}),
        "total": total,
        "many": total is not None and total > register.COUNTED_TO and narrowed,
        "counted_to": register.COUNTED_TO,
        "fields": export.FIELDS,
        "sees_names": bool(request.user.sight().named),
        "reason": values.get("reason", ""),
        "year": values.get("year", ""),
    }
    return render(request, "web/export.html", context, status=400 if problem else 200)


_KINDS: Final = {"int": "int", "yuan": "decimal", "date": "date", "id_number": "id", "phone": "id"}


def columns(wanted: export.Wanted) -> list[sheets.Column]:
    """导出列: titles in the reader's language, numbers of households and people as text, so that none is rounded."""
    titles = wanted.schema().names
    return [
        sheets.Column(title, _KINDS.get(one.kind, "id" if one.numbered else "text"))
        for title, one in zip(titles, export.FIELDS, strict=True)
    ]


@dataclass
class _Counted:
    """逐批计数: passes batches on and counts their rows."""

    rows: int = 0

    def through(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            self.rows += batch.num_rows
            yield batch


def _noted(user: Any, wanted: export.Wanted, kind: str, reason: str) -> Iterator[bytes]:
    """The file's bytes; that it was made is written into the journal when it ends or breaks off.

    Full numbers are noted before the first one leaves as well: nobody gets any of them unseen.
    """
    told = _told(wanted, kind, reason)
    if wanted.full:
        journal.note_export(user, f"begun: {told}", 0, "")
    writer = sheets.xlsx_chunks if kind == "xlsx" else sheets.csv_chunks
    counted, digest, whole = _Counted(), hashlib.sha256(), False
    try:
        for chunk in writer(columns(wanted), counted.through(export.batches(wanted))):
            digest.update(chunk)
            yield chunk
        whole = True
    except JieduiError:
        if kind != "csv":  # a workbook without its end does not open; a text must say itself that it is no whole
            raise
        said = _("This file is not complete: my rights changed, or a row could not be read. Ask for it again.")
        yield f'"{said}"\r\n'.encode()
    finally:
        journal.note_export(user, told if whole else f"broken off: {told}", counted.rows, digest.hexdigest())


def _told(wanted: export.Wanted, kind: str, reason: str) -> str:
    """What was asked for; a number that was searched by is not repeated."""
    hidden = wanted.sought.kind in ("identity", "phone", "name")
    told = {
        "register": kind,
        "search": wanted.sought.kind if hidden else f"{wanted.sought.kind} {wanted.sought.text}".strip(),
        "place": wanted.filters.place,
        **wanted.filters.chosen,
        "year": wanted.year,
        "full": wanted.full,
        "reason": reason,
    }
    return json.dumps({name: value for name, value in told.items() if value}, ensure_ascii=False)
