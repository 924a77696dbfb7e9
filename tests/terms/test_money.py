"""Money in fen: in and out of text without loss."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui.errors import JieduiError
from jiedui.terms import money

FEN = st.integers(-(10**15), 10**15)


@given(FEN)
def test_yuan_reads_back(fen: int) -> None:
    """What yuan() writes, parse() reads as the same fen."""
    assert money.parse(money.yuan(fen)) == fen


@given(FEN, st.integers(0, 6))
def test_wan_yuan_rounds_half_up_as_decimal_does(fen: int, places: int) -> None:
    """The same digits as Decimal gives for the exact amount."""
    exact = (Decimal(fen) / 1_000_000).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert Decimal(money.wan_yuan(fen, places).replace(",", "")) == exact


@pytest.mark.parametrize(
    ("text", "fen"),
    [("1,234.50", 123450), ("12.5万元", 12_500_000), ("0.3亿元", 3_000_000_000), ("100元", 10000), (" 7 ", 700)],
)
def test_amounts_as_people_write_them(text: str, fen: int) -> None:
    """Thousands separators and the usual units."""
    assert money.parse(text) == fen


@pytest.mark.parametrize("text", ["", "十元", "1.2.3", "0.001", "1e5", "5美元"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    """Words, exponents, other currencies and parts of a fen are refused."""
    with pytest.raises(JieduiError):
        money.parse(text)


def test_units_and_separators() -> None:
    """123456789 fen are 1,234,567.89 yuan and 123.46 ten thousands."""
    assert (money.yuan(123456789), money.wan_yuan(123456789), money.yuan(-5)) == ("1,234,567.89", "123.46", "-0.05")
