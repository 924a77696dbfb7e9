"""导出csv: record batches into UTF-8 text with a byte order mark, so that Excel opens it with the right letters.

Opened by a double click, Excel still turns long digits into floats: identity numbers are safe in an .xlsx only.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from jiedui.sheets import out_loops
from jiedui.sheets.out_columns import Column, Slab, Tables, check_columns, slabs
from jiedui.sheets.to_file import write_all


def write_csv(target: str | Path | IO[bytes], columns: Sequence[Column], batches: Tables) -> int:
    """写csv: into a file (complete or not at all) or a binary stream; returns the bytes written."""
    return write_all(target, csv_chunks(columns, batches))


def csv_chunks(columns: Sequence[Column], batches: Tables) -> Iterator[bytes]:
    """分块csv: the file as bytes, the header before any row is asked for.

    Comma, CRLF, quotes where needed. A text (or title) that could be taken for a formula has an apostrophe before it;
    numbers and dates have none. NUL characters are left out.
    """
    check_columns(columns)
    return _chunks(columns, batches)


def _chunks(columns: Sequence[Column], batches: Tables) -> Iterator[bytes]:
    titles = [Column(column.title) for column in columns]
    header = pa.record_batch(
        [pa.array([column.title], pa.string()) for column in columns], [str(c) for c in range(len(columns))]
    )
    out, guarded = np.empty(1 << 20, np.uint8), np.ones(len(columns), np.bool_)
    yield codecs.BOM_UTF8 + b"".join(_rows(slab, guarded, out) for slab in slabs(titles, [header], serial_dates=False))
    guarded = np.array([column.kind in ("text", "id") for column in columns], np.bool_)
    for slab in slabs(columns, batches, serial_dates=False):
        room = _room(slab)
        if room > len(out):
            out = np.empty(room, np.uint8)
        yield _rows(slab, guarded, out)


def _rows(slab: Slab, guarded: npt.NDArray[np.bool_], out: npt.NDArray[np.uint8]) -> bytes:
    if _room(slab) > len(out):
        out = np.empty(_room(slab), np.uint8)
    size = out_loops.write_csv_rows(slab.data, slab.ends, slab.present, guarded, out)
    return out[:size].tobytes()


def _room(slab: Slab) -> int:
    columns, rows = len(slab.present), slab.rows
    return (columns + 1) * rows * out_loops.CSV_PER_CELL + out_loops.CSV_PER_BYTE * len(slab.data)
