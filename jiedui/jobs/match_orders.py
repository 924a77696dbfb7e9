"""匹配任务: the background half of a match that somebody ordered: freeze, run, store.

It may be killed at any moment: a run is stored whole or not at all, and who takes the order up again begins anew. One
process works on an order: it holds an advisory lock on a connection of its own, which a killed one loses.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final

import psycopg
from django.db import InterfaceError, OperationalError, connection
from django.db.models.functions import Now

from jiedui.errors import JieduiError
from jiedui.jobs import freezing, matching
from jiedui.jobs import matching_problems as problems
from jiedui.records.actions import matching as actions
from jiedui.records.models import MatchOrder
from jiedui.records.queries import matching as queries
from jiedui.runtime import postgres, settings
from jiedui.runtime import problems as machine
from jiedui.terms.divisions import prefix

_log = logging.getLogger(__name__)
_LOCK: Final = 7_401_529
"""First half of the advisory lock of whoever works on an order; the second is its number."""
_MISTAKE: Final = {
    "message": "A mistake in the program; nothing was stored.",
    "remedy": "The log of the worker has the details; report it.",
}
_BROKE_OFF: Final = {
    "message": "The machine or the database broke off the work; nothing was stored.",
    "remedy": "Ask again; if it comes again, tell the administrator: the log of the worker has the details.",
}


class Stopped(Exception):  # noqa: N818
    """已停止: somebody asked to stop."""


class Reporter:
    """进度: notes each step as it begins, on a connection of its own so that others see it; asks whether to stop."""

    def __init__(self, order_id: int) -> None:
        self.order_id = order_id
        address = postgres.addresses(settings.load()).owner_dsn
        self._own = psycopg.connect(address, dbname=connection.settings_dict["NAME"], autocommit=True)
        self._own.execute("SELECT pg_advisory_lock(%s, %s)", [_LOCK, order_id])

    def __call__(self, name: str, done: int, total: int) -> None:
        """Told as a step begins. Raises `Stopped` where somebody asked to."""
        told = psycopg.types.json.Jsonb({"step": name, "done": done, "total": total})
        self._note("progress = %s", told)

    def begun(self, run_id: uuid.UUID) -> None:
        """The number of the run, before it computes."""
        self._note("run = %s", run_id)

    def _note(self, assignment: str, value: Any) -> None:
        row = self._own.execute(
            f"UPDATE records_match_order SET {assignment} WHERE match_order_id = %s RETURNING stop_asked",
            [value, self.order_id],
        ).fetchone()
        if row is None or row[0]:
            raise Stopped

    def close(self) -> None:
        """End the connection."""
        self._own.close()


def work(order_id: int) -> None:
    """办理: from `waiting` (or a worker that was killed) to `finished`, `failed` or `stopped`."""
    if not connection.in_atomic_block:
        connection.close()  # the database is asked anew, it may have been restarted
    report = Reporter(order_id)
    try:
        one = _begin(order_id)
        if one is not None:
            with _reporting(one):
                run_id = _run(one, report)
                _end(one, "finished", run=run_id)
    finally:
        report.close()


def resume() -> int:
    """续作: put back into the queue the orders that are not over and have no job any more; gives how many."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    queued = ProcrastinateJob.objects.filter(status__in=("todo", "doing"), lock__startswith="match-order-")
    held = set(queued.values_list("lock", flat=True))
    lost = [one for one in MatchOrder.objects.filter(state__in=queries.AT_WORK) if f"match-order-{one.pk}" not in held]
    for one in lost:
        actions.defer(one.pk)
    return len(lost)


def give_up(order_id: int, times: int) -> None:
    """放弃: of an order at which one worker after the other died, it is said."""
    try:
        one = MatchOrder.objects.filter(pk=order_id, state__in=queries.AT_WORK).first()
        if one is not None:
            _end(one, "failed", problem_said={
                "message": f"The worker died {times} times at this order; nothing was stored.",
                "remedy": "Give the machine more memory, or ask county by county.",
            })  # fmt: skip
    finally:
        if not connection.in_atomic_block:
            connection.close()


def _begin(order_id: int) -> MatchOrder | None:
    """The order, marked as being worked on; None where it is over, stopped before it began, or its run is there."""
    from jiedui.results.queries import runs

    one = MatchOrder.objects.filter(pk=order_id, state__in=queries.AT_WORK).first()
    if one is None:
        return None
    if one.run is not None and runs.finished("match", one.run) is not None:
        _end(one, "finished")  # the worker died between the run's commit and the order's
        return None
    if one.stop_asked:
        _end(one, "stopped")
        return None
    MatchOrder.objects.filter(pk=order_id).update(state="running", changed_at=Now(), run=None, progress={})
    return one


def _run(one: MatchOrder, report: Reporter) -> uuid.UUID:
    asked, wanted = problems.of(one.problem), one.wanted
    day = date.fromisoformat(wanted["on"])
    report("freeze", 0, asked.steps + 1)
    directory, part = _freeze(one, asked, day)
    marks = queries.held_marks(one.problem, one.region_code)
    told = matching.Settings(
        region_code=one.region_code,
        changed=wanted.get("parameters") or {},
        quotas={county: (least, most) for county, (least, most) in (wanted.get("quotas") or {}).items()},
        pins=tuple((mark.left_id, mark.right_id) for mark in marks if mark.kind == "pin"),
        forbids=tuple((mark.left_id, mark.right_id) for mark in marks if mark.kind == "forbid"),
        based_on=one.based_on,
        part=part,
    )
    run = matching.match(
        directory,
        problem=one.problem,
        on=day,
        settings=told,
        step=lambda name, done, total: report(name, done + 1, total + 1),
        begun=report.begun,
    )
    return run.run_id


def _freeze(one: MatchOrder, asked: problems.Problem, day: date) -> tuple[Path, dict[str, Any]]:
    """What the problem reads of the region, and what is kept of that with the run."""
    from jiedui.records.queries.frozen import Part

    part = Part(prefix(one.region_code), asked.inside, asked.whole, asked.also)
    directory, _manifest = freezing.freeze_part_by_digest(f"{one.problem}-{one.region_code}", part, as_of=day)
    tables = sorted({*asked.inside, *asked.whole, *asked.also})
    return directory, {"region_code": one.region_code, "tables": tables}


def _end(one: MatchOrder, state: str, **changes: Any) -> None:
    asked = MatchOrder.objects.filter(pk=one.pk, state__in=queries.AT_WORK)
    asked.update(state=state, changed_at=Now(), **changes)


@contextmanager
def _reporting(one: MatchOrder) -> Iterator[None]:
    """What goes wrong becomes the order's state and a sentence."""
    try:
        yield
    except Stopped:
        _end(one, "stopped", run=None)
    except JieduiError as problem:
        _end(one, "failed", problem_said={"message": problem.message, "remedy": problem.remedy})
    except Exception as problem:
        known = isinstance(problem, OperationalError | InterfaceError | psycopg.OperationalError)
        known = known or machine.behind(problem) is not None
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        _end(one, "failed", problem_said=_BROKE_OFF if known else _MISTAKE)
        if not known:
            raise
        _log.exception("match order %s", one.pk)
