"""The pairing network as a picture."""

from __future__ import annotations

import json
from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui.reports.charts import Arc, network
from jiedui.reports.charts.network import aspect_ratio, extent, spot_labels

ARCS = [
    Arc(1, "天津", "甘肃", (117.2, 39.1), (103.8, 36.1), "省对省"),
    Arc(2, "福州", "定西", (119.3, 26.1), (104.6, 35.6), "市对市州"),
    Arc(3, "福建", "宁夏", (119.3, 26.1), (106.2, 38.5), "省对省"),
]
points = st.tuples(st.floats(73, 135), st.floats(18, 54))


@pytest.mark.duty("pairing.1")
def test_draws_every_arc_and_every_place() -> None:
    """One line for each pairing, with its number, from the donor to the recipient; a point for each place."""
    lines, donors, recipients = network(ARCS)["series"]
    assert [(line["pairing_id"], line["coords"]) for line in lines["data"]] == [
        (arc.pairing_id, [list(arc.donor_at), list(arc.recipient_at)]) for arc in ARCS
    ]
    assert {point["name"] for point in donors["data"]} == {"天津", "福州", "福建"}
    assert {point["name"] for point in recipients["data"]} == {"甘肃", "定西", "宁夏"}


def test_is_plain_data_without_a_map() -> None:
    """The option survives JSON unchanged (no function in it) and names no map and no geographic component."""
    option = network(ARCS)
    assert json.loads(json.dumps(option, allow_nan=False)) == option
    assert "geo" not in option
    assert {series["type"] for series in option["series"]} == {"lines", "scatter"}


def test_no_arcs_at_all_still_draw() -> None:
    """A day without pairings gives an empty picture of the country, not an error."""
    assert network([])["series"][0]["data"] == []
    assert aspect_ratio([]) > 0


@given(st.lists(st.tuples(points, points), min_size=1, max_size=20))
def test_extent_holds_every_place(ends: list[tuple[tuple[float, float], tuple[float, float]]]) -> None:
    """Whatever the places, all lie inside the picture, with a margin, and the ratio is that of the ground."""
    arcs = [Arc(i, f"d{i}", f"r{i}", *end) for i, end in enumerate(ends)]
    west, south, east, north = extent(arcs)
    for (x, y), (u, v) in ends:
        assert west < min(x, u)
        assert max(x, u) < east
        assert south < min(y, v)
        assert max(y, v) < north
    assert aspect_ratio(arcs) == pytest.approx((east - west) * cos(radians((south + north) / 2)) / (north - south))


@given(st.dictionaries(st.text("甲乙丙丁", min_size=1, max_size=3), points, max_size=12))
def test_every_name_stands_in_one_label(places: dict[str, tuple[float, float]]) -> None:
    """Places on one spot share a label; no name is lost and none is written twice."""
    labels = spot_labels(places)
    written = [name for label in labels.values() if label for name in label.split("、")]
    assert sorted(written) == sorted(places)
