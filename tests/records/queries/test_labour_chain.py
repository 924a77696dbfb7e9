"""What is to be done along the chain, counted by hand beside the queries; and the figures that are never added up."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiedui.policy import parameters
from jiedui.records import access
from jiedui.records.actions import labour_offers, labour_subsidies, labour_trips
from jiedui.records.models import (
    DuplicatePair,
    FollowUp,
    HouseholdYear,
    JobOffer,
    Pairing,
    Person,
    Placement,
    StayCheck,
    Worker,
)
from jiedui.records.queries import labour_chain, timeline
from jiedui.terms.periods import add_months
from tests.records.labour_world import ELSEWHERE, HOME, TODAY, World, raw_offer, world

pytestmark = [pytest.mark.django_db, pytest.mark.duty("labour.5")]
MONTH = TODAY.replace(day=1)
PROVING = ("certificate", "contract", "pay_flow", "insurance")


@pytest.fixture
def made(db) -> World:
    """The labour chain's world."""
    return world()


def _placed(worker_id: int, started_on: date, ended_on: date | None = None, **given) -> Placement:
    worker = Worker.objects.get(pk=worker_id)
    values = {
        "person_id": worker.person_id, "household_id": worker.household_id, "region_code": worker.region_code,
        "vacancy_id": 1, "pairing_id": 1, "work_region_code": "310115", "kind": "east", "started_on": started_on,
        "ended_on": ended_on,
    }  # fmt: skip
    return Placement.objects.create(**(values | given))


SPELLS = st.lists(
    st.tuples(
        st.integers(0, 9),  # months since the start
        st.none() | st.integers(-1, 3),  # months since the end, None = lasts
        st.lists(st.tuples(st.integers(0, 10), st.sampled_from([*PROVING, "phone"])), max_size=8, unique=True),
    ),
    max_size=4,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spells=SPELLS)
def test_who_is_due_for_a_check_is_who_the_rule_says(made, spells):
    """Lasting placements past a step of months with fewer proven ones; a phone call proves none: as counted by hand."""
    StayCheck.objects.all().delete()
    Placement.objects.all().delete()
    expected = {}
    for since, over, checks in spells:
        started = add_months(TODAY, -since)
        ended = None if over is None else max(started, add_months(TODAY, -over))
        row = _placed(2, started, ended)
        months = set()
        for ago, evidence in checks:
            month = add_months(MONTH, -ago)
            if month < started.replace(day=1) or (ended is not None and month >= ended):
                continue
            StayCheck.objects.create(placement=row, region_code=HOME, month=month, evidence=evidence)
            months |= {month} if evidence in PROVING else set()
        steps = [step for step in (1, 3, 6) if add_months(started, step) <= TODAY and len(months) < step]
        if steps and (ended is None or ended > TODAY):
            expected[row.pk] = (max(steps), len(months))
    found = list(labour_chain.due_checks(made.home))
    told = {row.pk: (labour_chain.step_due(row.started_on, row.proven, TODAY), row.proven) for row in found}
    assert told == expected
    assert labour_chain.due_checks(made.home).count() == len(expected)
    assert not labour_chain.due_checks(made.neighbour).exists()


def test_who_left_is_looked_after_within_the_hours_from_the_end_of_the_day(made):
    """The longest ago first, until somebody looked after them; who died needs nobody; hours by the parameter."""
    first = _placed(2, add_months(TODAY, -4), TODAY - timedelta(days=5), left_because="wage")
    second = _placed(5, add_months(TODAY, -4), TODAY, left_because=None)
    _placed(4, add_months(TODAY, -4), TODAY, left_because="died")
    _placed(1, add_months(TODAY, -4))
    assert list(labour_chain.not_followed_up(made.home)) == [first, second]
    with access.acting_as(made.home):
        labour_offers.follow_up(first, outcome="new_offer", by=made.home)
        assert list(labour_chain.not_followed_up(made.home)) == [second]
    assert FollowUp.objects.get().placement_id == first.pk
    hours = parameters.load(TODAY).value("labour.follow_up_hours")
    midnight = timezone.make_aware(datetime(2019, 6, 2))
    assert labour_chain.hours_left(date(2019, 6, 1), midnight) == hours == 72
    assert labour_chain.hours_left(date(2019, 6, 1), midnight + timedelta(hours=73)) == -1


def test_two_figures_count_each_person_once_and_stay_apart(made):
    """Through a pairing and at work today; away in the East by the register. Neither is a part of the other."""
    _placed(2, add_months(TODAY, -3), add_months(TODAY, -1))
    _placed(2, add_months(TODAY, -1))
    _placed(2, TODAY, vacancy_id=2)
    _placed(5, add_months(TODAY, -3), TODAY)
    _placed(4, TODAY, pairing_id=None)
    Worker.objects.filter(pk__in=(1, 2, 3)).update(work_status="away_east")
    assert labour_chain.two_figures(made.home) == labour_chain.Figures(through=1, east=2)
    assert labour_chain.two_figures(made.home, "533300") == labour_chain.Figures(through=0, east=1)
    assert labour_chain.two_figures(made.neighbour) == labour_chain.Figures(through=0, east=1)
    assert labour_chain.two_figures(made.rival) == labour_chain.Figures(through=1, east=0)  # whom it employs


def test_overdue_answers_come_longest_ago_first(made):
    """Those whose day is over, of the reader's people."""
    late = raw_offer(2, 1, answer_by=TODAY - timedelta(days=1))
    raw_offer(5, 1, answer_by=TODAY)
    longest = raw_offer(4, 2, pairing_id=None, answer_by=TODAY - timedelta(days=2))
    raw_offer(3, 2, "refused", pairing_id=3, answer_by=TODAY - timedelta(days=2))
    assert list(labour_chain.unanswered(made.home)) == [longest, late]
    assert not labour_chain.unanswered(made.neighbour).filter(pk=late.pk).exists()


def test_what_does_not_fit_is_listed_and_not_mended(made):
    """A placement of who left the register; two entries of one person who both work, whoever decided it and when."""
    gone, stays = _placed(2, TODAY), _placed(4, TODAY)
    Person.objects.filter(pk=gone.person_id).update(left_on=TODAY)
    assert list(labour_chain.lasting_after_leaving(made.home)) == [gone]
    assert not labour_chain.twice_engaged(made.home).exists()
    left, right = sorted((gone.person_id, stays.person_id))
    homes = dict(Person.objects.values_list("pk", "region_code"))
    DuplicatePair.objects.create(
        left_id=left, right_id=right, left_region=homes[left], right_region=homes[right], probability=1, evidence=[],
        decision="same",
    )  # fmt: skip
    with access.acting_as(made.home):
        assert labour_chain.twice_engaged(made.home).count() == 1
    assert not labour_chain.twice_engaged(made.neighbour).exists()
    Placement.objects.filter(pk=gone.pk).update(ended_on=TODAY)
    assert not labour_chain.twice_engaged(made.home).exists()
    assert not labour_chain.lasting_after_leaving(made.home).exists()


def test_a_persons_timeline_tells_the_chain(made):
    """Offer with its answer, trip, work, leaving, follow-up, subsidy, each with who entered it; others see none."""
    HouseholdYear.objects.update(year=TODAY.year, status="poor")
    one = labour_offers.offer(2, 1, by=made.home)
    labour_offers.accept(one, by=made.home)
    trip = labour_trips.plan(pairing=1, region_code="530602", work_region_code="310115", departs_on=TODAY, by=made.home)
    labour_trips.add(trip, [one], by=made.home)
    labour_trips.depart(trip, by=made.home)
    placed = labour_offers.start(one, started_on=TODAY, monthly_wage_fen=400_000, by=made.firm)
    labour_subsidies.approve([placed.pk], "stay", TODAY.year, by=made.home)
    labour_offers.leave(placed, on=TODAY, because="family", by=made.firm)
    labour_offers.follow_up(placed, outcome="stays_home", by=made.home)
    person = Person.objects.get(pk=one.person_id)
    told = {event.kind: event for event in timeline.of_person(made.home, person)}
    assert told["job_offer"].detail["offer"] == "left"
    assert told["placement"].detail["because"] == "family"
    assert (told["placement"].by, told["follow_up"].by) == (made.firm.username, made.home.username)
    assert told["dispatch_trip"].detail["trip"] == "departed"
    assert "subsidy" not in told  # too few months: nothing was approved
    with access.acting_as(made.neighbour):
        assert timeline.of_person(made.neighbour, person) == []


def test_nothing_of_a_pairing_that_is_over(made):
    """A donor's lists are empty from the day on which its pairing ends; the home's are not."""
    raw_offer(2, 1, answer_by=TODAY - timedelta(days=1))
    _placed(5, add_months(TODAY, -2))
    lists = (labour_chain.unanswered, labour_chain.due_checks)
    assert [rows(made.bureau).count() for rows in lists] == [1, 1]
    Pairing.objects.filter(pk=1).update(valid_to=TODAY)
    assert [rows(made.bureau).count() for rows in lists] == [0, 0]
    assert [rows(made.home).count() for rows in lists] == [1, 1]
    assert JobOffer.objects.filter(region_code=ELSEWHERE).count() == 0
