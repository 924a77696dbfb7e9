"""Imports at once with other imports, with searches and with those who cancel them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from jiedui.errors import JieduiError
from jiedui.jobs import importing as job
from jiedui.records import models
from jiedui.records.actions import importing
from jiedui.records.actions.importing import Sending
from jiedui.records.imports import staging, writing
from jiedui.runtime.postgres import Database
from tests.records.imports.province import contents
from tests.records.imports.test_bad_files import COUNTY, by, person, workbook
from tests.web.test_imports import TITLES

__all__ = ["by"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.duty("goal.1")]


@pytest.fixture
def other(running_database: Database, transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    """A connection of somebody else to the test database."""
    address = psycopg.conninfo.make_conninfo(running_database.owner_dsn, dbname=connection.settings_dict["NAME"])
    with psycopg.connect(address, autocommit=True) as opened:
        yield opened


@contextmanager
def held(other: psycopg.Connection[Any], statement: str) -> Iterator[None]:
    """Somebody holds a lock, so that whoever needs it stands still in the middle of the work."""
    with other.transaction():
        other.execute(statement)
        yield


READERS_WAIT = "LOCK TABLE records_village IN ACCESS EXCLUSIVE MODE"
"""Whoever reads a roster needs the villages."""
WRITERS_WAIT = "LOCK TABLE records_person_year IN SHARE MODE"
"""Whoever writes a roster comes to the years of persons when households and persons are written."""


def stopped(other: psycopg.Connection[Any], how_many: int = 1) -> list[int]:
    """The sessions that wait for a lock, once there are so many."""
    query = (
        "SELECT DISTINCT pid FROM pg_locks JOIN pg_database d ON d.oid = database "
        "WHERE NOT granted AND datname = current_database()"
    )
    until = time.monotonic() + 60
    while time.monotonic() < until:
        found = [pid for (pid,) in other.execute(query)]
        if len(found) >= how_many:
            return found
        time.sleep(0.02)
    raise AssertionError("nobody came to the lock")


@contextmanager
def threads() -> Iterator[Callable[..., Future[Any]]]:
    """Starts work beside the test, each on a database connection of its own."""
    with ThreadPoolExecutor(4) as pool:

        def start(work: Callable[..., Any], *arguments: Any) -> Future[Any]:
            def run() -> Any:
                try:
                    return work(*arguments)
                finally:
                    connection.close()

            return pool.submit(run)

        yield start


def received(tmp_path: Path, by: models.User, rows: list[list[Any]], titles: Any = TITLES) -> models.Import:
    """A roster that was sent and not read yet."""
    path = workbook(tmp_path / "花名册.xlsx", rows, titles)
    return importing.receive(Sending("registry", COUNTY, "省系统", "花名册.xlsx", 2019), path, by=by)


def send(tmp_path: Path, by: models.User, rows: list[list[Any]]) -> models.Import:
    """A roster that was compared."""
    one = received(tmp_path, by, rows)
    job.compare(one.pk)
    return fresh(one)


def fresh(one: models.Import) -> models.Import:
    """As the database has it now."""
    one.refresh_from_db()
    return one


def take(one: models.Import, by: models.User) -> models.Import:
    """Accept it, and have it written."""
    importing.accept(one, by=by)
    job.write(one.pk)
    return fresh(one)


def people(how_many: int, **values: Any) -> list[list[Any]]:
    """So many persons."""
    return [person(number, **values) for number in range(1, how_many + 1)]


def test_of_two_overlapping_imports_that_are_written_at_once_one_is_compared_again(
    by: models.User, other: psycopg.Connection[Any], tmp_path: Path
) -> None:
    """One person in both, one of each alone: the first to write is written, the other writes nothing, and sees what the
    first wrote.
    """
    take(send(tmp_path, by, people(3)), by)
    imports = [
        send(tmp_path, by, [person(1, 健康状况="残疾"), person(2, 健康状况="残疾"), person(3)]),
        send(tmp_path, by, [person(1, 健康状况="患有大病"), person(2), person(3, 健康状况="患有大病")]),
    ]
    for one in imports:
        importing.accept(one, by=by)
    with threads() as start:
        with held(other, f"SELECT pg_advisory_xact_lock({writing._LOCK})"):
            done = [start(job.write, one.pk) for one in imports]
            stopped(other, 2)
        for one in done:
            one.result()
    states = sorted((fresh(one).state, one.problem.get("overtaken")) for one in imports)
    assert states == [("received", 1), ("written", None)]
    first, second = sorted(imports, key=lambda one: one.state == "received")
    health = {"残疾": ("disabled", "disabled", "healthy"), "患有大病": ("serious", "healthy", "serious")}
    said = tuple(models.Person.objects.order_by("pk").values_list("health", flat=True))
    assert said == health["残疾" if first == imports[0] else "患有大病"]
    job.compare(second.pk)
    assert fresh(second).state == "compared"
    # who was only in the first file's change is now another thing than what the second file says
    assert second.counts["changed"] == 3
    take(second, by)
    said = tuple(models.Person.objects.order_by("pk").values_list("health", flat=True))
    assert said == health["残疾" if second == imports[0] else "患有大病"]


def test_two_imports_that_add_one_person_never_add_it_twice(
    by: models.User, other: psycopg.Connection[Any], tmp_path: Path
) -> None:
    """Into an empty register at once: one is written, the other finds the person there and is compared again."""
    imports = [send(tmp_path, by, [person(1), person(2)]), send(tmp_path, by, [person(2), person(3)])]
    for one in imports:
        importing.accept(one, by=by)
    with threads() as start:
        with held(other, f"SELECT pg_advisory_xact_lock({writing._LOCK})"):
            done = [start(job.write, one.pk) for one in imports]
            stopped(other, 2)
        for one in done:
            one.result()
    assert sorted(fresh(one).state for one in imports) == ["received", "written"]
    assert models.Person.objects.count() == 2


@pytest.mark.parametrize("step", ["compare", "write"])
def test_an_import_is_worked_on_once_however_often_it_is_begun(
    step: str, by: models.User, other: psycopg.Connection[Any], tmp_path: Path
) -> None:
    """A job that was taken for dead and put back runs beside the first: the second waits, and finds it done."""
    one = received(tmp_path, by, people(2))
    if step == "write":
        job.compare(one.pk)
        importing.accept(fresh(one), by=by)
    with threads() as start:
        with held(other, READERS_WAIT if step == "compare" else WRITERS_WAIT):
            done = [start(getattr(job, step), one.pk)]
            stopped(other)
            done.append(start(getattr(job, step), one.pk))
            stopped(other, 2)
        for each in done:
            each.result()
    assert fresh(one).state == {"compare": "compared", "write": "written"}[step]
    assert one.problem == {}
    assert models.Person.objects.count() == (2 if step == "write" else 0)


def test_a_search_sees_the_register_before_or_after_an_import(
    by: models.User, other: psycopg.Connection[Any], tmp_path: Path
) -> None:
    """In the middle of writing, persons are searched at once and as before; afterwards all are there."""
    take(send(tmp_path, by, people(2)), by)
    one = send(tmp_path, by, [*people(2, 姓名="李四"), person(3, 姓名="李四")])
    importing.accept(one, by=by)

    def found() -> list[str]:
        return sorted(models.Person.objects.visible_to(by, date(2019, 6, 1)).values_list("name", flat=True))

    with threads() as start:
        with held(other, WRITERS_WAIT):
            done = start(job.write, one.pk)
            stopped(other)
            assert found() == ["张三", "张三"]
            assert models.HouseholdYear.objects.count() == 2
        done.result()
    assert found() == ["李四", "李四", "李四"]
    assert models.HouseholdYear.objects.count() == models.PersonYear.objects.count() == 3


def test_an_import_that_waits_is_cancelled_at_once(by: models.User, tmp_path: Path) -> None:
    """Received, with columns to confirm, compared, refused: it ends, no job finds anything to do, all is cleared."""
    titles = ["公民编码" if title == "人编号" else title for title in TITLES]
    waiting = [
        received(tmp_path, by, people(1)),
        received(tmp_path, by, people(1), titles),
        send(tmp_path, by, people(1)),
        received(tmp_path, by, []),
    ]
    for one in (waiting[1], waiting[3]):
        job.compare(one.pk)
    assert [fresh(one).state for one in waiting] == ["received", "columns", "compared", "refused"]
    for one in waiting:
        importing.cancel(one, by=by)
        job.compare(one.pk)
        job.write(one.pk)
        job.clear(one.pk)
        assert (fresh(one).state, staging.folder(one.pk).exists()) == ("cancelled", False)
    assert not models.Person.objects.exists()


def test_an_import_that_is_read_stops_when_it_is_cancelled(
    by: models.User, other: psycopg.Connection[Any], tmp_path: Path
) -> None:
    """Also by somebody whose page still says that it waits: it ends as cancelled, and nothing is staged."""
    one = received(tmp_path, by, people(2))
    seen = models.Import.objects.get(pk=one.pk)
    with threads() as start:
        with held(other, READERS_WAIT):
            done = start(job.compare, one.pk)
            stopped(other)
            assert seen.state == "received"
            importing.cancel(seen, by=by)
            assert (fresh(one).state, one.stop_asked) == ("reading", True)
        done.result()
    assert (fresh(one).state, one.stop_asked) == ("cancelled", False)
    assert not staging.folder(one.pk).exists()
    assert not models.Person.objects.exists()


def test_an_import_that_is_written_goes_back_when_it_is_cancelled(
    by: models.User, other: psycopg.Connection[Any], tmp_path: Path
) -> None:
    """However late it is asked: the register is as before, the import waits again, and can be accepted again."""
    take(send(tmp_path, by, people(2)), by)
    before = contents()
    one = send(tmp_path, by, [person(1, 健康状况="残疾"), person(2), person(3)])
    importing.accept(one, by=by)
    with threads() as start:
        with held(other, WRITERS_WAIT):
            done = start(job.write, one.pk)
            stopped(other)
            importing.cancel(fresh(one), by=by)
        done.result()
    assert (fresh(one).state, one.stop_asked) == ("compared", False)
    assert contents() == before
    assert take(one, by).state == "written"
    assert models.Person.objects.get(pk=1).health == "disabled"


def test_what_is_written_is_no_longer_cancelled(by: models.User, tmp_path: Path) -> None:
    """Somebody whose page still says that it is being written is told that it is written; undo is what is left."""
    one = send(tmp_path, by, people(1))
    importing.accept(one, by=by)
    seen = models.Import.objects.get(pk=one.pk)
    job.write(one.pk)
    assert seen.state == "writing"
    with pytest.raises(JieduiError, match="written"):
        importing.cancel(seen, by=by)
    assert (fresh(one).state, one.stop_asked) == ("written", False)


@pytest.mark.parametrize("again", ["retry", "confirm"])
def test_what_was_asked_of_an_earlier_run_does_not_stop_the_next(again: str, by: models.User, tmp_path: Path) -> None:
    """A wish to stop that came too late is forgotten when the import is begun again."""
    one = send(tmp_path, by, people(1))
    models.Import.objects.filter(pk=one.pk).update(stop_asked=True)
    if again == "retry":
        importing.retry(fresh(one))
    else:
        importing.confirm(fresh(one), one.columns["fields"], {}, header=one.columns["header"], by=by)
    job.compare(one.pk)
    assert (fresh(one).state, one.stop_asked, one.counts["added"]) == ("compared", False, 1)


def test_a_wish_to_stop_outlives_the_worker(by: models.User, tmp_path: Path) -> None:
    """Asked while it was read, and then the worker was killed: the next worker stops at once."""
    one = received(tmp_path, by, people(1))
    models.Import.objects.filter(pk=one.pk).update(state="reading", stop_asked=True)
    job.compare(one.pk)
    assert (fresh(one).state, staging.folder(one.pk).exists()) == ("cancelled", False)
