"""人: schooling, health and ability to work of every member of a household, and when they joined and left.

Shares by age are ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from jiedui.simulate.columns import MISSING, days, position
from jiedui.simulate.families import HEAD, IN_LAW, PARENT, SIBLING, SPOUSE, Families
from jiedui.simulate.households import Households
from jiedui.simulate.streams import Streams, pick_by_row
from jiedui.terms.codelists import EDUCATION, LABOUR_ABILITY

NONE_ABILITY, WEAK, ORDINARY, SKILLED = position(LABOUR_ABILITY, "none", "weak", "ordinary", "skilled").tolist()


@dataclass(frozen=True)
class Persons:
    """人: arrays of one length, household after household; codes are positions in their lists."""

    family: Families
    county: np.ndarray
    village: np.ndarray
    birth: np.ndarray
    education: np.ndarray
    in_school: np.ndarray
    health: np.ndarray
    ability: np.ndarray
    joined_on: np.ndarray
    left_on: np.ndarray

    def __len__(self) -> int:
        return len(self.county)

    @property
    def present(self) -> np.ndarray:
        """Whether the person is in the register at the end."""
        return self.left_on == MISSING


def persons(family: Families, homes: Households, as_of: date, streams: Streams) -> Persons:
    """造人: the members of the families, living where their households do."""
    rng = streams.of("person")
    n, last = len(family.household), days(as_of)
    start = (as_of.year - family.age - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    birth = np.minimum(start + rng.integers(0, 365, n), last)
    education, in_school = _education(family.age, rng)
    health = _health(family.age, rng)
    ability = _ability(family.age, in_school, health, education, rng)
    entered = homes.entered_on[family.household]
    later = (rng.random(n) < 0.02) & np.isin(family.relation, (SPOUSE, IN_LAW, PARENT, SIBLING))
    joined = np.where(later, entered + (rng.random(n) * (last - entered + 1)).astype(np.int64), entered)
    joined = np.where(birth > entered, np.minimum(birth + rng.integers(10, 200, n), last), joined)
    dead = rng.random(n) < np.select([family.age >= 75, family.age >= 60], [0.06, 0.02], 0.004)
    gone = dead & (family.relation != HEAD) & (joined < last)
    left = np.where(gone, joined + 1 + (rng.random(n) * (last - joined)).astype(np.int64), MISSING)
    county, village = homes.county[family.household], homes.village[family.household]
    return Persons(family, county, village, birth, education, in_school, health, ability, joined, left)


def _education(age: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    # none, primary, junior, senior, vocational, college
    shares = np.array(
        [
            [1, 0, 0, 0, 0, 0],
            [0, 1, 0, 0, 0, 0],
            [0, 0.02, 0.98, 0, 0, 0],
            [0, 0.02, 0.36, 0.38, 0.24, 0],
            [0.01, 0.08, 0.5, 0.12, 0.12, 0.17],
            [0.03, 0.27, 0.55, 0.06, 0.05, 0.04],
            [0.12, 0.48, 0.34, 0.05, 0.01, 0],
            [0.44, 0.45, 0.1, 0.01, 0, 0],
        ]
    )
    stage = np.searchsorted([6, 12, 15, 18, 24, 45, 65], age, side="right")
    education = pick_by_row(rng, shares[stage])
    upper = education >= position(EDUCATION, "senior")
    draw = rng.random(len(age))
    in_school = np.select(
        [(age >= 6) & (age < 15), (age >= 15) & (age < 18), (age >= 18) & (age < 23)],
        [
            draw < 0.995,
            np.where(upper, draw < 0.96, draw < 0.2),
            (education == position(EDUCATION, "college")) & (draw < 0.8),
        ],
        False,
    )
    return education, in_school


def _health(age: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    # healthy, chronic, serious, disabled
    shares = np.array(
        [[0.965, 0.01, 0.007, 0.018], [0.83, 0.08, 0.03, 0.06], [0.66, 0.2, 0.05, 0.09], [0.5, 0.35, 0.07, 0.08]]
    )
    return pick_by_row(rng, shares[np.searchsorted([30, 50, 65], age, side="right")])


def _ability(
    age: np.ndarray, in_school: np.ndarray, health: np.ndarray, education: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    # none, weak, ordinary, skilled by health: healthy, chronic, serious, disabled
    shares = np.array([[0, 0.05, 0.87, 0.08], [0.1, 0.62, 0.28, 0], [0.7, 0.3, 0, 0], [0.42, 0.46, 0.12, 0]])
    drawn = pick_by_row(rng, shares[health])
    taught = (drawn == ORDINARY) & (education >= position(EDUCATION, "vocational")) & (rng.random(len(age)) < 0.5)
    drawn = np.where(taught, SKILLED, drawn)
    ageing = (age >= 60) & (rng.random(len(age)) < 0.75)
    drawn = np.where(ageing, np.minimum(drawn, WEAK), drawn)
    none = (age < 16) | in_school | ((age >= 70) & (rng.random(len(age)) < 0.92))
    return np.where(none, NONE_ABILITY, drawn)
