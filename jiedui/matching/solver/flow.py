"""最小费用流: the best assignment at one level, by OR-Tools, on the arcs that earlier levels leave open.

The market as a balanced flow. Every agent sends one unit, to an object or to *outside* (staying out); every object
takes as many units as it has seats, from agents or from outside (an unsold seat). All choices, staying out and
leaving a seat unsold included, are arcs without a capacity that binds; so by complementary slackness the optimal
flows of a level are exactly the flows on its tight arcs, and the next level is solved on those (`Open.tighten`).
Source: Ahuja, Magnanti, Orlin, Network Flows, 1993, §9.4; OR-Tools SimpleMinCostFlow (Goldberg–Tarjan).
"""

from __future__ import annotations

import numpy as np
from ortools.graph.python import min_cost_flow

from jiedui.matching.solver.market import Int64, Market, MarketError
from jiedui.matching.solver.open_choices import Open


def usable_seats(market: Market) -> Int64:
    """Seats that could ever be taken: not more than there are agents with an edge to the object."""
    return np.minimum(market.seats, np.bincount(market.indices, minlength=market.objects))


def best_flow(market: Market, weight: Int64, open_: Open) -> Int64:
    """The edge each agent takes (−1: none) in a flow of greatest total `weight`: (agents,) int64 edge numbers.

    Raises `MarketError` when OR-Tools cannot represent the range of the weights.
    """
    agents, objects = market.agents, market.objects
    outside = agents + objects
    node = np.arange(agents, dtype=np.int32)
    if market.block_order is not None:
        node[market.block_order] = np.arange(agents, dtype=np.int32)
    edge = np.flatnonzero(open_.edges)
    edge = edge[np.argsort(node[market.edge_agents()[edge]], kind="stable")] if market.block_order is not None else edge
    stay, unsold = np.flatnonzero(open_.staying_out), np.flatnonzero(open_.unsold)
    seats = usable_seats(market)
    tails = np.concatenate([node[market.edge_agents()[edge]], node[stay], np.full(len(unsold), outside, np.int32)])
    heads = np.concatenate([agents + market.indices[edge], np.full(len(stay), outside), agents + unsold])
    room = np.concatenate([np.ones(len(edge) + len(stay), np.int64), seats[unsold]])
    cost = np.concatenate([-weight[edge], np.zeros(len(stay) + len(unsold), np.int64)])
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(tails.astype(np.int32), heads.astype(np.int32), room, cost)
    supply = np.concatenate([np.ones(agents, np.int64), -seats, [int(seats.sum()) - agents]])
    flow.set_nodes_supplies(np.arange(outside + 1, dtype=np.int32), supply)
    _refuse(flow.solve(), market)
    taken = np.full(agents, -1, np.int64)
    chosen = edge[flow.flows(arcs[: len(edge)]) > 0]
    taken[market.edge_agents()[chosen]] = chosen
    return taken


def _refuse(status: object, market: Market) -> None:
    if status == min_cost_flow.SimpleMinCostFlow.OPTIMAL:
        return
    if status in (min_cost_flow.SimpleMinCostFlow.BAD_COST_RANGE, min_cost_flow.SimpleMinCostFlow.BAD_CAPACITY_RANGE):
        raise MarketError(
            f"{market!r}: the utilities are too wide for an exact flow ({status}).",
            remedy="Divide the utilities (to 9 digits, say) or split the market by component.",
        )
    raise RuntimeError(f"OR-Tools ended with {status} on {market!r}, which always has a flow")
