"""Fixtures of the tests of imports."""

from __future__ import annotations

from pathlib import Path

import pytest
from psycopg.conninfo import make_conninfo

from jiedui.runtime.postgres import Database


@pytest.fixture(autouse=True)
def home(running_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder of the test's own with its own keys, so that two runs never stage in the same folder."""
    monkeypatch.setenv("DATABASE_URL", make_conninfo(running_database.owner_dsn))
    monkeypatch.setenv("JIEDUI_WEB_DATABASE_URL", make_conninfo(running_database.web_dsn))
    monkeypatch.setenv("JIEDUI_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return tmp_path / "home"
