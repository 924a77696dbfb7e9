"""扫描表: the compiled scanner of a sheet's XML: bytes in, a grid of cells out.

It takes whole cells only: if the piece of the file ends inside one, it says where that one began, and is called again
with the rest and the next piece. So the answer cannot depend on where the pieces were cut.
"""

# ruff: noqa: SIM109 — a comparison is one instruction, a look into a tuple is not

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from jiedui.sheets.xlsx_quick import NUMERIC, OTHER, SHARED, quick_cell
from jiedui.sheets.xml_loops import (
    APOSTROPHE,
    BANG,
    EQUALS,
    GT,
    INCOMPLETE,
    LT,
    MARKUP,
    QUERY,
    QUOTE,
    SLASH,
    Bytes,
    append_text,
    is_blank,
    local_name,
    skip_special,
    tag_end,
    text_end,
    too_long,
)  # fmt: skip

MORE, FULL, WIDER, DONE = 1, 2, 3, 4
REFERENCE, TYPE, SHARED_INDEX, TOO_LONG, TOO_MANY_ROWS, TOO_WIDE, ORDER = -10, -11, -12, -13, -14, -15, -16

ROW, COLUMN, IN_DATA, FILLED, POOL_USED, ROW_OPEN, WIDTH, START, CAPACITY, FORMULAS, TOKENS, SLOTS = range(12)
"""Places in `state` (int64): the file's row and column, whether inside sheetData, rows in the grid, bytes in the pool,
whether the row has its line in the grid, columns with content, first row to keep, lines to fill, whether a formula
was seen, how many tags were read."""

MAX_COLUMNS = 16_384
BLANK = 32
LENGTH_BITS = 24
"""A text's place in the pool is packed as `start << LENGTH_BITS | length`."""
IS_SHARED = 0x40
"""Set in the grid's kinds where the value is the number of a shared text."""
TEXT, NUMBER, DATE, BOOL, ERROR = 1, 2, 3, 4, 5

Int64 = npt.NDArray[np.int64]
Int32 = npt.NDArray[np.int32]


@njit(cache=True, nogil=True)
def attribute(buf: Bytes, p: int, end: int) -> tuple[int, int, int, int, int]:
    """属性: the next attribute in `buf[p:end]`: name begin and end, value begin and end, where to go on.

    Name begin is -1 if there is none, MARKUP if it is not well-formed.
    """
    while p < end and (is_blank(buf[p]) or buf[p] == SLASH):
        p += 1
    if p >= end:
        return -1, 0, 0, 0, end
    a = p
    while p < end and buf[p] != EQUALS and not is_blank(buf[p]):
        p += 1
    b = p
    while p < end and (is_blank(buf[p]) or buf[p] == EQUALS):
        p += 1
    if p >= end or (buf[p] != QUOTE and buf[p] != APOSTROPHE):
        return MARKUP, 0, 0, 0, end
    quote = buf[p]
    p += 1
    v = p
    while p < end and buf[p] != quote:
        p += 1
    if p >= end:
        return MARKUP, 0, 0, 0, end
    return a, b, v, p, p + 1


@njit(cache=True, nogil=True)
def number(buf: Bytes, a: int, b: int) -> int:
    """整数: digits in `buf[a:b]`, blanks around them allowed; -1 if it is none or beyond 10 digits."""
    while a < b and is_blank(buf[a]):
        a += 1
    while b > a and is_blank(buf[b - 1]):
        b -= 1
    if a >= b or b - a > 10:
        return -1
    value = 0
    for k in range(a, b):
        if buf[k] < 48 or buf[k] > 57:
            return -1
        value = value * 10 + (buf[k] - 48)
    return value


@njit(cache=True, nogil=True)
def column_of(buf: Bytes, a: int, b: int) -> int:
    """列号: the 1-based column of a reference such as AB12; -1 if it is none."""
    column = 0
    k = a
    while k < b:
        byte = buf[k] & 0xDF
        if byte < 65 or byte > 90 or buf[k] < 65:
            break
        column = column * 26 + byte - 64
        if column > MAX_COLUMNS:
            return -1
        k += 1
    if column == 0 or k >= b:
        return -1
    return column if number(buf, k, b) > 0 else -1


@njit(cache=True, nogil=True)
def cell_tag(buf: Bytes, p: int, end: int, state: Int64, dates: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """单元格标签: attributes in `buf[p:end]`: (column, kind), the kind with IS_SHARED; an error in place of the column.

    A kind of -1 is an inline text, -2 a string of a formula (`str`).
    """
    column, style, kind = state[COLUMN] + 1, 0, 0
    while True:
        a, b, v, w, p = attribute(buf, p, end)
        if a < 0:
            if a == MARKUP:
                return MARKUP, 0
            break
        if b - a != 1:
            continue
        name = buf[a]
        if name == 114:  # r
            column = column_of(buf, v, w)
            if column < 0:
                return REFERENCE, 0
        elif name == 115:  # s
            style = number(buf, v, w)
        elif name == 116:  # t
            first = buf[v] if w > v else 0
            if w - v == 1:
                if first == 115:
                    kind = TEXT | IS_SHARED
                elif first == 98:
                    kind = BOOL
                elif first == 101:
                    kind = ERROR
                elif first == 100:
                    kind = DATE
                elif first != 110:
                    return TYPE, 0
            elif w - v == 3 and first == 115 and buf[v + 1] == 116 and buf[v + 2] == 114:
                kind = -2
            elif w - v == 9 and first == 105 and buf[v + 8] == 114:
                kind = -1
            else:
                return TYPE, 0
    if kind == 0:
        kind = DATE if 0 <= style < len(dates) and dates[style] else NUMBER
    return column, kind


@njit(cache=True, nogil=True)
def cell_content(buf: Bytes, p: int, n: int, pool: Bytes, used: int, texts: bool) -> tuple[int, int, bool, bool]:
    """单元格内容: from behind the opening tag to behind `</c>`, the text appended to the pool at `used`.

    Returns where it ends (or an error), where the pool ends, whether there is a formula, whether there is a value.
    """
    formula, value, phonetic = False, False, False
    while True:
        while p < n and buf[p] != LT:
            p += 1
        if p + 1 >= n:
            return INCOMPLETE, used, formula, value
        if buf[p + 1] == BANG or buf[p + 1] == QUERY:
            p = skip_special(buf, p, n)
            if p < 0:
                return p, used, formula, value
            continue
        if buf[p + 1] == SLASH:
            a, b = local_name(buf, p + 2, n)
            end = tag_end(buf, b, n)
            if end < 0:
                return end, used, formula, value
            p = end + 1
            if b - a == 1 and buf[a] == 99:
                return p, used, formula, value
            if b - a == 3 and buf[a] == 114 and buf[a + 1] == 80 and buf[a + 2] == 104:
                phonetic = False
            continue
        a, b = local_name(buf, p + 1, n)
        end = tag_end(buf, b, n)
        if end < 0:
            return end, used, formula, value
        closed = buf[end - 1] == SLASH
        p = end + 1
        if b - a == 1:
            name = buf[a]
            if name == 99:
                return MARKUP, used, formula, value
            if name == 102:
                formula = True
            if name == 118 or name == 102 or name == 116:
                if name == 118 and not closed:
                    value = True
                if name == 116:
                    value = True
                if not closed:
                    end = text_end(buf, p, n)
                    if end < 0:
                        return end, used, formula, value
                    if name != 102 and not phonetic:
                        used = append_text(buf, p, end, pool, used, texts)
                        if used < 0:
                            return used, used, formula, value
                    p = end
        elif b - a == 3 and buf[a] == 114 and buf[a + 1] == 80 and buf[a + 2] == 104:
            phonetic = not closed
        elif b - a == 3 and buf[a] == 114 and buf[a + 1] == 111 and buf[a + 2] == 119:
            return MARKUP, used, formula, value


@njit(cache=True, nogil=True)
def store(
    state: Int64,
    column: int,
    kind: int,
    value: int,
    formula: bool,
    kinds: Bytes,
    values: Int64,
    formulas: npt.NDArray[np.bool_],
    row_numbers: Int32,
    max_rows: int,
    max_columns: int,
) -> int:
    """存入: one cell with content into the grid; MORE, or FULL and WIDER if there is no place for it yet."""
    if state[ROW] < state[START]:
        return MORE
    if state[ROW] > max_rows:
        return TOO_MANY_ROWS
    if column > max_columns:
        return TOO_WIDE
    if column > len(kinds):
        return WIDER
    if state[ROW_OPEN] == 0:
        if state[FILLED] >= state[CAPACITY]:
            return FULL
        row_numbers[state[FILLED]] = state[ROW]
        state[FILLED] += 1
        state[ROW_OPEN] = 1
    line = state[FILLED] - 1
    kinds[column - 1, line] = kind
    values[column - 1, line] = value
    if formula:
        formulas[column - 1, line] = True
        state[FORMULAS] = 1
    if column > state[WIDTH]:
        state[WIDTH] = column
    return MORE


@njit(cache=True, nogil=True)
def cell(
    buf: Bytes,
    p: int,
    n: int,
    state: Int64,
    dates: npt.NDArray[np.bool_],
    shared: Int32,
    pool: Bytes,
    kinds: Bytes,
    values: Int64,
    formulas: npt.NDArray[np.bool_],
    row_numbers: Int32,
    max_rows: int,
    max_columns: int,
    max_characters: int,
) -> tuple[int, int]:
    """单元格: the cell whose name ends at `p`: (code, where it ends)."""
    end = tag_end(buf, p, n)
    if end < 0:
        return end, p
    column, kind = cell_tag(buf, p, end, state, dates)
    if column < 0:
        return column, p
    at = end + 1
    used = state[POOL_USED]
    start, formula, has_value = used, False, False
    if buf[end - 1] != SLASH:
        at, used, formula, has_value = cell_content(buf, at, n, pool, used, kind < 0)
        if at < 0:
            if at != INCOMPLETE:
                state[COLUMN] = column
            return at, p
    if kind != -1 and kind != -2:
        while used > start and is_blank(pool[used - 1]):
            used -= 1
        while start < used and is_blank(pool[start]):
            start += 1
    code = MORE
    if formula and used == start and not (kind == -2 and has_value):
        code = store(state, column, ERROR, used << LENGTH_BITS, True,
                     kinds, values, formulas, row_numbers, max_rows, max_columns)  # fmt: skip
        used = state[POOL_USED]
    elif used > start:
        value = start << LENGTH_BITS | (used - start)
        if kind < 0:
            kind = TEXT
        if kind & IS_SHARED:
            value = number(pool, start, used)
            used = state[POOL_USED]
            if value < 0 or value + 1 >= len(shared):
                state[COLUMN] = column
                return SHARED_INDEX, p
            if shared[value + 1] == shared[value]:
                value = -1
        elif too_long(pool, start, used, max_characters):
            state[COLUMN] = column
            return TOO_LONG, p
        if value >= 0:
            code = store(state, column, kind, value, formula,
                         kinds, values, formulas, row_numbers, max_rows, max_columns)  # fmt: skip
        if state[ROW] < state[START]:
            used = state[POOL_USED]
    if code != MORE:
        if code < 0:
            state[COLUMN] = column
        if code == WIDER:
            state[SLOTS] = column
        return code, p
    state[POOL_USED] = used
    state[COLUMN] = column
    return MORE, at


@njit(cache=True, nogil=True)
def row_tag(buf: Bytes, p: int, end: int, state: Int64) -> int:
    """行标签: take the number of the row, or the next one; MORE or an error."""
    row = state[ROW] + 1
    while True:
        a, b, v, w, p = attribute(buf, p, end)
        if a == MARKUP:
            return MARKUP
        if a < 0:
            break
        if b - a == 1 and buf[a] == 114:
            row = number(buf, v, w)
            if row < 1:
                return REFERENCE
    if row <= state[ROW]:
        return ORDER
    state[ROW] = row
    state[COLUMN] = 0
    state[ROW_OPEN] = 0
    return MORE


@njit(cache=True, nogil=True)
def named(buf: Bytes, a: int, b: int, word: Bytes) -> bool:
    """同名: whether `buf[a:b]` is the word."""
    if b - a != len(word):
        return False
    for k in range(len(word)):  # noqa: SIM110 — no generators in compiled code
        if buf[a + k] != word[k]:
            return False
    return True


@njit(cache=True, nogil=True)
def scan_sheet(
    buf: Bytes,
    p: int,
    state: Int64,
    dates: npt.NDArray[np.bool_],
    shared: Int32,
    pool: Bytes,
    kinds: Bytes,
    values: Int64,
    formulas: npt.NDArray[np.bool_],
    row_numbers: Int32,
    max_rows: int,
    max_columns: int,
    max_characters: int,
    sheet_data: Bytes,
) -> tuple[int, int]:
    """扫描: from `buf[p]` on as far as whole cells go: (code, where to go on).

    `kinds`, `values`, `formulas` are (columns, lines) uint8, int64, bool; `dates` says of each style whether it shows a
    date; `shared` are the offsets of the shared texts; `pool` has room for all of `buf`. Codes: MORE (give the rest and
    the next piece), FULL (take the lines away), WIDER (`state[SLOTS]` columns are needed), DONE, or an error (< 0).
    """
    n, most = len(buf), min(len(kinds), max_columns)
    while True:
        while p < n and buf[p] != LT:
            p += 1
        if p + 2 >= n:
            return MORE, p
        first = buf[p + 1]
        if first == 99 and state[IN_DATA] == 1 and (is_blank(buf[p + 2]) or buf[p + 2] == GT or buf[p + 2] == SLASH):
            a, b = p + 1, p + 2
        elif first == BANG or first == QUERY:
            end = skip_special(buf, p, n)
            if end < 0:
                return (MORE if end == INCOMPLETE else end), p
            p = end
            state[TOKENS] += 1
            continue
        else:
            a, b = local_name(buf, p + 2 if first == SLASH else p + 1, n)
            end = tag_end(buf, b, n)
            if end < 0:
                return (MORE if end == INCOMPLETE else end), p
        state[TOKENS] += 1
        if first == SLASH:
            if named(buf, a, b, sheet_data):
                return DONE, end + 1
            p = end + 1
        elif state[IN_DATA] == 0:
            if named(buf, a, b, sheet_data):
                if buf[end - 1] == SLASH:
                    return DONE, end + 1
                state[IN_DATA] = 1
            p = end + 1
        elif b - a == 1 and buf[a] == 99:
            # Written out here: a call with eight arrays would cost as much as all of this.
            column, style, kind, value, end = quick_cell(buf, b, n, pool, state[POOL_USED])
            if column > 0 and state[ROW_OPEN] == 1 and column <= most:
                start, line = state[POOL_USED], state[FILLED] - 1
                if kind == SHARED:
                    if value + 1 < len(shared) and shared[value + 1] > shared[value]:
                        kinds[column - 1, line] = TEXT | IS_SHARED
                        values[column - 1, line] = value
                        state[WIDTH] = max(state[WIDTH], column)
                        state[COLUMN] = column
                        p = end
                        continue
                elif kind == OTHER:
                    state[COLUMN] = column
                    p = end
                    continue
                elif 0 < value - start <= max_characters and pool[start] > BLANK and pool[value - 1] > BLANK:
                    if kind == NUMERIC:
                        kinds[column - 1, line] = DATE if style < len(dates) and dates[style] else NUMBER
                    else:
                        kinds[column - 1, line] = TEXT
                    values[column - 1, line] = start << LENGTH_BITS | (value - start)
                    state[POOL_USED] = value
                    state[WIDTH] = max(state[WIDTH], column)
                    state[COLUMN] = column
                    p = end
                    continue
            code, end = cell(buf, b, n, state, dates, shared, pool, kinds, values, formulas, row_numbers,
                             max_rows, max_columns, max_characters)  # fmt: skip
            if code != MORE:
                return (MORE if code == INCOMPLETE else code), p
            p = end
        else:
            if b - a == 3 and buf[a] == 114 and buf[a + 1] == 111 and buf[a + 2] == 119:
                code = row_tag(buf, b, end, state)
                if code != MORE:
                    return code, p
            p = end + 1
