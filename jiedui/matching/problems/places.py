"""地点: distances between places and which place lies inside which, for the matches of pairs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np

from jiedui.errors import JieduiError
from jiedui.matching.problems.pairs import Bool, Float64, Int64
from jiedui.policy.places import Places
from jiedui.terms.distance import EARTH_KM
from jiedui.terms.divisions import Gazetteer, prefix

_COUNTY: Final = len("530602")


def numbered(codes: Sequence[str]) -> tuple[list[str], Int64]:
    """编号: the distinct codes, sorted, and the number of each code given."""
    distinct = sorted(set(codes))
    at = {code: k for k, code in enumerate(distinct)}
    return distinct, np.array([at[code] for code in codes], np.int64)


def distance_km(first: Sequence[str], second: Sequence[str], gazetteer: Gazetteer) -> Float64:
    """距离: (n, m) km between the seats of two lists of codes of 6 or more digits; NaN where one is not known.

    Within one county it is 0.
    """
    a, b = [code[:_COUNTY] for code in first], [code[:_COUNTY] for code in second]
    found = great_circle_km(seats(a, gazetteer), seats(b, gazetteer))
    found[np.array(a, object)[:, None] == np.array(b, object)[None, :]] = 0.0
    return found


def inside(codes: Sequence[str], region_code: str) -> Bool:
    """在内: whether each code (6 to 12 digits) lies in the region; "" = everywhere."""
    start = prefix(region_code) if region_code else ""
    return np.array([code.startswith(start) for code in codes], bool)


def prefixes(code: str, on: date, places: Places) -> tuple[str, ...]:
    """前缀: as `Places.prefixes`; () for a code that no division has, so that one wrong row stops no run."""
    try:
        return places.prefixes(code, on)
    except JieduiError:
        return ()


def lies_in(inner: Sequence[str], outer: Sequence[str]) -> bool:
    """包含: whether a place, by its prefixes, lies in another; a place without prefixes lies nowhere."""
    return bool(inner) and all(any(one.startswith(other) for other in outer) for one in inner)


def great_circle_km(first: Float64, second: Float64) -> Float64:
    """大圆距离: (n, 2) and (m, 2) degrees of longitude and latitude → (n, m) km, by the haversine formula."""
    a, b = np.radians(first)[:, None, :], np.radians(second)[None, :, :]
    half = np.sin((b - a) / 2) ** 2
    chord = half[..., 1] + np.cos(a[..., 1]) * np.cos(b[..., 1]) * half[..., 0]
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(chord, 0, 1))), np.float64)


def seats(codes: Sequence[str], gazetteer: Gazetteer) -> Float64:
    """治所坐标: (n, 2) longitude and latitude in degrees of codes of six digits; NaN where not known."""
    unknown = (np.nan, np.nan)
    found = [gazetteer.coordinates(code) or unknown for code in codes]
    return np.array(found, np.float64).reshape(len(codes), 2)
