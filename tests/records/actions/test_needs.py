"""Needs, offers, help that is given, and villages with firms: who may, and that no offer serves more than it said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jiedui.errors import JieduiError
from jiedui.records.actions import needs, village_pairs
from jiedui.records.actions.needs import Proposed
from jiedui.records.models import HelpGiven, HelpOffer, Need, VillagePair
from tests.records.actions.pair_world import (
    DONGGUAN,
    LUQUAN,
    OTHER_VILLAGE,
    TODAY,
    VILLAGE,
    XUHUI,
    acting,
    at_once,
    firm,
    parents,
    user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.duty("society.1")]


@pytest.fixture
def office(db):
    """The office of 昭通, and the pairings."""
    parents()
    return user("recipient_office", "530600")


def need(by, **changed):
    """A village school that needs books."""
    given = {"region_code": VILLAGE, "kind": "goods", "title": "图书", "amount_fen": 100_00, "since": TODAY} | changed
    return acting(by, needs.report_need, given)


def offer(giver, **changed):
    """What a firm of 东莞 offers, entered by the firm itself."""
    speaker = user("firm", giver.region_code, giver)
    given = {"organisation_id": giver.pk, "kind": "goods", "title": "图书", "capacity": 1, "since": TODAY} | changed
    return acting(speaker, needs.report_offer, given)


def test_an_offer_meets_a_need(office):
    """The need is met, the offer used up, the row says by which run and whom."""
    wanted, given = need(office), offer(firm())
    signed = acting(office, needs.sign, [Proposed(wanted.pk, given.pk)], run="r1")
    assert (signed.made, signed.left_out) == (1, ())
    row = HelpGiven.objects.get()
    assert (row.region_code, row.run, row.signed_on, row.entered_by) == (VILLAGE, "r1", TODAY, office)
    assert (Need.objects.get().state, HelpOffer.objects.get().state) == ("met", "met")


def test_help_that_ends_opens_both_again(office):
    """From the day on which it ends the need waits, and the offer has its place back."""
    wanted, given = need(office), offer(firm())
    row = acting(office, needs.give, wanted.pk, given.pk)
    acting(office, needs.end, row, on=TODAY, reason="捐赠方撤回")
    assert (Need.objects.get().state, HelpOffer.objects.get().state) == ("open", "open")
    with pytest.raises(JieduiError, match="ended already"):
        acting(office, needs.end, row, on=TODAY, reason="捐赠方撤回")
    assert acting(office, needs.give, wanted.pk, given.pk).pk != row.pk


@pytest.mark.parametrize(
    ("of_need", "of_offer", "reason"),
    [
        ({"amount_fen": 100_01}, {"amount_fen": 100_00}, "unfit"),
        ({"kind": "money"}, {}, "unfit"),
        ({}, {"since": TODAY + timedelta(days=1)}, "closed"),
        ({}, {"capacity": 0}, "full"),
    ],
)
def test_what_does_not_fit_is_left_out(office, of_need, of_offer, reason):
    """Too dear, of another kind, not yet open, without a place: the need stays open."""
    wanted, given = need(office, **of_need), offer(firm(), **of_offer)
    signed = acting(office, needs.sign, [Proposed(wanted.pk, given.pk)])
    assert [(left.left_id, left.reason) for left in signed.left_out] == [(wanted.pk, reason)]
    assert (HelpGiven.objects.count(), Need.objects.get().state) == (0, "open")


def test_an_offer_is_counted_where_the_office_does_not_see(office):
    """Help given in another prefecture uses the offer up, although its office alone sees that row."""
    elsewhere = user("recipient_office", "530100")
    given = offer(firm())
    acting(elsewhere, needs.give, need(elsewhere, region_code=LUQUAN).pk, given.pk)
    HelpOffer.objects.update(state="open")
    signed = acting(office, needs.sign, [Proposed(need(office).pk, given.pk)])
    assert [left.reason for left in signed.left_out] == ["full"]


def test_who_may_not_makes_nothing(office):
    """Another office does not see the need, the donor's sees it and may not sign; the firm speaks for itself alone."""
    giver = firm()
    wanted, given = need(office), offer(giver)
    for role, place, reason in (("recipient_office", "522600", "gone"), ("donor_office", DONGGUAN, "not_allowed")):
        signed = acting(user(role, place), needs.sign, [Proposed(wanted.pk, given.pk)])
        assert [left.reason for left in signed.left_out] == [reason]
    with pytest.raises(JieduiError, match="not yours"):
        acting(user("recipient_office", "530100"), needs.change_offer, given, {"capacity": 3})
    with pytest.raises(JieduiError, match="no such organisation"):
        acting(user("assessor", "520000"), needs.report_offer, {"organisation_id": giver.pk})


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"amount_fen": -1}, "must not be negative"),
        ({"until": TODAY - timedelta(days=1)}, "is before"),
        ({"kind": "magic"}, "kind"),
        ({"region_code": "52010"}, "region_code"),
        ({"region_code": "520102"}, "no office"),
        ({"kind": "village", "region_code": "530602"}, "Only a village"),
        ({"colour": "red"}, "cannot be entered"),
    ],
)
def test_a_wrong_need_is_refused_in_words(office, changed, said):
    """The sentence names the field or the place, and nothing is entered."""
    with pytest.raises(JieduiError, match=said):
        need(office, **changed)
    assert Need.objects.count() == 0


def test_an_offer_is_changed_by_its_side(office):
    """Places may be added, never fewer than are taken; a closed one stays closed; a school takes no village."""
    giver = firm()
    given = offer(giver, capacity=2)
    acting(office, needs.give, need(office).pk, given.pk)
    home = user("donor_office", DONGGUAN)
    with pytest.raises(JieduiError, match="as many needs"):
        acting(home, needs.change_offer, given, {"capacity": 0})
    assert acting(home, needs.change_offer, given, {"capacity": 4}).capacity == 4
    assert [acting(home, needs.change_offer, given, {"capacity": n}).state for n in (1, 2, 1)] == ["met", "open", "met"]
    assert HelpOffer.objects.get().capacity == 1
    acting(home, needs.close_offer, given, reason="企业停产")
    with pytest.raises(JieduiError, match="stays so"):
        acting(home, needs.change_offer, given, {"capacity": 5})
    with pytest.raises(JieduiError, match="firms"):
        offer(firm(kind="school"), kind="village")


def test_a_need_is_changed_and_closed_while_it_is_open(office):
    """A met or closed one is not."""
    wanted = need(office)
    assert acting(office, needs.change_need, wanted, {"households": 30}).households == 30
    acting(office, needs.close_need, wanted, reason="已自行解决")
    with pytest.raises(JieduiError, match="Only an open need"):
        acting(office, needs.change_need, wanted, {"households": 3})
    with pytest.raises(JieduiError, match="Only an open need"):
        acting(office, needs.close_need, wanted, reason="已自行解决")


@pytest.mark.duty("society.2")
def test_a_firm_gets_a_village_once(office):
    """The row says since when; what the village asked for is met; the same firm again is left out."""
    asked = need(office, kind="village", title="结对帮村", amount_fen=None)
    given = offer(firm(), kind="village", capacity=2)
    proposed = [village_pairs.Proposed(VILLAGE, given.pk)]
    assert acting(office, village_pairs.sign, proposed).made == 1
    row = VillagePair.objects.get()
    assert (row.organisation_id, row.since, row.entered_by) == (given.organisation_id, TODAY, office)
    asked.refresh_from_db()
    assert asked.state == "met"
    assert [left.reason for left in acting(office, village_pairs.sign, proposed).left_out] == ["holds_already"]


@pytest.mark.duty("society.2")
def test_villages_elsewhere_use_the_firms_offer_up(office):
    """One place, one village of 昆明 that 昭通 does not see: nothing is left; a third office makes nothing."""
    given = offer(firm(), kind="village")
    assert acting(user("recipient_office", "530100"), village_pairs.pair, LUQUAN + "100200", given.pk)
    signed = acting(office, village_pairs.sign, [village_pairs.Proposed(VILLAGE, given.pk)])
    assert [left.reason for left in signed.left_out] == ["full"]
    signed = acting(user("donor_office", XUHUI), village_pairs.sign, [village_pairs.Proposed(VILLAGE, given.pk)])
    assert [left.reason for left in signed.left_out] == ["not_allowed"]


@pytest.mark.django_db(transaction=True)
def test_the_last_place_of_an_offer_is_given_once(transactional_db):
    """Two offices sign for two needs at the same time: one is met, the other told that no place is left."""
    parents()
    office, other = user("recipient_office", "530600"), user("recipient_office", "530000")
    first, second = need(office), need(office, region_code=OTHER_VILLAGE)
    given = offer(firm())
    results = at_once(
        lambda: acting(office, needs.sign, [Proposed(first.pk, given.pk)]),
        lambda: acting(other, needs.sign, [Proposed(second.pk, given.pk)]),
    )
    assert sorted(signed.made for signed in results) == [0, 1]
    assert HelpGiven.objects.count() == 1
    assert sorted(Need.objects.values_list("state", flat=True)) == ["met", "open"]


@pytest.mark.duty("society.2")
@pytest.mark.django_db(transaction=True)
def test_the_last_place_of_a_firm_is_given_once(transactional_db):
    """Two villages for a firm that takes one, at the same time: one pair."""
    parents()
    office, other = user("recipient_office", "530600"), user("recipient_office", "530000")
    given = offer(firm(), kind="village")
    results = at_once(
        lambda: acting(office, village_pairs.sign, [village_pairs.Proposed(VILLAGE, given.pk)]),
        lambda: acting(other, village_pairs.sign, [village_pairs.Proposed(OTHER_VILLAGE, given.pk)]),
    )
    assert sorted(signed.made for signed in results) == [0, 1]
    assert VillagePair.objects.count() == 1


def test_rows_that_a_program_loads_are_not_looked_at(office):
    """Village pairs of before the system, without anybody who entered them, may be more than a firm offers now."""
    given = offer(firm(), kind="village")
    for village in (VILLAGE, OTHER_VILLAGE):
        VillagePair.objects.create(organisation_id=given.organisation_id, region_code=village, since=TODAY)
    assert VillagePair.objects.count() == 2
