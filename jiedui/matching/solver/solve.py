"""求解: one door to every way of solving a market."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import get_args

import numpy as np

from jiedui.errors import JieduiError
from jiedui.matching.solver.capabilities import SEARCH_EDGES, refuse_unsupported
from jiedui.matching.solver.edges import edges_taken
from jiedui.matching.solver.levels import affine, levels_of
from jiedui.matching.solver.market import Int64, Market, MarketError
from jiedui.matching.solver.solution import Certificate, Level, Objective, Solution, Status, WarmState


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
    "stable" (no blocking pair; of linked groups few or none block, and these are named in `blocking_groups`). With
    tiers each is lexicographic, the lowest tier first. Utility counts net of the reserve. An agent never
    takes an edge worth less than 0, except under "placements_then_utility", where a lower quota needs it, or where the
    rest of its group makes up for it.
    `gap`: a relative gap that is enough; several levels are solved exactly all the same. `threads`: None means the
    processors that there are. `time_limit` in seconds: the best until then, with its bound; `status` says so.
    `warm_start`: the `warm_state` of an earlier solution of a similar market.

    Same market and same arguments, threads included, give the same bytes (with a time limit only if it is not reached).
    Raises `JieduiError` for what is not supported (see `capabilities`), or when quotas cannot be met.
    """
    started = time.perf_counter()
    _check_arguments(objective, gap, threads, time_limit)
    refuse_unsupported(market, objective, warm_start=warm_start is not None, time_limit=time_limit is not None)
    levels = levels_of(market, objective)
    if objective == "stable":
        return _stable(market, levels, started)
    if market.quotas or market.linked:
        return _constrained(market, objective, levels, gap, threads, time_limit, started)
    warm = warm_start if warm_start is not None and warm_start.objective == objective else None
    return _optimum(market, objective, levels, gap, threads, time_limit, warm, started)


def _check_arguments(objective: str, gap: float, threads: int | None, time_limit: float | None) -> None:
    if objective not in get_args(Objective):
        raise JieduiError(f"There is no objective {objective!r}.", remedy=f"Use one of {get_args(Objective)}.")
    if not 0.0 <= gap < 1.0:
        raise JieduiError(f"`gap` = {gap} is no relative gap.", remedy="Give 0 ≤ gap < 1, e.g. 0.001.")
    if threads is not None and threads < 1:
        raise JieduiError(f"`threads` = {threads}.", remedy="Give at least 1, or None.")
    if time_limit is not None and not time_limit > 0:
        raise JieduiError(f"`time_limit` = {time_limit}.", remedy="Give seconds greater than 0, or None.")


def _optimum(
    market: Market,
    objective: Objective,
    levels: tuple[Level, ...],
    gap: float,
    threads: int | None,
    time_limit: float | None,
    warm: WarmState | None,
    started: float,
) -> Solution:
    from jiedui.matching.solver.crew import Crew
    from jiedui.matching.solver.optimum import optimise

    deadline = None if time_limit is None else time.monotonic() + time_limit
    with Crew(threads) as crew:
        found = optimise(market, levels, crew, gap=gap, deadline=deadline, warm=warm)
    return _solution(
        market, objective, levels, found.taken, found.prices, found.status, "prices", found.bounds, found.bids, started,
        WarmState(objective, np.zeros(0, np.int32), found.combined, found.order, found.before),
    )  # fmt: skip


def _stable(market: Market, levels: tuple[Level, ...], started: float) -> Solution:
    from jiedui.matching.solver.optimum import dual_bounds
    from jiedui.matching.solver.stable_groups import stable_with_groups

    outcome = stable_with_groups(market)
    blocking = tuple(outcome.blocking_groups.tolist())
    prices = np.zeros((len(levels), market.objects), np.int64)
    return _solution(
        market, "stable", levels, edges_taken(market, outcome.assignment), prices, "blocked" if blocking else "stable",
        "stability", dual_bounds(market, levels, prices), outcome.proposals, started, blocking_groups=blocking,
    )  # fmt: skip


def _constrained(
    market: Market,
    objective: Objective,
    levels: tuple[Level, ...],
    gap: float,
    threads: int | None,
    time_limit: float | None,
    started: float,
) -> Solution:
    """With quotas or groups: by prices; where these leave a gap, or do not apply, by search if it is small enough."""
    found = None
    if objective == "utility" and market.tier is None and not (market.quotas and market.linked):
        found = _priced(market, levels, gap, threads, time_limit, started)
        if found is not None and (found.gap <= gap or market.edges > SEARCH_EDGES):
            return found
    if market.edges > SEARCH_EDGES:
        raise JieduiError(
            "No assignment was found that keeps all quotas: they overlap, or the time was over before.",
            remedy="Raise time_limit, loosen the quotas, or make them disjoint or nested.",
        )
    searched = _searched(market, objective, levels, gap, threads, time_limit, started)
    return found if found is not None and found.objective > searched.objective else searched


def _priced(
    market: Market,
    levels: tuple[Level, ...],
    gap: float,
    threads: int | None,
    time_limit: float | None,
    started: float,
) -> Solution | None:
    """Quotas or groups by prices; None where the quotas are not all kept, or the utilities are too wide for it."""
    from jiedui.matching.solver.crew import Crew
    from jiedui.matching.solver.groups import solve_with_groups
    from jiedui.matching.solver.quotas import solve_with_quotas

    deadline = None if time_limit is None else time.monotonic() + time_limit
    quota_prices = np.zeros(0, np.int64)
    status: Status = "feasible"
    with Crew(threads) as crew:
        if market.quotas:
            capped = solve_with_quotas(market, crew, gap=gap, deadline=deadline)
            if capped.status == "unmet":
                return None
            assignment, prices, bound, bids = capped.assignment, capped.prices, capped.bound, capped.bids
            quota_prices = capped.quota_prices
        else:
            try:
                linked = solve_with_groups(market, crew, gap=gap, deadline=deadline)
            except MarketError:
                if market.edges > SEARCH_EDGES:
                    raise
                return None
            assignment, prices, bound, bids = linked.assignment, linked.prices, linked.bound, linked.bids
    solution = _solution(
        market, "utility", levels, edges_taken(market, assignment), prices[None, :], status, "prices", (bound,), bids,
        started, quota_prices=quota_prices,
    )  # fmt: skip
    if solution.proven:
        status = "optimal"
    elif solution.gap <= gap:
        status = "within gap"
    elif deadline is not None and time.monotonic() > deadline:
        status = "time limit"
    return replace(solution, status=status)


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
    status: Status = "optimal" if found.proven else "feasible"
    return _solution(market, objective, levels, found.taken, prices, status, "search", found.bounds, 0, started)


def _solution(
    market: Market,
    objective: Objective,
    levels: tuple[Level, ...],
    taken: Int64,
    prices: Int64,
    status: Status,
    certificate: Certificate,
    bounds: tuple[int, ...] | None,
    bids: int,
    started: float,
    warm: WarmState | None = None,
    *,
    quota_prices: Int64 | None = None,
    blocking_groups: tuple[int, ...] = (),
) -> Solution:
    """Everything a `Solution` says, computed from the edges taken and the prices; `bounds` None: as the values."""
    placed = np.flatnonzero(taken >= 0)
    assignment = np.full(market.agents, -1, np.int32)
    assignment[placed] = market.indices[taken[placed]]
    worth = market.utility[taken[placed]].astype(np.int64)
    if market.reserve is not None:
        worth -= market.reserve[assignment[placed]]
    values = []
    for level in levels:
        scale, bonus = affine(market, level)
        values.append(int((scale[placed] * worth + bonus[placed]).sum()))
    bounds = tuple(values) if bounds is None else bounds
    utility = int(worth.sum())
    bound = sum(b for level, b in zip(levels, bounds, strict=True) if level.measure == "utility")
    return Solution(
        kind=objective,
        assignment=assignment,
        prices=prices[0] if len(levels) == 1 else prices,
        objective=utility,
        placements=len(placed),
        bound=bound,
        gap=(bound - utility) / max(1, abs(bound)),
        proven=not blocking_groups if certificate == "stability" else tuple(values) == bounds,
        status=status,
        certificate=certificate,
        levels=levels,
        values=tuple(values),
        bounds=bounds,
        bids=bids,
        seconds=time.perf_counter() - started,
        warm_state=replace(warm or WarmState(objective, assignment), assignment=assignment),
        quota_prices=np.zeros(0, np.int64) if quota_prices is None else quota_prices,
        blocking_groups=blocking_groups,
        market=market,
    )
