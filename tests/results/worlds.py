"""Made-up proposals of any number, as the engine's tables; every row is a dictionary that a test may change."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from jiedui.matching.problems.labour.table import SCHEMA
from jiedui.matching.problems.pairs import SCHEMA as PAIRS
from jiedui.results import store
from jiedui.results.models import Run

LINEAGE = {"snapshot_digest": "d", "snapshot_path": "snapshots/2019-12-31", "policy_digest": "p"}
PARTS = ["placement", "wage", "distance", "occupation"]


def proposal(worker: int, **changed: Any) -> dict[str, Any]:
    """A worker of 昭阳 and a vacancy in 浦东; the first wish, and nothing else to choose from."""
    return {
        "worker_id": worker, "person_id": f"{worker:032x}", "region_code": "530602101001", "vacancy_id": 1,
        "work_region_code": "310115", "utility": 100, "price": 0, "tier": 1, "distance_km": 12.5,
        "points": [100, 0, 0, 0], "wage_fen": 350_000, "expected_fen": None, "dependants": 0, "occupation_fit": "any",
        "partner": "", "next_vacancy_id": None, "next_region_code": "", "next_utility": None, "next_price": None,
        "wish_vacancy_id": None, "wish_region_code": "", "wish_utility": None, "wish_price": None, "wish_reason": "",
    } | changed  # fmt: skip


def pair(left: int, right: int, **changed: Any) -> dict[str, Any]:
    """Two counties."""
    return {
        "left_id": left, "left_region": "530602", "right_id": right, "right_region": "310115", "utility": 5,
        "price": 1, "distance_km": None, "points": [5], "facts": {}, "next_right_id": None, "next_utility": None,
        "next_price": None, "wish_right_id": None, "wish_utility": None, "wish_price": None, "wish_reason": "",
    } | changed  # fmt: skip


def proposals(rows: list[dict[str, Any]]) -> pa.Table:
    """Rows as the engine gives them."""
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def pairs(rows: list[dict[str, Any]]) -> pa.Table:
    """The same for pairs; without the problem, and the facts as structs."""
    kept = [field for field in PAIRS if field.name not in ("problem", "facts")]
    table = pa.Table.from_pylist(rows, schema=pa.schema(kept))
    names = sorted({name for row in rows for name in row["facts"]})
    kinds = {name: next(pa.scalar(row["facts"][name]).type for row in rows if row["facts"].get(name) is not None)
             for name in names if any(row["facts"].get(name) is not None for row in rows)}  # fmt: skip
    facts = pa.struct([(name, kinds.get(name, pa.null())) for name in names])
    return table.append_column("facts", pa.array([row["facts"] for row in rows], facts))


def run(rows: list[dict[str, Any]], *, region: str = "", summary: dict[str, Any] | None = None, **asked: Any) -> Run:
    """A finished labour run of these proposals."""
    told = {"as_of": "2019-12-31", "parts": PARTS, "certificate": certificate(len(rows)), "comparison": []}
    with store.running(
        "match", area="labour", year=2019, asked=store.Asked(problem="labour", region_code=region, **asked), **LINEAGE
    ) as made:
        store.save_proposals(made, proposals(rows), summary=told | (summary or {}))
    return made


def run_of_pairs(rows: list[dict[str, Any]], problem: str = "county_pair", **summary: Any) -> Run:
    """A finished run of these pairs."""
    told = {"as_of": "2019-12-31", "parts": ["served"], "certificate": certificate(len(rows))}
    with store.running("match", area="pairing", year=2019, asked=store.Asked(problem=problem), **LINEAGE) as made:
        store.save_pair_proposals(made, pairs(rows), summary=told | summary)
    return made


def certificate(placed: int) -> dict[str, Any]:
    """Proven, everybody placed."""
    return {"proven": True, "placements": placed, "workers": placed, "objective": 9, "bound": 9, "gap": 0.0}
