"""Clauses by the structure of their numbering."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui.policy.reading.clauses import find, missing, number_of, numeral
from jiedui.policy.reading.layout import lines_of

STYLES = {
    "（一）": "（{}）{}。{}\n",
    "(一)": "({}){}。{}\n",
    "( 一 )": "( {} ) {}。{}\n",
    "一、": "{}、{}。{}\n",
    "一.": "{}．{}。{}\n",
    "第一条": "第{}条 {}。{}\n",
    "line of its own": "（{}）{}\n{}\n",
    "markdown": "## （{}）{}\n\n{}\n\n",
}


@pytest.mark.duty("reading.1")
@pytest.mark.parametrize("style", STYLES)
@given(st.integers(2, 24))
def test_any_style_of_numbering_gives_all_clauses(style: str, count: int) -> None:
    """As many clauses as the page has, with number, heading, text and one form of label."""
    page = "".join(STYLES[style].format(numeral(n), f"事项{numeral(n)}", "要抓好落实。") for n in range(1, count + 1))
    found = find(list(lines_of(page)))
    assert [c.number for c in found] == list(range(1, count + 1))
    assert [c.label for c in found] == [f"（{numeral(n)}）" for n in range(1, count + 1)]
    assert [(c.heading, c.text) for c in found] == [(f"事项{numeral(n)}", "要抓好落实。") for n in range(1, count + 1)]
    assert missing(found) == ()


@given(st.integers(1, 99))
def test_numerals_read_back(number: int) -> None:
    """Every number from 1 to 99 in Chinese."""
    assert number_of(numeral(number)) == number


def test_numbers_in_other_signs() -> None:
    """Arabic digits and the signs in circles of brackets; other text is no number."""
    assert [number_of(text) for text in ("14", "㈣", "十", "百", "", "一一")] == [14, 4, 10, 0, 0, 0]


def test_chapters_are_no_part_of_a_clause() -> None:
    """The heading of the next chapter ends the clause and names the clauses below it."""
    found = find(list(lines_of("一、总则\n（一）甲。a。\n（二）乙。b。\n二、分则\n（三）丙。c。\n")))
    assert [(c.label, c.chapter, c.text) for c in found] == [
        ("（一）", "总则", "a。"),
        ("（二）", "总则", "b。"),
        ("（三）", "分则", "c。"),
    ]


@pytest.mark.duty("reading.1")
def test_numbers_left_out_are_named() -> None:
    """A page that lacks （三） says so."""
    assert missing(find(list(lines_of("（一）甲。a。\n（二）乙。b。\n（四）丁。d。\n")))) == (3,)


def test_a_reference_is_no_clause() -> None:
    """第（二）条 inside a sentence, or a list inside a clause, begins none."""
    found = find(list(lines_of("（一）甲。按照第（二）条和（五）项落实。\n（二）乙。分三步：（1）一；（2）二。\n")))
    assert [c.label for c in found] == ["（一）", "（二）"]


def test_a_table_of_contents_is_not_counted_twice() -> None:
    """Headings that stand alone first and with their text later are one clause each."""
    page = "（一）甲事项\n（二）乙事项\n\n（一）甲事项\n正文甲。\n（二）乙事项\n正文乙。\n"
    assert [(c.heading, c.text) for c in find(list(lines_of(page)))] == [("甲事项", "正文甲。"), ("乙事项", "正文乙。")]


def test_a_numbered_list_of_names_is_no_set_of_clauses() -> None:
    """1. 2. 3. in front of bare items are not clauses, nor is a page without numbers."""
    assert find(list(lines_of("1. 北京市\n2. 天津市\n"))) == ()
    assert find(list(lines_of("北京市帮扶内蒙古。\n"))) == ()
    assert find([]) == ()
