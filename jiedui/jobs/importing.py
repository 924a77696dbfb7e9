"""导入作业: the background half of an import: read and compare, write, take back, clear.

Each may be killed at any moment. Reading and comparing begin again from the uploaded file; writing and taking back are
one transaction, with the import's new state in it, so that the register is as before or as after, never between.
One process works on an import: it holds an advisory lock on a connection of its own, which a killed one loses.
"""

from __future__ import annotations

import logging
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Case, F, Q, When
from django.db.models.functions import Now

from jiedui.errors import JieduiError
from jiedui.records import access, journal
from jiedui.records.actions import importing
from jiedui.records.imports import comparing, headers, reading, staging, undoing, writing
from jiedui.records.imports.forms import form
from jiedui.records.imports.reading import Stopped
from jiedui.records.imports.writers import writer
from jiedui.records.models import Import, User
from jiedui.runtime import postgres, problems, settings

_log = logging.getLogger(__name__)
_EVERY: Final = 0.5
"""Seconds between two notes of progress."""
_LOCK: Final = 7_401_527
"""First half of the advisory lock of whoever works on an import; the second is the import's number."""
_PATIENCE: Final = (1, 2, 4, 8, 16, 32)
"""Seconds between two tries to reach a database that went away."""
_BACK: Final = {"reading": ("refused", "failed"), "writing": ("compared",) * 2, "undoing": ("written",) * 2}
"""State of work → where it goes back to by the file's or the register's fault, and by ours."""
_MISTAKE: Final = {
    "message": "A mistake in the program; nothing was written.",
    "remedy": "The log of the worker has the details; report it.",
}
_BROKE_OFF: Final = {
    "message": "The machine or the database broke off the work; nothing was written.",
    "remedy": "Try again; if it comes again, tell the administrator: the log of the worker has the details.",
}
_TASKS: Final = {"received": "compare", "reading": "compare", "writing": "write", "undoing": "undo"}
"""States in which an import has a job in the queue, and which."""


class Reporter:
    """进度: notes how far an import is, on a connection of its own so that others see it; asks whether to stop.

    It holds the import: another process that would work on it waits here until this one ends, or dies.
    """

    def __init__(self, import_id: int) -> None:
        self.import_id = import_id
        address = postgres.addresses(settings.load()).owner_dsn
        self._own = psycopg.connect(address, dbname=connection.settings_dict["NAME"], autocommit=True)
        self._own.execute("SELECT pg_advisory_lock(%s, %s)", [_LOCK, import_id])
        self._noted = 0.0
        self._since = time.time()
        self._unit = ""

    def __call__(self, unit: str, done: int, total: int) -> None:
        """Called often; writes twice a second. Raises `Stopped` where somebody asked to cancel."""
        now = time.monotonic()
        if unit == self._unit and now - self._noted < _EVERY:
            return
        if unit != self._unit:
            self._unit, self._since = unit, time.time()
        self._noted = now
        progress = {"unit": unit, "done": done, "total": total, "since": self._since, "at": time.time()}
        row = self._own.execute(
            "UPDATE records_import SET progress = %s WHERE import_id = %s RETURNING stop_asked",
            [psycopg.types.json.Jsonb(progress), self.import_id],
        ).fetchone()
        if row and row[0]:
            raise Stopped

    def close(self) -> None:
        """End the connection."""
        self._own.close()


def compare(import_id: int) -> None:
    """读取并比对: from `received` (or a run that was killed) to `compared`, `columns`, `refused`, `cancelled`."""
    with _alone(import_id) as report:
        one = _begin(import_id, "reading", ("received", "reading"))
        if one is None:
            return
        with _reporting(one):
            staging.only_original(one.pk)
            header, fields = _columns(one)
            missing = headers.missing(fields, form(one.kind))
            if missing:
                _end(one, "columns", columns=_said(one, header, fields), problem={"missing": missing})
                return
            one.columns = _said(one, header, fields)
            found = comparing.run(one, report)
            columns = {**one.columns, "unknown": found.unknown_labels, "problems": found.problems}
            asked = found.unknown_labels and not columns.get("confirmed")
            # that the register moved on is still to be said beside the new comparison
            overtaken = {name: rows for name, rows in one.problem.items() if name == "overtaken"}
            to = "columns" if asked else "compared"
            _end(one, to, columns=columns, counts=found.counts, excluded={}, problem=overtaken)


def write(import_id: int) -> None:
    """写入: what was accepted, whole; when the register moved on meanwhile, the file is compared again instead."""
    with _alone(import_id) as report:
        one = _begin(import_id, "writing", ("writing",))
        if one is None:
            return
        with _reporting(one):
            try:
                with access.signed(one.decided_by, one.reason or f"导入批次{one.pk}"):
                    written = writer(one.kind)(one, report)
                    _end(one, "written", written_at=Now(), counts={**one.counts, "written": dict(written)}, problem={})
            except writing.Overtaken as overtaken:
                _again(one, overtaken.rows)
                return
        one.refresh_from_db()
        if one.state == "written":
            _after(one)


def undo(import_id: int) -> None:
    """撤销: take back what an import wrote; where somebody changed it since, nothing is, and it is said."""
    with _alone(import_id):
        one = _begin(import_id, "undoing", ("undoing",))
        if one is None:
            return
        with _reporting(one), access.signed(one.undone_by, one.reason or f"撤销导入批次{one.pk}"):
            undone = undoing.undo(one)
            _end(one, "undone", counts={**one.counts, "undone": dict(undone)}, problem={})
    journal.anchor()


def clear(import_id: int) -> None:
    """清除: what is staged of an import that ended."""
    staging.forget(import_id)


def _columns(one: Import) -> tuple[headers.Header, dict[str, int]]:
    """The header, and the mapping: what was confirmed for this import, else for the source, else by the titles."""
    path, shape = staging.original(one.pk), form(one.kind)
    header, fields = reading.look(path, shape)
    if one.columns.get("fields"):
        return header, one.columns["fields"]
    known = importing.remembered(one, header.digest)
    if known is None:
        return header, fields
    one.labels = known.labels
    one.columns = {**one.columns, "confirmed": True}
    Import.objects.filter(pk=one.pk).update(labels=known.labels)
    return header, headers.match(header, shape, known.columns)


def _said(one: Import, header: headers.Header, fields: dict[str, int]) -> dict[str, Any]:
    return {**one.columns, "fields": fields, "titles": list(header.titles), "header": header.digest}


def resume() -> int:
    """续作: put back into the queue what has to be worked on and has no job any more; gives how many imports.

    So it is after the database went away for longer than a job waits for it.
    """
    from procrastinate.contrib.django.models import ProcrastinateJob

    found = list(Import.objects.filter(state__in=_TASKS))
    queued = ProcrastinateJob.objects.filter(status__in=("todo", "doing"), lock__startswith="import-")
    held = set(queued.values_list("lock", flat=True))
    lost = [one for one in found if f"import-{one.pk}" not in held]
    for one in lost:
        importing.defer(_TASKS[one.state], one)
    return len(lost)


def give_up(import_id: int, times: int) -> None:
    """放弃: of an import at which one worker after the other died: it goes back, and it is said."""
    try:
        one = Import.objects.filter(pk=import_id, state__in=_BACK).first()
        if one is not None:
            _fail(one, _BACK[one.state][1], {
                "message": f"The worker died {times} times at this import; nothing was written.",
                "remedy": "Give the machine more memory, or send it county by county; then try again.",
            })  # fmt: skip
    finally:
        if not connection.in_atomic_block:
            connection.close()


@contextmanager
def _alone(import_id: int) -> Iterator[Reporter]:
    """Nobody else works on the import meanwhile; the database is asked anew, it may have been restarted."""
    if not connection.in_atomic_block:
        connection.close()
    report = Reporter(import_id)
    try:
        yield report
    finally:
        report.close()


def _begin(import_id: int, state: str, came_from: tuple[str, ...]) -> Import | None:
    """The import, marked as being worked on; None where it is gone or somebody decided otherwise meanwhile.

    What was asked of an earlier run is forgotten; what was asked of one that was killed still holds.
    """
    killed = Q(state=state) & ~Q(state="undoing")
    begun = Import.objects.filter(pk=import_id, state__in=came_from).update(
        state=state, changed_at=Now(), stop_asked=Case(When(killed, then=F("stop_asked")), default=False)
    )
    return Import.objects.select_related("by", "decided_by", "undone_by").get(pk=import_id) if begun else None


def _end(one: Import, state: str, **changes: Any) -> None:
    """The work is done. Raises `Stopped` where somebody asked to cancel before it was."""
    asked = Import.objects.filter(pk=one.pk, state=one.state, stop_asked=False)
    if not asked.update(state=state, changed_at=Now(), **changes):
        raise Stopped


def _break_off(one: Import, state: str, problem: Any = None) -> bool:
    """Out of the work without its result; False where it was done after all (the answer to a commit may be lost).

    Waits for a database that went away.
    """
    for seconds in (*_PATIENCE, None):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        try:
            left = Import.objects.filter(pk=one.pk, state=one.state)
            changes = {"state": state, "changed_at": Now(), "stop_asked": False, "problem": problem or {}}
            return bool(left.update(**changes))
        except (OperationalError, InterfaceError):
            if seconds is None or connection.in_atomic_block:
                raise
            time.sleep(seconds)
    return False


@contextmanager
def _reporting(one: Import) -> Iterator[None]:
    """What goes wrong becomes the import's state and a sentence."""
    theirs, ours = _BACK[one.state]
    try:
        yield
    except Stopped:
        if _break_off(one, "cancelled" if one.state == "reading" else ours) and one.state == "reading":
            staging.forget(one.pk)
    except JieduiError as problem:
        _fail(one, theirs, {"message": problem.message, "remedy": problem.remedy})
    except (IntegrityError, DataError) as problem:
        _log.exception("import %s", one.pk)
        _fail(one, ours, _of_database(problem))
    except Exception as problem:
        known = _of_machine(problem)
        _fail(one, ours, _BROKE_OFF if known else _MISTAKE)
        if not known:
            raise
        _log.exception("import %s", one.pk)


def _fail(one: Import, state: str, problem: dict[str, str]) -> None:
    """Broken off with a sentence; of a file that was not compared only the file is kept: it can be tried again."""
    if _break_off(one, state, problem) and one.state == "reading":
        staging.only_original(one.pk)


def _of_machine(problem: BaseException) -> bool:
    """Whether the machine or the database server is to blame: a full disk, a connection that broke off, a deadlock."""
    of_database = isinstance(problem, OperationalError | InterfaceError | psycopg.OperationalError)
    return of_database or problems.behind(problem) is not None


def _of_database(problem: Exception) -> dict[str, str]:
    """What the database refused, without the row: that may be a person's."""
    cause = problem.__cause__
    constraint = getattr(getattr(cause, "diag", None), "constraint_name", None) or type(problem).__name__
    return {
        "message": f"The database refused a row by its rule {constraint}; nothing was written.",
        "remedy": "Compare the file again; if it comes again, report the rule's name.",
    }


def _again(one: Import, rows: int) -> None:
    """Compare anew: the register says another thing of some rows than what the officer saw."""
    with transaction.atomic():
        _break_off(one, "received", {"overtaken": rows})
        importing.defer("compare", one)


def _after(one: Import) -> None:
    """The journal's head goes into its file; what was staged is no longer needed; the planner learns the new sizes."""
    journal.anchor()
    staging.forget(one.pk)
    with connection.cursor() as cursor:
        for table in ("household", "household_year", "person", "person_year"):
            cursor.execute(f"ANALYZE records_{table}")


def by_hand(
    file: Path, *, kind: str, region: str, year: int | None, source: str, user: str, accept: bool
) -> Iterator[str]:
    """命令行导入: compare at once (and write, with `accept`), without the background; lines that say what was found.

    Raises:
        JieduiError: no such file or user, or the import was refused.
    """
    by = User.objects.filter(username=user).first()
    if by is None:
        raise JieduiError(f"There is no user {user!r}.", remedy="Name an existing one.")
    if not file.is_file():
        raise JieduiError(f"There is no file {file}.", remedy="Check the path.")
    settings.load().home.mkdir(parents=True, exist_ok=True)
    copy = settings.load().home / f"import-{uuid.uuid4().hex}.part"
    shutil.copyfile(file, copy)
    try:
        sending = importing.Sending(kind, region, source, file.name, year)
        one = importing.receive(sending, copy, by=by)
    finally:
        copy.unlink(missing_ok=True)
    compare(one.pk)
    one.refresh_from_db()
    yield f"Import {one.pk}: {one.state}. " + ", ".join(f"{name} {number:,}" for name, number in one.counts.items())
    if one.state != "compared":
        told = one.problem or {"message": f"Columns or labels are to be confirmed: {one.columns.get('unknown') or ''}"}
        raise JieduiError(str(told.get("message", one.state)), remedy=str(told.get("remedy", "See the page Imports.")))
    if accept:
        importing.accept(one, by=by)
        write(one.pk)
        one.refresh_from_db()
        yield f"Import {one.pk}: {one.state}. " + ", ".join(
            f"{name} {number:,}" for name, number in one.counts.get("written", {}).items()
        )
