"""图表: ECharts options as plain data, one definition for page and paper.

Owns how a picture is drawn. Refuses to compute: every function takes numbers that were printed elsewhere and returns
a dict that JSON can carry (no JavaScript function in it). The page hands the dict to ECharts in the browser; paper
hands it to `svg`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiedui.reports.charts.areas import AreaScore, area_bars, area_radar
from jiedui.reports.charts.intervals import RankInterval, rank_intervals
from jiedui.reports.charts.network import Arc, network
from jiedui.reports.charts.series import Series, yearly

if TYPE_CHECKING:
    from jiedui.reports.charts.renderer import svg

__all__ = [
    "Arc",
    "AreaScore",
    "RankInterval",
    "Series",
    "area_bars",
    "area_radar",
    "network",
    "rank_intervals",
    "svg",
    "yearly",
]


def __getattr__(name: str) -> Any:
    """`svg` needs the JavaScript engine, so it is loaded when first asked for."""
    if name == "svg":
        from jiedui.reports.charts.renderer import svg

        return svg
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
