"""读取并比对: an uploaded file on its way to the officer's decision: read, checked, compared, staged.

Touches nothing of the register. May be killed at any moment: the next run begins again from the uploaded file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from jiedui.errors import JieduiError
from jiedui.records.imports import (
    difference,
    household_rows,
    plain_list,
    preview,
    reading,
    refusals,
    registry,
    staging,
    vacancy_list,
    village_list,
    work_month_list,
    worker_list,
    writing,
)
from jiedui.records.imports.difference import CHANGED, CONFLICT, GONE, Difference
from jiedui.records.imports.forms import form
from jiedui.records.imports.reading import Source
from jiedui.records.models import Import

Progress = Callable[[str, int, int], None]
"""`progress(unit, done, total)`; may raise `reading.Stopped`."""


@dataclass(frozen=True)
class Compared:
    """比对结果: what the import's row keeps of it."""

    counts: dict[str, int]
    columns: dict[str, int]
    unknown_labels: dict[str, dict[str, int]]
    problems: dict[str, int]
    header: str


@dataclass(frozen=True)
class Sided:
    """两边比对: the rows (some more refused), the entries, and what the register says of those that differ."""

    rows: pa.Table
    difference: Difference
    before: pa.Table
    new_year: np.ndarray | None = None
    """Entries of persons of whom the roster's year is not kept yet."""


def run(one: Import, progress: Progress) -> Compared:
    """读取并比对: stages `rows`, `problems`, `raw`, `before` and `difference` under the import's number.

    Raises:
        JieduiError: the file cannot be read or compared; one sentence that says what and how to mend it.
        Stopped: `progress` raised it.
    """
    shape = form(one.kind)
    source = Source(staging.original(one.pk), shape, one.region_code, one.columns.get("fields", {}), one.labels)
    found = reading.read(source, lambda done, total: progress("bytes", done, total))
    total = len(found.rows)
    progress("rows", 0, total)
    rows = prepare(one, found)
    pa.default_memory_pool().release_unused()
    with transaction.atomic():
        sided = SIDES[one.kind](one, rows, found.problems)
    rows, result = sided.rows, sided.difference
    progress("rows", total, total)
    problems = found.problems.table()
    refused = rows["refused"].to_numpy()
    _keep_texts(source, found, rows["row"].to_numpy()[refused])
    staging.write(one.pk, "rows", rows)
    staging.write(one.pk, "problems", problems)
    staging.write(one.pk, "raw", _raw(found))
    staging.write(one.pk, "before", sided.before)
    staging.write(one.pk, "difference", _with_fields(sided))
    preview.stage(one.pk, preview.Compared(rows, result, sided.before, problems))
    counts = result.count() | {"refused": int(refused.sum()), "warned": _warned(problems, rows, refused)}
    labels = {name: dict(counter.most_common(reading.LABELS_ASKED)) for name, counter in found.unknown_labels.items()}
    return Compared(counts, found.columns, labels, refusals.counts(problems), found.header.digest)


def prepare(one: Import, found: reading.Read) -> pa.Table:
    """整理: keys that stand twice are refused; households agree; checks of the roster."""
    rows, problems = found.rows.combine_chunks(), found.problems
    found.rows = found.rows.slice(0, 0)  # a province fits into memory once
    refused = rows["refused"].to_numpy().copy()
    shape = form(one.kind)
    for name, rule in (("id_number", "id_twice"), (shape.key, "key_twice")):
        if (
            name in rows.column_names
            and not shape.monthly
            and not (rule == "key_twice" and name in ("id_number", "title"))
        ):
            twice = difference.repeated(rows[name].combine_chunks()) & ~refused
            problems.add(rows["row"].to_numpy()[twice], rule, name, rows[name].filter(pa.array(twice)).combine_chunks())
            refused |= twice
    rows = _refusing(rows, refused)
    if one.kind == "registry":
        on = date.today()
        rows = household_rows.agree(rows, shape, problems, on)
        checked = household_rows.check(rows, one.year or on.year, on, problems)
        rows = registry.with_indexes(_refusing(rows, rows["refused"].to_numpy() | checked))
    return rows


def _registry(one: Import, rows: pa.Table, problems: refusals.Problems) -> Sided:
    year = one.year or date.today().year
    newest = registry.newest_year(one.region_code)
    if newest is not None and year < newest:
        raise JieduiError(
            f"This roster is of {year}, and the register has {newest} already.",
            remedy="A roster of an earlier year would take back what came later; correct the rows in question instead.",
        )
    register = registry.register_side(one.region_code, year)
    rows = _complete(rows, register, problems)
    good = registry.file_side(writing.not_refused(rows))
    sides = registry.sides(good, register)
    sides.gone[_named_by_refused(rows, register)] = False
    result = difference.compare(sides, registry.conflicts(good, one.region_code, register))
    at, kept = result.table["at"].to_numpy(), register["year_of_person"].fill_null(0).to_numpy()
    behind = np.zeros(len(at), bool)
    behind[at >= 0] = kept[at[at >= 0]] != year
    return Sided(rows, result, before(result, register), behind)


def _complete(rows: pa.Table, register: pa.Table, problems: refusals.Problems) -> pa.Table:
    """New persons of whom the register must know more than the row says are refused, column by column."""
    refused = rows["refused"].to_numpy().copy()
    keys = rows["person_id"].fill_null(-1).to_numpy()
    new = (difference.locate(keys, register["key"].to_numpy()) < 0) & ~refused
    for name in registry.NEEDED:
        empty = new & pc.is_null(rows[name]).to_numpy()
        problems.add(rows["row"].to_numpy()[empty], "missing", name)
        refused |= empty
    return _refusing(rows, refused)


def _named_by_refused(rows: pa.Table, register: pa.Table) -> np.ndarray:
    """Positions of the register's persons whom a refused row names: such a person is not gone."""
    refused = rows.filter(rows["refused"])
    at = difference.locate(refused["person_id"].drop_null().to_numpy(), register["key"].to_numpy())
    return at[at >= 0]


def before(result: Difference, register: pa.Table) -> pa.Table:
    """先前: what the register says of each changed, conflicting or gone entry, with its `entry`."""
    table = result.table
    kind, at = table["kind"].to_numpy(), table["at"].to_numpy()
    wanted = np.flatnonzero(np.isin(kind, (CHANGED, CONFLICT, GONE)) & (at >= 0))
    return register.take(pa.array(at[wanted])).append_column("entry", pa.array(wanted))


def _refusing(rows: pa.Table, refused: np.ndarray) -> pa.Table:
    return rows.set_column(rows.schema.get_field_index("refused"), "refused", pa.array(refused))


def _keep_texts(source: Source, found: reading.Read, refused: np.ndarray) -> None:
    """Rows that were refused after they were read: the file is read again for what it says of them."""
    late = np.sort(refused[~np.isin(refused, list(found.raw))])[: max(refusals.ROWS_KEPT - len(found.raw), 0)]
    if len(late):
        found.raw |= reading.texts(source, found.header, late)


def _raw(found: reading.Read) -> pa.Table:
    """The texts of refused rows as the file has them: row, cells (list of text)."""
    numbers = sorted(found.raw)
    return pa.table(
        {
            "row": pa.array(numbers, pa.int32()),
            "cells": pa.array([found.raw[row] for row in numbers], pa.list_(pa.string())),
        }
    )


def _warned(problems: pa.Table, rows: pa.Table, refused: np.ndarray) -> int:
    numbers = pc.unique(problems["row"]).to_numpy()
    return int(np.count_nonzero(~np.isin(numbers, rows["row"].to_numpy()[refused])))


def _with_fields(sided: Sided) -> pa.Table:
    table = sided.difference.table
    if sided.new_year is not None:
        table = table.append_column("new_year", pa.array(sided.new_year))
    return table.replace_schema_metadata({"fields": ",".join(sided.difference.fields)})


def _of_list(compare: Callable[..., tuple[pa.Table, plain_list.Compared]]) -> Side:
    def side(one: Import, rows: pa.Table, problems: refusals.Problems) -> Sided:
        rows, compared = compare(one, rows, problems)
        return Sided(rows, compared.difference, compared.before)

    return side


Side = Callable[[Import, pa.Table, refusals.Problems], Sided]
SIDES: Final[dict[str, Side]] = {
    "registry": _registry,
    "worker": _of_list(worker_list.compare),
    "vacancy": _of_list(vacancy_list.compare),
    "work_month": _of_list(work_month_list.compare),
    "village": _of_list(village_list.compare),
}
