"""Identity numbers and credit codes. All numbers here are made up; the district code 000000 does not exist."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui.terms import identity

SEVENTEEN = st.builds(
    lambda day, order: f"000000{day:%Y%m%d}{order:03d}",
    st.dates(date(1930, 1, 1), date(2019, 12, 31)),
    st.integers(0, 999),
)
FIRST = st.text(identity.CREDIT_ALPHABET, min_size=17, max_size=17)


@given(SEVENTEEN)
def test_exactly_one_check_character_fits(first: str) -> None:
    """Of the eleven characters exactly one makes the number valid, and the weighted sum is then 1 mod 11."""
    fitting = [c for c in "0123456789X" if identity.is_valid_id(first + c)]
    assert fitting == [identity.id_check_digit(first)]
    values = [int(c) for c in first] + [10 if fitting[0] == "X" else int(fitting[0])]
    weights = [pow(2, 17 - i, 11) for i in range(18)]
    assert sum(v * w for v, w in zip(values, weights, strict=True)) % 11 == 1


@given(SEVENTEEN, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(first: str, at: int, shift: int) -> None:
    """Changing any one digit makes the number invalid."""
    number = first + identity.id_check_digit(first)
    wrong = number[:at] + str((int(number[at]) + shift) % 10) + number[at + 1 :]
    assert not identity.is_valid_id(wrong)


@pytest.mark.parametrize(
    ("number", "part"),
    [
        ("000000900101123", "15位"),
        ("00000019900101123X12", "残疾人证"),
        ("1.23457E+17", "数值"),
        ("000000199002301234", "出生日期"),
        ("00000019900101123", "不是18位"),
        ("", "不是18位"),
    ],
)
def test_a_wrong_number_says_what_it_is(number: str, part: str) -> None:
    """Old numbers, disability cards and numbers spoilt by a spreadsheet are named, never repaired."""
    problem = identity.id_problem(number)
    assert problem is not None
    assert part in problem


@given(FIRST)
def test_exactly_one_credit_character_fits(first: str) -> None:
    """(31 − Σ) mod 31: exactly one of the 31 characters fits, and the whole weighted sum is 0 mod 31."""
    fitting = [c for c in identity.CREDIT_ALPHABET if identity.is_valid_credit_code(first + c)]
    assert fitting == [identity.credit_check_character(first)]
    values = [identity.CREDIT_ALPHABET.index(c) for c in first + fitting[0]]
    assert sum(v * pow(3, i, 31) for i, v in enumerate(values[:17])) % 31 == -values[17] % 31


def test_credit_codes_with_forbidden_letters_are_refused() -> None:
    """I, O, S, V and Z do not occur."""
    assert not identity.is_valid_credit_code("91110000I00000000X")
    with pytest.raises(ValueError, match="17 characters"):
        identity.credit_check_character("IOSVZ")


def test_masks() -> None:
    """What may be shown: 138****1234, 35*************123, 张**; short texts vanish wholly."""
    assert identity.mask_phone("13812341234") == "138****1234"
    assert identity.mask_id("350000199001010123") == "35*************123"
    assert identity.mask_name("张某某") == "张**"
    assert (identity.mask_phone("123"), identity.mask_id("123"), identity.mask_name("")) == ("***", "***", "")


def test_birth_date_and_sex() -> None:
    """Read from the number; None where it is none."""
    assert identity.birth_date("000000199001010123") == date(1990, 1, 1)
    assert identity.birth_date("000000199013010123") is None
    assert [identity.sex_of(f"00000019900101012{d}"[:16] + d + "0") for d in "12"] == ["male", "female"]
    assert identity.sex_of("1") is None
