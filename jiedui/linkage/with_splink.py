"""Splink: the weights are trained with it, and it can score in place of our own engine (extra `[linkage]`).

The only file that imports Splink. It reads the same features, the same blocking keys and the same conditions.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date
from importlib.util import find_spec
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jiedui.errors import EnvironmentProblem
from jiedui.linkage.blocking import RULES
from jiedui.linkage.comparisons import PERSON, TWIN, WEIGHED, Comparison, suffixed
from jiedui.linkage.levels import UNKNOWN
from jiedui.linkage.scoring import codes, in_memory
from jiedui.linkage.weights import Weights

Rows = NDArray[np.int32]
_HALF: Final = 0.5
"""Pairs added to the count of each level (Jeffreys), so that what was never seen is rare and not impossible."""
_NEVER_SEEN: Final = 1e-12
"""What Splink begins with; it leaves it where a level occurs in no pair."""
_LEAST: Final = 1e-3


def scored(features: pa.Table, weights: Weights, threshold: float) -> tuple[Rows, Rows, NDArray[np.float64]]:
    """评分: (left, right, probability) of the pairs at or above the threshold, by Splink's `predict`.

    Raises `EnvironmentProblem` where Splink is not installed.
    """
    with in_memory() as connection:
        linker = _linker(connection, features, weights.prior, weights.shares)
        found = linker.inference.predict(threshold_match_probability=threshold or None, warning_mode="never")
        answer = connection.sql(
            f"SELECT row_l, row_r, match_probability FROM {found.physical_name} ORDER BY row_l, row_r"
        ).to_arrow_table()
    left, right, probability = (answer[i].to_numpy() for i in range(3))
    return left.astype(np.int32), right.astype(np.int32), probability


def train(features: pa.Table, matches: tuple[Rows, Rows], others: tuple[Rows, Rows], source: str, on: date) -> Weights:
    """训练: weights from candidate pairs that are known to be one person (`matches`) and known not to be (`others`).

    Splink estimates the share of each level among labelled pairs, once for either set; the shares are smoothed.
    """
    m, u = (_level_shares(features, pairs) for pairs in (matches, others))
    compared = [codes(features, *pairs, WEIGHED) for pairs in (matches, others)]
    shares = {}
    for c in WEIGHED:
        one, other = (int((found[c.name] != UNKNOWN).sum()) for found in compared)
        shares[c.name] = {
            code: (_smooth_match(m[c.name], code, one, c), _smooth_other(u[c.name], code, other)) for code in c.codes
        }
    return Weights(on, source, len(matches[0]) / (len(matches[0]) + len(others[0])), shares)


def _level_shares(features: pa.Table, pairs: tuple[Rows, Rows]) -> dict[str, dict[int, float]]:
    flat = {c.name: dict.fromkeys(c.codes, (_NEVER_SEEN, _NEVER_SEEN)) for c in WEIGHED}
    with in_memory() as connection:
        linker = _linker(connection, features, 0.5, flat)
        labels = pa.table({"row_l": pairs[0].astype(np.int64), "row_r": pairs[1].astype(np.int64)})
        connection.register("labelled", labels)
        linker.training.estimate_m_from_pairwise_labels("labelled")
        trained = linker.misc.save_model_to_json()
    found: dict[str, dict[int, float]] = {}
    for comparison, described in zip(WEIGHED, trained["comparisons"], strict=True):
        levels = [level for level in described["comparison_levels"] if not level.get("is_null_level")]
        found[comparison.name] = {
            code: level["m_probability"] for code, level in zip(comparison.codes, levels, strict=True)
        }
    return found


def _smooth_other(shares: Mapping[int, float], code: int, pairs: int) -> float:
    return (shares[code] * pairs + _HALF) / (pairs + _HALF * len(shares))


def _smooth_match(shares: Mapping[int, float], code: int, pairs: int, comparison: Comparison) -> float:
    """With one pair more, spread over the cells as name and circle would be if they did not depend on each other.

    A cell that neither set has ever shown then speaks against the pair.
    """
    expected = 1 / len(shares)
    if comparison in (PERSON, TWIN):
        name = sum(share for other, share in shares.items() if other // 10 == code // 10)
        circle = sum(share for other, share in shares.items() if other % 10 == code % 10)
        expected = max(name * circle, _LEAST)
    return (shares[code] * pairs + expected) / (pairs + 1)


def _linker(connection: duckdb.DuckDBPyConnection, features: pa.Table, prior: float, shares: Any) -> Any:
    if find_spec("splink") is None:
        raise EnvironmentProblem(
            "Splink is not installed.", remedy='Install the extra [linkage], or take engine="duckdb".'
        )
    from splink import DuckDBAPI, Linker, SettingsCreator
    from splink.blocking_rule_library import CustomRule

    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="row",
        probability_two_random_records_match=prior,
        comparisons=[_comparison(comparison, shares[comparison.name]) for comparison in WEIGHED],
        blocking_rules_to_generate_predictions=[CustomRule(f"l.block{i + 1} = r.block{i + 1}") for i in range(RULES)],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )
    api = DuckDBAPI(connection=connection)
    linker = Linker(api.register(features), settings)
    logging.getLogger("splink").setLevel(logging.ERROR)  # the linker sets it anew
    return linker


def _comparison(comparison: Comparison, shares: Mapping[int, tuple[float, float]]) -> dict[str, Any]:
    never = {"sql_condition": suffixed(comparison.unknown or "FALSE"), "is_null_level": True}
    conditions = [*comparison.levels, (comparison.otherwise, "ELSE")]
    levels = [
        {
            "sql_condition": suffixed(condition),
            "label_for_charts": str(code),
            "m_probability": shares[code][0],
            "u_probability": shares[code][1],
        }
        for code, condition in conditions
    ]
    return {"output_column_name": comparison.name, "comparison_levels": [never, *levels]}
