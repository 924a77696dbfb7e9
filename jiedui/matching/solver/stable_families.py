"""组的去处: what groups of linked agents can get: their edges by class, and the best tuple that objects would take.

A group ranks tuples of objects inside one class by the sum of its members' net utilities, each more than 0. Of equal
sums it takes the lower class, then what its first member likes better, then its second, and so on.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Int32, Int64
from jiedui.matching.solver.market import Linked, Market
from jiedui.matching.solver.stable_reach import Ranking, wider


class Families(NamedTuple):
    """组: members of group g are `agents[start[g] : start[g + 1]]`; `group_of` (agents of the market,) int32, −1: none.

    Block b of group g (block_start[g] ≤ b < block_start[g + 1]) is a class in which each member has an edge: those of
    its p-th member are `ranges[r + 2p]` to `ranges[r + 2p + 1] − 1` with r = range_start[b], by falling `worth`, then
    rising object. `object`, `worth`, `key`: of those edges, see `Ranking`. `held` (agents of the market,) int32: the
    edge that each linked agent holds, −1: none.
    """

    start: Int64
    agents: Int32
    group_of: Int32
    block_start: Int64
    range_start: Int64
    ranges: Int32
    object: Int32
    worth: Int64
    key: Int64
    held: Int32


def families(market: Market, linked: Linked, net: Array, rank: Ranking, together: Array) -> Families:
    """The groups with `together[g]` (groups,) bool; the others get no block."""
    args = (market.indptr, market.indices, net, rank.base, rank.score, rank.bits)
    first, kept, classes, worth, key = _edges_by_class(*args, linked.indptr, linked.agents, linked.edge_class, together)
    block_start, range_start, ranges = _blocks(linked.indptr, first, classes)
    group_of = np.where(np.append(together, False)[linked.group_of], linked.group_of, -1).astype(np.int32)
    held = np.full(market.agents, -1, np.int32)
    return Families(
        linked.indptr, linked.agents, group_of, block_start, range_start, ranges, kept, worth, key, held
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _edges_by_class(
    indptr: Array, indices: Array, net: Array, base: Array, score: Array, bits: int, start: Array, agents: Array,
    edge_class: Array, together: Array,
) -> tuple[Array, Array, Array, Array, Array]:  # fmt: skip
    """Allowed edges worth more than 0 of each linked agent, by class, falling worth and rising object."""
    first = np.zeros(len(agents) + 1, np.int64)
    total = 0
    for g in range(len(start) - 1):
        for m in range(start[g], start[g + 1]):
            if together[g]:
                total += indptr[agents[m] + 1] - indptr[agents[m]]
    kept, classes = np.empty(total, np.int32), np.empty(total, np.int32)
    worth, key = np.empty(total, np.int64), np.empty(total, np.int64)
    n = 0
    for g in range(len(start) - 1):
        for m in range(start[g], start[g + 1]):
            agent = agents[m]
            if together[g]:
                for e in range(indptr[agent], indptr[agent + 1]):
                    if edge_class[e] >= 0 and net[e] > 0:
                        kept[n], classes[n], worth[n] = indices[e], edge_class[e], net[e]
                        key[n] = ((base[agent] + score[e]) << bits) | ((1 << bits) - 1 - agent)
                        n += 1
                _sort_edges(classes, worth, kept, key, first[m], n)
            first[m + 1] = n
    return first, kept[:n], classes[:n], worth[:n], key[:n]


@njit(cache=True, nogil=True)
def _sort_edges(classes: Array, worths: Array, kept: Array, keys: Array, first: int, n: int) -> None:
    """Sort the edges first..n by class, falling worth and rising object (Shell 1959: rows are short)."""
    gap = 1
    while 9 * gap < n - first:
        gap = 3 * gap + 1
    while gap > 0:
        for k in range(first + gap, n):
            c, worth, j, key = classes[k], worths[k], kept[k], keys[k]
            at, above = k, k - gap
            while above >= first and (
                classes[above] > c
                or (classes[above] == c and (worths[above] < worth or (worths[above] == worth and kept[above] > j)))
            ):
                classes[at], worths[at], kept[at], keys[at] = classes[above], worths[above], kept[above], keys[above]
                at, above = above, above - gap
            classes[at], worths[at], kept[at], keys[at] = c, worth, j, key
        gap //= 3


@njit(cache=True, nogil=True)
def _blocks(start: Array, first: Array, classes: Array) -> tuple[Array, Array, Array]:
    """The classes in which each member has an edge, group by group, the lowest first: see `Families`."""
    block_start = np.zeros(len(start), np.int64)
    range_start, ranges = np.empty(len(start), np.int64), np.empty(4 * len(start), np.int32)
    blocks, used = 0, 0
    for g in range(len(start) - 1):
        size = start[g + 1] - start[g]
        at = first[start[g] : start[g + 1]].copy()
        end = first[start[g] + 1 : start[g + 1] + 1]
        while size > 0 and at[0] < end[0]:
            c = classes[at[0]]
            if blocks == len(range_start):
                range_start = wider(range_start, blocks, 1)
            if used + 2 * size > len(ranges):
                ranges = wider(ranges, used, 2 * size)
            everyone = True
            for p in range(size):
                while at[p] < end[p] and classes[at[p]] < c:
                    at[p] += 1
                ranges[used + 2 * p] = at[p]
                while at[p] < end[p] and classes[at[p]] == c:
                    at[p] += 1
                ranges[used + 2 * p + 1] = at[p]
                everyone &= ranges[used + 2 * p] < at[p]
            if everyone:
                range_start[blocks] = used
                blocks += 1
                used += 2 * size
        block_start[g + 1] = blocks
    return block_start, range_start[:blocks], ranges[:used]


class Seats(NamedTuple):
    """席位: object j holds the keys `held[first[j] : first[j] + taken[j]]`, a heap with the worst on top.

    It has first[j + 1] − first[j] seats, of which `closed[j]` are vacated and not yet offered to who waits for them.
    `first` (objects + 1,) int64, `held` int64, `taken` and `closed` (objects,) int32.
    """

    first: Int64
    held: Int64
    taken: Int32
    closed: Int32


@njit(cache=True, nogil=True)
def best_tuple(family: Families, seats: Seats, bits: int, g: int, target: int, choice: Array, work: Array) -> int:
    """The best tuple of group g with a sum over `target` that all its objects would take: its sum, or `target`.

    Writes the members' edges to choice[0 : members]. `work` (5, members + 1) int64 is overwritten.
    """
    for b in range(family.block_start[g], family.block_start[g + 1]):
        target = _best_in_block(family, seats, bits, g, family.range_start[b], target, choice, work)
    return target


@njit(cache=True, nogil=True)
def _best_in_block(
    family: Families, seats: Seats, bits: int, g: int, ranges: int, target: int, choice: Array, work: Array
) -> int:
    """Depth first over the members, each by falling worth; a branch ends where its bound does not exceed `target`.

    rest[p]: the most that members p, p + 1, … can add, each counted alone.
    """
    pos, head, end, rest, partial = work[0], work[1], work[2], work[3], work[4]
    size = family.start[g + 1] - family.start[g]
    rest[size], partial[0] = 0, 0
    bound = 0
    for p in range(size):
        bound += family.worth[family.ranges[ranges + 2 * p]]
    if bound <= target:
        return target
    for p in range(size - 1, -1, -1):
        head[p], end[p] = family.ranges[ranges + 2 * p], family.ranges[ranges + 2 * p + 1]
        while head[p] < end[p] and not _would_take(family, seats, g, head[p]):
            head[p] += 1
        if head[p] == end[p]:
            return target
        rest[p] = rest[p + 1] + family.worth[head[p]]
    p, pos[0] = 0, head[0]
    while p >= 0:
        e = pos[p]
        if e >= end[p] or partial[p] + family.worth[e] + rest[p + 1] <= target:
            p -= 1
            if p >= 0:
                pos[p] += 1
        elif not _would_take(family, seats, g, e):
            pos[p] += 1
        elif p < size - 1:
            partial[p + 1] = partial[p] + family.worth[e]
            p += 1
            pos[p] = head[p]
        elif _would_take_all(family, seats, bits, g, pos, size):
            target = partial[p] + family.worth[e]
            choice[:size] = pos[:size]
        else:
            pos[p] += 1
    return target


@njit(cache=True, nogil=True)
def _would_take(family: Families, seats: Seats, g: int, e: int) -> bool:
    """Would the object of edge e take its member alone: a free seat, a seat of the group's own, or a worse holder?"""
    j = family.object[e]
    lo, n = seats.first[j], seats.taken[j]
    capacity = seats.first[j + 1] - lo
    if n < capacity or (capacity > 0 and family.key[e] > seats.held[lo]):
        return True
    for m in range(family.start[g], family.start[g + 1]):
        own = family.held[family.agents[m]]
        if own >= 0 and family.object[own] == j:
            return True
    return False


@njit(cache=True, nogil=True)
def _would_take_all(family: Families, seats: Seats, bits: int, g: int, pos: Array, size: int) -> bool:
    """Where members share an object: are there seats for all of them, counting worse holders outside the group?"""
    for p in range(size):
        j, lowest, number = family.object[pos[p]], family.key[pos[p]], 1
        for q in range(size):
            if q != p and family.object[pos[q]] == j:
                number += 1
                lowest = min(lowest, family.key[pos[q]])
        if number > 1 and not _room_for(family, seats, bits, g, j, number, lowest):
            return False
    return True


@njit(cache=True, nogil=True)
def _room_for(family: Families, seats: Seats, bits: int, g: int, j: int, number: int, lowest: int) -> bool:
    lo, n = seats.first[j], seats.taken[j]
    stronger = 0
    for k in range(lo, lo + n):
        agent = (1 << bits) - 1 - (seats.held[k] & ((1 << bits) - 1))
        if seats.held[k] > lowest and family.group_of[agent] != g:
            stronger += 1
    return bool(stronger + number <= seats.first[j + 1] - lo)
