"""意愿与条件: what a worker wants and can, and what a vacancy asks and offers, beside wage, skill and season.

Every item is unknown for some, as in registers. Shares are ours.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from jiedui.simulate.columns import MISSING, position
from jiedui.simulate.ground import FIRST_EVENT_YEAR, Ground
from jiedui.simulate.persons import WEAK
from jiedui.simulate.streams import pick, pick_by_row
from jiedui.terms.codelists import CONTRACT_KIND, WORK_DEMAND, WORK_LIMIT

PROVINCES: Final = np.array([310_000, 320_000, 330_000, 350_000, 370_000, 440_000])
"""Where those who go east without a pair want to go."""
_BY_DEMAND: Final = {
    "heavy": ("4-02-05", "6-19-01", "6-29-01"), "dust": ("6-06-04", "6-09-05", "6-14-02"), "height": ("6-29-04",),
}  # fmt: skip
_AT_NIGHT: Final = ("4-07-05", "6-22-01", "6-24-05", "6-25-01", "6-25-04", "6-05-01", "6-14-02")
_WITH_PEOPLE: Final = ("4-01-02", "4-02-07", "4-03-01", "4-03-02", "4-10-01")


def of_workers(ground: Ground, person: np.ndarray, occupation: pa.Array, columns: dict[str, Any]) -> dict[str, Any]:
    """劳动力意愿: further columns of (n,) workers; `columns` are those that are known, `occupation` is the wish."""
    rng = ground.streams.of("worker.wishes")
    people, n = ground.population.persons, len(person)
    far = (columns["max_distance_km"] == MISSING) | (columns["max_distance_km"] >= 150)
    first, second = _places(ground, people.county[person], far, rng)
    cares = columns["dependants"] > 0
    weak = people.ability[person] == WEAK
    limit = pick_by_row(rng, np.array([[80, 6, 4, 10], [18, 72, 5, 5]])[weak.astype(np.int64)])
    limits = position(WORK_LIMIT, "none", "light_only", "no_dust", "no_height")[limit]
    speaks = rng.random(n) < np.where(people.family.age[person] < 45, 0.93, 0.62)
    return {
        "occupation_2": _second_wish(occupation, rng),
        "wish_place": first,
        "wish_place_2": second,
        "needs_school": _known(rng, cares & far & (rng.random(n) < 0.4), 0.15),
        "work_limit": np.where(rng.random(n) < 0.12, MISSING, limits),
        "night_shift": _known(rng, (rng.random(n) < 0.6) & ~cares, 0.2),
        "mandarin": _known(rng, speaks, 0.1),
    }


def of_vacancies(
    codes: list[str], columns: dict[str, np.ndarray], last: int, rng: np.random.Generator
) -> dict[str, Any]:
    """岗位条件: further columns of (n,) vacancies; `codes` are the minor groups that `occupation` counts."""
    n, occupation = len(columns["seats"]), columns["occupation"]
    listed = {name: np.isin(codes, of)[occupation] for name, of in _BY_DEMAND.items()}
    demand = np.select(list(listed.values()), position(WORK_DEMAND, *listed), position(WORK_DEMAND, "light"))
    contract = position(CONTRACT_KIND, "fixed_term", "open_ended", "task", "dispatch")[pick(rng, [70, 5, 8, 17], n)]
    contract = np.where(columns["season"] != 0, position(CONTRACT_KIND, "seasonal"), contract)
    starts = np.maximum(columns["open_from"], np.minimum(columns["open_to"], last) + rng.integers(1, 25, n))
    lodges = columns["dormitory"]
    return {
        "starts_on": np.where(rng.random(n) < 0.4, MISSING, starts),
        "contract": np.where(rng.random(n) < 0.15, MISSING, contract),
        "demand": np.where(rng.random(n) < 0.15, MISSING, demand),
        "night_shift": _known(rng, np.isin(codes, _AT_NIGHT)[occupation] & (rng.random(n) < 0.5), 0.1),
        "mandarin": _known(rng, np.isin(codes, _WITH_PEOPLE)[occupation] | (rng.random(n) < 0.2), 0.1),
        "couple_room": _known(rng, lodges & (rng.random(n) < 0.3), 0.15),
        "school_place": _known(rng, lodges & (rng.random(n) < 0.1), 0.2),
    }


def _places(
    ground: Ground, county: np.ndarray, far: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """First and second place wished for, six digits: the donor's or another eastern province, or the home county."""
    n = len(county)
    pair = ground.places.pairing_of(max(ground.as_of.year, FIRST_EVENT_YEAR - 1), county, rng)
    donor = np.array([MISSING, *(ground.donor(p) for p in ground.pairs)])[np.maximum(pair, 0)]
    east = rng.choice(PROVINCES, n)
    where = pick_by_row(rng, np.array([[5, 0, 45, 50], [38, 24, 3, 35]])[far.astype(np.int64)])
    first = np.select([where == 0, where == 1, where == 2], [donor, east, ground.places.county[county]], MISSING)
    second = np.where((first != MISSING) & far & (rng.random(n) < 0.35), rng.choice(PROVINCES, n), MISSING)
    return first, np.where(second == first, MISSING, second)


def _second_wish(first: pa.Array, rng: np.random.Generator) -> pa.Array:
    """Another occupation of the same workers' wishes, for a third of those who have one."""
    encoded = first.dictionary_encode()
    at = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    many = len(encoded.dictionary)
    other = (at + rng.integers(1, max(many, 2), len(at))) % max(many, 1)
    unknown = (at < 0) | (rng.random(len(at)) < 0.65) | (other == at)
    return encoded.dictionary.take(pa.array(other, mask=unknown))


def _known(rng: np.random.Generator, values: np.ndarray, unknown: float) -> pa.Array:
    """Truth values of which a share is not known."""
    return pa.array(values, mask=rng.random(len(values)) < unknown)
