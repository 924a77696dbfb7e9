"""待审页: what an officer looks at before deciding, staged so that a page costs the same of a village and a province.

The entries of each kind lie in sealed chunks of `CHUNK` rows, in the order in which they are shown; a small index
beside them serves the filters. Identity numbers and phones are masked when they are staged, so no page can show more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jiedui.records.imports import staging
from jiedui.records.imports.difference import ADDED, CHANGED, CONFLICT, GONE, Difference
from jiedui.records.imports.writing import plain

PAGE: Final = 50
CHUNK: Final = 10_000
"""Entries that are opened together: some 20 ms."""
PLACES_OFFERED: Final = 300
"""Villages that the filter lists, those with most entries first."""
KINDS: Final = ("changed", "conflict", "added", "gone", "refused", "warned")
"""What is shown, in the order of the tabs; what is the same is only counted."""
SENT, KEPT = "sent:", "kept:"
"""Prefixes of the columns of an entry: what the file says, and what the register says."""
_OF_DIFFERENCE: Final = {"added": ADDED, "changed": CHANGED, "conflict": CONFLICT, "gone": GONE}
_MARKS: Final = {"id_mark": "id_number", "phone_mark": "phone"}
"""Fields that are compared by a mark, and the field of the file that they stand for; of the register it is only kept
whether it has one."""
_NAMES: Final = {"partner": "partner_name"}
"""Fields that are compared by a key, and the column of both sides that people read instead."""
_SECRETS: Final = ("id_number", "partner", "phone")
"""Fields that are identity numbers or phones in the file."""
_HARMLESS: Final = 6
"""Characters of a wrong number up to which it is shown as it stands: it identifies nobody."""
_SUMMARY: Final = ("household_id", "id_number", "month", "worker_follows", "relation", "status", "work_status",
                   "works_in", "days", "income_fen", "occupation", "partner", "seats", "monthly_wage_fen", "firm",
                   "title", "open_from", "township_name", "county_name")  # fmt: skip
"""What is shown of an entry that is wholly new or gone; the first four of every entry."""


@dataclass(frozen=True)
class Compared:
    """待展示: what the comparison found: the file's rows, its entries, what the register says of them, the problems."""

    rows: pa.Table
    difference: Difference
    before: pa.Table
    problems: pa.Table


def stage(import_id: int, compared: Compared) -> None:
    """暂存待审页: all kinds, under the import's number; replaces what was staged before."""
    for name in KINDS:
        table = _entries(compared, name) if name in _OF_DIFFERENCE else _problems(compared, name)
        _keep(import_id, name, table)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Filter:
    """筛选: a village's code ("" = all), and a field ("" = any): one that differs, or that a problem is about."""

    place: str = ""
    field: str = ""

    def __bool__(self) -> bool:
        return bool(self.place or self.field)


@dataclass(frozen=True)
class Shown:
    """一页: entries `first` … of `total` (1-based), with the columns that their kind has."""

    rows: pa.Table
    fields: list[str]
    """The compared fields: bit i of an entry's mask says that the i-th differs."""
    first: int
    total: int
    page: int
    pages: int


def page(import_id: int, kind: str, number: int, wanted: Filter = Filter()) -> Shown:
    """取一页: the entries of a kind on a page (from 1; beyond the last: the last).

    Raises:
        JieduiError: nothing is staged (the import was decided).
    """
    index = staging.read(import_id, f"{kind}-index")
    at = np.flatnonzero(_wanted(index, kind, wanted)) if wanted else np.arange(len(index))
    pages = max(1, -(-len(at) // PAGE))
    number = min(max(1, number), pages)
    here = at[(number - 1) * PAGE : number * PAGE]
    return Shown(_take(import_id, kind, here), _fields(index), (number - 1) * PAGE + 1, len(at), number, pages)


def fitting(import_id: int, kind: str, wanted: Filter) -> list[int]:
    """符合筛选的: what a decision names of each entry that fits: the file's row, of who is gone the register's key."""
    index = staging.read(import_id, f"{kind}-index")
    names = index["key" if kind == "gone" else "row"].to_numpy()
    return [int(one) for one in names[_wanted(index, kind, wanted)]]


def offered(import_id: int, kind: str) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """可选筛选: (village's code, entries) and (field, entries) that occur, most frequent first."""
    table = staging.read(import_id, f"{kind}-filters").to_pylist()
    found: dict[str, list[tuple[str, int]]] = {"place": [], "field": []}
    for one in table:
        found[one["what"]].append((one["value"], one["entries"]))
    return found["place"], found["field"]


def there(import_id: int) -> bool:
    """有无: whether a comparison is staged to be looked at."""
    return staging.there(import_id, f"{KINDS[-1]}-filters")


def _wanted(index: pa.Table, kind: str, wanted: Filter) -> np.ndarray:
    found = np.ones(len(index), bool)
    if wanted.place:
        found &= pc.equal(index["place"], wanted.place).fill_null(False).to_numpy()
    if wanted.field and kind in _OF_DIFFERENCE:
        fields = _fields(index)
        bit = fields.index(wanted.field) if wanted.field in fields else 63
        found &= (index["mask"].to_numpy() >> np.uint64(bit)) & np.uint64(1) == 1
    elif wanted.field:
        found &= pc.equal(index["field"], wanted.field).fill_null(False).to_numpy()
    return found


def _take(import_id: int, kind: str, at: np.ndarray) -> pa.Table:
    parts = []
    for chunk in np.unique(at // CHUNK):
        inside = at[at // CHUNK == chunk] - chunk * CHUNK
        parts.append(staging.read(import_id, f"{kind}-{chunk}").take(pa.array(inside)))
    return pa.concat_tables(parts) if parts else pa.table({"row": pa.array([], pa.int32())})


def _fields(table: pa.Table) -> list[str]:
    told = (table.schema.metadata or {}).get(b"fields", b"").decode()
    return told.split(",") if told else []


# ── staging ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _keep(import_id: int, kind: str, table: pa.Table) -> None:
    for number in range(-(-len(table) // CHUNK)):
        staging.write(import_id, f"{kind}-{number}", table.slice(number * CHUNK, CHUNK))
    other = "mask" if kind in _OF_DIFFERENCE else "field"
    index = table.select(["place", other, "key" if kind == "gone" else "row"])
    staging.write(import_id, f"{kind}-index", index)
    staging.write(import_id, f"{kind}-filters", _offered(index, kind))


def _offered(index: pa.Table, kind: str) -> pa.Table:
    places = _counted(index["place"])[:PLACES_OFFERED]
    if kind in _OF_DIFFERENCE:
        mask = index["mask"].to_numpy()
        bits = ((name, mask >> np.uint64(bit) & np.uint64(1)) for bit, name in enumerate(_fields(index)))
        each = ((name, int(np.count_nonzero(differs))) for name, differs in bits)
        fields = sorted((one for one in each if one[1]), key=lambda one: -one[1])
    else:
        fields = _counted(index["field"])
    lines = [("place", *one) for one in places] + [("field", *one) for one in fields]
    columns = list(zip(*lines, strict=True)) or [[], [], []]
    kinds = {"what": pa.string(), "value": pa.string(), "entries": pa.int64()}
    return pa.table({name: pa.array(column, kinds[name]) for name, column in zip(kinds, columns, strict=True)})


def _counted(column: pa.ChunkedArray) -> list[tuple[str, int]]:
    found = plain(column).value_counts().to_pylist()
    return sorted(((one["values"], one["counts"]) for one in found if one["values"]), key=lambda one: -one[1])


def _entries(compared: Compared, name: str) -> pa.Table:
    table = compared.difference.table
    at = np.flatnonzero(table["kind"].to_numpy() == _OF_DIFFERENCE[name])
    base = {one: table[one].combine_chunks().take(pa.array(at)) for one in ("row", "key", "reason", "mask")}
    good = compared.rows.filter(pc.invert(compared.rows["refused"])).combine_chunks()
    sent = good.take(pa.array(at)) if name != "gone" else None
    kept = _kept(compared.before, at) if name != "added" else None
    columns = base | {"place": _place(sent, kept), "name": _name(sent, kept)}
    fields = list(compared.difference.fields)
    asked = fields if name in ("changed", "conflict") else _SUMMARY
    for one in dict.fromkeys([*asked, *_SUMMARY[:4]]):
        columns |= _pair(one, sent, kept)
    return pa.table(columns).replace_schema_metadata({"fields": ",".join(fields)})


def _kept(before: pa.Table, at: np.ndarray) -> pa.Table:
    """What the register says of the entries, null where it has none."""
    held = before["entry"].to_numpy()
    if not len(held):
        return before.slice(0, 0).take(pa.nulls(len(at), pa.int64()))
    place = np.searchsorted(held, at).clip(max=len(held) - 1)
    return before.take(pa.array(place, mask=held[place] != at))


def _pair(name: str, sent: pa.Table | None, kept: pa.Table | None) -> dict[str, pa.Array]:
    """The columns of a field on both sides, secrets masked, as far as a side has it."""
    found = {}
    of_file, of_register = _MARKS.get(name, _NAMES.get(name, name)), _NAMES.get(name, name)
    if sent is not None and of_file in sent.column_names:
        found[SENT + name] = masked(of_file, plain(sent[of_file]))
    if kept is not None and of_register in kept.column_names:
        column = plain(kept[of_register])
        found[KEPT + name] = pc.is_valid(column) if name in _MARKS else column
    return found


def masked(field: str, texts: pa.Array) -> pa.Array:
    """遮盖: of an identity number the first two and last three characters stay, of a phone the ends of 3 and 4."""
    if field not in ("id_number", "phone"):
        return texts
    head, tail = (2, 3) if field == "id_number" else (3, 4)
    stars = pc.utf8_replace_slice(texts, head, -tail, "*" * (13 if field == "id_number" else 4))
    return pc.if_else(pc.greater(pc.utf8_length(texts), head + tail), stars, "****")


def _place(sent: pa.Table | None, kept: pa.Table | None) -> pa.Array:
    side = sent if sent is not None else kept
    if side is None or "region_code" not in side.column_names:
        return pa.nulls(0 if side is None else len(side), pa.string()).dictionary_encode()
    return plain(side["region_code"]).dictionary_encode()


def _name(sent: pa.Table | None, kept: pa.Table | None) -> pa.Array:
    side = sent if sent is not None else kept
    if side is None:
        return pa.nulls(0, pa.string())
    known: Sequence[str] = [one for one in ("name", "title") if one in side.column_names]
    return plain(side[known[0]]) if known else pa.nulls(len(side), pa.string())


def _problems(compared: Compared, name: str) -> pa.Table:
    """One line for each problem of a refused row, or of one that is only warned of."""
    rows, problems = compared.rows, compared.problems
    numbers, refused = rows["row"].to_numpy(), rows["refused"].to_numpy()
    order = np.argsort(numbers, kind="stable")
    at = order[np.searchsorted(numbers[order], problems["row"].to_numpy())] if len(numbers) else np.empty(0, np.int64)
    chosen = np.flatnonzero(refused[at] == (name == "refused"))
    lines, of_rows = problems.take(pa.array(chosen)), pa.array(at[chosen])
    held = rows.select([one for one in ("name", "title", "region_code") if one in rows.column_names]).take(of_rows)
    secret = pc.is_in(lines["field"], value_set=pa.array(_SECRETS))
    value, field = plain(lines["value"]), plain(lines["field"])
    hidden = pc.if_else(pc.equal(field, "phone"), masked("phone", value), masked("id_number", value))
    whole = pc.and_(plain(secret), pc.greater(pc.utf8_length(value), _HARMLESS)).fill_null(False)
    value = pc.if_else(whole, hidden, value)
    return pa.table(
        {
            "row": plain(lines["row"]), "rule": plain(lines["rule"]), "field": field, "value": value,
            "place": _place(held, None), "name": _name(held, None),
        }
    )  # fmt: skip
