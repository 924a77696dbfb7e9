"""求解: one door to every way of solving a market."""

from __future__ import annotations

import time
from typing import get_args

import numpy as np

from jiedui.errors import JieduiError
from jiedui.matching.solver.capabilities import refuse_unsupported
from jiedui.matching.solver.levels import levels_of, net_utility, weights
from jiedui.matching.solver.market import Int32, Int64, Market
from jiedui.matching.solver.solution import Certificate, Level, Objective, Solution, WarmState


def solve(
    market: Market,
    *,
    objective: Objective = "utility",
    gap: float = 0.0,
    threads: int | None = None,
    time_limit: float | None = None,
    warm_start: WarmState | None = None,
) -> Solution:
    """求解: the best assignment of `market`, with what proves it.

    `objective`: "utility" (greatest sum), "placements_then_utility" (most agents placed, then the greatest sum) or
    "stable" (no blocking pair). With tiers each is lexicographic, the lowest tier first. Utility counts net of the
    reserve. An agent never takes an edge worth less than 0, except under "placements_then_utility".
    `gap`: a relative gap that is enough (flows close it to 0 anyway). `time_limit` in seconds: a search stops there
    and says so in `status`; a flow cannot be interrupted and is refused. `warm_start`: the `warm_state` of an earlier
    solution; where it still proves itself it is returned at once.

    Same market and same arguments give the same bytes. Raises `JieduiError` for what is not supported, or when quotas
    cannot be met.
    """
    started = time.perf_counter()
    _check_arguments(objective, gap, threads, time_limit)
    refuse_unsupported(market, objective, warm_start=warm_start is not None, time_limit=time_limit is not None)
    levels = levels_of(market, objective)
    searching = bool(market.groups or market.quotas)
    if objective == "stable":
        return _stable(market, levels, started)
    if searching:
        return _searched(market, objective, levels, gap, threads, time_limit, started)
    if warm_start is not None and (again := _still_optimal(market, objective, levels, warm_start, started)):
        return again
    taken, prices = _flow(market, levels)
    return _solution(market, objective, levels, taken, prices, "optimal", "prices", None, 0, started)


def _check_arguments(objective: str, gap: float, threads: int | None, time_limit: float | None) -> None:
    if objective not in get_args(Objective):
        raise JieduiError(f"There is no objective {objective!r}.", remedy=f"Use one of {get_args(Objective)}.")
    if not 0.0 <= gap < 1.0:
        raise JieduiError(f"`gap` = {gap} is no relative gap.", remedy="Give 0 ≤ gap < 1, e.g. 0.001.")
    if threads is not None and threads < 1:
        raise JieduiError(f"`threads` = {threads}.", remedy="Give at least 1, or None.")
    if time_limit is not None and not time_limit > 0:
        raise JieduiError(f"`time_limit` = {time_limit}.", remedy="Give seconds greater than 0, or None.")


def _flow(market: Market, levels: tuple[Level, ...]) -> tuple[Int64, Int64]:
    """The edges taken (agents,) and the prices (levels, objects): one flow per level, each on the tight arcs left."""
    from jiedui.matching.solver.flow import Open, best_flow
    from jiedui.matching.solver.prices import smallest_prices

    open_ = Open.everything(market)
    taken: Int64 = np.full(market.agents, -1, np.int64)
    prices = np.zeros((len(levels), market.objects), np.int64)
    for k, level in enumerate(levels):
        weight = weights(market, level)
        taken = best_flow(market, weight, open_)
        prices[k] = smallest_prices(market, weight, taken, open_)
        if k + 1 < len(levels):
            open_ = open_.tighten(market, weight, prices[k])
    return taken, prices


def _stable(market: Market, levels: tuple[Level, ...], started: float) -> Solution:
    from jiedui.matching.solver.stable import deferred_acceptance

    assignment, proposals = deferred_acceptance(market)
    taken = _edges_of(market, assignment)
    prices = np.zeros((len(levels), market.objects), np.int64)
    return _solution(market, "stable", levels, taken, prices, "stable", "stability", None, proposals, started)


def _searched(
    market: Market,
    objective: Objective,
    levels: tuple[Level, ...],
    gap: float,
    threads: int | None,
    time_limit: float | None,
    started: float,
) -> Solution:
    from jiedui.matching.solver.search import search

    found = search(market, levels, gap=gap, threads=threads, time_limit=time_limit)
    prices = np.zeros((len(levels), market.objects), np.int64)
    status = "optimal" if found.proven else "feasible"
    return _solution(market, objective, levels, found.taken, prices, status, "search", found.bounds, 0, started)


def _still_optimal(
    market: Market, objective: Objective, levels: tuple[Level, ...], warm: WarmState, started: float
) -> Solution | None:
    """The earlier assignment and prices, if they fit this market and still close the certificate."""
    fits = (
        warm.objective == objective
        and warm.assignment.shape == (market.agents,)
        and warm.prices.shape == (len(levels), market.objects)
        and bool((warm.assignment < market.objects).all())
    )
    if not fits or _any_negative(warm.prices):
        return None
    taken = _edges_of(market, warm.assignment)
    load = np.bincount(market.indices[taken[taken >= 0]], minlength=market.objects)
    if ((warm.assignment >= 0) & (taken < 0)).any() or (load > market.seats).any():
        return None
    again = _solution(market, objective, levels, taken, warm.prices, "optimal", "prices", None, 0, started)
    return again if again.proven else None


def _any_negative(prices: Int64) -> bool:
    """Whether some object's price is lexicographically below 0: such prices bound nothing."""
    sign = np.zeros(prices.shape[1], np.int64)
    for price in prices:
        sign = np.where(sign == 0, np.sign(price), sign)
    return bool((sign < 0).any())


def _edges_of(market: Market, assignment: Int32) -> Int64:
    """The edge number of every agent's object, −1 where it has none."""
    taken = np.full(market.agents, -1, np.int64)
    hit = np.flatnonzero(market.indices == assignment[market.edge_agents()])
    taken[market.edge_agents()[hit]] = hit
    return taken


def _solution(
    market: Market,
    objective: Objective,
    levels: tuple[Level, ...],
    taken: Int64,
    prices: Int64,
    status: str,
    certificate: Certificate,
    bounds: tuple[int, ...] | None,
    bids: int,
    started: float,
) -> Solution:
    """Everything a `Solution` says, computed from the edges taken and the prices."""
    placed = np.flatnonzero(taken >= 0)
    assignment = np.full(market.agents, -1, np.int32)
    assignment[placed] = market.indices[taken[placed]]
    values = tuple(int(weights(market, level)[taken[placed]].sum()) for level in levels)
    bounds = dual_bounds(market, levels, prices) if bounds is None else bounds
    utility = int(net_utility(market)[taken[placed]].sum())
    bound = sum(b for level, b in zip(levels, bounds, strict=True) if level.measure == "utility")
    proven = certificate == "stability" or values == bounds
    return Solution(
        kind=objective,
        assignment=assignment,
        prices=prices[0] if len(levels) == 1 else prices,
        objective=utility,
        placements=len(placed),
        bound=bound,
        gap=(bound - utility) / max(1, abs(bound)),
        proven=proven,
        status=status,
        certificate=certificate,
        levels=levels,
        values=values,
        bounds=bounds,
        bids=bids,
        seconds=time.perf_counter() - started,
        warm_state=WarmState(objective, assignment, prices),
    )


def dual_bounds(market: Market, levels: tuple[Level, ...], prices: Int64) -> tuple[int, ...]:
    """对偶界: D(p) = Σ max(0, max w − p) + Σ c·p, level by level, an agent's best compared lexicographically."""
    source = market.edge_agents()
    live = np.ones(market.edges, bool)
    staying = np.ones(market.agents, bool)
    bounds = []
    for k, level in enumerate(levels):
        reduced = weights(market, level) - prices[k][market.indices]
        best = np.where(staying, 0, np.iinfo(np.int64).min)
        np.maximum.at(best, source[live], reduced[live])
        bounds.append(int(best.sum()) + int((np.minimum(market.seats, market.agents) * prices[k]).sum()))
        live &= reduced == best[source]
        staying &= best == 0
    return tuple(bounds)
