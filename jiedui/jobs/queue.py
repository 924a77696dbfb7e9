"""后台队列: the worker that does what the pages deferred, until it is stopped.

The queue is in PostgreSQL (procrastinate). A worker that was killed leaves its job marked as being done; the next
worker, or another one, puts it back: every job of ours may begin again.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from typing import Final

import psycopg
from django.db import Error, connection
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status

from jiedui.jobs import importing as jobs
from jiedui.jobs import match_orders
from jiedui.records.actions import importing

_log = logging.getLogger(__name__)

SILENT: Final = 15.0
"""Seconds without a sign of life after which a worker counts as dead."""
BEAT: Final = 2.0
"""Seconds between two signs of life."""
_LOOK_EVERY: Final = 5
"""Seconds between two looks for jobs of dead workers."""
_TIDY_EVERY: Final = 60
"""Seconds between two looks for imports that lost their jobs."""
TRIES: Final = 5
"""Workers that may die at one job: what ends every worker (too little memory) is not begun for ever."""


def run(*, wait: bool = True, parent: int = 0) -> None:
    """工作: do jobs as they come (`wait=False`: those that are there, then end). Ctrl-C lets the running job end.

    `parent`: a process whose end ends this one, too (a server that was killed leaves no worker behind).
    """
    tidy()
    asyncio.run(_run(wait, parent))


def tidy() -> None:
    """整理: what killed processes left: uploads that no import needs, imports and match orders without a job."""
    try:
        cleared, resumed = importing.clear_leftovers(), jobs.resume()
        ordered = match_orders.resume()
    finally:
        connection.close()
    if cleared or resumed:
        _log.warning("cleared %s folders that no import needs; %s imports are worked on again", cleared, resumed)
    if ordered:
        _log.warning("%s match orders are worked on again", ordered)


async def _run(wait: bool, parent: int) -> None:
    worker_app = app.with_connector(app.connector.get_worker_connector())
    async with worker_app.open_async():
        if wait:
            await revive(worker_app, SILENT)
        else:
            await _revive_now(worker_app)
        watching = asyncio.create_task(_watch(worker_app, parent)) if wait else None
        try:
            await worker_app.run_worker_async(
                wait=wait, concurrency=1, delete_jobs="successful", install_signal_handlers=True,
                fetch_job_polling_interval=2.0, update_heartbeat_interval=BEAT, stalled_worker_timeout=SILENT,
            )  # fmt: skip
        finally:
            if watching is not None:
                watching.cancel()


async def _revive_now(worker_app: App) -> None:
    """Who does a job now shows it within a few signs of life; the others are dead."""
    if list(await worker_app.job_manager.list_jobs_async(status="doing")):
        await asyncio.sleep(3 * BEAT)
        await revive(worker_app, 3 * BEAT)


async def _watch(worker_app: App, parent: int) -> None:
    rounds = 0
    while True:
        await asyncio.sleep(1)
        if parent and os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
        rounds += 1
        try:
            if rounds % _LOOK_EVERY == 0:
                await revive(worker_app, SILENT)
            if rounds % _TIDY_EVERY == 0:
                await asyncio.to_thread(tidy)
        except (ConnectorException, Error, psycopg.Error) as problem:
            _log.warning("the database did not answer (%s); asked again later", type(problem).__name__)


async def revive(worker_app: App, silent: float) -> int:
    """复活: put the jobs of dead workers back into the queue; gives how many."""
    revived = 0
    for job in await worker_app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent):
        if job.attempts + 1 >= TRIES:
            await _give_up(worker_app, job)
            continue
        _log.warning("job %s (%s) was left by a worker that died; it begins again", job.id, job.task_name)
        await worker_app.job_manager.retry_job(job)
        revived += 1
    return revived


async def _give_up(worker_app: App, job: Job) -> None:
    _log.error("job %s (%s) was left by %s workers that died; it is given up", job.id, job.task_name, TRIES)
    if job.id is not None and job.task_name.startswith("imports."):
        await asyncio.to_thread(jobs.give_up, job.task_kwargs["import_id"], TRIES)
    if job.id is not None and job.task_name == "matching.order":
        await asyncio.to_thread(match_orders.give_up, job.task_kwargs["order_id"], TRIES)
    await worker_app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
