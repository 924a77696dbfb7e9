"""csv: an open delimited text: its head and its rows in batches."""

from __future__ import annotations

import codecs
from collections.abc import Generator, Iterator
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

import numpy as np
import pyarrow as pa

from jiedui.sheets import csv_loop, xlsx_loop, xml_loops
from jiedui.sheets.batch import Batch
from jiedui.sheets.csv_encoding import delimiter_of, encoding_of
from jiedui.sheets.errors import SheetError, letters, place
from jiedui.sheets.grid import Grid, wrong_encoding
from jiedui.sheets.head import as_rows
from jiedui.sheets.limits import Limits
from jiedui.sheets.parts import PIECE
from jiedui.sheets.prefetch import Prefetch


class _BrokenTextError(Exception):
    """Bytes that the codec does not know; the reader says in which row."""


class CsvBook:
    """csv: see the docstring of the package; `piece` (bytes) is there for tests."""

    kind = "csv"
    date_1904 = False

    def __init__(self, path: Path, limits: Limits, sheet: str | None, *, piece: int = PIECE) -> None:
        if sheet is not None:
            raise SheetError("A csv has no sheets.", remedy="Leave the name of the sheet out.")
        self._path, self._limits, self._piece = path, limits, piece
        self.sheets: list[str] = []
        self.sheet = ""
        name, self._codec, self._skip = encoding_of(path)
        self.encoding: str | None = name
        found, hidden = delimiter_of(path, self._codec, self._skip)
        self.delimiter: str | None = found
        self._byte, self._skip = ord(found), self._skip + hidden
        self._read, self._total = 0, max(1, path.stat().st_size)
        if next(self._scan(1, 1), None) is None:
            raise SheetError("The file has no rows.", remedy="Export it again and send the new file.")

    @property
    def progress(self) -> tuple[int, int]:
        """进度: bytes that `batches` has read, and how many there are."""
        return self._read, self._total

    def head(self, rows: int = 12) -> list[list[str]]:
        """表头: file rows 1 … `rows` as text."""
        return as_rows(next(self._scan(rows, 1), None), rows)

    def batches(self, rows: int = 65_536, start: int = 1) -> Generator[Batch, None, None]:
        """批次: see the package."""
        yield from self._scan(rows, start)

    def close(self) -> None:
        """关闭: nothing is held open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _pieces(self) -> Iterator[tuple[bytes, bool]]:
        """Pieces as UTF-8, the last one (empty) marked; UTF-8 was checked when the file was opened."""
        decoder = None if self._codec == "utf-8" else codecs.getincrementaldecoder(self._codec)()
        with self._path.open("rb") as file:
            file.seek(self._skip)
            self._read = self._skip
            while True:
                piece = file.read(self._piece)
                self._read += len(piece)
                if decoder is not None:
                    try:
                        text = decoder.decode(piece, final=not piece)
                    except UnicodeDecodeError as broken:
                        yield broken.object[: broken.start].decode(self._codec).encode(), False
                        raise _BrokenTextError from broken
                    yield text.encode(), not piece
                else:
                    yield piece, not piece
                if not piece:
                    return

    def _scan(self, rows: int, start: int) -> Generator[Batch, None, None]:
        grid = Grid(rows, start, self._limits, pa.array([], pa.string()))
        grid.state[xlsx_loop.ROW] = 1
        pieces, left = Prefetch(self._pieces()), b""
        try:
            for piece, final in pieces:
                data = left + piece
                buf, at = np.frombuffer(data, np.uint8), 0
                grid.make_room(len(buf))
                while True:
                    code, at = csv_loop.scan_csv(
                        buf, at, final, self._byte, grid.state, grid.pool,
                        grid.kinds, grid.values, grid.formulas, grid.row_numbers,
                        self._limits.max_rows, self._limits.max_columns, self._limits.max_cell_characters,
                    )  # fmt: skip
                    if code == xlsx_loop.FULL:
                        yield grid.take()
                    elif code == xlsx_loop.WIDER:
                        needed = int(grid.state[xlsx_loop.SLOTS])
                        if grid.crowded(needed):
                            yield grid.take(keep_open=True)
                        grid.widen(needed)
                    elif code < 0:
                        self._raise(code, grid, quoted=data[at : at + 1] == b'"')
                    else:
                        break
                left = data[at:]
            if grid.filled:
                yield grid.take()
        except _BrokenTextError as broken:
            raise wrong_encoding(int(grid.state[xlsx_loop.ROW]), 0) from broken
        finally:
            pieces.close()

    def _raise(self, code: int, grid: Grid, *, quoted: bool) -> NoReturn:
        """The sentence for what the scanner found."""
        limits, row, column = self._limits, int(grid.state[xlsx_loop.ROW]), int(grid.state[xlsx_loop.COLUMN]) + 1
        at = {"row": row, "column": column}
        close = "Close the quote, or write a quote inside a text twice."
        if code == csv_loop.UNCLOSED:
            raise SheetError(f"The quote that begins in {place(row, column)} is never closed.", remedy=close, **at)
        if code == xlsx_loop.TOO_MANY_ROWS:
            raise SheetError(f"The file has more than {limits.max_rows:,} rows.", remedy="Split it.", **at)
        if code == xlsx_loop.TOO_WIDE:
            raise SheetError(
                f"The file has content in column {letters(column)} (row {row}); the limit is {limits.max_columns} "
                "columns.",
                remedy="Delete the columns behind the table and save the file again.", **at,
            )  # fmt: skip
        if code == xlsx_loop.TOO_LONG:
            raise SheetError(
                f"The text in {place(row, column)} has more than {limits.max_cell_characters:,} characters"
                + ("; perhaps its quote is never closed." if quoted else "."),
                remedy=close if quoted else "Shorten it.", **at,
            )  # fmt: skip
        if code == xml_loops.NUL:
            raise SheetError(
                f"A NUL character stands in {place(row, column)}; the file is damaged or no text.",
                remedy="Save the file again as CSV UTF-8, or as .xlsx.", **at,
            )  # fmt: skip
        raise wrong_encoding(row, column)
