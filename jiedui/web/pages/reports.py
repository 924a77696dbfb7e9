"""报告页: the yearly reports and the national table of each assessment, to download."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiedui.policy.registry import serves
from jiedui.records.queries import pairing as pairings
from jiedui.reports import files
from jiedui.results.queries import runs
from jiedui.web import network

_CONTENT_TYPES: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@serves("assessment.4")
def page(request: HttpRequest) -> HttpResponse:
    """报告页."""
    edges = {edge.pairing_id: network.edge(edge) for edge in pairings.edges()}
    found = [
        (run, [(file, edges.get(file.pairing_id)) for file in files.listing(run)])
        for run in runs.recent()
        if run.kind == "assess" and run.status == "finished" and run.folder
    ]
    return render(request, "web/reports.html", {"runs": [one for one in found if one[1]], "today": date.today()})


def download(request: HttpRequest, run_id: str, name: str) -> HttpResponse:
    """下载: one report of a run; only names that the run's listing holds can be asked for."""
    run = runs.get(run_id)
    file = files.find(run, name) if run is not None and run.folder else None
    if file is None:
        raise Http404(_("There is no such report."))
    return FileResponse(
        file.path.open("rb"), as_attachment=True, filename=file.path.name, content_type=_CONTENT_TYPES[file.format]
    )
