"""批次: some rows of a sheet as columns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa


class CellKind(IntEnum):
    """单元格类型: what the file says of a cell; DATE is a number with a date style (or ISO text of a `d` cell)."""

    EMPTY = 0
    TEXT = 1
    NUMBER = 2
    DATE = 3
    BOOL = 4
    ERROR = 5


@dataclass(frozen=True)
class Batch:
    """批次: `columns` (arrow string or dictionary arrays), `kinds` (uint8) and `formulas`, each (rows,) per column.

    `row_numbers` are file rows, int32 (rows,), ascending; empty rows are left out.
    """

    row_numbers: npt.NDArray[np.int32]
    columns: list[pa.Array]
    kinds: list[npt.NDArray[np.uint8]]
    formulas: list[npt.NDArray[np.bool_] | None]

    @property
    def first_row(self) -> int:
        """首行号: the file row of the first row of the batch."""
        return int(self.row_numbers[0])

    def __len__(self) -> int:
        return len(self.row_numbers)
