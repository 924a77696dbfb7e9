"""Trips: who joins, who starts, who takes over, and what undoing one gives back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from jiedui.errors import JieduiError
from jiedui.policy.rules import labour_steps
from jiedui.records import access
from jiedui.records.actions import labour_offers, labour_trips
from jiedui.records.models import DispatchTrip, JobOffer, Pairing
from jiedui.terms import codelists
from tests.records.labour_world import TODAY, World, raw_offer, user, world

pytestmark = [pytest.mark.django_db, pytest.mark.duty("labour.4")]
COUNTY = "530602"


@pytest.fixture
def made(db) -> World:
    """The labour chain's world."""
    return world()


def _as(reader, verb, *arguments, **given):
    with access.acting_as(reader):
        return verb(*arguments, by=reader, **given)


def _planned(made: World, *workers: int, **changed) -> DispatchTrip:
    trip = _as(
        made.home, labour_trips.plan, pairing=1, region_code=COUNTY, work_region_code="310115", departs_on=TODAY,
        details={"vehicle": "大巴", "transport_fen": 500_000}, **changed,
    )  # fmt: skip
    if workers:
        _as(made.home, labour_trips.add, trip, [raw_offer(worker, 1, "accepted") for worker in workers])
    return trip


def _states() -> list[str]:
    return list(JobOffer.objects.order_by("worker").values_list("state", flat=True))


def test_a_trip_from_the_list_to_the_hand_over(made):
    """Planned and filled at home, departed with everybody counted, taken over by the donor's bureau, then to work."""
    trip = _planned(made, 2, 5)
    assert _as(made.home, labour_trips.depart, trip) == 2
    assert (trip.state, trip.persons, _states()) == ("departed", 2, ["departed", "departed"])
    _as(made.bureau, labour_trips.receive, trip, picked_up_by="浦东人社局", arrived_on=TODAY)
    assert (DispatchTrip.objects.get().state, _states()) == ("arrived", ["departed", "departed"])
    one = JobOffer.objects.get(worker=2)
    _as(made.firm, labour_offers.start, one, started_on=TODAY, monthly_wage_fen=None)
    assert _states() == ["started", "departed"]
    with pytest.raises(JieduiError, match="does not become"):
        _as(made.home, labour_trips.cancel, trip, reason="late")


def test_only_accepted_offers_of_the_county_and_pairing_join_and_only_one_trip(made):
    """Another state, county, pairing or trip is refused by the verb, and by the database to the pages' role."""
    trip, other = _planned(made), _planned(made)
    pairing = Pairing.objects.create(
        donor_code="310000", recipient_code="530600", level="province_to_city", scheme="east_west", basis="b",
        valid_from=TODAY,
    )  # fmt: skip
    wrong = [
        raw_offer(2, 1, "offered"), raw_offer(4, 1, "accepted"), raw_offer(5, 1, "accepted", pairing_id=pairing.pk),
    ]  # fmt: skip
    for one in wrong:
        with pytest.raises(JieduiError, match=r"joins no trip|one county"):
            _as(made.home, labour_trips.add, trip, [one])
        with access.acting_as(made.home), pytest.raises(DatabaseError, match="trip takes"), transaction.atomic():
            JobOffer.objects.filter(pk=one.pk).update(dispatch_trip=trip)
    JobOffer.objects.all().delete()
    one = raw_offer(2, 1, "accepted")
    assert _as(made.home, labour_trips.add, trip, [one]) == 1
    with pytest.raises(JieduiError, match="another trip"):
        _as(made.home, labour_trips.add, other, [one])
    with pytest.raises(JieduiError, match="list of a trip"):
        _as(made.home, labour_offers.take_back_answer, one)
    assert _as(made.home, labour_trips.remove, trip, [one]) == 1
    assert _as(made.home, labour_trips.add, other, [one]) == 1


def test_a_trip_and_then_its_offers_are_locked_before_they_change(made):
    """In the order of the keys; the state of the trip is read under its lock, not from what the caller holds."""
    trip = _planned(made, 5, 2)
    for verb in (labour_trips.depart, lambda one, by: labour_trips.undo_departure(one, by=by, reason="wrong day")):
        with CaptureQueriesContext(connection) as told:
            _as(made.home, verb, trip)
        locking = [one["sql"] for one in told if "FOR NO KEY UPDATE" in one["sql"] or one["sql"].startswith("UPDATE")]
        assert 'FROM "records_dispatch_trip"' in locking[0]
        assert re.search(r'SELECT "records_job_offer"."job_offer_id" .*ORDER BY 1 ASC FOR', locking[1])
        assert locking[2].startswith("UPDATE")
    raw_offer(4, 1, answer_by=TODAY - timedelta(days=1))
    with access.acting_as(made.home), CaptureQueriesContext(connection) as told:
        assert labour_offers.lapse(by=made.home) == 1
    assert [one["sql"][:6] for one in told if "records_job_offer" in one["sql"]] == ["SELECT", "UPDATE"]


def test_a_list_stays_as_it_departed_whatever_the_caller_remembers(made):
    """Somebody else let the trip depart since it was looked at: nobody is added or taken off."""
    trip = _planned(made, 2)
    held = DispatchTrip.objects.get(pk=trip.pk)
    one = JobOffer.objects.get(worker=2)
    _as(made.home, labour_trips.depart, trip)
    for verb in (labour_trips.add, labour_trips.remove):
        with pytest.raises(JieduiError, match="its list stays"):
            _as(made.home, verb, held, [one])


def test_a_refusal_leaves_the_list(made):
    """Who says no after all is on no list any more, and is not counted."""
    trip = _planned(made, 2, 5)
    _as(made.home, labour_offers.refuse, JobOffer.objects.get(worker=2), "family")
    assert _as(made.home, labour_trips.depart, trip) == 1
    assert DispatchTrip.objects.get().persons == 1


def test_undone_or_cancelled_everybody_is_accepted_again(made):
    """A departure that was a mistake keeps the list; a cancelled trip frees it; once somebody works neither is left."""
    trip = _planned(made, 2, 5)
    _as(made.home, labour_trips.depart, trip)
    assert _as(made.home, labour_trips.undo_departure, trip, reason="wrong day") == 2
    assert (trip.state, trip.persons, _states()) == ("planned", 0, ["accepted", "accepted"])
    _as(made.home, labour_trips.depart, trip)
    assert _as(made.home, labour_trips.cancel, trip, reason="storm") == 2
    assert (trip.state, _states()) == ("cancelled", ["accepted", "accepted"])
    assert not JobOffer.objects.filter(dispatch_trip__isnull=False).exists()
    JobOffer.objects.all().delete()
    trip = _planned(made, 2, 5)
    _as(made.home, labour_trips.depart, trip)
    labour_offers.start(JobOffer.objects.get(worker=2), started_on=TODAY, monthly_wage_fen=None, by=made.home)
    for verb in (labour_trips.cancel, labour_trips.undo_departure):
        with pytest.raises(JieduiError, match="on the job"):
            _as(made.home, verb, trip, reason="storm")


@pytest.mark.parametrize("before", codelists.TRIP_STATE)
def test_every_step_that_the_table_has_not_is_refused(made, before):
    """By the verb in a sentence, and by the database to whoever writes."""
    verbs = {
        "departed": labour_trips.depart,
        "planned": lambda trip, by: labour_trips.undo_departure(trip, by=by, reason="wrong day"),
        "cancelled": lambda trip, by: labour_trips.cancel(trip, by=by, reason="storm"),
        "arrived": lambda trip, by: labour_trips.receive(trip, picked_up_by="x", arrived_on=TODAY, by=by),
    }
    for after, verb in verbs.items():
        legal = after in labour_steps.NEXT_OF_TRIP[before]
        for raw in (False, True):
            if raw and before == after:
                continue
            trip = DispatchTrip.objects.create(
                pairing_id=1, region_code=COUNTY, work_region_code="310115", departed_on=TODAY, persons=1, state=before,
            )  # fmt: skip
            raw_offer(2, 1, "departed" if before in ("departed", "arrived") else "accepted", dispatch_trip=trip)
            if raw:
                _raw(trip, after, legal)
            elif legal:
                _as(made.home, verb, trip)
            else:
                with pytest.raises(JieduiError, match="does not become"):
                    _as(made.home, verb, trip)
            assert DispatchTrip.objects.get(pk=trip.pk).state == (after if legal else before), (before, after, raw)
            JobOffer.objects.all().delete()


def _raw(trip: DispatchTrip, after: str, legal: bool) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        if legal:
            cursor.execute("UPDATE records_dispatch_trip SET state = %s WHERE dispatch_trip_id = %s", [after, trip.pk])
            return
        with pytest.raises(DatabaseError, match="does not become"), transaction.atomic():
            cursor.execute("UPDATE records_dispatch_trip SET state = %s WHERE dispatch_trip_id = %s", [after, trip.pk])


def test_each_verb_is_of_its_side(made):
    """The home county plans, fills, starts and cancels; the donor only takes over; nobody else does anything."""
    trip = _planned(made, 2)
    one = JobOffer.objects.get()
    others = [made.neighbour, made.donor, made.bureau, made.firm, user("recipient_office", "533300"), *made.readers]
    for reader in others:
        for act in (
            lambda by: labour_trips.plan(
                pairing=1, region_code=COUNTY, work_region_code="310115", departs_on=TODAY, by=by
            ),
            lambda by: labour_trips.add(trip, [one], by=by),
            lambda by: labour_trips.remove(trip, [one], by=by),
            lambda by: labour_trips.change(trip, by=by, vehicle="x"),
            lambda by: labour_trips.depart(trip, by=by),
            lambda by: labour_trips.cancel(trip, by=by, reason="because"),
        ):
            with pytest.raises(JieduiError, match=r"may not|no such"):
                _as(reader, act)
    _as(made.home, labour_trips.depart, trip)
    for reader in others:
        if reader not in (made.donor, made.bureau):
            with pytest.raises(JieduiError, match=r"may not|no such"):
                _as(reader, labour_trips.receive, trip, picked_up_by="x", arrived_on=TODAY)
    with access.acting_as(made.bureau):
        for changed in ({"state": "cancelled"}, {"vehicle": "x"}, {"state": "arrived", "persons": 9}):
            with pytest.raises(DatabaseError), transaction.atomic():
                DispatchTrip.objects.filter(pk=trip.pk).update(**changed)


def test_a_trip_needs_a_pairing_of_the_day_that_leads_there(made):
    """Another county, another place, a pairing that is over, a day to come, nobody on the list: told in words."""
    given = {"pairing": 1, "region_code": COUNTY, "work_region_code": "310115", "departs_on": TODAY}
    for changed, said in (
        ({"work_region_code": "440300"}, "does not bring"), ({"pairing": 3}, "does not bring"),
        ({"pairing": 99}, "does not bring"), ({"region_code": "530600"}, "no county"),
        ({"details": {"colour": "red"}}, "no detail"), ({"details": {"transport_fen": -1}}, "below nothing"),
    ):  # fmt: skip
        with pytest.raises(JieduiError, match=said):
            labour_trips.plan(**(given | changed), by=made.home)
    trip = labour_trips.plan(**given, by=made.home)
    with pytest.raises(JieduiError, match="Nobody is on the list"):
        labour_trips.depart(trip, by=made.home)
    with pytest.raises(JieduiError, match="still to come"):
        labour_trips.depart(trip, by=made.home, on=TODAY + timedelta(days=1))
    labour_trips.change(trip, by=made.home, departs_on=TODAY - timedelta(days=1), handed_over_by="李")
    assert (trip.departed_on, trip.handed_over_by) == (TODAY - timedelta(days=1), "李")
