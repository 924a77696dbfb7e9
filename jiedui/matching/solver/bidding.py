"""出价: the forward auction. Free agents bid for the object that is worth most to them at the prices.

With w the weight of an edge and p the price of its object, an agent that finds its best reduced weight v1 = w − p at j
and the next best v2 (0 for staying out) bids p_j + v1 − max(v2, 0) + ε = w − max(v2, 0) + ε. A full object gives the
seat of its lowest bid; its price is the lowest bid that holds a seat. An agent with v1 ≤ 0 stays out. Afterwards every
agent is within ε of its best choice: ε-complementary slackness.
Source: Bertsekas and Castañón 1989 (the auction algorithm for transportation problems).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Scalar
from jiedui.matching.solver.prefetch import AHEAD, prefetch
from jiedui.matching.solver.seat_heap import push, replace_lowest

POSITION_BITS = 18
"""A reduced weight and its position in the row are one int64, so that best and second best need no branch."""


@njit(cache=True, nogil=True)
def bid(
    indptr: Array, edges: Array, shift: Scalar, fraction: Scalar, epsilon: Scalar, first: Array, heap: Array,
    held: Array, agent_bits: Scalar, price: Array, own: Array, stack: Array, waiting: Scalar, part: Array, mine: Scalar,
    away: Array, away_count: Scalar, at_most: Scalar,
) -> tuple[Scalar, Scalar, Scalar]:  # fmt: skip
    """Let the agents in `stack[:waiting]` bid, last in first out, and those that they displace after them.

    `edges` see `packing`; prices and bids are weights times 2^fraction. `own[i]` becomes the weight of the edge bid
    for. With `mine` ≥ 0 only agents of that part bid; displaced agents of others go to `away`, from `away_count` on.
    Stops after `at_most` bids. Returns how many wait in `stack` and in `away`, and the bids made.
    """
    bids = 0
    position = np.int64((1 << POSITION_BITS) - 1)
    mask = edges.dtype.type((1 << shift) - 1)
    agent_mask = np.int64((1 << agent_bits) - 1)
    down = edges.dtype.type(shift)
    following = np.int64(-1)
    while (waiting > 0 or following >= 0) and bids < at_most:
        if following < 0:
            waiting -= 1
            following = np.int64(stack[waiting])
        agent = np.uint64(following)
        following = np.int64(-1)
        if waiting > 0:
            waiting -= 1
            following = np.int64(stack[waiting])
            prefetch(edges, indptr[following])
            prefetch(edges, indptr[following] + AHEAD)
        row = edges[indptr[agent] : indptr[agent + np.uint64(1)]]
        best = np.int64(0)
        second = np.int64(0)
        for k in range(len(row)):
            edge = row[k]
            reduced = (np.int64(edge & mask) << fraction) - np.int64(price[edge >> down])
            key = (reduced << POSITION_BITS) | np.int64(k)
            second = max(second, min(best, key))
            best = max(best, key)
        if best >> POSITION_BITS <= 0:
            continue
        edge = row[best & position]
        weight = np.int64(edge & mask)
        amount = (weight << fraction) - (second >> POSITION_BITS) + epsilon
        own[agent] = weight
        bids += 1
        j = np.uint64(edge >> down)
        lo = first[j]
        seats = heap[lo : first[j + np.uint64(1)]]
        size = np.int64(held[j])
        offer = (amount << agent_bits) | np.int64(agent)
        if size < len(seats):
            push(seats, 0, size, offer)
            held[j] = size + 1
            if size + 1 == len(seats):
                price[j] = max(np.int64(price[j]), seats[0] >> agent_bits)
            continue
        loser = seats[0] & agent_mask
        replace_lowest(seats, 0, size, offer)
        price[j] = seats[0] >> agent_bits
        if mine < 0 or part[loser] == mine:
            stack[waiting] = loser
            waiting += 1
        else:
            away[away_count] = loser
            away_count += 1
    if following >= 0:
        stack[waiting] = following
        waiting += 1
    return waiting, away_count, bids
