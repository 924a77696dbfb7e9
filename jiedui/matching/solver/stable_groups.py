"""带联动组的稳定匹配: couples and families rank tuples of objects; objects rank agents one by one.

Preferences. A single (or an agent alone in its group, on the edges its group allows): as in `stable`. A group: by the
sum of its members' net utilities over tuples of edges inside one class, each edge worth more than 0; all out = 0.
Objects: as in `stable`, member by member.

A group blocks if some such tuple has a strictly greater sum than what it holds and each object j of the tuple would
take its members M: they are all among the seats[j] that j ranks highest in (holders of j outside the group) ∪ M. So
seats that the group itself would vacate count as free; holders who rank below each of M give way. (Roth and Peranson
1999; Kojima, Pathak and Roth 2013, whose couples block in the same way, with strict lists instead of sums.)

A matching that nobody blocks may not exist, and finding one is NP-hard (Ronn 1990). Here the singles are matched
first; then groups enter one by one at the best tuple that would take them, and after each the singles are made stable
again (`stable_chains`). A group that was tried too often in a round is set aside; between rounds those that were set
aside try again in another order, and the best matching seen is kept. At the end no single blocks, ever, and the groups
that still block are named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Bool, Int32, MarketError
from jiedui.matching.solver.market import Market
from jiedui.matching.solver.stable import deferred_acceptance, place_singles, sift_up, worth
from jiedui.matching.solver.stable_chains import (
    NEXT,
    PROPOSALS,
    QUEUED,
    Agenda,
    enqueue,
    enter,
    leave,
    settle,
    watchers,
)
from jiedui.matching.solver.stable_families import Families, Seats, best_tuple, families
from jiedui.matching.solver.stable_reach import Ranking, Reach, ranking, reach

TRIES: Final = 4
"""Times that a group may enter in one round."""
ROUNDS: Final = 6
"""Rounds in which the number of blocking groups does not fall, before giving up."""


@dataclass(frozen=True, eq=False)
class StableOutcome:
    """稳定结果: `assignment` (agents,) int32, −1 = unplaced; no single blocks it.

    `blocking_groups` int32, rising: all groups that block it; empty: it is stable. `proposals`: made by singles and
    groups, more than once where a matching had to be undone.
    """

    assignment: Int32
    proposals: int
    blocking_groups: Int32


def stable_with_groups(market: Market, *, tries: int = TRIES, rounds: int = ROUNDS) -> StableOutcome:
    """带组稳定匹配: a matching without a blocking single and with few blocking groups, see above.

    `tries`: how often a group may enter in a round; `rounds`: how many rounds without progress end the search. The
    same input gives the same result. Raises `MarketError` where quotas are given or a limit is below 1.
    """
    if tries < 1 or rounds < 1:
        raise MarketError(f"tries={tries}, rounds={rounds}.", remedy="Give at least 1 for both.")
    if market.linked is None:
        assignment, proposals = deferred_acceptance(market)
        return StableOutcome(assignment, proposals, np.zeros(0, np.int32))
    net, single, together = _separate(market)
    assignment = np.full(market.agents, -1, np.int32)
    proposals = place_singles(market, net, np.flatnonzero(single).astype(np.int32), assignment)
    if not together.any():
        return StableOutcome(assignment, proposals, np.zeros(0, np.int32))
    rank = ranking(market)
    remaining = reach(market, net, rank, single, assignment)
    family = families(market, market.linked, net, rank, together)
    blocking, made = _search(market, rank, remaining, family, tries, rounds)
    _write_places(remaining.start, remaining.at, remaining.object, family.held, family.object, single, assignment)
    return StableOutcome(assignment, proposals + made, blocking)


def _separate(market: Market) -> tuple[Array, Bool, Bool]:
    """Net utility with the edges shut that a group of one forbids; who is single; which groups have two or more."""
    linked = market.linked
    if linked is None:
        raise MarketError("The market has no groups.", remedy="Use deferred_acceptance.")
    sizes = np.diff(linked.indptr)
    together = sizes > 1
    single = ~np.append(together, False)[linked.group_of]
    net = worth(market)
    alone = linked.agents[np.repeat(sizes == 1, sizes)]
    if alone.size:
        net = net.copy()
        _shut(market.indptr, linked.edge_class, alone, net)
    return net, single, together


@njit(cache=True, nogil=True)
def _shut(indptr: Array, edge_class: Array, alone: Array, net: Array) -> None:
    for agent in alone:
        for e in range(indptr[agent], indptr[agent + 1]):
            if edge_class[e] < 0:
                net[e] = 0


def _search(
    market: Market, rank: Ranking, remaining: Reach, family: Families, tries: int, rounds: int
) -> tuple[Int32, int]:
    """Let the groups enter; leaves the best matching seen in remaining.at and family.held. Blocking groups, proposals.

    A seat heap is as long as there are edges to it at most, however many seats there are.
    """
    usable = np.diff(remaining.column_start) + np.bincount(family.object, minlength=market.objects)
    first = np.zeros(market.objects + 1, np.int64)
    np.cumsum(np.minimum(market.seats, usable), out=first[1:])
    taken, closed = np.zeros(market.objects, np.int32), np.zeros(market.objects, np.int32)
    seats = Seats(first, np.zeros(first[-1], np.int64), taken, closed)
    _seat_singles(seats, remaining)
    groups = len(family.start) - 1
    agenda = Agenda(
        displaced=np.empty(market.agents, np.int32),
        vacant=np.empty(market.objects, np.int32),
        is_vacant=np.zeros(market.objects, np.int8),
        queue=np.empty(groups, np.int32),
        is_queued=np.zeros(groups, np.int8),
        number=np.zeros(5, np.int64),
        total=np.zeros(groups, np.int64),
        watcher_start=(columns := watchers(family, seats))[0],
        watcher=columns[1],
    )
    blocking = _rounds(seats, remaining, family, agenda, rank.bits, tries, rounds)
    return np.sort(blocking), int(agenda.number[PROPOSALS])


@njit(cache=True, nogil=True)
def _seat_singles(seats: Seats, remaining: Reach) -> None:
    """Fill the heaps with what the singles hold: the first edge of each row that has any."""
    for agent in range(len(remaining.at)):
        e = remaining.at[agent]
        if e < remaining.start[agent + 1]:
            j = remaining.object[e]
            sift_up(seats.held, seats.first[j], seats.taken[j], remaining.key[e])
            seats.taken[j] += 1


@njit(cache=True, nogil=True)
def _rounds(
    seats: Seats, remaining: Reach, family: Families, agenda: Agenda, bits: int, tries: int, rounds: int
) -> Array:
    """Rounds until nobody blocks or `rounds` of them have brought nothing; returns the groups that still block.

    The first round takes the groups in their order, each later one those that were set aside, shuffled, and then some
    of those around them: see `_make_room`.
    """
    groups, widest = len(family.start) - 1, 0
    for g in range(groups):
        widest = max(widest, family.start[g + 1] - family.start[g])
        if family.block_start[g + 1] > family.block_start[g]:
            enqueue(agenda, g)
    choice, work = np.empty(widest, np.int64), np.empty((5, widest + 1), np.int64)
    tried = np.zeros(groups, np.int32)
    aside, best = np.empty(groups, np.int32), np.empty(groups, np.int32)
    fewest, at, held = groups + 1, remaining.at.copy(), family.held.copy()
    state, idle = np.uint64(88172645463325252), 0
    while True:
        n = _round(seats, remaining, family, agenda, bits, tries, tried, aside, choice, work)
        n = _still_blocking(seats, family, agenda, bits, aside, n, choice, work)
        idle += 1
        if n < fewest:
            fewest, idle = n, 0
            best[:n] = aside[:n]
            at[:] = remaining.at
            held[:] = family.held
        if n == 0 or idle >= rounds:
            break
        state = _shuffle(aside, n, state)
        for k in range(n):
            enqueue(agenda, aside[k])
        for k in range(n):
            state = _make_room(seats, family, agenda, aside[k], state)
        settle(seats, remaining, family, agenda, bits)
    remaining.at[:] = at
    family.held[:] = held
    return best[:fewest].copy()


@njit(cache=True, nogil=True)
def _next_random(state: np.uint64) -> np.uint64:
    """Xorshift (Marsaglia 2003): the same numbers in every run."""
    state ^= state << np.uint64(13)
    state ^= state >> np.uint64(7)
    return state ^ (state << np.uint64(17))


@njit(cache=True, nogil=True)
def _shuffle(values: Array, n: int, state: np.uint64) -> np.uint64:
    """Shuffle values[:n] in place; returns the next state."""
    for k in range(n - 1, 0, -1):
        state = _next_random(state)
        other = np.int64(state % np.uint64(k + 1))
        values[k], values[other] = values[other], values[k]
    return state


@njit(cache=True, nogil=True)
def _make_room(seats: Seats, family: Families, agenda: Agenda, g: int, state: np.uint64) -> np.uint64:
    """One in four of the groups around group g gives up its seats and enters again later; returns the next state.

    Where several matchings of the groups around it are at rest, this leads from one to another.
    """
    size = family.start[g + 1] - family.start[g]
    for b in range(family.block_start[g], family.block_start[g + 1]):
        r = family.range_start[b]
        for p in range(size):
            for e in range(family.ranges[r + 2 * p], family.ranges[r + 2 * p + 1]):
                j = family.object[e]
                for k in range(agenda.watcher_start[j], agenda.watcher_start[j + 1]):
                    other = agenda.watcher[k]
                    if agenda.total[other] > 0:
                        state = _next_random(state)
                        if (state >> np.uint64(20)) & np.uint64(3) == 0:
                            leave(seats, family, agenda, other)
                            enqueue(agenda, other)
    return state


@njit(cache=True, nogil=True)
def _round(
    seats: Seats, remaining: Reach, family: Families, agenda: Agenda, bits: int, tries: int, tried: Array,
    aside: Array, choice: Array, work: Array,
) -> int:  # fmt: skip
    """Let queued groups enter until the queue is empty; returns how many were set aside, in `aside`."""
    n = 0
    tried[:] = 0
    while agenda.number[QUEUED] > 0:
        g = agenda.queue[agenda.number[NEXT]]
        agenda.number[NEXT] = (agenda.number[NEXT] + 1) % len(agenda.queue)
        agenda.number[QUEUED] -= 1
        agenda.is_queued[g] = 0
        if tried[g] > tries:
            continue
        value = best_tuple(family, seats, bits, g, agenda.total[g], choice, work)
        if value <= agenda.total[g]:
            continue
        tried[g] += 1
        if tried[g] > tries:
            aside[n] = g
            n += 1
            continue
        agenda.number[PROPOSALS] += 1
        enter(seats, family, agenda, bits, g, choice, value)
        settle(seats, remaining, family, agenda, bits)
        enqueue(agenda, g)
    return n


@njit(cache=True, nogil=True)
def _still_blocking(
    seats: Seats, family: Families, agenda: Agenda, bits: int, aside: Array, n: int, choice: Array, work: Array
) -> int:
    """Keep those of aside[:n] that block now; returns how many."""
    kept = 0
    for k in range(n):
        g = aside[k]
        if best_tuple(family, seats, bits, g, agenda.total[g], choice, work) > agenda.total[g]:
            aside[kept] = g
            kept += 1
    return kept


@njit(cache=True, nogil=True)
def _write_places(
    start: Array, at: Array, objects: Array, held: Array, family_objects: Array, single: Array, assignment: Array
) -> None:
    for agent in range(len(assignment)):
        assignment[agent] = -1
        if single[agent]:
            if at[agent] < start[agent + 1]:
                assignment[agent] = objects[at[agent]]
        elif held[agent] >= 0:
            assignment[agent] = family_objects[held[agent]]
