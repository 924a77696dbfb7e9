"""图表样式: colours and type of every chart, the same on page and paper.

The two sides of a pairing have one colour each everywhere (donor pine, recipient ochre); they differ in lightness too,
so that a grey print still tells them apart. Missing values are drawn as gaps, never as zero.
"""

from __future__ import annotations

from typing import Any, Final

DONOR: Final = "#0f5c56"
RECIPIENT: Final = "#c27c2c"
INK: Final = "#1d2a2a"
MUTED: Final = "#5d6b6b"
RULE: Final = "#dfe4e2"
PAPER: Final = "#ffffff"

SIDE_COLOURS: Final[dict[str, str]] = {"donor": DONOR, "recipient": RECIPIENT}

FONT: Final = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Source Han Sans SC, Noto Sans SC, sans-serif"
"""System fonts first, then the packaged one, as on the pages. Without quotes: the SVG writer does not escape them."""

Option = dict[str, Any]
"""An ECharts option: nested dicts, lists, text, numbers, booleans and None only."""


def base(*, description: str) -> Option:
    """图表底稿: what every chart shares; `description` is what a screen reader says instead of the picture."""
    return {
        "animation": False,
        "textStyle": {"fontFamily": FONT, "color": INK, "fontSize": 13},
        "aria": {"enabled": True, "label": {"description": description}},
        # Rich text is drawn on the canvas; the HTML tooltip needs inline styles, which the pages forbid.
        "tooltip": {
            "renderMode": "richText",
            "confine": True,
            "backgroundColor": PAPER,
            "borderColor": RULE,
            "borderWidth": 1,
            "textStyle": {"fontFamily": FONT, "color": INK, "fontSize": 13},
        },
    }


def value_axis(*, name: str = "", low: float | None = None, high: float | None = None) -> Option:
    """数值轴: a quiet value axis with hairlines."""
    axis: Option = {
        "type": "value",
        "name": name,
        "nameTextStyle": {"color": MUTED, "fontFamily": FONT},
        "axisLabel": {"color": MUTED, "fontFamily": FONT},
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "splitLine": {"lineStyle": {"color": RULE}},
    }
    if low is not None:
        axis["min"] = low
    if high is not None:
        axis["max"] = high
    return axis


def category_axis(labels: list[str]) -> Option:
    """类目轴: labels on a plain line."""
    return {
        "type": "category",
        "data": labels,
        "axisLabel": {"color": INK, "fontFamily": FONT},
        "axisLine": {"lineStyle": {"color": RULE}},
        "axisTick": {"show": False},
    }


def legend() -> Option:
    """图例: at the top left, small, without the click that would hide a side on paper."""
    return {"top": 0, "left": 0, "itemWidth": 14, "itemHeight": 10, "textStyle": {"color": MUTED, "fontFamily": FONT}}
