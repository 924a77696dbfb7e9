"""Pairs that may be one person."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiedui.errors import JieduiError
from jiedui.linkage import evidence_label, probable, weights
from jiedui.linkage.blocking import candidates, kept_blocks
from jiedui.linkage.comparisons import WEIGHED
from jiedui.linkage.features import features
from jiedui.linkage.finding import ANSWER
from jiedui.linkage.levels import EVIDENCE
from jiedui.linkage.scoring import codes, in_memory
from tests.linkage import plain_reading
from tests.linkage.people import number, person, table

DAY = date(2020, 1, 1)
HAN_NAMES = ("王建国", "王建华", "汪建国", "王健国", "王建國", "王国", "王建国华", "李秀英", "李秀瑛", "王")
NAMES = (*HAN_NAMES, "艾力·买买提", "艾力·买买", None)
WHOLE = number()
NUMBERS = (
    None,
    "",
    "53010119800305",
    WHOLE,
    WHOLE[:17] + "?",
    WHOLE[:17] + ("1" if WHOLE[17] != "1" else "2"),
    WHOLE[:6] + WHOLE[8:17],
    *(number(order=order) for order in ("122", "124", "223", "213", "321")),
    *(number(born=born) for born in ("19800304", "19800350", "19810305", "18900305")),
    number(area="003501"),
    number(area="005302", born="19800306"),
    number(area="005310"),
)
REGIONS = ("530121901201", "530121901202", "530122901201", "420101001001")


@st.composite
def registers(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Small registers in which nearly everybody is nearly somebody else; households of at most five."""
    rows = []
    for at in range(draw(st.integers(2, 9))):
        given_number = draw(st.sampled_from(NUMBERS))
        rows.append(
            person(
                draw(st.integers(0, 10**6)) * 10 + at,
                household_id=draw(st.integers(0, 3)) if at < 5 else at,
                region_code=draw(st.sampled_from(REGIONS)),
                name=draw(st.sampled_from(NAMES)),
                sex=draw(st.sampled_from(("male", "female"))),
                birth_year=draw(st.sampled_from((1980, 1981, 1985, None))),
                id_number=given_number,
                phone=draw(st.sampled_from((None, "15400000001", "15400000002"))),
            )
        )
    return rows


@settings(max_examples=40)
@given(registers())
def test_every_pair_is_compared_as_the_plain_reading_says(rows: list[dict[str, Any]]) -> None:
    """The codes of all pairs, and their probabilities, equal those of plain Python, candidates or not."""
    everybody = list(itertools.combinations(range(len(rows)), 2))
    left, right = (np.array([pair[i] for pair in everybody], np.int32) for i in range(2))
    made = features(table(rows), largest_block=100)
    found = codes(made, left, right, WEIGHED)
    expected = [plain_reading.codes(rows[i], rows[j], rows) for i, j in everybody]
    for comparison in WEIGHED:
        assert found[comparison.name].tolist() == [wanted[comparison.name] for wanted in expected], comparison.name
    held = weights.published()
    probabilities = [plain_reading.probability(wanted, held) for wanted in expected]
    assert held.probability(found) == pytest.approx(probabilities, abs=1e-9)


@settings(max_examples=40)
@given(registers())
def test_candidates_are_what_the_rules_promise(rows: list[dict[str, Any]]) -> None:
    """Exactly the pairs that share a key of the stated rules are looked at: none is lost, none is added."""
    left, right = candidates(kept_blocks(features(table(rows), largest_block=100)))
    promised = [
        (i, j) for i, j in itertools.combinations(range(len(rows)), 2) if plain_reading.promised(rows[i], rows[j])
    ]
    assert list(zip(left.tolist(), right.tolist(), strict=True)) == promised


@settings(max_examples=25)
@given(registers(), st.sampled_from((0.01, 0.5, 0.9)))
def test_the_answer_is_the_likely_candidates(rows: list[dict[str, Any]], threshold: float) -> None:
    """`probable` gives the promised pairs at or above the threshold, smaller person id first, likeliest first."""
    looked_at = [pair for pair in itertools.combinations(rows, 2) if plain_reading.promised(*pair)]
    read = [plain_reading.codes(a, b, rows) for a, b in looked_at]
    held = plain_reading.fitted(read, weights.published())
    expected = {}
    for (a, b), found_codes in zip(looked_at, read, strict=True):
        likely = plain_reading.probability(found_codes, held)
        twins = a["household_id"] == b["household_id"] and found_codes["number"] in (2, 3)
        if likely >= threshold and not (twins and plain_reading.name_code(a, b) < 4):
            expected[tuple(sorted((a["person_id"], b["person_id"])))] = likely
    found = probable(table(rows), on=DAY, threshold=threshold)
    assert found.schema == ANSWER
    pairs = list(zip(found["left"].to_pylist(), found["right"].to_pylist(), strict=True))
    assert dict(zip(pairs, found["probability"].to_pylist(), strict=True)) == pytest.approx(expected, abs=1e-9)
    keys = [(-p, *pair) for p, pair in zip(found["probability"].to_pylist(), pairs, strict=True)]
    assert keys == sorted(keys)


def shown(*rows: dict[str, Any]) -> list[tuple[int, int]]:
    """The pairs that an officer would see."""
    found = probable(table(rows), on=DAY)
    return sorted(zip(found["left"].to_pylist(), found["right"].to_pylist(), strict=True))


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "汪健国", "region_code": "420101001001"},
        {"name": "王建國", "id_number": number(order="132")},
        {"name": "王建国", "id_number": number(born="19800306")},
        {"id_number": number(born="19080305"), "birth_year": 1908},
        {"id_number": number()[:6] + number()[8:17]},
        {"name": "王健国", "id_number": number(area="005302")},
    ],
)
@pytest.mark.duty("goal.1")
def test_a_damaged_copy_is_found(changes: dict[str, Any]) -> None:
    """Homophones, variants, swapped and wrong digits, the old number, another village: still one person."""
    assert shown(person(1), person(2, **changes)) == [(1, 2)]


@pytest.mark.parametrize("twin", ["王建华", "王建军", "王伟", "王健国"])
def test_twins_are_two_persons(twin: str) -> None:
    """Brothers of one day, household and village with neighbouring numbers are not shown."""
    other = person(2, household_id=101, region_code=person(1)["region_code"], name=twin, id_number=number(order="125"))
    assert shown(person(1), other) == []


def test_namesakes_of_a_village_are_two_persons() -> None:
    """Cousins of one name, village and year with numbers of their own are not shown."""
    cousin = person(2, region_code=person(1)["region_code"], id_number=number(born="19801122", order="471"))
    assert shown(person(1), cousin) == []


def test_a_father_with_his_sons_phone_is_not_his_son() -> None:
    """One phone and one surname make no pair."""
    son = person(2, name="王小明", phone="15400000001", birth_year=2003, id_number=number(born="20030101", order="017"))
    assert shown(person(1, phone="15400000001"), son) == []


def test_a_moved_household_is_known_by_its_members() -> None:
    """Without a number, name and year suffice where two other members came along."""
    rows = [
        person(10 * home + at, household_id=home, region_code=f"53012{home}901201", name=name, id_number=None)
        for home in (1, 2)
        for at, name in enumerate(("张翠花", "王浩宇", "王雨涵"))
    ]
    rows = [row | {"region_code": f"530121901{row['household_id']:03}"} for row in rows]
    assert shown(*rows) == [(10, 20), (11, 21), (12, 22)]


def test_a_reported_birth_date_and_a_written_phone_are_read() -> None:
    """Without numbers a birth date is compared as reported, and a phone by its digits alone."""
    rows = [
        person(1, id_number=None, phone="154-0000 0001"),
        person(2, id_number=None, phone="15400000001", household_id=101),
    ]
    dated = table(rows).append_column("birth_date", pa.array([date(1980, 3, 5)] * 2))
    (pair,) = probable(dated, on=DAY, threshold=0.0).to_pylist()
    assert (pair["birth"], pair["phone"], pair["number"]) == (3, 1, -1)


def test_order_of_rows_does_not_matter() -> None:
    """The same persons in another order give the same answer."""
    rows = [person(1), person(2, name="汪健国"), person(3, id_number=number(order="132")), person(4, id_number=None)]
    forwards = probable(table(rows), on=DAY, threshold=0.01)
    assert probable(table(rows[::-1]), on=DAY, threshold=0.01) == forwards


def test_a_key_of_a_crowd_is_passed_over() -> None:
    """More persons of one key than the parameter allows are not paired by it, and the others still are."""
    crowd = [person(i, name="无名", id_number=None, region_code="530121901201", birth_year=None) for i in range(1, 7)]
    assert len(candidates(kept_blocks(features(table(crowd), largest_block=6)))[0]) == 15
    assert len(candidates(kept_blocks(features(table(crowd), largest_block=5)))[0]) == 0


def test_nothing_is_written_to_disk() -> None:
    """The database in which numbers are compared has nowhere to spill to."""
    with in_memory() as connection:
        assert connection.sql("SELECT current_setting('temp_directory')").fetchall() == [("",)]


def test_the_empty_register_has_no_pairs() -> None:
    """Nobody in, nothing out, in the schema of the answer."""
    assert probable(table([]), on=DAY) == ANSWER.empty_table()


@pytest.mark.parametrize(
    ("persons", "said"),
    [
        (table([person(1), person(1)]), "twice"),
        (table([person(1, household_id=None)]), "household_id"),
        (table([person(1)]).drop_columns(["name"]), "no column name"),
    ],
)
def test_bad_tables_are_refused(persons: pa.Table, said: str) -> None:
    """A table that cannot be compared is refused with what is wrong."""
    with pytest.raises(JieduiError, match=said):
        probable(persons, on=DAY)


def test_bad_arguments_are_refused() -> None:
    """An engine that is none and a threshold that is no probability are refused."""
    with pytest.raises(JieduiError, match="no engine"):
        probable(table([]), on=DAY, engine="spark")  # type: ignore[arg-type]
    with pytest.raises(JieduiError, match="no probability"):
        probable(table([]), on=DAY, threshold=99)


def test_every_code_has_words() -> None:
    """Each level of each evidence column has a label in both languages, and no other code has one."""
    columns = [name for name in ANSWER.names if name not in ("left", "right", "probability")]
    assert columns == list(EVIDENCE)
    assert all(all(evidence_label(column, code)) for column, held in EVIDENCE.items() for code in held)
    with pytest.raises(JieduiError, match="no code 9"):
        evidence_label("name", 9)
