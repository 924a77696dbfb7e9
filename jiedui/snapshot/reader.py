"""读快照: tables and SQL views of a frozen folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from jiedui.errors import JieduiError
from jiedui.snapshot import manifest as manifests
from jiedui.snapshot import parquet
from jiedui.snapshot.engines import duckdb as duckdb_engine
from jiedui.snapshot.manifest import Manifest
from jiedui.snapshot.schema import TABLES
from jiedui.snapshot.schema.arrow import arrow_schema


@dataclass(frozen=True, slots=True)
class Snapshot:
    """快照: an opened snapshot. Reading it never changes it."""

    directory: Path
    manifest: Manifest

    @property
    def digest(self) -> str:
        """摘要: the name of the snapshot, 64 hexadecimal digits."""
        return self.manifest.digest

    @property
    def as_of(self) -> date:
        """数据截止日期: the day whose records it holds."""
        return self.manifest.as_of

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """表: the rows of one table, province by province, by key inside; all columns or those named.

        Raises `JieduiError` for a table or a column that is not declared.
        """
        if name not in TABLES:
            raise JieduiError(f"A snapshot has no table {name!r}.", remedy=f"Tables: {', '.join(TABLES)}.")
        schema = arrow_schema(TABLES[name], frozen=True)
        unknown = [c for c in columns or () if c not in schema.names]
        if unknown:
            raise JieduiError(f"{name} has no column {unknown[0]!r}.", remedy=f"Columns: {', '.join(schema.names)}.")
        wanted = None if columns is None else list(columns)
        files = self.manifest.table(name).files
        return pa.concat_tables(parquet.read_file(self.directory / file.path, schema, wanted) for file in files)

    def duckdb(self, *, threads: int | None = None) -> duckdb.DuckDBPyConnection:
        """DuckDB 连接: a connection in memory with one view per table; the caller closes it."""
        return duckdb_engine.connect(self.directory, self.manifest, threads=threads)


def open_snapshot(directory: Path) -> Snapshot:
    """打开快照: read the manifest of a folder and check its seal; the files are checked by `verify`, not here."""
    directory = Path(directory).absolute()
    return Snapshot(directory, manifests.read(directory))
