"""列式文件: how one table becomes Parquet files, by province, always with the same settings.

`data/<table>/<first two digits of the region>.parquet`, or `data/<table>/all.parquet` for a table without a region
and for a table without rows. Rows are sorted by key; the settings below are fixed, so that the same records give the
same bytes with the same version of the Parquet library.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jiedui.snapshot.content import content_digest
from jiedui.snapshot.manifest import FileEntry
from jiedui.snapshot.schema.definition import Table

DATA: Final = "data"
WHOLE: Final = "all"
PATH: Final = re.compile(r"data/[a-z_]+/(all|[0-9]{2})\.parquet")
ROW_GROUP: Final = 1 << 17


def provinces(declared: Table, rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """按省划分: (file name without ending, its rows) for a table or a part of it."""
    if not declared.region or rows.num_rows == 0:
        yield WHOLE, rows
        return
    of_row = pc.utf8_slice_codeunits(rows[declared.region], 0, 2)
    for province in sorted(pc.unique(of_row).to_pylist()):
        yield province, rows.filter(pc.equal(of_row, province))


def write_file(root: Path, declared: Table, name: str, rows: pa.Table) -> FileEntry:
    """写文件: one file of a table under `root`, sorted by key; returns what the manifest says of it."""
    path = Path(DATA) / declared.name / f"{name}.parquet"
    full = root / path
    full.parent.mkdir(parents=True, exist_ok=True)
    rows = rows.sort_by(declared.key).combine_chunks()
    pq.write_table(
        rows,
        full,
        version="2.6",
        compression="zstd",
        compression_level=3,
        row_group_size=ROW_GROUP,
        store_schema=False,
        data_page_version="1.0",
    )
    return FileEntry(path.as_posix(), rows.num_rows, full.stat().st_size, file_digest(full), content_digest(rows))


def read_file(path: Path, schema: pa.Schema, columns: list[str] | None = None) -> pa.Table:
    """读文件: the rows of one file in the declared types."""
    with pq.ParquetFile(path) as file:
        rows = file.read(columns=columns)
    wanted = schema if columns is None else pa.schema([schema.field(name) for name in columns])
    return rows.select(wanted.names).cast(wanted)


def file_digest(path: Path) -> str:
    """文件摘要: hexadecimal SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
