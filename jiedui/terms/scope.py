"""数据范围: a set of divisions as ranges of their codes, with the algebra that "who sees what" needs.

A division code is hierarchical by prefix, so everything below a prefix is one half-open range of text in byte order:
云南 is ["53", "54"), 昭通 inside it ["5306", "5307"). A scope is a sorted tuple of such ranges that neither overlap nor
touch. It is the same value in Python, in SQL (`codemultirange`) and in a WHERE clause (plain comparisons).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Range = tuple[str, str]
"""[from, to): codes c with from <= c < to, compared byte by byte."""

_AFTER_DIGITS = ":"
"""The character after "9": the end of a range that has no next number of the same length (prefix "99", and "")."""


def prefix_range(prefix: str) -> Range:
    """前缀区间: all codes that begin with `prefix` (digits; "" = every code).

    Raises:
        ValueError: the prefix holds something that is not a digit.
    """
    if not prefix:
        return ("", _AFTER_DIGITS)
    if not (prefix.isascii() and prefix.isdigit()):
        raise ValueError(f"a code prefix is digits, not {prefix!r}")
    if prefix.strip("9") == "":
        return (prefix, prefix + _AFTER_DIGITS)
    return (prefix, str(int(prefix) + 1).zfill(len(prefix)))


@dataclass(frozen=True, slots=True)
class Scope:
    """范围: sorted, disjoint, half-open ranges of division codes; no range at all = nothing may be seen."""

    ranges: tuple[Range, ...] = ()

    @classmethod
    def of(cls, prefixes: Iterable[str]) -> Scope:
        """The union of everything below the prefixes."""
        return cls(_merged(prefix_range(prefix) for prefix in prefixes))

    @classmethod
    def everything(cls) -> Scope:
        """全国: every code."""
        return cls.of([""])

    def __bool__(self) -> bool:
        return bool(self.ranges)

    def __contains__(self, code: str) -> bool:
        return any(low <= code < high for low, high in self.ranges)

    def __or__(self, other: Scope) -> Scope:
        return Scope(_merged((*self.ranges, *other.ranges)))

    def __sub__(self, other: Scope) -> Scope:
        left = list(self.ranges)
        for cut in other.ranges:
            left = [piece for whole in left for piece in _without(whole, cut)]
        return Scope(tuple(left))

    def __and__(self, other: Scope) -> Scope:
        return self - (self - other)

    def multirange(self) -> str:
        """PostgreSQL literal of type `codemultirange`; "{}" for nothing."""
        return "{" + ",".join(f'["{low}","{high}")' for low, high in self.ranges) + "}"

    def comparisons(self, column: str) -> tuple[dict[str, str], ...]:
        """One pair of comparisons per range, as keyword arguments of a filter: `{column__gte: …, column__lt: …}`."""
        return tuple({f"{column}__gte": low, f"{column}__lt": high} for low, high in self.ranges)


def _merged(ranges: Iterable[Range]) -> tuple[Range, ...]:
    merged: list[Range] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def _without(whole: Range, cut: Range) -> list[Range]:
    """`whole` minus `cut`: none, one or two ranges."""
    (low, high), (cut_low, cut_high) = whole, cut
    if cut_high <= low or high <= cut_low:
        return [whole]
    pieces = [(low, cut_low), (cut_high, high)]
    return [piece for piece in pieces if piece[0] < piece[1]]
