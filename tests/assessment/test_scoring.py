"""Normalising, weighing, ranking: against published results and against plain Python."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui.assessment import scoring

ASEM = Path(__file__).parent / "data" / "asem"
NAN = float("nan")
points = st.one_of(st.just(NAN), st.integers(0, 1000).map(lambda tenths: tenths / 10))


def _read(name: str) -> dict[str, dict[str, str]]:
    with (ASEM / name).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {row.get("uCode") or row["iCode"]: row for row in rows}


def _column(rows: dict[str, dict[str, str]], name: str, units: list[str]) -> np.ndarray:
    return np.array([NAN if rows[unit][name] in ("", "NA") else float(rows[unit][name]) for unit in units])


class TestPublishedIndex:
    """ASEM sustainable connectivity, as computed by COINr."""

    def test_min_max_agrees_with_the_published_normalised_values(self) -> None:
        """All 49 indicators of 51 countries agree to 1e-9, missing ones included."""
        raw, expected, meta = _read("ASEM_iData.csv"), _read("A_normalised.csv"), _read("ASEM_iMeta.csv")
        units = sorted(raw)
        indicators = [code for code, row in meta.items() if row["Type"] == "Indicator"]
        assert len(indicators) == 49
        for code in indicators:
            higher = float(meta[code]["Direction"]) > 0
            found = scoring.min_max(_column(raw, code, units), higher_is_better=higher)
            np.testing.assert_allclose(found, _column(expected, code, units), rtol=0, atol=1e-9)

    def test_weighted_means_agree_with_the_published_index(self) -> None:
        """Three levels of weighted means, missing values left out, agree to 1e-9 up to the index."""
        expected, meta = _read("A_amean.csv"), _read("ASEM_iMeta.csv")
        units = sorted(expected)
        known = {code: _column(expected, code, units) for code, row in meta.items() if row["Type"] == "Indicator"}
        for level in ("2.0", "3.0", "4.0"):
            for parent in [code for code, row in meta.items() if row["Level"] == level]:
                children = [code for code, row in meta.items() if row["Parent"] == parent]
                weights = np.array([float(meta[code]["Weight"]) for code in children])
                known[parent], _ = scoring.weighted_mean(np.column_stack([known[code] for code in children]), weights)
                np.testing.assert_allclose(known[parent], _column(expected, parent, units), rtol=0, atol=1e-9)


class TestMinMax:
    """极差标准化."""

    @given(st.lists(st.one_of(st.just(NAN), st.integers(-1000, 1000)), min_size=1, max_size=12), st.booleans())
    def test_best_has_100_and_missing_stays_missing(self, values: list[float], higher: bool) -> None:
        """The best known value has 100, the worst 0; missing is never a number; equal values separate nobody."""
        found = scoring.min_max(values, higher_is_better=higher)
        known = [value for value in values if not math.isnan(value)]
        if len(set(known)) < 2:
            assert all(math.isnan(score) for score in found)
            return
        best, worst = (max(known), min(known)) if higher else (min(known), max(known))
        for value, score in zip(values, found, strict=True):
            assert math.isnan(value) == math.isnan(score)
            if not math.isnan(value):
                assert score == pytest.approx(100 * (value - worst) / (best - worst))


class TestGoalpostsAndTargets:
    """固定标尺与目标完成."""

    def test_goalposts_are_the_same_for_everybody(self) -> None:
        """Half way between low and high is 50; beyond them 0 and 100; lower is better turns it round."""
        assert list(scoring.goalposts([0.7, 1.0, 1.2, 9.0], low=0.8, high=1.2).round(6)) == [0, 50, 100, 100]
        assert list(scoring.goalposts([0.25], low=0, high=1, higher_is_better=False)) == [75.0]

    def test_attainment_is_capped_and_needs_a_target(self) -> None:
        """Half the target is 50, twice the target is 100, no target or a target of 0 is no score."""
        found = scoring.attainment([5, 20, 5, 5, NAN], [10, 10, NAN, 0, 10])
        np.testing.assert_array_equal([50, 100, NAN, NAN, NAN], found)

    def test_attainment_of_what_should_be_low(self) -> None:
        """Twice the allowed number is 50, none at all is 100."""
        np.testing.assert_array_equal(
            [50, 100, 100], scoring.attainment([20, 0, 5], [10, 10, 10], higher_is_better=False)
        )


class TestAggregate:
    """加权汇总."""

    @given(st.data())
    def test_agrees_with_plain_python(self, data: st.DataObject) -> None:
        """Area scores and totals are the means over what is known, where enough of the weight is known."""
        pairs, areas = data.draw(st.integers(1, 4)), data.draw(st.lists(st.integers(0, 2), min_size=1, max_size=6))
        weight = st.integers(0, 5).map(float)
        scores = [[data.draw(points) for _ in areas] for _ in range(pairs)]
        weights = [data.draw(weight) for _ in areas]
        area_weights = [data.draw(st.integers(1, 5)) for _ in range(3)]
        found = scoring.aggregate(
            np.array(scores),
            np.array([weights]),
            np.array(areas),
            np.array([area_weights], dtype=float),
            min_coverage=0.5,
        )
        for row in range(pairs):
            by_area = [_mean(scores[row], weights, areas, area) for area in range(3)]
            np.testing.assert_allclose(found.area[0, row], by_area)
            known = [(area_weights[area], score) for area, score in enumerate(by_area) if not math.isnan(score)]
            reached = sum(
                area_weights[area] * _coverage(scores[row], weights, areas, area)
                for area in range(3)
                if not math.isnan(by_area[area])
            )
            expected = sum(w * s for w, s in known) / sum(w for w, _ in known) if known else NAN
            expected = expected if known and reached / sum(area_weights) >= 0.5 else NAN
            np.testing.assert_allclose(found.total[0, row], expected)

    def test_missing_is_not_zero(self) -> None:
        """A pair without one indicator has the score of the others, not a lower one."""
        scores = np.array([[80.0, NAN], [80.0, 0.0]])
        found = scoring.aggregate(scores, np.array([[0.5, 0.5]]), np.array([0, 0]), np.array([[1.0]]), min_coverage=0.5)
        assert list(found.total[0]) == [80.0, 40.0]
        assert list(found.area_coverage[0, :, 0]) == [0.5, 1.0]


def _coverage(scores: list[float], weights: list[float], areas: list[int], area: int) -> float:
    inside = [(w, s) for s, w, a in zip(scores, weights, areas, strict=True) if a == area]
    whole = sum(w for w, _ in inside)
    return sum(w for w, s in inside if not math.isnan(s)) / whole if whole else 0.0


def _mean(scores: list[float], weights: list[float], areas: list[int], area: int) -> float:
    if _coverage(scores, weights, areas, area) < 0.5:
        return NAN
    inside = [(w, s) for s, w, a in zip(scores, weights, areas, strict=True) if a == area and not math.isnan(s)]
    return sum(w * s for w, s in inside) / sum(w for w, _ in inside)


class TestRanksAndGrades:
    """名次与等次."""

    @given(st.lists(st.tuples(points, st.integers(0, 2)), min_size=1, max_size=12))
    def test_ranks_agree_with_plain_python(self, units: list[tuple[float, int]]) -> None:
        """A rank is one more than the number of better peers; who has no score has no rank."""
        scores, classes = np.array([score for score, _ in units]), np.array([group for _, group in units])
        expected = [
            0 if math.isnan(score) else 1 + sum(other > score for other, peers in units if peers == group)
            for score, group in units
        ]
        assert expected == list(scoring.ranks(scores, classes))

    def test_grades_follow_the_shares_of_the_class(self) -> None:
        """Of ten, three are good, five fairly good, two fair."""
        rank = np.arange(1, 11)
        found = scoring.grades(
            rank, np.zeros(10, dtype=int), np.array([0.3, 0.8, 1.0]), best_allowed=np.zeros(10, dtype=int)
        )
        assert list(found) == [0, 0, 0, 1, 1, 1, 1, 1, 2, 2]

    def test_a_bar_holds_the_first_down_and_nobody_alone_is_graded(self) -> None:
        """The first of two with an unmet condition is fairly good; a class of one has no grade; no rank, no grade."""
        rank, classes = np.array([1, 2, 1, 0]), np.array([0, 0, 1, 0])
        found = scoring.grades(rank, classes, np.array([0.3, 0.8, 1.0]), best_allowed=np.array([1, 0, 0, 0]))
        assert list(found) == [1, 2, -1, -1]

    def test_printed_scores_have_one_decimal_and_are_never_negative(self) -> None:
        """A deduction below zero prints 0; two decimals become one."""
        assert list(scoring.printed(np.array([-3.0, 66.66]))) == [0.0, 66.7]
