"""列类型: the Arrow schema of a table, with its private columns (records) or without them (snapshot)."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from jiedui.snapshot.schema.definition import Column, Table

_TYPES: Final = {
    "id": pa.int64(),
    "ref": pa.int64(),
    "int": pa.int64(),
    "fen": pa.int64(),
    "date": pa.date32(),
    "bool": pa.bool_(),
    "text": pa.string(),
    "code": pa.string(),
    "choice": pa.string(),
}


def arrow_type(column: Column, *, frozen: bool) -> pa.DataType:
    """字段类型: a person is an int64 key in records and a pseudonym (text) in a snapshot; the rest is the same."""
    if column.kind == "person":
        return pa.string() if frozen else pa.int64()
    return _TYPES[column.kind]


def arrow_schema(table: Table, frozen: bool) -> pa.Schema:
    """表结构: one field per column in the declared order; `nullable` is false where the column is required.

    `frozen=True` leaves the private columns out and gives persons as text.
    """
    columns = table.frozen_columns if frozen else table.columns
    return pa.schema(
        [pa.field(c.name, arrow_type(c, frozen=frozen), nullable=not c.required) for c in columns],
    )
