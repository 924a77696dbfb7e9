"""冻结读取: whole tables as a snapshot holds them: no private column, pseudonyms in place of persons' keys.

Read by COPY straight into Arrow, without the ORM: millions of rows in seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa
from django.db import connection, transaction
from psycopg import sql

from jiedui.records import copying
from jiedui.snapshot.schema import Table
from jiedui.snapshot.schema.arrow import arrow_schema
from jiedui.snapshot.schema.definition import Column


@contextmanager
def moment() -> Iterator[None]:
    """同一时刻: everything read inside is of one moment, whatever is entered meanwhile; nothing can be written.

    Must be the outermost transaction.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def read_table(table: Table, province: str | None = None) -> pa.Table:
    """读一张表: the frozen columns in the frozen Arrow schema, sorted by the frozen key.

    `province`: only the rows whose region column begins with these two digits ("" = those without a region).
    """
    schema = arrow_schema(table, frozen=True)
    return copying.read(_query(table, province), schema).cast(schema)


def read_parts(table: Table) -> Iterator[pa.Table]:
    """分省读: one part for each province, so that a nation need not fit into memory; one part without a region."""
    if not table.region:
        yield read_table(table)
        return
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT DISTINCT coalesce(left({}, 2), '') FROM {} ORDER BY 1").format(
                sql.Identifier(table.region), _stored_in(table)
            )
        )
        provinces = [province for (province,) in cursor.fetchall()]
    for province in provinces or [None]:
        yield read_table(table, province)


def _query(table: Table, province: str | None) -> sql.Composed:
    persons = [column for column in table.frozen_columns if column.kind == "person"]
    joins = [
        sql.SQL("LEFT JOIN records_person {alias} ON {alias}.person_id = t.{column}").format(
            alias=sql.Identifier(f"of_{column.name}"), column=sql.Identifier(column.name)
        )
        for column in persons
    ]
    where = sql.SQL("")
    if province is not None:
        where = sql.SQL("WHERE coalesce(left(t.{}, 2), '') = {}").format(
            sql.Identifier(table.region), sql.Literal(province)
        )
    return sql.SQL("SELECT {} FROM {} t {} {} ORDER BY 1").format(
        sql.SQL(", ").join(map(_expression, table.frozen_columns)), _stored_in(table), sql.SQL(" ").join(joins), where
    )


def _expression(column: Column) -> sql.Composed:
    if column.kind == "person":
        return sql.SQL("{}.pseudonym").format(sql.Identifier(f"of_{column.name}"))
    return sql.SQL("t.{}").format(sql.Identifier(column.name))


def _stored_in(table: Table) -> sql.Identifier:
    return sql.Identifier(f"records_{table.name}")
