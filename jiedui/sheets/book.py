"""书: what `open_sheet` gives, for a workbook and a csv alike."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from jiedui.sheets.batch import Batch
from jiedui.sheets.contents import kind_of
from jiedui.sheets.limits import Limits


class Book(Protocol):
    """书: an open table; see the docstring of the package."""

    kind: str
    sheets: list[str]
    sheet: str
    encoding: str | None
    delimiter: str | None
    date_1904: bool

    @property
    def progress(self) -> tuple[int, int]:
        """进度: packed bytes read by the running `batches`, and bytes in all."""

    def head(self, rows: int = 12) -> list[list[str]]:
        """表头: file rows 1 … `rows` as text, equally long, merged cells filled in."""

    def batches(self, rows: int = 65_536, start: int = 1) -> Generator[Batch, None, None]:
        """批次: the rows from file row `start` on."""

    def close(self) -> None:
        """关闭: stop reading."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def open_sheet(path: str | Path, limits: Limits | None = None, sheet: str | None = None) -> Book:
    """打开表格: an .xlsx or a csv, told by its content; raises `SheetError` for everything else.

    `sheet` names the sheet of a workbook (default: the first visible one that has rows); a csv has none.
    """
    from jiedui.sheets.csv_book import CsvBook
    from jiedui.sheets.xlsx_book import XlsxBook

    path, limits = Path(path), limits or Limits()
    if kind_of(path, limits) == "xlsx":
        return XlsxBook(path, limits, sheet)
    return CsvBook(path, limits, sheet)
