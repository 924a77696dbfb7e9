"""证件号码比较键: the parts of an identity number that are compared: area, birth, order, check digit.

An 18-digit number is taken apart as it is, right or wrong; a 15-digit one gets the century 19 (GB 11643). Anything else
(20 digits, a number that Excel spoilt) is no number here: it is not compared, and nothing is repaired.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_CENTURY: Final = np.frombuffer(b"19", np.uint8)
_NO_CHECK: Final = ord("-")


@dataclass(frozen=True, slots=True)
class IdentityKeys:
    """证件号码键: one row per person; the numbers are 0 where `known` is false.

    `characters` (n, 17) uint8, ASCII; `check` (n,) uint8, ASCII, "-" for a 15-digit number; `area` six digits, `year`
    four, `day` month and day as four, `order` three: (n,) int64.
    """

    known: NDArray[np.bool_]
    characters: NDArray[np.uint8]
    check: NDArray[np.uint8]
    area: NDArray[np.int64]
    year: NDArray[np.int64]
    day: NDArray[np.int64]
    order: NDArray[np.int64]

    def texts(self) -> pa.Array:
        """前十七位: as a text column, null where the number is not known."""
        count = len(self.known)
        offsets = np.arange(0, (count + 1) * 17, 17, dtype=np.int32)
        text = pa.StringArray.from_buffers(
            count, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(self.characters))
        )
        return pc.if_else(pa.array(self.known), text, None)


def keys(numbers: pa.ChunkedArray) -> IdentityKeys:
    """求证件号码键: of a text column."""
    text = pc.utf8_upper(pc.utf8_trim_whitespace(numbers))
    text = text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
    length = pc.fill_null(pc.binary_length(text), 0).to_numpy(zero_copy_only=False)
    characters = np.full((len(length), 17), ord("0"), np.uint8)
    check = np.full(len(length), _NO_CHECK, np.uint8)
    known = np.zeros(len(length), bool)
    rows = np.flatnonzero(length == 18)
    block = _block(text, rows, 18)
    good = _digits(block[:, :17]) & (_digits(block[:, 17:]) | (block[:, 17] == ord("X")))
    characters[rows[good]], check[rows[good]], known[rows[good]] = block[good, :17], block[good, 17], True
    rows = np.flatnonzero(length == 15)
    block = _block(text, rows, 15)
    good = _digits(block)
    old = block[good]
    characters[rows[good]] = np.concatenate([old[:, :6], np.tile(_CENTURY, (len(old), 1)), old[:, 6:]], axis=1)
    known[rows[good]] = True
    area, year, day, order = (_value(characters[:, a:b]) for a, b in ((0, 6), (6, 10), (10, 14), (14, 17)))
    return IdentityKeys(known, characters, check, area, year, day, order)


def _block(text: pa.Array, rows: NDArray[np.int64], width: int) -> NDArray[np.uint8]:
    """The characters (rows, width) of texts that are all of one width."""
    taken = text.take(pa.array(rows)).cast(pa.string())
    if not len(rows):
        return np.zeros((0, width), np.uint8)
    offsets = np.frombuffer(taken.buffers()[1], np.int32)[taken.offset : taken.offset + len(rows) + 1]
    data = np.frombuffer(taken.buffers()[2], np.uint8)[offsets[0] : offsets[-1]]
    return data.reshape(len(rows), width)


def _digits(block: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.asarray(((block >= ord("0")) & (block <= ord("9"))).all(axis=1))


def _value(block: NDArray[np.uint8]) -> NDArray[np.int64]:
    total = np.zeros(len(block), np.int64)
    for i in range(block.shape[1]):
        total = total * 10 + (block[:, i] - ord("0"))
    return total
