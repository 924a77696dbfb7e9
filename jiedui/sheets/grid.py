"""网格: the cells of the batch that is being read, and how they become a `Batch`."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from jiedui.sheets import column_loops, xlsx_loop
from jiedui.sheets.batch import Batch
from jiedui.sheets.errors import SheetError, place
from jiedui.sheets.limits import Limits

CELLS = 6 << 20
"""Most cells of a grid (10 bytes each): a very wide sheet has shorter batches."""
KIND = np.uint8(xlsx_loop.IS_SHARED - 1)
POOL = 32 << 20
"""Bytes of text at which a batch is closed early."""


class Grid:
    """网格: (columns, lines) kinds, values and formula flags, one pool of texts, and the state of the scanner."""

    def __init__(self, rows: int, start: int, limits: Limits, shared: pa.StringArray) -> None:
        self.rows, self.limits = max(1, rows), limits
        self.state = np.zeros(xlsx_loop.SLOTS + 1, np.int64)
        self.state[xlsx_loop.START] = start
        self.pool = np.empty(1 << 20, np.uint8)
        self.shared = shared
        self._first = np.full(len(shared), -1, np.int32)
        self._allocate(32)

    def _allocate(self, columns: int) -> None:
        lines = _lines(self.rows, columns)
        pitch = lines + 72  # no power of two: the columns of a row would share the same few lines of the cache
        self.kinds = np.zeros((columns, pitch), np.uint8)
        self.values = np.zeros((columns, pitch), np.int64)
        self.formulas = np.zeros((columns, pitch), np.bool_)
        self.row_numbers = np.zeros(lines, np.int32)
        self.state[xlsx_loop.CAPACITY] = lines

    def make_room(self, size: int) -> None:
        """Grow the pool so that a piece of `size` bytes fits; close the batch at the next row once it is large."""
        used = int(self.state[xlsx_loop.POOL_USED])
        if used + size > len(self.pool):
            self.pool.resize(max(used + size, len(self.pool) * 3 // 2), refcheck=False)
        if used > POOL:
            self.state[xlsx_loop.CAPACITY] = min(self.state[xlsx_loop.CAPACITY], self.state[xlsx_loop.FILLED])

    def crowded(self, columns: int) -> bool:
        """拥挤: whether so many columns would have room for fewer rows than are here: `take(keep_open=True)` first."""
        return self.filled - int(self.state[xlsx_loop.ROW_OPEN]) > 0 and self.filled > _lines(self.rows, columns)

    def widen(self, columns: int) -> None:
        """加宽: make room for a cell in this column, and some more; what is there stays."""
        wide = max(columns, min(2 * len(self.kinds), self.limits.max_columns))
        wide = columns if self.crowded(wide) else wide
        kinds, values, formulas, numbers, filled = self.kinds, self.values, self.formulas, self.row_numbers, self.filled
        capacity = int(self.state[xlsx_loop.CAPACITY])
        self._allocate(wide)
        self.kinds[: len(kinds), :filled] = kinds[:, :filled]
        self.values[: len(kinds), :filled] = values[:, :filled]
        self.formulas[: len(kinds), :filled] = formulas[:, :filled]
        self.row_numbers[:filled] = numbers[:filled]
        self.state[xlsx_loop.CAPACITY] = min(capacity, self.state[xlsx_loop.CAPACITY])

    @property
    def filled(self) -> int:
        """How many rows are in the grid."""
        return int(self.state[xlsx_loop.FILLED])

    def take(self, *, keep_open: bool = False) -> Batch:
        """取出: the rows as a `Batch`; with `keep_open` without the one that is being read, which stays."""
        filled, width = self.filled, int(self.state[xlsx_loop.WIDTH])
        kept = int(self.state[xlsx_loop.ROW_OPEN]) if keep_open else 0
        rows = filled - kept
        numbers = self.row_numbers[:rows].copy()
        kinds = [self.kinds[c, :rows] & KIND for c in range(width)]
        columns = [self._column(c, rows, numbers) for c in range(width)]
        formulas: list[npt.NDArray[np.bool_] | None] = [None] * width
        if self.state[xlsx_loop.FORMULAS]:
            formulas = [self.formulas[c, :rows].copy() if self.formulas[c, :rows].any() else None for c in range(width)]
        self._forget(rows, kept)
        return Batch(numbers, columns, kinds, formulas)

    def _forget(self, rows: int, kept: int) -> None:
        """Empty the grid but for `kept` (0 or 1) lines behind `rows`, which go to the front; their texts stay."""
        for grid in (self.kinds, self.formulas):
            line = grid[:, rows : rows + kept].copy()
            grid[:, : rows + kept] = 0
            grid[:, :kept] = line
        self.values[:, :kept] = self.values[:, rows : rows + kept].copy()
        self.row_numbers[:kept] = self.row_numbers[rows : rows + kept].copy()
        self.state[xlsx_loop.FILLED] = self.state[xlsx_loop.ROW_OPEN] = kept
        self.state[xlsx_loop.FORMULAS] = int(self.formulas[:, :kept].any())
        self.state[xlsx_loop.CAPACITY] = _lines(self.rows, len(self.kinds))
        if not kept:
            self.state[xlsx_loop.POOL_USED] = 0

    def _column(self, c: int, rows: int, numbers: npt.NDArray[np.int32]) -> pa.Array:
        """A string array of the cells' own texts, or a dictionary array if there are shared ones."""
        kinds, values = self.kinds[c, :rows], self.values[c, :rows]
        shared, own, size = column_loops.survey(kinds, values, rows)
        present = pa.py_buffer(column_loops.validity(kinds))
        if shared == 0:
            return self._own(c, rows, size, numbers, present)
        codes, used = np.zeros(rows, np.int32), np.empty(shared, np.int32)
        count = column_loops.encode(kinds, values, rows, self._first, codes, used)
        words = self.shared.take(pa.array(used[:count]))
        if own:
            words = pa.concat_arrays([words, self._own(c, rows, size, numbers, None)])
        indices = pa.Array.from_buffers(pa.int32(), rows, [present, pa.py_buffer(codes)])
        return pa.DictionaryArray.from_arrays(indices, words)

    def _own(self, c: int, rows: int, size: int, numbers: npt.NDArray[np.int32], present: Any) -> pa.StringArray:
        """The cells' own texts: of every row (with the bitmap), or without it only of those that have one."""
        offsets, data = np.zeros(rows + 1, np.int32), np.empty(max(size, 1), np.uint8)
        every = present is not None
        entries, ascii_only = column_loops.gather(
            self.kinds[c, :rows], self.values[c, :rows], rows, self.pool, every, offsets, data
        )
        texts = pa.StringArray.from_buffers(entries, pa.py_buffer(offsets), pa.py_buffer(data), present)
        if not ascii_only:
            try:
                texts.validate(full=True)
            except pa.ArrowInvalid as error:
                raise self._wrong_bytes(c, rows, numbers) from error
        return texts

    def _wrong_bytes(self, c: int, rows: int, numbers: npt.NDArray[np.int32]) -> SheetError:
        """Which cell of the column is no UTF-8."""
        for line in range(rows):
            kind, value = int(self.kinds[c, line]), int(self.values[c, line])
            if kind and not kind & xlsx_loop.IS_SHARED:
                start, length = value >> xlsx_loop.LENGTH_BITS, value & column_loops.MASK
                try:
                    self.pool[start : start + length].tobytes().decode()
                except UnicodeDecodeError:
                    return wrong_encoding(int(numbers[line]), c + 1)
        return wrong_encoding(0, 0)


def _lines(rows: int, columns: int) -> int:
    """How many rows a grid of so many columns has."""
    return int(min(rows, max(256, CELLS // columns)))


def wrong_encoding(row: int, column: int) -> SheetError:
    """编码错误: bytes that are no text, and where."""
    where = f" in {place(row, column)}" if row else ""
    return SheetError(
        f"There are bytes{where} that are no text in the encoding of the file.",
        remedy="Save the file again as .xlsx, or as CSV UTF-8.",
        row=row or None,
        column=column or None,
    )
