"""Fixtures for all tests: a real PostgreSQL (the embedded one, or that of DATABASE_URL)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from psycopg.conninfo import make_conninfo

from jiedui.runtime import postgres, settings, testing
from jiedui.runtime.postgres import Database
from tests.machine import chromium as browsers
from tests.machine import node

# no test is timed: a busy machine is not a mistake of the program
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")

DATABASE_FIXTURES = frozenset({"db", "transactional_db", "django_db_setup", "running_database"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever needs PostgreSQL carries the marker `database`, so that it runs on each PostgreSQL there is."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & DATABASE_FIXTURES or item.get_closest_marker("django_db"):
            item.add_marker("database")
        if "chromium" in fixtures:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def running_database() -> Database:
    """The database server of this checkout, running; databases of killed test runs are removed."""
    database = postgres.ensure_running(settings.load())
    testing.drop_leftovers(database.owner_dsn, database.name)
    return database


@pytest.fixture(scope="session")
def django_db_modify_db_settings(running_database: Database) -> None:
    """pytest-django makes its test database only when the server runs."""


_SWITCH = """
DO $$ DECLARE closed record; BEGIN
    FOR closed IN
        SELECT tgname, tgrelid::regclass AS relation FROM pg_trigger
        WHERE tgname IN ('journal_closed', 'journal_truncate')
    LOOP EXECUTE format('ALTER TABLE %s {} TRIGGER %I', closed.relation, closed.tgname); END LOOP;
END $$
"""


@pytest.fixture(scope="session", autouse=True)
def emptied_by_the_runner() -> Iterator[None]:
    """After a test with transactions of its own the test database is emptied, the journal too."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    plain = DatabaseOperations.sql_flush

    def sql_flush(self: Any, *arguments: Any, **options: Any) -> list[str]:
        return [_SWITCH.format("DISABLE"), *plain(self, *arguments, **options), _SWITCH.format("ENABLE")]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(DatabaseOperations, "sql_flush", sql_flush)
        yield


@pytest.fixture(autouse=True)
def own_anchors(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test anchors of its database is no anchor of this checkout's."""
    if request.node.get_closest_marker("database"):
        folder: Path = request.getfixturevalue("tmp_path")
        monkeypatch.setattr("jiedui.records.journal.default_heads", lambda: folder / "journal-heads.tsv")


@pytest.fixture
def web_dsn(running_database: Database, db: None) -> str:
    """The address of the test database for the pages' role, which row-level security holds."""
    from django.db import connection

    return make_conninfo(running_database.web_dsn, dbname=connection.settings_dict["NAME"])


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the system's Chromium; a test that needs it fails where there is none, it is never skipped."""
    found = browsers.find()
    if found is None:
        pytest.fail("The browser tests need Chromium: apt-get install chromium, or set CHROMIUM to its path.")
    if node.VARIABLE not in os.environ:
        os.environ.update(node.environment())
    return found
