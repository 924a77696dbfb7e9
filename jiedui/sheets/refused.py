"""退回表: the refused rows of an import as a workbook to correct and send again."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import xlsxwriter

from jiedui.sheets.errors import SheetError, letters
from jiedui.sheets.to_file import write_all
from jiedui.sheets.xlsx_markup import check_title

MOST_ROWS = 100_000
MARKS = ("行号", "列", "值", "规则", "怎么改")
"""The columns behind the original ones; an import leaves them out when the file comes back."""
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DANGEROUS = "=+-@\t\r＝＋－＠"


@dataclass(frozen=True)
class Refusal:
    """退回: one thing wrong with a row: the column (0-based place in the original ones, None: the row as a whole), the
    value, the rule that it breaks, and how to mend it.
    """

    column: int | None
    value: str
    rule: str
    remedy: str


def annotated(
    target: str | Path | IO[bytes], titles: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str | None], Sequence[Refusal]]], *,
    title: str = "退回数据", marks: Sequence[str] = MARKS, most: int = MOST_ROWS,
) -> int:  # fmt: skip
    """退回表: `rows` are (file row number, texts of the original columns, what is wrong); returns the bytes written.

    Every row comes once, with the original columns first (as text, so that identity numbers stay), then the marks: of
    several refusals the lines are joined. The cells at fault are red. At most `most` rows; memory is bounded.
    """
    check_title(title)
    if len(marks) != len(MARKS):
        raise SheetError("The sheet of refused rows needs five titles for its marks.", remedy="Give all five.")
    out, width = io.BytesIO(), len(titles)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet, styles = book.add_worksheet(title), _styles(book)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(0, width - 1), 16)
        for c, size in enumerate((8, 16, 24, 40, 50), width):
            sheet.set_column(c, c, size)
        for c, word in enumerate([*titles, *marks]):
            sheet.write_string(0, c, _clean(word), styles["header"])
        last = 0
        for line, (number, texts, refusals) in enumerate(rows, 1):
            if line > most:
                raise SheetError(
                    f"More than {most:,} rows were refused; that is the file, not its rows.",
                    remedy="Check the mapping of the columns.",
                )
            _row(sheet, line, number, texts, refusals, titles, styles)
            last = line
        sheet.autofilter(0, 0, max(1, last), width + len(marks) - 1)
    return write_all(target, iter([out.getvalue()]))


def _styles(book: Any) -> dict[str, Any]:
    fault = {"num_format": "@", "bg_color": "#FBD5D0", "font_color": "#8A1C12"}
    return {
        "header": book.add_format({"bold": True, "bg_color": "#E7ECF3", "num_format": "@"}),
        "text": book.add_format({"num_format": "@"}),
        "guarded": book.add_format({"num_format": "@", "quote_prefix": True}),
        "fault": book.add_format(fault),
        "guarded_fault": book.add_format({**fault, "quote_prefix": True}),
        "number": book.add_format({"num_format": "0"}),
        "wrap": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top", "font_color": "#8A1C12"}),
    }


def _row(
    sheet: Any, line: int, number: int, texts: Sequence[str | None], refusals: Sequence[Refusal],
    titles: Sequence[str], styles: dict[str, Any],
) -> None:  # fmt: skip
    faults = {refusal.column for refusal in refusals}
    for c in range(len(titles)):
        text = _clean((texts[c] if c < len(texts) else None) or "")[:32_767]
        style = "fault" if c in faults else "text"
        if text and text[0] in _DANGEROUS:
            style = "guarded_fault" if c in faults else "guarded"
        if text or c in faults:
            sheet.write_string(line, c, text, styles[style])
    width = len(titles)
    sheet.write_number(line, width, number, styles["number"])
    columns = [_named(refusal.column, titles) for refusal in refusals]
    marks = [columns, [r.value for r in refusals], [r.rule for r in refusals], [r.remedy for r in refusals]]
    for c, lines in enumerate(marks, width + 1):
        sheet.write_string(line, c, _clean("\n".join(lines))[:32_767], styles["wrap"])


def _named(column: int | None, titles: Sequence[str]) -> str:
    if column is None:
        return ""
    return f"{letters(column + 1)} {titles[column] if column < len(titles) else ''}".strip()


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", text)
