"""一次测量: one reading or writing in a process of its own, so that its peak memory is its own.

`python -m bench.sheets.child TASK ROWS FILE` prints one line of JSON: seconds, seconds of all cores, peak bytes, bytes
before the work, and
what was seen: rows, cells with content, and a digest of every 997th row.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.matching.child import peak
from bench.sheets import roster

EVERY = 997
EPOCH = datetime.date(1899, 12, 30)


def main(task: str, rows: int, file: Path) -> None:
    """Do the task and print what came out."""
    TASKS[task](2000, file.with_name("practice" + file.suffix)) if task.startswith("write") else None
    if task == "read_ours":
        list(read_ours(rows, file.with_name("practice" + file.suffix)))
    before, started, busy = peak(), time.perf_counter(), time.process_time()
    seen = TASKS[task](rows, file)
    answer = _seen(seen) if isinstance(seen, Iterator) else {"bytes": file.stat().st_size}
    answer |= {"seconds": time.perf_counter() - started, "busy_seconds": time.process_time() - busy}
    answer |= {"peak_bytes": peak(), "before_bytes": before}
    print(json.dumps(answer))


def _seen(rows: Iterator[tuple[int, Any]]) -> dict[str, Any]:
    """Count rows and cells; digest the rows that the reader gives as values (every 997th)."""
    count, cells, digest = 0, 0, hashlib.sha256()
    for filled, values in rows:
        count, cells = count + 1 if filled >= 0 else count, cells + max(0, filled)
        if values is not None:
            # openpyxl leaves out the empty cells at the end of a row
            digest.update("\x1f".join(map(_text, values)).rstrip("\x1f").encode() + b"\n")
    return {"rows": count, "cells": cells, "digest": digest.hexdigest()[:16]}


def _text(value: Any) -> str:
    """A value as one text, whatever a library makes of a number or a date."""
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        return str((value - EPOCH).days)
    if isinstance(value, int | float):
        return f"{value:.10g}"
    return value or ""


def read_ours(rows: int, file: Path) -> Iterator[tuple[int, Any]]:
    """Ours: columns of every batch; only the rows of the digest become Python values."""
    from jiedui.sheets import CellKind, open_sheet

    with open_sheet(file) as book:
        for batch in book.batches(start=2):
            filled = sum(len(column) - column.null_count for column in batch.columns)
            lines = [k for k, number in enumerate(batch.row_numbers.tolist()) if (number - 2) % EVERY == 0]
            for k in range(len(batch)):
                yield (filled if k == 0 else 0), None
            for k in lines:
                numbers = [kind[k] in (CellKind.NUMBER, CellKind.DATE) for kind in batch.kinds]
                texts = [column[k].as_py() for column in batch.columns]
                yield -1, [float(t) if n else t for t, n in zip(texts, numbers, strict=True)]


def _of_rows(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[int, Any]]:
    for k, row in enumerate(rows):
        if k:
            yield sum(v is not None and v != "" for v in row), (row if (k - 1) % EVERY == 0 else None)


def read_calamine(rows: int, file: Path) -> Iterator[tuple[int, Any]]:
    """python-calamine, which holds the sheet, row by row."""
    from python_calamine import CalamineWorkbook

    return _of_rows(CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).iter_rows())


def read_openpyxl(rows: int, file: Path) -> Iterator[tuple[int, Any]]:
    """openpyxl in its read-only way."""
    import openpyxl

    return _of_rows(openpyxl.load_workbook(file, read_only=True).worksheets[0].iter_rows(values_only=True))


def write_ours(rows: int, file: Path) -> None:
    """Ours, streamed."""
    from jiedui.sheets import write_xlsx

    write_xlsx(file, roster.COLUMNS, roster.batches(rows))


def write_ours_csv(rows: int, file: Path) -> None:
    """Ours as a csv."""
    from jiedui.sheets import write_csv

    write_csv(file, roster.COLUMNS, roster.batches(rows))


def write_xlsxwriter(rows: int, file: Path) -> None:
    """xlsxwriter with constant_memory."""
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(file), options) as book:
        sheet, date = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, roster.TITLES)
        at = 1
        for batch in roster.batches(rows):
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                for c, value in enumerate(row):
                    if isinstance(value, datetime.date):
                        sheet.write_datetime(at, c, value, date)
                    elif isinstance(value, str):
                        sheet.write_string(at, c, value)
                    elif value is not None:
                        sheet.write_number(at, c, value)
                at += 1


def write_shared(rows: int, file: Path) -> None:
    """The workbook of shared texts that is read; not a measurement."""
    roster.write_shared(file, rows)


TASKS = {
    "read_ours": read_ours, "read_calamine": read_calamine, "read_openpyxl": read_openpyxl, "write_ours": write_ours,
    "write_ours_csv": write_ours_csv, "write_xlsxwriter": write_xlsxwriter, "write_shared": write_shared,
}  # fmt: skip

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
