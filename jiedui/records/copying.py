"""成列读写: query results as Arrow columns and back, by COPY."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pyarrow as pa
import pyarrow.csv
from django.db import connection
from psycopg import sql

_ROWS_AT_ONCE: Final = 25_000
Prepare = Callable[[pa.Table], pa.Table]
Written = Callable[[int], None]


def read(query: sql.Composable, schema: pa.Schema) -> pa.Table:
    """读: the rows of a SELECT in the Arrow types given, column by column in its order."""
    sink = pa.BufferOutputStream()
    with connection.cursor() as cursor:
        statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(query)
        with cursor.copy(statement) as copy:
            for block in copy:
                sink.write(block)
    rows = sink.getvalue()
    if not rows.size:
        return schema.empty_table()
    # COPY writes null as nothing and an empty text as "", and Arrow reads them so
    convert = pyarrow.csv.ConvertOptions(
        column_types=schema, null_values=[""], true_values=["t"], false_values=["f"], strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )  # fmt: skip
    options = pyarrow.csv.ReadOptions(column_names=schema.names)
    parse = pyarrow.csv.ParseOptions(newlines_in_values=True)
    return pyarrow.csv.read_csv(pa.BufferReader(rows), options, parse, convert)


def write(
    table: str,
    rows: pa.Table,
    constants: Mapping[str, object] | None = None,
    prepare: Prepare | None = None,
    written: Written | None = None,
) -> int:
    """写: rows into a table (its columns by name), `constants` the same in every row; gives how many.

    `prepare` turns a part of the rows into the columns that are written (encrypts them): while the database takes in
    one part, the next is prepared. `written` is told the rows of each part; it may raise to stop.
    """
    if not len(rows):
        return 0

    def part(start: int) -> tuple[list[str], memoryview]:
        piece = rows.slice(start, _ROWS_AT_ONCE)
        piece = prepare(piece) if prepare else piece
        for name, value in (constants or {}).items():
            piece = piece.append_column(name, pa.repeat(pa.scalar(value), len(piece)))
        sink = pa.BufferOutputStream()
        pyarrow.csv.write_csv(_plain(piece), sink, pyarrow.csv.WriteOptions(include_header=False))
        return piece.column_names, memoryview(sink.getvalue())

    with ThreadPoolExecutor(1) as ahead, connection.cursor() as cursor:
        names, block = part(0)
        columns = sql.SQL(", ").join(map(sql.Identifier, names))
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(sql.Identifier(table), columns)
        with cursor.copy(statement) as copy:
            for start in range(_ROWS_AT_ONCE, len(rows) + _ROWS_AT_ONCE, _ROWS_AT_ONCE):
                coming = ahead.submit(part, start) if start < len(rows) else None
                copy.write(block)
                if written is not None:
                    written(min(_ROWS_AT_ONCE, len(rows) - start + _ROWS_AT_ONCE))
                if coming is not None:
                    _, block = coming.result()
    return len(rows)


def _plain(rows: pa.Table) -> pa.Table:
    """Bytes as PostgreSQL reads them, dictionaries as their texts."""
    for at, one in enumerate(rows.schema):
        if pa.types.is_dictionary(one.type):
            rows = rows.set_column(at, one.name, rows[one.name].cast(one.type.value_type))
        elif pa.types.is_binary(one.type) or pa.types.is_fixed_size_binary(one.type):
            texts = [None if value is None else "\\x" + value.hex() for value in rows[one.name].to_pylist()]
            rows = rows.set_column(at, one.name, pa.array(texts, pa.string()))
    return rows


def temporary(name: str, columns: Mapping[str, str], rows: pa.Table) -> None:
    """临时表: gone with the transaction; `columns` name → SQL type."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier("pg_temp", name)))
        cursor.execute(
            sql.SQL("CREATE TEMPORARY TABLE {} ({}) ON COMMIT DROP").format(
                sql.Identifier(name),
                sql.SQL(", ").join(
                    sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(kind)) for column, kind in columns.items()
                ),
            )
        )
    write(name, rows.select(list(columns)))
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(name)))


def update(table: str, key: str, staged: str, columns: Sequence[str], *, year: int | None = None) -> int:
    """改: rows of `table` (of a year) from the temporary table of the same key; gives how many."""
    of_year = sql.SQL("AND t.year = {}").format(sql.Literal(year)) if year is not None else sql.SQL("")
    statement = sql.SQL("UPDATE {table} t SET {assignments} FROM {staged} s WHERE t.{key} = s.{key} {of_year}").format(
        of_year=of_year,
        table=sql.Identifier(table),
        staged=sql.Identifier(staged),
        key=sql.Identifier(key),
        assignments=sql.SQL(", ").join(sql.SQL("{0} = s.{0}").format(sql.Identifier(column)) for column in columns),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount
