"""组合报价: what a group can have: its edges by class and member, each class in which every member has an edge.

Classes in which some member has no edge are left out: the group cannot be whole there. Edges of any weight are kept,
since a member may take one worth less than 0 if the others pay for it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Bool, Int32, MarketError, Scalar
from jiedui.matching.solver.market import Market
from jiedui.matching.solver.open_choices import reserve_of


class Packages(NamedTuple):
    """组合: groups of two and more, in the numbers of a packed market.

    Members of group g: `member[member_start[g]:member_start[g + 1]]` (int32); its classes are the blocks
    `block_start[g]` to `block_start[g + 1]` − 1. The k-th member's edges in block b run from
    `edge_start[range_start[b] + k]` to the next one: `object` (int32) and `weight` (net utility, int64).
    `slot_of` (agents,) int32: an agent's place in `member`, −1 = no member; `group_of` (places,) int32.
    """

    member_start: Array
    member: Array
    block_start: Array
    range_start: Array
    edge_start: Array
    object: Array
    weight: Array
    slot_of: Array
    group_of: Array


def grouped(market: Market) -> Bool:
    """Which agents are in a group of two or more, (agents,) bool."""
    linked = market.linked
    if linked is None:
        return np.zeros(market.agents, bool)
    together = np.append(np.diff(linked.indptr) > 1, False)
    return np.asarray(together[linked.group_of], bool)


def packages(market: Market, agent_at: Int32, object_to: Int32) -> Packages:
    """The packages of all groups of two and more. `agent_at`, `object_to`: of `packing.Packed`."""
    linked = market.linked
    if linked is None:
        raise MarketError("The market has no groups.", remedy="Solve it without packages.")
    sizes = np.diff(linked.indptr)
    kept = sizes > 1
    member_start = np.zeros(int(kept.sum()) + 1, np.int64)
    np.cumsum(sizes[kept], out=member_start[1:])
    old_member = linked.agents[np.repeat(kept, sizes)].astype(np.int32)
    classes = int(linked.edge_class.max(initial=-1)) + 1
    rows = (market.indptr, linked.edge_class, member_start, old_member)
    block_start, ranges, edges = _measure(*rows, np.zeros(classes, np.int32))
    range_start = np.empty(block_start[-1] + 1, np.int64)
    edge_start = np.empty(ranges + 1, np.int64)
    objects, weight = np.empty(edges, np.int32), np.empty(edges, np.int64)
    _fill(
        *rows, market.indices, market.utility, reserve_of(market), object_to, np.zeros(classes, np.int32), block_start,
        range_start, edge_start, objects, weight,
    )  # fmt: skip
    place_of = np.empty(market.agents, np.int32)
    place_of[agent_at] = np.arange(market.agents, dtype=np.int32)
    member = place_of[old_member]
    slot_of = np.full(market.agents, -1, np.int32)
    slot_of[member] = np.arange(len(member), dtype=np.int32)
    group_of = np.repeat(np.arange(len(member_start) - 1, dtype=np.int32), np.diff(member_start))
    return Packages(member_start, member, block_start, range_start, edge_start, objects, weight, slot_of, group_of)


@njit(cache=True, nogil=True)
def _count_classes(
    indptr: Array, edge_class: Array, member_start: Array, member: Array, g: Scalar, seen: Array
) -> None:
    """`seen[c]` becomes the number of members, from the first on without a gap, that have an edge in class c."""
    for k in range(member_start[g + 1] - member_start[g]):
        agent = member[member_start[g] + k]
        for e in range(indptr[agent], indptr[agent + 1]):
            if edge_class[e] >= 0 and seen[edge_class[e]] == k:
                seen[edge_class[e]] = k + 1


@njit(cache=True, nogil=True)
def _forget(indptr: Array, edge_class: Array, member_start: Array, member: Array, g: Scalar, seen: Array) -> None:
    for at in range(member_start[g], member_start[g + 1]):
        for e in range(indptr[member[at]], indptr[member[at] + 1]):
            if edge_class[e] >= 0:
                seen[edge_class[e]] = 0


@njit(cache=True, nogil=True)
def _measure(
    indptr: Array, edge_class: Array, member_start: Array, member: Array, seen: Array
) -> tuple[Array, Scalar, Scalar]:
    """Blocks of each group (as starts), ranges and edges in all."""
    groups = len(member_start) - 1
    block_start = np.zeros(groups + 1, np.int64)
    ranges, edges = 0, 0
    for g in range(groups):
        size = member_start[g + 1] - member_start[g]
        _count_classes(indptr, edge_class, member_start, member, g, seen)
        blocks = 0
        for at in range(member_start[g], member_start[g + 1]):
            for e in range(indptr[member[at]], indptr[member[at] + 1]):
                c = edge_class[e]
                if c >= 0 and abs(seen[c]) == size:
                    edges += 1
                    if seen[c] > 0:
                        blocks += 1
                        seen[c] = -size
        block_start[g + 1] = block_start[g] + blocks
        ranges += blocks * size
        _forget(indptr, edge_class, member_start, member, g, seen)
    return block_start, ranges, edges


@njit(cache=True, nogil=True)
def _fill(
    indptr: Array, edge_class: Array, member_start: Array, member: Array, indices: Array, utility: Array,
    reserve: Array, object_to: Array, seen: Array, block_start: Array, range_start: Array, edge_start: Array,
    objects: Array, weight: Array,
) -> None:  # fmt: skip
    """Write the edges block by block, member by member."""
    ranges, edges = 0, 0
    for g in range(len(member_start) - 1):
        size = member_start[g + 1] - member_start[g]
        _count_classes(indptr, edge_class, member_start, member, g, seen)
        first = member[member_start[g]]
        b = block_start[g]
        for e in range(indptr[first], indptr[first + 1]):
            c = edge_class[e]
            if c < 0 or seen[c] != size:
                continue
            seen[c] = -size
            range_start[b] = ranges
            b += 1
            for at in range(member_start[g], member_start[g + 1]):
                edge_start[ranges] = edges
                ranges += 1
                for other in range(indptr[member[at]], indptr[member[at] + 1]):
                    if edge_class[other] == c:
                        j = indices[other]
                        objects[edges] = object_to[j]
                        weight[edges] = np.int64(utility[other]) - reserve[j]
                        edges += 1
        _forget(indptr, edge_class, member_start, member, g, seen)
    range_start[-1] = ranges
    edge_start[-1] = edges
