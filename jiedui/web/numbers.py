"""数: whole numbers as readers write them into an address."""

from __future__ import annotations

_DIGITS = 9
_KEY_DIGITS = 18


def whole(text: str) -> int | None:
    """整数: of up to nine plain digits; None for everything else, other scripts' digits and ² included."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None


def whole_key(text: str) -> int | None:
    """编号: of up to eighteen plain digits, as keys have them; None for everything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _KEY_DIGITS else None
