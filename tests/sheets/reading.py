"""读取: a whole book as plain Python, for comparison."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jiedui.sheets import Batch, CellKind, Limits, open_sheet
from jiedui.sheets.csv_book import CsvBook
from jiedui.sheets.xlsx_book import XlsxBook

Cells = dict[tuple[int, int], tuple[str, str, bool]]
"""(row, column), 1-based → (text, kind, is a formula)."""


def cells_of(batches: list[Batch]) -> Cells:
    """Every cell with content, of all batches."""
    found: Cells = {}
    for batch in batches:
        for c, column in enumerate(batch.columns):
            formulas = batch.formulas[c]
            for line, text in enumerate(column.to_pylist()):
                kind = CellKind(int(batch.kinds[c][line]))
                assert (text is None) == (kind is CellKind.EMPTY)
                if text is not None:
                    formula = bool(formulas is not None and formulas[line])
                    found[int(batch.row_numbers[line]), c + 1] = (text, kind.name, formula)
    return found


def read(path: Path, *, rows: int = 65_536, start: int = 1, **how: Any) -> Cells:
    """What `open_sheet` sees."""
    with open_sheet(path, **how) as book:
        return cells_of(list(book.batches(rows=rows, start=start)))


def read_in_pieces(path: Path, piece: int, rows: int) -> Cells:
    """The same through pieces of so many bytes."""
    kind: Any = XlsxBook if path.suffix == ".xlsx" else CsvBook
    with kind(path, Limits(), None, piece=piece) as book:
        return cells_of(list(book.batches(rows=rows)))


def texts(cells: Cells) -> dict[tuple[int, int], str]:
    """Only the texts."""
    return {where: text for where, (text, _, _) in cells.items()}
