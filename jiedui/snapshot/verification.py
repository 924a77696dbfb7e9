"""校验快照: whether a folder still holds exactly what was frozen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from jiedui.errors import NotVerified
from jiedui.snapshot import manifest as manifests
from jiedui.snapshot import parquet
from jiedui.snapshot.content import content_digest
from jiedui.snapshot.manifest import DESCRIPTION, FileEntry, Manifest, TableEntry
from jiedui.snapshot.schema import TABLES
from jiedui.snapshot.schema.arrow import arrow_schema


def verify(directory: Path) -> Manifest:
    """校验: recompute every sum of a snapshot from its files; returns the manifest.

    Raises `NotVerified` with one sentence for each file that is missing, not listed, or not as it was written.
    """
    directory = Path(directory).absolute()
    manifest = manifests.read(directory)
    listed = {file.path for table in manifest.tables for file in table.files}
    on_disk = {p.relative_to(directory).as_posix() for p in directory.rglob("*") if p.is_file() or p.is_symlink()}
    found = [f"{path} is not listed in {DESCRIPTION}." for path in sorted(on_disk - listed - {DESCRIPTION})]
    files = [(table, file) for table in manifest.tables for file in table.files]
    found += [fault for table, file in files for fault in _file_faults(directory, table, file)]
    # Reading the rows costs more, and says nothing new about a file whose bytes are wrong.
    found = found or [fault for table, file in files for fault in _row_faults(directory, table, file)]
    if found:
        shown = found if len(found) <= 10 else [*found[:10], f"… and {len(found) - 10} more."]
        raise NotVerified(
            f"The snapshot {directory} does not hold what was frozen:\n  " + "\n  ".join(shown),
            remedy="Take it from its source again, or freeze again.",
        )
    return manifest


def _file_faults(directory: Path, table: TableEntry, file: FileEntry) -> Iterator[str]:
    path = directory / file.path
    if not parquet.PATH.fullmatch(file.path) or table.name not in TABLES:
        yield f"{file.path} is no path of a snapshot."
        return
    if not path.is_file():
        yield f"{file.path} is missing."
        return
    if path.stat().st_size != file.bytes:
        yield f"{file.path} has {path.stat().st_size} bytes instead of {file.bytes}."
        return
    if parquet.file_digest(path) != file.sha256:
        yield f"{file.path} has other content than was written (SHA-256 differs)."


def _row_faults(directory: Path, table: TableEntry, file: FileEntry) -> Iterator[str]:
    path = directory / file.path
    try:
        rows = parquet.read_file(path, arrow_schema(TABLES[table.name], frozen=True))
    except (pa.ArrowInvalid, OSError, KeyError) as error:
        yield f"{file.path} cannot be read as {table.name}: {error}"
        return
    if rows.num_rows != file.rows:
        yield f"{file.path} holds {rows.num_rows} rows instead of {file.rows}."
    elif content_digest(rows) != file.content:
        yield f"{file.path} holds other rows than were frozen (content digest differs)."
