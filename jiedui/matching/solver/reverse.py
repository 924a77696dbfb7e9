"""反向拍卖: objects with unsold seats lower their price and draw agents.

A seat that stays unsold must cost no more than its floor (0 or the reserve), or the bound is not met. An object with f
free seats at a higher price looks at its f + 1 best agents by b = w − π, π being what each has now: the price falls to
ε below the (f + 1)-th (not below the floor, not above the old price), and those above take the seats. What they leave
may have to lower its price in turn.
Source: Bertsekas and Castañón 1992 (forward/reverse auction for asymmetric assignment).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Scalar
from jiedui.matching.solver.seat_heap import push, replace_lowest


@njit(cache=True, nogil=True)
def unsold_above_floor(first: Array, held: Array, price: Array, floor: Array, listed: Array, queue: Array) -> Scalar:
    """Write the objects with a free seat and a price above their floor to `queue`; mark them in `listed`; how many."""
    count = 0
    for j in range(len(held)):
        listed[j] = 0
        if held[j] < first[j + 1] - first[j] and price[j] > floor[j]:
            listed[j] = 1
            queue[count] = j
            count += 1
    return count


@njit(cache=True, nogil=True)
def profits(mate: Array, own: Array, price: Array, fraction: Scalar, profit: Array, lo: Scalar, hi: Scalar) -> None:
    """What each agent has: weight − price, 0 staying out."""
    for agent in range(lo, hi):
        j = np.int64(mate[agent])
        profit[agent] = 0 if j < 0 else (np.int64(own[agent]) << fraction) - np.int64(price[j])


@njit(cache=True, nogil=True)
def draw(
    start: Array, words: Array, shift: Scalar, fraction: Scalar, epsilon: Scalar, first: Array, heap: Array,
    held: Array,
    agent_bits: Scalar, price: Array, floor: Array, own: Array, mate: Array, profit: Array, queue: Array, count: Scalar,
    listed: Array, inner: Array, mine: Scalar, later: Array, scratch: Array, at_most: Scalar,
) -> tuple[Scalar, Scalar, Scalar]:  # fmt: skip
    """Let the objects in `queue[:count]` draw agents, last in first out, and those that lose one after them.

    With `mine` ≥ 0 only objects that are `inner` to that part are treated; others go to `later`. `scratch` has room
    for the most seats of an object and one. Stops after `at_most` objects; returns how many are queued, how many wait
    in `later`, and how many were treated. Order within the heaps is lost: rebuild them with `release`.
    """
    agent_mask = np.int64((1 << agent_bits) - 1)
    down = words.dtype.type(shift)
    mask = words.dtype.type((1 << shift) - 1)
    treated = 0
    put_off = 0
    while count > 0 and treated < at_most:
        count -= 1
        j = np.int64(queue[count])
        if mine >= 0 and inner[j] != mine:
            later[put_off] = j
            put_off += 1
            continue
        listed[j] = 0
        lo, old, least = first[j], np.int64(price[j]), np.int64(floor[j])
        free = first[j + 1] - lo - held[j]
        if free == 0 or old <= least:
            continue
        treated += 1
        found = 0
        threshold = least
        column = words[start[j] : start[j + 1]]
        for k in range(len(column)):
            seeker = column[k] >> down
            offer = (np.int64(column[k] & mask) << fraction) - np.int64(profit[seeker])
            if offer > threshold and mate[seeker] != j:
                if found <= free:
                    push(scratch, 0, found, (offer << agent_bits) | np.int64(seeker))
                    found += 1
                else:
                    replace_lowest(scratch, 0, found, (offer << agent_bits) | np.int64(seeker))
                if found == free + 1:
                    threshold = max(least, scratch[0] >> agent_bits)
        new = least
        skipped = 0
        if found == free + 1:
            new = max(least, (scratch[0] >> agent_bits) - epsilon)
            skipped = 1
        new = min(new, old)
        price[j] = new
        for at in range(lo, lo + held[j]):
            profit[heap[at] & agent_mask] += old - new
        for k in range(skipped, found):
            offer = scratch[k] >> agent_bits
            agent = np.int64(scratch[k] & agent_mask)
            if offer < new + epsilon:
                continue
            left = np.int64(mate[agent])
            if left >= 0:
                at = first[left]
                while np.int64(heap[at] & agent_mask) != agent:
                    at += 1
                held[left] -= 1
                heap[at] = heap[first[left] + held[left]]
                if price[left] > floor[left] and listed[left] == 0:
                    listed[left] = 1
                    queue[count] = left
                    count += 1
            mate[agent] = j
            own[agent] = (np.int64(profit[agent]) + offer) >> fraction
            profit[agent] += offer - new
            heap[lo + held[j]] = agent
            held[j] += 1
        if held[j] < first[j + 1] - lo and new > least and listed[j] == 0:
            listed[j] = 1
            queue[count] = j
            count += 1
    return count, put_off, treated
