"""Bytes to text."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui.errors import JieduiError
from jiedui.policy.reading.decode import decode, from_text

TEXT = "调整后的东西部扶贫协作结对关系为：北京市帮扶内蒙古自治区、河北省张家口市和保定市；天津市帮扶甘肃省。\n"
TRADITIONAL = "調整後的東西部扶貧協作結對關係為：北京市幫扶內蒙古自治區、河北省張家口市和保定市；天津市幫扶甘肅省。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_usual_encodings(encoding: str) -> None:
    """UTF-8, UTF-16 and the GB encodings are recognised, with and without a byte order mark."""
    assert decode(TEXT.encode(encoding)).text == TEXT


@pytest.mark.parametrize("encoding", ["big5", "gb18030", "utf-8"])
def test_traditional_pages(encoding: str) -> None:
    """Big5 is told from GB18030 by the characters that come out."""
    assert decode(TRADITIONAL.encode(encoding)).text == TRADITIONAL


@given(st.integers(1, len(TEXT.encode()) - 1))
def test_bytes_cut_inside_a_character_keep_what_is_whole(at: int) -> None:
    """A page broken off in the middle of a character loses that character only, and says so."""
    data = TEXT.encode()[:at]
    decoded = decode(data)
    assert decoded.text == data.decode("utf-8", errors="ignore")
    assert decoded.cut == (decoded.text.encode() != data)


def test_a_few_broken_bytes_do_not_change_the_encoding() -> None:
    """One stray byte in a UTF-8 page leaves the rest as it is."""
    data = TEXT.encode() + b"\xff" + TEXT.encode()
    assert decode(data).text == TEXT + "\ufffd" + TEXT


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 anything",
        b"PK\x03\x04 anything",
        b"\x89PNG\r\n\x1a\n",
        bytes(range(256)) * 8,
        random.Random(1).randbytes(4096),
        b"\x00" * 500,
    ],
)
def test_what_is_no_text_is_refused_in_one_sentence(data: bytes) -> None:
    """PDF, archives, pictures and noise are refused with what to do instead."""
    with pytest.raises(JieduiError) as refused:
        decode(data)
    assert "text" in refused.value.remedy
    assert "\n" not in refused.value.message


def test_line_ends_become_one_kind() -> None:
    """Windows and old Macintosh line ends are read as line ends."""
    assert decode(b"a\r\nb\rc\n").text == "a\nb\nc\n"
    assert from_text("\ufeffa\r\nb").text == "a\nb"


def test_an_empty_page_is_text() -> None:
    """Nothing is not noise."""
    assert decode(b"").text == ""
