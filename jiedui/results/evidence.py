"""佐证: the rows that each number of a run is an aggregate of, in one Parquet file of the run's folder.

Sorted by indicator, side and pair and cut into small row groups, so that the statistics of a group tell whether a
number's rows lie in it: a page of rows is read without reading the rest of a province. This module is the file's only
reader, and it shows rows inside the reader's scope only; how many lie outside, the stored value's `evidence_rows`
tells.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from jiedui.errors import JieduiError, NotVerified
from jiedui.results import folders
from jiedui.results.models import Run
from jiedui.terms.scope import Scope

FILE: Final = "evidence.parquet"
SCHEMA: Final = pa.schema(
    [
        ("indicator", pa.string()),
        ("side", pa.string()),
        ("pairing_id", pa.int64()),
        ("row_table", pa.string()),
        ("row_id", pa.string()),
        ("region_code", pa.string()),
        ("happened_on", pa.date32()),
        ("amount", pa.float64()),
        ("subject", pa.string()),
        ("part", pa.string()),
    ]
)
"""Columns of the file; `part` tells numerator from denominator where an indicator has both, and may be left out."""
_ORDER: Final = ("indicator", "side", "pairing_id", "part", "row_table", "region_code", "happened_on", "row_id")
_ROWS_IN_GROUP: Final = 16_384


def write(run: Run, table: pa.Table) -> None:
    """写佐证: the whole evidence of a run; the file is there complete or not at all.

    Raises:
        JieduiError: a column is missing or does not fit.
    """
    if "part" not in table.column_names:
        table = table.append_column("part", pa.repeat(pa.scalar("", pa.string()), table.num_rows))
    try:
        rows = table.select(SCHEMA.names).cast(SCHEMA).sort_by([(name, "ascending") for name in _ORDER])
    except (KeyError, pa.ArrowInvalid) as error:
        raise JieduiError(
            f"The evidence does not fit: {error}.", remedy=f"Columns: {', '.join(SCHEMA.names)}."
        ) from None
    folder = folders.of(run)
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{FILE}.{os.getpid()}.{secrets.token_hex(4)}"
    try:
        pq.write_table(rows, draft, compression="zstd", row_group_size=_ROWS_IN_GROUP)
        draft.replace(folder / FILE)
    finally:
        draft.unlink(missing_ok=True)


def read(
    run: Run,
    indicator: str,
    pairing_id: int,
    side: str,
    scope: Scope | Mapping[str, Scope],
    offset: int = 0,
    limit: int = 50,
) -> tuple[list[dict[str, Any]], int]:
    """读佐证: one page of the rows of a number that lie inside the scope, and how many these are in all.

    `scope` is one scope for all rows, or a scope for each `row_table` (a table without one is not shown). A row
    without a place is shown only by a scope of everything.

    Raises:
        NotVerified: the run's file is gone or damaged.
    """
    shown = _inside(scope)
    if shown is None:
        return [], 0
    of_number = (
        (pc.field("indicator") == indicator) & (pc.field("side") == side) & (pc.field("pairing_id") == pairing_id)
    )
    rows = _rows(run, of_number & shown)
    return rows.slice(offset, limit).to_pylist(), rows.num_rows


def count(run: Run, indicator: str, pairing_id: int, side: str) -> int:
    """佐证行数: of a number, whoever asks; equals the stored `evidence_rows`."""
    return read(run, indicator, pairing_id, side, Scope.everything(), limit=0)[1]


def _rows(run: Run, condition: pc.Expression) -> pa.Table:
    path = folders.of(run) / FILE
    try:
        return ds.dataset(path, schema=SCHEMA, format="parquet").to_table(filter=condition)
    except (OSError, pa.ArrowInvalid):
        raise NotVerified(
            f"The evidence of run {run.run_id} cannot be read: {path}.", remedy="Run `jiedui assess` again."
        ) from None


def _inside(scope: Scope | Mapping[str, Scope]) -> pc.Expression | None:
    """The condition on a row, or None where nothing may be shown."""
    if isinstance(scope, Scope):
        return _in_ranges(scope)
    conditions = [
        (pc.field("row_table") == name) & inside
        for name, one in scope.items()
        if (inside := _in_ranges(one)) is not None
    ]
    return reduce(or_, conditions) if conditions else None


def _in_ranges(scope: Scope) -> pc.Expression | None:
    if scope == Scope.everything():
        return pc.scalar(True)
    place = pc.field("region_code")
    ranges = [(place >= low) & (place < high) for low, high in scope.ranges]
    return reduce(or_, ranges) if ranges else None
