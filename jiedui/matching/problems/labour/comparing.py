"""对照: the same market under simple rules, and what each county gets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from jiedui.matching.baselines import first_come_first_served, greedy
from jiedui.matching.problems.labour.asked import Bounds
from jiedui.matching.problems.labour.points import Scale
from jiedui.matching.problems.labour.settling import Settled
from jiedui.matching.problems.labour.sides import Bool, Float64, Int32, Int64
from jiedui.matching.solver.crew import Crew


def comparison(scale: Scale, settled: Settled, pins: Int64, crew: Crew) -> list[dict[str, Any]]:
    """对照: one row per way: who registers first comes first; the pair worth most first; and the optimum.

    The simple rules keep pins, since an officer decided them, and know neither tiers nor partners nor quotas.
    `couples_together`: the share of couples who are placed in one county, of those where anybody of the two is placed.
    `within_wish`: of those placed with a greatest distance or a wished place, the share within both. None where there
    is nobody.
    """
    market = settled.market
    queue = np.lexsort((scale.workers.worker_id, scale.workers.registered_on))
    first, best = crew.map(
        lambda way: way(), [(lambda: first_come_first_served(market, queue),), (lambda: greedy(market),)]
    )
    ways = {"first come first served": first, "greedy": best, "optimal": settled.assignment}
    for assignment in ways.values():
        assignment[pins >= 0] = pins[pins >= 0]
    figures = crew.map(lambda way: _figures(scale, settled, way), [(way,) for way in ways.values()])
    return [{"way": way} | figure for way, figure in zip(ways, figures, strict=True)]


def _figures(scale: Scale, settled: Settled, assignment: Int32) -> dict[str, Any]:
    w = np.flatnonzero(assignment >= 0)
    v = assignment[w].astype(np.int64)
    distance = scale.distance(w, v)
    return {
        "placements": len(w),
        "utility": int(scale.utility(w, v).sum()),
        "mean_distance_km": _mean(distance[~np.isnan(distance)]),
        "placements_first_tier": int((scale.workers.tier[w] == 0).sum()),
        "couples_together": _together(scale, settled.partner, assignment),
        "within_wish": _mean(_within(scale, w, v, distance)),
    }


def _mean(values: Float64 | Bool) -> float | None:
    return float(values.mean()) if len(values) else None


def _together(scale: Scale, partner: Int64, assignment: Int32) -> float | None:
    rows = np.arange(len(partner))
    one = rows[partner > rows]
    if not len(one):
        return None
    other = partner[one]
    some = (assignment[one] >= 0) | (assignment[other] >= 0)
    one, other = one[some], other[some]
    both = (assignment[one] >= 0) & (assignment[other] >= 0)
    work = scale.places.work
    return _mean(both & (work[assignment[one]] == work[assignment[other]]))


def _within(scale: Scale, w: Int64, v: Int64, distance: Float64) -> Bool:
    workers, tables = scale.workers, scale.tables
    farthest, first, second = workers.max_distance_km[w], workers.wish_place.at[w], workers.wish_place_2.at[w]
    work = scale.places.work[v]
    far = (farthest >= 0) & ~(distance <= farthest)
    elsewhere = ((first >= 0) | (second >= 0)) & ~(tables.inside[first, work] | tables.inside[second, work])
    asked = (farthest >= 0) | (first >= 0) | (second >= 0)
    return np.asarray(~(far | elsewhere)[asked], bool)


def by_county(scale: Scale, assignment: Int32, quotas: Mapping[str, Bounds]) -> list[dict[str, Any]]:
    """各县: of each home county how many seek, how many are placed, their share, and the bounds that were asked."""
    homes = scale.places.homes
    seeking = np.bincount(scale.places.home, minlength=len(homes))
    placed = np.bincount(scale.places.home[assignment >= 0], minlength=len(homes))
    rows = []
    for code, seek, have in zip(homes, seeking.tolist(), placed.tolist(), strict=True):
        row = {"county": code, "seeking": seek, "placed": have, "share": have / seek}
        if code in quotas:
            row |= dict(zip(("least", "most"), quotas[code], strict=True))
        rows.append(row)
    return rows
