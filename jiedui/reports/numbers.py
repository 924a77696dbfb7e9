"""数字: how a value is printed with its unit on paper; what is not known is a dash, never a zero."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from jiedui.reports.yearly.content import MISSING
from jiedui.terms import money

UNITS: Final[dict[str, str]] = {
    "persons": "人",
    "person-times": "人次",
    "households": "户",
    "counties": "个",
    "firms": "家",
    "projects": "个",
    "fen": "万元",
    "share": "%",
    "ratio": "倍",
}
"""Unit of an indicator → unit printed on paper (fen in ten thousands of yuan, shares in percent)."""


def unit_label(unit: str) -> str:
    """单位: as printed; an unknown unit is printed as it is."""
    return UNITS.get(unit, unit)


def printed(value: Decimal | float | None, unit: str) -> str:
    """数值: as printed, without its unit; `MISSING` for None."""
    if value is None:
        return MISSING
    exact = Decimal(str(value))
    if unit == "fen":
        return money.wan_yuan(int(exact))
    if unit == "share":
        return f"{_rounded(exact * 100, '0.01'):,}"
    if unit == "ratio":
        return f"{_rounded(exact, '0.01'):,}"
    if exact == exact.to_integral_value():
        return f"{int(exact):,}"
    return f"{_rounded(exact, '0.01'):,}"


def scaled(value: Decimal | float | None, unit: str) -> float | None:
    """图中数值: the value in its printed unit and to two decimals, for charts and workbooks; None stays None."""
    if value is None:
        return None
    exact = Decimal(str(value))
    factor = {"fen": Decimal("0.000001"), "share": Decimal(100)}.get(unit, Decimal(1))
    return float(_rounded(exact * factor, "0.01"))


def points(score: Decimal | float | None) -> str:
    """得分: with one decimal; `MISSING` for None."""
    return MISSING if score is None else f"{_rounded(Decimal(str(score)), '0.1')}"


def _rounded(value: Decimal, step: str) -> Decimal:
    return value.quantize(Decimal(step), rounding=ROUND_HALF_UP)
