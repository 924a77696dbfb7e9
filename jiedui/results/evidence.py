"""佐证: the rows behind every number of an assessment, as one Parquet file in the run's folder, and its only reader.

The rows are sorted by indicator, side and pair, so that one number's rows lie together and a look-up reads little. The
caller says which places the reader may see, table by table; rows elsewhere are left out and only counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jiedui.errors import NotVerified
from jiedui.results.models import Run
from jiedui.terms.scope import Scope

NAME: Final = "evidence.parquet"
COLUMNS: Final = (
    "indicator",
    "side",
    "pairing_id",
    "row_table",
    "row_id",
    "region_code",
    "happened_on",
    "amount",
    "subject",
    "part",
)
_ROW_GROUP: Final = 20_000
_ORDER: Final = ("indicator", "side", "pairing_id", "part", "row_table", "region_code", "happened_on", "row_id")


def path(run: Run) -> Path:
    """位置: where the evidence of a run lies."""
    return Path(run.folder) / NAME


def write(run: Run, table: pa.Table) -> Path:
    """写佐证: all rows of a run (columns `COLUMNS`); a file that is there is replaced at once, never half.

    Raises ValueError where a column is missing.
    """
    absent = [name for name in COLUMNS if name not in table.column_names]
    if absent:
        raise ValueError(f"The evidence has no column {', '.join(absent)}.")
    place = path(run)
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_suffix(".unfinished")
    sorted_rows = table.select(COLUMNS).sort_by([(name, "ascending") for name in _ORDER])
    pq.write_table(sorted_rows, unfinished, compression="zstd", row_group_size=_ROW_GROUP)
    unfinished.replace(place)
    return place


def read(
    run: Run,
    indicator: str,
    pairing_id: int,
    side: str,
    scope: Scope | Mapping[str, Scope],
    offset: int = 0,
    limit: int = 50,
) -> tuple[list[dict[str, Any]], int]:
    """读佐证: one page of the rows behind a number, and how many there are, inside the reader's scope.

    `scope` is one for all tables or one for each (`row_table` → scope; a table that is not named shows nothing).
    Raises `NotVerified` where the run's file is gone.
    """
    place = path(run)
    if not place.is_file():
        raise NotVerified(
            f"The evidence of run {str(run.run_id)[:8]} is gone: {place} is not there.",
            remedy="Run the assessment again; the same snapshot gives the same rows.",
        )
    wanted = [("indicator", "=", indicator), ("side", "=", side), ("pairing_id", "=", pairing_id)]
    rows = pq.read_table(place, filters=wanted)
    rows = rows.filter(_inside(rows, scope))
    return rows.slice(offset, limit).to_pylist(), rows.num_rows


def _inside(rows: pa.Table, scope: Scope | Mapping[str, Scope]) -> pa.Array:
    """Which rows lie inside the scope of their table; a row without a place lies nowhere."""
    if isinstance(scope, Scope):
        return _within(rows["region_code"], scope)
    seen = pa.chunked_array([pa.array([False] * rows.num_rows, pa.bool_())])
    for table in rows["row_table"].unique().to_pylist():
        inside = _within(rows["region_code"], scope.get(table, Scope()))
        seen = pc.or_(seen, pc.and_(pc.equal(rows["row_table"], table), inside))
    return seen


def _within(codes: pa.ChunkedArray, scope: Scope) -> pa.Array:
    inside = pa.chunked_array([pa.array([False] * len(codes), pa.bool_())])
    for low, high in scope.ranges:
        between = pc.and_(pc.greater_equal(codes, low), pc.less(codes, high))
        inside = pc.or_(inside, pc.fill_null(between, False))
    return inside
