"""Killed in the middle: the worker, the web process between upload and commit, the database."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from jiedui.jobs import importing as job
from jiedui.records import models
from jiedui.records.actions import importing
from jiedui.records.imports import staging
from jiedui.runtime.postgres import Database
from tests.records.imports.province import contents
from tests.records.imports.test_bad_files import by, person
from tests.records.imports.test_concurrency import (
    READERS_WAIT,
    WRITERS_WAIT,
    fresh,
    held,
    other,
    people,
    received,
    send,
    stopped,
    take,
    threads,
)

__all__ = ["by", "other"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.duty("goal.1")]
PROGRAM = (sys.executable, "-c", "from jiedui.jobs.cli import main; main()", "worker")


def empty_queue() -> None:
    """The queue's tables are not of Django's models: nothing else empties them."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("DELETE FROM procrastinate_workers")


@pytest.fixture
def environment(running_database: Database, transactional_db: None, home: Path) -> dict[str, str]:
    """Of a worker of the test database, in whose queue nothing is left of other tests."""
    empty_queue()
    name = connection.settings_dict["NAME"]
    owner, web = (make_conninfo(dsn, dbname=name) for dsn in (running_database.owner_dsn, running_database.web_dsn))
    own = {"DATABASE_URL": owner, "JIEDUI_WEB_DATABASE_URL": web, "JIEDUI_HOME": str(home)}
    return {**os.environ, **own}


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A background worker; killed, if it still lives."""
    process = subprocess.Popen(PROGRAM, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def do_what_waits(environment: dict[str, str]) -> None:
    """A worker that does what is there, and ends."""
    done = subprocess.run((*PROGRAM, "--once"), env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]


def test_a_killed_worker_leaves_the_register_as_before_and_the_next_goes_on(
    by: models.User, other: psycopg.Connection[Any], tmp_path: Path, environment: dict[str, str]
) -> None:
    """Killed while it reads, then while it writes, with households and persons already sent to the database; what the
    next workers make of it is what an undisturbed run makes.
    """
    rows = [*people(20), person(21, 证件号码="620122198001010010")]
    undisturbed = take(send(tmp_path, by, rows), by)
    expected = contents()
    importing.undo(undisturbed, by=by, reason="测试撤销")
    job.undo(undisturbed.pk)
    empty = contents()
    one = received(tmp_path, by, rows)
    with held(other, READERS_WAIT), worker(environment) as process:
        stopped(other)
        process.kill()
        process.wait()
    assert fresh(one).state == "reading"
    do_what_waits(environment)
    assert fresh(one).state == "compared"
    assert one.counts == {name: number for name, number in undisturbed.counts.items() if name != "written"}
    importing.accept(one, by=by)
    with held(other, WRITERS_WAIT), worker(environment) as process:
        stopped(other)
        process.kill()
        process.wait()
        assert contents() == empty
    assert (fresh(one).state, contents()) == ("writing", empty)
    do_what_waits(environment)
    assert (fresh(one).state, contents()) == ("written", expected)
    assert one.counts["written"] == undisturbed.counts["written"]
    assert not staging.folder(one.pk).exists()


@pytest.mark.parametrize("step", ["compare", "write", "undo"])
def test_a_database_that_breaks_off_leaves_a_state_from_which_one_can_try_again(
    step: str, by: models.User, other: psycopg.Connection[Any], tmp_path: Path
) -> None:
    """The session of the work is ended by the server: a sentence, the register as before, and the next try does it."""
    one = received(tmp_path, by, people(3))
    if step != "compare":
        job.compare(one.pk)
        importing.accept(fresh(one), by=by)
    if step == "undo":
        job.write(one.pk)
        importing.undo(fresh(one), by=by, reason="测试撤销")
    before = contents()
    with threads() as start, held(other, READERS_WAIT if step == "compare" else WRITERS_WAIT):
        done = start(getattr(job, step), one.pk)
        for pid in stopped(other):
            other.execute("SELECT pg_terminate_backend(%s)", [pid])
        done.result()
    assert fresh(one).state == {"compare": "failed", "write": "compared", "undo": "written"}[step]
    assert "database" in one.problem["message"]
    assert one.problem["remedy"]
    assert contents() == before
    if step == "compare":
        assert [left.name for left in staging.folder(one.pk).iterdir()] == ["original"]
        importing.retry(one)
    elif step == "write":
        importing.accept(one, by=by)
    else:
        importing.undo(one, by=by, reason="测试撤销")
    getattr(job, step)(one.pk)
    assert fresh(one).state == {"compare": "compared", "write": "written", "undo": "undone"}[step]
    assert one.problem == {}
    assert models.Person.objects.count() == (3 if step == "write" else 0)


def test_what_a_killed_process_left_is_cleared(by: models.User, tmp_path: Path) -> None:
    """A folder without an import (killed between upload and commit), and one of an import that is written (killed
    between commit and clearing) go; a young one, and whatever an import still needs, stay.
    """
    waiting, written = send(tmp_path, by, people(1)), take(send(tmp_path, by, people(2)), by)
    root = staging.folder(waiting.pk).parent
    old = time.time() - 2 * importing.YOUNG
    for name in ("900001", "900002", str(written.pk), "uploads"):
        (root / name).mkdir()
        (root / name / "original").write_bytes(b"x")
    for name in ("900001", str(waiting.pk), str(written.pk), "uploads"):
        os.utime(root / name, (old, old))
    assert importing.clear_leftovers() == 2
    assert {path.name for path in root.iterdir()} == {"900002", str(waiting.pk), "uploads"}
    assert take(waiting, by).state == "received"


def test_a_draft_of_a_killed_reader_goes_when_the_file_is_read_again(by: models.User, tmp_path: Path) -> None:
    """Half a table of a process that is gone is never read, and does not stay on the disk."""
    one = received(tmp_path, by, people(1))
    models.Import.objects.filter(pk=one.pk).update(state="reading")
    draft = staging.folder(one.pk) / "rows.1.draft"
    draft.write_bytes(b"half")
    job.compare(one.pk)
    assert fresh(one).state == "compared"
    assert not draft.exists()
