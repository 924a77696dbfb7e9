"""空位链: from one matching without a blocking single to the next, after groups came and went.

A displaced single proposes down its row; a vacated seat is offered to whoever ranks highest of those who want it, whose
own seat is then vacated in turn (vacancy chains: Blum, Roth and Rothblum 1997). A group that loses one seat gives up
all. A vacated seat is closed to proposals until all displaced singles have settled: while proposals last, objects only
improve and groups only leave; while offers last, singles only improve. Both are finite, so this always ends, and then
no single blocks.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Int32, Int64
from jiedui.matching.solver.stable import sift_down, sift_up
from jiedui.matching.solver.stable_families import Families, Seats
from jiedui.matching.solver.stable_reach import Reach

DISPLACED, VACANT, NEXT, QUEUED, PROPOSALS = 0, 1, 2, 3, 4


class Agenda(NamedTuple):
    """待办: displaced singles (a stack), objects with a vacated seat (a stack), groups to look at (a ring).

    `number` (5,) int64: how many they are, the front of the ring, the proposals so far: see DISPLACED, VACANT, NEXT,
    QUEUED, PROPOSALS. `total` (groups,) int64: what each group's tuple is worth now, 0 = out. `watcher` (those of
    object j: watcher_start[j] to watcher_start[j + 1] − 1): groups that could get a seat of j.
    """

    displaced: Int32
    vacant: Int32
    is_vacant: Array
    queue: Int32
    is_queued: Array
    number: Int64
    total: Int64
    watcher_start: Int64
    watcher: Int32


@njit(cache=True, nogil=True)
def settle(seats: Seats, single: Reach, family: Families, agenda: Agenda, bits: int) -> None:
    """Until no single blocks: first all displaced singles propose, then one vacated seat is offered."""
    while True:
        while agenda.number[DISPLACED] > 0:
            agenda.number[DISPLACED] -= 1
            _propose(seats, single, family, agenda, bits, agenda.displaced[agenda.number[DISPLACED]])
        if agenda.number[VACANT] == 0:
            return
        agenda.number[VACANT] -= 1
        j = agenda.vacant[agenda.number[VACANT]]
        agenda.is_vacant[j] = 0
        _offer(seats, single, family, agenda, bits, j)


@njit(cache=True, nogil=True)
def enter(seats: Seats, family: Families, agenda: Agenda, bits: int, g: int, choice: Array, value: int) -> None:
    """Group g leaves what it holds and takes the edges choice[p], which are worth `value`; see `best_tuple`."""
    lo = family.start[g]
    size = family.start[g + 1] - lo
    leave(seats, family, agenda, g)
    for p in range(size):
        e = choice[p]
        j = family.object[e]
        if seats.closed[j] > 0:
            seats.closed[j] -= 1
            _push(seats, j, family.key[e])
        elif seats.taken[j] < seats.first[j + 1] - seats.first[j]:
            _push(seats, j, family.key[e])
        else:
            _displace(seats, family, agenda, bits, j, family.key[e])
        family.held[family.agents[lo + p]] = e
    agenda.total[g] = value


@njit(cache=True, nogil=True)
def enqueue(agenda: Agenda, g: int) -> None:
    """Look at group g again, unless it waits for that already."""
    if agenda.is_queued[g] == 0:
        agenda.is_queued[g] = 1
        agenda.queue[(agenda.number[NEXT] + agenda.number[QUEUED]) % len(agenda.queue)] = g
        agenda.number[QUEUED] += 1


@njit(cache=True, nogil=True)
def leave(seats: Seats, family: Families, agenda: Agenda, g: int) -> None:
    """All members of group g give up their seats."""
    for m in range(family.start[g], family.start[g + 1]):
        e = family.held[family.agents[m]]
        if e >= 0:
            family.held[family.agents[m]] = -1
            _vacate(seats, agenda, family.object[e], family.key[e])
    agenda.total[g] = 0


@njit(cache=True, nogil=True)
def _vacate(seats: Seats, agenda: Agenda, j: int, key: int) -> None:
    """Take `key` out of the heap of object j and close the seat until it is offered."""
    lo, n = seats.first[j], seats.taken[j] - 1
    at = 0
    while seats.held[lo + at] != key:
        at += 1
    moved = seats.held[lo + n]
    seats.taken[j] = n
    seats.closed[j] += 1
    if at < n:
        if at > 0 and seats.held[lo + (at - 1) // 2] > moved:
            sift_up(seats.held, lo, at, moved)
        else:
            _sink(seats.held, lo, n, at, moved)
    if agenda.is_vacant[j] == 0:
        agenda.is_vacant[j] = 1
        agenda.vacant[agenda.number[VACANT]] = j
        agenda.number[VACANT] += 1


@njit(cache=True, nogil=True)
def _sink(heap: Array, lo: int, n: int, at: int, key: int) -> None:
    """Put `key` at place `at` of heap[lo : lo + n], whose parent is not greater, and restore the order below."""
    while 2 * at + 1 < n:
        below = 2 * at + 1
        if below + 1 < n and heap[lo + below + 1] < heap[lo + below]:
            below += 1
        if heap[lo + below] >= key:
            break
        heap[lo + at] = heap[lo + below]
        at = below
    heap[lo + at] = key


@njit(cache=True, nogil=True)
def _push(seats: Seats, j: int, key: int) -> None:
    sift_up(seats.held, seats.first[j], seats.taken[j], key)
    seats.taken[j] += 1


@njit(cache=True, nogil=True)
def _displace(seats: Seats, family: Families, agenda: Agenda, bits: int, j: int, key: int) -> None:
    """`key` takes the seat of the worst holder of object j; a displaced member takes its group along."""
    lo = seats.first[j]
    agent = (1 << bits) - 1 - (seats.held[lo] & ((1 << bits) - 1))
    sift_down(seats.held, lo, seats.taken[j], key)
    g = family.group_of[agent]
    if g < 0:
        agenda.displaced[agenda.number[DISPLACED]] = agent
        agenda.number[DISPLACED] += 1
    else:
        family.held[agent] = -1
        leave(seats, family, agenda, g)
        enqueue(agenda, g)


@njit(cache=True, nogil=True)
def _propose(seats: Seats, single: Reach, family: Families, agenda: Agenda, bits: int, agent: int) -> None:
    """A displaced single goes down its row until an object keeps it."""
    e, end = single.at[agent] + 1, single.start[agent + 1]
    while e < end:
        j = single.object[e]
        agenda.number[PROPOSALS] += 1
        n = seats.taken[j]
        if n + seats.closed[j] < seats.first[j + 1] - seats.first[j]:
            _push(seats, j, single.key[e])
            break
        if n > 0 and single.key[e] > seats.held[seats.first[j]]:
            _displace(seats, family, agenda, bits, j, single.key[e])
            break
        e += 1
    single.at[agent] = e


@njit(cache=True, nogil=True)
def _offer(seats: Seats, single: Reach, family: Families, agenda: Agenda, bits: int, j: int) -> None:
    """Vacated seats of object j go to those who rank highest of the singles that want one.

    So does the seat of a member that its group put there in the place of another who ranked higher.
    """
    while True:
        e = _best_waiting(single, j)
        if seats.closed[j] > 0:
            if e < 0:
                seats.closed[j] = 0
                break
            seats.closed[j] -= 1
            _move(seats, single, agenda, e)
            _push(seats, j, single.key[e])
        elif e >= 0 and seats.taken[j] > 0 and single.key[e] > seats.held[seats.first[j]]:
            _move(seats, single, agenda, e)
            _displace(seats, family, agenda, bits, j, single.key[e])
        else:
            break
    for k in range(agenda.watcher_start[j], agenda.watcher_start[j + 1]):
        enqueue(agenda, agenda.watcher[k])


@njit(cache=True, nogil=True)
def _move(seats: Seats, single: Reach, agenda: Agenda, e: int) -> None:
    """The owner of edge e leaves what it holds for e."""
    agent = single.owner[e]
    old = single.at[agent]
    single.at[agent] = e
    agenda.number[PROPOSALS] += 1
    if old < single.start[agent + 1]:
        _vacate(seats, agenda, single.object[old], single.key[old])


@njit(cache=True, nogil=True)
def _best_waiting(single: Reach, j: int) -> int:
    """The remaining edge with the best key to object j whose owner holds something that it likes less; −1: none."""
    lo, hi = single.column_start[j], single.column_start[j + 1]
    if single.ordered[j] == 0:
        single.ordered[j] = 1
        _order_column(single.column, single.key, lo, hi)
    for k in range(lo, hi):
        e = single.column[k]
        if e < single.at[single.owner[e]]:
            return int(e)
    return -1


@njit(cache=True, nogil=True)
def _order_column(column: Array, keys: Array, lo: int, hi: int) -> None:
    """Sort column[lo:hi] by falling key (Shell 1959)."""
    gap = 1
    while 9 * gap < hi - lo:
        gap = 3 * gap + 1
    while gap > 0:
        for k in range(lo + gap, hi):
            e, at = column[k], k
            while at - gap >= lo and keys[column[at - gap]] < keys[e]:
                column[at] = column[at - gap]
                at -= gap
            column[at] = e
        gap //= 3


@njit(cache=True, nogil=True)
def watchers(family: Families, seats: Seats) -> tuple[Array, Array]:
    """The groups that could get a seat of each object: those with an edge that its last holder does not outrank."""
    objects = len(seats.taken)
    start = np.zeros(objects + 1, np.int64)
    watcher = np.empty(0, np.int32)
    for fill in range(2):
        place = start.copy()
        for g in range(len(family.start) - 1):
            size = family.start[g + 1] - family.start[g]
            for b in range(family.block_start[g], family.block_start[g + 1]):
                r = family.range_start[b]
                for p in range(size):
                    for e in range(family.ranges[r + 2 * p], family.ranges[r + 2 * p + 1]):
                        j = family.object[e]
                        lo = seats.first[j]
                        capacity = seats.first[j + 1] - lo
                        if seats.taken[j] < capacity or (capacity > 0 and family.key[e] > seats.held[lo]):
                            if fill == 0:
                                start[j + 1] += 1
                            else:
                                watcher[place[j]] = g
                                place[j] += 1
        if fill == 0:
            for j in range(objects):
                start[j + 1] += start[j]
            watcher = np.empty(start[objects], np.int32)
    return start, watcher
