"""A place's codes on a day."""

from __future__ import annotations

from datetime import date

import pytest

from jiedui.errors import JieduiError
from jiedui.policy.places import Places
from jiedui.terms.divisions import Gazetteer, prefix

PLACES = Places.of()


@pytest.mark.duty("pairing.2")
@pytest.mark.parametrize(
    ("code", "on", "expected"),
    [
        ("530000", date(2019, 1, 1), ("53",)),
        ("530600", date(2019, 1, 1), ("5306",)),
        ("530602", date(2019, 1, 1), ("530602",)),
        ("530602101", date(2019, 1, 1), ("530602101",)),
        ("530602000000", date(2019, 1, 1), ("530602",)),
        ("530602101000", date(2019, 1, 1), ("530602101",)),
        ("530000000000", date(2019, 1, 1), ("53",)),
        ("542421", date(2019, 1, 1), ("540602",)),  # 那曲县, forwards
        ("540602", date(2016, 1, 1), ("542421",)),  # 色尼区, backwards
        ("540602101001", date(2016, 1, 1), ("542421101001",)),
        ("371200", date(2020, 1, 1), ("3701",)),  # 莱芜 became part of 济南
        ("632803", date(2016, 12, 7), ("6328",)),  # 茫崖市 had no county before it
    ],
)
def test_a_place_is_followed_to_the_day(code: str, on: date, expected: tuple[str, ...]) -> None:
    """Whatever year a code is of, it gives the prefixes that its place has on the day."""
    assert PLACES.prefixes(code, on) == expected


@pytest.mark.duty("pairing.2")
@pytest.mark.parametrize("year", [2016, 2019, 2020, 2024])
def test_a_division_in_force_is_itself(year: int) -> None:
    """Each of the 3,200 divisions of a day is its own prefix on that day."""
    on = date(year, 12, 31)
    for division in Gazetteer.load().at(on):
        assert PLACES.prefixes(division.code, on) == (prefix(division.code),)


@pytest.mark.duty("pairing.2")
def test_every_code_that_ever_was_since_2010_is_answered_for() -> None:
    """Every code in force at some time from 2010 to 2024 leads to divisions in force on a day in 2018."""
    on = date(2018, 6, 1)
    held = {prefix(division.code) for division in Gazetteer.load().at(on)}
    for year in range(2010, 2025):
        for division in Gazetteer.load().at(date(year, 1, 1)):
            assert set(PLACES.prefixes(division.code, on)) <= held, division


@pytest.mark.parametrize("code", ["", "5", "5306020", "53060a", "１１００００", "990000", "999999"])
def test_what_is_no_code_is_refused(code: str) -> None:
    """Malformed and unknown codes are errors."""
    with pytest.raises(JieduiError):
        PLACES.prefixes(code, date(2019, 1, 1))


def test_another_gazetteer_gives_its_own_answers() -> None:
    """A gazetteer other than the installed one is asked itself."""
    with pytest.raises(JieduiError, match="No division has the code 530000"):
        Places.of(Gazetteer({})).prefixes("530000", date(2019, 1, 1))
    assert Places.of(Gazetteer.load()) is Places.of()
