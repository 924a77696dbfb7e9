"""数据库: brings the database to this version of the program."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection


def migrate() -> None:
    """迁移: apply the migrations that are not applied yet; nothing is asked and nothing printed."""
    call_command("migrate", interactive=False, verbosity=0)


def version() -> str:
    """版本: of the PostgreSQL server, e.g. 18.6."""
    number = connection.pg_version
    return f"{number // 10_000}.{number % 10_000}"
