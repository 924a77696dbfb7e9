from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from jiedui.policy import published
from jiedui.policy.rules.pairing import responsible
from jiedui.simulate import places
from jiedui.simulate.streams import Streams
from jiedui.terms.divisions import Gazetteer, prefix

GROUND = places.load(date(2019, 12, 31))


def test_the_counties_are_the_published_ones() -> None:
    """Every poor county with a code of its own is there, with its year of delisting, and nothing else."""
    expected = {int(c.county_code): c.delisted_year for c in published.poverty_counties() if c.county_code}
    assert dict(zip(GROUND.county.tolist(), GROUND.delisted.tolist(), strict=True)) == expected
    assert abs(GROUND.weight.sum() - 1) < 1e-9
    assert (GROUND.weight > 0).all()


def test_who_answers_for_a_county_is_the_rule_of_policy() -> None:
    """For each year and county the pairings are those that `responsible` names at the end of the year."""
    for year in (2016, 2019):
        for at in range(0, len(GROUND.county), 37):
            found = responsible(str(GROUND.county[at]), date(year, 12, 31), published.pairings_2016())
            assert GROUND.answering[year][at] == tuple(pairing.pairing_id for pairing in found)


def test_pairing_of_draws_all_and_only_those_that_answer() -> None:
    """Over many draws every donor of 昭通 appears, no other, and a county without one gets −1."""
    rng = Streams(1).of("test")
    for code, expected in ((530602, {30, 31}), (540102, None)):
        at = np.flatnonzero(GROUND.county // 100 == code // 100)[:1]
        drawn = set(GROUND.pairing_of(2019, np.repeat(at, 200), rng).tolist())
        assert drawn == (set(GROUND.answering[2019][at[0]]) or {-1})
        assert expected is None or drawn == expected


def test_places_of_work_lie_with_their_donor_and_are_in_force() -> None:
    """Each donor has counties of its own, in force from 2017 to 2019, with coordinates; 东莞 stands for itself."""
    gazetteer = Gazetteer.load()
    for donor, counties in GROUND.donor_counties.items():
        assert len(counties) > 0
        for code in map(str, counties.tolist()):
            assert code.startswith(prefix(str(donor)))
            assert gazetteer.get(code, date(2017, 6, 1))
            assert gazetteer.get(code, date(2019, 12, 31))
            assert gazetteer.coordinates(code)
    assert GROUND.donor_counties[441900].tolist() == [441900]


def test_other_places_of_work_are_outside_the_donors() -> None:
    """Nobody who works elsewhere works in a place of work of a donor."""
    assert len(GROUND.other_counties) > 10
    assert not np.isin(GROUND.other_counties, GROUND.east).any()


def test_village_codes_are_different_and_unlike_real_ones() -> None:
    """Villages of a county have different 12-digit codes, townships from 901, whatever their number."""
    codes = places.village_code(np.full(places.MOST_VILLAGES, 530602), np.arange(places.MOST_VILLAGES))
    assert len(np.unique(codes)) == places.MOST_VILLAGES
    assert set((codes // 10**6).tolist()) == {530602}
    assert (codes // 1000 % 1000).min() == 901
    assert (codes // 1000 % 1000).max() == 999
    assert (codes % 1000).min() == 201


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000), households=st.lists(st.integers(0, 300), min_size=1, max_size=5))
def test_households_come_county_by_county_and_village_by_village(seed: int, households: list[int]) -> None:
    """Each county gets its number of households, in order; its villages are within those that it has."""
    counts = np.zeros(len(GROUND.county), np.int64)
    counts[: len(households)] = households
    village, villages = places.village_codes(GROUND, counts, Streams(seed))
    assert (np.diff(village // 10**6) >= 0).all()
    assert (
        np.bincount(np.searchsorted(GROUND.county, village // 10**6), minlength=len(counts)).tolist() == counts.tolist()
    )
    for at in range(len(households)):
        inside = places.village_code(np.full(villages[at], GROUND.county[at]), np.arange(villages[at]))
        own = village[village // 10**6 == GROUND.county[at]]
        assert set(own.tolist()) <= set(inside.tolist())
        assert (np.diff(own) >= 0).all()
