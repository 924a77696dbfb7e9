"""年度序列: one value per year, for one or several series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from jiedui.reports.charts.style import DONOR, FONT, MUTED, RECIPIENT, Option, base, category_axis, legend, value_axis


@dataclass(frozen=True, slots=True)
class Series:
    """序列: `values[i]` belongs to `years[i]`; None = not known, drawn as a gap."""

    name: str
    values: Sequence[float | None]
    side: Literal["donor", "recipient"] = "donor"


def yearly(
    years: Sequence[int], series: Sequence[Series], *, unit: str, kind: Literal["bar", "line"] = "bar"
) -> Option:
    """年度图: bars for amounts of a year, a line for a level that goes on; lengths that differ are a ValueError."""
    for one in series:
        if len(one.values) != len(years):
            raise ValueError(f"Series {one.name!r} has {len(one.values)} values for {len(years)} years.")
    option = base(description="; ".join(f"{one.name} ({unit}): {_listed(years, one.values)}" for one in series))
    option["tooltip"]["trigger"] = "axis"
    if len(series) > 1:
        option["legend"] = legend()
    option["grid"] = {
        "left": 4,
        "right": 12,
        "top": 44 if len(series) > 1 else 32,
        "bottom": 4,
        "outerBoundsMode": "same",
    }
    option["xAxis"] = category_axis([str(year) for year in years])
    option["yAxis"] = {**value_axis(name=unit), "nameLocation": "end", "nameGap": 10}
    option["yAxis"]["nameTextStyle"]["align"] = "left"
    option["series"] = [_drawn(one, kind) for one in series]
    return option


def _drawn(one: Series, kind: str) -> Option:
    colour = DONOR if one.side == "donor" else RECIPIENT
    drawn: Option = {
        "type": kind,
        "name": one.name,
        "itemStyle": {"color": colour},
        "label": {"show": True, "position": "top", "color": MUTED, "fontFamily": FONT, "fontSize": 12},
        "data": list(one.values),
    }
    if kind == "bar":
        drawn["barMaxWidth"] = 28
    else:
        drawn |= {"symbolSize": 6, "lineStyle": {"color": colour, "width": 2}, "connectNulls": False}
    return drawn


def _listed(years: Sequence[int], values: Sequence[float | None]) -> str:
    return ", ".join(
        f"{year} {'—' if value is None else f'{value:g}'}" for year, value in zip(years, values, strict=True)
    )
