"""快径: the compiled reading of a cell as nearly every program writes it; whatever looks otherwise goes the general
way.

`<c r="B7" s="1" t="s"><v>12</v></c>`, the attributes in this order, nothing to decode. The general scanner gives the
same answer for these, three times slower; a test holds them side by side.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from jiedui.sheets.xml_loops import AMP, CR, GT, LT, QUOTE, SLASH, SPACE, UNDERSCORE, Bytes

ONE, TWO, THREE, FOUR, FIVE, TEN = (np.uint64(k) for k in (1, 2, 3, 4, 5, 10))
"""Positions are unsigned here: Numba then leaves out its test for negative ones."""
EQUAL = 61
NUMERIC, SHARED, INLINE, STRING, OTHER = 0, 1, 2, 3, 4
SPECIAL = np.zeros(256, np.bool_)
SPECIAL[[LT, AMP, UNDERSCORE, CR, 0]] = True


@njit(cache=True, nogil=True)
def quick_tag(buf: Bytes, q: np.uint64) -> tuple[int, int, int, np.uint64]:
    """快读标签: `q` is at the blank behind `<c`: (column, style, type, at the byte behind the attributes).

    The column is 0 if the tag looks otherwise. There are 64 bytes from `q` on at least.
    """
    column, style, kind = 0, 0, NUMERIC
    if buf[q] != SPACE or buf[q + ONE] != 114 or buf[q + TWO] != EQUAL or buf[q + THREE] != QUOTE:
        return 0, 0, 0, q
    q += FOUR
    stop = q + FIVE
    while 65 <= buf[q] <= 90 and q < stop:
        column = column * 26 + (np.int64(buf[q]) - 64)
        q += ONE
    stop = q + TEN
    if buf[q] < 49 or buf[q] > 57:
        return 0, 0, 0, q
    while 48 <= buf[q] <= 57 and q < stop:
        q += ONE
    if buf[q] != QUOTE or column > 16_384:
        return 0, 0, 0, q
    q += ONE
    if buf[q] == SPACE and buf[q + ONE] == 115 and buf[q + TWO] == EQUAL and buf[q + THREE] == QUOTE:
        q += FOUR
        stop = q + TEN
        while 48 <= buf[q] <= 57 and q < stop:
            style = style * 10 + (np.int64(buf[q]) - 48)
            q += ONE
        if buf[q] != QUOTE:
            return 0, 0, 0, q
        q += ONE
    if buf[q] == SPACE and buf[q + ONE] == 116 and buf[q + TWO] == EQUAL and buf[q + THREE] == QUOTE:
        q += FOUR
        first, second = buf[q], buf[q + ONE]
        if first == 115 and second == QUOTE:
            kind = SHARED
            q += TWO
        elif first == 110 and second == QUOTE:
            q += TWO
        elif first == 115 and second == 116 and buf[q + TWO] == 114 and buf[q + THREE] == QUOTE:
            kind = STRING
            q += FOUR
        elif first == 105 and second == 110 and buf[q + FIVE + THREE] == 114 and buf[q + FIVE + FOUR] == QUOTE:
            kind = INLINE
            q += TEN
        else:
            return 0, 0, 0, q
    return column, style, kind, q


@njit(cache=True, nogil=True)
def quick_copy(buf: Bytes, q: np.uint64, n: np.uint64, pool: Bytes, used: np.uint64) -> tuple[np.uint64, np.uint64]:
    """快拷文本: up to the next `<`: (at it, end of the pool); at `n` if there is none, or something to decode."""
    while q < n:
        byte = buf[q]
        if SPECIAL[byte]:
            return (q if byte == LT else n), used
        pool[used] = byte
        used += ONE
        q += ONE
    return n, used


@njit(cache=True, nogil=True)
def quick_shared(buf: Bytes, q: np.uint64) -> tuple[int, np.uint64]:
    """快读序号: digits up to a `<`: (number or -1, at it)."""
    value, stop = 0, q + TEN
    if buf[q] < 48 or buf[q] > 57:
        return -1, q
    while 48 <= buf[q] <= 57 and q < stop:
        value = value * 10 + (np.int64(buf[q]) - 48)
        q += ONE
    return value, q


@njit(cache=True, nogil=True)
def closes_value(buf: Bytes, q: np.uint64) -> bool:
    """Whether `</v></c>` stands at `q`."""
    return (
        buf[q] == LT and buf[q + ONE] == SLASH and buf[q + TWO] == 118 and buf[q + THREE] == GT
        and buf[q + FOUR] == LT and buf[q + FIVE] == SLASH and buf[q + FIVE + ONE] == 99 and buf[q + FIVE + TWO] == GT
    )  # fmt: skip


@njit(cache=True, nogil=True)
def closes_inline(buf: Bytes, q: np.uint64) -> bool:
    """Whether `</t></is></c>` stands at `q`."""
    return (
        buf[q] == LT and buf[q + ONE] == SLASH and buf[q + TWO] == 116 and buf[q + THREE] == GT
        and buf[q + FOUR] == LT and buf[q + FIVE] == SLASH and buf[q + FIVE + ONE] == 105
        and buf[q + FIVE + TWO] == 115 and buf[q + FIVE + THREE] == GT and buf[q + FIVE + FOUR] == LT
        and buf[q + TEN] == SLASH and buf[q + TEN + ONE] == 99 and buf[q + TEN + TWO] == GT
    )  # fmt: skip


@njit(cache=True, nogil=True)
def opens_value(buf: Bytes, q: np.uint64) -> bool:
    """Whether `><v>` stands at `q`."""
    return buf[q] == GT and buf[q + ONE] == LT and buf[q + TWO] == 118 and buf[q + THREE] == GT


@njit(cache=True, nogil=True)
def opens_inline(buf: Bytes, q: np.uint64) -> bool:
    """Whether `><is><t>` stands at `q`."""
    return (
        buf[q] == GT and buf[q + ONE] == LT and buf[q + TWO] == 105 and buf[q + THREE] == 115 and buf[q + FOUR] == GT
        and buf[q + FIVE] == LT and buf[q + FIVE + ONE] == 116 and buf[q + FIVE + TWO] == GT
    )  # fmt: skip


@njit(cache=True, nogil=True)
def quick_cell(buf: Bytes, p: int, n: int, pool: Bytes, used: int) -> tuple[int, int, int, int, int]:
    """快读单元格: `p` is behind `<c`: (column, style, type, shared number or end of the pool, end).

    Column 0 says that the cell looks otherwise. An empty cell has the end of the pool where it was.
    """
    if n - p < 128:
        return 0, 0, 0, 0, 0
    column, style, kind, q = quick_tag(buf, np.uint64(p))
    if column == 0:
        return 0, 0, 0, 0, 0
    if buf[q] == SLASH and buf[q + ONE] == GT:
        return column, style, OTHER, used, np.int64(q + TWO)
    limit, end = np.uint64(n - 16), np.uint64(used)
    if kind == INLINE:
        if not opens_inline(buf, q):
            return 0, 0, 0, 0, 0
        q, end = quick_copy(buf, q + FOUR + FOUR, limit, pool, end)
        if q >= limit or not closes_inline(buf, q):
            return 0, 0, 0, 0, 0
        return column, style, kind, np.int64(end), np.int64(q + TEN + THREE)
    if not opens_value(buf, q):
        return 0, 0, 0, 0, 0
    q += FOUR
    if kind == SHARED:
        value, q = quick_shared(buf, q)
        if value < 0 or not closes_value(buf, q):
            return 0, 0, 0, 0, 0
        return column, style, kind, value, np.int64(q + FOUR + FOUR)
    q, end = quick_copy(buf, q, limit, pool, end)
    if q >= limit or not closes_value(buf, q):
        return 0, 0, 0, 0, 0
    return column, style, kind, np.int64(end), np.int64(q + FOUR + FOUR)
