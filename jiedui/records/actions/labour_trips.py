"""组织输出: a trip from one home county to the places of work of one pairing: list, departure, hand-over.

planned → departed | cancelled; departed → arrived | cancelled | planned (undo). An office of the home county plans,
fills, starts and cancels; the side of the place of work takes over, or the home where it has no user.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from jiedui.errors import JieduiError
from jiedui.policy.registry import implements
from jiedui.policy.rules import labour_steps
from jiedui.records import access
from jiedui.records.actions.labour_offers import move_all
from jiedui.records.actions.labour_rights import lock_offers, refuse_future, require, require_reason, written
from jiedui.records.models import DispatchTrip, JobOffer, Pairing, User
from jiedui.terms import codelists
from jiedui.terms.divisions import prefix

DETAILS: Final = ("transport_fen", "vehicle", "meeting_point", "handed_over_by")
"""What may be said of a trip besides where and when."""


@implements("labour.4")
def plan(
    *,
    pairing: Pairing | int,
    region_code: str,
    work_region_code: str,
    departs_on: date,
    by: User,
    details: Mapping[str, Any] | None = None,
) -> DispatchTrip:
    """计划批次: nothing → planned; an office of the home county. `details` under the names of `DETAILS`.

    Raises:
        JieduiError: another side, a county that is none (6 digits), a pairing that does not hold on the day or does not
            bring this county to this place, an unknown detail or costs below nothing.
    """
    _require_county(by, region_code)
    edge = Pairing.objects.filter(pk=pairing if isinstance(pairing, int) else pairing.pk).first()
    if edge is None or not _brings(edge, region_code, work_region_code, departs_on):
        raise JieduiError(
            f"This pairing does not bring {region_code} to {work_region_code} on {departs_on}.",
            remedy="Choose a pairing of the day, and a place of work inside its donor.",
        )
    said = _details(details or {})
    with written(by, "trip"):
        return DispatchTrip.objects.create(
            pairing=edge, region_code=region_code, work_region_code=work_region_code, departed_on=departs_on,
            persons=0, state="planned", entered_by=by, **said,
        )  # fmt: skip


@implements("labour.4")
def change(trip: DispatchTrip, *, by: User, departs_on: date | None = None, **details: Any) -> DispatchTrip:
    """更改批次: day and details of a planned trip; an office of the home county.

    Raises:
        JieduiError: another side, a trip that departed or was cancelled, or a wrong detail.
    """
    stored = _home_trip(trip, by)
    _require_state(stored, "planned")
    said = _details(details) | ({"departed_on": departs_on} if departs_on else {})
    with written(by, "trip changed"):
        _update(stored, said)
    trip.refresh_from_db()
    return trip


@implements("labour.4")
def add(trip: DispatchTrip, offers: Iterable[JobOffer], *, by: User) -> int:
    """加入批次: accepted offers of the trip's county and pairing; an office of the home county. Tells how many.

    Raises:
        JieduiError: another side, a trip that is not planned, or an offer that is not accepted, of another county or
            pairing, or on another trip; nobody is added then.
    """
    _home_trip(trip, by)
    wanted = {offer.pk for offer in offers}
    with written(by, f"trip {trip.pk}"):
        stored = _locked(trip)
        _require_state(stored, "planned")
        lock_offers(JobOffer.objects.filter(pk__in=wanted))
        found = list(JobOffer.objects.visible_to(by).filter(pk__in=wanted))
        if len(found) != len(wanted):
            raise JieduiError("One of these offers is not among those that you see.", remedy="Look at the list again.")
        for offer in found:
            _require_fits(stored, offer)
        rows = JobOffer.objects.filter(pk__in=wanted, state="accepted").exclude(dispatch_trip__isnull=False)
        rows = rows | JobOffer.objects.filter(pk__in=wanted, state="accepted", dispatch_trip=stored)
        if rows.update(dispatch_trip=stored) != len(wanted):
            raise JieduiError("Somebody changed one of these offers just now.", remedy="Look at the list again.")
    return len(wanted)


@implements("labour.4")
def remove(trip: DispatchTrip, offers: Iterable[JobOffer], *, by: User) -> int:
    """移出批次: off the list of a planned trip; the offers stay accepted; an office of the home county."""
    _home_trip(trip, by)
    wanted = {offer.pk for offer in offers}
    with written(by, f"off trip {trip.pk}"):
        stored = _locked(trip)
        _require_state(stored, "planned")
        lock_offers(JobOffer.objects.filter(pk__in=wanted))
        rows = JobOffer.objects.filter(pk__in=wanted, dispatch_trip=stored, state="accepted")
        return rows.update(dispatch_trip=None)


@implements("labour.4")
def depart(trip: DispatchTrip, *, by: User, on: date | None = None) -> int:
    """出发: planned → departed, its accepted offers → departed, persons counted; an office of the home county.

    Raises:
        JieduiError: another side, another state, nobody on the list, or a day to come.
    """
    _home_trip(trip, by)
    with written(by, f"trip {trip.pk} departs"):
        stored = _locked(trip)
        day = on or min(stored.departed_on, date.today())
        refuse_future(day, "The day of departure")
        _require_follows(stored, "departed")
        lock_offers(JobOffer.objects.filter(dispatch_trip=stored))
        members = list(JobOffer.objects.filter(dispatch_trip=stored, state="accepted"))
        if not members:
            raise JieduiError("Nobody is on the list of this trip.", remedy="Add those who go.")
        _step(stored, "departed", departed_on=day, persons=len(members))
        move_all(members, "departed")
    trip.refresh_from_db()
    return len(members)


@implements("labour.4")
def undo_departure(trip: DispatchTrip, *, by: User, reason: str) -> int:
    """撤销出发: departed → planned, those who have not started → accepted; an office of the home county."""
    return _back(trip, "planned", by, reason, keep=True)


@implements("labour.4")
def receive(trip: DispatchTrip, *, picked_up_by: str, arrived_on: date, by: User) -> DispatchTrip:
    """交接: departed → arrived; an office of the place of work, or the home where that side has no user.

    The offers stay departed until each starts work.

    Raises:
        JieduiError: another side, another state, nobody who picked up, or a day to come or before departure.
    """
    stored = _seen(trip, by)
    sight = access.sight_of(by, date.today())
    require(
        stored.work_region_code in sight.office or _is_home(stored, by),
        "an office of the place of work, or of the home",
    )
    if not picked_up_by.strip():
        raise JieduiError("Somebody picked them up.", remedy="Give the name or the office.")
    refuse_future(arrived_on, "The day of arrival")
    if arrived_on < stored.departed_on:
        raise JieduiError("Nobody arrives before departure.", remedy="Correct the day.")
    with written(by, f"trip {stored.pk} arrived"):
        _step(stored, "arrived", picked_up_by=picked_up_by.strip()[:100], arrived_on=arrived_on)
    trip.refresh_from_db()
    return trip


@implements("labour.4")
def cancel(trip: DispatchTrip, *, by: User, reason: str) -> int:
    """取消批次: planned or departed → cancelled, its offers → accepted and off the list; an office of the home county.

    Raises:
        JieduiError: another side, another state, no reason, or somebody of it has started work.
    """
    return _back(trip, "cancelled", by, reason, keep=False)


def _back(trip: DispatchTrip, state: str, by: User, reason: str, *, keep: bool) -> int:
    said = require_reason(reason)
    _home_trip(trip, by)
    with written(by, said):
        stored = _locked(trip)
        _require_follows(stored, state)
        lock_offers(JobOffer.objects.filter(dispatch_trip=stored))
        members = JobOffer.objects.filter(dispatch_trip=stored)
        if members.filter(state="started").exists():
            raise JieduiError("Somebody of this trip is on the job.", remedy="It took place; end the placements.")
        _step(stored, state, **({"persons": 0} if keep else {}))
        gone = list(members.filter(state="departed"))
        if gone:
            move_all(gone, "accepted")
        accepted = members.filter(state="accepted")
        back = accepted.count() if keep else accepted.update(dispatch_trip=None)
    trip.refresh_from_db()
    return back


def _require_follows(stored: DispatchTrip, state: str) -> None:
    if not labour_steps.may_follow(stored.state, state, labour_steps.NEXT_OF_TRIP):
        before, after = (codelists.TRIP_STATE[one][1] for one in (stored.state, state))
        raise JieduiError(f"A trip that is {before} does not become {after}.", remedy="Look at the trip again.")


def _step(stored: DispatchTrip, state: str, **fields: Any) -> None:
    _require_follows(stored, state)
    _update(stored, {"state": state, **fields})


def _update(stored: DispatchTrip, fields: Mapping[str, Any]) -> None:
    if fields and not DispatchTrip.objects.filter(pk=stored.pk, state=stored.state).update(**fields):
        raise JieduiError("Somebody changed this trip just now.", remedy="Look at it again.")


def _seen(trip: DispatchTrip, by: User) -> DispatchTrip:
    found = DispatchTrip.objects.visible_to(by).filter(pk=trip.pk).first()
    if found is None:
        raise JieduiError("There is no such trip among those that you see.", remedy="Look at the list again.")
    return found


def _locked(trip: DispatchTrip) -> DispatchTrip:
    """The trip as it is now, until the transaction ends: nobody fills a list while it departs. Trips are locked before
    their offers.
    """
    found = DispatchTrip.objects.filter(pk=trip.pk).select_for_update(no_key=True, of=("self",)).first()
    if found is None:
        raise JieduiError("There is no such trip among those that you see.", remedy="Look at the list again.")
    return found


def _home_trip(trip: DispatchTrip, by: User) -> DispatchTrip:
    stored = _seen(trip, by)
    require(_is_home(stored, by), "an office of the home county")
    return stored


def _is_home(trip: DispatchTrip, by: User) -> bool:
    sight = access.sight_of(by, date.today())
    return trip.region_code in sight.office and trip.region_code in sight.named


def _require_county(by: User, region_code: str) -> None:
    if len(region_code) != 6 or prefix(region_code) != region_code:
        raise JieduiError(f"{region_code} is no county.", remedy="Give the six digits of the home county.")
    sight = access.sight_of(by, date.today())
    require(region_code in sight.office and region_code in sight.named, "an office of the home county")


def _require_state(trip: DispatchTrip, state: str) -> None:
    if trip.state != state:
        before = codelists.TRIP_STATE[trip.state][1]
        raise JieduiError(f"The trip is {before}; its list stays as it is.", remedy="Plan another trip.")


def _require_fits(trip: DispatchTrip, offer: JobOffer) -> None:
    if offer.state != "accepted":
        state = codelists.OFFER_STATE[offer.state][1]
        raise JieduiError(f"An offer that is {state} joins no trip.", remedy="Add those who said yes.")
    if offer.dispatch_trip_id not in (None, trip.pk):
        raise JieduiError("One of the workers is on another trip.", remedy="Take the worker off that one first.")
    if offer.region_code[:6] != trip.region_code or offer.pairing_id != trip.pairing_id:
        raise JieduiError(
            "A trip takes workers of one county to the places of work of one pairing.", remedy="Plan another trip."
        )


def _brings(edge: Pairing, home: str, work_place: str, day: date) -> bool:
    held = edge.valid_from <= day and (edge.valid_to is None or day < edge.valid_to)
    recipient = prefix(edge.recipient_code)
    near = home.startswith(recipient) or recipient.startswith(home)
    return held and near and work_place.startswith(prefix(edge.donor_code))


def _details(details: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := details.keys() - set(DETAILS):
        raise JieduiError(f"There is no detail {min(unknown)!r} of a trip.", remedy=f"Details: {', '.join(DETAILS)}.")
    if (details.get("transport_fen") or 0) < 0:
        raise JieduiError("Costs are not below nothing.", remedy="Correct the amount.")
    return {name: value if value != "" else None for name, value in details.items()}
