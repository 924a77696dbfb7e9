"""A made-up country for the matches of pairs, as a real snapshot; and the best assignment by trying all."""

from __future__ import annotations

import itertools
import math
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from jiedui import snapshot
from jiedui.policy import parameters, published
from jiedui.snapshot import Snapshot
from jiedui.snapshot.schema import TABLES
from jiedui.snapshot.schema.arrow import arrow_schema
from jiedui.terms.divisions import Gazetteer

ON = date(2019, 12, 31)
GAZETTEER = Gazetteer.load()
SHANGHAI_YUNNAN, DONGGUAN_ZHAOTONG = 7, 31
XUHUI, PUDONG, DONGGUAN, HANGZHOU = "310104", "310115", "441900", "330102"
ZHAOYANG, LUDIAN, LUQUAN = "530602", "530621", "530128"
"""昭阳 and 鲁甸 of 昭通 (东莞, 中山), 禄劝 of 昆明 (上海)."""
PARAMETERS = parameters.load(ON)


def edges() -> list[dict[str, Any]]:
    """The published pairings, as rows that a test may change."""
    return [{field: getattr(pairing, field) for field in pairing.__slots__} for pairing in published.pairings_2016()]


def freeze(folder: Path, **rows: list[dict[str, Any]]) -> Snapshot:
    """Write the rows of the tables named, and the published pairings unless told otherwise; open the snapshot."""
    rows.setdefault("pairing", edges())
    tables = {name: _table(name, rows.get(name, [])) for name in TABLES}
    snapshot.write(tables, folder, as_of=ON, policy_digest="test", synthetic=True)
    return snapshot.open(folder)


def _table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    schema = arrow_schema(TABLES[name], True)
    return pa.Table.from_pylist([{field: row.get(field) for field in schema.names} for row in rows], schema=schema)


def pairs(outcome: Any) -> dict[int, int]:
    """left → right of the proposals."""
    columns = (outcome.proposals[name].to_pylist() for name in ("left_id", "right_id"))
    return dict(zip(*columns, strict=True))


def asked(**more: Any) -> dict[str, Any]:
    """What every match of pairs is asked."""
    return {"parameters": PARAMETERS, "gazetteer": GAZETTEER} | more


def best(worth: dict[tuple[int, int], int], lefts: list[int], seats: dict[int, int]) -> tuple[int, int]:
    """(most placed, greatest utility with so many) over all assignments of `lefts`, by trying each of them."""
    options = [[None, *(right for right in seats if (left, right) in worth)] for left in lefts]
    found = (0, 0)
    for chosen in itertools.product(*options):
        if all(chosen.count(right) <= seats[right] for right in set(chosen) - {None}):
            taken = [worth[left, right] for left, right in zip(lefts, chosen, strict=True) if right is not None]
            found = max(found, (len(taken), sum(taken)))
    return found


def reached(outcome: Any) -> tuple[int, int]:
    """(placed, utility) of the proposals."""
    return len(outcome.proposals), sum(outcome.proposals["utility"].to_pylist())


def km(one: str, other: str) -> float:
    """Great circle between two county seats by the law of cosines: another formula than the engine's."""
    (lon, lat), (east, north) = GAZETTEER.coordinates(one), GAZETTEER.coordinates(other)
    a, b, turn = math.radians(lat), math.radians(north), math.radians(east - lon)
    return 6371.0088 * math.acos(math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(turn))
