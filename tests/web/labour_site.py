"""The small world of the labour chain in a database of its own, served as a user serves it: no demo, a few seconds."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from jiedui.runtime import settings
from jiedui.runtime.postgres import Database
from tests.web.site import Site, _served

_MAKE = """
from jiedui.runtime.django import setup
setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.web.labour_world import world
world({persons}, passwords=True)
"""


@contextmanager
def labour_site(database: Database, home: Path) -> Iterator[Site]:
    """Make a database, load the world, serve it; afterwards nothing is left."""
    name = f"test_{database.name}_labour_{os.getpid()}"
    environment = surroundings(database, name, home)
    _create(database, name)
    try:
        make(environment)
        with _served(environment) as address:
            yield Site(address, environment["DATABASE_URL"], environment)
    finally:
        with psycopg.connect(database.owner_dsn, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def surroundings(database: Database, name: str, home: Path) -> dict[str, str]:
    """The environment of the commands that belong to the site."""
    owner, web = (make_conninfo(dsn, dbname=name) for dsn in (database.owner_dsn, database.web_dsn))
    environment = {
        **os.environ,
        "DATABASE_URL": owner,
        "JIEDUI_WEB_DATABASE_URL": web,
        "JIEDUI_HOME": str(home),
        "JIEDUI_ASSETS": str(settings.load().assets),
        "PYTHONWARNINGS": "default",
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return environment


def _create(database: Database, name: str) -> None:
    with psycopg.connect(database.owner_dsn, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def make(environment: dict[str, str], persons: int = 36) -> None:
    """Migrate the database and load the world into it."""
    done = subprocess.run(
        [sys.executable, "-c", _MAKE.format(persons=persons)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, f"the world was not made:\n{done.stderr[-4000:]}"
