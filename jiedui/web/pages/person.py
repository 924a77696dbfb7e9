"""人员页: one person of the register, as of today or of a year, with the household and what happened."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiedui.policy.registry import serves
from jiedui.records.queries import register, timeline
from jiedui.web import numbers
from jiedui.web.pages.persons import trail


@serves("goal.1", "goal.2", "labour.1")
def page(request: HttpRequest, person_id: int) -> HttpResponse:
    """人员页."""
    person = register.person(request.user, person_id)
    if person is None:
        raise Http404(_("There is no such person, or the person lives outside my scope."))
    named = person.region_code in request.user.sight().named
    (line,) = register.lines(request.user, [person])
    years = timeline.years(request.user, person.household_id, person.pk)
    asked = numbers.whole(request.GET.get("year", ""))
    year = next((one for one in years if one.year == asked), None)
    stands = year or (years[0] if years else None)
    events = timeline.of_person(request.user, person)
    household = register.household(request.user, person.household_id)
    facts = register.readable(request.user, person)
    context = {
        "person": facts,
        "line": line,
        "named": named,
        "id_masked": line.id_masked,
        "phone_masked": register.masked(person, "phone") if named else "",
        "household": register.readable(request.user, household) if household else None,
        "members": register.members(request.user, person.household_id, year.year if year else None),
        "years": years,
        "year": year,
        "shown_person": year.person if year else facts,
        "shown_year": stands.person if stands else None,
        "shown_house": stands.household if stands else None,
        "events": events,
        "imports": timeline.imports(
            request.user,
            [event.import_id for event in events] + [one for held in years for one in held.imports],
        ),
        "trail": trail(person.region_code),
    }
    return render(request, "web/person.html", context)
