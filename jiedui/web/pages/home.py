"""首页: the pairings as a picture and as a list, the key figures, and what waits for the reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiedui.policy.registry import serves
from jiedui.records.queries import pairing as pairings
from jiedui.records.queries import poverty, programme
from jiedui.reports import charts
from jiedui.results.models import PairScore, Run
from jiedui.results.queries import assessment, findings, proposals, runs
from jiedui.terms.codelists import PAIR_LEVEL
from jiedui.web import network
from jiedui.web.templatetags.figures import spoken

_TASKS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class PairLine:
    """列表行: one pairing with the scores of both sides in the latest assessment."""

    edge: network.Edge
    donor: PairScore | None
    recipient: PairScore | None


@serves("pairing.1", "pairing.3", "goal.2")
def page(request: HttpRequest) -> HttpResponse:
    """首页."""
    run = runs.latest("assess")
    on = runs.last_day(run) or date.today()
    current = network.on_day(pairings.edges(), on)
    scores = assessment.scores(run) if run else {}
    lines = [
        PairLine(edge, scores.get((edge.pairing_id, "donor", "")), scores.get((edge.pairing_id, "recipient", "")))
        for edge in current.edges
    ]
    years = poverty.by_year(request.user)
    delisted, poor_counties = poverty.delisted(on.year)
    arcs = network.arcs(current.edges, {level: spoken(titles) for level, titles in PAIR_LEVEL.items()})
    context = {
        "on": on,
        "network": current,
        "lines": lines,
        "option": charts.network(arcs, donor_label=_("Donor"), recipient_label=_("Recipient")),
        "status": next((year for year in reversed(years) if year.year <= on.year), None),
        "delisted": delisted,
        "poor_counties": poor_counties,
        "run": run,
        "waiting": _waiting(request, run, current, on),
    }
    return render(request, "web/home.html", context)


def _waiting(request: HttpRequest, run: Run | None, current: network.Network, on: date) -> dict[str, Any]:
    """What waits for the reader: findings and tasks of the pairs that the reader sees, and proposals to decide."""
    sight = request.user.sight()
    seen = [
        edge.pairing
        for edge in current.edges
        if edge.pairing.donor_code in sight.pairs or edge.pairing.recipient_code in sight.pairs
    ]
    match = runs.latest_match(request.user, "labour")
    tasks = programme.open_tasks(request.user, on)
    found = findings.of_pairs(run, request.user, seen) if run else None
    proposed = proposals.count(match, request.user) if match else 0
    return {
        "tasks": tasks[:_TASKS_SHOWN],
        "task_count": tasks.count(),
        "late_count": tasks.filter(due_on__lt=on).count(),
        "finding_count": found.exclude(severity="note").count() if found is not None else 0,
        "findings": list(found.exclude(severity="note")[:_TASKS_SHOWN]) if found is not None else [],
        "proposal_count": proposals.COUNTED_TO if proposed is None else proposed,
        "proposals_beyond": proposed is None,
    }
