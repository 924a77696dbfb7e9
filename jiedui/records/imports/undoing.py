"""撤销: an import is taken back as a whole: what it entered is deleted, what it changed gets the values from before.

The journal has every row as it was before the import changed it. Where somebody has changed or used a row since, the
whole is refused and counted, table by table: nothing that came later is lost silently.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import IntegrityError, connection, transaction
from psycopg import sql

from jiedui.errors import JieduiError
from jiedui.records.imports import work_month_list, writing
from jiedui.records.models import Import

TABLES: Final = (
    ("status_change", "status_change_id"), ("person_year", "person_year_id"), ("household_year", "household_year_id"),
    ("work_month", "work_month_id"), ("worker", "worker_id"), ("vacancy", "vacancy_id"), ("person", "person_id"),
    ("household", "household_id"), ("organisation", "organisation_id"), ("village", "village_id"),
)  # fmt: skip
"""Tables that imports write, those that refer to others first, with their keys."""


def undo(one: Import) -> Mapping[str, Any]:
    """撤销: inside the caller's signed transaction; gives how many rows were deleted and restored, by table.

    Raises:
        JieduiError: rows were changed or used since; says how many of which table.
    """
    writing.lock()
    last = _last_entry(one.pk)
    later = {table: number for table, key in TABLES if (number := _changed_since(table, key, one.pk, last))}
    if later:
        rows = ", ".join(f"{number} of {table}" for table, number in later.items())
        raise JieduiError(
            f"Rows of this import were changed after it: {rows}. Nothing was taken back.",
            remedy="Take back the later imports first, or correct the rows one by one.",
        )
    writing.set_import(None)
    done: dict[str, int] = {}
    try:
        with transaction.atomic():
            for table, _ in TABLES:
                done[f"{table}_deleted"] = _delete(table, one.pk)
            for table, key in reversed(TABLES):
                done[f"{table}_restored"] = _restore(table, key, one.pk)
            if one.kind == "work_month":
                done["workers_follow"] = work_month_list.follow_again(one)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        used = getattr(getattr(error.__cause__, "diag", None), "table_name", None) or "another table"
        raise JieduiError(
            f"Rows of this import are used by rows of {used} that came later. Nothing was taken back.",
            remedy="Remove or move those rows first.",
        ) from None
    return {name: number for name, number in done.items() if number}


def _last_entry(import_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM records_change WHERE import_id = %s", [import_id])
        return cursor.fetchone()[0]


def _changed_since(table: str, key: str, import_id: int, last: int) -> int:
    """Rows that the import entered or changed, and that are no longer as it left them.

    The first entry after the import's last one has the row as the import left it; a later import that was taken back
    itself, or a reading of a number, changes nothing.
    """
    statement = sql.SQL(
        "SELECT count(*) FROM (SELECT DISTINCT ON (c.row_id) c.row_id, c.before FROM records_change c "
        "WHERE c.\"table\" = {name} AND c.id > {last} AND c.operation IN ('update', 'delete') "
        "AND (c.row_id IN (SELECT {key} FROM {table} WHERE import_id = {one}) "
        "OR c.row_id IN (SELECT row_id FROM records_change WHERE import_id = {one} AND \"table\" = {name})) "
        "ORDER BY c.row_id, c.id) l CROSS JOIN LATERAL json_populate_record(null::{table}, l.before) b "
        "LEFT JOIN {table} t ON t.{key} = l.row_id WHERE t.{key} IS NULL OR t IS DISTINCT FROM b"
    ).format(
        name=sql.Literal(table), last=sql.Literal(last), one=sql.Literal(import_id), key=sql.Identifier(key),
        table=sql.Identifier(f"records_{table}"),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def _delete(table: str, import_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("DELETE FROM {} WHERE import_id = %s").format(sql.Identifier(f"records_{table}")), [import_id]
        )
        return cursor.rowcount


def _restore(table: str, key: str, import_id: int) -> int:
    """The rows that the import changed, as they were before its first change of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s "
            "AND is_generated = 'NEVER' AND column_name <> %s ORDER BY ordinal_position",
            [f"records_{table}", key],
        )
        columns = [sql.Identifier(name) for (name,) in cursor.fetchall()]
        statement = sql.SQL(
            "UPDATE {table} t SET {assignments} FROM ("
            "SELECT DISTINCT ON (row_id) before FROM records_change "
            "WHERE import_id = %s AND \"table\" = %s AND operation = 'update' ORDER BY row_id, id) c, "
            "json_populate_record(null::{table}, c.before) b WHERE t.{key} = b.{key}"
        ).format(
            table=sql.Identifier(f"records_{table}"), key=sql.Identifier(key),
            assignments=sql.SQL(", ").join(sql.SQL("{0} = b.{0}").format(column) for column in columns),
        )  # fmt: skip
        cursor.execute(statement, [import_id, table])
        return cursor.rowcount
