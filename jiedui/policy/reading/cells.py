"""单元格: lines to the cells of a table: parted by tabs, |, several spaces or (below a header) single ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from jiedui.policy.reading.layout import Line

_RULE: Final = re.compile(r"[\s|:+\-=─━┼│┌┐└┘├┤┬┴]+")
_MARK: Final = re.compile(r"^(?:[0-9]{1,3}[、.．)）]\s*|[（(][0-9]{1,3}[）)]\s*|[-•·●]\s*)")
_EMPTY: Final = re.compile("[-—–/／\\\\无]*|全[省市区州境域]")
_PIPES: Final = re.compile("[|│]")


@dataclass(frozen=True, slots=True)
class Row:
    """行: the cells of one line and how they were parted; no cells for a drawn line."""

    line: Line
    cells: tuple[str, ...]
    parted: str

    @property
    def shown(self) -> str:
        """所示: the row as it is cited."""
        return " | ".join(self.cells)


def split(text: str) -> tuple[tuple[str, ...], str]:
    """分格: the cells of a line and what parts them ("" where nothing does)."""
    stripped = text.strip()
    if _PIPES.search(stripped):
        return tuple(cell.strip() for cell in _PIPES.split(stripped)), "|"
    if "\t" in text:
        return tuple(cell.strip() for cell in text.rstrip("\n").split("\t")), "\t"
    if re.search(r"\S(?: {2,}|[ ]*　+[ ]*)\S", stripped) or re.match(r"(?: {4,}|　{3,})\S", text):
        empty = ("",) if re.match(r"(?: {4,}|　{3,})\S", text) else ()
        return (*empty, *re.split(r" {2,}|[ ]*　+[ ]*", stripped)), "  "
    if " " in stripped:
        return tuple(stripped.split()), " "
    return (stripped,), ""


def blocks(lines: Sequence[Line]) -> Iterator[list[Row]]:
    """表块: neighbouring lines with at least two cells."""
    block: list[Row] = []
    for line in lines:
        cells, parted = split(line.text)
        if parted and _RULE.fullmatch(line.text):
            if block:
                block.append(Row(line, (), parted))
        elif len(cells) - (parted == "|" and not cells[0]) > 1:
            block.append(Row(line, cells, parted))
        elif block:
            yield _without_border(block)
            block = []
    if block:
        yield _without_border(block)


def _without_border(block: Sequence[Row]) -> list[Row]:
    """The marks at both ends of every line are the table's border, at the end of one line an empty cell."""
    rows = list(block)
    drawn = [row for row in rows if row.parted == "|" and row.cells]
    for side, kept in ((0, slice(1, None)), (-1, slice(None, -1))):
        if drawn and all(not row.cells[side] for row in drawn):
            rows = [replace(row, cells=row.cells[kept]) if row.parted == "|" and row.cells else row for row in rows]
    return rows


def clean(cell: str) -> str:
    """净格: a cell without white space, item marks and marks at its end."""
    text = re.sub(r"\s+", "", _MARK.sub("", cell.strip()).replace("*", ""))
    return re.sub("(?:[、，,；;。]|等)+$", "", text)


def empty(cell: str) -> bool:
    """空格: whether a cell names nothing below its column's neighbour (—, 无, 全市)."""
    return _EMPTY.fullmatch(clean(cell)) is not None
