"""Headers of real offices: notes above, two rows, renamed, reordered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui.errors import JieduiError
from jiedui.records.imports import headers
from jiedui.records.imports.forms import form

REGISTRY = form("registry")
TITLES = [one.title for one in REGISTRY.fields]


@given(titles=st.permutations(TITLES), above=st.integers(0, 3))
def test_any_order_and_notes_above(titles, above):
    """Wherever the columns stand, and with titles of the table above, each field finds its column."""
    width = len(titles)
    head = [["建档立卡花名册（模拟）"] + [""] * (width - 1)] * above + [list(titles), ["x"] * width]
    header = headers.find(head, REGISTRY)
    assert header.row == above + 1
    found = headers.match(header, REGISTRY)
    assert {name: titles[at] for name, at in found.items()} == {one.name: one.title for one in REGISTRY.fields}


def test_other_spellings_are_known():
    """Full-width brackets, blanks, line breaks and the names of other sources."""
    titles = ["户 号", "人员编号", "姓　名", "身份证\n号码", "与户主关系", "行政村", "务工时间（月）"]
    found = headers.match(headers.find([titles, [""] * 7], REGISTRY), REGISTRY)
    assert found == {
        "household_id": 0, "person_id": 1, "name": 2, "id_number": 3, "relation": 4, "village": 5, "months_worked": 6,
    }  # fmt: skip
    assert headers.missing(found, REGISTRY) == []


def test_two_rows_with_a_merged_title():
    """风险 over 识别时间 and 消除时间: the parts and the whole name the fields."""
    upper = ["行政村", "户编号", "人编号", "姓名", "证件号码", "与户主关系", "风险", "风险"]
    lower = ["行政村", "户编号", "人编号", "姓名", "证件号码", "与户主关系", "识别时间", "消除时间"]
    header = headers.find([upper, lower, ["1"] * 8], REGISTRY)
    assert header.row == 2
    found = headers.match(header, REGISTRY)
    assert (found["risk_found_on"], found["risk_removed_on"]) == (6, 7)


def test_no_header_is_said_with_what_was_looked_for():
    """A sheet of other things names the needed columns in the remedy."""
    with pytest.raises(JieduiError, match="No header row") as caught:
        headers.find([["甲", "乙"], ["1", "2"]], REGISTRY)
    assert "证件号码" in caught.value.remedy


def test_what_was_remembered_stands():
    """A mapping that somebody confirmed goes before the titles."""
    titles = ["行政村", "户编号", "人编号", "姓名", "号", "与户主关系", "证件号码"]
    header = headers.find([titles, [""] * 7], REGISTRY)
    assert headers.match(header, REGISTRY, {"id_number": 4})["id_number"] == 4
