"""Divisions by code and day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui.terms.divisions import Division, Gazetteer, level_of, prefix

GAZETTEER = Gazetteer.load()
ALL = list(GAZETTEER.all())


def test_official_totals() -> None:
    """334 prefectures and 2,851 counties at the end of 2016, 333 and 2,844 in 2020: the official totals."""
    for year, prefectures, counties in ((2016, 334, 2851), (2020, 333, 2844)):
        found = [d.level for d in GAZETTEER.at(date(year, 12, 31))]
        assert (found.count("province"), found.count("prefecture"), found.count("county")) == (
            34,
            prefectures,
            counties,
        )


def test_full_names_go_from_the_province_down() -> None:
    """A county's full name holds its prefecture where it has one."""
    assert GAZETTEER.name("530602") == "云南省昭通市昭阳区"
    assert GAZETTEER.name("110108") == "北京市海淀区"
    assert GAZETTEER.name("429004") == "湖北省仙桃市"
    assert GAZETTEER.name("999999") == "999999"


def test_a_code_is_read_on_its_day() -> None:
    """襄樊 became 襄阳 in 2010 under one code; 铜仁地区 ended in 2011 and its place has another code."""
    assert GAZETTEER.name("420600", date(2009, 12, 31)) == "湖北省襄樊市"
    assert GAZETTEER.name("420600", date(2010, 12, 31)) == "湖北省襄阳市"
    assert GAZETTEER.get("522200", date(2016, 1, 1)) is None
    former = GAZETTEER.get("522200")
    assert former is not None
    assert former.last_year == 2011
    assert [d.code for d in GAZETTEER.successors("522200", date(2016, 1, 1))] == ["520600"]


def test_a_divided_prefecture_has_several_successors() -> None:
    """巢湖市 was divided in 2011."""
    assert [d.name for d in GAZETTEER.successors("341400", date(2016, 1, 1))] == ["合肥市", "芜湖市", "马鞍山市"]


def test_a_county_under_its_province_has_no_prefecture() -> None:
    """Districts of the four municipalities and counties under their province have no prefecture."""
    for code in ("110108", "429004", "469001", "659001"):
        division = GAZETTEER.get(code)
        assert division is not None
        assert division.prefecture_code is None


@pytest.mark.parametrize(
    ("code", "expected"), [("530000", "53"), ("530600", "5306"), ("530602", "530602"), ("530602001", "530602001")]
)
def test_prefix(code: str, expected: str) -> None:
    """The digits that all places inside share."""
    assert prefix(code) == expected


@given(st.integers(1981, 2024))
def test_no_code_has_two_names_in_one_year(year: int) -> None:
    """In every year each code is in force at most once, and get() finds what at() lists."""
    day = date(year, 6, 30)
    found = GAZETTEER.at(day)
    assert len({d.code for d in found}) == len(found)
    assert all(GAZETTEER.get(d.code, day) == d for d in found[::37])


@given(st.sampled_from(ALL))
def test_what_ended_went_somewhere(division: Division) -> None:
    """Every division that ended leads, by its successors, to one in force in 2024."""
    assert GAZETTEER.successors(division.code, date(2024, 12, 31))


@given(st.sampled_from(ALL), st.integers(1981, 2024))
def test_a_division_stands_inside_one_that_is_in_force(division: Division, year: int) -> None:
    """In each of its years, a division's province is in force, and its full name ends with its name."""
    if division.in_force(year):
        assert GAZETTEER.get(division.province_code, date(year, 1, 1)) is not None
        assert division.full_name.endswith(division.name)


def test_before_and_after_the_data() -> None:
    """Before 1981 nothing is known; after 2024 the state of 2024 holds."""
    assert GAZETTEER.at(date(1970, 1, 1)) == ()
    assert GAZETTEER.at(date(2030, 1, 1)) == GAZETTEER.at(date(2024, 12, 31))


def test_coordinates() -> None:
    """The seat lies in China, and an unknown code has none."""
    found = GAZETTEER.coordinates("530600")
    assert found is not None
    assert 73 < found[0] < 136
    assert 3 < found[1] < 54
    assert GAZETTEER.coordinates("371200") is None


def test_children() -> None:
    """Below 怒江 lie its four counties, not itself."""
    assert {d.code for d in GAZETTEER.children("533300", date(2016, 12, 7))} == {"533301", "533323", "533324", "533325"}


def test_levels_of_codes() -> None:
    """The level is in the code."""
    assert [level_of(code) for code in ("530000", "530600", "530602")] == ["province", "prefecture", "county"]
