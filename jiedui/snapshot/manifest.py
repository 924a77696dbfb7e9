"""清单: `datapackage.json`, the Frictionless description of a snapshot, and its digest.

Two sums guard it. `jiedui.digest` is the snapshot's name: SHA-256 of the canonical JSON of as_of, synthetic and, for
every table, its columns with their types and its files with rows and content digest. The same records give the same
digest, whichever version of the program or of the Parquet library wrote them. `jiedui.seal` is SHA-256 of the whole
description without the seal itself, so that no line of it can change unseen.
Canonical JSON: UTF-8, keys sorted, no blanks.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from jiedui import __version__
from jiedui.errors import NotVerified
from jiedui.snapshot.schema import TABLES
from jiedui.snapshot.schema.definition import Column, Table

DESCRIPTION: Final = "datapackage.json"
FORMAT: Final = 1
CODE_PATTERN: Final = "^[1-9][0-9]{5}([0-9]{3}){0,2}$"
_TYPES: Final = {
    "id": "integer",
    "ref": "integer",
    "int": "integer",
    "fen": "integer",
    "date": "date",
    "bool": "boolean",
}


@dataclass(frozen=True, slots=True)
class FileEntry:
    """文件: one Parquet file: path inside the snapshot, rows, bytes, SHA-256 of the file and of its content."""

    path: str
    rows: int
    bytes: int
    sha256: str
    content: str


@dataclass(frozen=True, slots=True)
class TableEntry:
    """表: its columns as (name, type) and its files, in the order of their paths."""

    name: str
    columns: tuple[tuple[str, str], ...]
    files: tuple[FileEntry, ...]

    @property
    def rows(self) -> int:
        """Rows of all files."""
        return sum(file.rows for file in self.files)


@dataclass(frozen=True, slots=True)
class Manifest:
    """清单: what a snapshot holds, as of which day, under which policy, and its digest (64 hexadecimal digits)."""

    as_of: date
    policy_digest: str
    synthetic: bool
    version: str
    tables: tuple[TableEntry, ...]

    @property
    def digest(self) -> str:
        """快照摘要: the snapshot's name, see the module."""
        said = {
            "as_of": self.as_of.isoformat(),
            "synthetic": self.synthetic,
            "tables": {
                t.name: {"columns": t.columns, "files": [[f.path, f.rows, f.content] for f in t.files]}
                for t in self.tables
            },
        }
        return hashlib.sha256(_canonical(said)).hexdigest()

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables)

    def table(self, name: str) -> TableEntry:
        """The entry of one table; KeyError if the snapshot has none."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)


def columns_of(table: Table) -> tuple[tuple[str, str], ...]:
    """字段: (name, Frictionless type) of a table's frozen columns."""
    return tuple((c.name, _TYPES.get(c.kind, "string")) for c in table.frozen_columns)


def describe(manifest: Manifest) -> bytes:
    """描述文件: the bytes of `datapackage.json`."""
    package: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "profile": "data-package",
        "name": f"jiedui-{manifest.as_of.isoformat()}",
        "title": "结对帮扶数据快照" + ("（模拟数据）" if manifest.synthetic else ""),
        "resources": [_resource(entry) for entry in manifest.tables],
        "jiedui": {
            "format": FORMAT,
            "as_of": manifest.as_of.isoformat(),
            "policy_digest": manifest.policy_digest,
            "version": manifest.version,
            "synthetic": manifest.synthetic,
            "digest": manifest.digest,
        },
    }
    package["jiedui"]["seal"] = hashlib.sha256(_canonical(package)).hexdigest()
    return _rendered(package)


def read(directory: Path) -> Manifest:
    """读清单: the manifest of a snapshot; `NotVerified` if it is missing, altered or not ours."""
    path = directory / DESCRIPTION
    if not path.is_file():
        raise NotVerified(
            f"{directory} is no snapshot: it has no {DESCRIPTION}.", remedy="Name a folder that jiedui freeze wrote."
        )
    raw = path.read_bytes()
    try:
        package = json.loads(raw)
        seal = package["jiedui"].pop("seal")
        if seal != hashlib.sha256(_canonical(package)).hexdigest():
            raise _altered(path)
        manifest = _manifest(package)
        told = package["jiedui"]["digest"]
        package["jiedui"]["seal"] = seal
        same = _rendered(package) == raw
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _altered(path) from error
    if told != manifest.digest or not same:
        raise _altered(path)
    return manifest


def _manifest(package: dict[str, Any]) -> Manifest:
    ours = package["jiedui"]
    if ours["format"] != FORMAT:
        raise NotVerified(
            f"The snapshot has format {ours['format']}; this program reads format {FORMAT}.",
            remedy="Freeze again, or use the version of the program that wrote it.",
        )
    return Manifest(
        as_of=date.fromisoformat(ours["as_of"]),
        policy_digest=ours["policy_digest"],
        synthetic=ours["synthetic"],
        version=ours["version"],
        tables=tuple(_entry(resource) for resource in package["resources"]),
    )


def _entry(resource: dict[str, Any]) -> TableEntry:
    return TableEntry(
        name=resource["name"],
        columns=tuple((f["name"], f["type"]) for f in resource["schema"]["fields"]),
        files=tuple(
            FileEntry(f["path"], f["rows"], f["bytes"], f["hash"].removeprefix("sha256:"), f["content"])
            for f in resource["files"]
        ),
    )


def _resource(entry: TableEntry) -> dict[str, Any]:
    table = TABLES[entry.name]
    return {
        "name": table.name,
        "title": table.title,
        "description": table.doc,
        "path": [file.path for file in entry.files],
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "rows": entry.rows,
        "bytes": sum(file.bytes for file in entry.files),
        "files": [
            {"path": f.path, "rows": f.rows, "bytes": f.bytes, "hash": f"sha256:{f.sha256}", "content": f.content}
            for f in entry.files
        ],
        "schema": _table_schema(table),
    }


def _table_schema(table: Table) -> dict[str, Any]:
    refs = [c for c in table.frozen_columns if c.references and c.name != table.key]
    return {
        "fields": [_field(column, unique=column.name == table.key) for column in table.frozen_columns],
        "primaryKey": table.key,
        "foreignKeys": [
            {
                "fields": c.name,
                "reference": {
                    "resource": "" if c.references == table.name else c.references,
                    "fields": TABLES[c.references].key,
                },
            }
            for c in refs
        ],
    }


def _field(column: Column, *, unique: bool) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": column.required}
    if unique:
        constraints["unique"] = True
    if column.choices is not None:
        constraints["enum"] = list(column.choices)
    if column.kind == "code":
        constraints["pattern"] = CODE_PATTERN
    field: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES.get(column.kind, "string"),
        "title": column.title,
        "description": column.doc,
        "constraints": constraints,
    }
    if column.unit:
        field["unit"] = column.unit
    if column.choices is not None:
        field["labels"] = {key: label[0] for key, label in column.choices.items()}
    return field


def new(as_of: date, policy_digest: str, synthetic: bool, tables: tuple[TableEntry, ...]) -> Manifest:
    """新清单: the manifest of what this version of the program has just written."""
    return Manifest(as_of, policy_digest, synthetic, __version__, tables)


def _canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _rendered(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def _altered(path: Path) -> NotVerified:
    return NotVerified(f"{path} was altered after it was written.", remedy="Take the snapshot from its source again.")
