"""Posts, candidates and secondments: who may, what the rules refuse, and that no seat is given twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jiedui.errors import JieduiError
from jiedui.records.actions import posts
from jiedui.records.actions.posts import Proposed
from jiedui.records.models import Candidate, Pairing, Post, Secondment
from jiedui.terms.identity import id_check_digit
from jiedui.terms.periods import add_months
from tests.records.actions.pair_world import DONGGUAN, LUQUAN, TODAY, XUHUI, acting, at_once, parents, user

pytestmark = [pytest.mark.django_db, pytest.mark.duty("talent.4")]
SOON = TODAY + timedelta(days=30)


@pytest.fixture
def department(db):
    """The organisation department of 上海, whose pairing gives it 云南."""
    parents()
    return user("organisation_department", "310000")


def post(by, **changed):
    """An open post for a doctor in 禄劝."""
    given = {
        "pairing_id": Pairing.objects.get(donor_code="310000").pk,
        "region_code": LUQUAN,
        "title": "内科医生",
        "kind": "specialist",
        "field": "health",
        "level": "middle",
        "seats": 1,
        "term_months": 24,
        "needed_from": SOON,
    } | changed
    return acting(by, posts.report_post, given)


def candidate(by, serial=1, **changed):
    """A doctor of 徐汇; the identity number is made up."""
    first17 = f"00000019800101{serial:03d}"
    given = {
        "home_region_code": XUHUI,
        "kind": "specialist",
        "field": "health",
        "second_field": None,
        "level": "middle",
        "longest_term_months": 36,
        "free_from": TODAY,
        "wish_place": None,
        "name": "合成人",
        "id_number": first17 + id_check_digit(first17),
    } | changed
    return acting(by, posts.report_candidate, given)


def test_a_signature_makes_a_secondment(department):
    """Direction, home, term, name and pseudonym are those of the two; the post is filled; the number is nowhere."""
    one, who = post(department), candidate(department)
    signed = acting(department, posts.sign, [Proposed(who.pk, one.pk)])
    assert (signed.made, signed.left_out, signed.findings) == (1, (), ())
    made = Secondment.objects.get()
    assert (made.direction, made.region_code, made.home_region_code) == ("donor_to_recipient", LUQUAN, XUHUI)
    assert (made.started_on, made.planned_end_on) == (SOON, add_months(SOON, 24))
    assert (made.name, made.person_key, made.poverty_duty, made.entered_by) == (
        "合成人",
        who.person_key,
        True,
        department,
    )
    one.refresh_from_db()
    assert (one.seats, one.state) == (0, "filled")
    assert len(who.person_key) == 32


def test_a_term_outside_the_principle_is_told_and_not_refused(department):
    """Six months: a note of the rule of two to three years, and the secondment is made."""
    signed = acting(department, posts.sign, [Proposed(candidate(department).pk, post(department, term_months=6).pk)])
    assert (signed.made, [finding.rule for finding in signed.findings]) == (1, ["term_outside_range"])


@pytest.mark.parametrize(
    ("of_post", "of_candidate", "reason"),
    [
        ({}, {"field": "education"}, "unfit"),
        ({"level": "senior"}, {}, "unfit"),
        ({}, {"home_region_code": LUQUAN}, "outside"),
        ({}, {"free_from": TODAY + timedelta(days=365)}, "unfit"),
    ],
)
def test_who_does_not_fit_is_left_out(department, of_post, of_candidate, reason):
    """What changed since the run is looked at again; the post keeps its seat."""
    one, who = post(department, **of_post), candidate(department, **of_candidate)
    signed = acting(department, posts.sign, [Proposed(who.pk, one.pk)])
    assert [(left.left_id, left.reason) for left in signed.left_out] == [(who.pk, reason)]
    assert (Secondment.objects.count(), Post.objects.get().seats) == (0, 1)


def test_nobody_is_in_two_posts_at_once_wherever_they_are(department):
    """A second post in a place that the department does not see is no way around it."""
    who = candidate(department)
    acting(department, posts.second, who.pk, post(department).pk)
    again = acting(department, posts.sign, [Proposed(who.pk, post(department).pk)])
    assert [left.reason for left in again.left_out] == ["elsewhere"]
    # of another pair, hidden from 上海
    row = Secondment.objects.get()
    Secondment.objects.filter(pk=row.pk).update(region_code="520102")
    third = acting(department, posts.sign, [Proposed(who.pk, post(department).pk)])
    assert [left.reason for left in third.left_out] == ["elsewhere"]


def test_a_withdrawn_candidate_a_closed_post_and_a_foreign_one(department):
    """Each is left out with its own reason; who may not staff the post makes nothing."""
    who, other, one, shut = candidate(department), candidate(department, 2), post(department), post(department)
    acting(department, posts.withdraw_candidate, other, reason="本人申请")
    acting(department, posts.close_post, shut, reason="岗位取消")
    proposed = [Proposed(other.pk, one.pk), Proposed(who.pk, shut.pk), Proposed(who.pk, 10**6)]
    signed = acting(department, posts.sign, proposed)
    assert [left.reason for left in signed.left_out] == ["withdrawn", "closed", "gone"]
    stranger = user("organisation_department", DONGGUAN)
    assert acting(stranger, posts.sign, [Proposed(who.pk, one.pk)]).left_out[0].reason == "gone"


@pytest.mark.parametrize(
    ("verb", "changed", "said"),
    [
        (post, {"seats": 0}, "at least 1"),
        (post, {"term_months": 0}, "at least 1"),
        (post, {"level": "grand"}, "level"),
        (post, {"region_code": "520102"}, "may not staff|neither side"),
        (post, {"title": ""}, "title"),
        (candidate, {"id_number": "123"}, "identity number"),
        (candidate, {"home_region_code": "520102"}, "may not staff"),
        (candidate, {"second_field": "magic"}, "second_field"),
    ],
)
def test_a_wrong_entry_is_refused_in_words(department, verb, changed, said):
    """The sentence names the field or the place, and nothing is entered."""
    with pytest.raises(JieduiError, match=said):
        verb(department, **changed)
    assert (Post.objects.count(), Candidate.objects.count()) == (0, 0)


def test_a_person_is_a_candidate_once(department):
    """The same number again is refused until the entry was withdrawn."""
    first = candidate(department)
    with pytest.raises(JieduiError, match="candidate already"):
        candidate(department)
    acting(department, posts.withdraw_candidate, first, reason="本人申请")
    assert candidate(department).person_key == first.person_key


def test_a_filled_post_opens_again_with_new_seats(department):
    """What is changed is kept; a closed one stays closed."""
    one = post(department)
    acting(department, posts.second, candidate(department).pk, one.pk)
    assert acting(department, posts.change_post, one, {"seats": 2}).state == "open"
    acting(department, posts.close_post, one, reason="岗位取消")
    with pytest.raises(JieduiError, match="stays so"):
        acting(department, posts.change_post, one, {"seats": 3})


@pytest.mark.django_db(transaction=True)
def test_the_last_seat_is_given_once(transactional_db):
    """Two officers sign two candidates for one seat at the same time: one secondment, the other is told."""
    parents()
    department = user("organisation_department", "310000")
    one, first, second = post(department), candidate(department), candidate(department, 2)
    results = at_once(
        lambda: acting(department, posts.sign, [Proposed(first.pk, one.pk)]),
        lambda: acting(department, posts.sign, [Proposed(second.pk, one.pk)]),
    )
    assert sorted(signed.made for signed in results) == [0, 1]
    assert (Secondment.objects.count(), Post.objects.get().seats) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_one_person_gets_one_of_two_posts(transactional_db):
    """Two posts, one candidate, at the same time: one secondment."""
    parents()
    department = user("organisation_department", "310000")
    who, here, there = candidate(department), post(department), post(department)
    results = at_once(
        lambda: acting(department, posts.sign, [Proposed(who.pk, here.pk)]),
        lambda: acting(department, posts.sign, [Proposed(who.pk, there.pk)]),
    )
    assert sorted(signed.made for signed in results) == [0, 1]
    assert date.today() <= Secondment.objects.get().started_on
