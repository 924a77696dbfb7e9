"""How values are printed on paper."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jiedui.reports.numbers import points, printed, scaled


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (None, "persons", "—"),
        (0, "persons", "0"),
        (1234567, "persons", "1,234,567"),
        (Decimal("123456789"), "fen", "123.46"),
        (Decimal("0.12345"), "share", "12.35"),
        (1.25, "ratio", "1.25"),
        (Decimal("2.5"), "counties", "2.50"),
    ],
)
def test_printed(value: Decimal | float | None, unit: str, expected: str) -> None:
    """Each unit has its print; None is a dash and zero is a zero."""
    assert printed(value, unit) == expected


def test_scaled_keeps_missing() -> None:
    """A missing value stays missing; fen become ten thousands of yuan."""
    assert scaled(None, "fen") is None
    assert scaled(2_000_000, "fen") == 2.0


def test_points_have_one_decimal() -> None:
    """Scores align; a missing score is a dash."""
    assert [points(Decimal("88.05")), points(90), points(None)] == ["88.1", "90.0", "—"]
