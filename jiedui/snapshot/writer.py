"""写快照: frozen tables become a folder, all of it or none of it.

The files are written into a hidden folder beside the target, checked, and the folder is renamed. The parent folder is
locked meanwhile, so that one writer works there at a time and every hidden folder found is one of a writer that died.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TypeAlias

import duckdb
import pyarrow as pa

from jiedui.errors import EnvironmentProblem, JieduiError
from jiedui.snapshot import manifest as manifests
from jiedui.snapshot import parquet, validation
from jiedui.snapshot.manifest import DESCRIPTION, FileEntry, Manifest, TableEntry, columns_of
from jiedui.snapshot.schema import TABLES
from jiedui.snapshot.schema.arrow import arrow_schema
from jiedui.snapshot.schema.definition import Table
from jiedui.snapshot.verification import verify
from jiedui.terms.divisions import Gazetteer

Rows: TypeAlias = pa.Table | Iterable[pa.Table]
"""A table whole, or in parts of which each holds whole provinces, so that only one part is in memory at a time."""


def write(tables: Mapping[str, Rows], directory: Path, *, as_of: date, policy_digest: str, synthetic: bool) -> Manifest:
    """写快照: freeze tables (frozen columns only) into `directory`; returns the manifest.

    `tables` holds every table of `snapshot.schema.TABLES`; a table without rows is given empty, never left out. A
    folder that already holds the same snapshot (same digest, verified) is left as it is and its manifest returned; any
    other content is refused. Raises `JieduiError` with every fault counted and its first row named.
    """
    directory = Path(directory).absolute()
    missing = [name for name in TABLES if name not in tables]
    unknown = [name for name in tables if name not in TABLES]
    if missing or unknown:
        raise JieduiError(
            f"A snapshot holds every table: missing {missing}, unknown {unknown}.",
            remedy="Give an empty table where there are no rows.",
        )
    _refuse_foreign(directory)
    with _partial_folder(directory) as partial:
        entries, found = _write_tables(tables, partial)
        validation.refuse(found)
        manifest = manifests.new(as_of, policy_digest, synthetic, tuple(entries))
        (partial / DESCRIPTION).write_bytes(manifests.describe(manifest))
        return _settle(partial, directory, manifest)


def _write_tables(tables: Mapping[str, Rows], root: Path) -> tuple[list[TableEntry], list[str]]:
    gazetteer = Gazetteer.load()
    entries: list[TableEntry] = []
    found: list[str] = []
    for name, declared in TABLES.items():
        files = _write_table(declared, tables[name], root, gazetteer, found)
        entries.append(TableEntry(name, columns_of(declared), tuple(sorted(files, key=lambda file: file.path))))
    if not found:
        with tempfile.TemporaryDirectory(dir=root) as spill, duckdb.connect(":memory:") as connection:
            connection.execute("SET temp_directory = " + "'" + spill.replace("'", "''") + "'")
            found.extend(validation.file_faults(root, entries, connection))
    return entries, found


def _write_table(declared: Table, given: Rows, root: Path, gazetteer: Gazetteer, found: list[str]) -> list[FileEntry]:
    files: dict[str, FileEntry] = {}
    parts = [given] if isinstance(given, pa.Table) else given
    for part in parts:
        rows = validation.conform(declared, part)
        found.extend(validation.faults(declared, rows, gazetteer))
        # With a fault nothing will be kept: the rest is only checked.
        if found or (rows.num_rows == 0 and declared.region):
            continue
        for province, inside in parquet.provinces(declared, rows):
            if province in files:
                raise JieduiError(
                    f"{declared.name}: two parts hold rows of {province}.",
                    remedy="Every part must hold whole provinces.",
                )
            files[province] = parquet.write_file(root, declared, province, inside)
    if not files and not found:
        empty = arrow_schema(declared, frozen=True).empty_table()
        files[parquet.WHOLE] = parquet.write_file(root, declared, parquet.WHOLE, empty)
    return list(files.values())


def _settle(partial: Path, directory: Path, manifest: Manifest) -> Manifest:
    if not (directory / DESCRIPTION).exists():
        partial.rename(directory)
        return manifest
    there = verify(directory)
    if there.digest != manifest.digest:
        raise JieduiError(
            f"{directory} already holds another snapshot ({there.digest[:12]}, as of {there.as_of}).",
            remedy="Name another folder; a snapshot is never changed.",
        )
    return there


def _refuse_foreign(directory: Path) -> None:
    if directory.exists() and not directory.is_dir():
        raise JieduiError(f"{directory} is a file.", remedy="Name a folder for the snapshot.")
    if directory.is_dir() and any(directory.iterdir()) and not (directory / DESCRIPTION).exists():
        raise JieduiError(f"{directory} holds other files.", remedy="Name an empty or a new folder for the snapshot.")


@contextmanager
def _partial_folder(directory: Path) -> Iterator[Path]:
    """A hidden folder beside the target; gone afterwards, whatever happens, unless it was renamed."""
    parent = directory.parent
    start = f".{directory.name}.partial-"
    try:
        parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(parent, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise EnvironmentProblem(f"{parent} cannot be written: {error.strerror}.") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        for left in parent.glob(f"{start}*"):
            shutil.rmtree(left)
        partial = Path(tempfile.mkdtemp(prefix=start, dir=parent))
        partial.chmod(0o777 & ~_umask())
        try:
            yield partial
        except OSError as error:
            raise EnvironmentProblem(f"The snapshot could not be written to {parent}: {error.strerror}.") from error
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    finally:
        os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
