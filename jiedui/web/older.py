"""翻页: the newest rows first, a page at a time, each page beginning behind the last key of the one before.

Nobody is lost or shown twice while others write, and the tenth page costs what the first does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from jiedui.web import numbers


@dataclass(frozen=True, slots=True)
class Page:
    """一页: its rows; `before`: the key behind which the next one begins (None = none); `further`: not the first."""

    rows: list[Any]
    before: int | None
    further: bool


def page(request: HttpRequest, rows: QuerySet, size: int) -> Page:
    """取一页: of rows by falling key, behind what the address says under `before`."""
    before = numbers.whole_key(request.GET.get("before", ""))
    ordered = rows.order_by("-pk")
    found = list((ordered.filter(pk__lt=before) if before is not None else ordered)[: size + 1])
    shown = found[:size]
    return Page(shown, shown[-1].pk if len(found) > size else None, before is not None)
