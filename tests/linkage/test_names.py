"""What of a name is compared."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jiedui.linkage
from jiedui.linkage import names
from tests.linkage import plain_reading

VARIANTS = Path(jiedui.linkage.__file__).parent / "data" / "variants.csv"


@pytest.mark.parametrize(("written", "usual"), [("陜", "陕"), ("昇", "升"), ("國", "国"), ("喆", "哲"), ("王", "王")])
def test_variants_are_brought_to_the_usual_form(written: str, usual: str) -> None:
    """OpenCC, the reader's table and our own give one plain form."""
    assert names.plain_form(written) == usual


def test_the_table_of_variants_is_sound() -> None:
    """Each row leads from one character to another that is plain itself, and no variant stands twice."""
    rows = list(csv.DictReader(VARIANTS.read_text(encoding="utf-8").splitlines()))
    assert len({row["variant"] for row in rows}) == len(rows)
    for row in rows:
        assert len(row["variant"]) == len(row["plain"]) == 1
        assert row["variant"] != row["plain"] == names.plain_form(row["plain"])


@settings(max_examples=80)
@given(st.lists(st.text("王汪建健國国昇升·艾A李", max_size=8), min_size=1, max_size=12))
def test_keys_are_equal_where_texts_are(given_names: list[str]) -> None:
    """Exact, plain and sound keys of any two names are equal exactly where the texts are; blanks are no names."""
    keys = names.keys(pa.chunked_array([given_names], pa.string()))
    assert keys.known.tolist() == [name != "" for name in given_names]
    readings = ((keys.exact, str), (keys.plain, plain_reading.plain), (keys.sound, plain_reading.sound))
    for key, read in readings:
        for i, one in enumerate(given_names):
            for j, other in enumerate(given_names):
                assert (key[i] == key[j]) == (read(one) == read(other)), (one, other)


@pytest.mark.parametrize("same", [" 王建国", "王　建国", "王建国\n", "王建 国"])
def test_blanks_do_not_count(same: str) -> None:
    """Stray blanks, full-width ones too, make no other name."""
    keys = names.keys(pa.chunked_array([["王建国", same]]))
    assert keys.exact[0] == keys.exact[1]


def test_the_dots_of_two_part_names_are_one() -> None:
    """Five ways to write the dot make no other name."""
    written = [f"艾力{dot}买买提" for dot in "·•・‧."]
    assert len(set(names.keys(pa.chunked_array([written])).exact.tolist())) == 1
