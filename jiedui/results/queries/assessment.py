"""考核结果: scores and values of a run, as the matrix, the pair's page and the indicator's page need them."""

from __future__ import annotations

from jiedui.results.models import IndicatorDefinition, IndicatorValue, PairScore, Run

ScoreKey = tuple[int, str, str]
"""(pairing_id, side, area); area "" is the total."""


def scores(run: Run) -> dict[ScoreKey, PairScore]:
    """得分: all scores of a run by pair, side and area."""
    rows = PairScore.objects.filter(run=run)
    return {(row.pairing_id, row.side, row.area): row for row in rows}


def scores_of(run: Run, pairing_id: int) -> dict[tuple[str, str], PairScore]:
    """一对的得分: by side and area."""
    rows = PairScore.objects.filter(run=run, pairing_id=pairing_id)
    return {(row.side, row.area): row for row in rows}


def definitions(run: Run) -> dict[tuple[str, str], IndicatorDefinition]:
    """指标定义: by indicator and side, in the order of the scheme."""
    rows = IndicatorDefinition.objects.filter(run=run).order_by("pk")
    return {(row.indicator, row.side): row for row in rows}


def values_of(run: Run, pairing_id: int) -> list[IndicatorValue]:
    """一对的指标值: in the order of the scheme."""
    return list(IndicatorValue.objects.filter(run=run, pairing_id=pairing_id).order_by("pk"))


def values_by_pair(run: Run, indicator: str) -> list[IndicatorValue]:
    """一个指标的各对数值: highest first, missing last."""
    rows = IndicatorValue.objects.filter(run=run, indicator=indicator)
    return sorted(rows, key=lambda row: (row.side, row.value is None, -(row.value or 0), row.pairing_id))


def value(run: Run, indicator: str, pairing_id: int, side: str) -> IndicatorValue | None:
    """一个数值."""
    return IndicatorValue.objects.filter(run=run, indicator=indicator, pairing_id=pairing_id, side=side).first()


def rank_intervals(run: Run) -> dict[tuple[int, str], dict[str, int]]:
    """名次区间: by pair and side, `rank_low` and `rank_high` when the weights vary; empty where it was not computed."""
    rows = run.summary.get("sensitivity") or []
    return {(row["pairing_id"], row["side"]): row for row in rows if row.get("rank_low") is not None}
