"""Pairings: levels, validity and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from jiedui.errors import JieduiError
from jiedui.terms.pairs import Pairing, pair_level

PAIRING = Pairing(1, "110000", "150000", "province_to_province", "east_west", "opinion-2016 (四)", date(2016, 12, 7))


def test_the_end_is_the_first_day_without() -> None:
    """A pairing holds from its first day until before its last one."""
    ended = replace(PAIRING, valid_to=date(2021, 1, 1))
    assert [
        ended.holds(day) for day in (date(2016, 12, 6), date(2016, 12, 7), date(2020, 12, 31), date(2021, 1, 1))
    ] == [
        False,
        True,
        True,
        False,
    ]
    assert PAIRING.holds(date(2100, 1, 1))


@pytest.mark.parametrize(
    "change",
    [{"level": "city"}, {"scheme": "friends"}, {"valid_to": date(2016, 12, 7)}, {"valid_to": date(2000, 1, 1)}],
)
def test_a_pairing_outside_the_code_lists_or_the_calendar_is_refused(change: dict[str, object]) -> None:
    """Unknown levels and schemes, and an end that is not after the beginning, are refused."""
    with pytest.raises(JieduiError):
        replace(PAIRING, **change)  # type: ignore[arg-type]


def test_levels_follow_from_the_codes() -> None:
    """Province, prefecture and county codes give the four levels; others have no word."""
    assert pair_level("110000", "150000") == "province_to_province"
    assert pair_level("110000", "130700") == "province_to_city"
    assert pair_level("320500", "520600") == "city_to_city"
    assert pair_level("110108", "152221") == "county_to_county"
    with pytest.raises(JieduiError, match="No pair level"):
        pair_level("320500", "520000")
