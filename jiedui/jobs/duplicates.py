"""查重作业: look for persons of the register who may be one, below a division, and put them into the queue.

Identity numbers are opened in this process only and leave it as what two of them have in common.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
from psycopg import sql

from jiedui.errors import JieduiError
from jiedui.linkage import evidence_label, probable
from jiedui.linkage.levels import EVIDENCE, UNKNOWN
from jiedui.records import copying
from jiedui.records.actions import duplicates
from jiedui.records.imports import difference
from jiedui.records.privacy import cipher
from jiedui.terms.divisions import Gazetteer, prefix
from jiedui.terms.scope import prefix_range

_COLUMNS: Final = (
    ("person_id", pa.int64()), ("household_id", pa.int64()), ("region_code", pa.string()), ("name", pa.string()),
    ("sex", pa.string()), ("birth_year", pa.int64()), ("id_number", pa.string()), ("phone", pa.string()),
)  # fmt: skip
_SECRET: Final = ("id_number", "phone")


def find(region_code: str, *, on: date | None = None) -> dict[str, int]:
    """查重: among the people present below a division; gives how many were compared, found, new and gone.

    Raises:
        JieduiError: there is no such division, or nobody is registered there.
    """
    if Gazetteer.load().get(region_code) is None:
        raise JieduiError(f"{region_code!r} is no division.", remedy="Choose the county, prefecture or province.")
    persons = read(region_code)
    if not len(persons):
        raise JieduiError(f"Nobody is registered in {region_code}.", remedy="Import the roster first.")
    found = probable(persons, on=on or date.today())
    stored = duplicates.store_found(as_pairs(found, persons), region_code)
    return {"compared": len(persons), "found": len(found), **stored}


def settle(pair_id: int) -> None:
    """落实判定: see `records.actions.duplicates`."""
    duplicates.settle(pair_id)


def read(region_code: str) -> pa.Table:
    """读人口: who is present below a division, numbers and phones in plain text."""
    low, high = prefix_range(prefix(region_code))
    columns = sql.SQL(", ").join(
        sql.SQL("encode({}, 'hex')" if name in _SECRET else "{}").format(sql.Identifier(name)) for name, _ in _COLUMNS
    )
    query = sql.SQL(
        "SELECT {} FROM records_person WHERE left_on IS NULL AND region_code >= {} AND region_code < {}"
    ).format(columns, sql.Literal(low), sql.Literal(high))
    rows = copying.read(query, pa.schema(list(_COLUMNS)))
    secret, keys = cipher(), rows["person_id"].combine_chunks()
    for name in _SECRET:
        sealed = pa.array([text and bytes.fromhex(text) for text in rows[name].to_pylist()], pa.binary())
        opened = secret.decrypt_many(sealed, name, keys)
        rows = rows.set_column(rows.column_names.index(name), name, opened)
    return rows


def as_pairs(found: pa.Table, persons: pa.Table) -> pa.Table:
    """入队: pairs with their villages and the evidence in words, as `actions.duplicates.FOUND`."""
    keys, regions = persons["person_id"].to_numpy(), persons["region_code"].combine_chunks()
    sides = {side: found[side].to_numpy() for side in ("left", "right")}
    places = {side: regions.take(pa.array(difference.locate(values, keys))) for side, values in sides.items()}
    columns = {name: found[name].to_pylist() for name in EVIDENCE}
    evidence = [json.dumps(_words(dict(zip(columns, codes, strict=True))), ensure_ascii=False)
                for codes in zip(*columns.values(), strict=True)]  # fmt: skip
    return pa.table(
        {
            "left_id": np.asarray(sides["left"]), "right_id": np.asarray(sides["right"]),
            "left_region": places["left"], "right_region": places["right"],
            "probability": found["probability"], "evidence": pa.array(evidence, pa.string()),
        },
        schema=duplicates.FOUND,
    )  # fmt: skip


def _words(codes: dict[str, int]) -> list[dict[str, Any]]:
    """What is known and says something, in the order of the evidence."""
    said = []
    for column, code in codes.items():
        if code == UNKNOWN or (column == "circle" and code == 0):
            continue
        chinese, english = evidence_label(column, code)
        said.append({"column": column, "code": int(code), "text_zh": chinese, "text_en": english})
    return said
