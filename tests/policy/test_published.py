"""The published facts that come with the package."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from jiedui.policy import published
from jiedui.terms.divisions import Gazetteer
from jiedui.terms.pairs import pair_level

GAZETTEER = Gazetteer.load()
FIRST_DAY = date(2016, 12, 7)


@pytest.mark.duty("pairing.1")
def test_the_published_edges() -> None:
    """Clause (四) has 32 edges of 21 donors and 31 recipients, 8, 7 and 17 by level, valid from the day it came out."""
    edges = published.pairings_2016()
    assert [edge.pairing_id for edge in edges] == list(range(1, 33))
    assert (len({edge.donor_code for edge in edges}), len({edge.recipient_code for edge in edges})) == (21, 31)
    assert Counter(edge.level for edge in edges) == {
        "province_to_province": 8,
        "province_to_city": 7,
        "city_to_city": 17,
    }
    assert {(edge.valid_from, edge.valid_to, edge.scheme) for edge in edges} == {(FIRST_DAY, None, "east_west")}


@pytest.mark.duty("pairing.1")
def test_every_edge_joins_divisions_of_the_day() -> None:
    """Each end of an edge is a division in force on the day, and the level is that of its codes."""
    for edge in published.pairings_2016():
        assert GAZETTEER.get(edge.donor_code, FIRST_DAY), edge
        assert GAZETTEER.get(edge.recipient_code, FIRST_DAY), edge
        assert pair_level(edge.donor_code, edge.recipient_code) == edge.level


@pytest.mark.duty("goal.2")
def test_the_poor_counties() -> None:
    """832 counties, delisted as published by year; only the three administrative committees lack a code of 2016."""
    counties = published.poverty_counties()
    assert Counter(county.delisted_year for county in counties) == {2016: 28, 2017: 125, 2018: 283, 2019: 344, 2020: 52}
    assert {county.name for county in counties if county.county_code is None} == {"茫崖行委", "冷湖行委", "大柴旦行委"}
    assert {county.place_code for county in counties if county.county_code is None} == {"632800"}
    codes = [county.county_code for county in counties if county.county_code]
    assert len(set(codes)) == len(codes) == 829


@pytest.mark.duty("goal.2")
def test_every_poor_county_is_a_division_of_its_year() -> None:
    """Codes of 2016 and of 2020 are in force at the end of those years, under the name given, in the province given."""
    for county in published.poverty_counties():
        for code, name, on in (
            (county.county_code, county.name, date(2016, 12, 31)),
            (county.county_code_2020, county.name_2020, date(2020, 12, 31)),
        ):
            if code:
                division = GAZETTEER.get(code, on)
                assert division is not None
                assert (division.name, division.province_code) == (name, county.province_code)


def test_the_autonomous_prefectures() -> None:
    """The 30 are exactly the divisions of that kind on the day."""
    listed = {(prefecture.code, prefecture.name) for prefecture in published.autonomous_prefectures()}
    held = {
        (division.code, division.name)
        for division in GAZETTEER.at(FIRST_DAY)
        if division.kind == "autonomous_prefecture"
    }
    assert listed == held
    assert len(listed) == 30


def test_the_counterpart_areas_are_divisions_of_the_day() -> None:
    """西藏, 新疆 and the ten prefectures and two counties of the 四省藏区, under their official names."""
    areas = published.counterpart_areas()
    assert Counter(area.area for area in areas) == {"西藏": 1, "新疆": 1, "四省藏区": 12}
    for area in areas:
        division = GAZETTEER.get(area.code, FIRST_DAY)
        assert division is not None
        assert division.name == area.name


@pytest.mark.duty("funding.1")
def test_revenue_that_is_not_known_is_not_there() -> None:
    """136 province-years are known; none is zero; 辽宁 has none, 福建 none for 2019."""
    revenue = published.fiscal_revenue()
    assert len(revenue) == len({(row.province_code, row.year) for row in revenue}) == 136
    assert all(row.revenue_fen > 0 for row in revenue)
    known = {(row.province_code, row.year) for row in revenue}
    assert not any(province == "210000" for province, _ in known)
    assert ("350000", 2019) not in known
    assert ("350000", 2018) in known
