"""佐证页: the rows behind one number. Rows outside the reader's scope are counted, never shown."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiedui.policy import clauses
from jiedui.policy.registry import serves
from jiedui.records.queries import pairing as pairings
from jiedui.records.queries import people, scopes
from jiedui.results import evidence
from jiedui.results.queries import assessment, lineage
from jiedui.web import chosen_run, network, numbers
from jiedui.web.templatetags import figures

PAGE_SIZE = 50


@serves("assessment.1", "assessment.2")
def page(request: HttpRequest, indicator: str, pairing_id: int, side: str) -> HttpResponse:
    """佐证页."""
    run = chosen_run.of(request)
    definition = assessment.definitions(run).get((indicator, side)) if run else None
    value = assessment.value(run, indicator, pairing_id, side) if definition else None
    pairing = next((one for one in pairings.edges() if one.pairing_id == pairing_id), None)
    if run is None or definition is None or value is None or pairing is None:
        raise Http404(_("There is no such number."))
    number = numbers.whole(request.GET.get("page", "")) or 1
    scope = scopes.by_table(request.user, pairing)
    start = (number - 1) * PAGE_SIZE
    rows, total = evidence.read(run, indicator, pairing_id, side, scope, offset=start, limit=PAGE_SIZE)
    book = clauses.load()
    duty = book.duty(definition.duty)
    context = {
        **chosen_run.context(request, run),
        "value": value,
        "definition": definition,
        "duty": duty,
        "clause": book.clause(duty.clause) if duty.clause else None,
        "edge": network.edge(pairing),
        "rows": rows,
        "seen": total,
        "hidden": value.evidence_rows - total,
        "in_money": bool(rows) and all(figures.is_money(row) for row in rows),
        "parts": any(row.get("part") for row in rows),
        "number": number,
        "previous": number - 1,
        "next": number + 1,
        "first": start + 1,
        "last": start + len(rows),
        "has_next": number * PAGE_SIZE < total,
        "lineage": lineage.of(run, definition),
        "openable": people.openable(request.user, (row["subject"] for row in rows)),
    }
    return render(request, "web/evidence.html", context)
