"""装箱: a market as the auction reads it: rows in block order, one machine word per edge.

A word holds the object's new number above and the edge's weight below: 32 bits where both fit, 64 otherwise. Edges
of weight ≤ 0 are left out: staying out is at least as good.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Bool, Int32, Int64, Scalar
from jiedui.matching.solver.block_order import block_order
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.market import Market
from jiedui.matching.solver.open_choices import reserve_of

WEIGHT_BITS: Final = 40
"""Weights above 2^40 are not packed: prices of them would leave no bits for fractions."""
NO_PART: Final = -(2**61)
"""A bonus that no weight outweighs."""
ROW_BITS: Final = 18
"""Rows of more than 2^18 edges are not packed: see `bidding`."""


@dataclass(frozen=True, eq=False)
class Weighing:
    """权重: the weight of edge (i, j) is `scale[i] · (utility − reserve[j]) + bonus[i] + lift[j]`, if it is open.

    `scale`, `bonus` (agents,) int64; with a bonus of `NO_PART` an agent takes no part. `lift` (objects,) int64.
    `open_edges` (edges,) bool: the others are left out (None: all are open).
    """

    scale: Int64
    bonus: Int64
    lift: Int64 | None = None
    open_edges: Bool | None = None

    @classmethod
    def utility(cls, market: Market) -> Weighing:
        """The net utility of every edge."""
        return cls(np.ones(market.agents, np.int64), np.zeros(market.agents, np.int64))

    def arrays(self, market: Market) -> tuple[Int64, Int64, Int64, Bool]:
        """What the compiled loops take: scale, bonus, (2, objects) lift and reserve, closed edges (empty: none)."""
        lift = np.zeros(market.objects, np.int64) if self.lift is None else self.lift
        closed = np.zeros(0, bool) if self.open_edges is None else ~self.open_edges
        return self.scale, self.bonus, np.stack([lift, reserve_of(market)]), closed


@dataclass(frozen=True, eq=False)
class Packed:
    """装箱市场: `indptr` (agents + 1) int64 and `edges` (kept edges,) uint32 or uint64 in block order.

    An edge is `object << shift | weight`. `agent_at`, `object_to`: new places, see `block_order`. `seats` (objects,)
    int64, at most one more than there are edges: no more could be taken, and what stays free must cost nothing.
    `heaviest`: the greatest weight.
    """

    indptr: Int64
    edges: Array
    shift: int
    seats: Int64
    heaviest: int
    agent_at: Int32
    object_to: Int32

    @property
    def agents(self) -> int:
        """人数."""
        return len(self.indptr) - 1

    @property
    def agent_bits(self) -> int:
        """Bits that the number of an agent takes."""
        return max(1, (max(1, self.agents) - 1).bit_length())

    @property
    def objects(self) -> int:
        """对象数."""
        return len(self.seats)


def pack(market: Market, weighing: Weighing, crew: Crew, order: tuple[Int32, Int32] | None = None) -> Packed | None:
    """Pack `market`; None where the range does not fit. `order`: of `block_order`, where it is known already."""
    agent_at, object_to = order or block_order(market)
    by = weighing.arrays(market)
    kept = np.zeros(market.agents + 1, np.int64)
    parts = crew.parts(market.agents)
    count = np.empty(market.agents, np.int32)
    rows = (market.indptr, market.indices, market.utility)
    everybody = np.arange(market.agents, dtype=np.int32)
    heaviest = max(crew.map(lambda lo, hi: count_edges(*rows, *by, everybody, count, lo, hi), parts), default=0)
    kept[1:] = count[agent_at]
    bits = max(1, int(heaviest).bit_length())
    object_bits = max(1, (max(1, market.objects) - 1).bit_length())
    longest = int(kept.max(initial=0))
    np.cumsum(kept, out=kept)
    if bits > WEIGHT_BITS or bits + object_bits > 63 or longest >= 1 << ROW_BITS:
        return None
    word = np.uint32 if bits + object_bits <= 32 else np.uint64
    edges = np.empty(kept[-1], word)
    place_of = np.empty(market.agents, np.int32)
    place_of[agent_at] = np.arange(market.agents, dtype=np.int32)
    crew.map(
        lambda lo, hi: fill_edges(*rows, *by, everybody, place_of, object_to, kept, word(bits), edges, lo, hi), parts
    )
    seats = usable_seats(market, edges, bits, object_to, crew)
    return Packed(kept, edges, bits, seats, int(heaviest), agent_at, object_to)


def usable_seats(market: Market, edges: Array, shift: int, object_to: Int32, crew: Crew) -> Int64:
    """Seats in block order, see `Packed`."""
    parts = crew.parts(len(edges))
    degree = np.zeros((len(parts), market.objects), np.uint32)
    crew.map(
        lambda lo, hi, part: count_by_object(edges[lo:hi], shift, degree[part]),
        [(lo, hi, part) for part, (lo, hi) in enumerate(parts)],
    )
    seats = np.empty(market.objects, np.int64)
    seats[object_to] = market.seats
    return np.minimum(seats, degree.sum(axis=0, dtype=np.int64) + 1)


@njit(cache=True, nogil=True)
def count_by_object(edges: Array, shift: Scalar, degree: Array) -> None:
    """Add the number of `edges` to each object to `degree` (objects,) uint32."""
    down = edges.dtype.type(shift)
    for e in range(len(edges)):
        degree[np.uint64(edges[e] >> down)] += np.uint32(1)


@njit(cache=True, nogil=True)
def count_edges(
    indptr: Array, indices: Array, utility: Array, scale: Array, bonus: Array, lift: Array, closed: Array,
    who: Array, count: Array, lo: Scalar, hi: Scalar,
) -> Scalar:  # fmt: skip
    """Write the number of positive weights of agents `who[lo:hi]` to `count`; return the greatest weight."""
    heaviest = np.int64(0)
    for nth in range(lo, hi):
        agent = np.uint64(who[nth])
        by, plus = scale[agent], bonus[agent]
        worth = utility[indptr[agent] : indptr[agent + np.uint64(1)]]
        to = indices[indptr[agent] : indptr[agent + np.uint64(1)]]
        shut = closed[min(indptr[agent], len(closed)) : min(indptr[agent + np.uint64(1)], len(closed))]
        positive = 0
        for k in range(len(to)):
            weight = np.int64(worth[k]) * by + plus + lift[0, np.uint32(to[k])] - lift[1, np.uint32(to[k])] * by
            if weight > 0 and not (len(shut) and shut[k]):
                positive += 1
                heaviest = max(heaviest, weight)
        count[agent] = positive
    return heaviest


@njit(cache=True, nogil=True)
def fill_edges(
    indptr: Array, indices: Array, utility: Array, scale: Array, bonus: Array, lift: Array, closed: Array,
    who: Array, place_of: Array, object_to: Array, first: Array, shift: Scalar, edges: Array, lo: Scalar, hi: Scalar,
) -> None:  # fmt: skip
    """Write the words of agents `who[lo:hi]` to their places.

    Read in order and written out of order: the memory waits for no write.
    """
    for nth in range(lo, hi):
        agent = np.uint64(who[nth])
        by, plus = scale[agent], bonus[agent]
        worth = utility[indptr[agent] : indptr[agent + np.uint64(1)]]
        to = indices[indptr[agent] : indptr[agent + np.uint64(1)]]
        shut = closed[min(indptr[agent], len(closed)) : min(indptr[agent + np.uint64(1)], len(closed))]
        place = np.uint32(place_of[agent])
        row = edges[first[place] : first[place + np.uint32(1)]]
        if len(row) == 0:
            continue
        at = 0
        for k in range(len(to)):
            old = np.uint32(to[k])
            weight = np.int64(worth[k]) * by + plus + lift[0, old] - lift[1, old] * by
            if weight > 0 and not (len(shut) and shut[k]):
                j = np.uint32(object_to[old])
                row[at] = (np.uint64(j) << np.uint64(shift)) | np.uint64(weight)
                at += 1
