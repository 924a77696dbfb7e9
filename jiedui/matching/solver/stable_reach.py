"""可及席位: what single agents can still get once groups claim seats.

Let M₀ be the stable matching of the single agents alone. Groups only take seats away, so in every later matching
without a blocking single
- no single holds a better object than in M₀, and who is unplaced in M₀ stays unplaced;
- an object that is full in M₀ is full, and each holder (single or not) ranks at least as high as its last one in M₀.
(If a seat of such an object were free or held by somebody who ranks lower, a single that held it in M₀ would want it
back and would get it: it would block.) So of a single's row there remain its object in M₀ and those it likes less
whose last holder in M₀ ranks below it: some edges for each placed single, none for the others. The rest of the row
cannot block and is never read again.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Int32, Int64, MarketError
from jiedui.matching.solver.market import Market


class Ranking(NamedTuple):
    """对象的偏好: object j ranks the agent of edge e by `(base[agent] + score[e]) << bits | (mask − agent)`.

    `base` (agents,) int64, `score` (edges,) any integer type; keys are positive, distinct for each object, and greater
    is better: the lower tier, then the greater utility, then the lower agent number.
    """

    base: Int64
    score: Array
    bits: int


def ranking(market: Market) -> Ranking:
    """How objects rank agents; one int64 for each edge, however wide tiers and utilities are."""
    bits = max(1, int(market.agents).bit_length())
    highest = int(market.utility.max(initial=0)) + 1
    if market.tier is None:
        return Ranking(np.zeros(market.agents, np.int64), market.utility, bits)
    tiers, place = np.unique(market.tier, return_inverse=True)
    if len(tiers) * highest < 1 << (63 - bits):
        return Ranking((len(tiers) - 1 - place.astype(np.int64)) * highest, market.utility, bits)
    return Ranking(np.zeros(market.agents, np.int64), _dense(market, place.astype(np.int64), bits), bits)


def _dense(market: Market, place: Int64, bits: int) -> Int64:
    """Ranks of (tier, utility) over all edges: the wide case, where both together do not fit 63 bits."""
    if market.edges >= 1 << (62 - bits):
        raise MarketError(f"{market!r} is too large to rank its edges.", remedy="Use fewer tiers or split the market.")
    tier = np.repeat(-place, np.diff(market.indptr))
    order = np.lexsort((market.utility, tier))
    new = np.ones(market.edges, np.int64)
    new[1:] = (np.diff(tier[order]) != 0) | (np.diff(market.utility[order]) != 0)
    score = np.empty(market.edges, np.int64)
    score[order] = np.cumsum(new)
    return score


class Reach(NamedTuple):
    """可及: the remaining edges of single agents, best first: those of agent i are start[i] to start[i + 1] − 1.

    `start` (agents + 1,) int32, `object` and `owner` (edges kept,) int32, `key` (edges kept,) int64: see `Ranking`.
    `column[column_start[j] : column_start[j + 1]]` int32: the remaining edges to object j, the best key first where
    `ordered[j]` (objects,) int8 is set. `at` (agents,) int32: the edge held; start[i + 1] where i holds none.
    """

    start: Int32
    object: Int32
    owner: Int32
    key: Int64
    column_start: Int64
    column: Int32
    ordered: Array
    at: Int32


def reach(market: Market, net: Array, rank: Ranking, single: Array, assignment: Int32) -> Reach:
    """What remains for the single agents (`single`: (agents,) bool) placed by `assignment`, their M₀."""
    args = (market.indptr, market.indices, net, rank.base, rank.score, rank.bits)
    own, cutoff = _cutoffs(*args, single, assignment, market.seats)
    start, kept, key = _remaining(*args, own, cutoff)
    owner, column_start, column = _columns(start, kept, market.objects)
    at = start[:-1].copy()
    return Reach(start, kept, owner, key, column_start, column, np.zeros(market.objects, np.int8), at)


@njit(cache=True, nogil=True)
def _cutoffs(
    indptr: Array, indices: Array, net: Array, base: Array, score: Array, bits: int, single: Array, assignment: Array,
    seats: Array,
) -> tuple[Array, Array]:  # fmt: skip
    """The edge that each single holds (−1: none), and the key that a newcomer must exceed at each object."""
    own = np.full(len(assignment), -1, np.int64)
    taken = np.zeros(len(seats), np.int64)
    cutoff = np.full(len(seats), np.iinfo(np.int64).max)
    for agent in range(len(assignment)):
        j = assignment[agent]
        if single[agent] and j >= 0:
            e = indptr[agent]
            while indices[e] != j:
                e += 1
            own[agent] = e
            taken[j] += 1
            cutoff[j] = min(cutoff[j], ((base[agent] + score[e]) << bits) | ((1 << bits) - 1 - agent))
    for j in range(len(seats)):
        if taken[j] < seats[j]:
            cutoff[j] = -1
    return own, cutoff


@njit(cache=True, nogil=True)
def _remaining(
    indptr: Array, indices: Array, net: Array, base: Array, score: Array, bits: int, own: Array, cutoff: Array
) -> tuple[Array, Array, Array]:
    """Start of each row, objects and keys of the remaining edges, best first."""
    agents = len(own)
    start = np.zeros(agents + 1, np.int32)
    kept, keys = np.empty(4 * agents + 16, np.int32), np.empty(4 * agents + 16, np.int64)
    worths = np.empty(64, net.dtype)
    n = 0
    for agent in range(agents):
        at = own[agent]
        if at >= 0:
            lo, hi = indptr[agent], indptr[agent + 1]
            if n + hi - lo > len(kept):
                kept, keys = wider(kept, n, hi - lo), wider(keys, n, hi - lo)
            if hi - lo > len(worths):
                worths = np.empty(2 * (hi - lo), net.dtype)
            mine, low = base[agent], (1 << bits) - 1 - agent
            first, least = n, net[at]
            for e in range(lo, hi):
                if net[e] > 0 and (net[e] < least or (net[e] == least and e >= at)):
                    key = ((mine + score[e]) << bits) | low
                    if key >= cutoff[indices[e]]:
                        worths[n - first], kept[n], keys[n] = net[e], indices[e], key
                        n += 1
            _sort_row(worths, kept, keys, first, n)
        start[agent + 1] = n
    return start, kept[:n].copy(), keys[:n].copy()


@njit(cache=True, nogil=True)
def wider(array: Array, used: int, more: int) -> Array:
    """A copy of the first `used` values with room for at least `more` after them."""
    copy = np.empty(2 * used + more, array.dtype)
    copy[:used] = array[:used]
    return copy


@njit(cache=True, nogil=True)
def _sort_row(worths: Array, kept: Array, keys: Array, first: int, n: int) -> None:
    """Sort the row first..n by falling worth, then by rising object (Shell 1959: rows are short)."""
    gap = 1
    while 9 * gap < n - first:
        gap = 3 * gap + 1
    while gap > 0:
        for k in range(first + gap, n):
            worth, j, key = worths[k - first], kept[k], keys[k]
            at, above = k, k - gap
            while above >= first and (
                worths[above - first] < worth or (worths[above - first] == worth and kept[above] > j)
            ):
                worths[at - first], kept[at], keys[at] = worths[above - first], kept[above], keys[above]
                at, above = above, above - gap
            worths[at - first], kept[at], keys[at] = worth, j, key
        gap //= 3


@njit(cache=True, nogil=True)
def _columns(start: Array, kept: Array, objects: int) -> tuple[Array, Array, Array]:
    """The owner of each remaining edge, and the edges by object (not yet in the order of their keys)."""
    owner, column = np.empty(len(kept), np.int32), np.empty(len(kept), np.int32)
    column_start = np.zeros(objects + 1, np.int64)
    for e in range(len(kept)):
        column_start[kept[e] + 1] += 1
    for j in range(objects):
        column_start[j + 1] += column_start[j]
    place = column_start[:-1].copy()
    for agent in range(len(start) - 1):
        for e in range(start[agent], start[agent + 1]):
            owner[e] = agent
            column[place[kept[e]]] = e
            place[kept[e]] += 1
    return owner, column_start, column
