"""组合出价: the forward auction in which singles bid for a seat and groups for a seat of each member in one class.

A group compares its classes by the sum of its members' best reduced weights there, V1 the best and V2 the next best
(0 for staying out). What it may lose before it would rather go elsewhere, V1 − V2, is shared out over its members; no
member bids more than its own margin to the next best object of the class. A member that is outbid makes the group
choose again: in the same class only that member bids, in another class all seats are given back. Seats that were given
back keep their price until the classes are settled (`group_classes`).
Source: Bertsekas and Castañón 1989 for the singles; the packages are this project's.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Scalar
from jiedui.matching.solver.group_packages import Packages
from jiedui.matching.solver.seat_heap import push, replace_lowest

NOTHING = -(1 << 61)
"""The reduced weight of what does not exist."""


class Places(NamedTuple):
    """席位: who holds what, in the numbers of a packed market.

    Seat heaps as in `seat_heap`: `first` (objects + 1), `heap` (seats), `held` (objects). `price` (objects,) int64:
    weights times 2^fraction. `mate`, `own`: a single's object (−1: none) and weight. `at` (groups,): the block a group
    is in, −1 = out; `taken` (places of members,): the edge of each member, −1 = none. `queued` (groups,) int8.
    """

    first: Array
    heap: Array
    held: Array
    price: Array
    mate: Array
    own: Array
    at: Array
    taken: Array
    queued: Array


@njit(cache=True, nogil=True)
def best_in_block(offered: Packages, price: Array, fraction: Scalar, b: Scalar, size: Scalar) -> Scalar:
    """The sum of the members' best reduced weights in block b."""
    total = np.int64(0)
    for k in range(size):
        r = offered.range_start[b] + k
        most = np.int64(NOTHING)
        for e in range(offered.edge_start[r], offered.edge_start[r + 1]):
            most = max(most, (offered.weight[e] << fraction) - price[offered.object[e]])
        total += most
    return total


@njit(cache=True, nogil=True)
def leave_seat(offered: Packages, places: Places, agent_bits: Scalar, slot: Scalar) -> None:
    """Take a member's bid out of the heap of its object; the price stays."""
    j = offered.object[places.taken[slot]]
    seats = places.heap[places.first[j] : places.first[j + 1]]
    size = np.int64(places.held[j])
    mask = np.int64((1 << agent_bits) - 1)
    at = 0
    while seats[at] & mask != offered.member[slot]:
        at += 1
    last = seats[size - 1]
    places.held[j] = size - 1
    places.taken[slot] = -1
    if at == size - 1:
        return
    while at > 0 and seats[(at - 1) >> 1] > last:
        seats[at] = seats[(at - 1) >> 1]
        at = (at - 1) >> 1
    while 2 * at + 1 < size - 1:
        child = 2 * at + 1
        if child + 1 < size - 1 and seats[child + 1] < seats[child]:
            child += 1
        if seats[child] >= last:
            break
        seats[at] = seats[child]
        at = child
    seats[at] = last


@njit(cache=True, nogil=True)
def take_seats(offered: Packages, places: Places, agent_bits: Scalar) -> None:
    """Fill the heaps with what `mate` and `taken` say, each bid the price of its object."""
    places.held[:] = 0
    for agent in range(len(places.mate)):
        j = np.int64(places.mate[agent])
        if j >= 0:
            places.heap[places.first[j] + places.held[j]] = (places.price[j] << agent_bits) | agent
            places.held[j] += 1
    for slot in range(len(places.taken)):
        if places.taken[slot] >= 0:
            j = np.int64(offered.object[places.taken[slot]])
            places.heap[places.first[j] + places.held[j]] = (places.price[j] << agent_bits) | offered.member[slot]
            places.held[j] += 1


@njit(cache=True, nogil=True)
def dissolve_halves(offered: Packages, places: Places, agent_bits: Scalar) -> None:
    """Groups of which a member has no seat give back all: after an auction that was stopped."""
    for g in range(len(places.at)):
        lo, hi = offered.member_start[g], offered.member_start[g + 1]
        whole = True
        for slot in range(lo, hi):
            whole = whole and places.taken[slot] >= 0
        if not whole:
            places.at[g] = -1
            for slot in range(lo, hi):
                if places.taken[slot] >= 0:
                    leave_seat(offered, places, agent_bits, slot)


@njit(cache=True, nogil=True)
def _take_seat(
    offered: Packages, places: Places, agent_bits: Scalar, j: Scalar, offer: Scalar, stack: Array, waiting: Scalar
) -> Scalar:
    """Seat the bid `offer`, above the price, at j; whoever loses a seat by it goes to the stack. How many wait."""
    seats = places.heap[places.first[j] : places.first[j + 1]]
    size = np.int64(places.held[j])
    if size < len(seats):
        push(seats, 0, size, offer)
        places.held[j] = size + 1
        if size + 1 == len(seats):
            places.price[j] = max(places.price[j], seats[0] >> agent_bits)
        return waiting
    loser = np.int64(seats[0] & ((1 << agent_bits) - 1))
    replace_lowest(seats, 0, size, offer)
    places.price[j] = seats[0] >> agent_bits
    slot = offered.slot_of[loser]
    if slot < 0:
        places.mate[loser] = -1
        stack[waiting] = loser
        return waiting + 1
    places.taken[slot] = -1
    g = offered.group_of[slot]
    if places.queued[g] == 0:
        places.queued[g] = 1
        stack[waiting] = -1 - g
        waiting += 1
    return waiting


@njit(cache=True, nogil=True)
def _choose(offered: Packages, places: Places, fraction: Scalar, g: Scalar, patience: Scalar) -> tuple[Scalar, Scalar]:
    """The block that group g wants now (−1: out) and its margin over the next best choice.

    A group stays in its class while another is better by no more than `patience`.
    """
    size = offered.member_start[g + 1] - offered.member_start[g]
    now = places.at[g]
    best, second, here, b = np.int64(0), np.int64(0), np.int64(0), np.int64(-1)
    for other in range(offered.block_start[g], offered.block_start[g + 1]):
        value = best_in_block(offered, places.price, fraction, other, size)
        if other == now:
            here = value
        if value > best:
            second, best, b = best, value, other
        elif value > second:
            second = value
    if b != now and now >= 0 and here > 0 and here >= best - patience:
        return now, np.int64(0)
    return b, best - second


@njit(cache=True, nogil=True)
def _share(margin: Scalar, own: Array, wants: Array, size: Scalar) -> None:
    """Share `margin` over the members that bid: each as much as the others, none more than its `own`; into `own`."""
    left, sharing = margin, 0
    for k in range(size):
        sharing += wants[k] >= 0
    content = np.zeros(size, np.bool_)
    k = 0
    while k < size:
        if wants[k] >= 0 and not content[k] and own[k] <= left // sharing:
            content[k] = True
            left -= own[k]
            sharing -= 1
            k = 0  # the shares of the others have grown
        else:
            k += 1
    for k in range(size):
        if wants[k] >= 0 and not content[k]:
            own[k] = left // sharing


@njit(cache=True, nogil=True)
def _wish(
    offered: Packages, price: Array, fraction: Scalar, epsilon: Scalar, r: Scalar, have: Scalar
) -> tuple[Scalar, Scalar]:
    """The best edge of range r and its margin to the next best; −1 for the edge where `have` is within `epsilon`."""
    best, second, edge = np.int64(NOTHING), np.int64(NOTHING), np.int64(-1)
    for e in range(offered.edge_start[r], offered.edge_start[r + 1]):
        reduced = (offered.weight[e] << fraction) - price[offered.object[e]]
        if reduced > best:
            second, best, edge = best, reduced, e
        elif reduced > second:
            second = reduced
    if have >= 0 and (offered.weight[have] << fraction) - price[offered.object[have]] >= best - epsilon:
        edge = np.int64(-1)
    return edge, best - second


@njit(cache=True, nogil=True)
def _group_turn(
    offered: Packages, places: Places, fraction: Scalar, epsilon: Scalar, patience: Scalar, agent_bits: Scalar,
    g: Scalar, stack: Array, waiting: Scalar, margins: Array, wants: Array,
) -> Scalar:  # fmt: skip
    """Group g chooses, gives back what it does not want, and bids for what it has not; returns how many wait."""
    lo = offered.member_start[g]
    size = offered.member_start[g + 1] - lo
    b, margin = _choose(offered, places, fraction, g, patience)
    moved = b != places.at[g]
    places.at[g] = b
    for k in range(size):
        wants[k] = -1
        have = places.taken[lo + k]
        if b >= 0:
            kept = np.int64(-1) if moved else have
            wants[k], margins[k] = _wish(offered, places.price, fraction, epsilon, offered.range_start[b] + k, kept)
        if have >= 0 and (moved or wants[k] >= 0):
            leave_seat(offered, places, agent_bits, lo + k)
    _share(margin, margins, wants, size)
    for k in range(size):
        if wants[k] >= 0:
            j = np.int64(offered.object[wants[k]])
            amount = places.price[j] + margins[k] + epsilon
            offer = (amount << agent_bits) | np.int64(offered.member[lo + k])
            places.taken[lo + k] = wants[k]
            waiting = _take_seat(offered, places, agent_bits, j, offer, stack, waiting)
    return waiting


@njit(cache=True, nogil=True)
def compete(
    indptr: Array, edges: Array, shift: Scalar, fraction: Scalar, epsilon: Scalar, patience: Scalar, agent_bits: Scalar,
    offered: Packages, places: Places, stack: Array, waiting: Scalar, widest: Scalar, at_most: Scalar,
) -> tuple[Scalar, Scalar]:  # fmt: skip
    """Let those in `stack[:waiting]` bid, last in first out: agents as they are, group g as −1 − g.

    `widest`: members of the largest group. Stops after `at_most` turns. Returns how many wait, and the turns.
    """
    mask = edges.dtype.type((1 << shift) - 1)
    down = edges.dtype.type(shift)
    margins, wants = np.empty(widest, np.int64), np.empty(widest, np.int64)
    turns = 0
    while waiting > 0 and turns < at_most:
        turns += 1
        waiting -= 1
        who = np.int64(stack[waiting])
        if who < 0:
            places.queued[-1 - who] = 0
            waiting = _group_turn(
                offered, places, fraction, epsilon, patience, agent_bits, -1 - who, stack, waiting, margins, wants
            )
            continue
        row = edges[indptr[who] : indptr[who + 1]]
        best, second, at = np.int64(0), np.int64(0), np.int64(-1)
        for k in range(len(row)):
            reduced = (np.int64(row[k] & mask) << fraction) - places.price[row[k] >> down]
            if reduced > best:
                second, best, at = best, reduced, k
            elif reduced > second:
                second = reduced
        if at < 0:
            continue
        j = np.int64(row[at] >> down)
        places.mate[who] = j
        places.own[who] = np.int64(row[at] & mask)
        offer = ((places.price[j] + best - second + epsilon) << agent_bits) | who
        waiting = _take_seat(offered, places, agent_bits, j, offer, stack, waiting)
    return waiting, turns
