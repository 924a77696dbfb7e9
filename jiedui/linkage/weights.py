"""权重: how much a level of agreement says, as Fellegi and Sunter (1969) weigh it.

`m` is the share of a level among pairs that are one person, `u` among candidate pairs that are not; the weight is
log2(m / u), and weights add up to the logarithm of the odds, with `prior`, the share of one-person pairs among the
candidates. They are published in `data/weights.toml`, with their date and what they were trained on.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from jiedui.errors import JieduiError
from jiedui.linkage.comparisons import WEIGHED
from jiedui.linkage.levels import UNKNOWN

_BELIEF: Final = 100
"""Candidate pairs that the published prior counts for."""
_ROUNDS: Final = 1000
_STILL: Final = 1e-12
_TINY: Final = 1e-300
Shares = Mapping[str, Mapping[int, tuple[float, float]]]


@dataclass(frozen=True, slots=True)
class Weights:
    """权重表: `shares[comparison][code]` is (m, u); `prior` in (0, 1); `on` and `source` say where they come from."""

    on: date
    source: str
    prior: float
    shares: Shares

    def bits(self, comparison: str, codes: NDArray[np.int8]) -> NDArray[np.float64]:
        """得分: log2(m / u) of each code; what is not compared weighs 0."""
        table = np.zeros(128)
        for code, (m, u) in self.shares[comparison].items():
            table[code] = np.log2(m / u)
        return np.where(codes == UNKNOWN, 0.0, table[np.maximum(codes, 0)])

    def probability(self, codes: Mapping[str, NDArray[np.int8]]) -> NDArray[np.float64]:
        """概率: that each pair is one person, from the codes of all weighed comparisons, (n,) each."""
        total = np.log2(self.prior / (1 - self.prior))
        for comparison in WEIGHED:
            total = total + self.bits(comparison.name, codes[comparison.name])
        odds: NDArray[np.float64] = 1.0 / (1.0 + np.exp2(-total))
        return odds

    def fitted(self, codes: Mapping[str, NDArray[np.int8]]) -> Weights:
        """适配先验: the same weights with the share of one-person pairs that these candidates show.

        A register in which few stand twice must be judged more strictly than the one of training. The share is the
        mean of the pairs' probabilities under itself (expectation–maximisation of one parameter), with `_BELIEF`
        pairs of the published share beside them, which decide where there are few candidates.
        """
        odds = self.probability(codes)
        odds = odds / np.maximum(1 - odds, _TINY) * (1 - self.prior) / self.prior
        share = self.prior
        for _ in range(_ROUNDS):
            held = odds * share / (1 - share)
            found = (float((held / (1 + held)).sum()) + _BELIEF * self.prior) / (len(odds) + _BELIEF)
            share, before = found, share
            if abs(share - before) < _STILL:
                break
        return replace(self, prior=share)


@cache
def published() -> Weights:
    """公布的权重: those of `data/weights.toml`."""
    return parse(files("jiedui.linkage").joinpath("data", "weights.toml").read_text(encoding="utf-8"))


def parse(text: str) -> Weights:
    """解析: the weights in a TOML text. Raises `JieduiError` for a level without (m, u) or one that cannot be."""
    held = tomllib.loads(text)
    shares = {c.name: {code: _shares(held, c.name, code) for code in c.codes} for c in WEIGHED}
    if not 0 < held["prior"] < 1:
        raise _wrong(f"prior {held['prior']} does not lie between 0 and 1")
    return Weights(held["on"], held["source"], held["prior"], shares)


def write(weights: Weights) -> str:
    """写出: the TOML text that `parse` reads back."""
    lines = [
        "# 重复识别的权重: [m, u] of each level, as levels.py numbers them; `person` is 10 x name + circle.",
        "# Ours, trained on synthetic damage: nothing official, nothing measured on real registers.",
        f"on = {weights.on.isoformat()}",
        f'source = "{weights.source}"',
        f"prior = {weights.prior!r}",
    ]
    for comparison, levels in weights.shares.items():
        lines += ["", f"[{comparison}]", *(f"{code} = [{m!r}, {u!r}]" for code, (m, u) in levels.items())]
    return "\n".join(lines) + "\n"


def _shares(held: Mapping[str, Any], comparison: str, code: int) -> tuple[float, float]:
    found = held.get(comparison, {}).get(str(code))
    if found is None or len(found) != 2 or not all(0 < share <= 1 for share in found):
        raise _wrong(f"level {code} of {comparison} needs two shares above 0 and up to 1")
    return float(found[0]), float(found[1])


def _wrong(what: str) -> JieduiError:
    return JieduiError(f"Weights of duplicates: {what}.", remedy="Train them again: python -m bench.linkage.train.")
