"""表头: the first rows of a sheet as lists of text, for a person or for the guessing of columns."""

from __future__ import annotations

from jiedui.sheets.batch import Batch


def as_rows(batch: Batch | None, rows: int) -> list[list[str]]:
    """成行: file rows 1 … `rows` of a batch, "" where empty, without the empty rows at the end."""
    if batch is None:
        return []
    width = len(batch.columns)
    kept = [(line, number) for line, number in enumerate(batch.row_numbers.tolist()) if number <= rows]
    table = [[""] * width for _ in range(kept[-1][1])] if kept else []
    for column, array in enumerate(batch.columns):
        texts = array.to_pylist()
        for line, number in kept:
            table[number - 1][column] = texts[line] or ""
    return table


def fill_merged(table: list[list[str]], merged: list[tuple[int, int, int, int]]) -> None:
    """填合并: give every cell of a merged range (top, left, bottom, right; 1-based) the text of its first."""
    for top, left, bottom, right in merged:
        if top > len(table) or left > len(table[0]):
            continue
        text = table[top - 1][left - 1]
        for row in table[top - 1 : bottom]:
            row[left - 1 : right] = [text] * len(row[left - 1 : right])
