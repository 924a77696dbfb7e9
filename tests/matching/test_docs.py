"""docs/matching.md says what the code does."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from jiedui.errors import JieduiError
from jiedui.matching import Market, Quota, solve
from jiedui.matching.solver.capabilities import CAPABILITIES, SEARCH_EDGES

PAGE = Path(__file__).parents[2].joinpath("docs", "matching.md").read_text(encoding="utf-8")


def test_the_example_prints_what_the_page_says():
    """The code block runs, and its comments are its output."""
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block, "matching.md", "exec"), {})
    told = re.findall(r"^print.*\n# (.*)$", block, re.MULTILINE)
    assert printed.getvalue().splitlines() == told


def test_the_table_of_capabilities_is_the_codes():
    """Every feature and mark of the page is that of the code, and none is missing."""
    rows = dict(re.findall(r"^\| (\w+) \| ((?:yes|small|not yet) \| .*) \|$", PAGE, re.MULTILINE))
    assert {feature: tuple(marks.split(" | ")) for feature, marks in rows.items()} == {
        feature: tuple(marks.values()) for feature, marks in CAPABILITIES.items()
    }
    assert f"{SEARCH_EDGES:,} edges" in PAGE


@pytest.mark.parametrize(
    ("market", "arguments"),
    [
        ({"quotas": [Quota([0], 0, 1)]}, {"objective": "stable"}),
        ({}, {"time_limit": 1.0, "objective": "stable"}),
    ],
)
def test_what_is_not_yet_there_is_refused_with_a_sentence(market, arguments):
    """No silent fallback: the message says "Not yet" and the remedy what is there."""
    with pytest.raises(JieduiError, match="Not yet") as refused:
        solve(Market([0, 1, 2], [0, 0], [3, 4], [2], **market), **arguments)
    assert refused.value.remedy


def test_a_stable_warm_start_is_refused():
    """Deferred acceptance starts afresh."""
    market = Market([0, 1], [0], [3], [1])
    with pytest.raises(JieduiError, match="Not yet"):
        solve(market, objective="stable", warm_start=solve(market).warm_state)


def test_a_search_too_large_is_refused_before_it_begins(monkeypatch):
    """Above the limit of edges quotas are refused, with a remedy."""
    monkeypatch.setattr("jiedui.matching.solver.capabilities.SEARCH_EDGES", 1)
    with pytest.raises(JieduiError, match="2 edges"):
        solve(Market([0, 1, 2], [0, 0], [3, 4], [2], quotas=[Quota([0], 0, 1)]))


def test_a_time_limit_is_kept_by_the_search():
    """With quotas a limit is accepted, and a small market is proven long before it."""
    solution = solve(Market([0, 1, 2], [0, 0], [3, 4], [2], quotas=[Quota([0], 0, 1)]), time_limit=60.0)
    assert (solution.objective, solution.proven, solution.status) == (4, True, "optimal")
