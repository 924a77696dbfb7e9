"""How often ranks and grades change when the weights that we chose are varied."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from jiedui.assessment import sensitivity
from jiedui.assessment.scheme import Sensitivity
from jiedui.assessment.sensitivity import SideScores

HOW = Sensitivity(draws=60, spread=0.2, interval=0.9, seed=7, basis="ours")


def _side(scores: list[list[float]], *, deductions: list[float] | None = None) -> SideScores:
    pairs, count = len(scores), len(scores[0])
    return SideScores(
        scores=np.array(scores),
        weights=np.full(count, 1.0),
        areas=np.arange(count) % 2,
        area_weights=np.array([0.6, 0.4]),
        deductions=np.array(deductions or [0.0] * pairs),
        classes=np.zeros(pairs, dtype=int),
        up_to=np.array([0.3, 0.8, 1.0]),
        best_allowed=np.zeros(pairs, dtype=int),
        min_coverage=0.5,
    )


def _run(side: SideScores, how: Sensitivity = HOW) -> tuple[sensitivity.Standing, sensitivity.Spread]:
    printed = sensitivity.standing(side, side.weights[None, :], side.area_weights[None, :])
    return printed, sensitivity.vary(side, printed, how, stream=0)


def test_who_is_best_in_everything_stays_first() -> None:
    """No weights can take the first rank from a pair that is better everywhere."""
    _, spread = _run(_side([[90.0, 90.0, 90.0], [50.0, 60.0, 70.0], [10.0, 20.0, 30.0]]))
    assert [1, 2, 3] == list(spread.rank_best) == list(spread.rank_worst)
    assert list(spread.rank_changed) == [0.0, 0.0, 0.0]


def test_a_close_race_is_seen() -> None:
    """Two pairs that differ only by which area is weighed change places in some draws."""
    _, spread = _run(_side([[100.0, 0.0], [0.0, 100.0], [61.0, 59.0], [59.0, 61.0]]))
    assert spread.rank_changed.max() > 0
    assert (spread.score_low < spread.score_high)[:2].all()


def test_same_seed_same_answer_other_seed_another() -> None:
    """The draws depend on the seed and on nothing else."""
    side = _side([[100.0, 0.0], [0.0, 90.0], [40.0, 60.0]])
    first, second = _run(side)[1], _run(side)[1]
    np.testing.assert_array_equal(first.score_low, second.score_low)
    other = _run(side, Sensitivity(draws=60, spread=0.2, interval=0.9, seed=8, basis="ours"))[1]
    assert (first.score_low != other.score_low).any()


def test_a_pair_without_a_score_stays_without() -> None:
    """Varied weights do not give a rank to a pair that has none."""
    printed, spread = _run(_side([[float("nan")] * 2, [50.0, 60.0], [10.0, 20.0]]))
    assert 0 == printed.rank[0, 0] == spread.rank_best[0] == spread.rank_worst[0]


@settings(max_examples=25)
@given(st.lists(st.lists(st.integers(0, 100).map(float), min_size=3, max_size=3), min_size=2, max_size=5))
def test_vectorised_draws_agree_with_one_by_one(scores: list[list[float]]) -> None:
    """Computing all draws at once gives the ranks of computing them one after the other."""
    side = _side(scores)
    printed, spread = _run(side)
    generator = np.random.default_rng([HOW.seed, 0])
    factors = generator.uniform(0.8, 1.2, size=(HOW.draws, side.weights.size + 2))
    ranks = []
    for factor in factors:
        weights, areas = side.weights * factor[: side.weights.size], side.area_weights * factor[side.weights.size :]
        ranks.append(sensitivity.standing(side, weights[None, :], areas[None, :]).rank[0])
    np.testing.assert_array_equal(np.min(ranks, axis=0), spread.rank_best)
    np.testing.assert_array_equal(np.max(ranks, axis=0), spread.rank_worst)
    np.testing.assert_allclose((np.array(ranks) != printed.rank[0]).mean(axis=0), spread.rank_changed)
