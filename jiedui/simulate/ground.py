"""底盘: what every area builds on: the day, the streams, the places, the people and the pairs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from jiedui.simulate import places
from jiedui.simulate.columns import days
from jiedui.simulate.places import Places
from jiedui.simulate.poverty import Population
from jiedui.simulate.streams import Streams

FIRST_EVENT_YEAR = 2017
"""The pairings hold since December 2016; what they do begins the year after."""


@dataclass(frozen=True)
class Ground:
    """底盘: given to every area."""

    as_of: date
    streams: Streams
    places: Places
    population: Population
    persons_of_county: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        counts = np.bincount(self.population.persons.county, minlength=len(self.places.county))
        object.__setattr__(self, "persons_of_county", counts)

    @property
    def last(self) -> int:
        """The day of the country, in days since 1970."""
        return days(self.as_of)

    @property
    def years(self) -> range:
        """Years in which pairs do something."""
        return range(FIRST_EVENT_YEAR, self.as_of.year + 1)

    @property
    def pairs(self) -> range:
        """Ids of the pairings."""
        return range(1, len(self.places.pairings) + 1)

    def donor(self, pairing_id: int) -> int:
        """Six-digit code of a pairing's donor."""
        return int(self.places.pairings[pairing_id - 1].donor_code)

    def recipient(self, pairing_id: int) -> int:
        """Six-digit code of a pairing's recipient."""
        return int(self.places.pairings[pairing_id - 1].recipient_code)

    def persons_of(self, pairing_id: int, year: int) -> int:
        """Registered persons in the counties that a pairing answers for."""
        return int(self.persons_of_county[self.places.counties_of(pairing_id, year)].sum())

    def donor_county(self, pairing_id: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """A place of work of the donor for each pairing id."""
        found = np.zeros(len(pairing_id), np.int64)
        for pair in np.unique(pairing_id):
            mine = np.flatnonzero(pairing_id == pair)
            found[mine] = rng.choice(self.places.donor_counties[self.donor(int(pair))], len(mine))
        return found

    def draw_counties(self, pairing_id: int, year: int, size: int, rng: np.random.Generator) -> np.ndarray:
        """Positions of counties of a pairing, more often where more registered poor live."""
        counties = self.places.counties_of(pairing_id, year)
        weight = self.persons_of_county[counties] + 1.0
        return rng.choice(counties, size, p=weight / weight.sum())

    def draw_villages(self, county: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """A 12-digit village code for each position of a county."""
        village = (rng.random(len(county)) * self.population.villages[county]).astype(np.int64)
        return places.village_code(self.places.county[county], village)

    def days_of(self, year: int, first: int, last: int, size: int, rng: np.random.Generator) -> np.ndarray:
        """Days between the `first` and the `last` of a year (0 = 1 January), none after the country's day."""
        start = days(date(year, 1, 1))
        return np.minimum(start + rng.integers(first, last + 1, size), self.last)

    def volume(self, pairing_id: int, year: int, usual: float, rng: np.random.Generator) -> int:
        """Number of events of a pair in a year: `usual` for 1,800 registered persons, growing with the root of them."""
        size = max(self.persons_of(pairing_id, year), 50) / 1800
        return max(1, int(rng.poisson(usual * size**0.5)))
