"""导入动作: what an officer does with a spreadsheet: send, say what its columns are, decide, cancel, take back.

Every verb changes the import's state, if it is one from which that is possible, and defers the work to the background
in the same transaction: either both are there or neither.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.db.models.functions import Now

from jiedui.errors import JieduiError
from jiedui.records.imports import forms, staging
from jiedui.records.imports.difference import KINDS
from jiedui.records.models import IMPORT_STATE, Import, SourceForm, User

LARGEST: Final = 2 << 30
"""Bytes of a spreadsheet: a province's roster is a tenth of it."""
QUEUE: Final = "imports"
YOUNG: Final = 600
"""Seconds for which a folder of the state folder is left alone, whoever it belongs to."""
_ENDED: Final = ("written", "undoing", "undone", "cancelled")
"""States of imports of which nothing staged is needed any more."""
_BEFORE: Final[Mapping[str, tuple[str, ...]]] = {
    "received": ("columns", "failed", "refused", "compared"),
    "writing": ("compared",),
    "undoing": ("written",),
    "cancelled": ("received", "columns", "compared", "failed", "refused"),
}
"""New state → the states from which a person may bring it about."""


@dataclass(frozen=True, slots=True)
class Sending:
    """投送: what somebody says of the file that is sent."""

    kind: str
    region_code: str
    source: str
    file_name: str
    year: int | None = None


def receive(sending: Sending, file: Path, *, by: User) -> Import:
    """收文件: take over an uploaded file (it is moved), and have it read and compared in the background.

    Raises:
        JieduiError: no such kind, a region where `by` does not see people by name, no year, an empty or too big file.
    """
    form = forms.form(sending.kind)
    _check_region(sending, by)
    year = _year(sending, form)
    size = file.stat().st_size
    if not 0 < size <= LARGEST:
        raise JieduiError(
            "The file is empty." if size == 0 else f"The file is larger than {LARGEST >> 30} GB.",
            remedy="Choose another file." if size == 0 else "Send it county by county.",
        )
    if not sending.source.strip():
        raise JieduiError("It is not said where the file comes from.", remedy="Name the system or the office.")
    with transaction.atomic():
        one = Import.objects.create(
            kind=sending.kind, region_code=sending.region_code, year=year, source=sending.source.strip()[:100],
            file_name=Path(sending.file_name).name[:200] or "file", size=size, sha256=_digest(file), state="received",
            by=by,
        )  # fmt: skip
        staging.receive(one.pk, file)
        defer("compare", one)
    return one


def earlier(one: Import) -> Import | None:
    """先前的同一文件: the last import of the same bytes for the same place and year that was written and stands."""
    same = Import.objects.filter(
        sha256=one.sha256, kind=one.kind, region_code=one.region_code, year=one.year, state="written"
    )
    return same.exclude(pk=one.pk).order_by("-pk").first()


def confirm(
    one: Import, columns: Mapping[str, int], labels: Mapping[str, Mapping[str, str]], *, header: str, by: User
) -> None:
    """确认栏目: which column is which field, and what unknown labels mean; remembered for the source, read again."""
    form = forms.form(one.kind)
    if unknown := [name for name in columns if name not in form]:
        raise JieduiError(f"There is no field {unknown[0]!r}.", remedy="Choose from the list.")
    if len(set(columns.values())) != len(columns):
        raise JieduiError("One column stands for two fields.", remedy="Give each field a column of its own.")
    if lacking := [field.title for field in form.fields if field.needed and field.name not in columns]:
        raise JieduiError(f"No column is chosen for {'、'.join(lacking)}.", remedy="These columns are needed.")
    _check_labels(form, labels)
    merged = {name: dict(one.labels.get(name, {})) | dict(labels.get(name, {})) for name in {*one.labels, *labels}}
    with transaction.atomic():
        said = {**one.columns, "fields": dict(columns), "confirmed": True}
        _move(one, "received", columns=said, labels=merged)
        SourceForm.objects.create(
            source=one.source, kind=one.kind, header=header, columns=dict(columns), labels=merged, by=by
        )
        defer("compare", one)


def remembered(one: Import, header: str) -> SourceForm | None:
    """记住的格式: the newest mapping that somebody confirmed for this source, kind and header."""
    same = SourceForm.objects.filter(source=one.source, kind=one.kind, header=header)
    return same.order_by("-pk").first()


def leave_out(
    one: Import,
    *,
    kinds: Iterable[str] = (),
    rows: Iterable[int] = (),
    keys: Iterable[int] = (),
    settled: Iterable[int] = (),
) -> None:
    """不采纳: set what is left out: kinds, file rows, keys of gone persons; and conflicts settled for the file.

    Raises:
        JieduiError: the import waits for no decision, or there is no such kind.
    """
    if one.state != "compared":
        raise _cannot(one)
    if unknown := sorted(set(kinds) - set(KINDS)):
        raise JieduiError(f"There is no kind of entry {unknown[0]!r}.", remedy=f"Kinds: {', '.join(KINDS)}.")
    excluded = {"kinds": sorted(kinds), "rows": sorted(rows), "keys": sorted(keys), "settled": sorted(settled)}
    _move(one, "compared", ("compared",), excluded=excluded)


def accept(one: Import, *, by: User, reason: str = "") -> None:
    """采纳: what is not left out is written in the background, as a whole."""
    with transaction.atomic():
        _move(one, "writing", decided_by=by, reason=reason.strip() or None, stop_asked=False)
        defer("write", one)


def cancel(one: Import, *, by: User) -> None:
    """取消: an import that waits ends here and what was read of it is cleared; one that works is asked to stop."""
    if Import.objects.filter(pk=one.pk, state__in=("reading", "writing")).update(stop_asked=True):
        one.refresh_from_db()
        return
    with transaction.atomic():
        _move(one, "cancelled", decided_by=by)
        defer("clear", one)


def undo(one: Import, *, by: User, reason: str) -> None:
    """撤销: take an import back as a whole, in the background; what it changed gets the values from before.

    Raises:
        JieduiError: no reason, or it is not written.
    """
    if len(reason.strip()) < 2:
        raise JieduiError("Taking an import back needs a reason.", remedy="Say why; it is kept.")
    with transaction.atomic():
        _move(one, "undoing", undone_by=by, reason=reason.strip())
        defer("undo", one)


def retry(one: Import) -> None:
    """重试: begin again with what broke off."""
    with transaction.atomic():
        _move(one, "received", stop_asked=False)
        defer("compare", one)


def _move(one: Import, to: str, came_from: Sequence[str] | None = None, **changes: Any) -> None:
    """The new state, if the import is still in one from which it may come: two officers never both decide."""
    states = came_from or _BEFORE[to]
    moved = Import.objects.filter(pk=one.pk, state__in=states).update(state=to, changed_at=Now(), **changes)
    if not moved:
        one.refresh_from_db()
        raise _cannot(one)
    one.refresh_from_db()


def _cannot(one: Import) -> JieduiError:
    return JieduiError(
        f"Import {one.pk} is {IMPORT_STATE[one.state][1]}, so this cannot be done now.", remedy="Look at it again."
    )


def defer(task: str, one: Import) -> None:
    """排入后台: the task of this name for the import, in the caller's transaction."""
    from procrastinate.contrib.django import app

    # one worker at a time works on one import
    job = app.configure_task(f"imports.{task}", queue=QUEUE, lock=f"import-{one.pk}")
    job.defer(import_id=one.pk)


def _check_region(sending: Sending, by: User) -> None:
    code = sending.region_code
    if len(code) != 6 or not code.isdigit():
        raise JieduiError(f"{code!r} is no division.", remedy="Choose the county, prefecture or province.")
    from jiedui.terms.divisions import prefix
    from jiedui.terms.scope import Scope

    own = by.sight().named
    if not own or Scope.of([prefix(code)]) - own:
        raise JieduiError(
            "This place lies outside your office's region.", remedy="Choose a place that your office answers for."
        )


def _year(sending: Sending, form: forms.Form) -> int | None:
    if not form.yearly:
        return None
    if sending.year is None or not 2013 <= sending.year <= date.today().year:
        raise JieduiError(
            "A roster belongs to a year of the register.", remedy=f"Give a year from 2013 to {date.today().year}."
        )
    return sending.year


def _check_labels(form: forms.Form, labels: Mapping[str, Mapping[str, str]]) -> None:
    for name, mapped in labels.items():
        known = {"true", "false"} if form[name].kind == "bool" else set(form[name].choices or {})
        if wrong := [value for value in mapped.values() if value not in known]:
            raise JieduiError(f"{form[name].title} has no value {wrong[0]!r}.", remedy="Choose from the list.")


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def clear_leftovers() -> int:
    """清理: folders that no import needs (a process was killed between upload and commit, or between commit and
    clearing); gives how many. A young one may belong to an upload that is not committed yet.
    """
    root = staging.folder(0).parent
    if not root.is_dir():
        return 0
    old = [path for path in root.iterdir() if path.name.isdigit() and time.time() - path.stat().st_mtime > YOUNG]
    needed = {str(pk) for pk in Import.objects.exclude(state__in=_ENDED).values_list("pk", flat=True)}
    lost = [path.name for path in old if path.name not in needed]
    for name in lost:
        staging.forget(int(name))
    return len(lost)
