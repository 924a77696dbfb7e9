"""结对网络图: who helps whom, as arcs on plain longitude and latitude.

There is no base map: maps of China need an approval, arcs between points do not. One degree of longitude is drawn
shorter than one of latitude by the cosine of the middle latitude, so that distances look right (`aspect_ratio`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, floor, hypot, radians
from typing import Any

from jiedui.reports.charts.labels import Label, Position, place
from jiedui.reports.charts.style import DONOR, FONT, INK, MUTED, RECIPIENT, Option, base

_MARGIN_DEGREES = (2.4, 1.2)
"""Room for the labels around the outermost places, east-west and north-south."""

_ONE_SPOT_DEGREES = 0.35
"""Places nearer than this (a province and its capital, neighbouring cities) share one label."""


_Spots = dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Arc:
    """结对弧线: one pairing with both ends as (longitude, latitude) in degrees."""

    pairing_id: int
    donor: str
    recipient: str
    donor_at: tuple[float, float]
    recipient_at: tuple[float, float]
    level: str = ""
    """Printed beside the names, e.g. 省对省."""


def extent(arcs: Sequence[Arc]) -> tuple[float, float, float, float]:
    """范围: (west, south, east, north) around all ends with a margin, in whole degrees."""
    points = [end for arc in arcs for end in (arc.donor_at, arc.recipient_at)] or [(73.0, 18.0), (135.0, 54.0)]
    west = floor(min(x for x, _ in points) - _MARGIN_DEGREES[0])
    east = -floor(-(max(x for x, _ in points) + _MARGIN_DEGREES[0]))
    south = floor(min(y for _, y in points) - _MARGIN_DEGREES[1])
    north = -floor(-(max(y for _, y in points) + _MARGIN_DEGREES[1]))
    return west, south, east, north


def aspect_ratio(arcs: Sequence[Arc]) -> float:
    """宽高比: width divided by height at which a kilometre is as long eastward as northward."""
    west, south, east, north = extent(arcs)
    return (east - west) * cos(radians((south + north) / 2)) / (north - south)


def network(
    arcs: Sequence[Arc],
    *,
    labels: bool = True,
    donor_label: str = "帮扶方",
    recipient_label: str = "被帮扶方",
    width: int = 640,
) -> Option:
    """结对网络图: arcs from donor to recipient and a point for each place.

    Names are placed for a picture `width` pixels wide; `labels=False` leaves them to the tooltip. Data items carry
    `pairing_id`, by which the page links.
    """
    west, south, east, north = extent(arcs)
    donors = {arc.donor: arc.donor_at for arc in arcs}
    recipients = {arc.recipient: arc.recipient_at for arc in arcs}
    shown = _positions(donors, recipients, arcs, width) if labels else {}
    option = base(description=f"{donor_label} → {recipient_label}: {len(arcs)}")
    option["tooltip"] |= {"trigger": "item", "formatter": "{b}"}
    option["grid"] = {"left": 0, "right": 0, "top": 0, "bottom": 0}
    option["xAxis"] = _degrees(west, east)
    option["yAxis"] = _degrees(south, north)
    option["series"] = [
        {
            "type": "lines",
            "coordinateSystem": "cartesian2d",
            "lineStyle": {"width": 1.4, "opacity": 0.75, "curveness": 0.18},
            "emphasis": {"lineStyle": {"width": 3, "opacity": 1}},
            "data": [_line(arc) for arc in arcs],
            "z": 2,
        },
        _places(donor_label, DONOR, donors, shown, filled=True),
        _places(recipient_label, RECIPIENT, recipients, shown, filled=False),
    ]
    return option


def _degrees(low: float, high: float) -> Option:
    return {
        "type": "value",
        "min": low,
        "max": high,
        "axisLabel": {"show": False},
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "splitLine": {"show": False},
    }


def _line(arc: Arc) -> dict[str, Any]:
    eastward = arc.recipient_at[0] >= arc.donor_at[0]
    gradient = {
        "type": "linear",
        "x": 0 if eastward else 1,
        "y": 0,
        "x2": 1 if eastward else 0,
        "y2": 0,
        "colorStops": [{"offset": 0, "color": DONOR}, {"offset": 1, "color": RECIPIENT}],
    }
    name = f"{arc.donor} → {arc.recipient}" + (f"  {arc.level}" if arc.level else "")
    return {
        "name": name,
        "pairing_id": arc.pairing_id,
        "coords": [list(arc.donor_at), list(arc.recipient_at)],
        "lineStyle": {"color": gradient},
    }


_Shown = dict[tuple[str, bool], tuple[str, Position]]
"""(name, is donor) → the text that is written and where."""


def _positions(donors: _Spots, recipients: _Spots, arcs: Sequence[Arc], width: float) -> _Shown:
    """Donors lie east of their recipients, so each side writes its names outward where there is room."""
    west, south, east, north = extent(arcs)
    height = width / aspect_ratio(arcs)
    wanted: list[tuple[str, bool, Label]] = []
    for spots, is_donor in ((donors, True), (recipients, False)):
        order: tuple[Position, ...] = (
            ("right", "top", "bottom", "left") if is_donor else ("left", "top", "bottom", "right")
        )
        for name, text in spot_labels(spots).items():
            x, y = spots[name]
            label = Label(text, (x - west) / (east - west) * width, (north - y) / (north - south) * height, order)
            wanted.append((name, is_donor, label))
    placed = place([label for _, _, label in wanted], width, height)
    return {
        (name, is_donor): (label.text, position)
        for (name, is_donor, label), position in zip(wanted, placed, strict=True)
        if position is not None and label.text
    }


def _places(side: str, colour: str, places: _Spots, shown: _Shown, *, filled: bool) -> Option:
    """The points of one side, with the names that found a place."""
    return {
        "type": "scatter",
        "name": side,
        "symbolSize": 8 if filled else 7,
        "itemStyle": {
            "color": colour if filled else "#ffffff",
            "borderColor": colour,
            "borderWidth": 1.6,
            "opacity": 1,
        },
        "label": {
            "show": False,
            "distance": 4,
            "color": INK if filled else MUTED,
            "fontFamily": FONT,
            "fontSize": 12,
            "fontWeight": "bold" if filled else "normal",
            "textBorderColor": "#ffffff",
            "textBorderWidth": 3,
        },
        "data": [{"name": name, "value": list(at), **_label(shown.get((name, filled)))} for name, at in places.items()],
        "z": 3,
    }


def _label(shown: tuple[str, Position] | None) -> dict[str, Any]:
    if shown is None:
        return {}
    text, position = shown
    return {"label": {"show": True, "formatter": text, "position": position}}


def spot_labels(places: _Spots) -> dict[str, str]:
    """点位标注: the label of each place; of places on one spot the first carries all names, the others none."""
    labels: dict[str, str] = {}
    heads: list[str] = []
    for name, (x, y) in places.items():
        head = next((h for h in heads if hypot(places[h][0] - x, places[h][1] - y) < _ONE_SPOT_DEGREES), None)
        if head is None:
            heads.append(name)
            labels[name] = name
        else:
            labels[head] += f"、{name}"
            labels[name] = ""
    return labels
