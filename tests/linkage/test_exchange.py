"""Double registrations of two provinces, found without their numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiedui.errors import JieduiError
from jiedui.linkage import exchange
from tests.linkage.people import number

KEY = bytes(range(32))
NUMBERS = [number(order=f"{order:03}") for order in range(12)]
SIDE = st.lists(st.sampled_from(NUMBERS), max_size=12).map(lambda found: [(f"p{i}", n) for i, n in enumerate(found)])


@settings(max_examples=60)
@given(SIDE, SIDE)
def test_exactly_the_common_persons_are_found(here: list[tuple[str, str]], there: list[tuple[str, str]]) -> None:
    """Each side learns its own pseudonyms of the numbers that both have, and both name the same cases."""
    ours, theirs = exchange.make(KEY, 2020, here), exchange.make(KEY, 2020, there)
    found = exchange.find(ours, exchange.read(theirs.letter.to_bytes()))
    back = exchange.find(theirs, exchange.read(ours.letter.to_bytes()))
    common = {n for _, n in here} & {n for _, n in there}
    assert sorted(found["pseudonym"].to_pylist()) == sorted(p for p, n in here if n in common)
    assert sorted(back["pseudonym"].to_pylist()) == sorted(p for p, n in there if n in common)
    assert set(found["case"].to_pylist()) == set(back["case"].to_pylist())
    assert len(set(found["case"].to_pylist())) == len(common)


def test_nothing_but_tokens_travels() -> None:
    """The letter holds no number and no pseudonym, and does not show the order of the register."""
    persons = [(f"pseudonym{i}", n) for i, n in enumerate(NUMBERS)]
    letter = exchange.make(KEY, 2020, persons).letter.to_bytes()
    assert not any(n.encode() in letter or p.encode() in letter for p, n in persons)
    assert letter == exchange.make(KEY, 2020, persons[::-1]).letter.to_bytes()


def test_the_old_number_and_a_small_x_are_the_same_person() -> None:
    """A 15-digit number, and an x in small letters, meet the 18-digit form."""
    whole = next(n for n in (number(order=f"{i:03}") for i in range(100)) if n.endswith("X"))
    ours = exchange.make(KEY, 2020, [("a", whole.lower()), ("b", whole[:6] + whole[8:17])])
    theirs = exchange.make(KEY, 2020, [("c", whole)])
    assert exchange.find(ours, theirs.letter)["pseudonym"].to_pylist() == ["a", "b"]


def test_who_has_no_valid_number_is_counted_and_not_sent() -> None:
    """Missing and wrong numbers are left out, by reason."""
    wrong = number()[:17] + ("0" if number()[17] != "0" else "1")
    ours = exchange.make(KEY, 2020, [("a", None), ("b", wrong), ("c", number())])
    assert ours.left_out == {"没有证件号码": 1, "校验码不符": 1}
    assert len(ours.letter.tokens) == 1


def test_another_key_or_year_is_refused() -> None:
    """Lists that could have nothing in common are refused, not answered with "none"."""
    ours = exchange.make(KEY, 2020, [("a", number())])
    with pytest.raises(JieduiError, match="2019"):
        exchange.find(ours, exchange.make(KEY, 2019, [("a", number())]).letter)
    with pytest.raises(JieduiError, match="fingerprint"):
        exchange.find(ours, exchange.make(exchange.new_key(), 2020, [("a", number())]).letter)


def test_tokens_of_two_years_have_nothing_in_common() -> None:
    """A letter of one year cannot be joined with one of another."""
    tokens = [set(exchange.make(KEY, year, [("a", n) for n in NUMBERS]).letter.tokens) for year in (2019, 2020)]
    assert not tokens[0] & tokens[1]


CHANGES = ((lambda b: b[:-1], "tokens"), (lambda b: b + b"x", "tokens"), (lambda b: b"PK" + b, "no exchange"))


@pytest.mark.parametrize(("change", "said"), CHANGES)
def test_a_damaged_letter_is_refused(change: Callable[[bytes], bytes], said: str) -> None:
    """A cut, longer or foreign file is refused."""
    letter = exchange.make(KEY, 2020, [("a", number())]).letter.to_bytes()
    with pytest.raises(JieduiError, match=said):
        exchange.read(change(letter))


def test_a_wrong_key_or_year_is_refused_before_anything_is_made() -> None:
    """A key of another length and a year of other than four digits are refused."""
    with pytest.raises(JieduiError, match="31 bytes"):
        exchange.make(KEY[:31], 2020, [])
    with pytest.raises(JieduiError, match="no year"):
        exchange.make(KEY, 20, [])
