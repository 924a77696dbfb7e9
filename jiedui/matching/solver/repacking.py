"""重新装箱: pack a market that differs little from one packed before: unchanged rows are copied, in order.

Reading both markets side by side is several times cheaper than writing every row to its place anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Int64, Scalar
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.market import Market
from jiedui.matching.solver.packing import Packed, Weighing, count_edges, fill_edges, usable_seats

KEPT_EDGES: Final = 1 << 26
"""Larger packed markets are not kept for a warm start: they would double the memory that a solution holds."""


@dataclass(frozen=True, eq=False)
class Before:
    """先前: a market and how it was packed, with the same bonus for everybody."""

    market: Market
    packed: Packed
    bonus: int


def keep(market: Market, packed: Packed, bonus: int) -> Before | None:
    """What a later `repack` needs; None where it would be too much."""
    return Before(market, packed, bonus) if len(packed.edges) <= KEPT_EDGES else None


def repack(before: Before, market: Market, bonus: int, crew: Crew) -> Packed | None:
    """`market` packed in the order of `before`; None where they are not alike (size, reserves, bonus, range)."""
    old, packed = before.market, before.packed
    alike = old.agents == market.agents and old.objects == market.objects and before.bonus == bonus
    if not alike or not _same(old.reserve, market.reserve) or old.utility.dtype != market.utility.dtype:
        return None
    changed = np.empty(market.agents, np.bool_)
    rows = (market.indptr, market.indices, market.utility)
    crew.map(
        lambda lo, hi: _compare(old.indptr, old.indices, old.utility, *rows, changed, lo, hi),
        crew.parts(market.agents),
    )
    who = np.flatnonzero(changed).astype(np.int32)
    by = Weighing(np.ones(market.agents, np.int64), np.full(market.agents, bonus, np.int64)).arrays(market)
    count = np.zeros(market.agents, np.int32)
    heaviest = max(packed.heaviest, int(count_edges(*rows, *by, who, count, 0, len(who))))
    if heaviest >= 1 << packed.shift:
        return None
    size = np.diff(packed.indptr)
    moved = changed[packed.agent_at]
    size[moved] = count[packed.agent_at[moved]]
    first = np.zeros(market.agents + 1, np.int64)
    np.cumsum(size, out=first[1:])
    edges = np.empty(first[-1], packed.edges.dtype)
    crew.map(lambda lo, hi: _copy(packed.indptr, packed.edges, first, edges, moved, lo, hi), crew.parts(market.agents))
    place_of = np.empty(market.agents, np.int32)
    place_of[packed.agent_at] = np.arange(market.agents, dtype=np.int32)
    shift = packed.edges.dtype.type(packed.shift)
    fill_edges(*rows, *by, who, place_of, packed.object_to, first, shift, edges, 0, len(who))
    seats = usable_seats(market, edges, packed.shift, packed.object_to, crew)
    return replace(packed, indptr=first, edges=edges, seats=seats, heaviest=heaviest)


def _same(one: Int64 | None, other: Int64 | None) -> bool:
    return other is None if one is None else other is not None and np.array_equal(one, other)


@njit(cache=True, nogil=True)
def _compare(
    old_indptr: Array, old_indices: Array, old_utility: Array, indptr: Array, indices: Array, utility: Array,
    changed: Array, lo: Scalar, hi: Scalar,
) -> None:  # fmt: skip
    """Mark the agents lo to hi − 1 whose rows differ."""
    for agent in range(lo, hi):
        begin, old = indptr[agent], old_indptr[agent]
        size = indptr[agent + 1] - begin
        differs = old_indptr[agent + 1] - old != size
        if not differs:
            to, to_old = indices[begin : begin + size], old_indices[old : old + size]
            worth, worth_old = utility[begin : begin + size], old_utility[old : old + size]
            for k in range(size):
                differs |= to[k] != to_old[k] or worth[k] != worth_old[k]
        changed[agent] = differs


@njit(cache=True, nogil=True)
def _copy(old_first: Array, old_edges: Array, first: Array, edges: Array, moved: Array, lo: Scalar, hi: Scalar) -> None:
    """Copy the rows of the places lo to hi − 1 that did not change."""
    for place in range(lo, hi):
        if not moved[place]:
            row = edges[first[place] : first[place + 1]]
            old = old_edges[old_first[place] : old_first[place + 1]]
            for k in range(len(row)):
                row[k] = old[k]
