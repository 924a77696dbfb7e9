"""建议表: the solution as one row per worker placed, with what counted, the next best, and why not the first wish."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from jiedui.matching.explain import survey
from jiedui.matching.problems.labour import wording
from jiedui.matching.problems.labour.points import Scale
from jiedui.matching.problems.labour.sides import Int64
from jiedui.matching.solver.market import Market
from jiedui.matching.solver.solution import Solution

Row = dict[str, Any]

_REASON: Final = pa.struct(
    [("key", pa.string()), ("label_zh", pa.string()), ("label_en", pa.string()), ("points", pa.int64())]
)
_OTHER: Final = [
    ("vacancy_id", pa.int64()),
    ("work_region_code", pa.string()),
    ("utility", pa.int64()),
    ("price", pa.int64()),
    ("text_zh", pa.string()),
    ("text_en", pa.string()),
]
SCHEMA: Final = pa.schema(
    [
        ("worker_id", pa.int64()),
        ("person_id", pa.string()),
        ("region_code", pa.string()),
        ("vacancy_id", pa.int64()),
        ("work_region_code", pa.string()),
        ("utility", pa.int64()),
        ("price", pa.int64()),
        ("tier", pa.int64()),
        ("distance_km", pa.float64()),
        ("reasons", pa.list_(_REASON)),
        ("next_best", pa.struct(_OTHER)),
        ("first_wish", pa.struct([*_OTHER, ("reason", pa.string())])),
    ]
)
"""Columns of the proposals; prices are in points, distances in km (null: not known)."""


def proposal_table(scale: Scale, market: Market, solution: Solution) -> pa.Table:
    """建议表: columns of `SCHEMA`, by worker; agents and objects are the workers and vacancies of `scale`, in order."""
    workers, vacancies = scale.workers, scale.vacancies
    w = np.flatnonzero(solution.assignment >= 0)
    v = solution.assignment[w].astype(np.int64)
    distance, utility, price = scale.distance(w, v), scale.utility(w, v), _OwnPrices(market, solution)[w, v]
    next_best, first_wish = _others(scale, market, solution, w, utility, price)
    columns = {
        "worker_id": workers.worker_id[w],
        "person_id": workers.person_id[w].tolist(),
        "region_code": workers.region_code[w].tolist(),
        "vacancy_id": vacancies.vacancy_id[v],
        "work_region_code": vacancies.region_code[v].tolist(),
        "utility": utility,
        "price": price,
        "tier": workers.tier[w],
        "distance_km": pa.array(np.round(distance, 1), mask=np.isnan(distance)),
        "reasons": wording.reasons(scale, w, v, _partners(scale, solution, w)),
        "next_best": next_best,
        "first_wish": first_wish,
    }
    return pa.table([pa.array(columns[field.name], field.type) for field in SCHEMA], schema=SCHEMA)


class _OwnPrices:
    """The price of a seat in the units of the worker's own tier: `prices[w, v]`."""

    def __init__(self, market: Market, solution: Solution) -> None:
        at = {level.tier: k for k, level in enumerate(solution.levels) if level.measure == "utility"}
        tiers = [None] * market.agents if None in at or market.tier is None else market.tier.tolist()
        self._level = np.array([at[tier] for tier in tiers], np.int64)
        self._prices = solution.price_levels

    def __getitem__(self, pair: tuple[Int64, Int64]) -> Int64:
        w, v = pair
        return np.asarray(self._prices[self._level[w], v])


def _others(
    scale: Scale, market: Market, solution: Solution, w: Int64, utility: Int64, price: Int64
) -> tuple[list[Row | None], list[Row | None]]:
    """For each worker in `w` the next best vacancy (None: there is no other) and the first wish (None: it is given)."""
    told, prices = survey(market, solution), _OwnPrices(market, solution)
    reasons = told.reason[w].tolist()

    def rows(edge: Int64) -> list[Row]:
        v = market.indices[edge].astype(np.int64)
        columns = zip(
            scale.vacancies.vacancy_id[v].tolist(),
            scale.vacancies.region_code[v].tolist(),
            market.utility[edge].tolist(),
            prices[w, v].tolist(),
            strict=True,
        )
        return [dict(zip(("vacancy_id", "work_region_code", "utility", "price"), row, strict=True)) for row in columns]

    others: list[Row | None] = [
        row | wording.texts(wording.NEXT, utility=row["utility"], price=row["price"]) if edge >= 0 else None
        for row, edge in zip(rows(told.next_best[w]), told.next_best[w].tolist(), strict=True)
    ]
    wishes: list[Row | None] = [
        None
        if reason == "got"
        else row
        | wording.texts(wording.WISH[reason], gain=row["utility"] - own, cost=row["price"] - paid)
        | {"reason": reason}
        for row, reason, own, paid in zip(
            rows(told.first_wish[w]), reasons, utility.tolist(), price.tolist(), strict=True
        )
    ]
    return others, wishes


def _partners(scale: Scale, solution: Solution, w: Int64) -> list[str | None]:
    """What became of each placed worker's partner: a key of `wording.COUPLE`; None without a partner who seeks work."""
    row = {worker: k for k, worker in enumerate(scale.workers.worker_id.tolist())}
    county, place = scale.vacancies.county, solution.assignment.tolist()
    found: list[str | None] = []
    for k in w.tolist():
        partner = None if np.isnan(scale.workers.partner_id[k]) else row.get(int(scale.workers.partner_id[k]))
        if partner is None:
            found.append(None)
        elif place[partner] < 0:
            found.append("alone")
        else:
            found.append("together" if county[place[partner]] == county[place[k]] else "apart")
    return found
