"""扫描共享文本: the compiled scanner of sharedStrings.xml: one pool of UTF-8 bytes and where each text begins."""

# ruff: noqa: SIM109 — a comparison is one instruction, a look into a tuple is not

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from jiedui.sheets.xml_loops import (
    BANG,
    INCOMPLETE,
    LT,
    QUERY,
    SLASH,
    Bytes,
    append_text,
    local_name,
    skip_special,
    tag_end,
    text_end,
    too_long,
)  # fmt: skip

MORE, GROW, TOO_LONG = 1, 2, -13
COUNT, USED, INSIDE, PHONETIC, TOKENS, SLOTS = range(6)
"""Places in `state` (int64): texts closed, bytes used, whether inside `si` and `rPh`, tags read."""


@njit(cache=True, nogil=True)
def scan_shared(
    buf: Bytes, p: int, state: npt.NDArray[np.int64], pool: Bytes, offsets: npt.NDArray[np.int32], max_characters: int
) -> tuple[int, int]:
    """扫描: whole tags and texts from `buf[p]` on: (code, where to go on).

    `pool` has room for all of `buf`; GROW asks for more `offsets`. Texts of `t` are joined over the runs of an `si`,
    those of `rPh` (phonetic guides) are dropped.
    """
    n = len(buf)
    while True:
        while p < n and buf[p] != LT:
            p += 1
        if p + 2 >= n:
            return MORE, p
        first = buf[p + 1]
        state[TOKENS] += 1
        if first == BANG or first == QUERY:
            end = skip_special(buf, p, n)
            if end < 0:
                return (MORE if end == INCOMPLETE else end), p
            p = end
            continue
        a, b = local_name(buf, p + 2 if first == SLASH else p + 1, n)
        end = tag_end(buf, b, n)
        if end < 0:
            return (MORE if end == INCOMPLETE else end), p
        closed = buf[end - 1] == SLASH
        if b - a == 1 and buf[a] == 116 and first != SLASH and not closed and state[INSIDE] == 1:
            stop = text_end(buf, end + 1, n)
            if stop < 0:
                return (MORE if stop == INCOMPLETE else stop), p
            if state[PHONETIC] == 0:
                used = append_text(buf, end + 1, stop, pool, state[USED], True)
                if used < 0:
                    return used, p
                state[USED] = used
            p = stop
            continue
        if b - a == 2 and buf[a] == 115 and buf[a + 1] == 105:  # si
            if first == SLASH or closed:
                count = state[COUNT]
                if count + 2 > len(offsets):
                    return GROW, p
                if too_long(pool, offsets[count], state[USED], max_characters):
                    return TOO_LONG, p
                offsets[count + 1] = state[USED]
                state[COUNT] = count + 1
                state[INSIDE] = 0
            else:
                state[INSIDE] = 1
        elif b - a == 3 and buf[a] == 114 and buf[a + 1] == 80 and buf[a + 2] == 104:  # rPh
            state[PHONETIC] = 1 if first != SLASH and not closed else 0
        p = end + 1
