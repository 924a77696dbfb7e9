"""Bars, lines, radars and intervals: what is missing is a gap."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jiedui.reports.charts import AreaScore, RankInterval, Series, area_bars, area_radar, rank_intervals, yearly

SCORES = [AreaScore("减贫成效", 88.0, 91.5), AreaScore("产业合作", None, 64.0)]
OPTIONS = {
    "bars": area_bars(SCORES),
    "radar": area_radar(SCORES),
    "yearly": yearly([2018, 2019], [Series("预算", [1.5, None])], unit="万元"),
    "line": yearly(
        [2018, 2019], [Series("a", [1.0, 2.0]), Series("b", [None, 0.0], "recipient")], unit="%", kind="line"
    ),
    "intervals": rank_intervals([RankInterval("天津 → 甘肃", 3, 2, 5, 4)]),
}


@pytest.mark.parametrize("name", OPTIONS)
def test_is_plain_data(name: str) -> None:
    """Every option survives JSON unchanged, draws nothing as HTML, and says in words what it shows."""
    option = OPTIONS[name]
    assert json.loads(json.dumps(option, allow_nan=False)) == option
    assert option["tooltip"]["renderMode"] == "richText"
    assert option["aria"]["label"]["description"]


def test_missing_is_a_gap_not_a_zero() -> None:
    """A score or an amount that is not known is null in the data and a dash in the words; a zero stays a zero."""
    donor, recipient = OPTIONS["bars"]["series"]
    assert donor["data"] == [88.0, None]
    assert recipient["data"] == [91.5, 64.0]
    assert "帮扶方 —" in OPTIONS["bars"]["aria"]["label"]["description"]
    assert OPTIONS["yearly"]["series"][0]["data"] == [1.5, None]
    assert OPTIONS["line"]["series"][1]["data"] == [None, 0.0]
    assert OPTIONS["line"]["series"][1]["connectNulls"] is False


def test_radar_leaves_out_a_side_with_a_gap() -> None:
    """A radar cannot show a gap, so the side that misses an area is not drawn."""
    assert [series["name"] for series in OPTIONS["radar"]["series"]] == ["被帮扶方"]


def test_series_of_another_length_are_refused() -> None:
    """Values that do not belong one to one to the years are an error that names the series."""
    with pytest.raises(ValueError, match="预算"):
        yearly([2018, 2019], [Series("预算", [1.0])], unit="万元")


def test_interval_runs_from_best_to_worst() -> None:
    """The bar begins at the best rank, is as long as the interval, and the dot stands at the rank."""
    hidden, bar, dot = OPTIONS["intervals"]["series"]
    assert hidden["data"] == [2]
    assert bar["data"][0]["value"] == 3
    assert dot["data"][0]["value"] == [3, 0]
    assert dot["data"][0]["pairing_id"] == 4


def colours(option: dict[str, Any]) -> set[str]:
    """Fill colours of the series."""
    return {series["itemStyle"]["color"] for series in option["series"]}


def test_sides_have_one_colour_everywhere() -> None:
    """Donor and recipient have the same two colours in bars and lines."""
    assert colours(OPTIONS["bars"]) == colours(OPTIONS["line"])
