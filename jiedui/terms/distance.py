"""距离: between the seats of divisions, great circle."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import Final

from jiedui.terms.divisions import Gazetteer

EARTH_KM: Final = 6371.0088
"""Mean radius of the Earth (IUGG)."""


def great_circle_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """大圆距离: km between two (longitude, latitude) in degrees, by the haversine."""
    (x1, y1), (x2, y2) = (tuple(map(radians, point)) for point in (one, other))
    chord = sin((y2 - y1) / 2) ** 2 + cos(y1) * cos(y2) * sin((x2 - x1) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(chord)))


def between(home: str, work_place: str, gazetteer: Gazetteer | None = None) -> float | None:
    """县间距离: km between the seats of the counties of two codes, 0 inside one; None where a seat is not known."""
    one, other = home[:6], work_place[:6]
    if one == other:
        return 0.0
    known = gazetteer or Gazetteer.load()
    seats = known.coordinates(one), known.coordinates(other)
    return None if seats[0] is None or seats[1] is None else great_circle_km(seats[0], seats[1])
