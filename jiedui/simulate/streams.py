"""随机流: one independent random stream per purpose, so that a change in one table shifts no other.

Every stream is a child of the seed, named by text. The same seed and the same version of NumPy give the same country.
"""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence

from jiedui.errors import JieduiError


@dataclass(frozen=True, slots=True)
class Streams:
    """随机流: the streams of one seed (a whole number ≥ 0)."""

    seed: int

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise JieduiError(f"The seed {self.seed} is negative.", remedy="Give a whole number from 0.")

    def of(self, purpose: str) -> Generator:
        """取流: a generator for one purpose, always from its beginning."""
        return Generator(PCG64(SeedSequence(self.seed, spawn_key=(crc32(purpose.encode()),))))


def pick(rng: Generator, weights: object, size: int) -> np.ndarray:
    """按权抽取: `size` indices drawn with the given weights (they need not sum to 1)."""
    cumulative = np.cumsum(np.asarray(weights, dtype=np.float64))
    drawn = np.searchsorted(cumulative, rng.random(size) * cumulative[-1], side="right")
    return np.minimum(drawn, len(cumulative) - 1)


def pick_by_row(rng: Generator, weights: np.ndarray) -> np.ndarray:
    """逐行抽取: for each row of `weights` (n, k) one of its k columns, with the row's weights."""
    cumulative = np.cumsum(weights, axis=1)
    drawn = rng.random(len(weights)) * cumulative[:, -1]
    return (cumulative <= drawn[:, None]).sum(axis=1).clip(max=weights.shape[1] - 1)
