"""户: when each registered household entered, left poverty, fell back and left again.

When a household leaves poverty follows its county's year of delisting: by the end of that year nearly all have left
(a county is delisted when few are poor), before it ever faster. Shares and curves are ours; the dates of the counties
are real.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from jiedui.simulate.columns import MISSING, days, position
from jiedui.simulate.places import Places
from jiedui.simulate.streams import Streams
from jiedui.terms.codelists import POVERTY_STATUS

LEFT_BY_DELISTING: Final = 0.985
"""Share that has left poverty at the end of the year in which the county is delisted."""
CURVE: Final = 1.3
"""Exponent of the share that has left t years after 2013; above 1 = ever faster."""
RELAPSED: Final = 0.003
NEW_SINCE_2015: Final = 0.03
POOR, EXITED, RELAPSE = position(POVERTY_STATUS, "poor", "exited", "relapsed").tolist()


@dataclass(frozen=True)
class Households:
    """户: arrays of one length, county by county: `county` position, `village` 12-digit code, dates in days.

    `exit_on` and `relapse_on` are MISSING where it did not happen by the day of the country; `again_on` is the second
    exit. `entered_on` is the first day in the register.
    """

    county: np.ndarray
    village: np.ndarray
    entered_on: np.ndarray
    exit_on: np.ndarray
    relapse_on: np.ndarray
    again_on: np.ndarray
    first: np.ndarray
    """Position of the first household of each county, and the number of all at the end."""

    def __len__(self) -> int:
        return len(self.county)

    def status_at(self, day: int) -> np.ndarray:
        """状态: position in the code list of each household's status at the end of a day."""

        def by(change: np.ndarray) -> np.ndarray:
            return (change != MISSING) & (change <= day)

        return np.select([by(self.again_on), by(self.relapse_on), by(self.exit_on)], [EXITED, RELAPSE, EXITED], POOR)


def households(counts: np.ndarray, village: np.ndarray, ground: Places, as_of: date, streams: Streams) -> Households:
    """造户: `counts` households in each county, in the villages given."""
    rng = streams.of("status")
    county = np.repeat(np.arange(len(counts)), counts)
    n, last = len(county), days(as_of)
    entered_year = np.where(rng.random(n) < NEW_SINCE_2015, 2015 + rng.integers(0, 4, n), 2014)
    entered = np.where(
        entered_year == 2014, days(date(2014, 1, 1)) + rng.integers(0, 330, n), _day(entered_year, rng, n, 60, 330)
    )
    # Who would have come after the day of the country came with the others.
    entered = np.where(entered > last, days(date(2014, 6, 30)), entered)
    entered_year = np.where(entered > last, 2014, entered_year)
    exit_year = np.maximum(_exit_year(rng.random(n), ground.delisted[county]), entered_year + 1)
    exit_on = _until(_day(exit_year, rng, n, 258, 364), last)
    relapsing = (rng.random(n) < RELAPSED) & (exit_on != MISSING)
    relapse_on = _until(np.where(relapsing, exit_on + rng.integers(200, 900, n), MISSING), last)
    again = (rng.random(n) < 0.5) & (relapse_on != MISSING)
    again_on = _until(np.where(again, relapse_on + rng.integers(250, 500, n), MISSING), last)
    first = np.r_[0, np.cumsum(counts)]
    return Households(county, village, entered, exit_on, relapse_on, again_on, first)


def _exit_year(luck: np.ndarray, delisted: np.ndarray) -> np.ndarray:
    """Year in which a household leaves poverty: the first one in which its county's curve reaches its luck."""
    year = np.full(len(luck), 2021)
    for y in range(2020, 2013, -1):
        before = LEFT_BY_DELISTING * np.clip((y - 2013) / (delisted - 2013), 0, 1) ** CURVE
        after = LEFT_BY_DELISTING + (1 - LEFT_BY_DELISTING) * np.clip(
            (y - delisted) / np.maximum(2020 - delisted, 1), 0, 1
        )
        left = np.where(y < delisted, before, np.where(y == 2020, 1.0, after))
        year = np.where(luck < left, y, year)
    return year


def _day(year: np.ndarray, rng: np.random.Generator, n: int, first: int, last: int) -> np.ndarray:
    start = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    return start + rng.integers(first, last + 1, n)


def _until(day: np.ndarray, last: int) -> np.ndarray:
    return np.where((day != MISSING) & (day <= last), day, MISSING)
