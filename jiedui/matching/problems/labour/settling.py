"""求解: the market of workers and vacancies becomes an assignment with prices, a certificate and explanations.

Here without couples and without quotas: all tiers are solved together and exactly. With them: see `households`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from jiedui.matching.problems.labour.explaining import Levels, Told, explain_all
from jiedui.matching.problems.labour.sides import Int32, Int64
from jiedui.matching.solver.block_order import block_order
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.market import Market
from jiedui.matching.solver.solution import Solution, WarmState
from jiedui.matching.solver.solve import solve
from jiedui.matching.verify import verify


@dataclass(frozen=True, eq=False)
class Settled:
    """结果: who has which vacancy (`assignment` (workers,) int32, −1: none) in `market`, and what proves it.

    `prices` (tiers, vacancies) int64: of a seat in the units of each tier's utility; `tier_row` (workers,): whose row
    is whose. `partner` (workers,): the row of the partner, −1: none. `certificate`: see `proposals.Outcome`.
    """

    market: Market
    assignment: Int32
    prices: Int64
    tier_row: Int64
    partner: Int64
    told: Told
    certificate: dict[str, Any]
    warm: WarmState | None

    def price(self, w: Int64, v: Int64) -> Int64:
        """The price of a seat of vacancy v in the units of worker w's tier, of each pair."""
        return np.asarray(self.prices[self.tier_row[w], v], np.int64)


def settle_plain(
    market: Market, warm: WarmState | None, crew: Crew, step: Callable[[str], None] = lambda name: None
) -> Settled:
    """求解: most placements, then the greatest utility, tier by tier, all exact; verified. Nobody is linked."""
    step("solve")
    state = None if warm is None else replace(warm, order=block_order(market))
    solution = solve(market, objective="placements_then_utility", threads=crew.threads, warm_start=state)
    step("verify")
    verify(market, solution)
    step("explain")
    levels = Levels.of(solution.levels, solution.price_levels)
    told = explain_all(market, solution.assignment, levels, crew, proven=solution.proven)
    rows, tier_row = _utility_rows(market, solution)
    return Settled(
        market, solution.assignment, solution.price_levels[rows], tier_row, np.full(market.agents, -1, np.int64), told,
        certificate(solution), solution.warm_state,
    )  # fmt: skip


def _utility_rows(market: Market, solution: Solution) -> tuple[list[int], npt.NDArray[np.int64]]:
    """Which price rows are those of utility, and which of them is each worker's."""
    rows = [k for k, level in enumerate(solution.levels) if level.measure == "utility"]
    if market.tier is None or not market.agents:
        return rows, np.zeros(market.agents, np.int64)
    return rows, np.searchsorted(np.array([solution.levels[k].tier for k in rows]), market.tier).astype(np.int64)


def certificate(solution: Solution) -> dict[str, Any]:
    """证书: what was maximised, what was reached and what cannot be exceeded."""
    return {
        "aim": solution.kind,
        "status": solution.status,
        "proven": solution.proven,
        "proof": solution.certificate,
        "workers": len(solution.assignment),
        "placements": solution.placements,
        "objective": solution.objective,
        "bound": solution.bound,
        "gap": solution.gap,
        "levels": [
            {"level": str(level), "value": value, "bound": bound}
            for level, value, bound in zip(solution.levels, solution.values, solution.bounds, strict=True)
        ],
    }
