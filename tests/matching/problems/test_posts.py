"""人选与岗位: who may be proposed for which post, and that the proposals are the best there are."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiedui.errors import JieduiError
from jiedui.matching.problems.talent import propose_posts
from tests.matching.problems.pair_world import (
    DONGGUAN,
    LUQUAN,
    PARAMETERS,
    PUDONG,
    SHANGHAI_YUNNAN,
    XUHUI,
    asked,
    best,
    edges,
    freeze,
    km,
    pairs,
    reached,
)

NEEDED = date(2020, 3, 1)


def post(number, **changed):
    """A post for a specialist in 禄劝, in the pairing of 上海 and 云南."""
    return {
        "post_id": number,
        "pairing_id": SHANGHAI_YUNNAN,
        "region_code": LUQUAN,
        "title": "内科医生",
        "kind": "specialist",
        "field": "health",
        "level": "middle",
        "seats": 1,
        "term_months": 24,
        "needed_from": NEEDED,
        "state": "open",
    } | changed


def candidate(number, **changed):
    """A doctor of 徐汇 who may stay three years."""
    return {
        "candidate_id": number,
        "home_region_code": XUHUI,
        "kind": "specialist",
        "field": "health",
        "second_field": None,
        "level": "middle",
        "longest_term_months": 36,
        "free_from": date(2020, 1, 1),
        "wish_place": None,
        "person_key": f"{number:032x}",
        "withdrawn": False,
    } | changed


def secondment(number, person, **changed):
    """A post held from 2018 to 2020."""
    return {
        "secondment_id": number,
        "pairing_id": SHANGHAI_YUNNAN,
        "direction": "donor_to_recipient",
        "kind": "specialist",
        "field": "health",
        "region_code": LUQUAN,
        "home_region_code": XUHUI,
        "poverty_duty": True,
        "started_on": date(2018, 6, 1),
        "planned_end_on": date(2020, 6, 1),
        "ended_on": None,
        "person_key": f"{person:032x}",
    } | changed


def proposed(folder, candidates, posts, secondments=(), **more):
    """The proposals for these rows."""
    return propose_posts(frozen(folder, candidates, posts, secondments), **asked(**more))


def frozen(folder, candidates, posts, secondments=()):
    """A snapshot of these rows; 大连 and 六盘水 (6) are parted."""
    rows = [row | {"valid_to": date(2019, 1, 1)} if row["pairing_id"] == 6 else row for row in edges()]
    return freeze(folder, candidate=list(candidates), post=list(posts), secondment=list(secondments), pairing=rows)


@pytest.mark.duty("talent.4")
def test_who_does_not_fit_is_not_proposed(tmp_path):
    """Another kind, field or side, too low, too short, too late or withdrawn: the post stays empty."""
    unfit = [
        {"kind": "official"},
        {"field": "education"},
        {"level": "junior"},
        {"longest_term_months": 23},
        {"free_from": NEEDED + timedelta(days=61)},
        {"withdrawn": True},
        {"home_region_code": DONGGUAN},
        {"home_region_code": LUQUAN},
    ]
    people = [candidate(k + 1, **changed) for k, changed in enumerate(unfit)]
    assert pairs(proposed(tmp_path / "s", people, [post(1, seats=20)])) == {}


@pytest.mark.duty("talent.4")
def test_who_just_fits_is_proposed(tmp_path):
    """The second field, a higher level, a term just long enough, and the last day are enough."""
    fit = [
        {"field": "education", "second_field": "health"},
        {"level": "senior"},
        {"longest_term_months": 24},
        {"free_from": NEEDED + timedelta(days=60)},
    ]
    people = [candidate(k + 1, **changed) for k, changed in enumerate(fit)]
    assert pairs(proposed(tmp_path / "s", people, [post(1, seats=20)])) == {1: 1, 2: 1, 3: 1, 4: 1}


@pytest.mark.duty("talent.1", "talent.4")
def test_nobody_is_proposed_for_two_posts_at_once(tmp_path):
    """Who is in a post by its planned end is left out; who left it is not."""
    held = [secondment(1, 1), secondment(2, 2, ended_on=date(2019, 12, 1))]
    assert pairs(proposed(tmp_path / "s", [candidate(1), candidate(2)], [post(1, seats=2)], held)) == {2: 1}


@pytest.mark.duty("talent.4")
def test_the_other_direction_and_posts_that_are_not_open(tmp_path):
    """A post at the donor takes people of the recipient; a closed or full one, or one of an ended pairing, nobody."""
    west = candidate(1, home_region_code=LUQUAN)
    shut = [post(2, region_code=PUDONG, state="closed"), post(3, seats=0), post(4, pairing_id=6)]
    posts = [post(1, region_code=PUDONG), *shut]
    outcome = proposed(tmp_path / "s", [west, candidate(2)], posts)
    assert pairs(outcome) == {1: 1}
    assert outcome.counts["posts_without_pairing"] == 1


@pytest.mark.duty("talent.4")
def test_a_region_is_that_of_either_side(tmp_path):
    """A run of 徐汇 or of 禄劝 has the pair; one of 昭通 has not."""
    rows = [candidate(1)], [post(1)]
    snapshot = frozen(tmp_path / "s", *rows)
    found = [len(propose_posts(snapshot, **asked(region_code=c)).proposals) for c in (XUHUI, LUQUAN, "530600")]
    assert found == [1, 1, 0]


@pytest.mark.duty("talent.4")
def test_the_name_of_a_candidate_is_nowhere(tmp_path):
    """Facts hold fields, levels and dates; the points add up to the utility."""
    outcome = proposed(tmp_path / "s", [candidate(1, wish_place="530100")], [post(1)])
    (row,) = outcome.proposals.to_pylist()
    assert sum(row["points"]) == row["utility"]
    assert {"person_key", "name"}.isdisjoint(json.loads(row["facts"]))
    assert row["points"][outcome.parts.index("wish")] == PARAMETERS.value("talent.match.wish")


def test_more_pins_than_seats_are_refused_in_words(tmp_path):
    """Two candidates pinned to one seat: the sentence names the post."""
    with pytest.raises(JieduiError, match="2 pairs are pinned to 1, which has 1 places"):
        proposed(tmp_path / "s", [candidate(1), candidate(2)], [post(1)], pins=[(1, 1), (2, 1)])


FIELDS = st.sampled_from(["health", "education"])
CANDIDATES = st.lists(
    st.fixed_dictionaries(
        {
            "home_region_code": st.sampled_from([XUHUI, PUDONG, DONGGUAN]),
            "field": FIELDS,
            "second_field": st.none() | FIELDS,
            "level": st.sampled_from(["junior", "middle", "senior"]),
            "free_from": st.sampled_from([date(2020, 1, 1), NEEDED + timedelta(days=30), NEEDED + timedelta(days=90)]),
            "wish_place": st.sampled_from([None, LUQUAN, "530600"]),
        }
    ),
    max_size=4,
)
POSTS = st.lists(
    st.fixed_dictionaries(
        {
            "region_code": st.sampled_from([LUQUAN, "533423"]),
            "field": FIELDS,
            "level": st.sampled_from(["junior", "middle"]),
            "seats": st.integers(1, 2),
        }
    ),
    max_size=3,
)


@pytest.mark.duty("talent.4")
@given(CANDIDATES, POSTS, st.booleans())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_proposals_are_the_best_by_trying_all(tmp_path_factory, people, places, forbid):
    """Most posts filled, then the most points, over every assignment; the same again from the same records."""
    candidates = [candidate(k + 1, **row) for k, row in enumerate(people)]
    posts = [post(k + 1, **row) for k, row in enumerate(places)]
    forbids = [(1, 1)] if forbid else []
    snapshot = frozen(tmp_path_factory.mktemp("s") / "a", candidates, posts)
    outcome = propose_posts(snapshot, **asked(forbids=forbids))
    worth = {
        (c["candidate_id"], p["post_id"]): value
        for c in candidates
        for p in posts
        if (value := _worth(c, p)) is not None and (c["candidate_id"], p["post_id"]) not in forbids
    }
    seats = {p["post_id"]: p["seats"] for p in posts}
    assert reached(outcome) == best(worth, [c["candidate_id"] for c in candidates], seats)
    assert outcome.proposals.equals(propose_posts(snapshot, **asked(forbids=forbids)).proposals)


def _worth(c, p):
    """Points of a candidate of 上海 for a post in 云南, in plain words; None where it may not be."""
    order = ["junior", "middle", "senior"]
    fits = (
        c["home_region_code"] != DONGGUAN
        and p["field"] in (c["field"], c["second_field"])
        and order.index(c["level"]) >= order.index(p["level"])
        and c["free_from"] <= NEEDED + timedelta(days=60)
    )
    if not fits:
        return None

    def of(name):
        return PARAMETERS.value(f"talent.match.{name}")

    return (
        of("filled")
        + of("field") * (c["field"] == p["field"])
        + of("level") * (c["level"] == p["level"])
        + of("ready") * (c["free_from"] <= NEEDED)
        + of("wish") * (c["wish_place"] == p["region_code"])
        - min(round(km(c["home_region_code"], p["region_code"]) / 100 * of("distance_per_100_km")), of("distance_most"))
    )
