"""xlsx: an open workbook: its sheets, its head, and its rows in batches."""

from __future__ import annotations

import re
from collections.abc import Generator
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

import numpy as np
import pyarrow as pa

from jiedui.sheets import xlsx_loop
from jiedui.sheets.batch import Batch
from jiedui.sheets.errors import SheetError, letters, place
from jiedui.sheets.grid import Grid
from jiedui.sheets.head import as_rows, fill_merged
from jiedui.sheets.limits import Limits
from jiedui.sheets.parts import PIECE, Part, Parts, damaged
from jiedui.sheets.prefetch import Prefetch
from jiedui.sheets.shared_texts import read_shared
from jiedui.sheets.workbook import date_styles, read_workbook
from jiedui.sheets.xlsx_pieces import WholePieces, raise_markup
from jiedui.sheets.xml_encoding import as_utf8

SMALL_SHEET = 16 << 20
SHEET_DATA = np.frombuffer(b"sheetData", np.uint8)
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*["']([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)["']""")


class XlsxBook:
    """工作簿: see the docstring of the package; `piece` (bytes) is there for tests."""

    kind = "xlsx"
    encoding: str | None = None
    delimiter: str | None = None

    def __init__(self, path: Path, limits: Limits, sheet: str | None, *, piece: int = PIECE) -> None:
        self._limits, self._piece = limits, piece
        self._parts = Parts(path, limits)
        self._book = read_workbook(self._parts)
        self._dates = date_styles(self._parts, self._book.styles)
        self.date_1904 = self._book.date_1904
        self._shared: pa.StringArray | None = None
        self._part: Part | None = None
        self._merged: list[tuple[int, int, int, int]] | None = None
        self.sheets = [name for name, part in self._book.sheets if self._has_rows(part)]
        if not self.sheets:
            raise SheetError(
                "The workbook has no visible sheet with rows.", remedy="Save the table in the first sheet and send it."
            )
        if sheet is not None and sheet not in self.sheets:
            raise SheetError(
                f"There is no visible sheet “{sheet[:60]}” with rows.",
                remedy=f"Choose one of: {', '.join(self.sheets[:20])}.",
            )
        self.sheet = sheet if sheet is not None else self.sheets[0]
        self._path_of_sheet = dict(reversed(self._book.sheets))[self.sheet]

    @property
    def progress(self) -> tuple[int, int]:
        """进度: packed bytes of the sheet that `batches` has read, and how many there are."""
        return (0, 1) if self._part is None else (self._part.done, self._part.total)

    def head(self, rows: int = 12) -> list[list[str]]:
        """表头: file rows 1 … `rows` as text; if any of their cells is empty, the merged cells are looked up.

        These stand behind the rows in the file, so it must be unpacked once as a whole. In a file of more than 16 MB
        that is done only if the first row with content has an empty cell: otherwise the header is that row.
        """
        self._parts.unpacked = 0
        batch = next(self._scan(self._path_of_sheet, rows, 1, last=rows), None)
        table = as_rows(batch, rows)
        first = next((row for row in table if any(row)), [])
        small = self._parts.packed_size(self._path_of_sheet) <= SMALL_SHEET
        if "" in first or (small and any("" in row for row in table)):
            if self._merged is None:
                self._merged = self._read_merged()
            fill_merged(table, self._merged)
        return table

    def batches(self, rows: int = 65_536, start: int = 1) -> Generator[Batch, None, None]:
        """批次: see the package; what is wrong with the file may be seen only in the middle or at the end."""
        self._parts.unpacked = 0
        yield from self._scan(self._path_of_sheet, rows, start)

    def close(self) -> None:
        """关闭: forget the texts; the file is not held open."""
        self._shared = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _has_rows(self, part: str) -> bool:
        """Whether a sheet has a cell with content."""
        return next(self._scan(part, 1, 1, peek=True), None) is not None

    def _scan(
        self, name: str, rows: int, start: int, *, last: int = 0, peek: bool = False
    ) -> Generator[Batch, None, None]:
        """The rows of a part; with `last` only up to that file row, with `peek` only the first one with content."""
        if self._shared is None:
            self._shared = read_shared(self._parts, self._book.shared, self._piece)
        shared = self._shared
        grid = Grid(rows, start, self._limits, shared)
        part = self._part = self._parts.stream(name, self._piece)
        pieces = Prefetch(as_utf8(iter(part), name))
        feed = WholePieces(pieces, grid.state, xlsx_loop.TOKENS)
        offsets = np.frombuffer(shared.buffers()[1] or bytes(4), np.int32)[: len(shared) + 1]
        offsets.flags.writeable = False  # one compiled form, whoever owns the memory
        try:
            done = False
            for buf in feed:
                at = len(buf) if done else 0
                grid.make_room(len(buf))
                while not done:
                    code, at = xlsx_loop.scan_sheet(
                        buf, at, grid.state, self._dates, offsets, grid.pool,
                        grid.kinds, grid.values, grid.formulas, grid.row_numbers,
                        self._limits.max_rows, self._limits.max_columns, self._limits.max_cell_characters, SHEET_DATA,
                    )  # fmt: skip
                    row = int(grid.state[xlsx_loop.ROW])
                    if (last and row > last) or (peek and grid.filled):
                        yield grid.take()
                        return
                    if code == xlsx_loop.FULL:
                        yield grid.take()
                    elif code == xlsx_loop.WIDER:
                        needed = int(grid.state[xlsx_loop.SLOTS])
                        if grid.crowded(needed):
                            yield grid.take(keep_open=True)
                        grid.widen(needed)
                    elif code < 0:
                        self._raise(code, name, row, int(grid.state[xlsx_loop.COLUMN]), len(shared))
                    else:
                        done = code == xlsx_loop.DONE
                        break
                feed.rest(len(buf) if done else at)
                if done and (last or peek):
                    break
            if not done:
                raise damaged(f"{name} breaks off in the middle of the sheet")
            if grid.filled:
                yield grid.take()
        finally:
            pieces.close()

    def _raise(self, code: int, name: str, row: int, column: int, shared: int) -> NoReturn:
        """The sentence for what the scanner found."""
        limits, where = self._limits, {"row": row, "column": column or None}
        if code == xlsx_loop.TOO_MANY_ROWS:
            raise SheetError(f"The sheet has more than {limits.max_rows:,} rows.", remedy="Split it.", **where)
        if code == xlsx_loop.TOO_WIDE:
            raise SheetError(
                f"The sheet has content in column {letters(column)} (row {row}); the limit is {limits.max_columns} "
                f"columns ({letters(limits.max_columns)}).",
                remedy="Delete the columns behind the table and save the file again.", **where,
            )  # fmt: skip
        if code == xlsx_loop.TOO_LONG:
            raise SheetError(
                f"The text in {place(row, column)} has more than {limits.max_cell_characters:,} characters.",
                remedy="Shorten it.", **where,
            )  # fmt: skip
        if code == xlsx_loop.SHARED_INDEX:
            raise damaged(f"{place(row, column)} refers to a text that is not there ({shared:,} are)")
        if code == xlsx_loop.ORDER:
            raise damaged(f"the rows are not in order after row {row}")
        if code in (xlsx_loop.REFERENCE, xlsx_loop.TYPE):
            what = "is of a type that does not exist" if code == xlsx_loop.TYPE else "has no valid place"
            raise damaged(f"a cell after {place(row, column)} {what}")
        raise_markup(code, name, row, column)

    def _read_merged(self) -> list[tuple[int, int, int, int]]:
        """Merged ranges (top, left, bottom, right), 1-based; at most 10,000, those of a head come early."""
        found, tail = [], b""
        for piece in as_utf8(iter(self._parts.stream(self._path_of_sheet)), self._path_of_sheet):
            tail += piece
            if b"mergeCell" in tail:
                for left, top, right, bottom in _MERGED.findall(tail):
                    found.append((int(top), _column(left), int(bottom), _column(right)))
                cut = tail.rfind(b">") + 1
                tail = tail[cut:] if len(tail) - cut < PIECE else b""
            else:
                tail = tail[-200:]
            if len(found) > 10_000:
                break
        return found


def _column(name: bytes) -> int:
    value = 0
    for letter in name:
        value = value * 26 + letter - 64
    return value
