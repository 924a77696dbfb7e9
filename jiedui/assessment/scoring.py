"""计分: values to points, points to totals, totals to ranks and grades. Arrays in, arrays out; all of it is ours.

The order of steps follows the OECD/JRC handbook on composite indicators: normalise, weigh, aggregate. The text of the
opinion gives none of it. Missing values are NaN and stay out of every mean; they never become 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jiedui.policy.registry import assumes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DECIMALS = 1
"""Scores are printed with one decimal and ranked as printed, so that a rank follows from what a reader sees."""


def min_max(values: ArrayLike, *, higher_is_better: bool = True) -> Floats:
    """极差标准化: 0–100 in proportion between the worst and the best of `values` (one peer class, shape (n,)).

    Where all known values are equal nobody can be told apart: all are NaN, so that the weight is left out for all.
    """
    array = np.asarray(values, dtype=np.float64)
    known = array[~np.isnan(array)]
    if known.size == 0 or known.min() == known.max():
        return np.full_like(array, np.nan)
    points: Floats = (array - known.min()) / (known.max() - known.min()) * 100.0
    return points if higher_is_better else 100.0 - points


def goalposts(values: ArrayLike, *, low: float, high: float, higher_is_better: bool = True) -> Floats:
    """固定标尺: 0–100 in proportion between `low` and `high`, the same for everybody; beyond them 0 or 100."""
    points = np.clip((np.asarray(values, dtype=np.float64) - low) / (high - low), 0.0, 1.0) * 100.0
    return points if higher_is_better else 100.0 - points


def attainment(values: ArrayLike, targets: ArrayLike, *, higher_is_better: bool = True) -> Floats:
    """目标完成: the value over its target in percent, capped at 100; NaN without a target above 0.

    Where lower is better: the target over the value, and 100 for a value of 0.
    """
    value, target = np.asarray(values, dtype=np.float64), np.asarray(targets, dtype=np.float64)
    target = np.where(target > 0, target, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = value / target if higher_is_better else np.where(value == 0, 1.0, target / value)
    return np.where(np.isnan(target) | np.isnan(value), np.nan, np.clip(rate, 0.0, 1.0) * 100.0)


def weighted_mean(scores: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """加权平均: over the last axis, and the part of the weight that had a score (coverage, 0–1).

    Shapes broadcast. Missing scores are left out and the other weights rescaled. NaN where nothing has a score.
    """
    known = ~np.isnan(scores)
    used = np.where(known, weights, 0.0)
    total, whole = used.sum(axis=-1), np.broadcast_to(weights, used.shape).sum(axis=-1)
    mean = np.divide(
        (np.where(known, scores, 0.0) * used).sum(axis=-1), total, out=np.full_like(total, np.nan), where=total > 0
    )
    return mean, np.divide(total, whole, out=np.zeros_like(total), where=whole > 0)


@dataclass(frozen=True, slots=True)
class Totals:
    """总分: for D sets of weights, P pairs and A areas. Points 0–100, NaN = not scored."""

    area: Floats
    """(D, P, A)"""
    total: Floats
    """(D, P)"""
    area_coverage: Floats
    """(D, P, A): part of the area's weight that had a score."""
    total_coverage: Floats
    """(D, P): part of all weight that had a score."""


@assumes("assessment.1", because="文本没有给出权重与汇总方法;采用加权算术平均,缺失指标的权重剔除并说明。")
def aggregate(
    scores: Floats,
    weights: Floats,
    areas: Ints,
    area_weights: Floats,
    *,
    min_coverage: float,
    allowed: tuple[NDArray[Any], NDArray[Any]] | None = None,
) -> Totals:
    """汇总: indicator scores (P, I) to area scores and totals, for weights (D, I) inside areas and (D, A) of areas.

    `areas` (I,) gives each indicator's area. An area or a total is scored when at least `min_coverage` of its weight
    has a score; `allowed` (masks (P, A) and (P,)) replaces that test, so that varied weights score the same units.
    """
    draws, pairs, count = weights.shape[0], scores.shape[0], area_weights.shape[1]
    area, coverage = np.full((draws, pairs, count), np.nan), np.zeros((draws, pairs, count))
    for index in range(count):
        inside = areas == index
        mean, covered = weighted_mean(scores[None, :, inside], weights[:, None, inside])
        area[:, :, index], coverage[:, :, index] = mean, covered
    scored = coverage >= min_coverage if allowed is None else np.broadcast_to(allowed[0], coverage.shape)
    area = np.where(scored, area, np.nan)
    total, _ = weighted_mean(area, area_weights[:, None, :])
    reached = np.where(np.isnan(area), 0.0, coverage)
    total_coverage = (reached * area_weights[:, None, :]).sum(axis=-1) / area_weights.sum(axis=-1)[:, None]
    whole = total_coverage >= min_coverage if allowed is None else np.broadcast_to(allowed[1], total.shape)
    return Totals(area, np.where(whole, total, np.nan), coverage, total_coverage)


def printed(scores: Floats) -> Floats:
    """打印分值: scores as they are printed and ranked, with one decimal and never below 0."""
    return np.maximum(np.round(scores, DECIMALS), 0.0)


def ranks(scores: Floats, classes: Ints) -> Ints:
    """名次: within the peer class, 1 = best, equal scores share the better rank, 0 = not scored.

    `scores` (…, P); `classes` (P,).
    """
    peers = classes[:, None] == classes[None, :]
    better = (scores[..., None, :] > scores[..., :, None]) & peers
    rank = 1 + better.sum(axis=-1)
    return np.where(np.isnan(scores), 0, rank).astype(np.int64)


@assumes("assessment.1", because="文本没有等次;按同类名次划分等次,条件不满足的不得高于规定等次。")
def grades(rank: Ints, classes: Ints, up_to: Floats, *, best_allowed: Ints) -> Ints:
    """等次: index into the scheme's grades (0 = best), −1 where there is no rank or nobody to compare with.

    `rank` (…, P); `up_to` (G,) cumulative shares of the peer class; the first is given to one unit at least.
    `best_allowed` (P,) is the best grade that unmet conditions leave.
    """
    peers = classes[:, None] == classes[None, :]
    size = ((rank > 0)[..., None, :] & peers).sum(axis=-1)
    limits = np.maximum(np.floor(up_to * size[..., None] + 1e-9), 1.0)
    limits[..., -1] = np.inf
    grade = np.maximum((rank[..., None] > limits).sum(axis=-1), best_allowed)
    return np.where((rank > 0) & (size > 1), grade, -1).astype(np.int64)
