"""造列: NumPy arrays become an Arrow table in the declared types.

A choice is given as the position in its code list, a division code as a whole number, a date as days since 1970, a
person as its key. `MISSING` in a whole-number array means null.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jiedui.snapshot.schema import TABLES
from jiedui.snapshot.schema.arrow import arrow_schema
from jiedui.snapshot.schema.definition import Column

MISSING: Final = np.iinfo(np.int64).min
_EPOCH: Final = date(1970, 1, 1)


def days(on: date) -> int:
    """日序: days since 1970-01-01."""
    return (on - _EPOCH).days


def position(codes: Mapping[str, object], *names: str) -> Any:
    """码位: the position of an identifier in its code list, or an array of positions for several."""
    order = list(codes)
    found = [order.index(name) for name in names]
    return found[0] if len(found) == 1 else np.array(found)


def table(name: str, columns: Mapping[str, Any]) -> pa.Table:
    """造表: a table in the full schema (private columns included) from one array per column.

    An optional column that is not given is not known. Raises KeyError for a column that is not declared, or a required
    one that is not given.
    """
    declared = TABLES[name]
    schema = arrow_schema(declared, frozen=False)
    unknown = set(columns) - set(schema.names)
    if unknown:
        raise KeyError(f"{name} has no columns {sorted(unknown)}")
    rows = len(next(iter(columns.values()))) if columns else 0
    arrays = [
        _array(column, columns[column.name], schema.field(column.name).type)
        if column.required or column.name in columns
        else pa.nulls(rows, schema.field(column.name).type)
        for column in declared.columns
    ]
    return pa.table(arrays, schema=schema)


def _array(column: Column, values: Any, wanted: pa.DataType) -> pa.Array:
    if isinstance(values, pa.Array | pa.ChunkedArray):
        return values
    if isinstance(values, list):
        return pa.array(values, wanted)
    null = values == MISSING if values.dtype == np.int64 else None
    if column.choices is not None:
        index = pa.array(np.where(null, 0, values) if null is not None else values, mask=null)
        return pa.array(list(column.choices), pa.string()).take(index)
    if column.kind == "code":
        return pc.cast(pa.array(values, mask=null), pa.string())
    if column.kind == "date":
        known = np.where(null, 0, values) if null is not None else values
        return pa.array(known.astype(np.int32), mask=null).cast(pa.date32())
    return pa.array(values, wanted, mask=null)
