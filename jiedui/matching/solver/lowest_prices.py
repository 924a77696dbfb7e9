"""最低价格: the smallest prices that still prove an assignment to be optimal.

Optimal prices form a lattice (Shapley and Shubik 1971); its smallest element is what one more seat of each object is
worth (Demange, Gale and Sotomayor 1986), the same whatever way led there, and no single price of it can be lowered.
From any optimal integer prices they are found by label correction (Bellman 1958): how far a price may fall is limited
by its floor, by an agent without a place that would then want a seat, and by an agent elsewhere that would then move,
unless what it has falls as well.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Bool, Int32, Int64, Scalar
from jiedui.matching.solver.packing import Packed
from jiedui.matching.solver.prefetch import prefetch_rows

BOUNDLESS = 1 << 60
"""More than any price may fall."""


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
    indptr: Array,
    edges: Array,
    shift: Scalar,
    own: Array,
    start: Array,
    holders: Array,
    cover: Array,
    lowest: Array,
    rose: Array,
) -> Scalar:
    """Raise `lowest` (objects,), what each price may fall to, until it holds for everybody; the objects looked at.

    In sweeps, each over the objects that rose since they were last looked at, in block order: their rows lie together,
    which is worth more than Dijkstra's order, in which each object is looked at once. `rose` (objects,) int8 marks
    them.
    """
    mask = edges.dtype.type((1 << shift) - 1)
    down = edges.dtype.type(shift)
    looked = 0
    again = True
    while again:
        again = False
        for j in range(len(lowest)):
            if rose[j] == 0:
                continue
            rose[j] = 0
            looked += 1
            prefetch_rows(indptr, edges, holders, start[j], start[j + 1])
            for at in range(start[j], start[j + 1]):
                agent = np.uint64(holders[at])
                have = np.int64(own[agent]) - lowest[j]
                row = edges[indptr[agent] : indptr[agent + np.uint64(1)]]
                for k in range(len(row)):
                    other = row[k] >> down
                    least = np.int64(row[k] & mask) - have
                    if least > lowest[other] and cover[other] == cover[j]:
                        lowest[other] = least
                        rose[other] = 1
                        again = True
    return looked


def lower(
    packed: Packed, price: Int64, least: Int64, own: Array, mate: Int32, start: Int64, holders: Int32, cover: Array,
    counted: Bool,
) -> Int64:  # fmt: skip
    """The smallest prices (objects,) int64 that go with the assignment; `price` must be such prices already."""
    room = np.empty(packed.objects, np.int64)
    rows = (packed.indptr, packed.edges, packed.shift)
    room_to_fall(*rows, price, least, mate, cover, counted, room)
    lowest = price - room
    spread_limits(*rows, own, start, holders, cover, lowest, np.ones(packed.objects, np.int8))
    return np.asarray(np.where(price - lowest >= BOUNDLESS, price, lowest), np.int64)
