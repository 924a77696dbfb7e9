"""County pairs and pairs below: inside the pair above, one at a time, by the office of the poor county."""

from __future__ import annotations

from datetime import date

import pytest

from jiedui.errors import JieduiError
from jiedui.policy.rules.pairing import responsible
from jiedui.records import access
from jiedui.records.actions import county_pairs
from jiedui.records.actions import pairing as above_counties
from jiedui.records.actions.county_pairs import Proposed
from jiedui.records.models import Change, Pairing
from jiedui.records.queries.pairing import edges
from tests.records.actions.pair_world import (
    DONGGUAN,
    LUQUAN,
    PUDONG,
    START,
    XUHUI,
    ZHAOYANG,
    acting,
    at_once,
    pairing,
    parents,
    user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.duty("pairing.5")]
DAY = date(2020, 1, 1)
LATER = date(2021, 1, 1)


@pytest.fixture
def office(db):
    """The office of 云南, and its parent pairings."""
    parents()
    return user("recipient_office", "530000")


def pair(by, recipient=LUQUAN, donor=XUHUI, day=DAY):
    """A county pair as the pages make it."""
    return acting(by, county_pairs.pair, recipient, donor, "合成协议1号", valid_from=day)


def test_a_county_pair_is_made_inside_the_pair_above(office):
    """It carries who, level and scheme of the parent; both donors answer for the county from that day on."""
    made = pair(office)
    assert (made.level, made.scheme, made.entered_by, made.valid_to) == ("county_to_county", "east_west", office, None)
    found = {edge.donor_code for edge in responsible(LUQUAN, DAY, edges())}
    assert found == {"310000", XUHUI}
    assert {edge.donor_code for edge in responsible(LUQUAN, date(2019, 12, 31), edges())} == {"310000"}


def test_both_donors_see_the_county(office):
    """The map of responsibility follows: 上海 keeps it, 徐汇 has it, and nothing else of 云南."""
    pair(office)
    shanghai, xuhui = (access.sight_of(user("donor_office", code), LATER).programme for code in ("310000", XUHUI))
    assert LUQUAN in shanghai
    assert (LUQUAN in xuhui, "530129" in xuhui) == (True, False)


@pytest.mark.parametrize(
    ("recipient", "donor", "said"),
    [
        (ZHAOYANG, XUHUI, "东莞"),
        (LUQUAN, DONGGUAN, "上海"),
        (LUQUAN, "310000", "no county of a donor"),
        ("530100", XUHUI, "was no county"),
        ("530199", XUHUI, "was no county"),
    ],
)
def test_what_lies_outside_the_pair_above_is_refused_in_words(office, recipient, donor, said):
    """The sentence names who answers for the county, or what is no county."""
    with pytest.raises(JieduiError) as refused:
        pair(office, recipient, donor)
    assert said in str(refused.value)
    assert Pairing.objects.count() == 2


def test_a_prefecture_without_counties_stands_for_itself(office):
    """东莞 has no counties: it is paired with 昭阳 itself."""
    assert pair(office, ZHAOYANG, DONGGUAN).level == "county_to_county"


def test_only_who_keeps_the_place_may(office):
    """Neither the donor's office nor an administrator of the place: what is agreed is for the county's office."""
    for role, place in (("donor_office", "310000"), ("administrator", "530000")):
        with pytest.raises(JieduiError, match="may not pair"):
            pair(user(role, place))


def test_the_earlier_pair_and_what_lies_inside_it_end_on_the_same_day(office):
    """徐汇 until 2021, 浦东 from then on; the villages of the earlier pair end too, with the reason in the history."""
    first = pair(office)
    inner = acting(office, county_pairs.add_below, first, XUHUI + "001", LUQUAN + "201", "合成协议2号", valid_from=DAY)
    second = pair(office, donor=PUDONG, day=LATER)
    first.refresh_from_db()
    inner.refresh_from_db()
    assert (first.valid_to, inner.valid_to, second.valid_from) == (LATER, LATER, LATER)
    assert Change.objects.filter(table="pairing", row_id=first.pk).get().reason == "合成协议1号"
    with pytest.raises(JieduiError, match="already"):
        pair(office, donor=PUDONG, day=date(2022, 1, 1))


def test_a_pair_that_begins_later_stands_in_the_way(office):
    """A county has one pair at a time: before the first day of another one nothing is made, and it is said when."""
    pair(office, day=LATER)
    for donor in (PUDONG, XUHUI):
        with pytest.raises(JieduiError, match="begins on 2021-01-01"):
            pair(office, donor=donor)
    assert Pairing.objects.filter(level="county_to_county").count() == 1


def test_a_pair_never_ends_before_it_began(office):
    """A new pair on the first day of the one that holds is refused, and changes nothing."""
    pair(office)
    with pytest.raises(JieduiError, match="began on"):
        pair(office, donor=PUDONG)
    assert Pairing.objects.filter(level="county_to_county").count() == 1


def test_a_signature_for_many_leaves_out_with_the_reason(office):
    """One is made, one lies outside, one is there already; a basis is needed."""
    pair(office, ZHAOYANG, DONGGUAN)
    proposed = [Proposed(LUQUAN, XUHUI), Proposed("530129", DONGGUAN), Proposed(ZHAOYANG, DONGGUAN)]
    signed = acting(office, county_pairs.sign, proposed, "合成协议3号", valid_from=LATER)
    assert signed.made == 1
    assert {(one.left_id, one.reason) for one in signed.left_out} == {(530129, "outside"), (530602, "holds_already")}
    with pytest.raises(JieduiError, match="basis"):
        acting(office, county_pairs.sign, proposed, " ", valid_from=LATER)


def test_townships_and_villages_are_many_to_many_inside_the_county_pair(office):
    """Two donors' townships for one township, villages too; neither outside the counties nor of two levels."""
    county = pair(office)
    levels = [
        acting(office, county_pairs.add_below, county, XUHUI + donor, LUQUAN + recipient, "协议", valid_from=DAY).level
        for donor, recipient in (("001", "201"), ("002", "201"), ("001001", "201203"))
    ]
    assert levels == ["township_to_township", "township_to_township", "village_to_village"]
    for donor, recipient, said in (
        (PUDONG + "001", LUQUAN + "201", "does not lie in"),
        (XUHUI + "001", "530129201", "does not lie in"),
        (XUHUI + "001", LUQUAN + "201203", "No pair level"),
        (XUHUI, LUQUAN, "no townships"),
        (XUHUI + "001", LUQUAN + "201", "already"),
    ):
        with pytest.raises(JieduiError, match=said):
            acting(office, county_pairs.add_below, county, donor, recipient, "协议", valid_from=DAY)


def test_nothing_begins_below_a_county_pair_that_does_not_hold(office):
    """Before it begins, and after it ended, no townships are paired."""
    county = pair(office)
    assert acting(office, county_pairs.end, county, on=LATER, reason="合成终止1号") == 1
    county.refresh_from_db()
    for day in (date(2019, 12, 31), LATER):
        with pytest.raises(JieduiError, match="No county pair"):
            acting(office, county_pairs.add_below, county, XUHUI + "001", LUQUAN + "201", "协议", valid_from=day)
    with pytest.raises(JieduiError, match="ended on"):
        acting(office, county_pairs.end, county, on=date(2022, 1, 1), reason="合成终止2号")


def test_pairs_of_clause_four_do_not_end_here(office):
    """An office of the place does not end the pair of its province by this verb."""
    with pytest.raises(JieduiError, match="Only pairs of counties"):
        county_pairs.end(Pairing.objects.first(), on=DAY, by=office, reason="不可以")


def test_the_scheme_is_that_of_the_pair_above(office):
    """Inside counterpart support a county pair is counterpart support."""
    pairing("320000", "650000", "province_to_province", "counterpart", START)
    made = pair(user("recipient_office", "650000"), "653221", "320102")
    assert (made.scheme, made.level) == ("counterpart", "county_to_county")


def test_an_administrator_adds_other_levels_as_before(office):
    """The verb for pairings of clause (四) knows townships by their codes, and refuses what was no division."""
    with pytest.raises(JieduiError, match="was no division"):
        above_counties.add("310104001", "530128201", "east_west", "b", valid_from=DAY, by=user("administrator"))


@pytest.mark.django_db(transaction=True)
def test_a_county_gets_one_pair_when_two_sign_at_once(transactional_db):
    """Two officers pair it with two donors' counties at the same time: one pair holds, the other is told."""
    parents()
    first, second = user("recipient_office", "530000"), user("recipient_office", "530100")
    results = at_once(
        lambda: acting(first, county_pairs.sign, [Proposed(LUQUAN, XUHUI)], "合成协议1号", valid_from=DAY),
        lambda: acting(second, county_pairs.sign, [Proposed(LUQUAN, PUDONG)], "合成协议2号", valid_from=DAY),
    )
    assert sorted(signed.made for signed in results) == [0, 1]
    assert Pairing.objects.filter(level="county_to_county").count() == 1
