"""数据库授权: what the pages' database role may do, table by table; given anew after each migration.

The role reads facts (row-level security decides which rows), keeps its sessions and the log-in guard, and notes when a
user signed in last. It writes nothing else: no page offers a verb of `records.actions`. It never reads the history,
which holds rows of everybody, nor what was disclosed to whom.
"""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.db import connections
from psycopg import sql

READ: Final = "SELECT"
READ_WRITE: Final = "SELECT, INSERT, UPDATE, DELETE"

_BY_TABLE: Final = {
    "records_change": "",
    "records_disclosure": "",
    "records_user": "SELECT, UPDATE (last_login)",
    "django_session": READ_WRITE,
    "django_migrations": READ,
    "django_content_type": READ,
    "auth_permission": READ,
    "auth_group": READ,
    "auth_group_permissions": READ,
}
_BY_PREFIX: Final = {"records_": READ, "results_": READ, "axes_": READ_WRITE}


def privileges(table: str) -> str:
    """What the role may do with a table; "" = nothing."""
    if table in _BY_TABLE:
        return _BY_TABLE[table]
    return next((rights for prefix, rights in _BY_PREFIX.items() if table.startswith(prefix)), "")


def apply(using: str = "default") -> None:
    """授权: take everything away and grant what is listed; may be repeated.

    Keys are identity columns, which need no right on their sequences.
    """
    connection = connections[using]
    role = sql.Identifier(settings.JIEDUI_WEB_ROLE)
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        statements = [sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(role)]
        statements += [sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role)]
        for table in tables:
            if rights := privileges(table):
                statements.append(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(rights), sql.Identifier(table), role))
        for statement in statements:
            cursor.execute(statement)
        _close_temporary(cursor)


def _close_temporary(cursor: Any) -> None:
    """No temporary tables: a table of one's own is where a trigger or a name of somebody else's could be misused.

    Only the database's owner may take this right from PUBLIC; where it is somebody else's, docs/operating.md says what
    to ask for.
    """
    cursor.execute(
        "SELECT pg_has_role(datdba, 'USAGE'), has_database_privilege(%s, oid, 'TEMPORARY'), datname "
        "FROM pg_database WHERE datname = current_database()",
        [settings.JIEDUI_WEB_ROLE],
    )
    ours, open_, database = cursor.fetchone()
    if ours and open_:
        statement = sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC, {}")
        cursor.execute(statement.format(sql.Identifier(database), sql.Identifier(settings.JIEDUI_WEB_ROLE)))


def after_migration(sender: Any, using: str, **_: Any) -> None:
    """迁移之后: tables of every app are there when the last app's signal comes, and repeating costs little."""
    if sender.label == "results":
        apply(using)
