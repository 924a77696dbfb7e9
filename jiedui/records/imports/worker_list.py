"""劳动力入册: a list of workers; a row is found by the identity number of a person of the register.

Responsibility follows status (domain fact 8): while a person works away, the place of work answers for the work
record, so a list of the home county that says something else is a conflict.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from psycopg import sql

from jiedui.records import copying
from jiedui.records.imports import difference, plain_list, writing
from jiedui.records.imports.plain_list import Compared, Target
from jiedui.records.imports.refusals import Problems
from jiedui.records.imports.registry import mark_of_pseudonym
from jiedui.records.models import Import
from jiedui.records.privacy import cipher
from jiedui.terms.divisions import prefix
from jiedui.terms.scope import prefix_range

FIELDS: Final = (
    "work_status", "willing", "able", "occupation", "skill", "min_wage_fen", "max_distance_km", "dependants", "season",
    "needs_dormitory", "registered_on",
)  # fmt: skip
_KINDS: Final = {"willing": pa.bool_(), "able": pa.bool_(), "needs_dormitory": pa.bool_(), "min_wage_fen": pa.int64(),
                 "max_distance_km": pa.int64(), "dependants": pa.int64(), "registered_on": pa.date32()}  # fmt: skip
_OF_WORK: Final = ("work_status",)


def compare(one: Import, rows: pa.Table, problems: Problems) -> tuple[pa.Table, Compared]:
    """比对: who is not in the register, or is there under another name, is refused."""
    persons = _persons(one.region_code)
    rows, good = _found(rows, persons, problems)
    register = _register(one.region_code)
    at = difference.locate(good["key"].to_numpy(), register["key"].to_numpy())
    away = np.zeros(len(good), bool)
    known = np.flatnonzero(at >= 0)
    kept = register.take(pa.array(at[known]))
    says_other = difference.differs(
        good["work_status"].combine_chunks().take(pa.array(known)), kept["work_status"].combine_chunks()
    )
    away[known] = says_other & kept["works_away"].to_numpy()
    return rows, plain_list.compare(good, register, FIELDS, [("responsible", away)])


def write(one: Import, progress: writing.Progress) -> Mapping[str, Any]:
    """入册; `progress` is not asked: such a list is written at once."""
    writing.lock()
    writing.set_import(one.pk)
    good = writing.good_rows(one.pk)
    _, found = _found(good, _persons(one.region_code), Problems())
    if len(found) != len(good):
        raise writing.Overtaken(len(good) - len(found))
    fixed = {
        "skill": "none",
        "dependants": 0,
        "season": "all_year",
        "needs_dormitory": False,
        "registered_on": date.today(),
    }
    return plain_list.write(one, found, _register(one.region_code), Target("worker", "worker_id", FIELDS, fixed))


def _found(rows: pa.Table, persons: pa.Table, problems: Problems) -> tuple[pa.Table, pa.Table]:
    """The rows (more refused), and the good ones with the person, household and village that they mean."""
    marks = mark_of_pseudonym(cipher().pseudonym_many(rows["id_number"].combine_chunks())).fill_null(0)
    at = difference.locate(marks.to_numpy(), persons["id_mark"].to_numpy())
    refused = rows["refused"].to_numpy().copy()
    absent = (at < 0) & ~refused
    problems.add(rows["row"].to_numpy()[absent], "no_such_person", "id_number")
    refused |= absent
    kept = persons.take(pa.array(at, mask=at < 0))
    other = pc.not_equal(rows["name"], kept["name"]).fill_null(False).to_numpy() & ~refused
    problems.add(
        rows["row"].to_numpy()[other], "name_differs", "name", rows["name"].filter(pa.array(other)).combine_chunks()
    )
    refused |= other
    rows = rows.set_column(rows.column_names.index("refused"), "refused", pa.array(refused))
    good, person = rows.filter(pa.array(~refused)).combine_chunks(), kept.filter(pa.array(~refused))
    for name in ("person_id", "household_id", "region_code"):
        good = good.append_column(name, person[name])
    return rows, good.append_column("key", person["person_id"])


def _persons(region_code: str) -> pa.Table:
    low, high = prefix_range(prefix(region_code))
    query = sql.SQL(
        "SELECT person_id, household_id, region_code, name, "
        "('x' || left(pseudonym, 16))::bit(64)::bigint FROM records_person "
        "WHERE left_on IS NULL AND region_code >= {} AND region_code < {}"
    ).format(sql.Literal(low), sql.Literal(high))
    names = {
        "person_id": pa.int64(),
        "household_id": pa.int64(),
        "region_code": pa.string(),
        "name": pa.string(),
        "id_mark": pa.int64(),
    }
    return copying.read(query, pa.schema(list(names.items())))


def _register(region_code: str) -> pa.Table:
    low, high = prefix_range(prefix(region_code))
    query = sql.SQL(
        "SELECT person_id, worker_id, {fields}, EXISTS (SELECT FROM records_placement p "
        "WHERE p.person_id = w.person_id AND p.ended_on IS NULL "
        "AND (p.work_region_code < {low} OR p.work_region_code >= {high})) "
        "FROM records_worker w WHERE region_code >= {low} AND region_code < {high}"
    ).format(
        fields=sql.SQL(", ").join(sql.SQL("w.{}").format(sql.Identifier(name)) for name in FIELDS),
        low=sql.Literal(low), high=sql.Literal(high),
    )  # fmt: skip
    kinds = [(name, _KINDS.get(name, pa.string())) for name in FIELDS]
    return copying.read(
        query, pa.schema([("key", pa.int64()), ("worker_id", pa.int64()), *kinds, ("works_away", pa.bool_())])
    )
