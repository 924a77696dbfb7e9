"""稳定匹配: no agent and object prefer each other to what they hold.

An agent prefers the object of greater net utility (a tie: the lower object number) and takes none that is worth 0 or
less. An object prefers the lower tier, then the greater utility, then the lower agent number. The result has no
blocking pair and is the best stable matching for every agent at once (Gale and Shapley 1962; with seats: Roth 1984).

Within a tier both sides rank an edge by the same number. So take the edges by (tier, utility falling, agent, object):
the first whose object has a free seat is the best that is left to its agent, and the object likes nobody better who is
left; it is in every stable matching. Taking such edges one by one therefore gives the only stable matching, and nobody
is ever displaced (globally ranked pairs: Abraham, Levavi, Manlove and O'Malley 2008). Edges are not sorted: an agent
waits in the bucket of its best wish, and its row is read again only when that wish is full.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Int32
from jiedui.matching.solver.market import Market
from jiedui.matching.solver.prefetch import prefetch

BUCKETS: Final = 1 << 16
"""At most so many buckets of utility; a bucket of several utilities is a queue of its own."""
AHEAD: Final = 6
"""Steps between asking for a row and reading it."""
LOW, HIGH, WISH, VALUE = 0, 1, 2, 3


def deferred_acceptance(market: Market) -> tuple[Int32, int]:
    """延迟接受: the agent-optimal stable assignment (agents,) int32 with −1 = unplaced, and the number of proposals.

    The proposals are those that deferred acceptance makes in any order (McVitie and Wilson 1971): each agent proposes
    to its objects from the best down to the one that keeps it, or to all that are worth more than 0.
    """
    assignment = np.full(market.agents, -1, np.int32)
    everybody = np.arange(market.agents, dtype=np.int32)
    return assignment, place_singles(market, worth(market), everybody, assignment)


def worth(market: Market) -> Array:
    """Net utility, 0 where it is less: (edges,) in the type of the utility; the utility itself without reserves."""
    if market.reserve is None:
        return market.utility
    return _net(market.indices, market.utility, market.reserve)


def place_singles(market: Market, net: Array, agents: Int32, assignment: Int32) -> int:
    """Write the stable assignment of `agents` (rising) alone to `assignment`; return the number of proposals.

    `net` (edges,): see `worth`.
    """
    start = np.array([0, len(agents)])
    if market.tier is not None and len(agents):
        tier = market.tier[agents]
        order = np.argsort(tier, kind="stable")
        agents, tier = agents[order], tier[order]
        start = np.concatenate([[0], np.flatnonzero(np.diff(tier)) + 1, [len(agents)]])
    free = np.minimum(market.seats, market.agents).astype(np.int32)
    return int(_serve_tiers(market.indptr, market.indices, net, agents, start, free, assignment))


@njit(cache=True, nogil=True)
def _net(indices: Array, utility: Array, reserve: Array) -> Array:
    net = np.empty_like(utility)
    for e in range(len(indices)):
        net[e] = max(np.int64(utility[e]) - reserve[indices[e]], 0)
    return net


@njit(cache=True, nogil=True)
def _serve_tiers(
    indptr: Array, indices: Array, net: Array, agents: Array, start: Array, free: Array, assignment: Array
) -> int:
    """The tiers agents[start[t] : start[t + 1]] one after the other; returns the number of proposals."""
    proposals = 0
    for t in range(len(start) - 1):
        proposals += _serve(indptr, indices, net, agents[start[t] : start[t + 1]], free, assignment)
    return proposals


@njit(cache=True, nogil=True)
def _serve(indptr: Array, indices: Array, net: Array, agents: Array, free: Array, assignment: Array) -> int:
    """One tier: from the highest bucket down, agents take their best wish while it has a free seat.

    `state`: see `_first_wishes`. `side` is a heap of those whose next wish fell into the bucket being served: only
    where a bucket spans several utilities.
    """
    state, proposals = _first_wishes(indptr, indices, net, agents, free)
    bits, shift, start, members = _buckets(state)
    mask = (1 << bits) - 1
    head = np.full(len(start) - 1, -1, np.int32)
    following = np.empty(len(agents), np.int32)
    side, waiting = np.empty(16, np.int64), 0
    for b in range(len(start) - 2, -1, -1):
        queue = _turns(members[start[b] : start[b + 1]], head[b], following, state, shift, bits)
        k = 0
        while k < len(queue) or waiting > 0:
            if k + 2 * AHEAD < len(queue):
                prefetch(state, 4 * (queue[k + 2 * AHEAD] & mask))
            if k + AHEAD < len(queue):
                _ask_for(indices, net, state, free, queue[k + AHEAD] & mask)
            if waiting > 0 and (k == len(queue) or side[0] < queue[k]):
                turn = side[0]
                waiting -= 1
                sift_down(side, 0, waiting, side[waiting])
            else:
                turn = queue[k]
                k += 1
            own = 4 * (turn & mask)
            j = state[own + WISH]
            if free[j] == 0:
                proposals += _next_wish(indices, net, free, state, own)
                j = state[own + WISH]
                if j < 0:
                    continue
                c = state[own + VALUE] >> shift
                if c < b:
                    following[own >> 2] = head[c]
                    head[c] = own >> 2
                    continue
                next_turn = _turn(state[own + VALUE], own >> 2, shift, bits)
                if next_turn > turn:
                    if waiting == len(side):
                        side = np.concatenate((side, side))
                    sift_up(side, 0, waiting, next_turn)
                    waiting += 1
                    continue
            free[j] -= 1
            assignment[agents[own >> 2]] = j
    return proposals


@njit(cache=True, nogil=True)
def _first_wishes(indptr: Array, indices: Array, net: Array, agents: Array, free: Array) -> tuple[Array, int]:
    """What is known of each agent, and the proposals down to its best object with a free seat.

    Four numbers next to each other, so that one wait for the memory brings them all: the LOW and the HIGH end of the
    row, the WISH (the object; −1: none left) and its VALUE. (4 · agents,) int64.
    """
    state = np.empty(4 * len(agents), np.int64)
    proposals = 0
    for at in range(len(agents)):
        lo, hi = indptr[agents[at]], indptr[agents[at] + 1]
        e, best = lo - 1, net.dtype.type(0)
        for k in range(lo, hi):
            better = net[k] > best
            best = net[k] if better else best
            e = k if better else e
        own = 4 * at
        state[own + LOW], state[own + HIGH], state[own + WISH], state[own + VALUE] = lo, hi, -1, 0
        if e >= lo:
            state[own + WISH], state[own + VALUE] = indices[e], net[e]
            proposals += 1
            if free[indices[e]] == 0:
                proposals += _next_wish(indices, net, free, state, own)
    return state, proposals


@njit(cache=True, nogil=True)
def _next_wish(indices: Array, net: Array, free: Array, state: Array, own: int) -> int:
    """Replace a wish that is full by the next that has a free seat; returns the proposals on the way."""
    lo, hi = state[own + LOW], state[own + HIGH]
    e = _best_free(indices, net, free, lo, hi)
    number = _proposals_between(indices, net, lo, hi, state[own + VALUE], state[own + WISH], e)
    if e < lo:
        state[own + WISH], state[own + VALUE] = -1, 0
    else:
        state[own + WISH], state[own + VALUE] = indices[e], net[e]
    return number


@njit(cache=True, nogil=True)
def _best_free(indices: Array, net: Array, free: Array, lo: int, hi: int) -> int:
    """The best edge of the row lo..hi that is worth more than 0 and has a free seat; lo − 1 where there is none."""
    at, best = lo - 1, net.dtype.type(0)
    for e in range(lo, hi):
        better = (free[indices[e]] > 0) & (net[e] > best)
        best = net[e] if better else best
        at = e if better else at
    return at


@njit(cache=True, nogil=True)
def _proposals_between(indices: Array, net: Array, lo: int, hi: int, above: int, full: int, to: int) -> int:
    """Wishes of the row lo..hi below object `full`, worth `above`, down to and with edge `to` (< lo: down to 0)."""
    least = net[to] if to >= lo else net.dtype.type(0)
    number = 0
    for e in range(lo, hi):
        below = (net[e] < above) | ((net[e] == above) & (indices[e] > full))
        number += below & ((net[e] > least) | ((net[e] == least) & (e <= to)))
    return number


@njit(cache=True, nogil=True)
def _buckets(state: Array) -> tuple[int, int, Array, Array]:
    """Places by value: those of value >> shift = b are members[start[b] : start[b + 1]], rising; 0 is in none."""
    value = state[VALUE::4]
    n = len(value)
    bits = 1
    while n >> bits:
        bits += 1
    highest = np.int64(0)
    for at in range(n):
        highest = max(highest, np.int64(value[at]))
    shift = 0
    while (highest >> shift) >= max(1, min(BUCKETS, n)):
        shift += 1
    start = np.zeros((highest >> shift) + 2, np.int64)
    for at in range(n):
        if value[at] > 0:
            start[(np.int64(value[at]) >> shift) + 1] += 1
    for b in range(len(start) - 1):
        start[b + 1] += start[b]
    place = start[:-1].copy()
    members = np.empty(start[-1], np.int32)
    for at in range(n):
        if value[at] > 0:
            c = np.int64(value[at]) >> shift
            members[place[c]] = at
            place[c] += 1
    return bits, shift, start, members


@njit(cache=True, nogil=True)
def _turn(value: int, at: int, shift: int, bits: int) -> int:
    """When it is the turn of `at` within its bucket: the greater utility first, then the lower number."""
    return ((((1 << shift) - 1) & ~value) << bits) | at


@njit(cache=True, nogil=True)
def _turns(members: Array, head: int, following: Array, state: Array, shift: int, bits: int) -> Array:
    """The turns of `members` and of the list that starts at `head`, sorted."""
    n = len(members)
    at = head
    while at >= 0:
        n += 1
        at = following[at]
    turns = np.empty(n, np.int64)
    for k in range(len(members)):
        turns[k] = _turn(state[4 * members[k] + VALUE], members[k], shift, bits) if shift else members[k]
    at = head
    for k in range(len(members), n):
        turns[k] = _turn(state[4 * at + VALUE], at, shift, bits) if shift else at
        at = following[at]
    return turns if head < 0 and shift == 0 else _sorted(turns, shift + bits)


@njit(cache=True, nogil=True)
def _sorted(turns: Array, bits: int) -> Array:
    """Radix sort of `turns` < 2^bits, eleven bits at a time, where that is fewer steps than comparing them."""
    if len(turns) < 100 * bits:
        return np.sort(turns)
    other = np.empty_like(turns)
    for low in range(0, bits, 11):
        place = np.zeros(2049, np.int64)
        for k in range(len(turns)):
            place[((turns[k] >> low) & 2047) + 1] += 1
        for digit in range(2048):
            place[digit + 1] += place[digit]
        for k in range(len(turns)):
            digit = (turns[k] >> low) & 2047
            other[place[digit]] = turns[k]
            place[digit] += 1
        turns, other = other, turns
    return turns


@njit(cache=True, nogil=True)
def _ask_for(indices: Array, net: Array, state: Array, free: Array, at: int) -> None:
    """Ask for the row of the agent at place `at` if it will be read: its wish is full already."""
    if free[state[4 * at + WISH]] == 0:
        lo, last = state[4 * at + LOW], state[4 * at + HIGH] - 1
        prefetch(indices, lo)
        prefetch(indices, (lo + last) >> 1)
        prefetch(indices, last)
        prefetch(net, lo)
        prefetch(net, last)


@njit(cache=True, nogil=True)
def sift_up(heap: Array, lo: int, at: int, key: int) -> None:
    """Put `key` at the end of heap[lo : lo + at + 1] and restore the order: the least on top."""
    while at > 0:
        above = (at - 1) // 2
        if heap[lo + above] <= key:
            break
        heap[lo + at] = heap[lo + above]
        at = above
    heap[lo + at] = key


@njit(cache=True, nogil=True)
def sift_down(heap: Array, lo: int, n: int, key: int) -> None:
    """Replace the top of heap[lo : lo + n] by `key` and restore the order."""
    at = 0
    while 2 * at + 1 < n:
        below = 2 * at + 1
        if below + 1 < n and heap[lo + below + 1] < heap[lo + below]:
            below += 1
        if heap[lo + below] >= key:
            break
        heap[lo + at] = heap[lo + below]
        at = below
    heap[lo + at] = key
