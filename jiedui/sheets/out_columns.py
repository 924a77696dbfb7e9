"""导出列: what a column of an exported table is, and its values as the text that a file stores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jiedui.sheets.errors import SheetError

Kind = Literal["text", "int", "decimal", "date", "id"]
Tables = Iterable[pa.RecordBatch | pa.Table]

EXACT = 10**15
"""A spreadsheet's number holds 15 digits; an integer from here on would lose its last ones."""
FIRST_SAFE_DAY = -25_508
"""1900-03-01 in days from 1970: before it, serial dates of spreadsheets are off by one."""
SERIAL_OF_1970 = 25_569
SLAB_ROWS, SLAB_CELLS, SLAB_BYTES = 2048, 1 << 16, 4 << 20


@dataclass(frozen=True)
class Column:
    """导出列: title, kind, and width in characters.

    `text` and `id` are stored as text, `int` and `decimal` as numbers, `date` (Arrow dates) as a date.
    """

    title: str
    kind: Kind = "text"
    width: float | None = None


@dataclass(frozen=True)
class Slab:
    """一段: some rows of a table as text.

    `data` holds the UTF-8 of all columns, `ends` (columns, rows + 1) int64 where each text begins and ends in it,
    `present` (columns, rows) bool; `textual` (columns,) bool says which are written as text.
    """

    data: npt.NDArray[np.uint8]
    ends: npt.NDArray[np.int64]
    present: npt.NDArray[np.bool_]
    textual: npt.NDArray[np.bool_]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self.present.shape[1])


def check_columns(columns: Sequence[Column]) -> None:
    """检查列: at least one and at most 16,384, of known kinds."""
    if not 0 < len(columns) <= 16_384:
        raise SheetError("A table has 1 to 16,384 columns.", remedy="Choose the columns to export.")
    for column in columns:
        if column.kind not in ("text", "int", "decimal", "date", "id"):
            raise SheetError(
                f"The column {column.title} is of no known kind.", remedy="Give text, int, decimal, date, id."
            )


def slabs(columns: Sequence[Column], batches: Tables, *, serial_dates: bool) -> Iterator[Slab]:
    """分段: the rows of the batches, a few thousand and a few megabytes at a time.

    `serial_dates` asks for the serial numbers of a workbook; otherwise dates are ISO 8601.
    """
    check_columns(columns)
    rows = max(1, min(SLAB_ROWS, SLAB_CELLS // len(columns)))
    for batch in batches:
        if batch.num_columns != len(columns):
            raise SheetError(
                f"The table has {batch.num_columns} columns, {len(columns)} were declared.", remedy="Declare each."
            )
        for small in _as_table(batch).to_batches(max_chunksize=rows):
            yield from _divided(columns, small, serial_dates)


def _as_table(batch: pa.RecordBatch | pa.Table) -> pa.Table:
    return batch if isinstance(batch, pa.Table) else pa.Table.from_batches([batch])


def _divided(columns: Sequence[Column], batch: pa.RecordBatch, serial_dates: bool) -> Iterator[Slab]:
    """Halve the rows until the texts fit."""
    slab = _slab(columns, batch, serial_dates)
    if len(slab.data) <= SLAB_BYTES or batch.num_rows < 2:
        if batch.num_rows:
            yield slab
        return
    half = batch.num_rows // 2
    yield from _divided(columns, batch.slice(0, half), serial_dates)
    yield from _divided(columns, batch.slice(half), serial_dates)


def _slab(columns: Sequence[Column], batch: pa.RecordBatch, serial_dates: bool) -> Slab:
    rows, at = batch.num_rows, 0
    ends = np.empty((len(columns), rows + 1), np.int64)
    present = np.empty((len(columns), rows), np.bool_)
    textual = np.empty(len(columns), np.bool_)
    pieces = []
    for c, column in enumerate(columns):
        texts, textual[c] = as_text(column, batch.column(c), serial_dates)
        offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + rows + 1].astype(np.int64)
        data = np.frombuffer(texts.buffers()[2] or b"", np.uint8)[offsets[0] : offsets[-1]]
        ends[c] = offsets - offsets[0] + at
        present[c] = np.asarray(texts.is_valid())
        pieces.append(data)
        at += len(data)
    return Slab(np.concatenate(pieces) if at else np.zeros(1, np.uint8), ends, present, textual)


def as_text(column: Column, values: pa.Array, serial_dates: bool) -> tuple[pa.StringArray, bool]:
    """成文本: the values as a string array, and whether they are to be written as text."""
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if column.kind in ("text", "id"):
        return _cast(column, values), True
    if column.kind == "date":
        return _dates(column, values, serial_dates)
    kind = values.type
    whole = pa.types.is_integer(kind) or (pa.types.is_decimal(kind) and kind.scale == 0)
    if column.kind == "int" and not (whole or pa.types.is_null(kind)):
        raise _wrong_type(column, kind)
    if not (whole or pa.types.is_floating(kind) or pa.types.is_decimal(kind) or pa.types.is_null(kind)):
        raise _wrong_type(column, kind)
    if whole and serial_dates:
        _refuse_long(column, values)
    if pa.types.is_floating(kind) and not pc.all(pc.is_finite(values.drop_null()), min_count=0).as_py():
        raise SheetError(f"The column {column.title} has values that are no numbers.", remedy="Leave them empty.")
    return _cast(column, values), False


def _cast(column: Column, values: pa.Array) -> pa.StringArray:
    try:
        return values.cast(pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid) as bad:
        raise _wrong_type(column, values.type) from bad


def _dates(column: Column, values: pa.Array, serial_dates: bool) -> tuple[pa.StringArray, bool]:
    """Serial numbers, or ISO dates as text where a date is before 1900-03-01 or a csv is written."""
    if pa.types.is_date64(values.type):
        values = values.cast(pa.date32())
    if not (pa.types.is_date32(values.type) or pa.types.is_null(values.type)):
        raise _wrong_type(column, values.type)
    days = values.cast(pa.date32()).cast(pa.int32())
    first = pc.min(days).as_py()
    if not serial_dates or (first is not None and first < FIRST_SAFE_DAY):
        return values.cast(pa.string()), True
    return pc.add(days, SERIAL_OF_1970).cast(pa.string()), False


def _refuse_long(column: Column, values: pa.Array) -> None:
    bounds: dict[str, Any] = pc.min_max(values).as_py()
    if bounds["min"] is not None and (bounds["max"] >= EXACT or bounds["min"] <= -EXACT):
        raise SheetError(
            f"The column {column.title} has numbers of more than 15 digits, which a spreadsheet would round.",
            remedy="Export it as kind “id”.",
        )


def _wrong_type(column: Column, kind: Any) -> SheetError:
    return SheetError(
        f"The column {column.title} ({column.kind}) cannot hold values of type {kind}.", remedy="Cast them."
    )
