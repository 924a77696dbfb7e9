"""Rows of made-up persons for the tests of linkage."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from jiedui.terms.identity import id_check_digit

SCHEMA = pa.schema(
    [
        ("person_id", pa.int64()),
        ("household_id", pa.int64()),
        ("region_code", pa.string()),
        ("name", pa.string()),
        ("sex", pa.string()),
        ("birth_year", pa.int64()),
        ("id_number", pa.string()),
        ("phone", pa.string()),
    ]
)


def number(area: str = "005301", born: str = "19800305", order: str = "123") -> str:
    """An identity number that is nobody's, with its check digit."""
    return area + born + order + id_check_digit(area + born + order)


def person(person_id: int, **different: Any) -> dict[str, Any]:
    """A person, a household and a village of her own unless said otherwise."""
    return {
        "person_id": person_id,
        "household_id": 100 + person_id,
        "region_code": f"5301{person_id:02}901201",
        "name": "王建国",
        "sex": "male",
        "birth_year": 1980,
        "id_number": number(),
        "phone": None,
    } | different


def table(rows: Iterable[dict[str, Any]]) -> pa.Table:
    """The rows as the table that `probable` takes."""
    return pa.Table.from_pylist(list(rows), SCHEMA)
