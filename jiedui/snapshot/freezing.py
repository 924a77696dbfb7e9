"""假名: the keyed pseudonym under which a person enters a snapshot, and the freezing of full tables.

The pseudonym is HMAC-SHA-256(key, identity number), its first 32 hexadecimal digits. Whoever has no key can neither
compute it from a number nor go back to one; the same person has the same pseudonym in every snapshot of one key.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from jiedui.errors import JieduiError
from jiedui.snapshot.schema import TABLES
from jiedui.snapshot.schema.arrow import arrow_schema
from jiedui.snapshot.schema.definition import Table

DIGITS: Final = 32


def pseudonym(key: bytes, id_number: str) -> str:
    """假名: 32 hexadecimal digits for one identity number."""
    return hmac.digest(key, id_number.encode(), "sha256").hex()[:DIGITS]


def freeze_tables(tables: Mapping[str, pa.Table], pseudonym_key: bytes) -> dict[str, pa.Table]:
    """冻结字段: full tables as they enter a snapshot: private columns dropped, person keys replaced by pseudonyms.

    `tables` holds `person` with its `id_number`. Rows keep their order. Raises `JieduiError` when the key is empty,
    when an identity number stands twice, or when a person is referred to that `person` does not hold.
    """
    if not pseudonym_key:
        raise JieduiError("The pseudonym key is empty.", remedy="Give the installation's secret key as bytes.")
    persons = tables["person"]
    names = pa.array((pseudonym(pseudonym_key, number) for number in persons["id_number"].to_pylist()), pa.string())
    if len(pc.unique(names)) != len(names):
        raise JieduiError(
            "Two persons have the same identity number, so they would get one pseudonym.",
            remedy="Find the duplicate in person.id_number and correct it.",
        )
    keys = persons["person_id"].combine_chunks()
    return {name: _freeze(TABLES[name], table, keys, names) for name, table in tables.items()}


def _freeze(declared: Table, table: pa.Table, keys: pa.Array, names: pa.Array) -> pa.Table:
    columns = []
    for column in declared.frozen_columns:
        values = table[column.name]
        if column.kind == "person":
            known = names.take(pc.index_in(values, value_set=keys))
            if known.null_count > values.null_count:
                raise JieduiError(
                    f"{declared.name}.{column.name} refers to a person that the table person does not hold.",
                    remedy="Give all persons that the tables refer to.",
                )
            values = known
        columns.append(values)
    return pa.table(columns, schema=arrow_schema(declared, frozen=True))
