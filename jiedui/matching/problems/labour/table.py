"""建议表: one row per worker placed, as numbers; `results.telling` says them in words."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jiedui.matching.problems.labour.explaining import GOT, REASONS
from jiedui.matching.problems.labour.judging import FITS, PART_COUNT
from jiedui.matching.problems.labour.points import Scale
from jiedui.matching.problems.labour.settling import Settled
from jiedui.matching.problems.labour.sides import UNKNOWN, Bool, Int64

SCHEMA: Final = pa.schema(
    [
        ("worker_id", pa.int64()),
        ("person_id", pa.string()),
        ("region_code", pa.string()),
        ("vacancy_id", pa.int64()),
        ("work_region_code", pa.string()),
        ("utility", pa.int64()),
        ("price", pa.int64()),
        ("tier", pa.int32()),
        ("distance_km", pa.float64()),
        ("points", pa.list_(pa.int16())),
        ("wage_fen", pa.int64()),
        ("expected_fen", pa.int64()),
        ("dependants", pa.int32()),
        ("occupation_fit", pa.string()),
        ("partner", pa.string()),
        ("next_vacancy_id", pa.int64()),
        ("next_region_code", pa.string()),
        ("next_utility", pa.int64()),
        ("next_price", pa.int64()),
        ("wish_vacancy_id", pa.int64()),
        ("wish_region_code", pa.string()),
        ("wish_utility", pa.int64()),
        ("wish_price", pa.int64()),
        ("wish_reason", pa.string()),
    ]
)
"""Columns of the proposals: those of `results.models.Proposal`. Prices are in points, distances in km (null: not
known). `next_…` is null where there is no other; `wish_…` where the first wish is what is proposed."""
PARTNERS: Final = ("", "together", "apart", "alone")


def proposal_table(scale: Scale, settled: Settled) -> pa.Table:
    """建议表: columns of `SCHEMA`, by worker."""
    workers, vacancies = scale.workers, scale.vacancies
    w = np.flatnonzero(settled.assignment >= 0)
    v = settled.assignment[w].astype(np.int64)
    distance = np.round(scale.distance(w, v), 1)
    points = scale.points(w, v)
    columns: dict[str, Any] = {
        "worker_id": workers.worker_id[w],
        "person_id": workers.person_id.take(pa.array(w)),
        "region_code": workers.region_code.take(pa.array(w)),
        "vacancy_id": vacancies.vacancy_id[v],
        "work_region_code": vacancies.region_code.take(pa.array(v)),
        "utility": points.sum(axis=1, dtype=np.int64),
        "price": settled.price(w, v),
        "tier": workers.tier[w].astype(np.int32),
        "distance_km": pa.array(distance, mask=np.isnan(distance)),
        "points": pa.ListArray.from_arrays(
            np.arange(0, PART_COUNT * len(w) + 1, PART_COUNT, dtype=np.int32), points.ravel()
        ),
        "wage_fen": vacancies.monthly_wage_fen[v],
        "expected_fen": _known(workers.min_wage_fen[w]),
        "dependants": workers.dependants[w].astype(np.int32),
        "occupation_fit": _words(scale.fit(w, v), FITS),
        "partner": _words(_partners(scale, settled, w, v), PARTNERS),
    }
    reason, wish = settled.told.reason[w], settled.told.first_wish[w]
    columns |= _other(scale, settled, w, settled.told.next_best[w], settled.told.next_best[w] >= 0, "next")
    columns |= _other(scale, settled, w, wish, (reason != GOT) & (wish >= 0), "wish")
    columns["wish_reason"] = _words(reason, ("", *REASONS[1:]))
    return pa.table([pa.array(columns[field.name], field.type) for field in SCHEMA], schema=SCHEMA)


def _other(scale: Scale, settled: Settled, w: Int64, edge: Int64, there: Bool, name: str) -> dict[str, Any]:
    """The columns of another vacancy, where `there` is one."""
    v, worth = np.zeros(len(w), np.int64), np.zeros(len(w), np.int64)
    v[there], worth[there] = settled.market.indices[edge[there]], settled.market.utility[edge[there]]
    regions = scale.vacancies.region_code.take(pa.array(v))
    return {
        f"{name}_vacancy_id": pa.array(scale.vacancies.vacancy_id[v], mask=~there),
        f"{name}_region_code": pc.if_else(pa.array(there), regions, ""),
        f"{name}_utility": pa.array(worth, mask=~there),
        f"{name}_price": pa.array(settled.price(w, v), mask=~there),
    }


def _known(values: Int64) -> pa.Array:
    return pa.array(values, mask=values == UNKNOWN)


def _words(at: Any, words: tuple[str, ...]) -> pa.Array:
    return pa.array(words, pa.string()).take(pa.array(np.asarray(at, np.int32)))


def _partners(scale: Scale, settled: Settled, w: Int64, v: Int64) -> Any:
    """What became of each placed worker's partner, a place in `PARTNERS`."""
    partner = settled.partner[w]
    there = settled.assignment[partner].astype(np.int64)
    work = scale.places.work
    same = work[np.maximum(there, 0)] == work[v] if len(w) else np.zeros(0, bool)
    return np.where(partner < 0, 0, np.where(there < 0, 3, np.where(same, 1, 2)))
