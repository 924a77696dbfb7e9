"""在册人员: the persons of the register whom a list means, found by the identity number and held against the name."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from psycopg import sql

from jiedui.records import copying
from jiedui.records.imports import difference
from jiedui.records.imports.refusals import Problems
from jiedui.records.imports.registry import mark_of_pseudonym
from jiedui.records.privacy import cipher
from jiedui.terms.divisions import prefix
from jiedui.terms.scope import prefix_range

_COLUMNS: Final = {
    "person_id": pa.int64(),
    "household_id": pa.int64(),
    "region_code": pa.string(),
    "name": pa.string(),
    "birth_year": pa.int64(),
    "in_school": pa.bool_(),
    "labour_ability": pa.string(),
    "joined_on": pa.date32(),
    "id_mark": pa.int64(),
}
_ATTACHED: Final = ("person_id", "household_id", "region_code")


def read(region_code: str) -> pa.Table:
    """在册人员表: who is in the register below a division's code, with a mark (int64) of the number."""
    low, high = prefix_range(prefix(region_code))
    query = sql.SQL(
        "SELECT person_id, household_id, region_code, name, birth_year, in_school, labour_ability, joined_on, "
        "('x' || left(pseudonym, 16))::bit(64)::bigint FROM records_person "
        "WHERE left_on IS NULL AND region_code >= {} AND region_code < {}"
    ).format(sql.Literal(low), sql.Literal(high))
    return copying.read(query, pa.schema(list(_COLUMNS.items())))


def marks(numbers: pa.Array) -> pa.Array:
    """标记: int64 (n,) of identity numbers as `read` gives them; null where there is none."""
    return mark_of_pseudonym(cipher().pseudonym_many(numbers))


def find(rows: pa.Table, persons: pa.Table, problems: Problems) -> tuple[pa.Table, pa.Table, pa.Table]:
    """找人: the rows (more refused: `no_such_person`, `name_differs`), the good ones with the person, household and
    village that they mean, and the persons (n,) of the good ones.
    """
    at = difference.locate(
        marks(rows["id_number"].combine_chunks()).fill_null(0).to_numpy(), persons["id_mark"].to_numpy()
    )
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
    rows = refusing(rows, refused)
    good, person = rows.filter(pa.array(~refused)).combine_chunks(), kept.filter(pa.array(~refused)).combine_chunks()
    for name in _ATTACHED:
        good = good.append_column(name, person[name])
    return rows, good, person


def refusing(rows: pa.Table, refused: np.ndarray) -> pa.Table:
    """拒绝: the rows with another column `refused`."""
    return rows.set_column(rows.column_names.index("refused"), "refused", pa.array(refused))
