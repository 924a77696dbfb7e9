"""测试库: the name of the test database: one for each test process, so that two runs on one server do not meet."""

from __future__ import annotations

import os
import re

import psutil
import psycopg
from psycopg import sql

_NAME = re.compile(r"test_.+_(\d+)")


def database_name(database: str) -> str:
    """测试库名: carries the number of the process that runs the tests."""
    return f"test_{database}_{os.getpid()}"


def drop_leftovers(address: str, database: str) -> list[str]:
    """清除残留: drop the test databases of processes that are gone (killed before they could). Returns their names."""
    gone = []
    with psycopg.connect(address, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"test_{database}_"]
        )
        for (name,) in rows.fetchall():
            number = _NAME.fullmatch(name)
            if number and not psutil.pid_exists(int(number.group(1))):
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
                gone.append(name)
    return gone
