"""Distances between the seats of divisions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui.terms import distance

POINTS = st.tuples(st.floats(73, 135), st.floats(18, 54))


def test_known_distances():
    """A quarter of a meridian, and 北京–上海 (about 1,070 km)."""
    assert distance.great_circle_km((0, 0), (0, 90)) == pytest.approx(distance.EARTH_KM * 3.14159265 / 2)
    assert distance.between("110101", "310101") == pytest.approx(1070, abs=25)


@given(one=POINTS, other=POINTS)
def test_a_distance_is_the_same_both_ways(one, other):
    """Symmetric, never negative, nothing to oneself."""
    there, back = distance.great_circle_km(one, other), distance.great_circle_km(other, one)
    assert there == pytest.approx(back)
    assert there >= 0
    assert distance.great_circle_km(one, one) == 0


def test_villages_count_from_the_seat_of_their_county():
    """Inside one county 0; a place that is not known has no distance, which is not 0."""
    assert distance.between("530602101001", "530602") == 0.0
    assert distance.between("530602101001", "310115") == distance.between("530602", "310115")
    assert distance.between("530602", "999999") is None
