"""导入作业: the background half of an import: read and compare, write, take back, clear.

Each may be killed at any moment. Reading and comparing begin again from the uploaded file; writing and taking back are
one transaction, with the import's new state in it, so that the register is as before or as after, never between.
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
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models.functions import Now

from jiedui.errors import JieduiError
from jiedui.records import access, journal
from jiedui.records.actions import importing
from jiedui.records.imports import comparing, headers, reading, staging, undoing, writing
from jiedui.records.imports.forms import form
from jiedui.records.imports.reading import Stopped
from jiedui.records.imports.writers import writer
from jiedui.records.models import Import, User
from jiedui.runtime import postgres, settings

_log = logging.getLogger(__name__)
_EVERY: Final = 0.5
"""Seconds between two notes of progress."""


class Reporter:
    """进度: notes how far an import is, on a connection of its own so that others see it; asks whether to stop."""

    def __init__(self, import_id: int) -> None:
        self.import_id = import_id
        address = postgres.addresses(settings.load()).owner_dsn
        self._own = psycopg.connect(address, dbname=connection.settings_dict["NAME"], autocommit=True)
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
    one = _begin(import_id, "reading", ("received", "reading"))
    if one is None:
        return
    with _reporting(one) as report:
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
    one = _begin(import_id, "writing", ("writing",))
    if one is None:
        return
    with _reporting(one) as report:
        try:
            with access.signed(one.decided_by, one.reason or f"导入批次{one.pk}"):
                written = writer(one.kind)(one, report)
                _end(one, "written", written_at=Now(), counts={**one.counts, "written": dict(written)}, problem={})
        except writing.Overtaken as overtaken:
            _again(one, overtaken.rows)
            return
        except Stopped:
            _end(one, "compared", stop_asked=False)
            return
    _after(one)


def undo(import_id: int) -> None:
    """撤销: take back what an import wrote; where somebody changed it since, nothing is, and it is said."""
    one = _begin(import_id, "undoing", ("undoing",))
    if one is None:
        return
    try:
        with access.signed(one.undone_by, one.reason or f"撤销导入批次{one.pk}"):
            undone = undoing.undo(one)
            _end(one, "undone", counts={**one.counts, "undone": dict(undone)}, problem={})
        journal.anchor()
    except JieduiError as problem:
        _end(one, "written", problem={"message": problem.message, "remedy": problem.remedy})


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


def _begin(import_id: int, state: str, came_from: tuple[str, ...]) -> Import | None:
    """The import, marked as being worked on; None where it is gone or somebody decided otherwise meanwhile."""
    begun = Import.objects.filter(pk=import_id, state__in=came_from).update(state=state, changed_at=Now())
    return Import.objects.select_related("by", "decided_by", "undone_by").get(pk=import_id) if begun else None


def _end(one: Import, state: str, **changes: Any) -> None:
    Import.objects.filter(pk=one.pk).update(state=state, changed_at=Now(), **changes)


@contextmanager
def _reporting(one: Import) -> Iterator[Reporter]:
    """Progress while it lasts; what goes wrong becomes the import's state and a sentence."""
    report = Reporter(one.pk)
    try:
        yield report
    except Stopped:
        _end(one, "cancelled", stop_asked=False)
        staging.forget(one.pk)
    except JieduiError as problem:
        back = "refused" if one.state == "reading" else "compared"
        _end(one, back, problem={"message": problem.message, "remedy": problem.remedy})
    except (IntegrityError, DataError) as problem:
        _log.exception("import %s", one.pk)
        back = "failed" if one.state == "reading" else "compared"
        _end(one, back, problem=_of_database(problem))
    except Exception:
        back = "failed" if one.state == "reading" else "compared"
        _end(one, back, problem={"message": "A mistake in the program; nothing was written.",
                                 "remedy": "The log of the worker has the details; report it."})  # fmt: skip
        raise
    finally:
        report.close()


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
        _end(one, "received", problem={"overtaken": rows})
        importing._defer("compare", one)


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
