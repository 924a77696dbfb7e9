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

from procrastinate import App
from procrastinate.contrib.django import app

_log = logging.getLogger(__name__)

SILENT: Final = 15.0
"""Seconds without a sign of life after which a worker counts as dead."""
_LOOK_EVERY: Final = 5
"""Seconds between two looks for jobs of dead workers."""


def run(*, wait: bool = True, parent: int = 0) -> None:
    """工作: do jobs as they come (`wait=False`: those that are there, then end). Ctrl-C lets the running job end.

    `parent`: a process whose end ends this one, too (a server that was killed leaves no worker behind).
    """
    asyncio.run(_run(wait, parent))


async def _run(wait: bool, parent: int) -> None:
    worker_app = app.with_connector(app.connector.get_worker_connector())
    async with worker_app.open_async():
        await revive(worker_app, SILENT if wait else 0)
        watching = asyncio.create_task(_watch(worker_app, parent)) if wait else None
        try:
            await worker_app.run_worker_async(
                wait=wait, concurrency=1, delete_jobs="successful", install_signal_handlers=True,
                fetch_job_polling_interval=2.0, update_heartbeat_interval=5.0, stalled_worker_timeout=SILENT,
            )  # fmt: skip
        finally:
            if watching is not None:
                watching.cancel()


async def _watch(worker_app: App, parent: int) -> None:
    rounds = 0
    while True:
        await asyncio.sleep(1)
        if parent and os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
        rounds += 1
        if rounds % _LOOK_EVERY == 0:
            await revive(worker_app, SILENT)


async def revive(worker_app: App, silent: float) -> int:
    """复活: put the jobs of dead workers back into the queue; gives how many."""
    stalled = list(await worker_app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent))
    for job in stalled:
        _log.warning("job %s (%s) was left by a worker that died; it begins again", job.id, job.task_name)
        await worker_app.job_manager.retry_job(job)
    return len(stalled)
