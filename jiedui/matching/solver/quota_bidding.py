"""名额出价: the forward auction with one more level of scarcity: a class of objects that is full costs more.

While more agents hold seats of a quota than it may take at its price (its lower bound while the price is negative, a
subsidy; its upper bound from 0 on) the price rises by about ε, and whoever bid less than what its seat now costs at
least must bid again. So quota prices are found by the same bids as the prices of seats, within the same ε.
Source: as `bidding`, one level of the tree of quotas above another.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Scalar
from jiedui.matching.solver.bidding import POSITION_BITS
from jiedui.matching.solver.quota_compiled import inner
from jiedui.matching.solver.seat_heap import push, replace_lowest


@njit(cache=True, nogil=True)
def bid_under_quotas(
    indptr: Array, edges: Array, shift: Scalar, fraction: Scalar, epsilon: Scalar, first: Array, heap: Array,
    held: Array, agent_bits: Scalar, price: Array, floor: Array, own: Array, stack: Array, waiting: Scalar,
    above: Array, quota_price: Array, step: Scalar, count: Array, low: Array, up: Array, member_start: Array,
    member: Array, at_most: Scalar,
) -> tuple[Scalar, Scalar]:  # fmt: skip
    """As `bidding.bid` on one stack; returns how many wait and the bids made.

    `above` (objects + quotas,) int32: the innermost quota of an object, the next around a quota; −1 = none.
    `quota_price` (quotas,) int64, in weights, rises by `step`; `count`, `low`, `up` (quotas,) int64; the members of a
    quota are all objects with a seat inside it. `floor` (objects,): what a seat costs at least, its quota prices and a
    constant.
    """
    position = np.int64((1 << POSITION_BITS) - 1)
    mask = edges.dtype.type((1 << shift) - 1)
    down = edges.dtype.type(shift)
    agent_mask = np.int64((1 << agent_bits) - 1)
    objects = len(price)
    bids = 0
    quotas = (above, quota_price, step, count, low, up, member_start, member)
    seats_of = (fraction, first, heap, held, agent_bits, price, floor)
    for k in range(len(count)):
        waiting = _raise_while_full(k, quotas, seats_of, stack, waiting)
    while waiting > 0 and bids < at_most:
        waiting -= 1
        agent = np.int64(stack[waiting])
        row = edges[indptr[agent] : indptr[agent + 1]]
        best = np.int64(0)
        second = np.int64(0)
        for k in range(len(row)):
            edge = row[k]
            key = (((np.int64(edge & mask) << fraction) - np.int64(price[edge >> down])) << POSITION_BITS) | np.int64(k)
            second = max(second, min(best, key))
            best = max(best, key)
        if best >> POSITION_BITS <= 0:
            continue
        edge = row[best & position]
        weight = np.int64(edge & mask)
        own[agent] = weight
        bids += 1
        j = np.int64(edge >> down)
        seats = heap[first[j] : first[j + 1]]
        size = np.int64(held[j])
        offer = (((weight << fraction) - (second >> POSITION_BITS) + epsilon) << agent_bits) | agent
        if size == len(seats):
            stack[waiting] = seats[0] & agent_mask
            waiting += 1
            replace_lowest(seats, 0, size, offer)
            price[j] = seats[0] >> agent_bits
            continue
        push(seats, 0, size, offer)
        held[j] = size + 1
        if size + 1 == len(seats):
            price[j] = max(np.int64(price[j]), seats[0] >> agent_bits)
        k = np.int64(above[j])
        while k >= 0:
            count[k] += 1
            k = np.int64(above[objects + k])
        k = np.int64(above[j])
        while k >= 0:
            waiting = _raise_while_full(k, quotas, seats_of, stack, waiting)
            k = np.int64(above[objects + k])
    return waiting, bids


@inner
def _raise_while_full(
    k: Scalar, quotas: tuple[Array, ...], seats_of: tuple[Scalar, ...], stack: Array, waiting: Scalar
) -> Scalar:
    """Raise the price of quota `k` until it has no more agents than it may have at that price."""
    above, quota_price, step, count, low, up, member_start, member = quotas
    while count[k] > (low[k] if quota_price[k] < 0 else up[k]):
        by = min(step, -quota_price[k]) if quota_price[k] < 0 else step
        quota_price[k] += by
        members = member[member_start[k] : member_start[k + 1]]
        waiting = _raise(by << seats_of[0], members, above, count, seats_of, stack, waiting)
    return waiting


@inner
def _raise(
    by: Scalar, members: Array, above: Array, count: Array, seats_of: tuple[Scalar, ...], stack: Array, waiting: Scalar
) -> Scalar:
    """Raise the floors of `members`; who bid less loses its seat and waits."""
    _, first, heap, held, agent_bits, price, floor = seats_of
    agent_mask = np.int64((1 << agent_bits) - 1)
    objects = len(price)
    for j in members:
        floor[j] += by
        least = np.int64(floor[j])
        if price[j] >= least:
            continue
        price[j] = least
        seats = heap[first[j] : first[j + 1]]
        size = np.int64(held[j])
        while size > 0 and seats[0] >> agent_bits < least:
            stack[waiting] = seats[0] & agent_mask
            waiting += 1
            size -= 1
            replace_lowest(seats, 0, size, seats[size])
            k = np.int64(above[j])
            while k >= 0:
                count[k] -= 1
                k = np.int64(above[objects + k])
        held[j] = size
    return waiting
