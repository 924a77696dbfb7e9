"""批次页: one trip with its list, departure and hand-over; and the list on paper, with room for two signatures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.records.access import within
from jiedui.records.actions import labour_trips as actions
from jiedui.records.models import DispatchTrip, JobOffer, Person
from jiedui.records.queries import batches, labour, register
from jiedui.terms import money
from jiedui.terms.divisions import prefix
from jiedui.terms.scope import Scope
from jiedui.web import typed
from jiedui.web.pages import labour_entries, labour_rows, labour_trips

_MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Seat:
    """名单行: one person of the list on paper."""

    number: int
    line: labour_rows.OfferLine
    village: str
    phone: str


@serves("labour.4")
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, trip_id: int) -> HttpResponse:
    """批次页; what is sent names its act."""
    trip = _one(request.user, trip_id)
    if request.method == "GET":
        return _shown(request, trip)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404(_("There is no such act."))
    try:
        act(request, trip)
    except JieduiError as problem:
        return _shown(request, _one(request.user, trip_id), problem)
    return redirect("labour-trip", trip_id=trip.pk)


@serves("labour.4")
@require_GET
def paper(request: HttpRequest, trip_id: int) -> HttpResponse:
    """批次名单: on paper, phones masked as everywhere."""
    trip = _one(request.user, trip_id)
    lines = labour_rows.offer_lines(request.user, _members(request.user, trip))
    named = request.user.sight().named
    persons = Person.objects.visible_to(request.user).in_bulk([line.offer.person_id for line in lines])
    villages = register.village_names({line.offer.region_code for line in lines})
    seats = [
        Seat(number, line, villages.get(line.offer.region_code, ""), _phone(persons.get(line.offer.person_id), named))
        for number, line in enumerate(lines, start=1)
    ]
    names = labour.trip_names(request.user, trip)
    context = {"trip": trip, "names": names, "seats": seats, "synthetic": batches.synthetic()}
    return render(request, "web/labour_trip_list.html", context)


def _phone(person: Person | None, named: Scope) -> str:
    return register.masked(person, "phone") if person is not None and person.region_code in named else ""


def _one(user: Any, trip_id: int) -> DispatchTrip:
    trip = DispatchTrip.objects.visible_to(user).filter(pk=trip_id).first()
    if trip is None:
        raise Http404(_("There is no such trip in my scope."))
    return trip


def _members(user: Any, trip: DispatchTrip) -> list[JobOffer]:
    return list(JobOffer.objects.visible_to(user).filter(dispatch_trip=trip).order_by("region_code", "pk")[:_MOST])


def _shown(request: HttpRequest, trip: DispatchTrip, problem: JieduiError | None = None) -> HttpResponse:
    sight = request.user.sight()
    home = trip.region_code in sight.office and trip.region_code in sight.named
    receives = trip.state == "departed" and (home or trip.work_region_code in sight.office)
    context = {
        "trip": trip,
        "names": labour.trip_names(request.user, trip),
        "lines": labour_rows.offer_lines(request.user, _members(request.user, trip)),
        "others": labour_rows.offer_lines(request.user, _others(request.user, trip)) if home else [],
        "home": home,
        "receives": receives,
        "today": date.today(),
        "problem": problem,
        "typed": request.POST if problem else {},
        "values": request.POST if problem and request.POST.get("act") == "change" else _values(trip),
    }
    return render(request, "web/labour_trip.html", context, status=400 if problem else 200)


def _values(trip: DispatchTrip) -> dict[str, str]:
    """The form's values of a trip as it stands."""
    return {
        "departs_on": trip.departed_on.isoformat(),
        "transport": "" if trip.transport_fen is None else money.yuan(trip.transport_fen),
        **{name: getattr(trip, name) or "" for name in actions.DETAILS if name != "transport_fen"},
    }


def _others(user: Any, trip: DispatchTrip) -> list[JobOffer]:
    """Who could still join a planned trip: those who said yes, of its county and pairing."""
    if trip.state != "planned":
        return []
    here = labour_trips.waiting(user).filter(within(Scope.of([prefix(trip.region_code)]), "region_code"))
    return list(here.filter(pairing_id=trip.pairing_id).order_by("work_region_code", "pk")[:_MOST])


def _ticked(request: HttpRequest) -> list[JobOffer]:
    wanted = labour_entries.keys(request.POST.getlist("offer"), _MOST)
    if not wanted:
        raise JieduiError("No offer was chosen.", remedy="Tick those that are meant.")
    return list(JobOffer.objects.visible_to(request.user).filter(pk__in=wanted))


def _add(request: HttpRequest, trip: DispatchTrip) -> None:
    number = actions.add(trip, _ticked(request), by=request.user)
    said = ngettext("%(number)s person is on the list.", "%(number)s persons are on the list.", number)
    messages.success(request, said % {"number": number})


def _remove(request: HttpRequest, trip: DispatchTrip) -> None:
    number = actions.remove(trip, _ticked(request), by=request.user)
    said = ngettext("%(number)s person is off the list.", "%(number)s persons are off the list.", number)
    messages.success(request, said % {"number": number})


def _change(request: HttpRequest, trip: DispatchTrip) -> None:
    day = typed.day(request.POST.get("departs_on", ""))
    actions.change(trip, by=request.user, departs_on=day, **labour_trips.details(request))
    messages.success(request, _("The trip was changed."))


def _depart(request: HttpRequest, trip: DispatchTrip) -> None:
    number = actions.depart(trip, by=request.user, on=typed.day(request.POST.get("on", "")))
    said = ngettext("%(number)s person departed.", "%(number)s persons departed.", number)
    messages.success(request, said % {"number": number})


def _undo(request: HttpRequest, trip: DispatchTrip) -> None:
    actions.undo_departure(trip, by=request.user, reason=request.POST.get("reason", ""))
    messages.success(request, _("The departure was taken back."))


def _receive(request: HttpRequest, trip: DispatchTrip) -> None:
    arrived = typed.day(request.POST.get("arrived_on", "")) or date.today()
    actions.receive(trip, picked_up_by=request.POST.get("picked_up_by", ""), arrived_on=arrived, by=request.user)
    messages.success(request, _("The hand-over was confirmed."))


def _cancel(request: HttpRequest, trip: DispatchTrip) -> None:
    number = actions.cancel(trip, by=request.user, reason=request.POST.get("reason", ""))
    said = ngettext(
        "The trip was cancelled; %(number)s person waits for another one.",
        "The trip was cancelled; %(number)s persons wait for another one.",
        number,
    )
    messages.success(request, said % {"number": number})


_ACTS: Final[dict[str, Callable[[HttpRequest, DispatchTrip], None]]] = {
    "add": _add,
    "remove": _remove,
    "change": _change,
    "depart": _depart,
    "undo": _undo,
    "receive": _receive,
    "cancel": _cancel,
}
