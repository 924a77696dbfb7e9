"""户页: one household, as of today or of a year, with its members and what happened."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiedui.policy.registry import serves
from jiedui.records.queries import register, timeline
from jiedui.web import numbers
from jiedui.web.pages.persons import trail


@serves("goal.1", "goal.2")
def page(request: HttpRequest, household_id: int) -> HttpResponse:
    """户页."""
    household = register.household(request.user, household_id)
    if household is None:
        raise Http404(_("There is no such household, or it lies outside my scope."))
    years = timeline.years(request.user, household.pk)
    asked = numbers.whole(request.GET.get("year", ""))
    events = timeline.of_household(request.user, household)
    year = next((one for one in years if one.year == asked), None)
    members = register.members(request.user, household.pk, year.year if year else None)
    context = {
        "household": register.readable(request.user, household),
        "head": next((one for one in members if one.relation == "head"), None),
        "named": household.region_code in request.user.sight().named,
        "members": members,
        "years": years,
        "year": year,
        "stands": year or (years[0] if years else None),
        "events": events,
        "imports": timeline.imports(
            request.user,
            [event.import_id for event in events] + [one for held in years for one in held.imports],
        ),
        "trail": trail(household.region_code),
    }
    return render(request, "web/household.html", context)
