"""上限: how much a file may be before it is refused; held while the file is read, not by the sizes it declares."""

from __future__ import annotations

from dataclasses import dataclass

GIB = 1 << 30


@dataclass(frozen=True)
class Limits:
    """上限: rows and columns with content (a row's file number counts), characters of a cell (Excel's own
    limit), bytes.

    `max_ratio` is unpacked over packed bytes of one part, looked at once more than `ratio_from` bytes are unpacked:
    sheets are 5 to 60, deflate cannot exceed 1032.
    """

    max_rows: int = 1_048_576
    max_columns: int = 512
    max_cell_characters: int = 32_767
    max_file_bytes: int = 1 * GIB
    max_unpacked_bytes: int = 8 * GIB
    max_shared_bytes: int = 1 * GIB
    max_ratio: int = 250
    ratio_from: int = 32 << 20
