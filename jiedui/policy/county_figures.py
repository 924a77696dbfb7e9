"""县域数据: what is published of a county, and ranks of such figures in per mille, for the rules of county pairs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Final

from jiedui.policy import published
from jiedui.policy.places import Places

PERCENT: Final = 100
PERMILLE: Final = 1000
_CENSUS_DAY: Final = date(2020, 12, 31)
_DIGITS: Final = len("530602")


def census_of(code: str, places: Places) -> published.Census | None:
    """普查数据: of the place that a code of any year names; None where it is not one place of 2020, or not known."""
    held = places.prefixes(code, _CENSUS_DAY)
    return published.census_2020().get(held[0].ljust(_DIGITS, "0")) if len(held) == 1 else None


def lateness(year: int) -> int:
    """摘帽早晚: 0 for the first year of delisting, 1000 for the last."""
    first, last = _delisting()
    return round(PERMILLE * (year - first) / (last - first))


def ranks(figures: Mapping[str, int]) -> dict[str, int]:
    """位次: per mille: the share of the others that have less; equal figures have equal ranks."""
    order = sorted(figures.values())
    others = max(1, len(order) - 1)
    return {code: round(PERMILLE * bisect_left(order, value) / others) for code, value in figures.items()}


def mean(known_or_not: Sequence[int | None], weights: Sequence[int]) -> int | None:
    """加权平均: of the ranks that are known; None where none is."""
    known = [(rank, weight) for rank, weight in zip(known_or_not, weights, strict=True) if rank is not None]
    total = sum(weight for _, weight in known)
    return round(sum(rank * weight for rank, weight in known) / total) if total else None


@cache
def _delisting() -> tuple[int, int]:
    years = [county.delisted_year for county in published.poverty_counties()]
    return min(years), max(years)
