"""How values are printed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from jiedui.web.templatetags import figures

FORMATS = (figures.count, figures.figure, figures.fixed, figures.wan, figures.yuan, figures.day, figures.percent)


@pytest.mark.parametrize("print_it", FORMATS)
@pytest.mark.parametrize("unknown", [None, ""])
def test_what_is_not_known_is_a_dash(print_it: object, unknown: object) -> None:
    """Missing is printed as a dash that says so, never as a zero; a template's empty text counts as missing."""
    assert "—" in print_it(unknown)
    assert "0" not in print_it(unknown)


@given(st.integers(-(10**15), 10**15))
def test_counts_and_money_lose_nothing(fen: int) -> None:
    """A count and an amount in yuan read back to the same number."""
    assert int(figures.count(fen).replace(",", "")) == fen
    assert Decimal(figures.yuan(fen).replace(",", "")) * 100 == fen


@given(st.decimals(-(10**9), 10**9, places=6))
def test_figures_are_right_to_two_decimals(value: Decimal) -> None:
    """A printed figure is off by at most half a hundredth, and has no trailing zeros."""
    text = figures.figure(value)
    assert abs(Decimal(text.replace(",", "")) - value) <= Decimal("0.005")
    assert "." not in text or text[-1] not in "0."
    assert text != "-0"


@pytest.mark.parametrize(
    ("value", "unit", "printed"),
    [
        (Decimal("0.756"), "share", "75.6"),
        (Decimal("29800000"), "fen", "29.80"),
        (Decimal("1234"), "persons", "1,234"),
        (Decimal("0.85"), "ratio", "0.85"),
        (Decimal("0"), "persons", "0"),
    ],
)
def test_units_decide_the_form(value: Decimal, unit: str, printed: str) -> None:
    """Shares are percent, fen are ten thousands of yuan, the rest is plain; a zero is a zero."""
    assert figures.measured(value, unit) == printed


def test_labels_follow_the_language() -> None:
    """Code lists, places and parts are printed in the page's language; places keep their Chinese name."""
    with translation.override("zh-hans"):
        assert figures.label("donor_to_recipient", "VISIT_DIRECTION") == "东部赴西部"
        assert figures.part("numerator+denominator") == "分子 + 分母"
    with translation.override("en"):
        assert figures.label("donor_to_recipient", "VISIT_DIRECTION") == "donor visits recipient"
        assert figures.place("530602") == "云南省昭通市昭阳区"


def test_places_below_the_county_keep_their_code() -> None:
    """A village is printed as its county and the rest of its code; a code that is unknown is printed as it is."""
    assert figures.place("530602101001") == "云南省昭通市昭阳区 101001"
    assert figures.place("999999") == "999999"


def test_days_are_iso() -> None:
    """A day is year-month-day in both languages."""
    assert figures.day(date(2016, 12, 7)) == "2016-12-07"
