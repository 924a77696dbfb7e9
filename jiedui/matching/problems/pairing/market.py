"""市场: poor counties and donors' counties as numbers, with the points of every pair that is possible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from jiedui.matching.problems.pairing.sides import COUNTY_LEVEL, Donors, Recipients, donors, recipients
from jiedui.matching.problems.pairs import Float64, Int64, Possible, Sides
from jiedui.matching.problems.places import distance_km
from jiedui.policy.parameters import Parameters
from jiedui.policy.places import Places
from jiedui.policy.rules.pairing import EAST_WEST
from jiedui.terms.divisions import Gazetteer
from jiedui.terms.pairs import Pairing


class CountyMarket:
    """县级结对市场: the two sides as numbers, and the points of every pair inside a parent pairing."""

    def __init__(
        self,
        served: Recipients,
        able: Donors,
        held: Sequence[Pairing],
        on: date,
        parameters: Parameters,
        gazetteer: Gazetteer,
    ) -> None:
        self.served, self.able, self.parameters = served, able, parameters
        self.left, self.right = sorted(served.parents), sorted(able.capacity)
        self.at = {code: k for k, code in enumerate(self.right)}
        places = Places.of(gazetteer)
        pairs = [(place, p.donor_code) for p in held for place in places.prefixes(p.recipient_code, on)]
        self.now = {(left, right) for left, right in pairs if left in served.parents}
        self.elsewhere = Counter(right for left, right in pairs if left not in served.parents)
        self.km = distance_km(self.left, self.right, gazetteer)

    @classmethod
    def of(
        cls, pairings: Sequence[Pairing], on: date, parameters: Parameters, gazetteer: Gazetteer, region_code: str = ""
    ) -> CountyMarket:
        """建市场: of the poor counties of a region and the donors that answer for them on a day."""
        held = [p for p in pairings if p.level == COUNTY_LEVEL and p.scheme == EAST_WEST and p.holds(on)]
        served = recipients(pairings, on, parameters, gazetteer, region_code)
        return cls(served, donors(served, held, pairings, on, parameters, gazetteer), held, on, parameters, gazetteer)

    def sides(self) -> Sides:
        """Seats are what a county can carry less the county pairs of counties that are not asked about."""
        seats = [max(0, self.able.capacity[code] - self.elsewhere[code]) for code in self.right]
        return Sides(_keys(self.left), self.left, _keys(self.right), self.right, np.array(seats, np.int64))

    def possible(self) -> Possible:
        """Every county of every donor that answers for the poor county."""
        rows = [
            (i, k)
            for i, code in enumerate(self.left)
            for k in sorted({self.at[c] for p in self.served.parents[code] for c in self.able.of_donor[p.donor_code]})
        ]
        left, right = np.array(rows, np.int64).reshape(-1, 2).T
        km = self.km[left, right]
        return Possible(left, right, self._points(left, right, km), km)

    def _points(self, left: Int64, right: Int64, km: Float64) -> dict[str, Int64]:
        burden = np.array([self.served.standing[code].permille or 0 for code in self.left], np.int64)
        strength = np.array([self.able.standing[code].permille or 0 for code in self.right], np.int64)
        away = np.nan_to_num(np.round(km / 100 * self._of("distance_per_100_km")), nan=0.0).astype(np.int64)
        now = np.array(
            [(self.left[i], self.right[k]) in self.now for i, k in zip(left.tolist(), right.tolist(), strict=True)],
            bool,
        )
        return {
            "served": np.full(len(left), self._of("served"), np.int64),
            "together": burden[left] * strength[right] * self._of("together") // 1_000_000,
            "distance": -np.minimum(away, self._of("distance_most")),
            "continuity": np.where(now, self._of("continuity"), 0),
        }

    def facts(self, left: int, right: int) -> dict[str, Any]:
        """The published figures of both counties."""
        burden, strength = self.served.standing[self.left[left]], self.able.standing[self.right[right]]
        parent = next(
            p.pairing_id
            for p in self.served.parents[self.left[left]]
            if self.right[right] in self.able.of_donor[p.donor_code]
        )
        return {
            "burden_permille": burden.permille,
            "strength_permille": strength.permille,
            **burden.figures,
            **strength.figures,
            "pairing_id": parent,
        }

    def _of(self, name: str) -> int:
        return int(self.parameters.value(f"pairing.match.{name}"))


def _keys(codes: Sequence[str]) -> Int64:
    return np.array([int(code) for code in codes], np.int64)
