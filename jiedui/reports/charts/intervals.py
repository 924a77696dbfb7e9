"""名次区间: between which ranks a pair lies when the weights move.

Weights are ours, so a single rank would say more than it knows: the interval is drawn first, the rank on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jiedui.reports.charts.style import DONOR, RULE, Option, base, category_axis, value_axis


@dataclass(frozen=True, slots=True)
class RankInterval:
    """名次区间: best and worst rank over the weights tried, and the rank under the published weights."""

    label: str
    rank: int
    best: int
    worst: int
    pairing_id: int | None = None


def rank_intervals(
    intervals: Sequence[RankInterval], *, rank_label: str = "名次", interval_label: str = "名次区间"
) -> Option:
    """名次区间图: a grey bar from best to worst, a dot at the rank; best at the top."""
    count = max((one.worst for one in intervals), default=1)
    option = base(description="; ".join(f"{one.label}: {one.rank} ({one.best}–{one.worst})" for one in intervals))
    option["tooltip"] |= {"trigger": "item", "formatter": "{b}"}
    option["grid"] = {"left": 4, "right": 16, "top": 24, "bottom": 4, "outerBoundsMode": "same"}
    option["xAxis"] = {**value_axis(low=1, high=max(count, 2)), "position": "top", "minInterval": 1}
    option["yAxis"] = {**category_axis([one.label for one in intervals]), "inverse": True}
    option["series"] = [
        _hidden([one.best for one in intervals]),
        {
            "type": "bar",
            "name": interval_label,
            "stack": "interval",
            "barWidth": 8,
            "itemStyle": {"color": RULE, "borderRadius": 4},
            "data": [
                {"name": f"{one.label}  {one.best}–{one.worst}", "value": one.worst - one.best} for one in intervals
            ],
        },
        {
            "type": "scatter",
            "name": rank_label,
            "symbolSize": 9,
            "itemStyle": {"color": DONOR},
            "data": [
                {
                    "name": f"{one.label}  {one.rank} ({one.best}–{one.worst})",
                    "value": [one.rank, place],
                    "pairing_id": one.pairing_id,
                }
                for place, one in enumerate(intervals)
            ],
            "z": 3,
        },
    ]
    return option


def _hidden(starts: list[int]) -> Option:
    """The invisible bar on which the interval is stacked."""
    return {
        "type": "bar",
        "stack": "interval",
        "silent": True,
        "barWidth": 8,
        "itemStyle": {"color": "rgba(0,0,0,0)"},
        "data": starts,
    }
