from collections import Counter
from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from jiedui.simulate.numbers import credit_codes, hex_keys, id_numbers, is_synthetic_id, phones, rank_in_group
from jiedui.terms.identity import birth_date, id_problem, is_valid_credit_code, sex_of


def some_numbers(births: list[date], males: list[bool], province: int = 53) -> list[str]:
    """The identity numbers of people of one province."""
    birth = np.array(births, "datetime64[D]")
    return id_numbers(np.full(len(births), province), birth, np.array(males)).to_pylist()


@given(st.lists(st.tuples(st.dates(date(1915, 1, 1), date(2020, 12, 31)), st.booleans()), min_size=1, max_size=30))
def test_numbers_pass_every_check_and_say_who_they_are_of(people: list[tuple[date, bool]]) -> None:
    """Check digit, birth date and sex are right, no number stands twice, and every one is known as synthetic."""
    numbers = some_numbers([born for born, _ in people], [male for _, male in people])
    assert [id_problem(number) for number in numbers] == [None] * len(people)
    assert [birth_date(number) for number in numbers] == [born for born, _ in people]
    assert [sex_of(number) == "male" for number in numbers] == [male for _, male in people]
    assert len(set(numbers)) == len(numbers)
    assert all(is_synthetic_id(number) for number in numbers)


def test_more_people_than_a_day_has_numbers() -> None:
    """1,200 women born in one province on one day have 1,200 numbers, all valid."""
    numbers = some_numbers([date(1990, 5, 6)] * 1200, [False] * 1200)
    assert len(set(numbers)) == 1200
    assert {id_problem(number) for number in numbers} == {None}


def test_no_division_ever_began_with_the_prefix() -> None:
    """The six digits of a synthetic number were never the code of a division."""
    from jiedui.terms.divisions import Gazetteer

    number = some_numbers([date(1990, 5, 6)], [True])[0]
    assert Gazetteer.load().get(number[:6]) is None
    assert not any(division.code.startswith("00") for division in Gazetteer.load().all())


def test_a_real_looking_number_is_not_synthetic() -> None:
    """A number that begins with a real province is not taken for one of ours."""
    assert not is_synthetic_id("530602199005060012")


def test_phones_are_eleven_digits_of_an_unassigned_network() -> None:
    """Phones begin with 154, and different numbers give different phones."""
    made = phones(np.arange(0, 10**8, 9_999_991)).to_pylist()
    assert all(len(phone) == 11 and phone.isdigit() and phone.startswith("154") for phone in made)
    assert len(set(made)) == len(made)


def test_credit_codes_pass_both_checks_and_register_nowhere() -> None:
    """Credit codes are valid, their body has its own check character, and their division is 000000."""
    serials = np.array([31**7, 31**7 + 1, 12_345_678_901, 31**8 - 1])
    codes = credit_codes(["91", "51", "12", "91"], serials)
    assert all(is_valid_credit_code(code) and code[2:8] == "000000" for code in codes)
    assert [code[16] for code in codes] == [body_check(code[8:16]) for code in codes]
    assert len(set(codes)) == len(codes)


def body_check(body: str) -> str:
    """GB 11714 by the book: 11 minus the weighted sum modulo 11, 10 written X and 11 written 0."""
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    left = 11 - sum(alphabet.index(c) * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    return {10: "X", 11: "0"}.get(left, str(left))


@given(st.lists(st.integers(0, 4), max_size=40))
def test_rank_in_group_counts_what_came_before(groups: list[int]) -> None:
    """The rank of a row is the number of earlier rows of its group (counted one by one here)."""
    seen: Counter[int] = Counter()
    expected = []
    for group in groups:
        expected.append(seen[group])
        seen[group] += 1
    assert rank_in_group(np.array(groups, np.int64)).tolist() == expected


def test_hex_keys_have_32_digits() -> None:
    """Two 64-bit words become 32 hexadecimal digits, with their leading zeros."""
    assert hex_keys(np.array([[1, 2**63]], np.uint64)) == ["0000000000000001" + "8000000000000000"]
