"""地点关系: how far each home county is from each county of work, and where a donor is.

Distances are great circles between county seats.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from jiedui.matching.problems.labour.sides import Bool, Float64, Int32, Vacancies, Workers
from jiedui.matching.problems.places import great_circle_km, seats
from jiedui.policy.rules.pairing import Edges
from jiedui.terms.divisions import Gazetteer, prefix
from jiedui.terms.pairs import Pairing


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
        distance = great_circle_km(seats(homes, gazetteer), seats(works, gazetteer))
        distance[np.array(homes, object)[:, None] == np.array(works, object)[None, :]] = 0.0
        return cls(homes, works, workers.county.at, vacancies.county.at, distance, paired, gazetteer)

    def between(self, worker: int, county: str) -> float:
        """Distance in km from a worker's home to any county; NaN where not known."""
        home = self.homes[self.home[worker]]
        if home == county:
            return 0.0
        both = seats((home, county), self.gazetteer)
        return float(great_circle_km(both[:1], both[1:])[0, 0])
