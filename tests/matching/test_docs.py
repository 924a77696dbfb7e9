"""docs/matching.md says what the code does."""

from __future__ import annotations

import contextlib
import inspect
import io
import re
from pathlib import Path
from typing import get_args

import pytest

from jiedui.errors import JieduiError
from jiedui.matching import Market, Quota, solve
from jiedui.matching.explain import Reason
from jiedui.matching.solver.capabilities import CAPABILITIES, SEARCH_EDGES
from jiedui.matching.solver.solution import Status

DOCS = Path(__file__).parents[2] / "docs"
PAGE, GUIDE, CERTIFICATE = (
    DOCS.joinpath(name).read_text(encoding="utf-8")
    for name in ("matching.md", "matching-guide.md", "matching-certificate.md")
)


@pytest.mark.parametrize("page", [PAGE, GUIDE], ids=["matching", "guide"])
def test_the_examples_print_what_the_pages_say(page):
    """The code blocks run one after the other, and the comments after a print are its output."""
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert blocks
    printed, names = io.StringIO(), {}
    with contextlib.redirect_stdout(printed):
        for block in blocks:
            exec(compile(block, "page", "exec"), names)
    told = "".join(part for block in blocks for part in re.findall(r"^ *print.*\n((?:# .*\n)+)", block, re.MULTILINE))
    assert printed.getvalue().splitlines() == [line.removeprefix("# ") for line in told.splitlines()]


def test_every_status_reason_and_argument_is_on_its_page():
    """No value that a user can meet is left without a sentence."""
    assert re.findall(r"^\| `([a-z ]+)` \|", CERTIFICATE, re.MULTILINE) == list(get_args(Status))
    listed = PAGE[PAGE.index("| reason |") :]
    assert sorted(re.findall(r"^\| `(\w+)` \|", listed, re.MULTILINE)) == sorted(get_args(Reason))
    arguments = [name for name in inspect.signature(solve).parameters if name not in ("market", "objective")]
    assert sorted(re.findall(r"^- `(\w+)`[:,]", PAGE, re.MULTILINE)) == sorted(arguments)


def test_the_hand_computed_table_is_the_engines():
    """The prices, the value and the bound of the certificate's five lines."""
    market = Market([0, 2, 4, 6], [0, 1, 0, 1, 0, 1], [10, 4, 9, 8, 6, 1], [1, 3])
    solution = solve(market)
    assert (solution.prices.tolist(), solution.objective, solution.bound) == ([5, 0], 19, 19)
    assert CERTIFICATE.count("19") >= 3


@pytest.mark.parametrize("page", [PAGE, GUIDE, CERTIFICATE], ids=["matching", "guide", "certificate"])
def test_the_pages_lead_to_each_other(page):
    """Every link to another page exists."""
    links = re.findall(r"\]\(([\w-]+\.md)\)", page)
    assert len(set(links)) >= 2
    assert all((DOCS / link).is_file() for link in links)


def test_the_table_of_capabilities_is_the_codes():
    """Every feature and mark of the page is that of the code, and none is missing."""
    rows = dict(re.findall(r"^\| (\w+) \| ((?:yes|gap|small|not yet) \| .*) \|$", PAGE, re.MULTILINE))
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
        solve(Market([0, 1, 2], [0, 0], [3, 4], [2], quotas=[Quota([0], 0, 1)]), objective="placements_then_utility")


def test_a_time_limit_is_kept_by_the_search():
    """With quotas a limit is accepted, and a small market is proven long before it."""
    solution = solve(Market([0, 1, 2], [0, 0], [3, 4], [2], quotas=[Quota([0], 0, 1)]), time_limit=60.0)
    assert (solution.objective, solution.proven, solution.status) == (4, True, "optimal")
