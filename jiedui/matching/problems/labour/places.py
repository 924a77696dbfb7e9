"""地点关系: how far each home county is from each county of work, and where a donor is.

Distances are great circles between county seats.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from jiedui.matching.problems.labour.sides import Bool, Float64, Int32, Vacancies, Workers
from jiedui.policy.rules.pairing import Edges
from jiedui.terms.divisions import Gazetteer, prefix
from jiedui.terms.pairs import Pairing

EARTH_KM: Final = 6371.0088
"""Mean radius of the Earth (IUGG)."""


@dataclass(frozen=True, eq=False)
class Places:
    """地点关系: for each home county × work county the distance in km (NaN: not known) and whether a donor is there.

    `home` (workers,) and `work` (vacancies,) are rows and columns of these, `homes` and `works` their codes.
    """

    homes: tuple[str, ...]
    works: tuple[str, ...]
    home: Int32
    work: Int32
    distance_km: Float64
    paired: Bool
    gazetteer: Gazetteer

    @classmethod
    def of(
        cls, workers: Workers, vacancies: Vacancies, pairings: Iterable[Pairing], on: date, gazetteer: Gazetteer
    ) -> Places:
        """Look the counties up once each."""
        homes, works = workers.county.codes, vacancies.county.codes
        edges = Edges(pairings, on, gazetteer=gazetteer, scheme=None)
        paired = np.zeros((len(homes), len(works)), bool)
        known: dict[tuple[str, ...], list[bool]] = {}
        for row, county in enumerate(homes):
            donors = tuple(sorted({prefix(pairing.donor_code) for pairing in edges.of(county)}))
            if donors not in known:
                known[donors] = [bool(donors) and code.startswith(donors) for code in works]
            paired[row] = known[donors]
        distance = great_circle_km(_positions_of(homes, gazetteer), _positions_of(works, gazetteer))
        distance[np.array(homes, object)[:, None] == np.array(works, object)[None, :]] = 0.0
        return cls(homes, works, workers.county.at, vacancies.county.at, distance, paired, gazetteer)

    def between(self, worker: int, county: str) -> float:
        """Distance in km from a worker's home to any county; NaN where not known."""
        home = self.homes[self.home[worker]]
        if home == county:
            return 0.0
        both = _positions_of((home, county), self.gazetteer)
        return float(great_circle_km(both[:1], both[1:])[0, 0])


def great_circle_km(first: Float64, second: Float64) -> Float64:
    """大圆距离: (n, 2) and (m, 2) degrees of longitude and latitude → (n, m) km, by the haversine formula."""
    a, b = np.radians(first)[:, None, :], np.radians(second)[None, :, :]
    half = np.sin((b - a) / 2) ** 2
    chord = half[..., 1] + np.cos(a[..., 1]) * np.cos(b[..., 1]) * half[..., 0]
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(chord, 0, 1))))


def _positions_of(codes: tuple[str, ...], gazetteer: Gazetteer) -> Float64:
    """(n, 2) longitude and latitude in degrees; NaN where not known."""
    found = [gazetteer.coordinates(code) for code in codes]
    return np.array([(np.nan, np.nan) if seat is None else seat for seat in found], np.float64).reshape(-1, 2)
