"""冻结读取: whole tables as a snapshot holds them: no private column, pseudonyms in place of persons' keys.

Read by COPY straight into Arrow, without the ORM: millions of rows in seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from django.db import connection, transaction
from psycopg import sql

from jiedui.records import copying
from jiedui.snapshot.schema import TABLES, Table
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
    where = sql.SQL("")
    if province is not None:
        where = sql.SQL("WHERE coalesce(left(t.{}, 2), '') = {}").format(
            sql.Identifier(table.region), sql.Literal(province)
        )
    return _read(table, where)


@dataclass(frozen=True, slots=True)
class Part:
    """部分: what is read of the records instead of all of them, and whatever it refers to.

    `whole`: tables read whole; `inside`: of these the rows whose region begins with `prefix`; `also`: table → condition
    (SQL of ours, on the alias t) for more of its rows.
    """

    prefix: str
    inside: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    also: Mapping[str, str] = field(default_factory=dict)


Keys = dict[str, npt.NDArray[np.int64] | None]
"""Table → keys of the rows that are read; None = all of them; a table that is not there has none."""


def keys_of(part: Part) -> Keys:
    """部分的主键: every row asked for, and every row that one of these refers to, over any number of steps."""
    found: Keys = {}
    todo: dict[str, npt.NDArray[np.int64]] = {}
    for name in part.whole:
        found[name] = None
    for name in part.whole:
        _note(todo, _references(TABLES[name], sql.SQL("")))
    for name in {*part.inside, *part.also}:
        _note(todo, {name: _keys(TABLES[name], part)})
    while todo:
        name, wanted = todo.popitem()
        held = found.get(name, np.empty(0, np.int64))
        fresh = np.setdiff1d(wanted, held) if held is not None else wanted[:0]
        if held is not None and len(fresh):
            found[name] = np.union1d(held, fresh)
            _note(todo, _references(TABLES[name], _among(TABLES[name], fresh)))
    return found


def read_keys(table: Table, keys: Keys) -> pa.Table:
    """读部分: of one table the rows with these keys, as `read_table` gives them."""
    wanted = keys.get(table.name, np.empty(0, np.int64))
    if wanted is None:
        return read_table(table)
    if not len(wanted):
        return arrow_schema(table, frozen=True).empty_table()
    return _read(table, _among(table, wanted))


def _keys(table: Table, part: Part) -> npt.NDArray[np.int64]:
    """Keys of the rows of a table that lie inside, or meet the condition."""
    inside = sql.SQL("starts_with(t.{}, {})").format(sql.Identifier(table.region), sql.Literal(part.prefix))
    conditions = [inside] if table.name in part.inside else []
    if table.name in part.also:
        conditions.append(sql.SQL("({})").format(sql.SQL(part.also[table.name])))
    where = sql.SQL("WHERE {}").format(sql.SQL(" OR ").join(conditions))
    query = sql.SQL("SELECT t.{} FROM {} t {}").format(sql.Identifier(table.key), _stored_in(table), where)
    return _integers(copying.read(query, pa.schema([("key", pa.int64())]))["key"])


def _references(table: Table, where: sql.Composable) -> dict[str, npt.NDArray[np.int64]]:
    """What the rows of a table refer to: table → keys."""
    columns = [column for column in table.frozen_columns if column.references and column.name != table.key]
    if not columns:
        return {}
    query = sql.SQL("SELECT {} FROM {} t {}").format(
        sql.SQL(", ").join(sql.SQL("t.{}").format(sql.Identifier(column.name)) for column in columns),
        _stored_in(table),
        where,
    )
    rows = copying.read(query, pa.schema([(column.name, pa.int64()) for column in columns]))
    found: dict[str, npt.NDArray[np.int64]] = {}
    for column in columns:
        _note(found, {column.references: _integers(rows[column.name])})
    return found


def _note(todo: dict[str, npt.NDArray[np.int64]], more: Mapping[str, npt.NDArray[np.int64]]) -> None:
    for name, keys in more.items():
        todo[name] = np.union1d(todo.get(name, keys[:0]), keys)


def _integers(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    return np.unique(column.drop_null().to_numpy().astype(np.int64))


def _among(table: Table, keys: Iterable[int]) -> sql.Composable:
    text = "{" + ",".join(map(str, keys)) + "}"
    return sql.SQL("WHERE t.{} = ANY ({}::bigint[])").format(sql.Identifier(table.key), sql.Literal(text))


def _read(table: Table, where: sql.Composable) -> pa.Table:
    schema = arrow_schema(table, frozen=True)
    return copying.read(_query(table, where), schema).cast(schema)


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


def _query(table: Table, where: sql.Composable) -> sql.Composed:
    persons = [column for column in table.frozen_columns if column.kind == "person"]
    joins = [
        sql.SQL("LEFT JOIN records_person {alias} ON {alias}.person_id = t.{column}").format(
            alias=sql.Identifier(f"of_{column.name}"), column=sql.Identifier(column.name)
        )
        for column in persons
    ]
    return sql.SQL("SELECT {} FROM {} t {} {} ORDER BY 1").format(
        sql.SQL(", ").join(map(_expression, table.frozen_columns)), _stored_in(table), sql.SQL(" ").join(joins), where
    )


def _expression(column: Column) -> sql.Composed:
    if column.kind == "person":
        return sql.SQL("{}.pseudonym").format(sql.Identifier(f"of_{column.name}"))
    return sql.SQL("t.{}").format(sql.Identifier(column.name))


def _stored_in(table: Table) -> sql.Identifier:
    return sql.Identifier(f"records_{table.name}")
