"""导出xlsx: record batches into the bytes of a workbook, as they come; memory does not grow with the rows."""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import IO

import numpy as np

from jiedui.sheets import out_loops, xlsx_markup
from jiedui.sheets.errors import SheetError, letters, place
from jiedui.sheets.out_columns import Column, Slab, Tables, check_columns, slabs
from jiedui.sheets.to_file import write_all
from jiedui.sheets.zip_out import END_OF_DEFLATE, ZipOut

ROWS = 1_048_575
"""Rows of a sheet below its header."""
PART_BYTES = 3_900_000_000
LEVEL = 1
THREADS = 2
CELL_CHARACTERS = 32_767


def write_xlsx(
    target: str | Path | IO[bytes], columns: Sequence[Column], batches: Tables, *,
    sheet_title: str = "Sheet1", header_notes: Mapping[str, str] | None = None, rows_per_sheet: int = ROWS,
) -> int:  # fmt: skip
    """写xlsx: into a file (complete or not at all) or a binary stream; returns the bytes written."""
    return write_all(
        target,
        xlsx_chunks(
            columns, batches, sheet_title=sheet_title, header_notes=header_notes, rows_per_sheet=rows_per_sheet
        ),
    )


def xlsx_chunks(
    columns: Sequence[Column], batches: Tables, *,
    sheet_title: str = "Sheet1", header_notes: Mapping[str, str] | None = None, rows_per_sheet: int = ROWS,
) -> Iterator[bytes]:  # fmt: skip
    """分块xlsx: the workbook as bytes, the first before any row is asked for.

    The values of a batch go to the columns by place. After `rows_per_sheet` rows a second sheet begins. The header is
    bold and frozen, with a filter; `header_notes` (title → text) show when a header cell is chosen. Text is never a
    formula; what could be taken for one has the quotePrefix style. Characters that XML forbids are `_xHHHH_`.
    Raises `SheetError` for a text of more than 32,767 characters and an `int` of more than 15 digits.
    """
    check_columns(columns)
    xlsx_markup.check_title(sheet_title)
    if not 1 <= rows_per_sheet <= ROWS:
        raise SheetError(f"A sheet has 1 to {ROWS:,} rows below its header.", remedy="Choose fewer rows per sheet.")
    return _chunks(columns, batches, sheet_title, header_notes or {}, rows_per_sheet)


def _chunks(
    columns: Sequence[Column], batches: Tables, title: str, notes: Mapping[str, str], most: int
) -> Iterator[bytes]:
    package, writer = ZipOut(), _RowWriter(columns)
    yield package.whole("_rels/.rels", xlsx_markup.ROOT_RELATIONS.encode())
    yield package.whole("xl/styles.xml", xlsx_markup.STYLES.encode())
    source, sheets, more = _Source(slabs(columns, batches, serial_dates=True)), 0, True
    with ThreadPoolExecutor(THREADS, thread_name_prefix="sheets-deflate") as threads:
        while more:
            sheets += 1
            yield package.begin(f"xl/worksheets/sheet{sheets}.xml")
            for packed, size, checksum in _packed(_sheet(columns, source, writer, notes, most), threads):
                yield package.add(packed, size, checksum)
            yield package.end()
            more = source.more
    titles = [xlsx_markup.numbered(title, k) for k in range(1, sheets + 1)]
    yield package.whole("xl/workbook.xml", xlsx_markup.workbook(titles).encode())
    yield package.whole("xl/_rels/workbook.xml.rels", xlsx_markup.workbook_relations(sheets).encode())
    yield package.whole("[Content_Types].xml", xlsx_markup.content_types(sheets).encode())
    yield package.close()


class _Source:
    """Slabs, of which a part may be given back; `more` says whether anything is left."""

    def __init__(self, source: Iterator[Slab]) -> None:
        self._source, self._kept = source, deque[Slab]()

    @property
    def more(self) -> bool:
        if not self._kept and (slab := next(self._source, None)) is not None:
            self._kept.append(slab)
        return bool(self._kept)

    def take(self, rows: int) -> Slab:
        slab = self._kept.popleft()
        if slab.rows <= rows:
            return slab
        self._kept.appendleft(Slab(slab.data, slab.ends[:, rows:].copy(), slab.present[:, rows:].copy(), slab.textual))
        return Slab(slab.data, slab.ends[:, : rows + 1].copy(), slab.present[:, :rows].copy(), slab.textual)


def _sheet(
    columns: Sequence[Column], source: _Source, writer: _RowWriter, notes: Mapping[str, str], most: int
) -> Iterator[bytes]:
    """The XML of one sheet: as many rows as it may have."""
    start = xlsx_markup.sheet_start(columns).encode()
    row, size = 2, len(start)
    yield start
    while row <= most + 1 and size < PART_BYTES and source.more:
        slab = source.take(most + 2 - row)
        rows = writer.write(slab, row)
        row, size = row + slab.rows, size + len(rows)
        yield rows
    yield xlsx_markup.sheet_end(columns, row - 1, notes).encode()


class _RowWriter:
    """Slabs into XML, through one buffer that grows to the largest."""

    def __init__(self, columns: Sequence[Column]) -> None:
        names = [f'<c r="{letters(c)}' for c in range(1, len(columns) + 1)]
        self._letters = np.frombuffer("".join(names).encode(), np.uint8)
        self._ends = np.cumsum([0, *map(len, names)]).astype(np.int64)
        self._styles = np.frombuffer(b"".join(xlsx_markup.STYLE_OF[column.kind] for column in columns), np.uint8)
        self._out = np.empty(1 << 20, np.uint8)

    def write(self, slab: Slab, first_row: int) -> bytes:
        columns, rows = slab.present.shape
        cells = columns * rows * out_loops.XML_PER_CELL + rows * out_loops.XML_PER_ROW
        room = cells + out_loops.XML_PER_BYTE * len(slab.data)
        if room > len(self._out):
            self._out = np.empty(room, np.uint8)
        size, line, column = out_loops.write_xml_rows(
            slab.data, slab.ends, slab.present, slab.textual, self._letters, self._ends, self._styles, first_row,
            CELL_CHARACTERS, self._out,
        )  # fmt: skip
        if line >= 0:
            raise SheetError(
                f"The text for {place(first_row + line, column + 1)} has more than {CELL_CHARACTERS:,} characters.",
                remedy="Export a csv.", row=first_row + line, column=column + 1,
            )  # fmt: skip
        return self._out[:size].tobytes()


def _packed(pieces: Iterator[bytes], threads: ThreadPoolExecutor) -> Iterator[tuple[bytes, int, int]]:
    """(deflated, size, checksum so far): pieces are deflated side by side, each ended on a byte (RFC 1951, 3.2.4)."""
    waiting: deque[tuple[Future[bytes], int, int]] = deque()
    checksum = 0
    for piece in pieces:
        checksum = zlib.crc32(piece, checksum)
        waiting.append((threads.submit(_deflate, piece), len(piece), checksum))
        while len(waiting) > THREADS + 1 or (waiting and waiting[0][0].done()):
            future, size, so_far = waiting.popleft()
            yield future.result(), size, so_far
    for future, size, so_far in waiting:
        yield future.result(), size, so_far
    yield END_OF_DEFLATE, 0, checksum


def _deflate(piece: bytes) -> bytes:
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH)
