"""运行页: every computation with its lineage: from which snapshot, by which policy, code, parameters and seed."""

from __future__ import annotations

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from jiedui.policy.registry import serves
from jiedui.results.queries import runs
from jiedui.web.pages import reports


def page(request: HttpRequest) -> HttpResponse:
    """运行页."""
    return render(request, "web/runs.html", {"runs": runs.recent()})


@serves("assessment.1")
def detail(request: HttpRequest, run_id: str) -> HttpResponse:
    """一次运行."""
    run = runs.get(run_id)
    if run is None:
        raise Http404
    context = {
        "run": run,
        "parameters": json.dumps(run.parameters, ensure_ascii=False, indent=2, sort_keys=True),
        "files": reports.visible(request.user, run) if run.folder else [],
    }
    return render(request, "web/run.html", context)
