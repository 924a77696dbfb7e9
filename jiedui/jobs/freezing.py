"""冻结: records become a verified snapshot. The wiring between `records` and `snapshot`."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.records.queries.frozen import Part
    from jiedui.snapshot import Manifest


def freeze(
    directory: Path,
    *,
    as_of: date,
    progress: Callable[[float, float], None] | None = None,
    synthetic: bool | None = None,
) -> Manifest:
    """冻结快照: all records of one moment into `directory`, read back and verified; returns the manifest.

    The same records give the same digest. `synthetic` is what the loaded batches say, unless it is told.

    Raises:
        JieduiError: nothing is loaded, a row is faulty, or the folder holds something else.
        NotVerified: what was written does not hold its digest.
    """
    from jiedui import policy, snapshot
    from jiedui.records import loading
    from jiedui.records.queries import frozen
    from jiedui.snapshot.schema import TABLES, Table

    _refuse_empty()
    done = 0

    def parts(table: Table) -> Iterator[pa.Table]:
        nonlocal done
        yield from frozen.read_parts(table)
        done += 1
        if progress:
            progress(done, len(TABLES) + 1)

    marked = loading.is_synthetic() if synthetic is None else synthetic
    with frozen.moment():
        rows = {name: parts(table) for name, table in TABLES.items()}
        snapshot.write(rows, directory, as_of=as_of, policy_digest=policy.digest(), synthetic=marked)
    manifest = snapshot.verify(directory)
    if progress:
        progress(len(TABLES) + 1, len(TABLES) + 1)
    return manifest


def freeze_part(directory: Path, part: Part, *, as_of: date) -> Manifest:
    """冻结部分: what a matching problem reads of a place, as a snapshot of its own; the other tables are empty in it.

    A county's run then takes a second instead of the minutes that a nation needs. It is verified like any snapshot;
    its digest names these rows, so unchanged ones give the same.

    Raises:
        JieduiError: nothing is loaded, a row is faulty, or the folder holds something else.
        NotVerified: what was written does not hold its digest.
    """
    from jiedui import policy, snapshot
    from jiedui.records import loading
    from jiedui.records.queries import frozen
    from jiedui.snapshot.schema import TABLES

    _refuse_empty()
    with frozen.moment():
        keys = frozen.keys_of(part)
        rows = {name: frozen.read_keys(table, keys) for name, table in TABLES.items()}
        marked = loading.is_synthetic()
    snapshot.write(rows, directory, as_of=as_of, policy_digest=policy.digest(), synthetic=marked)
    return snapshot.verify(directory)


def freeze_part_by_digest(name: str, part: Part, *, as_of: date) -> tuple[Path, Manifest]:
    """部分按摘要存放: into `snapshots/NAME-DAY-DIGEST`; what has not changed is found again."""
    return _by_digest(f"{name}-{as_of.isoformat()}", lambda directory: freeze_part(directory, part, as_of=as_of))


def freeze_by_digest(*, as_of: date, progress: Callable[[float, float], None] | None = None) -> tuple[Path, Manifest]:
    """按摘要存放: freeze into `snapshots/DAY-DIGEST` of the state folder; returns the folder and the manifest.

    Records that have not changed are found again under the same name; changed ones get a folder of their own.
    """
    return _by_digest(as_of.isoformat(), lambda directory: freeze(directory, as_of=as_of, progress=progress))


def _by_digest(name: str, made: Callable[[Path], Manifest]) -> tuple[Path, Manifest]:
    from jiedui import snapshot
    from jiedui.runtime import settings

    root = settings.load().home / "snapshots"
    incoming = root / f"{name}-incoming"
    if incoming.exists():  # of a process that died between writing and naming
        shutil.rmtree(incoming)
    manifest = made(incoming)
    directory = root / f"{name}-{manifest.digest[:12]}"
    if directory.exists():
        shutil.rmtree(incoming)
        return directory, snapshot.verify(directory)
    incoming.rename(directory)
    return directory, manifest


def _refuse_empty() -> None:
    from jiedui.errors import JieduiError
    from jiedui.records import models

    if not models.LoadedBatch.objects.exists() and not models.Household.objects.exists():
        raise JieduiError("The records are empty: there is nothing to freeze.", remedy="Run `jiedui demo` first.")
