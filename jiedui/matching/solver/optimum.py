"""最优解: the levels of an objective, stage by stage: by auction, and where an auction cannot, by flow.

A stage is a tier with its levels. The auction of a stage proves itself or says that it could not: it was too long (a
cap on bids), its numbers were too wide, or ε fell as far as it can. Then OR-Tools computes the levels of that stage,
component by component, and the status says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jiedui.matching.solver.arrays import Int32, Int64
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.edges import edges_taken
from jiedui.matching.solver.flow import best_flow
from jiedui.matching.solver.levels import affine, weights
from jiedui.matching.solver.market import Market
from jiedui.matching.solver.open_choices import Open
from jiedui.matching.solver.perfect import is_one_to_one, perfect_matching
from jiedui.matching.solver.prices import smallest_prices
from jiedui.matching.solver.repacking import Before
from jiedui.matching.solver.solution import Level, Status, WarmState
from jiedui.matching.solver.stage import Start, solve_stage


@dataclass(frozen=True, eq=False)
class Optimum:
    """最优解: the edge of each agent (−1: none), prices (levels, objects), and what a warm start needs.

    `bounds` is None where every level is exact: it then equals the values.
    """

    taken: Int64
    prices: Int64
    bounds: tuple[int, ...] | None
    status: Status
    bids: int
    combined: tuple[Int64, ...]
    order: tuple[Int32, Int32] | None
    before: Before | None = None


def optimise(
    market: Market, levels: tuple[Level, ...], crew: Crew, *, gap: float, deadline: float | None, warm: WarmState | None
) -> Optimum:
    """The lexicographically best assignment. `gap` applies where there is one level; several are solved exactly."""
    stages = _stages(levels)
    if len(stages) == 1 and len(levels) == 2 and is_one_to_one(market) and (found := perfect_matching(market)):
        mate, paid = found
        prices = np.stack([np.zeros(market.objects, np.int64), paid])
        return Optimum(edges_taken(market, mate), prices, None, "optimal", 0, (), None)
    open_: Open | None = None
    order = None if warm is None else warm.order_for(market)
    prices = np.zeros((len(levels), market.objects), np.int64)
    taken = np.zeros(0, np.int64)
    status: Status = "optimal"
    bids, done, combined, before = 0, 0, [], None
    for k, stage in enumerate(stages):
        staged = solve_stage(
            market, stage[0].tier, open_, crew, placements=len(stage) == 2, gap=gap if len(levels) == 1 else 0.0,
            deadline=deadline, order=order, start=_start(warm, k, len(stages)),
        )  # fmt: skip
        if staged is None or staged.status in ("bids", "epsilon"):
            taken, own, open_ = _by_flow(market, stage, open_ or Open.everything(market))
            status, bids = "optimal by flow", bids + (0 if staged is None else staged.bids)
        else:
            taken, own, order, bids = (
                edges_taken(market, staged.assignment),
                staged.prices,
                staged.order,
                bids + staged.bids,
            )
            combined.append(staged.combined)
            before = staged.before if len(stages) == 1 else None
            if staged.status != "exact":
                prices[done : done + len(stage)] = own
                status = "time limit" if staged.status == "time" else "within gap"
                bounds = (staged.bound,) if len(levels) == 1 else dual_bounds(market, levels, prices)
                return Optimum(taken, prices, bounds, status, bids, tuple(combined), order, before)
        prices[done : done + len(stage)] = own
        if k + 1 < len(stages):
            open_ = open_ or Open.everything(market)
            for level, price in zip(stage, own, strict=True):
                if staged is not None and staged.status == "exact":
                    open_, _ = open_.tighten(market, *affine(market, level), price)
        done += len(stage)
    return Optimum(taken, prices, None, status, bids, tuple(combined), order, before)


def _stages(levels: tuple[Level, ...]) -> list[tuple[Level, ...]]:
    """The levels of each tier together, in order."""
    tiers = list(dict.fromkeys(level.tier for level in levels))
    return [tuple(level for level in levels if level.tier == tier) for tier in tiers]


def _start(warm: WarmState | None, stage: int, stages: int) -> Start | None:
    if warm is None or len(warm.combined) != stages or warm.order is None:
        return None
    return Start(warm.assignment, warm.combined[stage], warm.before if stages == 1 else None)


def _by_flow(market: Market, stage: tuple[Level, ...], open_: Open) -> tuple[Int64, list[Int64], Open]:
    """The levels of a stage, one flow each, on what is open."""
    prices, taken = [], np.full(market.agents, -1, np.int64)
    for level in stage:
        weight = weights(market, level)
        taken = best_flow(market, weight, open_)
        prices.append(smallest_prices(market, weight, taken, open_))
        open_, _ = open_.tighten(market, *affine(market, level), prices[-1])
    return taken, prices, open_


def dual_bounds(market: Market, levels: tuple[Level, ...], prices: Int64) -> tuple[int, ...]:
    """对偶界: D(p) = Σ max(0, max w − p) + Σ c·p, level by level, an agent's best compared lexicographically."""
    open_, bounds = Open.everything(market), []
    for level, price in zip(levels, prices, strict=True):
        open_, bound = open_.tighten(market, *affine(market, level), price)
        bounds.append(bound)
    return tuple(bounds)
