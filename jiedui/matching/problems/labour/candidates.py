"""候选: which vacancies each worker is compared with.

Where the possible pairs are few enough, all of them are candidates, and the proof holds over every assignment there is.
Otherwise two steps keep it near-linear. First for each block, home county × wished occupation: the nearest vacancies,
and the best without regard to the person. Then for each worker of the block: of those that are possible the best; and
of all the seats of the market some drawn by a fixed hash. Without the drawn ones everybody would be compared with the
same favourites, and seats would stay empty that somebody could fill.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from jiedui.matching.problems.labour.points import UNRELATED, Scale
from jiedui.matching.problems.labour.sides import Int64
from jiedui.policy.parameters import Parameters

CELLS_AT_ONCE = 1_500_000
"""Pairs looked at in one step: bounds memory to some hundred megabytes."""
LOOKED_AT = 16
"""Pairs that may be looked at for each that may be kept."""
NEVER = np.iinfo(np.int64).min // 4


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
class Pairs:
    """候选对: worker and vacancy numbers, by worker; `complete`: no possible pair is left out."""

    w: Int64
    v: Int64
    complete: bool


def candidates(scale: Scale, sizes: Sizes) -> Pairs:
    """候选: every possible pair if there are at most `every_up_to`, else at most best + spread per worker."""
    return _every_pair(scale, sizes.every_up_to) or Pairs(*_chosen(scale, sizes), complete=False)


def _every_pair(scale: Scale, limit: int) -> Pairs | None:
    """All possible pairs; None when there are more than `limit`, or too many pairs to look at."""
    if len(scale.workers) * len(scale.vacancies) > LOOKED_AT * limit:
        return None
    everything, found, count = np.arange(len(scale.vacancies)), [], 0
    for w in _parts(len(scale.workers), len(scale.vacancies)):
        rows, v = np.nonzero(scale.possible(w[:, None], everything[None, :]))
        found.append((w[rows], v))
        count += len(v)
        if count > limit:
            return None
    empty = np.zeros(0, np.int64)
    return Pairs(np.concatenate([empty, *(w for w, _ in found)]), np.concatenate([empty, *(v for _, v in found)]), True)


def _chosen(scale: Scale, sizes: Sizes) -> tuple[Int64, Int64]:
    """The two steps: shortlists of the blocks, then the choice of each worker."""
    keys = scale.places.home * (int(scale.worker_occupation.max(initial=0)) + 1) + scale.worker_occupation
    _, first, block = np.unique(keys, return_index=True, return_inverse=True)
    shortlist = _shortlists(scale, first, sizes.considered)
    pairs = [_choose(scale, part, shortlist[block[part]], sizes) for part in _parts(len(block), shortlist.shape[1])]
    if not pairs:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.concatenate([w for w, _ in pairs]), np.concatenate([v for _, v in pairs])


def _parts(rows: int, width: int) -> list[Int64]:
    step = max(1, CELLS_AT_ONCE // max(1, width))
    return [np.arange(start, min(start + step, rows)) for start in range(0, rows, step)]


def _shortlists(scale: Scale, representative: npt.NDArray[np.intp], considered: int) -> Int64:
    """(blocks, ≤ considered) vacancy numbers, −1 where there are fewer; `representative` is a worker of each block."""
    total = len(scale.vacancies)
    everything = np.arange(total)
    if total <= considered:
        return np.broadcast_to(everything, (len(representative), total)).copy()
    blocks = [
        _shortlist(scale, representative[part], everything, considered) for part in _parts(len(representative), total)
    ]
    return np.concatenate(blocks) if blocks else np.zeros((0, considered), np.int64)


def _shortlist(scale: Scale, of: npt.NDArray[np.intp], everything: Int64, considered: int) -> Int64:
    """For each block the nearest half and the best half by what does not depend on the person; no number twice."""
    w, v = of[:, None], everything[None, :]
    related = scale.relation[scale.worker_occupation[w], scale.vacancy_occupation[v]] != UNRELATED
    open_to_all = scale.vacancies.skill[v] == 0
    distance = np.where(related | open_to_all, np.nan_to_num(scale.distance(w, v), nan=np.inf), np.inf)
    parts = scale.points(w, v)
    common = parts["distance"] + parts["nearby"] + parts["pairing"] + parts["occupation"] + parts["all_year"]
    common = common + np.minimum(scale.vacancies.monthly_wage_fen[v] // 10_000, scale.weights.wage_most)
    common = np.where(related | open_to_all, common * 1024 + _hash(of[:, None], everything[None, :]) % 1024, NEVER)
    half = considered // 2
    nearest = np.argpartition(distance, half - 1, axis=1)[:, :half]
    best = np.argpartition(-common, considered - half - 1, axis=1)[:, : considered - half]
    chosen = np.sort(np.concatenate([nearest, best], axis=1), axis=1)
    chosen[:, 1:][chosen[:, 1:] == chosen[:, :-1]] = -1
    return chosen.astype(np.int64)


def _choose(scale: Scale, w: Int64, shortlist: Int64, sizes: Sizes) -> tuple[Int64, Int64]:
    """The pairs of these workers: the best by utility, then some of the rest by hash."""
    known = shortlist >= 0
    v = np.where(known, shortlist, 0)
    score = scale.utility(w[:, None], v) * 1024 + _hash(w[:, None], v) % 1024
    best = _top(np.where(known & scale.possible(w[:, None], v), score, NEVER), sizes.best)
    drawn = _drawn(scale, w, sizes.draws)
    spread = scale.possible(w[:, None], drawn)
    spread &= np.cumsum(spread, axis=1) <= sizes.spread
    rows = np.concatenate([np.nonzero(best)[0], np.nonzero(spread)[0]])
    pairs = np.unique(w[rows] * len(scale.vacancies) + np.concatenate([v[best], drawn[spread]]))
    return pairs // len(scale.vacancies), pairs % len(scale.vacancies)


def _drawn(scale: Scale, w: Int64, draws: int) -> Int64:
    """(workers, draws) vacancy numbers, each seat of the market as likely as any other."""
    ends = np.cumsum(scale.vacancies.seats)
    seat = _hash(scale.workers.worker_id[w][:, None], np.arange(draws)[None, :]) % ends[-1]
    return np.asarray(np.searchsorted(ends, seat, side="right"), np.int64)


def _top(score: Int64, count: int) -> npt.NDArray[np.bool_]:
    """Per row the `count` greatest scores, those that are NEVER left out."""
    take: npt.NDArray[np.bool_] = score != NEVER
    if score.shape[1] > count:
        rows = np.argpartition(-score, count, axis=1)[:, count:]
        np.put_along_axis(take, rows, False, axis=1)
    return take


def _hash(first: Int64, second: Int64) -> Int64:
    """A fixed mixing of two numbers into 0 … 2^62 (splitmix64)."""
    mixed = first.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + second.astype(np.uint64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return np.asarray((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(2), np.int64)
