"""在岗时段: who had which job from when until when, where it was, and through which pair it came.

Nobody has two jobs at once. Most who work in the East came on their own (domain fact 6).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from jiedui.simulate.columns import MISSING, days, position
from jiedui.simulate.ground import Ground
from jiedui.simulate.labour import EAST, NEAR, OFF_SEASON, OTHER, Workers
from jiedui.simulate.streams import pick
from jiedui.terms.codelists import PLACEMENT_KIND

IN_EAST, NEARBY, ELSEWHERE = position(PLACEMENT_KIND, "east", "near", "other").tolist()
PLACED: Final = {EAST: 0.85, OTHER: 0.25, NEAR: 0.6}
"""Share of those who work there now that has a placement; ours."""
THROUGH_PAIR: Final = {IN_EAST: 0.5, NEARBY: 0.45, ELSEWHERE: 0.0}
YEAR: Final = 365


@dataclass(frozen=True)
class Placements:
    """安置: arrays of one length; `worker` row, `pair` −1 for none, `vacancy` id or MISSING, days, `organised`."""

    worker: np.ndarray
    kind: np.ndarray
    start: np.ndarray
    end: np.ndarray
    pair: np.ndarray
    county: np.ndarray
    vacancy: np.ndarray
    wage: np.ndarray

    def __len__(self) -> int:
        return len(self.worker)


def spells(ground: Ground, found: Workers, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Jobs in time: (worker row, kind, first day, last day or MISSING), the current ones and the earlier ones."""
    n, begin = len(found.person), days(date(ground.years.start, 1, 5))
    share = np.zeros(5)
    share[list(PLACED)] = list(PLACED.values())
    now = np.flatnonzero(rng.random(n) < share[found.status])
    current = begin + ((1 - rng.random(len(now)) ** 1.7) * max(ground.last - begin, 0)).astype(np.int64)
    short = found.season[now] == OFF_SEASON
    current = np.where(short, ground.last - rng.integers(5, 110, len(now)), current)
    kind_now = np.select([found.status[now] == EAST, found.status[now] == NEAR], [IN_EAST, NEARBY], ELSEWHERE)
    before = np.flatnonzero(rng.random(n) < 0.1)
    earlier = begin + (rng.random(len(before)) * max(ground.last - begin - 200, 0)).astype(np.int64)
    left = earlier + rng.integers(30, 330, len(before))
    next_start = np.full(n, ground.last)
    next_start[now] = current
    left = np.minimum(left, next_start[before] - 7)
    kind_before = np.array([IN_EAST, NEARBY, ELSEWHERE])[pick(rng, [50, 38, 12], len(before))]
    worker = np.r_[now, before]
    start, end = np.r_[current, earlier], np.r_[np.full(len(now), MISSING), left]
    people = ground.population.persons
    of_age = people.birth[found.person[worker]] + 16 * YEAR + 5
    fits = (
        (start >= np.maximum(of_age, people.joined_on[found.person[worker]]))
        & (start >= begin)
        & (start <= ground.last)
    )
    fits &= (end == MISSING) | (end > start + 20)
    keep = np.flatnonzero(fits)
    return worker[keep], np.r_[kind_now, kind_before][keep], start[keep], end[keep]


def where(
    ground: Ground, home: np.ndarray, kind: np.ndarray, start: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """(pairing id or −1, six-digit place of work) of each placement."""
    year, pair = year_of(start), np.full(len(home), -1)
    for y in np.unique(year):
        rows = np.flatnonzero(year == y)
        pair[rows] = ground.places.pairing_of(int(y), home[rows], rng)
    share = np.zeros(3)
    share[list(THROUGH_PAIR)] = list(THROUGH_PAIR.values())
    pair = np.where(rng.random(len(home)) < share[kind], pair, -1)
    county = np.where(
        kind == ELSEWHERE, rng.choice(ground.places.other_counties, len(home)), ground.places.county[home]
    )
    county = np.where(kind == IN_EAST, rng.choice(ground.places.east, len(home)), county)
    with_donor = np.flatnonzero((kind == IN_EAST) & (pair > 0))
    county[with_donor] = ground.donor_county(pair[with_donor], rng)
    return pair, county


def year_of(day: np.ndarray) -> np.ndarray:
    """年份: of days since 1970."""
    return day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
