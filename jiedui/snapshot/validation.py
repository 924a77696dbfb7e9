"""入库检验: what rows must fulfil before they may be frozen.

Each fault is counted and its first row named, so that it can be found in the records. Checked on the rows: declared
columns and types, required values, code lists, division codes. Checked on the written files, where a whole table can
be seen without holding it in memory: keys that stand twice, references to rows that are not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from jiedui.errors import JieduiError
from jiedui.snapshot.engines.duckdb import scan
from jiedui.snapshot.manifest import CODE_PATTERN, TableEntry
from jiedui.snapshot.schema import TABLES
from jiedui.snapshot.schema.arrow import arrow_schema
from jiedui.snapshot.schema.definition import Column, Table
from jiedui.terms.divisions import Gazetteer

SHOWN: Final = 20
"""Faults that an error message lists; the rest is only counted."""


def conform(declared: Table, rows: pa.Table) -> pa.Table:
    """对齐结构: the rows with exactly the frozen columns in their declared order and types.

    Raises `JieduiError` for a column too many (a private one above all), a column too few, or a type that cannot be
    converted without loss.
    """
    wanted = arrow_schema(declared, frozen=True)
    private = sorted({c.name for c in declared.columns if c.private} & set(rows.column_names))
    if private:
        raise JieduiError(
            f"{declared.name} holds private columns, which never enter a snapshot: {', '.join(private)}.",
            remedy="Freeze full tables with snapshot.freeze_tables first.",
        )
    missing, extra = set(wanted.names) - set(rows.column_names), set(rows.column_names) - set(wanted.names)
    if missing or extra or len(rows.column_names) != len(wanted.names):
        raise JieduiError(
            f"{declared.name} has other columns than declared: missing {sorted(missing)}, unknown {sorted(extra)}.",
            remedy="The declaration is jiedui/snapshot/schema.",
        )
    nullable = pa.schema([field.with_nullable(True) for field in wanted])
    try:
        return rows.select(wanted.names).cast(nullable)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise JieduiError(f"{declared.name}: a column has another type than declared: {error}") from error


def faults(declared: Table, rows: pa.Table, gazetteer: Gazetteer) -> Iterator[str]:
    """逐行检验: one sentence for each column of conforming rows that breaks its declaration."""
    for column in declared.frozen_columns:
        values = rows[column.name]
        for bad, what in _column_faults(column, values, gazetteer):
            count = pc.sum(bad).as_py()
            if count:
                first = pc.index(bad, True).as_py()
                key, value = rows[declared.key][first].as_py(), values[first].as_py()
                yield f"{declared.name}.{column.name}: {count} rows {what}; first {declared.key} {key} ({value!r})"


def _column_faults(column: Column, values: pa.ChunkedArray, gazetteer: Gazetteer) -> Iterator[tuple[pa.Array, str]]:
    if column.required:
        yield values.is_null(), "without a required value"
    if column.choices is not None:
        known = pc.is_in(values, value_set=pa.array(list(column.choices), pa.string()))
        yield pc.and_(values.is_valid(), pc.invert(known)), "with a value that is in no code list"
    if column.kind == "code":
        shaped = pc.fill_null(pc.match_substring_regex(values, CODE_PATTERN), True)
        yield pc.invert(shaped), "whose code is not 6, 9 or 12 digits"
        heads = pc.utf8_slice_codeunits(values, 0, 6)
        unknown = [h for h in pc.unique(heads).to_pylist() if h is not None and gazetteer.get(h) is None]
        stranger = pc.is_in(heads, value_set=pa.array(unknown, pa.string()))
        yield pc.and_(shaped, stranger), "whose division code was never in use"


def file_faults(root: Path, entries: list[TableEntry], connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """整表检验: one sentence for each key that stands twice and each reference that leads nowhere."""
    scans = {entry.name: scan(root, entry) for entry in entries}
    for name, rows in scans.items():
        table = TABLES[name]
        key = table.key
        twice = f"SELECT {key} FROM {rows} GROUP BY ALL HAVING count(*) > 1"
        count, first = _one(connection, f"SELECT count(*), min({key}) FROM ({twice})")
        if count:
            yield f"{name}.{key}: {count} keys stand more than once; first {first}"
        for column in table.frozen_columns:
            if not column.references or column.name == key:
                continue
            target = TABLES[column.references]
            ref = column.name
            lost = f"""SELECT a.{key} AS k, a.{ref} AS r FROM {rows} a
                ANTI JOIN {scans[target.name]} b ON a.{ref} = b.{target.key} WHERE a.{ref} IS NOT NULL"""
            count, first, value = _one(connection, f"SELECT count(*), min(k), arg_min(r, k) FROM ({lost})")
            if count:
                yield (
                    f"{name}.{column.name}: {count} rows refer to a {target.name} that is not there; "
                    f"first {key} {first} ({value!r})"
                )


def refuse(found: list[str]) -> None:
    """拒绝: raise one `JieduiError` for all faults found, if there are any."""
    if not found:
        return
    more = f"\n  … and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    raise JieduiError(
        f"The records cannot be frozen; {len(found)} faults:\n  " + "\n  ".join(found[:SHOWN]) + more,
        remedy="Correct the rows named here and freeze again; nothing was written.",
    )


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[object, ...]:
    row: tuple[object, ...] = connection.execute(query).fetchall()[0]
    return row
