"""读快照: rows of a snapshot by SQL, for the matches of pairs."""

from __future__ import annotations

from typing import Any

from jiedui.snapshot import Snapshot
from jiedui.terms.pairs import Pairing

Row = dict[str, Any]


def rows(snapshot: Snapshot, sql: str, **values: Any) -> list[Row]:
    """取行: what the query gives, as dictionaries; `$name` in it is a value."""
    connection = snapshot.duckdb()
    try:
        found: list[Row] = connection.sql(sql, params=values or None).to_arrow_table().to_pylist()
    finally:
        connection.close()
    return found


def pairings(snapshot: Snapshot) -> list[Pairing]:
    """结对关系: all pairings of the snapshot, whatever their dates."""
    return [Pairing(**row) for row in snapshot.table("pairing").to_pylist()]
