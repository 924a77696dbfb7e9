"""最低价格: the smallest prices that still prove an assignment to be optimal.

Optimal prices form a lattice (Shapley and Shubik 1971); its smallest element is what one more seat of each object is
worth (Demange, Gale and Sotomayor 1986), the same whatever way led there, and no single price of it can be lowered.
From any optimal integer prices it is one search by distance (Dijkstra 1959): how far a price may fall is limited by its
floor, by an agent without a place that would then want a seat, and by an agent elsewhere that would then move, which
may first be kept by a fall of what it has.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Bool, Int32, Int64, Scalar
from jiedui.matching.solver.packing import Packed
from jiedui.matching.solver.seat_heap import push, replace_lowest

BOUNDLESS = np.int64(1) << 30
"""More than any price may fall (falls and object numbers share an int64)."""


@njit(cache=True, nogil=True)
def room_to_fall(
    indptr: Array, edges: Array, shift: Scalar, price: Array, least: Array, mate: Array, cover: Array, counted: Array,
    room: Array,
) -> None:  # fmt: skip
    """`room` (objects,) int64: how far each price may fall for its floor `least` and for who has no place.

    `cover` (objects,) int8 and `counted` (agents,) bool: of the level before, see `cardinality`: a choice that is worse
    there limits nothing.
    """
    mask = edges.dtype.type((1 << shift) - 1)
    down = edges.dtype.type(shift)
    for j in range(len(price)):
        room[j] = min(price[j] - least[j], BOUNDLESS)
    for agent in range(len(mate)):
        if mate[agent] < 0:
            row = edges[indptr[agent] : indptr[agent + 1]]
            for k in range(len(row)):
                j = row[k] >> down
                if counted[agent] or cover[j] == 0:
                    room[j] = min(room[j], price[j] - np.int64(row[k] & mask))


@njit(cache=True, nogil=True)
def spread_limits(
    indptr: Array, edges: Array, shift: Scalar, price: Array, own: Array, start: Array, holders: Array, cover: Array,
    room: Array, heap: Array,
) -> None:  # fmt: skip
    """Lower `room` until it holds for everybody: an object may fall no further than its rivals allow.

    `heap` (objects,) int64: `room << 32 | object`, rising. An entry is stale once its object has less room.
    """
    mask = edges.dtype.type((1 << shift) - 1)
    down = edges.dtype.type(shift)
    size = len(heap)
    waiting = np.empty(2 * size + 1, np.int64)
    waiting[:size] = heap
    while size > 0:
        top = waiting[0]
        size -= 1
        if size > 0:
            replace_lowest(waiting, 0, size, waiting[size])
        j = np.uint64(top & 0xFFFFFFFF)
        fall = top >> 32
        if fall != room[j]:
            continue
        for at in range(start[j], start[j + np.uint64(1)]):
            agent = np.uint64(holders[at])
            have = fall + np.int64(own[agent]) - price[j]
            row = edges[indptr[agent] : indptr[agent + np.uint64(1)]]
            for k in range(len(row)):
                other = row[k] >> down
                limit = have + price[other] - np.int64(row[k] & mask)
                if limit < room[other] and cover[other] == cover[j]:
                    room[other] = limit
                    if size == len(waiting):
                        waiting = np.concatenate((waiting, np.empty(size, np.int64)))
                    push(waiting, 0, size, (limit << 32) | np.int64(other))
                    size += 1


def lower(
    packed: Packed, price: Int64, least: Int64, own: Array, mate: Int32, start: Int64, holders: Int32, cover: Array,
    counted: Bool,
) -> Int64:  # fmt: skip
    """The smallest prices (objects,) int64 that go with the assignment; `price` must be such prices already."""
    room = np.empty(packed.objects, np.int64)
    rows = (packed.indptr, packed.edges, packed.shift)
    room_to_fall(*rows, price, least, mate, cover, counted, room)
    heap = np.sort((room << 32) | np.arange(packed.objects))
    spread_limits(*rows, price, own, start, holders, cover, room, heap)
    return np.asarray(np.where(room >= BOUNDLESS, price, price - room), np.int64)
