"""对偶价格: the smallest prices that prove a flow to be optimal at its level.

Every open choice that an agent did not take bounds a price from below: if agent i sits at a and could take b, then
p_b ≥ p_a + w_ib − w_ia (outside has weight and price 0; an unsold seat bounds the price of its object by 0). The
smallest prices are the longest paths from outside (Ford 1956, Moore 1959). They are the smallest competitive prices:
what one more seat would be worth (Demange, Gale, Sotomayor 1986), so no single price can be lowered.
A positive cycle means that the flow was not optimal.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from jiedui.matching.solver.flow import usable_seats
from jiedui.matching.solver.market import Array, Int64, Market
from jiedui.matching.solver.open_choices import Open

UNREACHED = np.iinfo(np.int64).min


def smallest_prices(market: Market, weight: Int64, taken: Int64, open_: Open) -> Int64:
    """Prices (objects,) int64 at which every agent's edge in `taken` (−1: outside) is its best open choice."""
    objects = market.objects
    seat = np.where(taken < 0, objects, market.indices[taken] if market.edges else objects).astype(np.int64)
    own = np.where(taken < 0, 0, weight[taken] if market.edges else 0)
    held = np.bincount(seat, minlength=objects + 1)
    start = np.zeros(objects + 2, np.int64)
    np.cumsum(held, out=start[1:])
    holders = np.argsort(seat, kind="stable")
    spare = held[:objects] < usable_seats(market)
    prices = np.full(objects + 1, UNREACHED, np.int64)
    ok = _longest_paths(
        market.indptr, market.indices, weight, open_.edges, open_.staying_out, open_.unsold,
        spare, own, start, holders, prices,
    )  # fmt: skip
    if not ok:
        raise RuntimeError(f"the flow of {market!r} has an improving cycle: it is not optimal")
    if (prices == UNREACHED).any():
        raise RuntimeError(f"object {int(np.argmin(prices))} of {market!r} has no path from outside")
    return prices[:objects]


@njit(cache=True)
def _longest_paths(
    indptr: Array, indices: Array, weight: Array, edge_open: Array, stay_open: Array, unsold_open: Array,
    spare: Array, own: Array, start: Array, holders: Array, prices: Array,
) -> bool:  # fmt: skip
    """Label-correcting longest paths from outside, first in first out; False when a cycle improves for ever."""
    objects = len(prices) - 1
    queue = np.empty(objects + 1, np.int64)
    waiting = np.zeros(objects + 1, np.bool_)
    entered = np.zeros(objects + 1, np.int64)
    queue[0], waiting[objects], prices[objects] = objects, True, 0
    head, size = 0, 1
    while size > 0:
        at = queue[head]
        head, size = (head + 1) % (objects + 1), size - 1
        waiting[at] = False
        entered[at] += 1
        if entered[at] > objects + 1 or prices[objects] > 0:
            return False
        base = prices[at]
        if at == objects:
            for j in range(objects):
                if unsold_open[j] and prices[j] < base:
                    prices[j] = base
                    if not waiting[j]:
                        waiting[j] = True
                        queue[(head + size) % (objects + 1)] = j
                        size += 1
        elif spare[at] and base > prices[objects]:
            return False
        for h in range(start[at], start[at + 1]):
            agent = holders[h]
            level = base - own[agent]
            if at != objects and stay_open[agent] and level > prices[objects]:
                return False
            for e in range(indptr[agent], indptr[agent + 1]):
                j = indices[e]
                if edge_open[e] and prices[j] < level + weight[e]:
                    prices[j] = level + weight[e]
                    if not waiting[j]:
                        waiting[j] = True
                        queue[(head + size) % (objects + 1)] = j
                        size += 1
    return True
