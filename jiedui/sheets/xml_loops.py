"""XML字节: the compiled pieces that the scanners of sheets and of shared texts stand on.

All of them look at bytes `buf[p:n]` of a piece of a UTF-8 file and say where something ends, or `INCOMPLETE` if the
piece stops first (the caller comes back with more), `MARKUP` if it is no XML of a table, `DTD` at `<!DOCTYPE`, which
no spreadsheet needs.
"""

# ruff: noqa: SIM109 — a comparison is one instruction, a look into a tuple is not

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

Bytes = npt.NDArray[np.uint8]

INCOMPLETE, MARKUP, DTD, NUL, ENTITY = -1, -2, -3, -4, -5

LT, GT, SLASH, BANG, QUERY, AMP, SEMICOLON, COLON, EQUALS, QUOTE, APOSTROPHE = (
    60,
    62,
    47,
    33,
    63,
    38,
    59,
    58,
    61,
    34,
    39,
)
SPACE, TAB, LF, CR, MINUS, UNDERSCORE, HASH, LOWER_X, BRACKET, UNBRACKET = 32, 9, 10, 13, 45, 95, 35, 120, 91, 93


@njit(cache=True, nogil=True)
def is_blank(byte: int) -> bool:
    """空白: what XML calls white space."""
    return byte == SPACE or byte == LF or byte == CR or byte == TAB


@njit(cache=True, nogil=True)
def skip_special(buf: Bytes, p: int, n: int) -> int:
    """跳过: `p` is at `<!` or `<?`; where the comment, CDATA section or instruction ends."""
    if p + 2 >= n:
        return INCOMPLETE
    if buf[p + 1] == QUERY:
        q = p + 2
        while q + 1 < n:
            if buf[q] == QUERY and buf[q + 1] == GT:
                return q + 2
            q += 1
        return INCOMPLETE
    if buf[p + 2] == MINUS:
        first, second, q = MINUS, MINUS, p + 4
    elif buf[p + 2] == BRACKET:
        first, second, q = UNBRACKET, UNBRACKET, p + 9
    else:
        return DTD
    while q + 2 < n:
        if buf[q] == first and buf[q + 1] == second and buf[q + 2] == GT:
            return q + 3
        q += 1
    return INCOMPLETE


@njit(cache=True, nogil=True)
def tag_end(buf: Bytes, p: int, n: int) -> int:
    """标签末: from inside a tag, where its `>` is; `>` in a quoted value does not count."""
    while p < n:
        byte = buf[p]
        if byte == GT:
            return p
        if byte == LT:
            return MARKUP
        if byte == QUOTE or byte == APOSTROPHE:
            p += 1
            while p < n and buf[p] != byte:
                p += 1
        p += 1
    return INCOMPLETE


@njit(cache=True, nogil=True)
def local_name(buf: Bytes, p: int, n: int) -> tuple[int, int]:
    """本名: of the name that begins at `p`, the part after a prefix: where it begins and ends (end = n: incomplete)."""
    begin = p
    while p < n:
        byte = buf[p]
        if byte == COLON:
            begin = p + 1
        elif byte == GT or byte == SLASH or is_blank(byte):
            break
        p += 1
    return begin, p


@njit(cache=True, nogil=True)
def text_end(buf: Bytes, p: int, n: int) -> int:
    """文本末: where the `</` stands that ends a text; comments and CDATA sections belong to it, elements do not."""
    while p < n:
        if buf[p] == LT:
            if p + 1 >= n:
                return INCOMPLETE
            following = buf[p + 1]
            if following == SLASH:
                return p
            if following != BANG and following != QUERY:
                return MARKUP
            p = skip_special(buf, p, n)
            if p < 0:
                return p
        else:
            p += 1
    return INCOMPLETE


@njit(cache=True, nogil=True)
def hex_value(byte: int) -> int:
    """十六进制: the value of a digit, or -1."""
    if 48 <= byte <= 57:
        return byte - 48
    if 65 <= byte <= 70:
        return byte - 55
    if 97 <= byte <= 102:
        return byte - 87
    return -1


@njit(cache=True, nogil=True)
def put_code_point(pool: Bytes, used: int, code: int) -> int:
    """写码点: as UTF-8; returns where the pool is used up to."""
    if code < 0x80:
        pool[used] = code
        return used + 1
    if code < 0x800:
        pool[used] = 0xC0 | (code >> 6)
        pool[used + 1] = 0x80 | (code & 0x3F)
        return used + 2
    if code < 0x10000:
        pool[used] = 0xE0 | (code >> 12)
        pool[used + 1] = 0x80 | ((code >> 6) & 0x3F)
        pool[used + 2] = 0x80 | (code & 0x3F)
        return used + 3
    pool[used] = 0xF0 | (code >> 18)
    pool[used + 1] = 0x80 | ((code >> 12) & 0x3F)
    pool[used + 2] = 0x80 | ((code >> 6) & 0x3F)
    pool[used + 3] = 0x80 | (code & 0x3F)
    return used + 4


@njit(cache=True, nogil=True)
def entity(buf: Bytes, p: int, b: int) -> tuple[int, int]:
    """实体: `p` is at `&`; the code point and where it ends, or (NUL or ENTITY, p). Only XML's own five and numbers."""
    e = p + 1
    while e < b and e < p + 12 and buf[e] != SEMICOLON:
        e += 1
    if e >= b or buf[e] != SEMICOLON:
        return ENTITY, p
    length = e - p - 1
    one, two = buf[p + 1], buf[p + 2]
    code = ENTITY
    if one == HASH:
        at, base = p + 2, 10
        if two == LOWER_X:
            at, base = p + 3, 16
        if at >= e:
            return ENTITY, p
        code = 0
        while at < e:
            digit = hex_value(buf[at])
            if digit < 0 or digit >= base or code > 0x10FFFF:
                return ENTITY, p
            code = code * base + digit
            at += 1
        if code == 0:
            return NUL, p
        if code > 0x10FFFF or (0xD800 <= code <= 0xDFFF):
            return ENTITY, p
    elif length == 2 and two == 116 and one == 108:
        code = LT
    elif length == 2 and two == 116 and one == 103:
        code = GT
    elif length == 3 and one == 97 and two == 109 and buf[p + 3] == 112:
        code = AMP
    elif length == 4 and one == 113 and two == 117 and buf[p + 3] == 111 and buf[p + 4] == 116:
        code = QUOTE
    elif length == 4 and one == 97 and two == 112 and buf[p + 3] == 111 and buf[p + 4] == 115:
        code = APOSTROPHE
    return code, e + 1


@njit(cache=True, nogil=True)
def escaped(buf: Bytes, p: int, b: int) -> int:
    """转义: `p` is at `_`; the code of `_xHHHH_` (ECMA-376 part 1, 22.9.2.19), or -1 if it is none.

    Halves of surrogate pairs stay as they are written.
    """
    if p + 6 >= b or buf[p + 1] != LOWER_X or buf[p + 6] != UNDERSCORE:
        return -1
    code = 0
    for k in range(p + 2, p + 6):
        digit = hex_value(buf[k])
        if digit < 0:
            return -1
        code = code * 16 + digit
    return -1 if 0xD800 <= code <= 0xDFFF else code


@njit(cache=True, nogil=True)
def append_text(buf: Bytes, a: int, b: int, pool: Bytes, used: int, escapes: bool) -> int:
    """收文本: decode `buf[a:b]` to the end of the pool (which has room: nothing grows); where it ends, or an error."""
    while a < b:
        byte = buf[a]
        if byte == AMP:
            code, a = entity(buf, a, b)
            if code < 0:
                return code
            used = put_code_point(pool, used, code)
            continue
        if byte == UNDERSCORE and escapes:
            code = escaped(buf, a, b)
            if code == 0:
                return NUL
            if code > 0:
                used = put_code_point(pool, used, code)
                a += 7
                continue
        elif byte == LT:
            end = skip_special(buf, a, b)
            if end < 0:
                return MARKUP
            if buf[a + 1] == BANG and buf[a + 2] == BRACKET:
                for k in range(a + 9, end - 3):
                    if buf[k] == 0:
                        return NUL
                    pool[used] = buf[k]
                    used += 1
            a = end
            continue
        elif byte == CR:
            byte = LF
            if a + 1 < b and buf[a + 1] == LF:
                a += 1
        elif byte == 0:
            return NUL
        pool[used] = byte
        used += 1
        a += 1
    return used


@njit(cache=True, nogil=True)
def too_long(pool: Bytes, a: int, b: int, limit: int) -> bool:
    """过长: more than `limit` UTF-16 units, which is what a spreadsheet counts as characters."""
    if b - a <= limit:
        return False
    count = 0
    for k in range(a, b):
        byte = pool[k]
        if byte & 0xC0 != 0x80:
            count += 2 if byte >= 0xF0 else 1
    return count > limit


def specialisations(function: Any) -> int:
    """特化数: how many compiled forms a loop has; the engine means to have one of each."""
    return len(function.signatures)
