"""算例: seeded synthetic labour markets in many shapes, the same bytes every time. No person in them is real.

Workers live in regions and have occupations; postings lie elsewhere than the workers do. Each worker has twenty
edges to postings nearby, worth 1 to about 1000 by skill fit, wage, distance and what no register explains. Workers
and postings are numbered at random: whoever wants them in blocks must sort them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from bench.matching.labour_edges import SKILLS, close_gaps, labour_rows, random_rows

Array = npt.NDArray[np.generic]
SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000, "10m": 10_000_000}
EDGES_PER_AGENT = 20
LOOKED_AT = 80
"""Postings that a worker compares before keeping the best twenty; more make the good postings more contested."""


@dataclass(frozen=True)
class Family:
    """算例族: what sets one family of markets apart from `base`."""

    title: str
    seats_per_agent: float = 0.9
    seats_per_object: int = 10
    systematic: float = 0.85
    """Share of the utility that the same facts explain for everybody; the rest is one's own liking."""
    edges: Literal["labour", "random", "random with a permutation"] = "labour"
    worth: Callable[[npt.NDArray[np.int32], npt.NDArray[np.int16], int], npt.NDArray[np.int16]] | None = None
    objective: str = "utility"


def _few_values(indices: npt.NDArray[np.int32], utility: npt.NDArray[np.int16], objects: int) -> npt.NDArray[np.int16]:
    return (1 + utility // 101).astype(np.int16)


def _wide_values(indices: npt.NDArray[np.int32], utility: npt.NDArray[np.int16], objects: int) -> npt.NDArray[np.int16]:
    """Many edges worth little, few worth much: here one more placement may cost utility elsewhere."""
    return np.maximum(1, 1000 * (utility / 1000) ** 6).astype(np.int16)


def _value_of_object(
    indices: npt.NDArray[np.int32], utility: npt.NDArray[np.int16], objects: int
) -> npt.NDArray[np.int16]:
    return np.random.default_rng(objects).integers(1, 1001, objects, dtype=np.int16)[indices]


FAMILIES = {
    "base": Family("0.9 seats per worker, ten to a posting"),
    "ties": Family("at most ten different utilities", worth=_few_values),
    "cardinality": Family("most placements, then the greatest utility; a few edges are worth most", worth=_wide_values,
                          objective="placements_then_utility"),
    "common": Family("the utility is the posting's alone: a price war", worth=_value_of_object),
    "one_seat": Family("every posting has one seat", seats_per_object=1),
    "expander": Family("edges and utilities uniformly random", edges="random"),
    "scarce": Family("0.5 seats per worker", seats_per_agent=0.5),
    "slack": Family("1.3 seats per worker", seats_per_agent=1.3),
    "noisy": Family("70 % of the utility is one's own liking", systematic=0.3),
    "perfect": Family("one to one, and everybody can be placed", 1.0, 1, edges="random with a permutation",
                      objective="placements_then_utility"),
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Instance:
    """算例: a market as arrays, and where its agents and objects belong.

    `indptr` (agents + 1) int64, `indices` (edges) int32 rising in each row, `utility` (edges) int16, `seats` (objects)
    int32; `agent_region`, `agent_occupation` (agents) and `object_region`, `object_occupation` (objects) int16.
    """

    indptr: npt.NDArray[np.int64]
    indices: npt.NDArray[np.int32]
    utility: npt.NDArray[np.int16]
    seats: npt.NDArray[np.int32]
    agent_region: npt.NDArray[np.int16]
    agent_occupation: npt.NDArray[np.int16]
    object_region: npt.NDArray[np.int16]
    object_occupation: npt.NDArray[np.int16]

    @property
    def agents(self) -> int:
        """人数."""
        return len(self.indptr) - 1

    @property
    def objects(self) -> int:
        """岗位数."""
        return len(self.seats)

    def block_order(self) -> npt.NDArray[np.int64]:
        """分块次序: the agents by occupation, then region: a permutation of them, (agents,) int64."""
        return np.lexsort((self.agent_region, self.agent_occupation))

    def save(self, folder: Path) -> None:
        """One .npy file per array."""
        folder.mkdir(parents=True, exist_ok=True)
        for field in fields(self):
            np.save(folder / f"{field.name}.npy", getattr(self, field.name))

    @classmethod
    def load(cls, folder: Path) -> Instance:
        """What `save` wrote, in memory."""
        return cls(**{field.name: np.load(folder / f"{field.name}.npy") for field in fields(cls)})


def make(family: str, agents: int, *, seed: int = 1) -> Instance:
    """生成: the market of a family with so many agents; same family, size and seed give the same bytes."""
    recipe = FAMILIES[family]
    rng = np.random.default_rng([seed, agents])
    objects = max(8, round(agents * recipe.seats_per_agent / recipe.seats_per_object))
    seats = _seats(rng, objects, round(agents * recipe.seats_per_agent), recipe.seats_per_object)
    if recipe.edges == "labour":
        made = _labour(rng, recipe, agents, seats, seed)
    else:
        made = _random(rng, recipe, agents, seats, seed)
    if recipe.worth is None:
        return made
    worth = recipe.worth(made.indices, made.utility, objects)
    return Instance(made.indptr, made.indices, worth, seats, made.agent_region, made.agent_occupation,
                    made.object_region, made.object_occupation)  # fmt: skip


def _seats(rng: np.random.Generator, objects: int, total: int, mean: int) -> npt.NDArray[np.int32]:
    """Seats ≥ 1 that add up to `total` (or to one each): many small postings, few large ones."""
    if mean == 1:
        return np.ones(objects, np.int32)
    seats = np.maximum(1, np.round(rng.lognormal(np.log(mean) - 0.32, 0.8, objects))).astype(np.int64)
    while missing := max(total, objects) - int(seats.sum()):
        open_ = np.flatnonzero(seats > 1) if missing < 0 else np.arange(objects)
        chosen = rng.choice(open_, min(abs(missing), len(open_)), replace=False)
        seats[chosen] += np.sign(missing)
    return seats.astype(np.int32)


def _labour(rng: np.random.Generator, recipe: Family, agents: int, seats: npt.NDArray[np.int32], seed: int) -> Instance:
    """Occupations × regions: their number grows with the square root of the market, so blocks grow with it too."""
    objects = len(seats)
    scale = np.sqrt(agents / 1_000_000)
    regions, occupations = max(4, round(50 * scale)), max(4, round(60 * scale))
    at = rng.random((regions, 2))
    distance = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
    distance = (distance / distance.max()).astype(np.float32)
    near = np.argsort(distance, axis=1, kind="stable")[:, : min(8, regions)].astype(np.int16)
    people = rng.dirichlet(np.full(regions, 3.0))
    demand = 0.6 * people + 0.4 * rng.dirichlet(np.ones(regions))  # work is not where people live
    trades = np.arange(1, occupations + 1) ** -0.7
    trades /= trades.sum()
    wanted = 0.7 * trades + 0.3 * rng.permutation(trades)
    region, occupation = _draw(rng, people, agents), _draw(rng, trades, agents)
    least_wage = (100 * np.exp(0.25 * rng.standard_normal(agents, np.float32))).astype(np.float32)
    reach = np.array([1, 2, 4, near.shape[1]], np.int8)[_draw(rng, np.array([0.25, 0.3, 0.3, 0.15]), agents)]
    skill = rng.random((agents, SKILLS), np.float32)
    skill += rng.random((agents, SKILLS), np.float32)
    skill *= np.float32(0.5)
    object_region, object_occupation = _draw(rng, demand, objects), _draw(rng, wanted, objects)
    wage = (100 * np.exp(0.3 + 0.25 * rng.standard_normal(objects))).astype(np.float32)
    need = (0.4 * (rng.random((objects, SKILLS)) + rng.random((objects, SKILLS)))).astype(np.float32)
    cell = object_occupation.astype(np.int64) * regions + object_region
    posting = np.argsort(cell, kind="stable").astype(np.int32)
    block = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=regions * occupations))])
    indices = np.empty(agents * EDGES_PER_AGENT, np.int32)
    utility = np.empty(agents * EDGES_PER_AGENT, np.int16)
    degree = np.empty(agents, np.int8)
    order = np.lexsort((region, occupation)).astype(np.int32)
    shape = (agents, EDGES_PER_AGENT)
    labour_rows(order, region, occupation, least_wage, reach, skill, near, distance, block, posting, wage[posting],
                need[posting], recipe.systematic, LOOKED_AT, seed, indices.reshape(shape), utility.reshape(shape),
                degree)  # fmt: skip
    edges = close_gaps(degree, EDGES_PER_AGENT, indices, utility)
    indices.resize(edges, refcheck=False)  # in place: a copy would double the memory of the largest market
    utility.resize(edges, refcheck=False)
    indptr = np.zeros(agents + 1, np.int64)
    np.cumsum(degree, out=indptr[1:])
    return Instance(indptr, indices, utility, seats, region, occupation, object_region, object_occupation)


def _draw(rng: np.random.Generator, share: npt.NDArray[np.float64], size: int) -> npt.NDArray[np.int16]:
    """Numbers 0..len(share) − 1 with these probabilities."""
    bounds = np.cumsum(share)[:-1].astype(np.float32)
    return np.searchsorted(bounds, rng.random(size, np.float32), side="right").astype(np.int16)


def _random(rng: np.random.Generator, recipe: Family, agents: int, seats: npt.NDArray[np.int32], seed: int) -> Instance:
    objects = len(seats)
    always = np.full(agents, -1, np.int32)
    if recipe.edges == "random with a permutation":
        always = rng.permutation(agents).astype(np.int32)
    degree = min(EDGES_PER_AGENT, objects)
    indices, utility = np.empty((agents, degree), np.int32), np.empty((agents, degree), np.int16)
    random_rows(seed, objects, always, indices, utility)
    nowhere, nothing = np.zeros(agents, np.int16), np.zeros(objects, np.int16)
    indptr = np.arange(agents + 1, dtype=np.int64) * degree
    return Instance(indptr, indices.ravel(), utility.ravel(), seats, nowhere, nowhere, nothing, nothing)
