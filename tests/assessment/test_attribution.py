"""Which pair a row counts for."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiedui.assessment import assess, attribution
from jiedui.policy.rules.pairing import responsible
from jiedui.terms.pairs import Pairing
from tests.assessment.small_world import LUSHUI, NUJIANG, START, WENSHAN, ZHAOYANG, ZHUHAI, World, cell, pseudonym

EDGES = [
    ("440400", "533300", "city_to_city"),
    ("310000", "530000", "province_to_province"),
    ("442000", "530600", "city_to_city"),
    ("441900", "530600", "city_to_city"),
    ("320500", "520600", "city_to_city"),
]
PLACES = (LUSHUI, ZHAOYANG, WENSHAN, NUJIANG, "520602", "130102")
starts = st.dates(date(2016, 6, 1), date(2019, 12, 31))


@st.composite
def edges(draw: st.DrawFn) -> list[Pairing]:
    """Some pairings of the clause with dates of their own."""
    found = []
    for number, (donor, recipient, level) in enumerate(draw(st.lists(st.sampled_from(EDGES), min_size=1, max_size=5))):
        start = draw(starts)
        end = draw(st.none() | starts)
        last = end if end is None or end > start else None
        found.append(Pairing(number + 1, donor, recipient, level, "east_west", "test", start, last))
    return found


@pytest.mark.duty("pairing.2")
@settings(max_examples=40, deadline=None)
@given(edges(), st.lists(st.dates(date(2016, 1, 1), date(2019, 12, 31)), min_size=1, max_size=8))
def test_the_table_answers_as_the_rule_on_every_day(pairings: list[Pairing], asked: list[date]) -> None:
    """On any day, the stretches that hold name the pairs that `responsible` names, and how many they are."""
    table = attribution.responsibility(PLACES, pairings, date(2019, 12, 31)).to_pylist()
    boundaries = [pairing.valid_from + timedelta(days=shift) for pairing in pairings for shift in (-1, 0)]
    for day in (day for day in (*asked, *boundaries) if day <= date(2019, 12, 31)):
        for place in PLACES:
            holding = [r for r in table if r["place_code"] == place and r["valid_from"] <= day < r["valid_to"]]
            expected = [pairing.pairing_id for pairing in responsible(place, day, pairings)]
            assert sorted(row["pairing_id"] for row in holding) == expected
            assert {row["donors"] for row in holding} <= {len(expected)}


class TestRowsAndPairs:
    """记录的归属."""

    def test_an_event_before_the_pairing_holds_does_not_count(self) -> None:
        """A project signed the day before the pairing begins counts for nobody, on the day it begins it counts."""
        world = World(as_of=date(2017, 12, 31))
        for day in (START - timedelta(days=1), START):
            world.add("project", pairing_id=1, region_code=LUSHUI, signed_on=day)
        world.household(LUSHUI, years=[2017])
        value = world.measure("industry.linked_projects_share", year=2017).by_pair[1]
        assert value.denominator == 1

    def test_a_row_that_names_another_pair_is_refused_and_listed(self, tmp_path: Path) -> None:
        """A project in 昭通 in the name of 珠海 counts for nobody and stands among the refused rows."""
        world = World()
        good = world.add("project", pairing_id=1, region_code=LUSHUI, signed_on=date(2019, 3, 1), arrived_fen=5)
        bad = world.add("project", pairing_id=1, region_code=ZHAOYANG, signed_on=date(2019, 3, 1), arrived_fen=7)
        result = assess(world.freeze(tmp_path))
        assert cell(result.values, "value", indicator="industry.arrived_investment", pairing_id=1) == 5
        assert result.refused.to_pylist() == [
            {
                "row_table": "project",
                "row_id": str(bad),
                "pairing_id": 1,
                "region_code": ZHAOYANG,
                "happened_on": date(2019, 3, 1),
            }
        ]
        assert str(good) not in result.refused["row_id"].to_pylist()

    def test_secondees_are_placed_by_the_side_of_the_recipient(self, tmp_path: Path) -> None:
        """Who comes from 怒江 to 珠海 belongs to their pair, although the post lies in 珠海."""
        world = World()
        world.add(
            "secondment",
            pairing_id=1,
            direction="recipient_to_donor",
            region_code=ZHUHAI,
            home_region_code=LUSHUI,
            started_on=date(2018, 5, 1),
            planned_end_on=date(2020, 5, 1),
        )
        result = assess(world.freeze(tmp_path))
        assert result.refused.num_rows == 0
        assert cell(result.values, "value", indicator="talent.secondees_received", pairing_id=1) == 1

    def test_two_donors_both_show_the_full_number_and_the_nation_counts_once(self, tmp_path: Path) -> None:
        """Two persons of 昭通 count for 中山 and for 东莞; the nation has two persons, and the sum says four."""
        world = World()
        world.change(world.household(ZHAOYANG, persons=["a", "b"]), "exit", date(2019, 5, 1))
        result = assess(world.freeze(tmp_path))
        for pair in (2, 3):
            assert cell(result.values, "value", indicator="poverty.exited_persons", pairing_id=pair) == 2
        assert cell(result.national, "value", indicator="poverty.exited_persons") == 2
        assert cell(result.national, "sum_of_pairs", indicator="poverty.exited_persons") == 4

    def test_a_province_does_not_count_what_its_prefecture_has_a_donor_for(self) -> None:
        """An exit in 怒江 is not also one of 上海 in 云南."""
        world = World()
        world.household(WENSHAN)
        world.change(world.household(LUSHUI, persons=["a"]), "exit", date(2019, 5, 1))
        values = world.measure("poverty.exited_persons").by_pair
        assert (values[1].value, values[4].value) == (1, 0)

    def test_a_pair_that_was_replaced_counts_until_its_last_day(self) -> None:
        """A row on the day on which the pair no longer holds counts for the new one."""
        world = World()
        world.rows["pairing"][0]["valid_to"] = date(2019, 7, 1)
        world.pair(5, "440300", NUJIANG, "city_to_city", start=date(2019, 7, 1))
        for name, day in (("a", date(2019, 6, 30)), ("b", date(2019, 7, 1)), ("c", date(2019, 7, 2))):
            world.change(world.household(LUSHUI, persons=[name]), "exit", day)
        measured = world.measure("poverty.exited_persons")
        subjects = {pair: set() for pair in (1, 5)}
        for row in measured.evidence.to_pylist():
            subjects[row["pairing_id"]].add(row["subject"])
        assert subjects == {1: {pseudonym("a")}, 5: {pseudonym("b"), pseudonym("c")}}
        assert (measured.by_pair[1].value, measured.by_pair[5].value) == (1.0, 2.0)

    def test_county_pairs_count_for_the_pair_above_them(self) -> None:
        """A county pair inside 珠海–怒江 takes nothing away from it."""
        world = World()
        world.pair(9, "440402", LUSHUI, "county_to_county")
        world.change(world.household(LUSHUI, persons=["a"]), "exit", date(2019, 5, 1))
        values = world.measure("poverty.exited_persons").by_pair
        assert values[1].value == 1
        assert 9 not in values

    def test_what_is_done_in_the_name_of_a_county_pair_counts_once_for_the_pair_above(self, tmp_path: Path) -> None:
        """Projects in the name of 香洲–泸水 and of 珠海–怒江: both count for 珠海–怒江, none twice, none is refused."""
        plain, named = World(), World()
        named.pair(9, "440402", LUSHUI, "county_to_county")
        for world, pair in ((plain, 1), (named, 9)):
            for signed_for in (1, pair):
                world.add(
                    "project", pairing_id=signed_for, region_code=LUSHUI, signed_on=date(2019, 3, 1), arrived_fen=5
                )
            world.change(world.household(LUSHUI, persons=["a"]), "exit", date(2019, 5, 1))
        without, within = assess(plain.freeze(tmp_path / "a")), assess(named.freeze(tmp_path / "b"))
        assert within.values.equals(without.values)
        assert within.scores.equals(without.scores)
        assert within.national.equals(without.national)
        assert within.refused.num_rows == 0

    def test_a_county_pair_of_another_donor_counts_for_nobody_above(self) -> None:
        """A pair of 余杭, which is not of 珠海, has no assessed pair above it."""
        pairs = [Pairing(1, "440400", "533300", "city_to_city", "east_west", "test", START)]
        rows = [Pairing(9, "330110", LUSHUI, "county_to_county", "east_west", "test", START), *pairs]
        table = pa.Table.from_pylist([{name: getattr(row, name) for name in row.__slots__} for row in rows])
        assert attribution.parents(table, pairs) == {}
