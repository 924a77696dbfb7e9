"""分片: pieces of an XML part, each with what the scanner left of the one before; and what its errors mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NoReturn

import numpy as np
import numpy.typing as npt

from jiedui.sheets import xml_loops
from jiedui.sheets.errors import SheetError, place
from jiedui.sheets.parts import damaged
from jiedui.sheets.xml_encoding import dtd

LONGEST_REST = 4 << 20
"""Bytes of one cell as XML: 32,767 characters as entities with a few thousand runs fit."""
LONGEST_VOID = 8 << 20
"""Bytes without any tag: a file of blanks ends here."""


class WholePieces:
    """整片: `for buf in feed:` gives read-only uint8 arrays; `feed.rest(at)` says from where on to come back."""

    def __init__(self, pieces: Iterable[bytes], state: npt.NDArray[np.int64], tokens: int) -> None:
        self._pieces, self._state, self._tokens = pieces, state, tokens
        self._left, self._buf = b"", b""

    def __iter__(self) -> Iterator[npt.NDArray[np.uint8]]:
        void, seen = 0, int(self._state[self._tokens])
        for piece in self._pieces:
            self._buf = self._left + piece
            yield np.frombuffer(self._buf, np.uint8)
            if len(self._left) > LONGEST_REST:
                raise SheetError(
                    f"Something in the workbook is larger than a cell can be ({LONGEST_REST >> 20} MB).",
                    remedy="Copy the rows that are needed into a new workbook and save that.",
                )
            void = 0 if self._state[self._tokens] != seen else void + len(piece)
            seen = int(self._state[self._tokens])
            if void > LONGEST_VOID:
                raise SheetError(
                    "The workbook is filled with blanks instead of cells.",
                    remedy="Do not trust this file. Ask for a new one that Excel or WPS has saved.",
                )

    def rest(self, at: int) -> None:
        """剩余: keep what begins at `at` for the next piece."""
        self._left = self._buf[at:]


def raise_markup(code: int, name: str, row: int, column: int) -> NoReturn:
    """XML错误: the sentence for a scanner's error."""
    where = f" ({place(row, column)})" if row else ""
    if code == xml_loops.DTD:
        raise dtd(name)
    if code == xml_loops.NUL:
        raise SheetError(
            f"A NUL character stands in the workbook{where}.",
            remedy="Delete the content of that cell, type it again and save.",
            row=row or None, column=column or None,
        )  # fmt: skip
    if code == xml_loops.ENTITY:
        raise damaged(f"an entity in {name}{where} means nothing")
    raise damaged(f"{name} is not well-formed XML{where}")
