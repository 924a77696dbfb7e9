"""The steps of an offer: who may, from which state to which, and what the database refuses beside the verbs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from jiedui.errors import JieduiError
from jiedui.policy.rules import labour_steps
from jiedui.records import access
from jiedui.records.actions import labour_offers
from jiedui.records.models import (
    Change,
    FollowUp,
    JobOffer,
    OfferSheet,
    Pairing,
    Person,
    PersonLink,
    Placement,
    StayCheck,
    Vacancy,
)
from jiedui.terms import codelists
from tests.records.labour_world import ELSEWHERE, HOME, TODAY, World, offer, raw_offer, world

pytestmark = [pytest.mark.django_db, pytest.mark.duty("labour.3")]
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
MONTH = TODAY.replace(day=1)


@pytest.fixture
def made(db) -> World:
    """The labour chain's world."""
    return world()


def _acting(reader, verb, *arguments, **given):
    """A verb in the pages' role: both walls hold."""
    with access.acting_as(reader):
        return verb(*arguments, by=reader, **given)


def test_the_whole_chain_by_every_side_under_row_level_security(made):
    """Offered at home, accepted, started by the firm, checked by the donor's bureau, left by the firm, followed up."""
    one = _acting(made.home, labour_offers.offer, 2, 1)
    assert (one.state, one.pairing_id, one.region_code) == ("offered", 1, HOME)
    _acting(made.home, labour_offers.accept, one)
    placed = _acting(made.firm, labour_offers.start, one, started_on=TODAY, monthly_wage_fen=400_000)
    assert (placed.kind, placed.pairing_id, placed.household_id) == ("east", 1, one.household_id)
    assert JobOffer.objects.get(pk=one.pk).state == "started"
    _acting(made.bureau, labour_offers.check, placed, month=TODAY.replace(day=1), evidence="contract")
    _acting(made.firm, labour_offers.leave, placed, on=TODAY, because="family")
    assert JobOffer.objects.get(pk=one.pk).state == "left"
    _acting(made.home, labour_offers.follow_up, placed, outcome="new_offer")
    assert (StayCheck.objects.count(), FollowUp.objects.count()) == (1, 1)
    assert _acting(made.home, labour_offers.offer, 2, 1).state == "offered"


VERBS = {
    "accepted": labour_offers.accept,
    "refused": lambda one, by: labour_offers.refuse(one, "wage", by=by),
    "withdrawn": lambda one, by: labour_offers.withdraw(one, by=by, reason="closed"),
    "offered": labour_offers.take_back_answer,
    "started": lambda one, by: labour_offers.start(one, started_on=TODAY, monthly_wage_fen=None, by=by),
}
"""State → the verb that leads there; departures are the trips', lapsing goes by the day, leaving by a placement."""


def _in_state(state: str) -> JobOffer:
    return raw_offer(2, 1, state)


def _raw(one: JobOffer, state: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_job_offer SET state = %s, refusal = CASE WHEN %s = 'refused' THEN 'wage' END "
            "WHERE job_offer_id = %s",
            [state, state, one.pk],
        )


def test_every_step_that_the_table_has_not_is_refused_by_the_verb_and_by_the_database(made):
    """From each state, each verb and each raw update does what `labour_steps.NEXT` says, and nothing else."""
    for before in codelists.OFFER_STATE:
        for after in codelists.OFFER_STATE:
            legal = after in labour_steps.NEXT[before]
            for act in [VERBS.get(after), _raw] if after != before else [VERBS.get(after)]:
                if act is None:
                    continue
                one = _in_state(before)
                if act is _raw and legal:
                    _raw(one, after)
                elif act is _raw:
                    with pytest.raises(DatabaseError, match="does not become"):
                        _raw(one, after)
                elif legal:
                    act(one, by=made.home)
                else:
                    with pytest.raises(JieduiError, match="does not become"):
                        act(one, by=made.home)
                expected = after if legal else before
                assert JobOffer.objects.get(pk=one.pk).state == expected, (before, after)
                Placement.objects.all().delete()
                JobOffer.objects.all().delete()


def test_the_pages_role_takes_no_step_that_the_table_has_not(made):
    """As the home office in the pages' role: raw updates follow the table; beginning and end of work never come so."""
    for before in codelists.OFFER_STATE:
        for after in codelists.OFFER_STATE.keys() - {before}:
            one = _in_state(before)
            allowed = after in labour_steps.NEXT[before] and after not in ("started", "left", "departed")
            with access.acting_as(made.home):
                if allowed:
                    _raw(one, after)
                else:
                    with pytest.raises(DatabaseError):
                        _raw(one, after)
            assert JobOffer.objects.get(pk=one.pk).state == (after if allowed else before), (before, after)
            JobOffer.objects.all().delete()


SIDES = ("home", "neighbour", "donor", "bureau", "firm", "rival")
ALLOWED = {
    "accept": {"home"}, "refuse": {"home"}, "take_back": {"home"}, "sheet": {"home"},
    "withdraw": {"home", "donor", "bureau", "firm"}, "start": {"home", "donor", "bureau", "firm"},
    "leave": {"home", "donor", "bureau", "firm"}, "check": {"home", "donor", "bureau"}, "follow_up": {"home"},
}  # fmt: skip


def _of_verb(name: str):
    """The verb, and the state in which it is legal."""
    return {
        "accept": ("offered", labour_offers.accept),
        "refuse": ("offered", VERBS["refused"]),
        "take_back": ("accepted", labour_offers.take_back_answer),
        "sheet": ("offered", labour_offers.sheet),
        "withdraw": ("accepted", VERBS["withdrawn"]),
        "start": ("accepted", VERBS["started"]),
        "leave": ("started", lambda one, by: labour_offers.leave(one, on=TODAY, because="wage", by=by)),
        "check": ("started", lambda one, by: labour_offers.check(one, month=MONTH, evidence="contract", by=by)),
        "follow_up": ("left", lambda one, by: labour_offers.follow_up(one, outcome="other_job", by=by)),
    }[name]


def test_each_verb_is_of_its_sides_only(made):
    """Offices of the home, of the place of work, the firm; never another office, firm, auditor, assessor, finance."""
    for name in ALLOWED:
        state, verb = _of_verb(name)
        readers = {side: getattr(made, side) for side in SIDES} | {one.username: one for one in made.readers}
        for side, reader in readers.items():
            subject = _in_state(state)
            if name in ("leave", "check", "follow_up"):
                subject = _place(subject, TODAY if name == "follow_up" else None)
            if side in ALLOWED[name]:
                _acting(reader, verb, subject)
            else:
                with pytest.raises(JieduiError, match=r"no such|no office of|may not"):
                    _acting(reader, verb, subject)
            for model in (StayCheck, FollowUp, OfferSheet, Placement, JobOffer):
                model.objects.all().delete()


def _place(one: JobOffer, ended_on=None) -> Placement:
    return Placement.objects.create(
        person_id=one.person_id, household_id=one.household_id, region_code=one.region_code, vacancy=one.vacancy,
        pairing_id=1, work_region_code=one.work_region_code, kind="east", started_on=MONTH, job_offer=one,
        ended_on=ended_on,
    )  # fmt: skip


def test_a_refusal_says_why_and_can_be_taken_back_while_the_seat_is_there(made):
    """A reason of the list; taken back, the offer is open again, unless somebody else got the seat."""
    Vacancy.objects.filter(pk=1).update(seats=1)
    one = offer(made)
    with pytest.raises(JieduiError, match="no reason"):
        labour_offers.refuse(one, "mood", by=made.home)
    labour_offers.refuse(one, "distance", by=made.home)
    assert JobOffer.objects.get(pk=one.pk).refusal == "distance"
    labour_offers.take_back_answer(one, by=made.home)
    stored = JobOffer.objects.get(pk=one.pk)
    assert (stored.state, stored.refusal, stored.answered_on) == ("offered", None, None)
    labour_offers.refuse(one, "distance", by=made.home)
    offer(made, 5)
    with pytest.raises(JieduiError, match="no more seats"):
        labour_offers.take_back_answer(one, by=made.home)
    assert JobOffer.objects.get(pk=one.pk).state == "refused"


def test_an_unanswered_offer_lapses_after_its_day_and_only_at_home(made):
    """On the last day it is still open; the day after, the home office ends it; another office ends nothing."""
    one, other = offer(made), offer(made, 5)
    labour_offers.accept(other, by=made.home)
    after = one.answer_by + timedelta(days=1)
    assert labour_offers.lapse(by=made.home, day=one.answer_by) == 0
    assert labour_offers.lapse(by=made.neighbour, day=after) == 0
    with access.acting_as(made.home):
        assert labour_offers.lapse(by=made.home, day=after) == 1
    assert [JobOffer.objects.get(pk=row.pk).state for row in (one, other)] == ["lapsed", "accepted"]


def test_days_are_in_order_and_never_to_come(made):
    """Answer, start, leaving, follow-up and evidence are of days that were, each after the one before."""
    one = offer(made)
    with pytest.raises(JieduiError, match="still to come"):
        labour_offers.accept(one, by=made.home, day=TOMORROW)
    with pytest.raises(JieduiError, match="before the offer"):
        labour_offers.accept(one, by=made.home, day=YESTERDAY)
    labour_offers.accept(one, by=made.home)
    for day, said in ((TOMORROW, "still to come"), (YESTERDAY, "before the offer")):
        with pytest.raises(JieduiError, match=said):
            labour_offers.start(one, started_on=day, monthly_wage_fen=None, by=made.home)
    with pytest.raises(JieduiError, match="below nothing"):
        labour_offers.start(one, started_on=TODAY, monthly_wage_fen=-1, by=made.home)
    placed = labour_offers.start(one, started_on=TODAY, monthly_wage_fen=None, by=made.home)
    with pytest.raises(JieduiError, match="had not ended"):
        labour_offers.follow_up(placed, outcome="other_job", by=made.home)
    for day, said in ((TOMORROW, "still to come"), (YESTERDAY, "before the first day")):
        with pytest.raises(JieduiError, match=said):
            labour_offers.leave(placed, on=day, because="wage", by=made.home)
    labour_offers.leave(placed, on=TODAY, because="wage", by=made.home)
    with pytest.raises(JieduiError, match="ended already"):
        labour_offers.leave(placed, on=TODAY, because="wage", by=made.home)
    with pytest.raises(JieduiError, match="had not ended"):
        labour_offers.follow_up(placed, outcome="other_job", by=made.home, day=YESTERDAY)


def test_evidence_is_of_a_month_of_the_placement_and_stands_once(made):
    """The month of the first day counts, the one before does not; the same paper twice is refused in words."""
    placed = labour_offers.start(_in_state("accepted"), started_on=TODAY, monthly_wage_fen=None, by=made.home)
    earlier = (MONTH - timedelta(days=1)).replace(day=1)
    later = (MONTH + timedelta(days=40)).replace(day=1)
    for month, evidence, said in (
        (earlier, "contract", "did not last"), (later, "contract", "still to come"), (MONTH, "rumour", "no evidence"),
        (MONTH + timedelta(days=1), "contract", "first day"),
    ):  # fmt: skip
        with pytest.raises(JieduiError, match=said):
            labour_offers.check(placed, month=month, evidence=evidence, by=made.home)
    labour_offers.check(placed, month=MONTH, evidence="contract", by=made.home)
    with pytest.raises(JieduiError, match="there already"):
        labour_offers.check(placed, month=MONTH, evidence="contract", by=made.home)


def test_who_dies_or_moves_takes_the_open_offer_along(made):
    """Who left the register holds no seat; who moved is answered for by the office of the new place only."""
    one, other = offer(made), offer(made, 5)
    Person.objects.filter(pk=one.person_id).update(left_on=TODAY)
    assert JobOffer.objects.get(pk=one.pk).state == "withdrawn"
    Person.objects.filter(pk=other.person_id).update(region_code=ELSEWHERE)
    assert JobOffer.objects.get(pk=other.pk).region_code == ELSEWHERE
    with pytest.raises(JieduiError, match=r"no such|no office of"):
        _acting(made.home, labour_offers.accept, other)
    _acting(made.neighbour, labour_offers.accept, other)


def test_a_pairing_that_ends_shows_nothing_to_the_donor_and_the_chain_goes_on_at_home(made):
    """From that day the donor sees neither offer nor person; the home goes on; a new offer has no pairing."""
    one = offer(made)
    assert JobOffer.objects.visible_to(made.bureau).exists()
    Pairing.objects.filter(pk=1).update(valid_to=TODAY)
    for reader in (made.donor, made.bureau):
        with access.acting_as(reader):
            assert not JobOffer.objects.exists()
            assert not Person.objects.exists()
    _acting(made.home, labour_offers.accept, one)
    placed = _acting(made.home, labour_offers.start, one, started_on=TODAY, monthly_wage_fen=None)
    assert placed.pairing_id == 1
    assert not Placement.objects.visible_to(made.donor).exists()
    assert _acting(made.home, labour_offers.offer, 5, 1).pairing_id is None


def test_who_sees_whom_follows_the_offer(made):
    """Offered: the donor, not the firm. Yes: the firm too. No: neither. The links say since when and until when."""
    one = offer(made)

    def seen(reader):
        with access.acting_as(reader):
            return JobOffer.objects.exists(), Person.objects.exists()

    assert (seen(made.donor), seen(made.firm)) == ((True, True), (False, False))
    labour_offers.accept(one, by=made.home)
    assert (seen(made.donor), seen(made.firm), seen(made.rival)) == ((True, True), (True, True), (False, False))
    labour_offers.refuse(one, "family", by=made.home)
    assert (seen(made.donor), seen(made.firm)) == ((False, False), (False, False))
    kinds = PersonLink.objects.order_by("pk").values_list("kind", "until")
    assert list(kinds) == [("proposal", TODAY), ("coming", TODAY)]


def test_what_the_verb_said_is_in_the_journal(made):
    """The reason of a withdrawal and who withdrew stand with the row as it was."""
    one = offer(made)
    labour_offers.withdraw(one, by=made.home, reason="the firm moved")
    kept = Change.objects.filter(table="job_offer", row_id=one.pk).latest("pk")
    assert (kept.by, kept.reason, kept.before["state"]) == (made.home.pk, "the firm moved", "offered")
    with pytest.raises(JieduiError, match="needs a reason"):
        labour_offers.withdraw(raw_offer(5, 1), by=made.home, reason=" ")
