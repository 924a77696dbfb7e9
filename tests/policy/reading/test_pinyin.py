"""Inserted readings: what is taken out, and what must stay."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypinyin import Style, pinyin

from jiedui.policy.reading.pinyin import is_reading, strip

TEXT = st.text(
    "东西部扶贫协作和对口支援北京市帮扶内蒙古自治区，、。；（）()市、区四一abcGDP 絡綠女旅吕行长重\n", max_size=60
)
HAN = "东西部扶贫协作和对口支援北京市帮扶内蒙古自治区绿女旅吕行长重乐率藏都省聲廣縣"


@pytest.mark.parametrize(
    "damaged",
    [
        "东(dong)西",
        "东(dong)(dong)(dong)西",
        "东（dōng）西",
        "东(dong1)西",
        "东(DONG)西",
        "东[Dong]西",
        "东【dōng】西",
        "东( dong )西",
        "东 (dong)西",
        "东（ｄｏｎｇ）西",
        "东(do\u0304ng)西",
        "东(dong)西(xi)(xī)",
    ],
)
def test_readings_in_any_writing_are_taken_out(damaged: str) -> None:
    """Tone marks, tone numbers, case, width, kind of bracket and repetition do not matter."""
    assert strip(damaged).text == "东西"


@pytest.mark.parametrize("written", ["lü", "lv", "lu:", "lǚ", "lǜ", "lü4", "lu", "LÜ"])
def test_u_umlaut_is_written_in_many_ways(written: str) -> None:
    """ü, v, u: and u all stand for the same vowel."""
    assert is_reading(written, "旅")
    assert is_reading(written, "綠")


@pytest.mark.parametrize(
    ("character", "readings"), [("行", "xing hang"), ("藏", "cang zang"), ("都", "du dou"), ("陜", "shan")]
)
def test_every_reading_of_a_character_counts(character: str, readings: str) -> None:
    """Heteronyms, and a variant's readings through its simplified form."""
    assert all(is_reading(reading, character) for reading in readings.split())


@pytest.mark.duty("reading.1")
@pytest.mark.parametrize(
    "text",
    [
        "县(市、区)",
        "省(自治区、直辖市)",
        "(四)结对",
        "国内生产总值(GDP)",
        "北京市(Beijing)",
        "东(xi)西",
        "(dong)东",
        "A(a)B",
        "人工智能(AI)",
        "东(dong",
        "东dong)",
        "东()",
        "世界贸易组织（WTO）",
    ],
)
def test_genuine_brackets_stay(text: str) -> None:
    """Brackets that are no reading of the character before them are left alone."""
    stripped = strip(text)
    assert stripped.text == text
    assert stripped.removed == ()


def test_brackets_that_look_like_a_syllable_are_reported() -> None:
    """A syllable behind a character that is not read so stays and is listed."""
    assert strip("东(xi)西(GDP)").kept == ((1, "(xi)"),)


@settings(max_examples=200, deadline=None)
@given(TEXT)
def test_clean_text_stays_as_it_is(text: str) -> None:
    """Text in which no bracket holds a reading of the character before it is not changed."""
    stripped = strip(text)
    if not stripped.removed:
        assert stripped.text == text
    assert strip(stripped.text).text == stripped.text


@pytest.mark.duty("reading.1")
@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(HAN), st.integers(0, 3)), max_size=30),
    st.sampled_from([Style.NORMAL, Style.TONE, Style.TONE2, Style.TONE3]),
    st.data(),
)
def test_what_was_put_in_comes_out(marks: list[tuple[str, int]], style: Style, data: st.DataObject) -> None:
    """Any reading of any character, any number of times: the text comes back, and every group is counted."""
    damaged = ""
    for character, count in marks:
        readings = pinyin(character, style=style, heteronym=True)[0]
        damaged += character + f"({data.draw(st.sampled_from(readings))})" * count
    stripped = strip(damaged)
    assert stripped.text == "".join(character for character, _ in marks)
    assert stripped.groups == sum(count for _, count in marks)


@settings(max_examples=100, deadline=None)
@given(TEXT)
def test_offsets_lead_back(text: str) -> None:
    """Each character that stayed stands at its offset in the page."""
    stripped = strip(text)
    assert len(stripped.offsets) == len(stripped.text)
    assert all(text[at] == char for at, char in zip(stripped.offsets, stripped.text, strict=True))
