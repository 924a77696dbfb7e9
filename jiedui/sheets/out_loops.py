"""写行: the compiled writers of rows: a slab of texts in, XML of a sheet or lines of a csv out.

A text that a spreadsheet could take for a formula begins with one of = + - @, their full-width forms, tab or CR
(OWASP, “CSV Injection”). A workbook stores it as typed text with the quotePrefix style, so that it stays text when it
is edited or saved as csv; a csv has an apostrophe before it.
"""

# ruff: noqa: SIM109 — a comparison is one instruction, a look into a tuple is not

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from jiedui.sheets.xml_loops import (
    AMP,
    CR,
    GT,
    LF,
    LOWER_X,
    LT,
    QUOTE,
    SPACE,
    TAB,
    UNDERSCORE,
    Bytes,
    hex_value,
    too_long,
)  # fmt: skip

COMMA, APOSTROPHE = 44, 39
STYLE_TEXT, STYLE_GUARDED = 50, 51
"""ASCII digits of the styles of text and of text with quotePrefix (`styles.py` writes them)."""
XML_PER_CELL, XML_PER_BYTE, XML_PER_ROW = 96, 7, 48
CSV_PER_CELL, CSV_PER_BYTE = 4, 2

Ends = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def _bytes(text: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)


ROW_OPEN, ROW_MIDDLE, ROW_CLOSE = _bytes('<row r="'), _bytes('">'), _bytes("</row>")
STYLE = _bytes('" s="')
INLINE, PRESERVED, INLINE_CLOSE = (
    _bytes('" t="inlineStr"><is><t>'), _bytes('" t="inlineStr"><is><t xml:space="preserve">'), _bytes("</t></is></c>"),
)  # fmt: skip
VALUE, VALUE_CLOSE = _bytes('"><v>'), _bytes("</v></c>")
ENTITY_AMP, ENTITY_LT, ENTITY_GT, ESCAPED_UNDERSCORE = (
    _bytes("&amp;"),
    _bytes("&lt;"),
    _bytes("&gt;"),
    _bytes("_x005F_"),
)
HEX = _bytes("0123456789ABCDEF")
ONE = np.uint64(1)
SPECIAL = np.zeros(256, np.bool_)
"""Bytes of which `put_special` decides."""
SPECIAL[:32] = True
SPECIAL[[TAB, LF]] = False
SPECIAL[[AMP, LT, GT, UNDERSCORE, 0xEF]] = True
QUOTED = np.zeros(256, np.bool_)
"""Bytes for which a field of a csv is put into quotes."""
QUOTED[[COMMA, QUOTE, LF, CR, TAB, 59]] = True


@njit(cache=True, nogil=True)
def put(out: Bytes, at: np.uint64, word: Bytes) -> np.uint64:
    """写: a constant; returns where it ends. Positions are unsigned: Numba leaves out its test for negative ones."""
    for k in range(len(word)):
        out[at + np.uint64(k)] = word[k]
    return at + np.uint64(len(word))


@njit(cache=True, nogil=True)
def digits_of(value: int, digits: Bytes) -> int:
    """数字: of a positive integer, into `digits`; returns how many."""
    size, rest = 1, value
    while rest >= 10:
        rest //= 10
        size += 1
    for k in range(size):
        digits[size - 1 - k] = 48 + value % 10
        value //= 10
    return size


@njit(cache=True, nogil=True)
def dangerous(data: Bytes, a: int, b: int) -> bool:
    """危险: whether a spreadsheet could take the text for a formula."""
    first = data[a]
    if first == 61 or first == 43 or first == 45 or first == 64 or first == TAB or first == CR:
        return True
    if b - a >= 3 and first == 0xEF and data[a + 1] == 0xBC:
        third = data[a + 2]
        return third == 0x9D or third == 0x8B or third == 0x8D or third == 0xA0
    return False


@njit(cache=True, nogil=True)
def put_escape(out: Bytes, at: np.uint64, code: int) -> np.uint64:
    """写转义: `_xHHHH_`."""
    out[at] = UNDERSCORE
    out[at + ONE] = LOWER_X
    for k in range(4):
        out[at + np.uint64(2 + k)] = HEX[(code >> (12 - 4 * k)) & 15]
    out[at + np.uint64(6)] = UNDERSCORE
    return at + np.uint64(7)


@njit(cache=True, nogil=True)
def looks_escaped(data: Bytes, a: int, b: int) -> bool:
    """像转义: whether `_xHHHH_` stands at `a`."""
    if a + 6 >= b or data[a + 1] != LOWER_X or data[a + 6] != UNDERSCORE:
        return False
    for k in range(a + 2, a + 6):  # noqa: SIM110 — no generators in compiled code
        if hex_value(data[k]) < 0:
            return False
    return True


@njit(cache=True, nogil=True)
def put_special(out: Bytes, at: np.uint64, data: Bytes, a: int, b: int) -> tuple[np.uint64, int]:
    """写特殊字符: one that is not written as it is: (end in `out`, end in `data`)."""
    byte = data[a]
    if byte == AMP:
        return put(out, at, ENTITY_AMP), a + 1
    if byte == LT:
        return put(out, at, ENTITY_LT), a + 1
    if byte == GT:
        return put(out, at, ENTITY_GT), a + 1
    if byte < 32:
        return put_escape(out, at, byte), a + 1
    if byte == UNDERSCORE and looks_escaped(data, a, b):
        return put(out, at, ESCAPED_UNDERSCORE), a + 1
    if byte == 0xEF and a + 2 < b and data[a + 1] == 0xBF and data[a + 2] >= 0xBE:
        return put_escape(out, at, 0xFFFE + data[a + 2] - 0xBE), a + 3
    out[at] = byte
    return at + ONE, a + 1


@njit(cache=True, nogil=True)
def put_text(out: Bytes, at: np.uint64, data: Bytes, a: int, b: int) -> np.uint64:
    """写文本: entities for & < >, `_xHHHH_` for characters that XML forbids and for texts that look like that."""
    p, stop = np.uint64(a), np.uint64(b)
    while p < stop:
        byte = data[p]
        if SPECIAL[byte]:
            at, a = put_special(out, at, data, np.int64(p), b)
            p = np.uint64(a)
        else:
            out[at] = byte
            at += ONE
            p += ONE
    return at


@njit(cache=True, nogil=True)
def write_xml_rows(
    data: Bytes, ends: Ends, present: Flags, textual: Flags,
    letters: Bytes, letter_ends: Ends, styles: Bytes, first_row: int, limit: int, out: Bytes,
) -> tuple[int, int, int]:  # fmt: skip
    """写XML行: rows from file row `first_row` on into `out` (which has room for the worst): (bytes, -1, -1), or
    (0, row, column) of a text of more than `limit` characters. `letters` are `<c r="A`, … one behind the other.
    """
    columns, rows = present.shape
    at, digits = np.uint64(0), np.zeros(20, np.uint8)
    for i in range(rows):
        number = digits[: digits_of(first_row + i, digits)]
        at = put(out, put(out, put(out, at, ROW_OPEN), number), ROW_MIDDLE)
        for c in range(columns):
            a, b = ends[c, i], ends[c, i + 1]
            if not present[c, i] or a == b:
                continue
            for k in range(letter_ends[c], letter_ends[c + 1]):
                out[at] = letters[k]
                at += ONE
            at = put(out, put(out, at, number), STYLE)
            if not textual[c]:
                out[at] = styles[c]
                at = put(out, put_text(out, put(out, at + ONE, VALUE), data, a, b), VALUE_CLOSE)
                continue
            if too_long(data, a, b, limit):
                return 0, i, c
            out[at] = STYLE_GUARDED if dangerous(data, a, b) else STYLE_TEXT
            blank = data[a] <= SPACE or data[b - 1] <= SPACE
            at = put(out, at + ONE, PRESERVED if blank else INLINE)
            at = put(out, put_text(out, at, data, a, b), INLINE_CLOSE)
        at = put(out, at, ROW_CLOSE)
    return np.int64(at), -1, -1


@njit(cache=True, nogil=True)
def write_csv_rows(data: Bytes, ends: Ends, present: Flags, guarded: Flags, out: Bytes) -> int:
    """写csv行: rows into `out` (which has room): RFC 4180 with CRLF; `guarded` columns get the apostrophe."""
    columns, rows = present.shape
    at = np.uint64(0)
    for i in range(rows):
        for c in range(columns):
            if c > 0:
                out[at] = COMMA
                at += ONE
            a, b = ends[c, i], ends[c, i + 1]
            if not present[c, i] or a == b:
                continue
            quoted = data[a] <= SPACE or data[b - 1] <= SPACE
            for k in range(np.uint64(a), np.uint64(b)):
                if QUOTED[data[k]]:
                    quoted = True
            if quoted:
                out[at] = QUOTE
                at += ONE
            if guarded[c] and dangerous(data, a, b):
                out[at] = APOSTROPHE
                at += ONE
            for k in range(np.uint64(a), np.uint64(b)):
                byte = data[k]
                if byte == 0:
                    continue
                out[at] = byte
                at += ONE
                if byte == QUOTE:
                    out[at] = QUOTE
                    at += ONE
            if quoted:
                out[at] = QUOTE
                at += ONE
        out[at] = CR
        out[at + ONE] = LF
        at += np.uint64(2)
    return np.int64(at)
