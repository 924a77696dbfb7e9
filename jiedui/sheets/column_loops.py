"""成列: the compiled way from the grid of a batch to the buffers of Arrow arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from jiedui.sheets.xlsx_loop import IS_SHARED, LENGTH_BITS, Int32, Int64
from jiedui.sheets.xml_loops import Bytes

ONE = np.uint64(1)
MASK = (1 << LENGTH_BITS) - 1


@njit(cache=True, nogil=True)
def survey(kinds: Bytes, values: Int64, rows: int) -> tuple[int, int, int]:
    """清点: of a column: how many cells have shared texts, how many their own, and bytes of the latter."""
    shared, own, size = 0, 0, 0
    for i in range(rows):
        if kinds[i] & IS_SHARED:
            shared += 1
        elif kinds[i] != 0:
            own += 1
            size += values[i] & MASK
    return shared, own, size


@njit(cache=True, nogil=True)
def gather(
    kinds: Bytes, values: Int64, rows: int, pool: Bytes, every: bool, offsets: Int32, data: Bytes
) -> tuple[int, bool]:
    """收集: the cells' own texts one behind the other into `data`, ends into `offsets` (the first 0).

    With `every`, each row has an entry (empty ones of no bytes); otherwise only the cells that have a text of their
    own. Returns the entries, and whether all is ASCII.
    """
    at, entries, bits = 0, 0, 0
    offsets[0] = 0
    for i in range(rows):
        if kinds[i] != 0 and not kinds[i] & IS_SHARED:
            start, length = values[i] >> LENGTH_BITS, values[i] & MASK
            p, stop, q = np.uint64(start), np.uint64(start + length), np.uint64(at)
            while p < stop:
                byte = pool[p]
                bits |= byte
                data[q] = byte
                p += ONE
                q += ONE
            at += length
        elif not every:
            continue
        entries += 1
        offsets[entries] = at
    return entries, bits < 0x80


@njit(cache=True, nogil=True)
def encode(kinds: Bytes, values: Int64, rows: int, first: Int32, codes: Int32, used: Int32) -> int:
    """编码: number the shared texts of a column in the order in which they come.

    `first` (a place per shared text, all -1, and left so) is scratch; `codes` (rows,) gets the numbers, `used` the
    texts. Cells with a text of their own are numbered behind the shared ones. Returns how many shared ones there are.
    """
    count = 0
    for i in range(rows):
        if kinds[i] & IS_SHARED:
            text = values[i]
            if first[text] < 0:
                first[text] = count
                used[count] = text
                count += 1
            codes[i] = first[text]
    own = count
    for i in range(rows):
        if kinds[i] != 0 and not kinds[i] & IS_SHARED:
            codes[i] = own
            own += 1
    for k in range(count):
        first[used[k]] = -1
    return count


def validity(kinds: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """有效位: Arrow's bitmap: a bit per row, set where the cell is not empty."""
    return np.packbits(kinds != 0, bitorder="little")
