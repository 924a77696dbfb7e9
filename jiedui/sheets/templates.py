"""模板: an empty workbook to fill in: drop-downs from a hidden dictionary sheet, text format where digits must stay."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

import xlsxwriter

from jiedui.sheets.errors import SheetError, letters
from jiedui.sheets.to_file import write_all
from jiedui.sheets.xlsx_markup import WIDTH_OF, check_title

Kind = Literal["text", "int", "decimal", "date", "id"]
DICTIONARY = "字典"
FORMATS = {"text": "@", "id": "@", "int": "0", "decimal": "General", "date": "yyyy-mm-dd"}
HEADER = {"bold": True, "bg_color": "#E7ECF3", "border": 1, "text_wrap": True, "valign": "vcenter", "num_format": "@"}
REQUIRED = {**HEADER, "font_color": "#B42318"}


@dataclass(frozen=True)
class TemplateColumn:
    """模板列: title, drop-down choices (none: free), kind, whether it must be filled in, a note and an example."""

    title: str
    choices: Sequence[str] = ()
    kind: Kind = "text"
    required: bool = False
    note: str = ""
    example: str = ""
    width: float | None = None


@dataclass(frozen=True)
class Wording:
    """用语: the words of the workbook itself, so that a page can give them in its language."""

    explanation_sheet: str = "填写说明"
    column: str = "列"
    required: str = "必填"
    note: str = "说明"
    example: str = "示例"
    choices: str = "可选值"
    yes: str = "是"
    not_in_list: str = "请从下拉列表中选择。"
    more_choices: str = "……共{count}项，见下拉列表"


def template(
    target: str | Path | IO[bytes], columns: Sequence[TemplateColumn], *,
    title: str = "数据", rows: int = 10_000, wording: Wording | None = None,
) -> int:  # fmt: skip
    """模板: write the workbook; returns its bytes.

    The first sheet (`title`) has the frozen header only, so that it can be imported as it is filled in; required
    columns are red. The first `rows` rows have the drop-downs; a value that is not in the list is refused by Excel.
    Notes are messages that show when a header cell is chosen, and stand with examples on a sheet of explanations.
    """
    check_title(title)
    if not columns or len({column.title for column in columns}) != len(columns):
        raise SheetError("A template needs columns with different titles.", remedy="Name each column once.")
    words, out = wording or Wording(), io.BytesIO()
    if title in (words.explanation_sheet, DICTIONARY):
        raise SheetError(f"The sheet to fill in cannot be called “{title}”.", remedy="Choose another title.")
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, explained, lists = (
            book.add_worksheet(title), book.add_worksheet(words.explanation_sheet), book.add_worksheet(DICTIONARY),
        )  # fmt: skip
        lists.hide()
        sheet.freeze_panes(1, 0)
        sheet.set_row(0, 30)
        header, required = book.add_format(HEADER), book.add_format(REQUIRED)
        for c, column in enumerate(columns):
            width = column.width or max(WIDTH_OF[column.kind], min(40.0, 2.2 * len(column.title) + 2))
            sheet.set_column(c, c, width, book.add_format({"num_format": FORMATS[column.kind]}))
            sheet.write_string(0, c, column.title, required if column.required else header)
            _message(sheet, c, column)
            _drop_down(sheet, lists, c, column, rows, words)
        _explain(book, explained, columns, words, header)
    return write_all(target, iter([out.getvalue()]))


def _message(sheet: Any, c: int, column: TemplateColumn) -> None:
    """The note as an input message (at most 255 characters, its title 32)."""
    text = "\n".join(part for part in (column.note, column.example) if part)
    if text:
        options = {"validate": "any", "input_title": column.title[:32], "input_message": text[:255]}
        sheet.data_validation(0, c, 0, c, options)


def _drop_down(sheet: Any, lists: Any, c: int, column: TemplateColumn, rows: int, words: Wording) -> None:
    """The choices in a column of the hidden sheet, and the cells that may hold one of them only."""
    if not column.choices:
        return
    lists.write_string(0, c, column.title)
    for line, choice in enumerate(column.choices, 1):
        lists.write_string(line, c, choice)
    name = letters(c + 1)
    sheet.data_validation(1, c, rows, c, {
        "validate": "list", "source": f"={DICTIONARY}!${name}$2:${name}${len(column.choices) + 1}",
        "ignore_blank": True, "error_title": column.title[:32], "error_message": words.not_in_list,
    })  # fmt: skip


def _explain(book: Any, sheet: Any, columns: Sequence[TemplateColumn], words: Wording, header: Any) -> None:
    """A line for each column: required, note, example, choices."""
    wrap = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    for c, (word, width) in enumerate(
        [(words.column, 22), (words.required, 8), (words.note, 60), (words.example, 24), (words.choices, 60)]
    ):
        sheet.set_column(c, c, width)
        sheet.write_string(0, c, word, header)
    sheet.freeze_panes(1, 0)
    for line, column in enumerate(columns, 1):
        shown = "、".join(column.choices[:30])
        if len(column.choices) > 30:
            shown += words.more_choices.format(count=len(column.choices))
        texts = [column.title, words.yes if column.required else "", column.note, column.example, shown]
        for c, text in enumerate(texts):
            if text:
                sheet.write_string(line, c, text, wrap)
