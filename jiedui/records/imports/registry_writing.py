"""花名册入册: an accepted roster becomes households, persons, their years and the changes of status.

What the file does not state stays as it is; a new year gets its rows for everybody whom the file names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from psycopg import sql

from jiedui.records import copying
from jiedui.records.imports import difference, registry, staging, writing
from jiedui.records.imports.registry import HOUSEHOLD, HOUSEHOLD_YEAR, PERSON, PERSON_YEAR
from jiedui.records.imports.writing import plain
from jiedui.records.models import Import
from jiedui.records.privacy import cipher

_SMALL: Final = 0.2
"""Share of the file up to which only the rows in question are read again."""
_SQL: Final = {"int64": "bigint", "bool": "boolean", "date32[day]": "date", "string": "text", "binary": "bytea"}


def write(one: Import, progress: writing.Progress) -> Mapping[str, Any]:
    """入册: inside a transaction with `access.signed`; gives how many rows of which table.

    `progress(unit, done, total)` in rows; may raise `Stopped`, and the transaction must then be undone.

    Raises:
        Overtaken: the register changed since the comparison; the transaction must be undone.
    """
    writing.lock()
    writing.set_import(one.pk)
    return _Writer(one, progress).all()


class _Writer:
    """The rows of one import on their way; columns are aligned with `rows`, the accepted rows of the file."""

    def __init__(self, one: Import, progress: writing.Progress) -> None:
        entries, before = staging.read(one.pk, "difference"), staging.read(one.pk, "before")
        self.one, self.year = one, one.year or date.today().year
        good = registry.file_side(writing.good_rows(one.pk))
        self.accepted = writing.accepted(one, entries)
        self.register = self._again(entries)
        keys = np.concatenate([good["key"].to_numpy()[self.accepted.changed], self.accepted.gone])
        writing.still_so(entries, before, self.register, keys)
        new_year = self._needs_year(good)
        at = np.sort(np.concatenate([self.accepted.added, self.accepted.changed, new_year]))
        self.rows = good if len(at) == len(good) else good.take(pa.array(at)).combine_chunks()
        self.mask = self.accepted.mask[at]
        self.at = difference.locate(self.rows["key"].to_numpy(), self.register["key"].to_numpy())
        self.new = self.at < 0
        self._refuse_taken()
        self._progress, self._done = progress, 0

    def _again(self, entries: pa.Table) -> pa.Table:
        took = self.accepted
        self.behind = took.same[entries["new_year"].to_numpy()[took.same]]
        asked = len(took.changed) + len(took.gone) + len(took.added) + len(self.behind)
        if asked > _SMALL * len(entries):
            return registry.register_side(self.one.region_code, self.year)
        at = np.concatenate([took.added, took.changed, self.behind])
        keys = np.concatenate([entries["key"].to_numpy()[at], took.gone])
        return registry.register_side(self.one.region_code, self.year, keys)

    def _needs_year(self, good: pa.Table) -> np.ndarray:
        """Unchanged rows of persons of whom this year is not kept yet, neither then nor now."""
        at = difference.locate(good["key"].to_numpy()[self.behind], self.register["key"].to_numpy())
        kept = self.register["year_of_person"].fill_null(0).to_numpy()
        still, at = self.behind[at >= 0], at[at >= 0]
        return still[kept[at] != self.year]

    def _refuse_taken(self) -> None:
        """A number that was free when the file was compared and is not any more."""
        free = self.new & (difference.locate(self.rows["key"].to_numpy(), self.register["key"].to_numpy()) < 0)
        found = registry.conflicts(self.rows.filter(pa.array(free)), self.one.region_code, self.register)
        taken = int(sum(np.count_nonzero(rows) for name, rows in found if name in ("elsewhere", "moved")))
        added_before = int(np.count_nonzero(free)) - len(self.accepted.added)
        if taken or added_before:
            raise writing.Overtaken(taken + abs(added_before))

    def all(self) -> Mapping[str, Any]:
        """Table after table, those that are referred to first."""
        self.kept = self.register.take(pa.array(self.at, mask=self.new))
        first = self._first_of_household()
        return writing.counted(
            household=self._new_households(first), household_changed=self._changed_households(first),
            household_year=self._household_years(first), person=self._new_persons(),
            person_changed=self._changed_persons(), person_year=self._person_years(),
            status_change=self._status_changes(first), gone=self._gone(),
        )  # fmt: skip

    # ── households ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _first_of_household(self) -> np.ndarray:
        """Positions of one row for each household; its values stand for all, the reader saw to that."""
        keys = self.rows["household_id"].to_numpy()
        _, first = np.unique(keys, return_index=True)
        known = _present("records_household", "household_id", keys[first])
        self.household_known = np.isin(keys[first], known)
        return first

    def _new_households(self, first: np.ndarray) -> int:
        at = first[~self.household_known]
        picked = self.rows.take(pa.array(at))
        table = picked.select(["household_id", "region_code", *HOUSEHOLD]).append_column("address", self._address(at))
        return self._copy("household", table)

    def _address(self, at: np.ndarray) -> pa.Array:
        """What a roster says of where a household lives: village and hamlet."""
        codes = self.rows["region_code"].combine_chunks().take(pa.array(at))
        hamlet = pc.coalesce(plain(self.rows["hamlet"]).take(pa.array(at)), pa.scalar(""))
        names = registry.village_titles(self.one.region_code)
        village = pa.array([names.get(code, code) for code in codes.to_pylist()], pa.string())
        return pc.binary_join_element_wise(village, hamlet, "")

    def _changed_households(self, first: np.ndarray) -> int:
        fields = ("region_code", *HOUSEHOLD)
        at = first[self.household_known]
        differing = self._differs(fields)
        touched = np.isin(self.rows["household_id"].to_numpy()[at], self.rows["household_id"].to_numpy()[differing])
        return self._update("household", "household_id", at[touched], fields)

    def _household_years(self, first: np.ndarray) -> int:
        keys = self.rows["household_id"].to_numpy()[first]
        kept = _present("records_household_year", "household_id", keys, self.year)
        there = np.isin(keys, kept)
        fields = ("region_code", *HOUSEHOLD_YEAR)
        touched = np.isin(keys, self.rows["household_id"].to_numpy()[self._differs(fields)])
        changed = self._update_year("household_year", "household_id", first[there & touched], fields)
        return changed + self._copy("household_year", self._year_rows(first[~there], "household_id", HOUSEHOLD_YEAR))

    def _year_rows(self, at: np.ndarray, key: str, fields: Sequence[str]) -> pa.Table:
        columns = {name: self._stated(name, at) for name in (key, "region_code", *fields)}
        if "members" in columns:
            households = self.rows["household_id"].to_numpy()
            values, place = np.unique(households, return_inverse=True)
            rows_of = np.bincount(place)[np.searchsorted(values, households[at])]
            columns["members"] = pc.coalesce(columns["members"], pa.array(rows_of))
        return pa.table(columns).append_column("year", pa.repeat(pa.scalar(self.year), len(at)))

    # ── persons ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _new_persons(self) -> int:
        at = np.flatnonzero(self.new)
        picked = self.rows.take(pa.array(at))
        plain_columns = ["person_id", "household_id", "region_code", *PERSON, "birth_year", "sex"]

        def prepare(part: pa.Table) -> pa.Table:
            return _with_secrets(part.select(plain_columns), part, ("id_number", "phone"))

        return self._copy("person", picked, prepare)

    def _changed_persons(self) -> int:
        fields = ("region_code", "household_id", *PERSON)
        back = pc.is_valid(self.kept["left_on"]).to_numpy()
        at = np.flatnonzero((self._differs(fields) | back) & ~self.new)
        changed = self._update("person", "person_id", at, (*fields, "left_on"), nulls=("left_on",))
        for name, mark in (("id_number", "id_mark"), ("phone", "phone_mark")):
            self._update_secret(name, np.flatnonzero(self._differs((mark,)) & ~self.new))
        secret = self._differs(("id_mark", "phone_mark")) & ~self.new
        return changed + int(np.count_nonzero(secret & ~np.isin(np.arange(len(secret)), at)))

    def _update_secret(self, name: str, at: np.ndarray) -> None:
        if not len(at):
            return
        picked = self.rows.take(pa.array(at))
        table = _with_secrets(picked.select(["person_id", "birth_year", "sex"]), picked, (name,))
        if name == "phone":
            table = table.drop_columns(["birth_year", "sex"])
        _stage_and_update("person", "person_id", table)

    def _person_years(self) -> int:
        keys = self.rows["key"].to_numpy()
        there = np.isin(keys, _present("records_person_year", "person_id", keys, self.year))
        fields = ("region_code", *PERSON_YEAR)
        changed = self._update_year("person_year", "person_id", np.flatnonzero(there & self._differs(fields)), fields)
        at = np.flatnonzero(~there)
        return changed + self._copy("person_year", self._year_rows(at, "person_id", PERSON_YEAR))

    def _gone(self) -> int:
        keys = self.accepted.gone
        if not len(keys):
            return 0
        left = min(date.today(), date(self.year, 12, 31))
        joined = self.register.take(pa.array(difference.locate(keys, self.register["key"].to_numpy())))["joined_on"]
        days = pc.max_element_wise(plain(joined), pa.scalar(left))
        return _stage_and_update("person", "person_id", pa.table({"person_id": keys, "left_on": days}))

    # ── changes of status ────────────────────────────────────────────────────────────────────────────────────────────

    def _status_changes(self, first: np.ndarray) -> int:
        sent = self._stated("status", first).to_pylist()
        kept = plain(self.kept["status"]).take(pa.array(first)).to_pylist()
        known = self.kept["year_of_household"].take(pa.array(first)).to_pylist()
        kinds = [_change(a, b, year == self.year) for a, b, year in zip(kept, sent, known, strict=True)]
        kinds = [kind if there else "enter" for kind, there in zip(kinds, self.household_known.tolist(), strict=True)]
        at = np.flatnonzero([kind is not None for kind in kinds])
        if not len(at):
            return 0
        entered = self._stated("entered_on", first[at]).to_pylist()
        end = min(date.today(), date(self.year, 12, 31))
        table = pa.table(
            {
                "household_id": self._stated("household_id", first[at]),
                "region_code": self._stated("region_code", first[at]),
                "kind": [kinds[one] for one in at],
                "changed_on": [day if kinds[one] == "enter" else end for one, day in zip(at, entered, strict=True)],
                "reason": pa.repeat(pa.scalar(f"导入批次{self.one.pk}：{self.one.reason or self.one.source}"), len(at)),
            }
        )
        return self._copy("status_change", table)

    # ── how ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _differs(self, fields: Sequence[str]) -> np.ndarray:
        bits = [registry.COMPARED.index(name) for name in fields if name in registry.COMPARED]
        wanted = np.uint64(sum(1 << bit for bit in bits))
        return (self.mask & wanted) != 0

    def _stated(self, name: str, at: np.ndarray) -> pa.Array:
        name = "person_id" if name == "key" else name
        sent = plain(self.rows[name]).take(pa.array(at))
        if name not in self.kept.column_names:
            return sent
        return writing.stated(sent, plain(self.kept[name]).take(pa.array(at)))

    def _copy(self, table: str, rows: pa.Table, prepare: copying.Prepare | None = None) -> int:
        constants = {"import_id": self.one.pk, "entered_by_id": self.one.decided_by_id}
        return copying.write(f"records_{table}", rows, constants, prepare, self._count)

    def _count(self, rows: int) -> None:
        """A person has rows of one's own and of a year, about every third person a household with its year."""
        self._done += rows
        self._progress("rows", self._done, max(self._done, int(2.7 * len(self.rows))))

    def _update(self, table: str, key: str, at: np.ndarray, fields: Sequence[str], nulls: Sequence[str] = ()) -> int:
        columns = {name: self._stated(name, at) for name in (key, *fields) if name not in nulls}
        columns |= {name: pa.nulls(len(at), pa.date32()) for name in nulls}
        return _stage_and_update(table, key, pa.table(columns))

    def _update_year(self, table: str, key: str, at: np.ndarray, fields: Sequence[str]) -> int:
        columns = {name: self._stated(name, at) for name in (key, *fields)}
        return _stage_and_update(table, key, pa.table(columns), year=self.year)


def _change(kept: str | None, sent: str | None, same_year: bool) -> str | None:
    """How a household's status went from one year to the next, or was corrected inside one."""
    if kept is None or sent is None or kept == sent:
        return None
    if sent == "exited":
        return "exit"
    return "correction" if same_year or kept != "exited" else "relapse"


def _with_secrets(table: pa.Table, picked: pa.Table, names: Sequence[str]) -> pa.Table:
    """Ciphertexts, blind indexes and the pseudonym in place of what the file says."""
    secret, keys = cipher(), picked["person_id"].combine_chunks()
    for name in names:
        texts = plain(picked[name])
        table = table.append_column(name, secret.encrypt_many(texts, name, keys))
        table = table.append_column(f"{name}_index", secret.blind_index_many(texts, name))
        if name == "id_number":
            table = table.append_column("pseudonym", picked["pseudonym"])
    return table


def _stage_and_update(table: str, key: str, rows: pa.Table, year: int | None = None) -> int:
    if not len(rows):
        return 0
    kinds = {one.name: _SQL[str(one.type)] for one in rows.schema}
    copying.temporary("import_staged", kinds, rows)
    columns = [name for name in rows.column_names if name != key]
    return copying.update(f"records_{table}", key, "import_staged", columns, year=year)


def _present(table: str, column: str, keys: np.ndarray, year: int | None = None) -> np.ndarray:
    """Which of the keys a table has already (in a year)."""
    if not len(keys):
        return keys
    copying.temporary("import_keys", {"key": "bigint"}, pa.table({"key": np.unique(keys)}))
    of_year = sql.SQL("AND t.year = {}").format(sql.Literal(year)) if year is not None else sql.SQL("")
    query = sql.SQL("SELECT DISTINCT t.{column} FROM {table} t JOIN import_keys k ON k.key = t.{column} {year}").format(
        column=sql.Identifier(column), table=sql.Identifier(table), year=of_year
    )
    return copying.read(query, pa.schema([("key", pa.int64())]))["key"].to_numpy()
