"""csv编码: which encoding and which delimiter a text has, from all of its bytes and from its first lines."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from jiedui.sheets import csv_loop
from jiedui.sheets.errors import SheetError

SAMPLE = 1 << 16
DELIMITERS = (",", "\t", ";")


def encoding_of(path: Path) -> tuple[str, str, int]:
    """编码: (name, Python's codec, bytes of the mark in front).

    Marks first; then UTF-8 if all bytes of the file are; otherwise GB18030, unless the file is plainly UTF-8 with a few
    broken characters, which is refused: read as GB18030 it would be nonsense without an error.
    """
    with path.open("rb") as file:
        start = file.read(4096)
    for mark, codec in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if start.startswith(mark):
            return "utf-16", codec, 2
    if wide := _utf16_without_mark(start):
        return "utf-16", wide, 0
    marked = start.startswith(codecs.BOM_UTF8)
    good, bad, line = census(path)
    if bad == 0:
        return ("utf-8-sig", "utf-8", 3) if marked else ("utf-8", "utf-8", 0)
    if marked or bad * 2 <= good:
        raise SheetError(
            f"There are bytes in line {line} that are no UTF-8, the encoding of the rest of the file.",
            remedy="Save the file again as CSV UTF-8, or as .xlsx.", row=line,
        )  # fmt: skip
    return "gb18030", "gb18030", 0


def census(path: Path) -> tuple[int, int, int]:
    """清点: of all bytes as UTF-8: whole characters beyond ASCII, broken ones, line of the first broken one."""
    state = np.zeros(7, np.int64)
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            csv_loop.utf8_census(np.frombuffer(piece, np.uint8), state)
    broken_end = int(state[csv_loop.NEED] > 0)
    line = int(state[csv_loop.BAD_LINE] or state[csv_loop.LINE] + 1)
    return int(state[csv_loop.GOOD]), int(state[csv_loop.BAD]) + broken_end, line


def delimiter_of(path: Path, codec: str, skip: int) -> tuple[str, int]:
    """分隔符: (delimiter, bytes of a `sep=` line that Excel hides); the one that cuts most rows into equally many."""
    with path.open("rb") as file:
        file.seek(skip)
        text = file.read(SAMPLE).decode(codec, errors="ignore").replace("\0", "")
    if text[:4].lower() == "sep=" and text[4:5] in DELIMITERS and text[5:6] in ("\r", "\n"):
        line = text[: 7 if text[5:7] == "\r\n" else 6]
        return text[4], len(line.encode(codec))
    scores = {}
    for delimiter in DELIMITERS:
        counts = Counter(len(row) for row in _rows(text, delimiter))
        counts.pop(0, None)
        width, often = max(counts.items(), key=lambda item: (item[0] > 1, item[1], item[0]), default=(1, 0))
        scores[delimiter] = (width > 1, often * (width - 1))
    return max(DELIMITERS, key=lambda delimiter: scores[delimiter]), 0


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """At most 50 rows of the sample; a field beyond Python's limit ends them."""
    try:
        for count, row in enumerate(csv.reader(text.splitlines(keepends=True), delimiter=delimiter)):
            if count == 50:
                return
            yield row
    except csv.Error:
        return


def _utf16_without_mark(start: bytes) -> str | None:
    """Zero bytes in every second place only, and line ends and no NUL once it is decoded."""
    even, odd = start[::2].count(0), start[1::2].count(0)
    if even + odd == 0 or min(even, odd) > 0:
        return None
    codec = "utf-16-le" if odd else "utf-16-be"
    text = start[: len(start) // 2 * 2].decode(codec, errors="ignore")
    return codec if ("\n" in text or "\r" in text) and "\0" not in text else None
