"""快照: frozen Parquet with a digest, its schema, writer and readers.

Owns the one input of every engine. Refuses identity numbers, names and phones.

Public names: `write`, `verify`, `open`, `Snapshot`, `Manifest`, `freeze_tables`, `pseudonym`; the declarations of the
tables in `snapshot.schema`. They load pyarrow and DuckDB when first used, so that `snapshot.schema` needs neither.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jiedui.snapshot.freezing import freeze_tables, pseudonym
    from jiedui.snapshot.manifest import Manifest
    from jiedui.snapshot.reader import Snapshot
    from jiedui.snapshot.reader import open_snapshot as open
    from jiedui.snapshot.verification import verify
    from jiedui.snapshot.writer import write

__all__ = ["Manifest", "Snapshot", "freeze_tables", "open", "pseudonym", "verify", "write"]

_DOORS = {
    "Manifest": ("manifest", "Manifest"),
    "Snapshot": ("reader", "Snapshot"),
    "freeze_tables": ("freezing", "freeze_tables"),
    "open": ("reader", "open_snapshot"),
    "pseudonym": ("freezing", "pseudonym"),
    "verify": ("verification", "verify"),
    "write": ("writer", "write"),
}


def __getattr__(name: str) -> object:
    if name not in _DOORS:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    module, attribute = _DOORS[name]
    return getattr(import_module(f"jiedui.snapshot.{module}"), attribute)
