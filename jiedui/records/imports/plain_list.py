"""简单清单: what the lists with one table have in common: compared with its rows, written into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jiedui.records import copying
from jiedui.records.imports import difference, staging, writing
from jiedui.records.imports.difference import Difference, Sides
from jiedui.records.imports.writing import plain, stated
from jiedui.records.models import Import

_SQL: Final = {"int64": "bigint", "bool": "boolean", "date32[day]": "date", "string": "text"}


@dataclass(frozen=True)
class Compared:
    """已比对: the entries, and what the register says of those that differ."""

    difference: Difference
    before: pa.Table


def compare(
    good: pa.Table, register: pa.Table, fields: Sequence[str], conflicts: Sequence[tuple[str, np.ndarray]] = ()
) -> Compared:
    """比对: `good` and `register` with `key` and `fields`; nothing is ever gone: such a list is never complete."""
    result = difference.compare(Sides(good, register, fields, np.zeros(len(register), bool)), conflicts)
    kind, at = result.table["kind"].to_numpy(), result.table["at"].to_numpy()
    wanted = np.flatnonzero((kind != difference.SAME) & (at >= 0))
    return Compared(result, register.take(pa.array(at[wanted])).append_column("entry", pa.array(wanted)))


@dataclass(frozen=True)
class Target:
    """去处: the table, its key, and the columns that a list says; `fixed` are given to new rows besides."""

    table: str
    key: str
    fields: Sequence[str]
    fixed: Mapping[str, Any]


def write(one: Import, good: pa.Table, register: pa.Table, target: Target) -> Mapping[str, Any]:
    """写入: accepted rows; `register` as it is now (with `key` and the target's key column).

    Raises:
        Overtaken: the register changed since the comparison.
    """
    entries, before = staging.read(one.pk, "difference"), staging.read(one.pk, "before")
    accepted = writing.accepted(one, entries)
    keys = good["key"].to_numpy()
    writing.still_so(entries, before, register, keys[accepted.changed])
    at = difference.locate(keys, register["key"].to_numpy())
    if (at[accepted.added] >= 0).any():
        raise writing.Overtaken(int((at[accepted.added] >= 0).sum()))
    new = good.take(pa.array(accepted.added)).select([*target.fields, *_own(good, target)])
    constants = {"import_id": one.pk, "entered_by_id": one.decided_by_id}
    rows = _filled(new, target.fixed)
    written = copying.write(f"records_{target.table}", rows, constants) if len(new) else 0
    changed = _update(good, register, accepted, at, target)
    return writing.counted(**{target.table: written, f"{target.table}_changed": changed})


def _own(good: pa.Table, target: Target) -> list[str]:
    """Columns of the file's side that new rows need besides the stated ones (references that were resolved)."""
    resolved = ("person_id", "household_id", "organisation_id", "region_code")
    return [name for name in good.column_names if name in resolved and name not in target.fields]


def _filled(rows: pa.Table, fixed: Mapping[str, Any]) -> pa.Table:
    for name, value in fixed.items():
        if name in rows.column_names:
            column = pc.coalesce(plain(rows[name]), pa.scalar(value).cast(plain(rows[name]).type))
            rows = rows.set_column(rows.column_names.index(name), name, column)
        else:
            rows = rows.append_column(name, pa.repeat(pa.scalar(value), len(rows)))
    return rows


def _update(good: pa.Table, register: pa.Table, accepted: writing.Accepted, at: np.ndarray, target: Target) -> int:
    changed = accepted.changed
    if not len(changed):
        return 0
    sent, kept = good.take(pa.array(changed)), register.take(pa.array(at[changed]))
    columns = {name: stated(sent[name], kept[name]) for name in target.fields}
    rows = pa.table({target.key: plain(kept[target.key])} | columns)
    copying.temporary("import_staged", {one.name: _SQL[str(one.type)] for one in rows.schema}, rows)
    return copying.update(f"records_{target.table}", target.key, "import_staged", list(target.fields))
