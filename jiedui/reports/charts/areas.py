"""五个方面: the scores of one pair by area, both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jiedui.reports.charts.style import (
    DONOR,
    FONT,
    MUTED,
    RECIPIENT,
    RULE,
    Option,
    base,
    category_axis,
    legend,
    value_axis,
)


@dataclass(frozen=True, slots=True)
class AreaScore:
    """方面得分: scores (0 to 100) of the two sides in one area; None = not scored, drawn as a gap."""

    label: str
    donor: float | None
    recipient: float | None


def area_bars(
    scores: Sequence[AreaScore], *, donor: str = "帮扶方", recipient: str = "被帮扶方", full: float = 100
) -> Option:
    """方面条形图: two bars for each area, read from the top; `full` is the highest score."""
    option = base(description=_sentence(scores, donor, recipient))
    option["legend"] = legend()
    option["grid"] = {"left": 4, "right": 36, "top": 32, "bottom": 4, "outerBoundsMode": "same"}
    option["xAxis"] = value_axis(low=0, high=full)
    option["yAxis"] = {**category_axis([score.label for score in scores]), "inverse": True}
    option["tooltip"]["trigger"] = "axis"
    option["series"] = [
        _bar(donor, DONOR, [score.donor for score in scores]),
        _bar(recipient, RECIPIENT, [score.recipient for score in scores]),
    ]
    return option


def area_radar(
    scores: Sequence[AreaScore], *, donor: str = "帮扶方", recipient: str = "被帮扶方", full: float = 100
) -> Option:
    """方面雷达图: both sides on one radar. An area that one side lacks is left out of that side's outline.

    A radar has no gap: a missing corner would look like zero. So a side with a missing area is not drawn at all, and
    its legend entry goes with it; the bars show what there is.
    """
    option = base(description=_sentence(scores, donor, recipient))
    option["legend"] = legend()
    option["radar"] = {
        "indicator": [{"name": score.label, "max": full} for score in scores],
        "radius": "66%",
        "center": ["50%", "56%"],
        "axisName": {"color": MUTED, "fontFamily": FONT},
        "splitArea": {"show": False},
        "splitLine": {"lineStyle": {"color": RULE}},
        "axisLine": {"lineStyle": {"color": RULE}},
    }
    outlines = [
        (donor, DONOR, [score.donor for score in scores]),
        (recipient, RECIPIENT, [score.recipient for score in scores]),
    ]
    option["series"] = [
        {
            "type": "radar",
            "name": name,
            "symbolSize": 5,
            "itemStyle": {"color": colour},
            "lineStyle": {"color": colour, "width": 2},
            "areaStyle": {"color": colour, "opacity": 0.08},
            "data": [{"name": name, "value": values}],
        }
        for name, colour, values in outlines
        if values and None not in values
    ]
    return option


def _bar(name: str, colour: str, values: list[float | None]) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": name,
        "barMaxWidth": 12,
        "barGap": "20%",
        "itemStyle": {"color": colour},
        "label": {"show": True, "position": "right", "color": MUTED, "fontFamily": FONT, "fontSize": 12},
        "data": values,
    }


def _sentence(scores: Sequence[AreaScore], donor: str, recipient: str) -> str:
    def text(value: float | None) -> str:
        return "—" if value is None else f"{value:g}"

    return "; ".join(f"{s.label}: {donor} {text(s.donor)}, {recipient} {text(s.recipient)}" for s in scores)
