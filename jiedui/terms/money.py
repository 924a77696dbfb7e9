"""金额: money is a whole number of fen (分); these are its only ways in and out of text."""

from __future__ import annotations

import re
from decimal import Decimal

from jiedui.errors import JieduiError

_FEN_PER = {"元": 100, "万元": 1_000_000, "亿元": 10_000_000_000}
_AMOUNT = re.compile(r"([-+]?[0-9][0-9,，]*(?:\.[0-9]+)?)\s*(元|万元|亿元)?")


def yuan(fen: int) -> str:
    """元: fen as yuan with two decimals and thousands separators: 123456789 → '1,234,567.89'."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), 100)
    return f"{sign}{whole:,}.{rest:02d}"


def wan_yuan(fen: int, places: int = 2) -> str:
    """万元: fen as ten thousands of yuan, rounded half up on the exact amount: 123456789 → '123.46'."""
    step = 10 ** (6 - places)
    if not 0 <= places <= 6:
        raise ValueError("places must be 0 to 6")
    sign = "-" if fen < 0 else ""
    units = (abs(fen) * 2 + step) // (2 * step)
    whole, rest = divmod(units, 10**places)
    sign = sign if units else ""
    return f"{sign}{whole:,}.{rest:0{places}d}" if places else f"{sign}{whole:,}"


def parse(text: str, unit: str = "元") -> int:
    """读金额: text such as '1,234.50', '12.5万元' as fen; `unit` where the text names none.

    Raises `JieduiError` for what is not an amount or is finer than one fen.
    """
    match = _AMOUNT.fullmatch(text.strip().translate({0x3000: None, 0xA0: None}))
    named = (match[2] or unit) if match else unit
    if match is None or named not in _FEN_PER:
        raise JieduiError(f"{text!r} is not an amount of money.", remedy="Write e.g. 1234.50, 12.5万元 or 0.3亿元.")
    fen = Decimal(re.sub("[,，]", "", match[1])) * _FEN_PER[named]
    if fen != fen.to_integral_value():
        raise JieduiError(f"{text!r} is finer than one fen.", remedy="Give at most two decimals of a yuan.")
    return int(fen)
