"""退回表: the refused rows of an import as the file had them, each with what is wrong and how to mend it.

Corrected, it is sent as a file of its own: the columns are in the same order under the same titles.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jiedui.records.imports import staging
from jiedui.records.imports.refusals import RULES
from jiedui.records.models import Import
from jiedui.sheets import Refusal, annotated

Row = tuple[int, Sequence[str | None], Sequence[Refusal]]


def workbook(one: Import) -> tuple[bytes, int]:
    """退回表: the bytes of an .xlsx and how many rows it has (at most `refusals.ROWS_KEPT`).

    The numbers stand in it in full, because they are what is to be corrected: whoever gives it out keeps a record.

    Raises:
        JieduiError: nothing is staged any more.
    """
    raw, problems = staging.read(one.pk, "raw"), staging.read(one.pk, "problems")
    out = io.BytesIO()
    titles = [title or " " for title in one.columns.get("titles", ())]
    annotated(out, titles, rows(raw, problems, one.columns.get("fields", {})))
    return out.getvalue(), len(raw)


def rows(raw: pa.Table, problems: pa.Table, columns: Mapping[str, int]) -> Iterator[Row]:
    """退回行: (row number of the file, its texts, what is wrong with it), by row number."""
    lines = problems.filter(pc.is_in(problems["row"], value_set=raw["row"].combine_chunks()))
    numbers = lines["row"].to_numpy()
    order = np.argsort(numbers, kind="stable")
    lines = lines.take(pa.array(order)).to_pylist()
    numbers = numbers[order]
    for row, texts in zip(raw["row"].to_pylist(), raw["cells"].to_pylist(), strict=True):
        first, last = np.searchsorted(numbers, row), np.searchsorted(numbers, row, "right")
        yield row, texts, [_refusal(one, columns) for one in lines[first:last]]


def _refusal(line: Mapping[str, str | None], columns: Mapping[str, int]) -> Refusal:
    rule = RULES[str(line["rule"])]
    return Refusal(columns.get(str(line["field"])), line["value"] or "", rule.means[0], rule.mend[0])
