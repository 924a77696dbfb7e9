"""办理: a page that shows on GET and does one of its acts on POST; a refusal shows the page again with the sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from jiedui.errors import JieduiError

Acts = Mapping[str, Callable[[HttpRequest], None]]
Shown = Callable[..., HttpResponse]
"""(request, problem=None) → the page."""


def answered(request: HttpRequest, acts: Acts, shown: Shown) -> HttpResponse:
    """答复: the page, or what `act` of the form says, and then the page anew; an act that is not there is not found."""
    if request.method == "GET":
        return shown(request)
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        raise Http404(_("There is no such act."))
    try:
        act(request)
    except JieduiError as problem:
        return shown(request, problem)
    return redirect(request.get_full_path())


def each(rows: Iterable[tuple[str, Any]], act: Callable[[Any], None]) -> tuple[list[tuple[str, JieduiError]], int]:
    """逐项办理: `act` on each row by itself; gives what was refused, by the row's name, and how many were done."""
    refused: list[tuple[str, JieduiError]] = []
    done = 0
    for name, row in rows:
        try:
            act(row)
        except JieduiError as problem:
            refused.append((name, problem))
        else:
            done += 1
    return refused, done
