"""The occupation list of 2022 by code, name and fragment."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui.terms.occupations import LEVELS, Occupations

LIST = Occupations.load()


def test_the_list_has_the_published_shape() -> None:
    """8 major and 79 middle groups and 1,639 occupations; each code once, each below an entry that is there."""
    assert Counter(row.level for row in LIST.rows) == {"major": 8, "middle": 79, "minor": 450, "occupation": 1639}
    codes = [row.code for row in LIST.rows]
    assert codes == sorted(set(codes), key=codes.index)
    assert all(re.fullmatch(r"[1-8](-[0-9]{2}){0,3}", code) for code in codes)
    assert all(LIST.get(code.rpartition("-")[0]) for code in codes if "-" in code)
    assert set(LEVELS) == {row.level for row in LIST.rows}


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("6-05-01", "6-05-01"),
        ("6-05-01-03", "6-05-01"),
        ("缝纫工", "6-05-01"),
        (" 缝 纫 工 ", "6-05-01"),
        ("6－05－01", "6-05-01"),
        ("纺织品和服装剪裁缝纫人员", "6-05-01"),
        ("中国共产党机关和基层组织负责人", "1-01-00"),
        ("6", None),
        ("6-05", None),
        ("6-05-77", None),
        ("缝纫", None),
        ("2006-05-01", None),
        ("", None),
    ],
)
def test_a_code_or_an_exact_name_means_a_minor_group(text: str, means: str | None) -> None:
    """An occupation means the group that it is in; a fragment, an unknown code or a group of many means nothing."""
    assert LIST.resolve(text) == means


@given(st.sampled_from(LIST.rows))
def test_every_occupation_resolves_by_code_and_by_name(row) -> None:
    """Whatever stands at or below a minor group is resolved to it, by its code and by its name."""
    if row.level in ("minor", "occupation"):
        assert LIST.resolve(row.code) == LIST.resolve(row.name) == row.code[:7]
    assert LIST.name(row.code) == row.name


@given(st.sampled_from(LIST.rows), st.data(), st.integers(1, 30))
def test_a_search_finds_what_holds_the_fragment(row, data, limit: int) -> None:
    """Oracle: all that hold it, counted one by one; never more than asked for, an exact name first."""
    first = data.draw(st.integers(0, len(row.name) - 1))
    text = row.name[first : data.draw(st.integers(first + 1, len(row.name)))]
    every = {one.code for one in LIST.rows if text in one.name or one.code.startswith(text)}
    found = LIST.search(text, limit)
    assert len(found) == min(limit, len(every))
    assert {one.code for one in found} <= every
    assert LIST.search(row.name, 1)[0].name == row.name


def test_a_search_by_code_lists_what_lies_below() -> None:
    """The beginning of a code finds the group and all in it; nothing is found for nothing."""
    assert [row.code for row in LIST.search("6-05-01", 3)] == ["6-05-01", "6-05-01-01", "6-05-01-02"]
    assert LIST.search("  ") == ()
    assert LIST.name("9-99-99") == "9-99-99"
