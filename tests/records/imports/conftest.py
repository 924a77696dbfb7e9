"""Fixtures of the tests of imports."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from psycopg.conninfo import make_conninfo

from jiedui.records import models
from jiedui.runtime.postgres import Database
from tests.records.imports.lists import COUNTY, VILLAGE, enter


@pytest.fixture(autouse=True)
def home(running_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder of the test's own with its own keys, so that two runs never stage in the same folder."""
    monkeypatch.setenv("DATABASE_URL", make_conninfo(running_database.owner_dsn))
    monkeypatch.setenv("JIEDUI_WEB_DATABASE_URL", make_conninfo(running_database.web_dsn))
    monkeypatch.setenv("JIEDUI_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def by() -> models.User:
    """A county's officer, and three persons of one household in its register."""
    user = models.User.objects.create(username="officer")
    models.RoleGrant.objects.create(
        user=user, role="recipient_office", region_code=COUNTY, valid=DateRange("2016-01-01", None)
    )
    home = models.Household.objects.create(
        household_id=1, region_code=VILLAGE, entered_on=date(2014, 1, 1), cause="illness", unsafe_housing=False,
        safe_water=True,
    )  # fmt: skip
    for number, name in enumerate(("张三", "李四", "王五"), 1):
        enter(home, number, name)
    return user
