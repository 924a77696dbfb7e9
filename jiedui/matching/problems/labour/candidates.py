"""候选: which vacancies each worker is compared with.

Where the possible pairs are few enough, all of them are candidates, and the proof holds over every assignment there is.
Otherwise each worker is compared with the shortlists of its wishes (`shortlists`) and with vacancies drawn from all
seats (`ring`), and keeps the best of the one and some of the other. Without the drawn ones everybody would be compared
with the same favourites, and seats would stay empty that somebody could fill. What is drawn depends on the numbers of
worker and vacancy alone, so that a market that changes a little keeps almost all of its candidates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numba import njit

from jiedui.matching.problems.labour.judging import PART_COUNT, W_HOME, Tables, possible, score
from jiedui.matching.problems.labour.points import Scale, linked
from jiedui.matching.problems.labour.ring import Ring, mixed, pools
from jiedui.matching.problems.labour.shortlists import LISTS, Shortlists
from jiedui.matching.problems.labour.sides import Int32, Int64
from jiedui.matching.solver.crew import Crew
from jiedui.policy.parameters import Parameters

Array = Any
Scalar = Any

LOOKED_AT: Final = 16
"""Pairs that may be looked at for each that may be kept."""
NEVER: Final = np.iinfo(np.int64).min
POOL: Final = 1 << 12
"""Seats that a home county draws, of which each of its workers draws: a power of two."""
WORKERS_AT_ONCE: Final = 1 << 15
"""Workers whose rows are chosen in one call: bounds the memory of a call to some ten megabytes."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """规模: how many candidates (parameters `labour.candidates.*`)."""

    best: int
    spread: int
    draws: int
    considered: int
    every_up_to: int

    @classmethod
    def of(cls, parameters: Parameters) -> Sizes:
        """The sizes that hold on the parameters' day."""
        return cls(*(int(parameters.value(f"labour.candidates.{name}")) for name in cls.__slots__))


@dataclass(frozen=True, eq=False)
class Rows:
    """候选边: of each worker its vacancies, rising, and what each is worth; `complete`: no possible pair is missing."""

    indptr: Int64
    indices: Int32
    utility: Int32
    complete: bool


def candidates(scale: Scale, sizes: Sizes, crew: Crew) -> Rows:
    """候选: every possible pair if there are at most `every_up_to`, else at most best + spread per worker."""
    return _every_pair(scale, sizes.every_up_to, crew) or _shared(scale, _chosen(scale, sizes, crew), crew)


def _every_pair(scale: Scale, limit: int, crew: Crew) -> Rows | None:
    """All possible pairs; None when there are more than `limit`, or too many pairs to look at."""
    workers, total = len(scale.workers), len(scale.vacancies)
    if workers * total > LOOKED_AT * limit:
        return None
    count = np.zeros(workers, np.int64)
    crew.map(lambda lo, hi: _count_possible(scale.tables, total, count, lo, hi), crew.parts(workers))
    indptr = np.zeros(workers + 1, np.int64)
    np.cumsum(count, out=indptr[1:])
    if indptr[-1] > limit:
        return None
    indices, utility = np.empty(indptr[-1], np.int32), np.empty(indptr[-1], np.int32)
    crew.map(lambda lo, hi: _fill_possible(scale.tables, total, indptr, indices, utility, lo, hi), crew.parts(workers))
    return Rows(indptr, indices, utility, complete=True)


def _chosen(scale: Scale, sizes: Sizes, crew: Crew) -> Rows:
    """In block order, in which neighbours look at the same vacancies; then put into the order of the workers."""
    workers, order = len(scale.workers), scale.order
    lists = Shortlists.of(scale, sizes.considered, crew)
    codes = np.array([int(code) for code in scale.places.homes], np.int64)
    pool = pools(Ring.of(scale.vacancies), codes, POOL)
    width = sizes.best + sizes.spread
    count = np.zeros(workers, np.int64)

    def choose(lo: int, hi: int) -> tuple[Int32, Int32]:
        indices, utility = np.empty((hi - lo) * width, np.int32), np.empty((hi - lo) * width, np.int32)
        used = _choose(
            scale.tables, lists.of_worker, lists.start, lists.vacancy, pool, scale.workers.worker_id,
            sizes.best, sizes.spread, sizes.draws, order, indices, utility, count, lo, hi,
        )  # fmt: skip
        return indices[:used].copy(), utility[:used].copy()

    ranges = [(lo, min(lo + WORKERS_AT_ONCE, workers)) for lo in range(0, workers, WORKERS_AT_ONCE)]
    found = crew.map(choose, ranges)
    indptr = np.zeros(workers + 1, np.int64)
    np.cumsum(count, out=indptr[1:])
    indices, utility = np.empty(indptr[-1], np.int32), np.empty(indptr[-1], np.int32)
    crew.map(
        lambda k: _put(order[slice(*ranges[k])], indptr, *found[k], indices, utility), [(k,) for k in range(len(found))]
    )
    return Rows(indptr, indices, utility, complete=False)


def _shared(scale: Scale, rows: Rows, crew: Crew) -> Rows:
    """Whoever goes with a partner also gets the partner's candidates, as far as they are possible: else few couples
    would have a county in common.
    """
    workers, partner = len(scale.workers), linked(scale.workers)
    if not (partner >= 0).any():
        return rows
    count = np.diff(rows.indptr)
    own = (scale.tables, partner, rows.indptr, rows.indices, rows.utility)
    crew.map(lambda lo, hi: _count_shared(*own[:-1], count, lo, hi), crew.parts(workers))
    indptr = np.zeros(workers + 1, np.int64)
    np.cumsum(count, out=indptr[1:])
    indices, utility = np.empty(indptr[-1], np.int32), np.empty(indptr[-1], np.int32)
    crew.map(lambda lo, hi: _merge(*own, indptr, indices, utility, lo, hi), crew.parts(workers))
    return Rows(indptr, indices, utility, rows.complete)


@njit(cache=True, nogil=True)
def _count_shared(
    t: Tables, partner: Array, indptr: Array, indices: Array, count: Array, lo: Scalar, hi: Scalar
) -> None:
    """Add to `count` what the partner's row has more that is possible."""
    for w in range(lo, hi):
        if partner[w] >= 0:
            at, end = indptr[w], indptr[w + 1]
            for e in range(indptr[partner[w]], indptr[partner[w] + 1]):
                while at < end and indices[at] < indices[e]:
                    at += 1
                if (at == end or indices[at] != indices[e]) and possible(t, w, indices[e]):
                    count[w] += 1


@njit(cache=True, nogil=True)
def _merge(
    t: Tables, partner: Array, first: Array, some: Array, worth: Array, indptr: Array, indices: Array, utility: Array,
    lo: Scalar, hi: Scalar,
) -> None:  # fmt: skip
    """Write each row with what the partner's has more, in order."""
    points = np.zeros(PART_COUNT, np.int64)
    for w in range(lo, hi):
        at, out = first[w], indptr[w]
        if partner[w] >= 0:
            for e in range(first[partner[w]], first[partner[w] + 1]):
                while at < first[w + 1] and some[at] < some[e]:
                    indices[out], utility[out] = some[at], worth[at]
                    at += 1
                    out += 1
                if (at == first[w + 1] or some[at] != some[e]) and possible(t, w, some[e]):
                    indices[out] = some[e]
                    utility[out] = score(t, w, some[e], points)
                    out += 1
        while at < first[w + 1]:
            indices[out], utility[out] = some[at], worth[at]
            at += 1
            out += 1


@njit(cache=True, nogil=True)
def _put(who: Array, indptr: Array, some: Array, worth: Array, indices: Array, utility: Array) -> None:
    """Copy the rows of the workers `who`, which stand one after another, to their places."""
    at = 0
    for w in who:
        for e in range(indptr[w], indptr[w + 1]):
            indices[e], utility[e] = some[at], worth[at]
            at += 1


@njit(cache=True, nogil=True)
def _count_possible(t: Tables, total: Scalar, count: Array, lo: Scalar, hi: Scalar) -> None:
    for w in range(lo, hi):
        for v in range(total):
            count[w] += possible(t, w, v)


@njit(cache=True, nogil=True)
def _fill_possible(
    t: Tables, total: Scalar, indptr: Array, indices: Array, utility: Array, lo: Scalar, hi: Scalar
) -> None:
    points = np.zeros(PART_COUNT, np.int64)
    for w in range(lo, hi):
        at = indptr[w]
        for v in range(total):
            if possible(t, w, v):
                indices[at] = v
                utility[at] = score(t, w, v, points)
                at += 1


@njit(cache=True, nogil=True)
def _choose(
    t: Tables, of_worker: Array, start: Array, listed: Array, pool: Array, worker_id: Array, best: Scalar,
    spread: Scalar, draws: Scalar, order: Array, indices: Array, utility: Array, count: Array, lo: Scalar, hi: Scalar,
) -> Scalar:  # fmt: skip
    """Write the rows of the workers `order[lo:hi]`, one after another; how many edges there are. `count` (workers,)."""
    points = np.zeros(PART_COUNT, np.int64)
    keys, kept = np.empty(best + 1, np.int64), np.empty(best + 1, np.int64)
    row = np.empty(best + spread + 1, np.int64)
    used = 0
    for nth in range(lo, hi):
        w = order[nth]
        held = 0
        for k in range(LISTS):
            block = of_worker[w, k]
            if block >= 0:
                held = _keep_best(
                    t, w, listed, start[block], start[block + 1], worker_id[w], keys, kept, held, best, points
                )
        size = 0
        for k in range(held):
            size = _insert(row, size, kept[k])
        size = _draw(t, w, pool, mixed(worker_id[w], 0), draws, spread, row, size)
        count[w] = size
        for k in range(size):
            indices[used] = row[k]
            utility[used] = score(t, w, row[k], points)
            used += 1
    return used


@njit(cache=True, nogil=True)
def _keep_best(
    t: Tables, w: Scalar, listed: Array, lo: Scalar, hi: Scalar, number: Scalar, keys: Array, kept: Array, held: Scalar,
    best: Scalar, points: Array,
) -> Scalar:  # fmt: skip
    """Keep the best possible ones of `listed[lo:hi]` among `kept[:held]`, a heap by `keys`, least first; how many."""
    for at_list in range(lo, hi):
        v = listed[at_list]
        if not possible(t, w, v):
            continue
        key = (score(t, w, v, points) << 12) + (mixed(number, v) & 4095)
        if held == best and (best == 0 or key <= keys[0]):
            continue
        twice = False
        for k in range(held):
            twice |= kept[k] == v
        if twice:
            continue
        at = held
        if held < best:
            held += 1
            while at > 0 and keys[(at - 1) >> 1] > key:
                keys[at], kept[at] = keys[(at - 1) >> 1], kept[(at - 1) >> 1]
                at = (at - 1) >> 1
        else:
            at = 0
            while 2 * at + 1 < held:
                child = 2 * at + 1
                if child + 1 < held and keys[child + 1] < keys[child]:
                    child += 1
                if keys[child] >= key:
                    break
                keys[at], kept[at] = keys[child], kept[child]
                at = child
        keys[at], kept[at] = key, v
    return held


@njit(cache=True, nogil=True)
def _insert(row: Array, size: Scalar, v: Scalar) -> Scalar:
    """Put v into the rising `row[:size]` unless it is there; the new size."""
    at = size
    while at > 0 and row[at - 1] > v:
        at -= 1
    if at > 0 and row[at - 1] == v:
        return size
    for k in range(size, at, -1):
        row[k] = row[k - 1]
    row[at] = v
    return size + 1


@njit(cache=True, nogil=True)
def _draw(
    t: Tables, w: Scalar, pool: Array, lot: Scalar, draws: Scalar, spread: Scalar, row: Array, size: Scalar
) -> Scalar:
    """Add up to `spread` possible vacancies out of `draws` of the home's pool, drawn by `lot`; the new size."""
    wanted = size + spread
    home = t.who[w, W_HOME]
    at, stride = lot & (POOL - 1), ((lot >> 16) << 1 | 1) & (POOL - 1)
    for _ in range(draws):
        if size == wanted:
            break
        v = pool[home, at]
        at = (at + stride) & (POOL - 1)
        if possible(t, w, v):
            size = _insert(row, size, v)
    return size
