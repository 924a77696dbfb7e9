"""表格错误: a file that cannot be read as a table, or a table that cannot be written as a file."""

from __future__ import annotations

from jiedui.errors import JieduiError


class SheetError(JieduiError):
    """表格错误: what is wrong and how to mend it; `row` and `column` (1-based, as Excel shows them) where known."""

    def __init__(self, message: str, *, remedy: str = "", row: int | None = None, column: int | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.row = row
        self.column = column


def letters(column: int) -> str:
    """列标: 1 → A, 28 → AB."""
    name = ""
    while column > 0:
        column, digit = divmod(column - 1, 26)
        name = chr(65 + digit) + name
    return name


def place(row: int, column: int) -> str:
    """位置: the cell as Excel names it, for a sentence."""
    return f"cell {letters(column)}{row}" if column > 0 else f"row {row}"
