"""记录页: one row as it was entered, by whom and when, with links to what it refers to."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiedui.policy.registry import serves
from jiedui.records.queries import people, rows


@serves("goal.1", "funding.2")
def page(request: HttpRequest, table: str, key: str) -> HttpResponse:
    """记录页."""
    found = rows.find(request.user, table, key)
    if found is None:
        raise Http404(_("There is no such row, or it lies outside your scope."))
    members = people.members(request.user, int(found.key)) if found.table == "household" else []
    return render(request, "web/record.html", {"record": found, "members": members})
