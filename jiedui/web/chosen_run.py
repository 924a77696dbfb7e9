"""所看运行: the assessment that a page shows: the latest, or the one that the address names (`?run=<编号>`).

Reports print the number of their run, so an old report can be walked back with it.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from jiedui.results.models import Run
from jiedui.results.queries import runs


def of(request: HttpRequest) -> Run | None:
    """所看运行: the finished assessment asked for, else the latest; None where nothing was assessed.

    Raises:
        Http404: the address names none, or one that is no finished assessment.
    """
    asked = request.GET.get("run", "")
    if not asked:
        return runs.latest("assess")
    found = runs.finished("assess", _number(asked))
    if found is None:
        raise Http404(_("There is no finished assessment with this number."))
    return found


def context(request: HttpRequest, run: Run | None) -> dict[str, Any]:
    """页面事实: the run, and what its links carry (`run_query`) so that the walk stays in the run asked for."""
    asked = run is not None and bool(request.GET.get("run"))
    return {"run": run, "run_query": f"?run={run.pk}" if asked else ""}


def _number(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404(_("There is no finished assessment with this number.")) from None
