"""评定: from values to points, conditions, totals, ranks, grades and their sensitivity, for both sides of all pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from jiedui.assessment import scoring, sensitivity
from jiedui.assessment.header import Indicator, Side
from jiedui.assessment.outcome import SCHEMAS
from jiedui.assessment.scheme import Condition, PeerClass, Scheme
from jiedui.assessment.scoring import Floats
from jiedui.assessment.sensitivity import SideScores, Standing
from jiedui.assessment.values import Value
from jiedui.terms.pairs import Pairing

Values = Mapping[str, Mapping[int, Value]]
"""indicator → pair → value"""
Previous = Mapping[str, Mapping[int, float | None]]
Targets = Mapping[tuple[int, str], float]

OUTCOMES = {"met": "满足", "unmet": "未满足", "undecided": "缺数据，无法判定"}


@dataclass(frozen=True, slots=True)
class Ranking:
    """评定结果: tables of scores, conditions and sensitivity, and points by (indicator, pair)."""

    points: Mapping[tuple[str, int], float | None]
    scores: pa.Table
    conditions: pa.Table
    sensitivity: pa.Table


@dataclass(frozen=True, slots=True)
class Verdict:
    """条件判定: one condition for one pair."""

    pairing_id: int
    condition: Condition
    outcome: str


def rank(scheme: Scheme, pairings: Sequence[Pairing], values: Values, previous: Previous, targets: Targets) -> Ranking:
    """评定: both sides of all pairs."""
    points: dict[tuple[str, int], float | None] = {}
    scores, conditions, spreads = [], [], []
    for stream, side in enumerate(("donor", "recipient")):
        peers = peers_of(scheme, side, pairings)
        indicators = [item for item in scheme.indicators if item.side == side]
        matrix = np.column_stack([_points(scheme, item, pairings, peers, values, targets) for item in indicators])
        for column, item in enumerate(indicators):
            for row, pairing in enumerate(pairings):
                points[item.id, pairing.pairing_id] = _number(matrix[row, column])
        verdicts = judge(scheme, side, pairings, values, previous)
        sheet = _sheet(scheme, indicators, matrix, pairings, peers, verdicts)
        printed = sensitivity.standing(sheet, sheet.weights[None, :], sheet.area_weights[None, :])
        spread = sensitivity.vary(sheet, printed, scheme.sensitivity, stream=stream)
        scores += _score_rows(scheme, side, indicators, pairings, peers, sheet, printed)
        conditions += [_condition_row(side, verdict) for verdict in verdicts]
        spreads += _spread_rows(scheme, side, pairings, printed, spread)
    return Ranking(
        points,
        pa.Table.from_pylist(scores, schema=SCHEMAS["scores"]),
        pa.Table.from_pylist(conditions, schema=SCHEMAS["conditions"]),
        pa.Table.from_pylist(spreads, schema=SCHEMAS["sensitivity"]),
    )


def peers_of(scheme: Scheme, side: str, pairings: Sequence[Pairing]) -> list[PeerClass]:
    """同类: the peer class of each pair on one side, by the pair's level."""
    classes = [peer for peer in scheme.peer_classes if peer.side == side]
    return [next(peer for peer in classes if pairing.level in peer.levels) for pairing in pairings]


def judge(scheme: Scheme, side: str, pairings: Sequence[Pairing], values: Values, previous: Previous) -> list[Verdict]:
    """条件判定: every condition of one side for every pair; undecided where a value that it needs is missing."""
    verdicts = []
    for condition in scheme.conditions:
        if condition.side != side:
            continue
        for pairing in pairings:
            now = values[condition.indicator][pairing.pairing_id].value
            last = previous[condition.indicator].get(pairing.pairing_id)
            verdicts.append(Verdict(pairing.pairing_id, condition, _outcome(condition, now, last)))
    return verdicts


def _outcome(condition: Condition, now: float | None, last: float | None) -> str:
    bound = last if condition.test.endswith("than_previous") else condition.limit
    if now is None or bound is None:
        return "undecided"
    least = condition.test in ("not_less_than_previous", "at_least")
    return "met" if (now >= bound if least else now <= bound) else "unmet"


def _points(
    scheme: Scheme,
    indicator: Indicator,
    pairings: Sequence[Pairing],
    peers: Sequence[PeerClass],
    values: Values,
    targets: Targets,
) -> Floats:
    """Points 0–100 of one indicator for all pairs; NaN where there is no value, no weight or nothing to compare."""
    weighting = scheme.weights[indicator.id]
    keys = [pairing.pairing_id for pairing in pairings]
    raw = np.array([_float(values[indicator.id][key].value) for key in keys])
    higher = indicator.direction == "higher"
    if weighting.weight == 0:
        return np.full_like(raw, np.nan)
    if weighting.method == "attainment":
        aims = np.array([_float(targets.get((key, indicator.id))) for key in keys])
        return scoring.attainment(raw, aims, higher_is_better=higher)
    if weighting.per:
        size = np.array([_float(values[weighting.per][key].denominator) for key in keys])
        raw = raw / np.where(size > 0, size, np.nan)
    if weighting.method == "goalposts":
        return scoring.goalposts(raw, low=weighting.low, high=weighting.high, higher_is_better=higher)
    points = np.full_like(raw, np.nan)
    for peer in {peer.id for peer in peers}:
        inside = np.array([item.id == peer for item in peers])
        points[inside] = scoring.min_max(raw[inside], higher_is_better=higher)
    return points


def _sheet(
    scheme: Scheme,
    indicators: Sequence[Indicator],
    matrix: Floats,
    pairings: Sequence[Pairing],
    peers: Sequence[PeerClass],
    verdicts: Sequence[Verdict],
) -> SideScores:
    """One side's scores and weights as arrays."""
    areas = [area.id for area in scheme.areas]
    classes = sorted({peer.id for peer in peers})
    grades = [grade.id for grade in scheme.grades]
    deductions, best = np.zeros(len(pairings)), np.zeros(len(pairings), dtype=np.int64)
    row_of = {pairing.pairing_id: row for row, pairing in enumerate(pairings)}
    for verdict in verdicts:
        if verdict.outcome == "unmet":
            row = row_of[verdict.pairing_id]
            deductions[row] += verdict.condition.points
            if verdict.condition.at_best:
                best[row] = max(best[row], grades.index(verdict.condition.at_best))
    return SideScores(
        scores=matrix,
        weights=np.array([scheme.weights[item.id].weight for item in indicators]),
        areas=np.array([areas.index(item.area) for item in indicators]),
        area_weights=np.array([area.weight for area in scheme.areas]),
        deductions=np.minimum(deductions, scheme.max_deduction),
        classes=np.array([classes.index(peer.id) for peer in peers]),
        up_to=np.array([grade.up_to for grade in scheme.grades]),
        best_allowed=best,
        min_coverage=scheme.min_coverage,
    )


def _score_rows(
    scheme: Scheme,
    side: Side | str,
    indicators: Sequence[Indicator],
    pairings: Sequence[Pairing],
    peers: Sequence[PeerClass],
    sheet: SideScores,
    printed: Standing,
) -> list[dict[str, Any]]:
    """A row per pair and area, and one with area "" for the total."""
    rows = []
    area_scores = scoring.printed(printed.totals.area[0])
    area_ranks = scoring.ranks(area_scores.T, sheet.classes).T
    for row, pairing in enumerate(pairings):
        same = sheet.classes == sheet.classes[row]
        known = {
            "pairing_id": pairing.pairing_id,
            "side": side,
            "peer_class": peers[row].id,
            "grade": "",
            "grade_zh": "",
        }
        for index, area in enumerate(scheme.areas):
            lacking = [
                item.id
                for column, item in enumerate(indicators)
                if item.area == area.id and sheet.weights[column] > 0 and np.isnan(sheet.scores[row, column])
            ]
            rows.append(
                known
                | {
                    "area": area.id,
                    "score": _number(area_scores[row, index]),
                    "weight": area.weight,
                    "weight_missing": round(1.0 - float(printed.totals.area_coverage[0, row, index]), 6),
                    "missing": ", ".join(lacking),
                    "rank": int(area_ranks[row, index]) or None,
                    "peers": int((area_ranks[same, index] > 0).sum()),
                }
            )
        grade = int(printed.grade[0, row])
        without = [area.id for index, area in enumerate(scheme.areas) if np.isnan(area_scores[row, index])]
        rows.append(
            known
            | {
                "area": "",
                "score": _number(printed.score[0, row]),
                "deduction": float(sheet.deductions[row]),
                "weight": 1.0,
                "weight_missing": round(1.0 - float(printed.totals.total_coverage[0, row]), 6),
                "missing": ", ".join(without),
                "rank": int(printed.rank[0, row]) or None,
                "peers": int((printed.rank[0, same] > 0).sum()),
                "grade": scheme.grades[grade].id if grade >= 0 else "",
                "grade_zh": scheme.grades[grade].name_zh if grade >= 0 else "",
            }
        )
    return rows


def _condition_row(side: str, verdict: Verdict) -> dict[str, Any]:
    condition = verdict.condition
    unmet = verdict.outcome == "unmet"
    return {
        "pairing_id": verdict.pairing_id,
        "side": side,
        "condition": condition.id,
        "indicator": condition.indicator,
        "outcome": verdict.outcome,
        "points": condition.points if unmet else 0.0,
        "at_best": condition.at_best if unmet else "",
        "text_zh": f"{condition.name_zh}：{OUTCOMES[verdict.outcome]}",
    }


def _spread_rows(
    scheme: Scheme, side: str, pairings: Sequence[Pairing], printed: Standing, spread: sensitivity.Spread
) -> list[dict[str, Any]]:
    """A row per pair that has a rank."""
    how = scheme.sensitivity
    return [
        {
            "pairing_id": pairing.pairing_id,
            "side": side,
            "rank": int(printed.rank[0, row]),
            "rank_low": int(spread.rank_low[row]),
            "rank_high": int(spread.rank_high[row]),
            "rank_best": int(spread.rank_best[row]),
            "rank_worst": int(spread.rank_worst[row]),
            "rank_changed": float(spread.rank_changed[row]),
            "grade_changed": float(spread.grade_changed[row]),
            "score_low": float(spread.score_low[row]),
            "score_high": float(spread.score_high[row]),
            "draws": how.draws,
            "spread": how.spread,
            "seed": how.seed,
        }
        for row, pairing in enumerate(pairings)
        if printed.rank[0, row] > 0
    ]


def _float(value: float | None) -> float:
    return np.nan if value is None else value


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
