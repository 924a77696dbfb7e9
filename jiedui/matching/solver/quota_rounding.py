"""名额取整: an assignment that keeps the quotas, made from one that almost does.

Agents worth least leave what is over its upper bound; then agents who are out fill what is under its lower bound, the
worthiest first, where a seat is free and no upper bound is passed. No search: it may fail.
"""

from __future__ import annotations

import numpy as np

from jiedui.matching.solver.arrays import Bool, Int32, Int64
from jiedui.matching.solver.edges import edges_taken
from jiedui.matching.solver.market import Market
from jiedui.matching.solver.open_choices import reserve_of
from jiedui.matching.solver.quota_bound import counts

LOOKED_AT = 40
"""Edges looked at for each agent that is missing."""


def rounded(market: Market, assignment: Int32) -> Int32:
    """The assignment (agents,) int32, changed where quotas ask for it."""
    assignment = assignment.copy()
    inside = [_inside(market, np.asarray(quota.objects, np.int64)) for quota in market.quotas or ()]
    upper = np.array([market.agents if q.upper is None else q.upper for q in market.quotas or ()], np.int64)
    lower = np.array([q.lower for q in market.quotas or ()], np.int64)
    for k, within in enumerate(inside):
        over = int(counts(market, assignment)[k] - upper[k])
        if over > 0:
            held = np.flatnonzero((assignment >= 0) & within[assignment])
            assignment[held[np.argsort(_worth(market, assignment)[held], kind="stable")[:over]]] = -1
    for k, within in enumerate(inside):
        if counts(market, assignment)[k] < lower[k]:
            _fill(market, assignment, within, int(lower[k] - counts(market, assignment)[k]), inside, upper)
    return assignment


def _inside(market: Market, objects: Int64) -> Bool:
    within = np.zeros(market.objects, bool)
    within[objects] = True
    return within


def _worth(market: Market, assignment: Int32) -> Int64:
    """Net utility of what each agent has."""
    taken = edges_taken(market, assignment)
    worth = np.zeros(market.agents, np.int64)
    placed = np.flatnonzero(taken >= 0)
    worth[placed] = market.utility[taken[placed]].astype(np.int64) - reserve_of(market)[assignment[placed]]
    return worth


def _fill(market: Market, assignment: Int32, within: Bool, missing: int, inside: list[Bool], upper: Int64) -> None:
    """Place up to `missing` agents who are out on objects in `within`."""
    agents = market.edge_agents()
    room = market.seats - np.bincount(assignment[assignment >= 0], minlength=market.objects)
    edge = np.flatnonzero((within & (room > 0))[market.indices] & (assignment[agents] < 0))
    worth = market.utility[edge].astype(np.int64) - reserve_of(market)[market.indices[edge]]
    spare = upper - counts(market, assignment)
    holding_of: dict[int, list[int]] = {}
    for e in edge[np.argsort(-worth, kind="stable")][: LOOKED_AT * missing].tolist():
        if missing == 0:
            return
        agent, j = int(agents[e]), int(market.indices[e])
        if assignment[agent] >= 0 or room[j] == 0:
            continue
        if j not in holding_of:
            holding_of[j] = [k for k, own in enumerate(inside) if own[j]]
        holding = holding_of[j]
        if all(spare[k] > 0 for k in holding):
            assignment[agent] = j
            room[j] -= 1
            spare[holding] -= 1
            missing -= 1
