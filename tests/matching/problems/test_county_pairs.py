"""携手奔小康: county pairs inside the parent pairs, all served, optimal, explained by published figures."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date

import numpy as np
import pytest

from jiedui.errors import JieduiError
from jiedui.matching.problems.pairing import propose_county_pairs
from jiedui.matching.problems.pairing.sides import poor_counties
from jiedui.policy import published
from jiedui.policy.places import Places
from jiedui.policy.rules.pairing_match import Standing, better_off, burdens, counties_of, strengths
from tests.matching.problems.pair_world import (
    DONGGUAN,
    DONGGUAN_ZHAOTONG,
    GAZETTEER,
    LUDIAN,
    LUQUAN,
    ON,
    PARAMETERS,
    SHANGHAI_YUNNAN,
    XUHUI,
    ZHAOYANG,
    asked,
    best,
    edges,
    freeze,
    km,
    pairs,
)

PLACES = Places.of(GAZETTEER)


def proposed(tmp_path, *, extra=(), pairing=None, **more):
    """The proposals for the published pairings and some more."""
    rows = edges() if pairing is None else pairing
    return propose_county_pairs(freeze(tmp_path / "s", pairing=[*rows, *extra]), **asked(**more))


def edge(number, donor, recipient, level="county_to_county", **changed):
    """A pairing of 2018."""
    return {
        "pairing_id": number,
        "donor_code": donor,
        "recipient_code": recipient,
        "level": level,
        "scheme": "east_west",
        "basis": "试验",
        "valid_from": date(2018, 1, 1),
        "valid_to": None,
    } | changed


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    """The run of the whole country, used by several tests."""
    return proposed(tmp_path_factory.mktemp("country"))


@pytest.mark.duty("pairing.5")
def test_every_poor_county_that_a_donor_answers_for_has_a_pair(country):
    """All 832 are looked at: each has one pair or is told as outside; the optimum is proven."""
    years, without = poor_counties(ON, GAZETTEER)
    assert country.counts["left"] + country.counts["outside"] == len(years)
    assert without == country.counts["without_code"]
    assert len(country.proposals) == country.counts["left"] == country.certificate["placements"]
    assert country.certificate["proven"]
    ways = {row["way"]: (row["placements"], row["utility"]) for row in country.comparison}
    assert ways["optimal"] >= max(ways["greedy"], ways["first come first served"])


@pytest.mark.duty("pairing.5", "pairing.2")
def test_every_pair_lies_inside_the_parent_pair_of_the_day(country):
    """昭通 is paired by 东莞 and 中山, not by 上海 that pairs the rest of 云南; facts name the pairing."""
    by_id = {row["pairing_id"]: row for row in edges()}
    for row in country.proposals.to_pylist():
        parent = by_id[json.loads(row["facts"])["pairing_id"]]
        assert row["right_region"].startswith(PLACES.prefixes(parent["donor_code"], ON)[0])
        assert PLACES.prefixes(row["left_region"], ON)[0].startswith(PLACES.prefixes(parent["recipient_code"], ON)[0])
    found = pairs(country)
    assert {found[int(ZHAOYANG)], found[int(LUDIAN)]} <= {int(DONGGUAN), 442000}
    assert str(found[int(LUQUAN)]).startswith("31")


@pytest.mark.duty("pairing.5")
def test_no_donor_county_carries_more_than_its_donors_need(country):
    """The capacity is the parameter, or where a donor has too few counties it rises evenly, and the run says so."""
    held = Counter(pairs(country).values())
    raised = country.notes["capacity_raised"]
    least = PARAMETERS.value("pairing.match.counties_per_donor_county")
    for county, count in held.items():
        own = [most for donor, most in raised.items() if str(county).startswith(PLACES.prefixes(donor, ON)[0])]
        assert count <= max([least, *own])
    assert raised["441900"] == country.counts["most_per_donor_county"]


@pytest.mark.duty("pairing.5")
def test_the_points_add_up_and_the_facts_are_the_published_figures(country):
    """The parts sum to the utility; census and delisting stand beside each proposal as they were published."""
    delisted, _ = poor_counties(ON, GAZETTEER)
    for row in country.proposals.to_pylist():
        facts = json.loads(row["facts"])
        assert sum(row["points"]) == row["utility"]
        assert len(row["points"]) == len(country.parts)
        assert facts["delisted_year"] == delisted[row["left_region"]]
        here = published.census_2020().get(row["right_region"])
        assert here is None or facts["urban_residents"] == here.urban_residents


@pytest.mark.duty("pairing.5")
@pytest.mark.parametrize("seed", range(4))
def test_the_optimum_is_that_of_trying_all(tmp_path, seed):
    """All but two counties of 上海 forbidden to five poor counties: what they get is the best by enumeration."""
    drawn = np.random.default_rng(seed)
    lefts = sorted(drawn.choice([code for code in poor_counties(ON, GAZETTEER)[0] if code[:4] == "5306"], 5, False))
    rights = sorted(drawn.choice(_able("310000"), 2, False))
    held = [edge(2 + k, str(drawn.choice(rights)), str(code)) for k, code in enumerate(lefts[:2])]
    forbids = [(int(left), int(right)) for left in lefts for right in _able("310000") if right not in rights]
    # the others of 昭通 are kept out of the way, so that the two counties are wanted by these five alone
    others = [code for code in poor_counties(ON, GAZETTEER)[0] if code[:4] == "5306" and code not in lefts]
    forbids += [(int(left), int(right)) for left in others for right in rights]
    pairing = [edge(1, "310000", "530600", "province_to_city"), *held]
    outcome = proposed(tmp_path, pairing=pairing, region_code="530600", forbids=forbids)
    seats = dict.fromkeys(map(int, rights), outcome.counts["most_per_donor_county"])
    worth = {(int(left), right): _worth(int(left), right, held) for left in lefts for right in seats}
    shown = [row for row in outcome.proposals.to_pylist() if row["left_region"] in lefts]
    assert (len(shown), sum(row["utility"] for row in shown)) == best(worth, [int(left) for left in lefts], seats)


def _able(donor):
    """The counties of a donor that may be asked."""
    found = strengths(counties_of(donor, ON, GAZETTEER), PARAMETERS, PLACES)
    return [one.code for one in better_off(found.values(), PARAMETERS)]


def _worth(left, right, held):
    """Points of a pair of 上海's, said again in plain words."""
    years, _ = poor_counties(ON, GAZETTEER)
    burden = burdens(years, PARAMETERS, PLACES)[str(left)].permille
    strength = strengths(counties_of("310000", ON, GAZETTEER), PARAMETERS, PLACES)[str(right)].permille
    away = round(km(str(left), str(right)) / 100 * PARAMETERS.value("pairing.match.distance_per_100_km"))
    now = any((row["recipient_code"], row["donor_code"]) == (str(left), str(right)) for row in held)
    return (
        PARAMETERS.value("pairing.match.served")
        + burden * strength * PARAMETERS.value("pairing.match.together") // 1_000_000
        - min(away, PARAMETERS.value("pairing.match.distance_most"))
        + now * PARAMETERS.value("pairing.match.continuity")
    )


@pytest.mark.duty("pairing.5")
def test_what_holds_already_goes_on(tmp_path):
    """An existing county pair inside the parent pair is proposed again rather than parted for a few points."""
    outcome = proposed(tmp_path, extra=[edge(40, XUHUI, LUQUAN)], region_code=LUQUAN)
    assert pairs(outcome) == {int(LUQUAN): int(XUHUI)}
    assert outcome.counts["held_already"] == 1


@pytest.mark.duty("pairing.5", "pairing.2")
def test_a_county_pair_does_not_hide_the_parent_pair(tmp_path):
    """With county pairs in the records the same poor counties are served by the same donors as before."""
    outcome = proposed(tmp_path, extra=[edge(40, XUHUI, LUQUAN), edge(41, DONGGUAN, ZHAOYANG)], region_code="530000")
    facts = {row["left_region"]: json.loads(row["facts"])["pairing_id"] for row in outcome.proposals.to_pylist()}
    assert (facts[LUQUAN], facts[ZHAOYANG] in (30, DONGGUAN_ZHAOTONG)) == (SHANGHAI_YUNNAN, True)


@pytest.mark.duty("pairing.5")
def test_pairs_of_counties_that_are_not_asked_about_take_their_places(tmp_path):
    """A run for one county leaves to 徐汇 what its pairs with counties elsewhere leave."""
    free = proposed(tmp_path / "a", region_code=LUQUAN)
    (donor,) = pairs(free).values()
    others = [code for code in poor_counties(ON, GAZETTEER)[0] if code.startswith("53") and code != LUQUAN]
    held = [edge(40 + k, str(donor), code) for k, code in enumerate(others[:10])]
    assert pairs(proposed(tmp_path / "b", extra=held, region_code=LUQUAN)) != {int(LUQUAN): donor}


def test_the_same_records_give_the_same_bytes(tmp_path, country):
    """Two runs of the same snapshot are equal to the last byte."""
    again = proposed(tmp_path)
    assert again.proposals.equals(country.proposals)
    assert (again.certificate, again.counts) == (country.certificate, country.counts)


def test_pins_and_forbidden_pairs_are_kept(tmp_path, country):
    """A pinned pair is proposed and said to be pinned; a forbidden one is not."""
    first = pairs(country)[int(LUQUAN)]
    outcome = proposed(tmp_path, forbids=[(int(LUQUAN), first)], pins=[(int(ZHAOYANG), int(DONGGUAN))])
    rows = {row["left_id"]: row for row in outcome.proposals.to_pylist()}
    assert rows[int(LUQUAN)]["right_id"] != first
    assert (rows[int(ZHAOYANG)]["right_id"], rows[int(ZHAOYANG)]["wish_reason"]) == (int(DONGGUAN), "pinned")
    assert rows[int(ZHAOYANG)]["price"] is None


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        ({"pins": [(1, 2, 3)]}, "no pair of keys"),
        ({"pins": [(530602, 441900), (530602, 442000)]}, "pinned more than once"),
        ({"pins": [(530602, 441900)], "forbids": [(530602, 441900)]}, "pinned and forbidden"),
    ],
)
def test_marks_that_contradict_are_refused_in_words(tmp_path, marks, said):
    """What is no pair, or cannot be both, is said with what to do."""
    with pytest.raises(JieduiError, match=said) as refused:
        proposed(tmp_path, **marks)
    assert refused.value.remedy


def test_a_pin_that_is_no_pair_today_is_counted(tmp_path, country):
    """上海 does not answer for 昭阳: the pin changes nothing and is counted as left out."""
    outcome = proposed(tmp_path, pins=[(int(ZHAOYANG), int(XUHUI))])
    assert outcome.counts["pins_left_out"] == 1
    assert outcome.proposals.equals(country.proposals)


@pytest.mark.duty("pairing.5")
def test_what_is_not_known_is_no_rank():
    """Of a place without census a burden is told by delisting alone; a donor county without figures is not asked."""
    found = burdens({"632800": 2019, "530602": None}, PARAMETERS, PLACES)
    assert found["632800"].figures["delisted_year"] == 2019
    assert found["530602"].figures["delisted_year"] is None
    known = [Standing("1", 5, {}), Standing("2", None, {}), Standing("3", 1, {}), Standing("4", 9, {})]
    assert [one.code for one in better_off([*known, Standing("5", 7, {})], PARAMETERS)] == ["1", "4", "5"]
