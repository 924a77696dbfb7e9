"""敏感性: how much ranks and grades hang on the weights that we chose.

All weights, of areas and of indicators inside them, are varied together; the ranks of each draw are compared with the
printed ones (OECD/JRC handbook, step 7; Saisana, Saltelli and Tarantola 2005). Seeded: the same scheme and values
give the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jiedui.assessment import scoring
from jiedui.assessment.scheme import Sensitivity
from jiedui.assessment.scoring import Floats, Ints


@dataclass(frozen=True, slots=True)
class SideScores:
    """计分输入: one side's scores and weights. P pairs, I indicators, A areas, G grades."""

    scores: Floats
    """(P, I) points, NaN = missing."""
    weights: Floats
    """(I,) inside the areas."""
    areas: Ints
    """(I,)"""
    area_weights: Floats
    """(A,)"""
    deductions: Floats
    """(P,) points."""
    classes: Ints
    """(P,)"""
    up_to: Floats
    """(G,)"""
    best_allowed: Ints
    """(P,)"""
    min_coverage: float


@dataclass(frozen=True, slots=True)
class Standing:
    """排名结果: totals after deductions, ranks and grades, (D, P) each, with the totals they come from."""

    totals: scoring.Totals
    score: Floats
    rank: Ints
    grade: Ints


@dataclass(frozen=True, slots=True)
class Spread:
    """敏感性结果: per pair (P,), over all draws; NaN or 0 where the pair has no rank."""

    rank_low: Floats
    rank_high: Floats
    rank_best: Ints
    rank_worst: Ints
    rank_changed: Floats
    grade_changed: Floats
    score_low: Floats
    score_high: Floats


def standing(
    side: SideScores, weights: Floats, area_weights: Floats, *, like: scoring.Totals | None = None
) -> Standing:
    """排名: for weights (D, I) and (D, A). `like` holds the units that may be scored to those of another result."""
    allowed = None if like is None else (~np.isnan(like.area[0]), ~np.isnan(like.total[0]))
    totals = scoring.aggregate(
        side.scores, weights, side.areas, area_weights, min_coverage=side.min_coverage, allowed=allowed
    )
    score = scoring.printed(totals.total - side.deductions)
    rank = scoring.ranks(score, side.classes)
    return Standing(totals, score, rank, scoring.grades(rank, side.classes, side.up_to, best_allowed=side.best_allowed))


def vary(side: SideScores, printed: Standing, how: Sensitivity, *, stream: int) -> Spread:
    """敏感性: draw `how.draws` sets of weights and compare with the `printed` standing (its first row).

    `stream` keeps the draws of the two sides apart.
    """
    generator = np.random.default_rng([how.seed, stream])
    factors = generator.uniform(
        1.0 - how.spread, 1.0 + how.spread, size=(how.draws, side.weights.size + side.area_weights.size)
    )
    weights = side.weights * factors[:, : side.weights.size]
    area_weights = side.area_weights * factors[:, side.weights.size :]
    drawn = standing(side, weights, area_weights, like=printed.totals)
    tail = (1.0 - how.interval) / 2.0
    rank_low, rank_high = np.quantile(drawn.rank, [tail, 1.0 - tail], axis=0, method="nearest")
    score_low, score_high = np.quantile(drawn.score, [tail, 1.0 - tail], axis=0)
    return Spread(
        rank_low=rank_low,
        rank_high=rank_high,
        rank_best=drawn.rank.min(axis=0),
        rank_worst=drawn.rank.max(axis=0),
        rank_changed=(drawn.rank != printed.rank).mean(axis=0),
        grade_changed=(drawn.grade != printed.grade).mean(axis=0),
        score_low=score_low,
        score_high=score_high,
    )
