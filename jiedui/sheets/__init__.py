r"""表格: spreadsheets ↔ columns.

Owns the bytes of .xlsx and .csv, both ways. Refuses every word of the domain, and Django.

Reading streams. Memory is bounded by the batch and by the texts that a workbook shares, never by the number of rows::

    with open_sheet(path, limits=Limits(), sheet=None) as book:  # .xlsx or .csv by content, never by extension
        book.kind         # "xlsx" | "csv"
        book.sheets       # names of the visible sheets with rows (a csv: []); `sheet=` chooses, default the first
        book.sheet        # the one that is read ("" for a csv)
        book.encoding     # of a csv: "utf-8", "utf-8-sig", "gb18030", "utf-16"; of an .xlsx: None
        book.delimiter    # of a csv: "," "\t" ";"; of an .xlsx: None
        book.date_1904    # whether serial 0 is 1904-01-01 (old Macs), otherwise 1899-12-30
        book.progress     # (bytes read, bytes in all) of the running `batches`: cheap, also from another thread
        book.head(12)     # list[list[str]]: file rows 1 … 12 as text, all equally long, "" = empty; each cell of a
                          # merged range has the text of its first, so that a two-row header reads as columns
        for batch in book.batches(rows=65_536, start=3):  # file rows from `start` on, 1-based as Excel shows them
            batch.first_row, batch.row_numbers  # int; int32 (rows,), ascending, gaps where rows are empty
            batch.columns   # list of StringArray, or DictionaryArray<int32, string> (shared texts); null = empty
            batch.kinds     # list of uint8 (rows,): CellKind
            batch.formulas  # list of bool (rows,) or None (no formula in this column of the batch)

What a cell says:

- A number keeps the digits of the file ("6.2010119900101E+17" is seen as such). Its kind is NUMBER, or DATE if its
  style shows a date or a time; the text stays the serial. A cell of type `d` is DATE with the ISO text of the file.
- A truth value is BOOL with "1" or "0"; an error is ERROR with "#N/A" and the like.
- A formula has the value that the last program stored, and is flagged. Stored as an empty text it is EMPTY;
  **a formula without any stored value is ERROR with the text ""** (never null): it was written by a program that
  does not compute.
- Shared and inline texts are joined over their runs, without phonetic guides; entities and `_x000D_` are decoded;
  line ends are as XML reads them. A text of no characters is EMPTY; a text of blanks stays.
- In a csv every cell that is not empty is TEXT: the format does not say more. An apostrophe that `csv_chunks` puts
  before `=+-@` is not taken away again.
- Merged cells below the header are not filled in: the text is in the first, as Excel stores it, the rest is empty.
- A batch may be wider than the one before (a column first used later), never narrower; it may have fewer rows than
  asked for, but at least one. The columns of a batch start at A; a column without content is all null.
- One `batches` at a time per book; break off whenever you like, and leave the `with`.

What cannot be read is a `SheetError` (a `JieduiError`: `message`, `remedy`, and `row`, `column` where known): not a
spreadsheet, another kind (.xls, .xlsb, .ods, .et, HTML), password, damage, a zip bomb, DTDs, `Limits`. It may come in
the middle of `batches` (a damaged end is seen at the end), so write nothing for good before the last batch.

Writing streams, too: `xlsx_chunks` and `csv_chunks` turn record batches into bytes (for an HTTP answer), `write_xlsx`
and `write_csv` put them into a file; `template` makes a form with drop-downs, `annotated` a sheet of refused rows.
Loops are compiled on first use; `jiedui.sheets.compile_ahead.main()` does it before.
"""

from __future__ import annotations

from jiedui.sheets.batch import Batch, CellKind
from jiedui.sheets.book import Book, open_sheet
from jiedui.sheets.csv_out import csv_chunks, write_csv
from jiedui.sheets.errors import SheetError
from jiedui.sheets.limits import Limits
from jiedui.sheets.out_columns import Column
from jiedui.sheets.refused import Refusal, annotated
from jiedui.sheets.templates import TemplateColumn, Wording, template
from jiedui.sheets.xlsx_out import write_xlsx, xlsx_chunks

__all__ = [
    "Batch", "Book", "CellKind", "Column", "Limits", "Refusal", "SheetError", "TemplateColumn", "Wording", "annotated",
    "csv_chunks", "open_sheet", "template", "write_csv", "write_xlsx", "xlsx_chunks",
]  # fmt: skip
