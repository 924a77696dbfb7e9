"""共享文本: sharedStrings.xml as one Arrow string array; a million different texts are two buffers, not objects."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from jiedui.sheets import shared_loop
from jiedui.sheets.errors import SheetError
from jiedui.sheets.grid import wrong_encoding
from jiedui.sheets.parts import Parts, damaged
from jiedui.sheets.prefetch import Prefetch
from jiedui.sheets.xlsx_pieces import WholePieces, raise_markup
from jiedui.sheets.xml_encoding import as_utf8


def read_shared(parts: Parts, name: str | None, piece: int) -> pa.StringArray:
    """读共享文本: in the order of the file; none if the workbook has no such part."""
    if name is None:
        return pa.array([], pa.string())
    limits, state = parts.limits, np.zeros(shared_loop.SLOTS, np.int64)
    pool, offsets = np.empty(1 << 16, np.uint8), np.zeros(1 << 10, np.int32)
    pieces = Prefetch(as_utf8(iter(parts.stream(name, piece)), name))
    try:
        feed = WholePieces(pieces, state, shared_loop.TOKENS)
        for buf in feed:
            used, at = int(state[shared_loop.USED]), 0
            if used + len(buf) > len(pool):
                pool.resize(max(used + len(buf), len(pool) * 3 // 2), refcheck=False)
            while True:
                code, at = shared_loop.scan_shared(buf, at, state, pool, offsets, limits.max_cell_characters)
                if code != shared_loop.GROW:
                    break
                offsets.resize(len(offsets) * 2, refcheck=False)
            if code == shared_loop.TOO_LONG:
                raise SheetError(
                    f"A cell has more than {limits.max_cell_characters:,} characters.", remedy="Shorten the text."
                )
            if code < 0:
                raise_markup(code, name, 0, 0)
            if int(state[shared_loop.USED]) > limits.max_shared_bytes:
                raise SheetError(
                    f"The different texts of the workbook are more than {limits.max_shared_bytes >> 20:,} MB.",
                    remedy="Split it into several files.",
                )
            feed.rest(at)
    finally:
        pieces.close()
    if state[shared_loop.INSIDE]:
        raise damaged(f"{name} breaks off")
    return _array(int(state[shared_loop.COUNT]), offsets, pool)


def _array(count: int, offsets: npt.NDArray[np.int32], pool: npt.NDArray[np.uint8]) -> pa.StringArray:
    offsets.resize(count + 1, refcheck=False)
    pool.resize(max(1, int(offsets[count])), refcheck=False)
    texts = pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(pool))
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid as bad:
        raise wrong_encoding(0, 0) from bad
    return texts
