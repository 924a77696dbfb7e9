"""组合反向拍卖: unsold seats draw singles; whoever might gain among the groups is asked again afterwards.

As in `reverse`, but in a market where some seats are held by members of groups: these are never drawn one by one,
since a member cannot leave its class alone. Sources: see `reverse`.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Scalar
from jiedui.matching.solver.group_bidding import Places
from jiedui.matching.solver.seat_heap import push, replace_lowest


@njit(cache=True, nogil=True)
def transpose(indptr: Array, edges: Array, shift: Scalar, objects: Scalar) -> tuple[Array, Array]:
    """The packed edges by object: of object j `words[start[j]:start[j + 1]]`, each `agent << shift | weight`."""
    mask = edges.dtype.type((1 << shift) - 1)
    down = edges.dtype.type(shift)
    start = np.zeros(objects + 1, np.int64)
    for e in range(len(edges)):
        start[np.uint64(edges[e] >> down) + np.uint64(1)] += 1
    for j in range(objects):
        start[j + 1] += start[j]
    place, words = start[:-1].astype(np.uint64), np.empty(len(edges), np.uint64)
    for agent in range(len(indptr) - 1):
        name = np.uint64(agent) << np.uint64(shift)
        row = edges[indptr[agent] : indptr[agent + 1]]
        for k in range(len(row)):
            j = np.uint64(row[k] >> down)
            words[place[j]] = name | np.uint64(row[k] & mask)
            place[j] += np.uint64(1)
    return start, words


@njit(cache=True, nogil=True)
def unsold(places: Places, floor: Array, listed: Array, queue: Array) -> Scalar:
    """Write the objects with a free seat and a price above their floor to `queue`, and mark them; how many."""
    count = 0
    for j in range(len(floor)):
        listed[j] = 0
        if places.held[j] < places.first[j + 1] - places.first[j] and places.price[j] > floor[j]:
            listed[j] = 1
            queue[count] = j
            count += 1
    return count


@njit(cache=True, nogil=True)
def profits(places: Places, fraction: Scalar, profit: Array) -> None:
    """What each single has: weight − price, 0 staying out."""
    for agent in range(len(profit)):
        j = np.int64(places.mate[agent])
        profit[agent] = 0 if j < 0 else (places.own[agent] << fraction) - places.price[j]


@njit(cache=True, nogil=True)
def _best_offers(
    words: Array, shift: Scalar, fraction: Scalar, agent_bits: Scalar, profit: Array, mate: Array, j: Scalar,
    least: Scalar, free: Scalar, scratch: Array,
) -> Scalar:  # fmt: skip
    """The free + 1 best offers for j above `least`, as a heap in `scratch`; how many there are."""
    found = 0
    threshold = least
    mask = np.uint64((1 << shift) - 1)
    for k in range(len(words)):
        agent = words[k] >> np.uint64(shift)
        offer = (np.int64(words[k] & mask) << fraction) - profit[agent]
        if offer > threshold and mate[agent] != j:
            if found <= free:
                push(scratch, 0, found, (offer << agent_bits) | np.int64(agent))
                found += 1
            else:
                replace_lowest(scratch, 0, found, (offer << agent_bits) | np.int64(agent))
            if found == free + 1:
                threshold = max(least, scratch[0] >> agent_bits)
    return found


@njit(cache=True, nogil=True)
def draw_singles(
    start: Array, words: Array, shift: Scalar, fraction: Scalar, epsilon: Scalar, agent_bits: Scalar, places: Places,
    floor: Array, profit: Array, queue: Array, count: Scalar, listed: Array, scratch: Array, at_most: Scalar,
) -> tuple[Scalar, Scalar]:  # fmt: skip
    """Let the objects in `queue[:count]` draw singles, last in first out, and those that lose one after them.

    `profit` (agents,) int64: what each single has. Stops after `at_most` objects; returns how many are queued and how
    many were treated. Order within the heaps is lost: `reprice` restores it.
    """
    agent_mask = np.int64((1 << agent_bits) - 1)
    treated = 0
    while count > 0 and treated < at_most:
        count -= 1
        j = np.int64(queue[count])
        listed[j] = 0
        lo, old, least = places.first[j], places.price[j], floor[j]
        free = places.first[j + 1] - lo - places.held[j]
        if free == 0 or old <= least:
            continue
        treated += 1
        column = words[start[j] : start[j + 1]]
        found = _best_offers(column, shift, fraction, agent_bits, profit, places.mate, j, least, free, scratch)
        new, skipped = least, 0
        if found == free + 1:
            new, skipped = max(least, (scratch[0] >> agent_bits) - epsilon), 1
        new = min(new, old)
        places.price[j] = new
        for at in range(lo, lo + places.held[j]):
            profit[places.heap[at] & agent_mask] += old - new
        for k in range(skipped, found):
            offer, agent = scratch[k] >> agent_bits, np.int64(scratch[k] & agent_mask)
            if offer < new + epsilon:
                continue
            left = np.int64(places.mate[agent])
            if left >= 0:
                at = places.first[left]
                while np.int64(places.heap[at] & agent_mask) != agent:
                    at += 1
                places.held[left] -= 1
                places.heap[at] = places.heap[places.first[left] + places.held[left]]
                if places.price[left] > floor[left] and listed[left] == 0:
                    listed[left] = 1
                    queue[count] = left
                    count += 1
            places.mate[agent] = j
            places.own[agent] = (profit[agent] + offer) >> fraction
            profit[agent] += offer - new
            places.heap[lo + places.held[j]] = agent
            places.held[j] += 1
        if places.held[j] < places.first[j + 1] - lo and new > least and listed[j] == 0:
            listed[j] = 1
            queue[count] = j
            count += 1
    return count, treated


@njit(cache=True, nogil=True)
def reprice(places: Places, agent_bits: Scalar) -> None:
    """Every bid that holds a seat becomes the price of its object."""
    agent_mask = np.int64((1 << agent_bits) - 1)
    for j in range(len(places.price)):
        for at in range(places.first[j], places.first[j] + places.held[j]):
            places.heap[at] = (places.price[j] << agent_bits) | (places.heap[at] & agent_mask)
