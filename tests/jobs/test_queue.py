"""The background worker: what it finds when it starts, jobs of dead workers, jobs of living ones."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django import app

from jiedui.jobs import importing as job
from jiedui.jobs import queue
from jiedui.records import models
from jiedui.records.actions import importing
from jiedui.records.imports import staging
from tests.records.imports.conftest import home
from tests.records.imports.test_bad_files import by
from tests.records.imports.test_concurrency import READERS_WAIT, fresh, held, other, people, received, send, stopped
from tests.records.imports.test_killed import PROGRAM, do_what_waits, empty_queue, environment, worker

__all__ = ["by", "environment", "home", "other"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.duty("goal.1")]


@pytest.fixture(autouse=True)
def nothing_queued(transactional_db: None) -> None:
    """The queue is empty when a test begins."""
    empty_queue()


def jobs() -> list[tuple[str, str, int]]:
    """(task, state, attempts) of all jobs, in their order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status::text, attempts FROM procrastinate_jobs ORDER BY id")
        return cursor.fetchall()


def begun_by_a_worker(silent: float, attempts: int = 0) -> None:
    """All jobs are being done by a worker that showed itself so many seconds ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [silent],
        )
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s",
            [cursor.fetchone()[0], attempts],
        )


def revive() -> int:
    """A look for jobs of dead workers."""

    async def look() -> int:
        worker_app = app.with_connector(app.connector.get_worker_connector())
        async with worker_app.open_async():
            return await queue.revive(worker_app, queue.SILENT)

    return asyncio.run(look())


def test_a_job_of_a_dead_worker_is_put_back_and_that_of_a_living_one_is_not(by: models.User, tmp_path: Path) -> None:
    """Dead is who has been silent for `SILENT` seconds."""
    received(tmp_path, by, people(1))
    begun_by_a_worker(silent=queue.SILENT / 2)
    assert revive() == 0
    assert jobs() == [("imports.compare", "doing", 0)]
    begun_by_a_worker(silent=queue.SILENT + 5)
    assert revive() == 1
    assert jobs() == [("imports.compare", "todo", 1)]


@pytest.mark.parametrize(("state", "then"), [("reading", "failed"), ("writing", "compared"), ("undoing", "written")])
def test_a_job_that_ends_every_worker_is_given_up(state: str, then: str, by: models.User, tmp_path: Path) -> None:
    """After `TRIES` dead workers it is not begun again; the import says so, and can be tried again."""
    one = received(tmp_path, by, people(1))
    models.Import.objects.filter(pk=one.pk).update(state=state)
    begun_by_a_worker(silent=queue.SILENT + 5, attempts=queue.TRIES - 1)
    assert revive() == 0
    assert [status for _, status, _ in jobs()] == ["failed"]
    assert fresh(one).state == then
    assert f"died {queue.TRIES} times" in one.problem["message"]
    assert one.problem["remedy"]
    queue.tidy()
    assert [status for _, status, _ in jobs()] == ["failed"]


def test_a_worker_clears_what_was_left_and_goes_on_with_what_has_no_job(
    by: models.User, tmp_path: Path, environment: dict[str, str]
) -> None:
    """Folders of uploads that were never committed, and imports whose jobs were lost with the database's connection."""
    one, other = received(tmp_path, by, people(2)), send(tmp_path, by, people(1))
    lost = staging.folder(900_001)
    lost.mkdir()
    (lost / "original").write_bytes(b"x")
    os.utime(lost, (time.time() - 2 * importing.YOUNG,) * 2)
    importing.accept(other, by=by)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    do_what_waits(environment)
    assert not lost.exists()
    assert (fresh(one).state, fresh(other).state, jobs()) == ("compared", "written", [])
    assert models.Person.objects.count() == 1


def test_what_has_a_job_gets_no_second_one(by: models.User, tmp_path: Path) -> None:
    """Received and queued: nothing is added; what waits for a decision has nothing to be done."""
    received(tmp_path, by, people(1))
    send(tmp_path, by, people(1))
    before = jobs()
    assert job.resume() == 0
    assert jobs() == before


def test_a_second_worker_leaves_the_job_of_a_living_one_alone(
    by: models.User, other: psycopg.Connection[Any], tmp_path: Path, environment: dict[str, str]
) -> None:
    """Whoever only does what waits (`--once`) ends while the other still works; the other ends its job."""
    one = received(tmp_path, by, people(1))
    with worker(environment) as process:
        with held(other, READERS_WAIT):
            stopped(other)
            do_what_waits(environment)
            assert [status for _, status, _ in jobs()] == ["doing"]
        process.terminate()
        assert process.wait(timeout=60) == 0
    assert (fresh(one).state, jobs()) == ("compared", [])


def test_a_worker_ends_with_its_server(environment: dict[str, str]) -> None:
    """A process that started a worker for itself and was killed leaves none behind."""
    script = (
        "import os, subprocess, sys\n"
        "print(subprocess.Popen([*sys.argv[1:], '--parent', str(os.getpid())]).pid, flush=True)\n"
        "sys.stdin.read()"
    )
    server = subprocess.Popen(
        [PROGRAM[0], "-c", script, *PROGRAM],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert server.stdout is not None
    number = int(server.stdout.readline())
    server.kill()
    server.communicate()
    until = time.monotonic() + 60
    while Path(f"/proc/{number}").exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert not Path(f"/proc/{number}").exists()
