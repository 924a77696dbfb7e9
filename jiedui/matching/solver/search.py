"""精确搜索: small markets with quotas or linked groups, by OR-Tools CP-SAT, level by level.

Quotas that are not laminar and groups that stay together make the problem integer in earnest (Ronn 1990 for couples),
so no prices can prove the optimum; CP-SAT proves it by search.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from jiedui.errors import JieduiError
from jiedui.matching.solver.levels import weights
from jiedui.matching.solver.market import Int64, Linked, Market
from jiedui.matching.solver.solution import Level


@dataclass(frozen=True, eq=False)
class Found:
    """搜索结果: the edge of every agent (−1: none), the proven bound of each level, and whether all are closed."""

    taken: Int64
    bounds: tuple[int, ...]
    proven: bool


def search(
    market: Market, levels: tuple[Level, ...], *, gap: float, threads: int | None, time_limit: float | None
) -> Found:
    """The lexicographically best assignment under quotas and groups; `JieduiError` when there is none."""
    model, takes = _model(market)
    until = None if time_limit is None else time.monotonic() + time_limit
    taken, bounds, proven = np.full(market.agents, -1, np.int64), [], True
    for level in levels:
        weight = weights(market, level)
        value = cp_model.LinearExpr.weighted_sum(takes, weight.tolist())
        model.maximize(value)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = threads or 1
        solver.parameters.random_seed = 0
        solver.parameters.relative_gap_limit = gap
        if until is not None:
            solver.parameters.max_time_in_seconds = max(0.001, until - time.monotonic())
        status = solver.solve(model)
        if status == cp_model.INFEASIBLE:
            raise JieduiError(
                "The quotas contradict each other: no assignment satisfies them all.",
                remedy="Lower the lower bounds, or add edges and seats.",
            )
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            raise JieduiError(f"No assignment was found in {time_limit} s.", remedy="Raise time_limit.")
        chosen = np.flatnonzero([solver.boolean_value(take) for take in takes])
        taken[:] = -1
        taken[market.edge_agents()[chosen]] = chosen
        bounds.append(int(np.floor(solver.best_objective_bound + 1e-6)))
        reached = int(weight[chosen].sum())
        proven = proven and status == cp_model.OPTIMAL and reached == bounds[-1]
        model.add(value >= reached)
    return Found(taken, tuple(bounds), proven)


def _model(market: Market) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    """One Boolean per edge; agents, seats, quotas and groups as constraints."""
    model = cp_model.CpModel()
    takes = [model.new_bool_var("") for _ in range(market.edges)]
    for agent in range(market.agents):
        row = takes[market.row(agent)]
        if len(row) > 1:
            model.add_at_most_one(row)
    columns = np.argsort(market.indices, kind="stable")
    ends = np.cumsum(np.bincount(market.indices, minlength=market.objects))
    per_object = [[takes[e] for e in part] for part in np.split(columns, ends[:-1])] if market.objects else []
    for seats, column in zip(market.seats.tolist(), per_object, strict=True):
        if len(column) > seats:
            model.add(sum(column) <= seats)
    for quota in market.quotas or ():
        total = cp_model.LinearExpr.sum([take for j in quota.objects for take in per_object[j]])
        model.add(total >= quota.lower)
        if quota.upper is not None:
            model.add(total <= quota.upper)
    if market.linked is not None:
        for g in range(market.linked.groups):
            _stay_together(model, market, market.linked, takes, g)
    return model, takes


def _stay_together(
    model: cp_model.CpModel, market: Market, linked: Linked, takes: list[cp_model.IntVar], group: int
) -> None:
    """One Boolean per class of the group: all members inside it, or none."""
    rows = [market.row(int(i)) for i in linked.agents[linked.indptr[group] : linked.indptr[group + 1]]]
    classes = sorted({int(c) for row in rows for c in linked.edge_class[row]} - {-1})
    inside = [model.new_bool_var("") for _ in classes]
    if inside:
        model.add_at_most_one(inside)
    for row in rows:
        own = linked.edge_class[row].tolist()
        for c, whole in zip(classes, inside, strict=True):
            model.add(sum(t for t, label in zip(takes[row], own, strict=True) if label == c) == whole)
        for take, label in zip(takes[row], own, strict=True):
            if label < 0:
                model.add(take == 0)
