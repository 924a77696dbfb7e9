"""预编译: compile the loops of the sheets now, so that nobody waits for it at the first file.

`python -m jiedui.sheets.compile_ahead` writes and reads a workbook and a csv of a few cells, which touches every loop
in its one form. The compiled code stays in Numba's cache beside the source.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa
import xlsxwriter

from jiedui.sheets.book import open_sheet
from jiedui.sheets.csv_out import write_csv
from jiedui.sheets.out_columns import Column
from jiedui.sheets.xlsx_out import write_xlsx


def main() -> None:
    """预编译: all of them; in a folder that is gone afterwards."""
    columns = [Column("文本"), Column("数", "int")]
    rows = pa.record_batch([pa.array(["甲", "=乙"]), pa.array([1, 2])], ["a", "b"])
    with tempfile.TemporaryDirectory() as folder:
        inline, shared, text = (Path(folder) / name for name in ("a.xlsx", "b.xlsx", "c.csv"))
        write_xlsx(inline, columns, [rows])
        write_csv(text, columns, [rows])
        with xlsxwriter.Workbook(str(shared)) as book:
            book.add_worksheet().write_row(0, 0, ["甲", 1])
        for path in (inline, shared, text):
            with open_sheet(path) as book:
                for _ in book.batches():
                    pass


if __name__ == "__main__":
    main()
