"""推荐页: one offer: its steps as a time line, who and what, why, and the next steps that the reader may take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.policy.rules.labour_steps import NEXT
from jiedui.records.actions import labour_offers as actions
from jiedui.records.models import DispatchTrip, FollowUp, JobOffer, Placement, StayCheck, User, Worker
from jiedui.records.queries import labour
from jiedui.terms.codelists import LEAVING_REASON, REFUSAL_REASON
from jiedui.web import typed
from jiedui.web.pages import labour_entries, labour_rows, labour_why
from jiedui.web.templatetags.figures import label


@dataclass(frozen=True, slots=True)
class Step:
    """步骤: one point of the time line; `on` None = still to come or without a day."""

    on: date | None
    title: str
    detail: str = ""
    tone: str = ""


@serves("labour.3", "labour.4", "labour.5")
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, offer_id: int) -> HttpResponse:
    """推荐页; what is sent names its act."""
    offer = one(request.user, offer_id)
    if request.method == "GET":
        return _shown(request, offer)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404(_("There is no such act."))
    try:
        act(request, offer)
    except JieduiError as problem:
        return _shown(request, one(request.user, offer_id), problem)
    # the side of the work place sees an offer until it is withdrawn or becomes work
    if JobOffer.objects.visible_to(request.user).filter(pk=offer.pk).exists():
        return redirect("labour-offer", offer_id=offer.pk)
    return redirect("labour-placements" if act is _start else "labour-offers")


def one(user: Any, offer_id: int) -> JobOffer:
    """一条推荐: that the user may see, or 404."""
    offer = JobOffer.objects.visible_to(user).filter(pk=offer_id).first()
    if offer is None:
        raise Http404(_("There is no such offer in my scope."))
    return offer


def _shown(request: HttpRequest, offer: JobOffer, problem: JieduiError | None = None) -> HttpResponse:
    (line,) = labour_rows.offer_lines(request.user, [offer])
    placement = Placement.objects.visible_to(request.user).filter(job_offer_id=offer.pk).first()
    trip = DispatchTrip.objects.visible_to(request.user).filter(pk=offer.dispatch_trip_id).first()
    context = {
        "line": line,
        "offer": offer,
        "worker": Worker.objects.visible_to(request.user).filter(pk=offer.worker_id).first(),
        "placement": placement,
        "trip": trip,
        "steps": list(_steps(request.user, offer, trip, placement)),
        "run": labour_why.run_of(offer.run),
        "why": labour_why.of_offer(request.user, offer),
        "may": _may(offer, line.rights),
        "reasons": REFUSAL_REASON,
        "leaving": LEAVING_REASON,
        "today": date.today(),
        "problem": problem,
        "typed": request.POST if problem else {},
    }
    return render(request, "web/labour_offer.html", context, status=400 if problem else 200)


def _may(offer: JobOffer, rights: labour_rows.Rights) -> frozenset[str]:
    """What the reader may do next: a step that follows, by the side whose step it is."""
    following = NEXT.get(offer.state, frozenset())
    found = {
        "accept": rights.home and "accepted" in following and offer.state == "offered",
        "refuse": rights.home and "refused" in following,
        "withdraw": rights.any and "withdrawn" in following,
        "take_back": rights.home and "offered" in following,
        "start": rights.any and "started" in following,
        "leave": rights.any and "left" in following,
        "sheet": rights.home and offer.state == "offered",
    }
    return frozenset(name for name, allowed in found.items() if allowed)


def _steps(user: Any, offer: JobOffer, trip: DispatchTrip | None, placement: Placement | None) -> Iterator[Step]:
    by = User.objects.filter(pk=offer.entered_by_id).values_list("first_name", "username").first()
    made = _("from a matching run") if offer.run else _("by hand")
    yield Step(offer.offered_on, _("Offered"), " · ".join([made, *([by[0] or by[1]] if by else [])]))
    if offer.answered_on and offer.state != "offered":
        why = label(offer.refusal, "REFUSAL_REASON") if offer.refusal else ""
        yield Step(offer.answered_on, _("Said no") if offer.refusal else _("Said yes"), why)
    if offer.state in ("withdrawn", "lapsed"):
        yield Step(None, label(offer.state, "OFFER_STATE"))
    if trip is not None:
        yield from _journey(user, trip)
    if placement is not None:
        yield from _work(user, placement)


def _journey(user: Any, trip: DispatchTrip) -> Iterator[Step]:
    title = _("To depart") if trip.state == "planned" else _("Departed")
    yield Step(trip.departed_on, title, trip.vehicle or "", "care" if trip.state == "planned" else "")
    if trip.arrived_on:
        yield Step(trip.arrived_on, _("Handed over"), labour.trip_names(user, trip)["picked_up_by"])


def _work(user: Any, placement: Placement) -> Iterator[Step]:
    yield Step(placement.started_on, _("Started work"), label(placement.kind, "PLACEMENT_KIND"))
    checks: dict[date, list[str]] = {}
    for check in StayCheck.objects.visible_to(user).filter(placement_id=placement.pk).order_by("month", "pk"):
        checks.setdefault(check.month, []).append(label(check.evidence, "STAY_EVIDENCE"))
    for month, kinds in checks.items():
        yield Step(month, _("Month with evidence"), " · ".join(kinds))
    if placement.ended_on:
        why = label(placement.left_because, "LEAVING_REASON") if placement.left_because else ""
        yield Step(placement.ended_on, _("Left"), why)
    for done in FollowUp.objects.visible_to(user).filter(placement_id=placement.pk).order_by("done_on"):
        yield Step(done.done_on, _("Followed up"), label(done.outcome, "FOLLOW_UP"))


def _accept(request: HttpRequest, offer: JobOffer) -> None:
    actions.accept(offer, by=request.user)
    messages.success(request, _("The yes was noted."))


def _refuse(request: HttpRequest, offer: JobOffer) -> None:
    actions.refuse(offer, request.POST.get("refusal", ""), by=request.user)
    messages.success(request, _("The no was noted; the seat is free again."))


def _take_back(request: HttpRequest, offer: JobOffer) -> None:
    actions.take_back_answer(offer, by=request.user)
    messages.success(request, _("The answer was taken back; the offer is open again."))


def _withdraw(request: HttpRequest, offer: JobOffer) -> None:
    actions.withdraw(offer, by=request.user, reason=request.POST.get("reason", "").strip())
    messages.success(request, _("The offer was withdrawn."))


def _start(request: HttpRequest, offer: JobOffer) -> None:
    sent = request.POST
    started_on = typed.day(sent.get("started_on", "")) or date.today()
    actions.start(
        offer, started_on=started_on, monthly_wage_fen=labour_entries.fen(sent.get("wage", "")), by=request.user
    )
    messages.success(request, _("The start of work was confirmed."))


def _leave(request: HttpRequest, offer: JobOffer) -> None:
    placement = Placement.objects.visible_to(request.user).filter(job_offer_id=offer.pk).first()
    if placement is None:
        raise JieduiError("There is no placement of this offer.", remedy="Look at it again.")
    on = typed.day(request.POST.get("on", "")) or date.today()
    actions.leave(placement, on=on, because=request.POST.get("because", ""), by=request.user)
    messages.success(request, _("The leaving was noted; a follow-up within 72 hours waits in the list."))


_ACTS: Final[dict[str, Callable[[HttpRequest, JobOffer], None]]] = {
    "accept": _accept,
    "refuse": _refuse,
    "take_back": _take_back,
    "withdraw": _withdraw,
    "start": _start,
    "leave": _leave,
}
