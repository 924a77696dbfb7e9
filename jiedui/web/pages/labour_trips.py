"""组织输出页: the trips that the reader sees, and who said yes and is on none, by group, with the form to plan one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, QuerySet
from django.db.models.functions import Substr
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.records.access import within
from jiedui.records.actions import labour_trips as actions
from jiedui.records.models import DispatchTrip, JobOffer
from jiedui.records.queries import labour
from jiedui.terms.codelists import TRIP_STATE
from jiedui.terms.divisions import prefix
from jiedui.terms.scope import Scope
from jiedui.web import older, typed
from jiedui.web.pages import labour_entries

_PER_PAGE: Final = 40
_GROUPS: Final = 60
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Group:
    """待组织: how many of a county said yes to work at a place through a pairing, and are on no trip."""

    county: str
    work: str
    pairing_id: int
    number: int


@serves("labour.4")
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """组织输出页."""
    problem = None
    if request.method == "POST":
        try:
            trip = _plan(request)
        except JieduiError as error:
            problem = error
        else:
            messages.success(request, _("The trip is planned."))
            return redirect("labour-trip", trip_id=trip.pk)
    state = request.GET.get("state", "") if request.GET.get("state") in TRIP_STATE else ""
    rows = DispatchTrip.objects.visible_to(request.user)
    held = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    shown = older.page(request, rows.filter(state=state) if state else rows, _PER_PAGE)
    context = {
        "state": state,
        "states": [(name, labels, held.get(name, 0)) for name, labels in TRIP_STATE.items()],
        "trips": [
            (trip, members, labour.trip_names(request.user, trip))
            for trip, members in _with_members(request.user, shown.rows)
        ],
        "before": shown.before,
        "further": shown.further,
        "groups": _groups(request.user),
        "today": date.today(),
        "problem": problem,
        "typed": request.POST if problem else {},
    }
    return render(request, "web/labour_trips.html", context, status=400 if problem else 200)


def waiting(user: Any) -> QuerySet[JobOffer]:
    """待组织: offers of the reader's people who said yes, go through a pairing and are on no trip."""
    sight = user.sight()
    return JobOffer.objects.visible_to(user).filter(
        within(sight.office & sight.named, "region_code"),
        state="accepted",
        dispatch_trip=None,
        pairing__isnull=False,
    )


def _groups(user: Any) -> list[Group]:
    rows = waiting(user).order_by().annotate(county=Substr("region_code", 1, 6))
    counted = rows.values_list("county", "work_region_code", "pairing_id").annotate(Count("pk"))
    return [Group(*row) for row in sorted(counted, key=lambda row: (-row[3], *row[:3]))[:_GROUPS]]


def _with_members(user: Any, trips: list[DispatchTrip]) -> list[tuple[DispatchTrip, int]]:
    """A trip that departed says how many it took; of a planned one the list is counted."""
    planned = [trip.pk for trip in trips if trip.state == "planned"]
    rows = JobOffer.objects.visible_to(user).filter(dispatch_trip_id__in=planned).order_by()
    held = dict(rows.values_list("dispatch_trip_id").annotate(Count("pk")))
    return [(trip, held.get(trip.pk, 0) if trip.state == "planned" else trip.persons) for trip in trips]


def _plan(request: HttpRequest) -> DispatchTrip:
    """A trip for a group, with all of the group on its list if that was ticked."""
    sent = request.POST
    county, pairing = sent.get("county", ""), typed.number(sent.get("pairing", "")) or 0
    departs_on = typed.day(sent.get("departs_on", ""))
    if departs_on is None:
        raise JieduiError("A trip needs a day.", remedy="Give year-month-day.")
    with transaction.atomic():  # no trip without those who were to be on it
        trip = actions.plan(
            pairing=pairing,
            region_code=county,
            work_region_code=sent.get("work", ""),
            departs_on=departs_on,
            by=request.user,
            details=details(request),
        )
        if sent.get("all") == "1":
            here = waiting(request.user).filter(within(Scope.of([prefix(county)]), "region_code"))
            actions.add(
                trip, list(here.filter(pairing_id=pairing, work_region_code=trip.work_region_code)), by=request.user
            )
    return trip


def details(request: HttpRequest) -> dict[str, Any]:
    """批次说明: what was typed of vehicle, meeting point, who leads, and costs."""
    said = {name: request.POST.get(name, "").strip()[:_LONGEST] for name in actions.DETAILS if name != "transport_fen"}
    return {**said, "transport_fen": labour_entries.fen(request.POST.get("transport", ""))}
