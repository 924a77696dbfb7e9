"""报告页: the yearly reports and the national table of each assessment, to download.

A pair's yearly report tells its findings row by row, so it is for those who see the pair's work; the national table
has indicator values only and is open.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiedui.policy.registry import serves
from jiedui.records.queries import pairing as pairings
from jiedui.reports import files
from jiedui.results.models import Run
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
        (run, [(file, edges.get(file.pairing_id)) for file in visible(request.user, run)])
        for run in runs.recent()
        if run.kind == "assess" and run.status == "finished" and run.folder
    ]
    return render(request, "web/reports.html", {"runs": [one for one in found if one[1]], "today": date.today()})


def visible(user: Any, run: Run) -> list[files.ReportFile]:
    """可下载: the reports of a run that the user may read."""
    pairs = user.sight().pairs
    own = {one.pairing_id for one in pairings.edges() if one.donor_code in pairs or one.recipient_code in pairs}
    return [file for file in files.listing(run) if file.pairing_id is None or file.pairing_id in own]


def download(request: HttpRequest, run_id: str, name: str) -> HttpResponse:
    """下载: one report of a run; only names among those that the reader may read can be asked for."""
    run = runs.get(run_id)
    file = files.find(run, name) if run is not None and run.folder else None
    if run is None or file is None or file not in visible(request.user, run):
        raise Http404(_("There is no such report."))
    return FileResponse(
        file.path.open("rb"), as_attachment=True, filename=file.path.name, content_type=_CONTENT_TYPES[file.format]
    )
