"""比较: the codes of pairs, by DuckDB over the table of features."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jiedui.linkage.comparisons import CIRCLE, NAME, TOGETHER, Comparison

Rows = NDArray[np.int32]


def in_memory() -> duckdb.DuckDBPyConnection:
    """内存数据库: a database that writes nothing to disk, for identity numbers must not lie in a temporary file."""
    return duckdb.connect(config={"temp_directory": ""})


def codes(
    features: pa.Table, left: Rows, right: Rows, comparisons: Sequence[Comparison]
) -> dict[str, NDArray[np.int8]]:
    """比较: the code of each pair at each comparison, (pairs,) int8."""
    used = [name for name in features.column_names if not name.startswith("block")]
    pairs = pa.table({"pair": np.arange(len(left)), "l": left, "r": right})
    simple = {c.name: c for c in (NAME, CIRCLE, *comparisons) if c.joint is None}
    selected = ", ".join(f"{comparison.sql()} AS {comparison.name}" for comparison in simple.values())
    asked = ", ".join(f"{c.joint or c.name} AS {c.name}" for c in comparisons)
    with in_memory() as connection:
        connection.execute("SET preserve_insertion_order = false")
        connection.register("pairs", pairs)
        connection.register("features", features.select(used))
        answer = connection.sql(
            f"SELECT pair, {asked} FROM (SELECT pair, {TOGETHER} AS together, {selected} FROM pairs"
            " JOIN features AS L ON L.row = pairs.l JOIN features AS R ON R.row = pairs.r)"
        ).to_arrow_table()
    order = answer["pair"].to_numpy()
    found: dict[str, NDArray[np.int8]] = {}
    for comparison in comparisons:
        column = np.empty(len(left), np.int8)
        column[order] = answer[comparison.name].to_numpy()
        found[comparison.name] = column
    return found
