"""扫描csv: the compiled scanner of delimited text (RFC 4180, as Excel reads it), and the census of UTF-8.

Whole fields only, as for sheets: an unfinished one is read again with the next piece. A quote opens only at the start
of a field; what follows a closing quote belongs to the field; CR, LF and CRLF end a record; a quoted line end does not.
"""

# ruff: noqa: SIM109 — a comparison is one instruction, a look into a tuple is not

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from jiedui.sheets.xlsx_loop import (
    COLUMN,
    DONE,
    LENGTH_BITS,
    MORE,
    POOL_USED,
    ROW,
    ROW_OPEN,
    SLOTS,
    START,
    TEXT,
    TOO_LONG,
    WIDER,
    Int32,
    Int64,
    store,
)  # fmt: skip
from jiedui.sheets.xml_loops import CR, LF, NUL, QUOTE, Bytes, too_long

UNCLOSED = -20
NEED, LOW, HIGH, GOOD, BAD, LINE, BAD_LINE = range(7)
"""Places in the state of `utf8_census`: bytes still needed, bounds of the next one, whole characters beyond ASCII,
broken ones, line ends so far, and the line (1-based) of the first broken one."""


@njit(cache=True, nogil=True)
def scan_csv(
    buf: Bytes,
    p: int,
    final: bool,
    delimiter: int,
    state: Int64,
    pool: Bytes,
    kinds: Bytes,
    values: Int64,
    formulas: npt.NDArray[np.bool_],
    row_numbers: Int32,
    max_rows: int,
    max_columns: int,
    max_characters: int,
) -> tuple[int, int]:
    """扫描: from `buf[p]` on as far as whole fields go: (code, where to go on); codes as of `scan_sheet`."""
    n = len(buf)
    while True:
        if p >= n:
            return (DONE if final else MORE), p
        start = state[POOL_USED]
        used, q, closed = start, p, True
        if buf[q] == QUOTE:
            q += 1
            closed = False
            while q < n:
                byte = buf[q]
                if byte == QUOTE:
                    if q + 1 >= n and not final:
                        break
                    if q + 1 >= n or buf[q + 1] != QUOTE:
                        closed = True
                        q += 1
                        break
                    q += 1
                elif byte == 0:
                    return NUL, p
                pool[used] = byte
                used += 1
                q += 1
            if used - start > 4 * max_characters:
                return TOO_LONG, p
            if not closed:
                return (UNCLOSED if final else MORE), p
        while q < n:
            byte = buf[q]
            if byte == delimiter or byte == LF or byte == CR:
                break
            if byte == 0:
                return NUL, p
            pool[used] = byte
            used += 1
            q += 1
        if used - start > max_characters and too_long(pool, start, used, max_characters):
            return TOO_LONG, p
        if not final and (q >= n or (buf[q] == CR and q + 1 >= n)):
            return MORE, p
        if used > start and state[ROW] >= state[START]:
            value = start << LENGTH_BITS | (used - start)
            code = store(state, state[COLUMN] + 1, TEXT, value, False,
                         kinds, values, formulas, row_numbers, max_rows, max_columns)  # fmt: skip
            if code != MORE:
                if code == WIDER:
                    state[SLOTS] = state[COLUMN] + 1
                return code, p
            state[POOL_USED] = used
        if q >= n:
            return DONE, q
        if buf[q] == delimiter:
            state[COLUMN] += 1
        else:
            if buf[q] == CR and q + 1 < n and buf[q + 1] == LF:
                q += 1
            state[ROW] += 1
            state[COLUMN] = 0
            state[ROW_OPEN] = 0
        p = q + 1


@njit(cache=True, nogil=True)
def utf8_census(buf: Bytes, state: Int64) -> None:
    """UTF-8清点: count whole and broken characters (RFC 3629) of a piece of a file; the state goes on to the next."""
    need, low, high = state[NEED], state[LOW], state[HIGH]
    good, bad, line = state[GOOD], state[BAD], state[LINE]
    for byte in buf:
        if need > 0:
            if low <= byte <= high:
                need -= 1
                low, high = 0x80, 0xBF
                if need == 0:
                    good += 1
                continue
            need = 0
            bad += 1
            if bad == 1:
                state[BAD_LINE] = line + 1
        if byte < 0x80:
            if byte == LF:
                line += 1
            continue
        low, high = 0x80, 0xBF
        if 0xC2 <= byte <= 0xDF:
            need = 1
        elif 0xE0 <= byte <= 0xEF:
            need = 2
            if byte == 0xE0:
                low = 0xA0
            elif byte == 0xED:
                high = 0x9F
        elif 0xF0 <= byte <= 0xF4:
            need = 3
            if byte == 0xF0:
                low = 0x90
            elif byte == 0xF4:
                high = 0x8F
        else:
            bad += 1
            if bad == 1:
                state[BAD_LINE] = line + 1
    state[NEED], state[LOW], state[HIGH] = need, low, high
    state[GOOD], state[BAD], state[LINE] = good, bad, line
