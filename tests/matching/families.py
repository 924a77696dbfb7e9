"""DIMACS assignment families, made anew by recipe: n agents, n objects, a whole cost per edge, to be made small.

The classes of the First DIMACS Implementation Challenge (1990–91) as Goldberg and Kennedy describe them ("An efficient
cost scaling algorithm for the assignment problem", 1995). One thing is added to the sparse classes: a hidden
permutation, so that a perfect assignment exists at these small sizes too.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Int64 = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Costs:
    """Edges by agent, then object, each pair at most once: agent, object, cost, (edges,) int64 each."""

    size: int
    agent: Int64
    object_: Int64
    cost: Int64


def _sparse(rng: np.random.Generator, size: int, degree: int) -> tuple[Int64, Int64]:
    """`degree` objects for each agent at random, and a permutation; doubles fall together."""
    hidden = rng.permutation(size)
    agent = np.repeat(np.arange(size), degree)
    object_ = rng.integers(0, size, size * degree)
    key = np.unique(np.concatenate([agent * size + object_, np.arange(size) * size + hidden]))
    return key // size, key % size


def _logarithmic(rng: np.random.Generator, size: int) -> tuple[Int64, Int64]:
    return _sparse(rng, size, 2 * math.ceil(math.log2(2 * size)))


def _complete(size: int) -> tuple[Int64, Int64]:
    return np.repeat(np.arange(size), size), np.tile(np.arange(size), size)


def high_cost(rng: np.random.Generator, size: int) -> Costs:
    """Few edges (2 log₂ of the nodes), costs up to 10⁸."""
    agent, object_ = _logarithmic(rng, size)
    return Costs(size, agent, object_, rng.integers(0, 10**8 + 1, len(agent)))


def low_cost(rng: np.random.Generator, size: int) -> Costs:
    """The same edges, costs up to 100: many ties."""
    agent, object_ = _logarithmic(rng, size)
    return Costs(size, agent, object_, rng.integers(0, 101, len(agent)))


def two_cost(rng: np.random.Generator, size: int) -> Costs:
    """The same edges, each costs 100 or 10⁸: in effect, as many cheap ones as can be."""
    agent, object_ = _logarithmic(rng, size)
    return Costs(size, agent, object_, rng.choice([100, 10**8], len(agent)))


def fixed_cost(rng: np.random.Generator, size: int) -> Costs:
    """A sixteenth of the nodes as degree; the edge of the i-th agent and the j-th object costs 100·i·j."""
    agent, object_ = _sparse(rng, size, max(2, size // 8))
    return Costs(size, agent, object_, 100 * (agent + 1) * (object_ + 1))


def dense(rng: np.random.Generator, size: int) -> Costs:
    """Every edge, costs up to 10⁷."""
    agent, object_ = _complete(size)
    return Costs(size, agent, object_, rng.integers(0, 10**7 + 1, len(agent)))


def geometric(rng: np.random.Generator, size: int) -> Costs:
    """Every edge, points in a square with side 10⁶, the cost is the distance rounded down."""
    agent, object_ = _complete(size)
    here, there = rng.integers(0, 10**6 + 1, (size, 2)), rng.integers(0, 10**6 + 1, (size, 2))
    apart = np.hypot(*(here[agent] - there[object_]).T)
    return Costs(size, agent, object_, np.floor(apart).astype(np.int64))


FAMILIES: dict[str, Callable[[np.random.Generator, int], Costs]] = {
    "high cost": high_cost,
    "low cost": low_cost,
    "two cost": two_cost,
    "fixed cost": fixed_cost,
    "dense": dense,
    "geometric": geometric,
}
