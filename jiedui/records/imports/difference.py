"""差异比对: a roster as it was sent against what the register would print today, before anything is written.

Each row of the file becomes one entry: same, added, changed or conflict; what the register has in the file's villages
and the file leaves out is gone. An empty cell says nothing, so it changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

KINDS: Final = ("same", "added", "changed", "conflict", "gone")
SAME, ADDED, CHANGED, CONFLICT, GONE = range(5)

REASONS: Final = {
    "": ("", ""),
    "elsewhere": ("证件号码已登记在另一个人编号下", "the identity number is registered under another person's number"),
    "moved": ("此人登记在另一个县", "the person is registered in another county"),
    "identity": ("证件号码与登记册不同", "the identity number is not the register's"),
    "responsible": ("就业信息由务工地负责", "the place of work answers for the work record"),
    "household": ("此人登记在另一户", "the person is registered in another household"),
}
"""Why a row is a conflict: nobody's value wins until somebody says so."""
DECIDABLE: Final = frozenset({"identity", "responsible", "household"})
"""Conflicts that the officer may settle in favour of the file; the others are for the other office."""
_REASON_NUMBER: Final = {name: number for number, name in enumerate(REASONS)}


@dataclass(frozen=True)
class Difference:
    """差异: (n,) entries: those of the file's rows first, then what is gone.

    `table`: row int32 (null = gone), key int64, kind uint8, reason uint8, mask uint64 (bit i = `fields[i]` differs),
    at int64 (position in the register's roster, -1 = not there).
    """

    fields: tuple[str, ...]
    table: pa.Table

    def count(self) -> dict[str, int]:
        """各类行数: by kind."""
        numbers = np.bincount(self.table["kind"].to_numpy(), minlength=len(KINDS))
        return dict(zip(KINDS, map(int, numbers), strict=True))


@dataclass(frozen=True)
class Sides:
    """两边: `file` and `register` with the same columns; both have `key` int64, unique on each side.

    `compared` are the columns to hold against each other; `gone` (m,) bool: which rows of the register are gone when
    the file has no such key (they lie in its villages, they are present).
    """

    file: pa.Table
    register: pa.Table
    compared: Sequence[str]
    gone: np.ndarray


def compare(sides: Sides, conflicts: Sequence[tuple[str, np.ndarray]] = ()) -> Difference:
    """比对: every entry with what differs. `conflicts`: (reason, (n,) bool of file rows); the first reason stands."""
    keys, held = sides.file["key"].to_numpy(), sides.register["key"].to_numpy()
    at = locate(keys, held)
    mask = np.zeros(len(keys), np.uint64)
    found = np.flatnonzero(at >= 0)
    here, there = pa.array(found), pa.array(at[found])
    for bit, name in enumerate(sides.compared):
        sent, kept = sides.file[name].combine_chunks().take(here), sides.register[name].combine_chunks().take(there)
        mask[found[differs(sent, kept)]] |= np.uint64(1 << bit)
    kind = np.where(at < 0, ADDED, np.where(mask != 0, CHANGED, SAME)).astype(np.uint8)
    reason = np.zeros(len(keys), np.uint8)
    for name, rows in conflicts:
        clash = rows & (kind != SAME) & (reason == 0)
        kind[clash], reason[clash] = CONFLICT, _REASON_NUMBER[name]
    left = np.flatnonzero(sides.gone & (locate(held, keys) < 0))
    return Difference(tuple(sides.compared), _entries(sides, keys, kind, reason, mask, at, left))


def _entries(
    sides: Sides,
    keys: np.ndarray,
    kind: np.ndarray,
    reason: np.ndarray,
    mask: np.ndarray,
    at: np.ndarray,
    left: np.ndarray,
) -> pa.Table:
    gone = len(left)
    row = pa.concat_arrays([sides.file["row"].combine_chunks(), pa.nulls(gone, pa.int32())])
    return pa.table(
        {
            "row": row,
            "key": np.concatenate([keys, sides.register["key"].to_numpy()[left]]),
            "kind": np.concatenate([kind, np.full(gone, GONE, np.uint8)]),
            "reason": np.concatenate([reason, np.zeros(gone, np.uint8)]),
            "mask": np.concatenate([mask, np.zeros(gone, np.uint64)]),
            "at": np.concatenate([at, left]),
        }
    )


def differs(sent: pa.Array, kept: pa.Array) -> np.ndarray:
    """有变化: (n,) bool: something is sent, and the register says another thing or nothing."""
    if pa.types.is_dictionary(kept.type):
        kept = kept.cast(kept.type.value_type)
    if pa.types.is_dictionary(sent.type):
        sent = sent.cast(sent.type.value_type)
    other = pc.not_equal(sent, kept).fill_null(True)
    return pc.and_(pc.is_valid(sent), other).to_numpy(zero_copy_only=False)


def locate(wanted: np.ndarray, held: np.ndarray) -> np.ndarray:
    """定位: (n,) position of each wanted key among the held ones (unique), -1 where it is not there."""
    if not len(held):
        return np.full(len(wanted), -1, np.int64)
    order = np.argsort(held, kind="stable")
    near = np.searchsorted(held, wanted, sorter=order).clip(max=len(held) - 1)
    place = order[near]
    return np.where(held[place] == wanted, place, -1)


def repeated(column: pa.Array) -> np.ndarray:
    """重复: (n,) bool: the value stands in another row, too; an empty one never counts."""
    encoded = column.dictionary_encode()
    place = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    known = place >= 0
    times = np.bincount(place[known], minlength=len(encoded.dictionary))
    found = np.zeros(len(place), bool)
    found[known] = times[place[known]] > 1
    return found
