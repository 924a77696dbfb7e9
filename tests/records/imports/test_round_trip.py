"""What the register has, written as offices write it and sent back, changes nothing."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from jiedui.jobs import importing as job
from jiedui.records import loading, models
from jiedui.records.actions import importing
from jiedui.records.actions.importing import Sending
from jiedui.simulate import country, rosters
from tests.records.imports.province import PROVINCE, changed, officer, write

pytestmark = [pytest.mark.django_db, pytest.mark.duty("labour.1", "labour.2")]


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    """A small country."""
    return country(persons=2000)


def sent(path: Path, kind: str, by: models.User) -> models.Import:
    """Send a list of the province and have it compared."""
    one = importing.receive(Sending(kind, PROVINCE, "模拟系统", "清单.xlsx"), path, by=by)
    job.compare(one.pk)
    one.refresh_from_db()
    assert one.state == "compared", one.problem
    return one


def test_lists_of_what_is_there_are_all_the_same(tables: dict[str, pa.Table], tmp_path: Path) -> None:
    """Workers with their partners, months and vacancies of a province: every row is recognised, none differs; one that
    was changed in the sheet is the only one that differs.
    """
    loading.load_tables(tables)
    by = officer()
    lists = {"worker": rosters.worker_list, "work_month": rosters.monitoring_list, "vacancy": rosters.vacancy_list}
    for kind, make in lists.items():
        rows = make(tables, inside=PROVINCE[:2])
        one = sent(write(tmp_path / f"{kind}.xlsx", rows), kind, by)
        assert (one.counts["same"], one.counts["refused"]) == (len(rows), 0), (kind, one.counts)
        assert len(rows) > 10
    months = rosters.monitoring_list(tables, inside=PROVINCE[:2])
    idle = next(at for at, row in enumerate(months.to_pylist()) if row["就业状态"] == "务农")
    one = sent(
        write(tmp_path / "again.xlsx", changed(months, idle, 就业状态="就近就业", 务工天数=20)), "work_month", by
    )
    assert (one.counts["changed"], one.counts["same"]) == (1, len(months) - 1)
