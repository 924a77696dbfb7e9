"""劳务协作: the register of workers, and the vacancies that wait for them. What became of them is in `placements`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import pyarrow as pa

from jiedui.simulate import wishes
from jiedui.simulate.columns import MISSING, position, table
from jiedui.simulate.ground import Ground
from jiedui.simulate.persons import NONE_ABILITY, ORDINARY, SKILLED, WEAK
from jiedui.simulate.society import Organisations
from jiedui.simulate.streams import pick, pick_by_row
from jiedui.terms.codelists import HEALTH, SEASON, SKILL_LEVEL, VACANCY_STATE, WORK_STATUS

UNEMPLOYED, EAST, OTHER, NEAR, FARMING = position(
    WORK_STATUS, "unemployed", "away_east", "away_other", "near", "farming"
).tolist()
ALL_YEAR, OFF_SEASON, HARVEST = position(SEASON, "all_year", "off_season", "harvest").tolist()
OLDEST: Final = 64
WAGE_NEAR: Final = 0.68
"""Wage in the county at home, as a part of that in the East; ours."""
MATCHING_SHARES: Final = {"near": 0.4, "pair": 0.5, "east": 0.15}
"""Seats per person who looks for work: at home, with the donor, elsewhere in the East; ours."""


@dataclass(frozen=True)
class Occupations:
    """职业: arrays of one length: minor group, vacancy title, weight, share of men, share near home, wage in yuan."""

    code: list[str]
    title: list[str]
    weight: np.ndarray
    male: np.ndarray
    near: np.ndarray
    wage: np.ndarray


@dataclass(frozen=True)
class Workers:
    """劳动力: arrays of one length; `person` is the row of the person, `id` the key of the worker is its place + 1."""

    person: np.ndarray
    county: np.ndarray
    village: np.ndarray
    status: np.ndarray
    willing: np.ndarray
    able: np.ndarray
    season: np.ndarray
    table: pa.Table

    @property
    def looking(self) -> np.ndarray:
        """Who is willing, able and without work."""
        return self.willing & self.able & (self.status == UNEMPLOYED)


@cache
def occupations() -> Occupations:
    """职业表: the minor groups that the country's vacancies are of."""
    text = files("jiedui.simulate").joinpath("data", "occupations.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    weight, male, near, wage = (
        np.array([float(row[name]) for row in rows]) for name in ("weight", "male_pct", "near_pct", "wage_yuan")
    )
    return Occupations([r["code"] for r in rows], [r["title"] for r in rows], weight, male / 100, near / 100, wage)


def workers(ground: Ground) -> Workers:
    """造劳动力: everybody from 16 to 64 who is in the register, not in school and able to do some work."""
    rng = ground.streams.of("worker")
    people = ground.population.persons
    age = people.family.age
    of_age = (age >= 16) & (age <= OLDEST) & (people.ability > NONE_ABILITY)
    person = np.flatnonzero(of_age & ~people.in_school & people.present)
    n, ability, age = len(person), people.ability[person], age[person]
    male = people.family.male[person]
    dependants = _dependants(ground, person, rng)
    status = _statuses(age, male, ability, dependants, rng)
    willing = rng.random(n) < np.array([0.74, 0.97, 0.97, 0.95, 0.3])[status]
    able = rng.random(n) < np.where(ability >= ORDINARY, 0.96, 0.6)
    season = pick_by_row(rng, np.array([[0.85, 0.12, 0.03]] * 4 + [[0.45, 0.5, 0.05]])[status])
    county, village = people.county[person], people.village[person]
    partner = _partners(ground, person, status, willing & able, rng)
    skill = _skills(ability, rng)
    distance = _distances(dependants, rng)
    wage = 2200 + 100 * np.rint(np.abs(rng.normal(0, 9, n)) + skill * 4 + (ability == SKILLED) * 4).astype(np.int64)
    columns = {
        "worker_id": np.arange(1, n + 1),
        "person_id": person + 1,
        "household_id": people.family.household[person] + 1,
        "region_code": village,
        "work_status": status,
        "willing": willing,
        "able": able,
        "occupation": _wishes(male, rng),
        "skill": skill,
        "min_wage_fen": np.where(rng.random(n) < 0.1, MISSING, wage * 100),
        "max_distance_km": distance,
        "dependants": dependants,
        "season": season,
        "partner_id": np.where(partner >= 0, partner + 1, MISSING),
        "needs_dormitory": ((distance == MISSING) | (distance >= 100)) & (rng.random(n) < 0.72),
        "registered_on": np.maximum(ground.last - rng.integers(20, 700, n), people.joined_on[person]),
    }
    columns |= wishes.of_workers(ground, person, columns["occupation"], columns)
    return Workers(person, county, village, status, willing, able, season, table("worker", columns))


def _dependants(ground: Ground, person: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Small children, the old and the seriously ill of a household, for the one in it who cares for them."""
    people = ground.population.persons
    home, age = people.family.household, people.family.age
    needs = people.present & ((age < 12) | (age >= 75) | (people.health == position(HEALTH, "serious")))
    count = np.bincount(home[needs], minlength=people.family.households)
    # The carer: a woman before a man, the one of weak ability before the strong, then by lot.
    fitness = ~people.family.male[person] * 2.0 + (people.ability[person] == WEAK) + rng.random(len(person))
    order = np.lexsort((fitness, home[person]))
    last = np.r_[home[person][order][1:] != home[person][order][:-1], True] if len(order) else np.zeros(0, bool)
    carer = np.zeros(len(person), bool)
    carer[order[last]] = True
    return np.where(carer, np.minimum(count[home[person]], 5), 0)


def _statuses(
    age: np.ndarray, male: np.ndarray, ability: np.ndarray, dependants: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    # Unemployed, East, other, near, farming.
    young, old, weak = [0.17, 0.25, 0.32, 0.14, 0.12], [0.15, 0.06, 0.13, 0.2, 0.46], [0.3, 0.01, 0.02, 0.15, 0.52]
    middle, bound = [0.18, 0.16, 0.26, 0.2, 0.2], [0.36, 0.03, 0.06, 0.25, 0.3]
    carer = (dependants > 0) & ~male
    row = np.select([ability == WEAK, carer, age >= 50, age >= 35], [0, 1, 2, 3], 4)
    return pick_by_row(rng, np.array([weak, bound, old, middle, young])[row])


def _skills(ability: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    shares = np.array([[0.9, 0.1, 0, 0], [0.74, 0.19, 0.06, 0.01], [0, 0.52, 0.38, 0.1]])
    drawn = pick_by_row(rng, shares[np.clip(ability - WEAK, 0, 2)])
    return position(SKILL_LEVEL, "none", "basic", "middle", "senior")[drawn]


def _distances(dependants: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    shares = np.array([[0.1, 0.08, 0.12, 0.15, 0.55], [0.45, 0.25, 0.12, 0.05, 0.13]])
    far = np.array([20, 50, 150, 600, MISSING])
    return far[pick_by_row(rng, shares[(dependants > 0).astype(np.int64)])]


def _wishes(male: np.ndarray, rng: np.random.Generator) -> pa.Array:
    known = occupations()
    weights = known.weight * np.where(male[:, None], known.male, 1 - known.male)
    wish = pick_by_row(rng, weights)
    return pa.array(known.code).take(pa.array(wish, mask=rng.random(len(male)) < 0.15))


def _partners(
    ground: Ground, person: np.ndarray, status: np.ndarray, ready: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Row of the partner for two thirds of the couples who both look for work, −1 for the rest; both directions."""
    family = ground.population.persons.family
    row_of = np.full(len(family.age), -1)
    row_of[person] = np.arange(len(person))
    married = family.partner[person]
    partner = np.where(married >= 0, row_of[married], -1)
    looks = ready & (status == UNEMPLOYED)
    both = (partner >= 0) & looks & looks[partner]
    lot = rng.random(len(person))
    # One lot for the couple: that of its first row.
    first = np.minimum(np.arange(len(person)), np.where(partner >= 0, partner, len(person)))
    return np.where(both & (lot[first] < 0.66), partner, -1)


def vacancies(ground: Ground, orgs: Organisations, found: Workers, first_id: int) -> dict[str, np.ndarray]:
    """造岗位: vacancies open on the country's day, about a seat for everyone who looks; columns of the table."""
    rng = ground.streams.of("vacancy")
    places = ground.places
    looking = np.bincount(found.county[found.looking], minlength=len(places.county))
    pair = places.pairing_of(ground.as_of.year, np.arange(len(places.county)), rng)
    near = rng.poisson(looking * MATCHING_SHARES["near"] / 3)
    east = rng.poisson(looking * MATCHING_SHARES["pair"] / 6) * (pair > 0)
    free = rng.poisson(looking.sum() * MATCHING_SHARES["east"] / 6) + 1
    with_donor = ground.donor_county(np.repeat(pair, east), rng)
    county = np.concatenate([np.repeat(places.county, near), with_donor, rng.choice(places.east, free)])
    at_home = np.arange(len(county)) < near.sum()
    n = len(county)
    seats = 1 + rng.poisson(np.where(at_home, 2, 5))
    opened = ground.last - rng.integers(3, 60, n)
    columns = jobs(at_home, ground.as_of.year, rng)
    state = pick(ground.streams.of("vacancy.state"), [93, 5, 2], n)
    return columns | {
        "state": position(VACANCY_STATE, "checked", "reported", "withdrawn")[state],
        "vacancy_id": np.arange(first_id, first_id + n),
        "organisation_id": orgs.firms_in(county, rng),
        "region_code": county,
        "seats": seats,
        "open_from": opened,
        "open_to": ground.last + rng.integers(10, 90, n),
    }


def jobs(at_home: np.ndarray, year: int | np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """岗位条件: occupation (position), wage, skill, dormitory, season for vacancies near home or in the East."""
    known, n = occupations(), len(at_home)
    share = np.stack([known.weight * (1 - known.near), known.weight * known.near])
    occupation = pick_by_row(rng, share[at_home.astype(np.int64)])
    skill = pick(rng, [66, 24, 8, 2], n)
    level = np.where(at_home, WAGE_NEAR, 1.0) * 1.06 ** (np.asarray(year) - 2019) * (1 + 0.08 * skill)
    yuan = np.rint(known.wage[occupation] * level * np.exp(rng.normal(0, 0.09, n)) / 50).astype(np.int64) * 50
    return {
        "occupation": occupation,
        "monthly_wage_fen": yuan * 100,
        "skill": position(SKILL_LEVEL, "none", "basic", "middle", "senior")[skill],
        "dormitory": rng.random(n) < np.where(at_home, 0.12, 0.85),
        "season": np.where(rng.random(n) < np.where(at_home, 0.75, 0.92), ALL_YEAR, OFF_SEASON),
    }


def vacancy_table(ground: Ground, *parts: dict[str, np.ndarray]) -> pa.Table:
    """岗位表: vacancies of several kinds in one table; `occupation` is a position in the list of occupations."""
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    known, index = occupations(), pa.array(joined["occupation"])
    more = wishes.of_vacancies(known.code, joined, ground.last, ground.streams.of("vacancy.conditions"))
    named = {"occupation": pa.array(known.code).take(index), "title": pa.array(known.title).take(index)}
    return table("vacancy", joined | named | more)
