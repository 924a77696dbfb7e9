"""写入: what an officer accepted of a difference goes into the register, in one transaction or not at all.

Writers wait for each other (one advisory lock), and each looks again: where the register no longer says what the
officer saw, nothing is written and the file is compared anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from jiedui.records.imports import difference, staging
from jiedui.records.imports.difference import ADDED, CHANGED, CONFLICT, DECIDABLE, GONE, KINDS, REASONS, SAME
from jiedui.records.models import Import

_LOCK: Final = 7_401_526
"""Advisory lock of whoever writes a roster into the register."""


Progress = Callable[[str, int, int], None]
"""`progress(unit, done, total)`; may raise `reading.Stopped`."""


class Overtaken(Exception):  # noqa: N818
    """已被更新: the register changed since the comparison; `rows` entries no longer hold."""

    def __init__(self, rows: int) -> None:
        super().__init__(rows)
        self.rows = rows


@dataclass(frozen=True)
class Accepted:
    """采纳: positions (into the file's good rows) by kind, and the register's keys that are gone."""

    added: np.ndarray
    changed: np.ndarray
    """Changed rows and conflicts that the officer settled in favour of the file."""
    same: np.ndarray
    gone: np.ndarray
    """Keys, int64."""
    mask: np.ndarray
    """uint64 (n,) of all good rows: which compared fields differ."""


def lock() -> None:
    """排队: wait until no other import writes; held until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def accepted(one: Import, entries: pa.Table) -> Accepted:
    """采纳的: what is not left out. `excluded` of the import: kinds, rows (file rows), keys (gone ones); `settled` rows
    of conflicts that the officer decided for the file.
    """
    left_out = one.excluded
    kind, row = entries["kind"].to_numpy(), entries["row"].fill_null(-1).to_numpy()
    out = np.isin(kind, [KINDS.index(name) for name in left_out.get("kinds", ())])
    out |= np.isin(row, left_out.get("rows", ())) & (row >= 0)
    out |= (kind == GONE) & np.isin(entries["key"].to_numpy(), left_out.get("keys", ()))
    reasons = list(REASONS)
    decidable = np.isin(entries["reason"].to_numpy(), [reasons.index(name) for name in DECIDABLE])
    settled = (kind == CONFLICT) & decidable & np.isin(row, left_out.get("settled", ()))
    of_file = np.count_nonzero(row >= 0)

    def positions(which: np.ndarray) -> np.ndarray:
        return np.flatnonzero((which & ~out)[:of_file])

    return Accepted(
        positions(kind == ADDED),
        positions((kind == CHANGED) | settled),
        positions(kind == SAME),
        entries["key"].to_numpy()[(kind == GONE) & ~out],
        entries["mask"].to_numpy()[:of_file],
    )


def still_so(entries: pa.Table, before: pa.Table, current: pa.Table, keys: np.ndarray) -> None:
    """仍如所见: raises `Overtaken` where the register says another thing of `keys` than `before`, or has lost them."""
    kept_keys = before["key"].to_numpy()
    seen = before.take(pa.array(np.flatnonzero(np.isin(kept_keys, keys))))
    at = difference.locate(seen["key"].to_numpy(), current["key"].to_numpy())
    changed = at < 0
    here = np.flatnonzero(~changed)
    for name in current.column_names:
        if name not in seen.column_names or name == "key":
            continue
        one, other = (plain(side[name]).take(pa.array(places)) for side, places in ((seen, here), (current, at[here])))
        both_unknown = pc.and_(pc.is_null(one), pc.is_null(other))
        equal = pc.or_(pc.equal(one, other).fill_null(False), both_unknown).to_numpy(zero_copy_only=False)
        changed[here[~equal]] = True
    if changed.any():
        raise Overtaken(int(changed.sum()))


def plain(column: pa.ChunkedArray) -> pa.Array:
    """One array, no dictionary."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return array.cast(array.type.value_type) if pa.types.is_dictionary(array.type) else array


def stated(sent: pa.Array, kept: pa.Array) -> pa.Array:
    """所报或原值: what the file states, else what the register says."""
    sent, kept = plain(sent), plain(kept)
    return pc.coalesce(sent, kept.cast(sent.type))


def good_rows(import_id: int) -> pa.Table:
    """可用行: the staged rows that were not refused, in the order of the entries."""
    return not_refused(staging.read(import_id, "rows"))


def not_refused(rows: pa.Table) -> pa.Table:
    """未拒绝的行: the rows themselves where none was refused: a province is not copied for nothing."""
    if not pc.any(rows["refused"]).as_py():
        return rows.combine_chunks()
    return rows.filter(pc.invert(rows["refused"])).combine_chunks()


def set_import(import_id: int | None) -> None:
    """记名: the history names the import that changed a row, until the transaction ends; None = no import."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('jiedui.import', %s, true)", [str(import_id or "")])


def counted(**rows: int) -> Mapping[str, Any]:
    """写了多少: tables with how many rows, without the zeros."""
    return {name: number for name, number in rows.items() if number}
