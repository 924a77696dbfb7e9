"""Traditional to simplified, character by character."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from jiedui.policy.reading.script import simplify
from jiedui.terms.divisions import Gazetteer

NAMES = sorted({division.name for division in Gazetteer.load().all()})


@pytest.mark.parametrize("standard", ["s2t", "s2tw", "s2hk"])
def test_every_name_of_a_division_comes_back_from_traditional(standard: str) -> None:
    """In the mainland's, Taiwan's and Hong Kong's use."""
    convert = OpenCC(standard).convert
    assert [name for name in NAMES if simplify(convert(name)) != name] == []


def test_simplified_names_stay() -> None:
    """No name of a division is spoilt, not even 乾县."""
    assert [name for name in NAMES if simplify(name) != name] == []


def test_variants_that_opencc_leaves() -> None:
    """陜 (U+965C) is 陕, 甯 is 宁; radicals that PDF copies hold are characters again."""
    assert simplify("陜西省、甯夏") == "陕西省、宁夏"
    assert simplify("\u2f00\u2f9e") == "一车"
    assert simplify("乾淨、乾縣、乾安县") == "干净、乾县、乾安县"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_the_length_never_changes(text: str) -> None:
    """Offsets stay true whatever the text, and simplified text stays simplified."""
    once = simplify(text)
    assert len(once) == len(text)
    assert len(simplify(once)) == len(text)
