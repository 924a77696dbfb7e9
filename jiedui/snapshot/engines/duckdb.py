"""DuckDB 引擎: SQL over a snapshot's Parquet files on one machine.

One view per table, over exactly the files that the manifest lists. Nothing is downloaded: reading Parquet is built in.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from jiedui.snapshot.manifest import Manifest, TableEntry


def scan(root: Path, entry: TableEntry) -> str:
    """表函数: the SQL expression that reads the files of one table."""
    paths = ", ".join(_quoted(str(root / file.path)) for file in entry.files)
    return f"read_parquet([{paths}])"


def connect(root: Path, manifest: Manifest, *, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """连接: a connection in memory with one view per table of the snapshot.

    The caller closes it. It cannot load or download extensions.
    """
    connection = duckdb.connect(
        ":memory:", config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    )
    if threads is not None:
        connection.execute(f"SET threads = {int(threads)}")
    for entry in manifest.tables:
        connection.execute(f'CREATE VIEW "{entry.name}" AS SELECT * FROM {scan(root, entry)}')
    return connection


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
