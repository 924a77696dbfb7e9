"""Signing: what an officer's signature makes of proposals, whom it leaves out and why, and that no seat goes twice."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiedui.errors import JieduiError
from jiedui.policy import parameters
from jiedui.records import access
from jiedui.records.actions import duplicates, labour_offers, labour_vacancies
from jiedui.records.actions.labour_offers import Proposed
from jiedui.records.models import DuplicatePair, JobOffer, Pairing, Person, Placement, Vacancy, Worker
from jiedui.records.queries import labour_chain
from jiedui.terms.divisions import prefix
from tests.records.labour_world import ELSEWHERE, HOME, TODAY, World, offer, raw_offer, user, world

pytestmark = [pytest.mark.django_db, pytest.mark.duty("labour.3")]


@pytest.fixture
def made(db) -> World:
    """The labour chain's world."""
    return world()


def _reasons(signed) -> dict[int, str]:
    return {one.worker_id: one.reason for one in signed.left_out}


def _sign(made: World, *pairs: tuple[int, int], by=None):
    reader = by or made.home
    with access.acting_as(reader):
        return labour_offers.sign(uuid.uuid4(), [Proposed(*pair) for pair in pairs], by=reader)


def test_an_offer_says_what_was_proposed_by_whom_and_until_when(made):
    """Run, pairing of the day, home and work place, the day of answer by the parameter, and who entered it."""
    run = uuid.uuid4()
    with access.acting_as(made.home):
        signed = labour_offers.sign(run, iter([Proposed(2, 1), Proposed(4, 2)]), by=made.home)
    assert (signed.offers, signed.left_out) == (2, ())
    one, other = JobOffer.objects.order_by("worker")
    assert (one.run, one.pairing_id, one.work_region_code, one.entered_by) == (str(run), 1, "310115", made.home)
    days = parameters.load(TODAY).value("labour.offer_answer_days")
    assert (one.offered_on, one.answer_by) == (TODAY, TODAY + timedelta(days=days))
    assert other.pairing_id is None  # 怒江 is helped by 珠海, not by 上海


def test_whoever_cannot_be_offered_anything_is_left_out_with_the_reason(made):
    """Other homes, the dead, the unwilling, the engaged; vacancies that are gone, withdrawn, unconfirmed, closed."""
    person = {row.pk: row.person_id for row in Worker.objects.all()}
    Worker.objects.filter(pk=1).update(willing=False)
    Person.objects.filter(pk=person[2]).update(left_on=TODAY)
    raw_offer(4, 2)
    assert _reasons(_sign(made, (1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (5, 2), (99, 1))) == {
        1: "unwilling", 2: "left_register", 3: "not_here", 4: "open_offer", 5: "twice", 99: "not_here",
    }  # fmt: skip
    JobOffer.objects.all().delete()
    for changed, reason in (
        ({"state": "withdrawn"}, "vacancy_withdrawn"), ({"state": "reported"}, "vacancy_unchecked"),
        ({"state": "checked", "open_to": TODAY - timedelta(days=1)}, "vacancy_closed"),
        ({"open_to": TODAY + timedelta(days=9), "open_from": TODAY + timedelta(days=1)}, "vacancy_not_open"),
        ({"open_to": TODAY, "open_from": TODAY, "seats": 0}, "vacancy_full"),
    ):  # fmt: skip
        Vacancy.objects.filter(pk=1).update(**changed)
        assert _reasons(_sign(made, (5, 1))) == {5: reason}
    assert _reasons(_sign(made, (5, 77))) == {5: "vacancy_gone"}
    assert not JobOffer.objects.exists()


def test_a_placement_that_lasts_leaves_out_wherever_it_was_entered(made):
    """Also one that the officer does not see, because the person lived elsewhere when it was entered."""
    worker = Worker.objects.get(pk=5)
    Placement.objects.create(
        person_id=worker.person_id, household_id=worker.household_id, region_code=ELSEWHERE, kind="other",
        work_region_code="330106", started_on=date(2020, 1, 1), ended_on=TODAY + timedelta(days=1),
    )  # fmt: skip
    assert _reasons(_sign(made, (5, 1))) == {5: "in_work"}
    Placement.objects.update(ended_on=TODAY)
    assert _sign(made, (5, 1)).offers == 1


def _same(one: int, other: int) -> None:
    rows = {row.pk: row for row in Person.objects.filter(pk__in=(one, other))}
    DuplicatePair.objects.create(
        left_id=min(one, other), right_id=max(one, other), left_region=rows[min(one, other)].region_code,
        right_region=rows[max(one, other)].region_code, probability=1, evidence=[], decision="same",
    )  # fmt: skip


def test_the_second_entry_of_one_person_is_left_out(made):
    """Whoever was registered first is signed, also when proposed second; across the border of what the officer sees,
    an entry whose other entry has an offer is left out.
    """
    first, second = (Worker.objects.get(pk=pk).person_id for pk in (2, 5))
    _same(first, second)
    assert _reasons(_sign(made, (5, 1), (2, 1))) == {5: "same_person"}
    assert list(JobOffer.objects.values_list("worker", flat=True)) == [2]
    far, near = (Worker.objects.get(pk=pk).person_id for pk in (3, 4))
    _same(far, near)
    raw_offer(3, 2)
    assert _reasons(_sign(made, (4, 1))) == {4: "same_person"}


def test_two_open_offers_of_one_person_become_one_when_the_decision_is_settled(made):
    """The second entry leaves the register, its offer is withdrawn and its seat is free; the first one's stands."""
    first, second = offer(made, 2), offer(made, 5)
    _same(first.person_id, second.person_id)
    DuplicatePair.objects.update(decided_by=made.home)
    assert labour_chain.twice_engaged(made.home).count() == 1
    assert duplicates.settle(DuplicatePair.objects.get().pk)
    assert [JobOffer.objects.get(pk=one.pk).state for one in (first, second)] == ["offered", "withdrawn"]
    assert not labour_chain.twice_engaged(made.home).exists()
    assert _reasons(_sign(made, (5, 1))) == {5: "left_register"}


def test_nobody_signs_for_workers_of_others(made):
    """The donor, the firm, another home's office and those who look on sign nothing, by verb and by raw SQL."""
    for reader in (made.neighbour, made.donor, made.bureau, made.firm, *made.readers):
        with pytest.raises(JieduiError, match="may not offer work"):
            _sign(made, (2, 1), by=reader)
    assert not JobOffer.objects.exists()


def test_a_vacancy_withdrawn_between_proposal_and_offer(made):
    """The firm withdraws: open offers go, those at work stay, and the signature leaves out the rest."""
    started = raw_offer(4, 1, "started")
    one = offer(made)
    with access.acting_as(made.firm):
        assert labour_vacancies.withdraw(made.vacancy, by=made.firm, reason="no orders") == 1
    assert [JobOffer.objects.get(pk=row.pk).state for row in (one, started)] == ["withdrawn", "started"]
    assert _reasons(_sign(made, (5, 1))) == {5: "vacancy_withdrawn"}


def test_seats_never_shrink_below_what_is_held(made):
    """Fewer seats than offers and placements are refused in words, and by the database to raw SQL."""
    _sign(made, (2, 1), (5, 1))
    with access.acting_as(made.firm):
        with pytest.raises(JieduiError, match="2 seats are held"):
            labour_vacancies.change(made.vacancy, {"seats": 1}, by=made.firm)
        labour_vacancies.change(made.vacancy, {"seats": 2}, by=made.firm)
    with pytest.raises(Exception, match="more than 1 seats"), transaction.atomic():
        Vacancy.objects.filter(pk=1).update(seats=1)
    assert _reasons(_sign(made, (4, 1))) == {4: "vacancy_full"}


EDGES = st.lists(
    st.tuples(
        st.sampled_from(["310000", "310115", "440000", "330100"]),
        st.sampled_from(["530000", "530600", "530602", "520000"]),
        st.sampled_from([TODAY - timedelta(days=9), TODAY + timedelta(days=1)]),
        st.sampled_from([None, TODAY, TODAY + timedelta(days=9)]),
    ).filter(lambda edge: edge[3] is None or edge[2] < edge[3]),
    max_size=6, unique_by=lambda edge: edge[:2],
)  # fmt: skip


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held=EDGES)
def test_the_pairing_is_the_most_specific_one_of_the_day(made, held):
    """Of the edges that hold today and bring HOME to 310115: recipient first, then donor; none where none does.

    An edge whose place a more specific edge gave to another donor brings nobody.
    """
    Pairing.objects.filter(pk__gt=3).delete()
    Pairing.objects.filter(pk__lte=3).update(valid_to=date(2017, 1, 1))
    stored = [
        Pairing.objects.create(
            donor_code=donor, recipient_code=recipient, level="city_to_city", scheme="east_west", basis="b",
            valid_from=since, valid_to=until,
        )
        for donor, recipient, since, until in held
    ]  # fmt: skip
    today = [e for e in stored if e.valid_from <= TODAY and (e.valid_to is None or e.valid_to > TODAY)]
    reaching = [e for e in today if HOME.startswith(prefix(e.recipient_code))]
    fitting = [
        e for e in reaching
        if "310115".startswith(prefix(e.donor_code))
        and any(o.donor_code == e.donor_code and not _given_away(o, today) for o in reaching)
    ]  # fmt: skip
    wanted = max(fitting, default=None, key=lambda e: (len(prefix(e.recipient_code)), len(prefix(e.donor_code)), -e.pk))
    with transaction.atomic():
        made_offer = labour_offers.offer(2, 1, by=made.home)
        assert made_offer.pairing_id == (wanted.pk if wanted else None)
        made_offer.delete()


def _given_away(edge: Pairing, today: list[Pairing]) -> bool:
    return any(
        HOME.startswith(prefix(o.recipient_code)) and len(prefix(o.recipient_code)) > len(prefix(edge.recipient_code))
        and not o.donor_code.startswith(prefix(edge.donor_code))
        for o in today
    )  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    wanted=st.lists(st.tuples(st.integers(1, 6), st.integers(1, 2)), max_size=12),
    seats=st.tuples(st.integers(0, 3), st.integers(0, 3)),
)
def test_no_more_offers_than_seats_and_one_for_each_worker(made, wanted, seats):
    """In the order of the proposals, each worker once, each vacancy up to its seats: as counted by hand."""
    JobOffer.objects.all().delete()
    for key, number in zip((1, 2), seats, strict=True):
        Vacancy.objects.filter(pk=key).update(seats=number)
    expected: dict[int, int] = {}
    for worker, vacancy in wanted:
        homes = worker not in (3, 6)
        if homes and worker not in expected and Counter(expected.values())[vacancy] < seats[vacancy - 1]:
            expected[worker] = vacancy
    if wanted and not any(worker not in (3, 6) for worker, _ in wanted):
        return
    signed = labour_offers.sign(None, [Proposed(*one) for one in wanted], by=made.home)
    assert dict(JobOffer.objects.values_list("worker", "vacancy")) == expected
    assert signed.offers == len(expected)
    assert len(signed.left_out) == len(wanted) - len(expected)


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_the_last_seat_and_in_opposite_orders():
    """Many signings at once over the same vacancies and workers, each in its own order: no seat and no worker twice, no
    deadlock, and whoever came late is told in words.
    """
    made = world(persons=60, seats=1)
    officers = [made.home, *(user("recipient_office", region) for region in ("530600", "533300"))]
    mine = list(Worker.objects.filter(region_code__startswith="53").values_list("pk", flat=True))
    results: list[object] = []

    def run(number: int) -> None:
        pairs = [Proposed(worker, 1 + (worker + number) % 2) for worker in mine]
        try:
            results.append(labour_offers.sign(None, pairs if number % 2 else pairs[::-1], by=officers[number % 3]))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 6
    assert sum(one.offers for one in results) == JobOffer.objects.count() == 2
    assert set(JobOffer.objects.values_list("vacancy", flat=True)) == {1, 2}
    told = {reason for one in results for reason in _reasons(one).values()}
    assert told <= {"vacancy_full", "open_offer", "not_here"}


@pytest.mark.django_db(transaction=True)
def test_a_signing_and_a_withdrawal_and_answers_at_once():
    """A vacancy is withdrawn while others sign, answer and take back: afterwards no open offer of it is left."""
    made = world(persons=36, seats=9)
    mine = list(Worker.objects.filter(region_code__startswith="53").values_list("pk", flat=True))
    first = [offer(made, worker) for worker in mine[:4]]
    labour_offers.refuse(first[0], "wage", by=made.home)
    problems: list[DatabaseError] = []

    def tried(act) -> threading.Thread:
        def run() -> None:
            try:
                act()
            except JieduiError:
                pass  # told in words: the withdrawal was faster
            except DatabaseError as error:
                problems.append(error)
            finally:
                connection.close()

        return threading.Thread(target=run)

    threads = [
        tried(lambda: labour_vacancies.withdraw(made.vacancy, by=made.firm, reason="no orders")),
        tried(lambda: labour_offers.sign(None, [Proposed(worker, 1) for worker in mine[4:]], by=made.home)),
        tried(lambda: labour_offers.take_back_answer(first[0], by=made.home)),
        *(tried(lambda one=one: labour_offers.accept(one, by=made.home)) for one in first[1:]),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert not JobOffer.objects.filter(state__in=("offered", "accepted", "departed")).exists()
