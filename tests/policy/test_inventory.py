"""Which code serves which duty, and what does not hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jiedui.policy import clauses, inventory
from jiedui.policy.clauses import Clauses, Status
from jiedui.policy.inventory import Mention

PACKAGE = """
import registry
@implements("a.1", "a.2")
@registry.interprets("a.3", because="b")
def rule(): ...
class Page:
    @serves("a.1")
    def get(self): ...
"""
TESTS = """
import pytest
pytestmark = [pytest.mark.slow, pytest.mark.duty("a.1")]
def helper(): ...
def test_one(): ...
@pytest.mark.duty("a.2", "a.3")
def test_two(): ...
@pytest.mark.duty("a.4")
class TestThree:
    def test_inner(self): ...
"""
TABLE = 'TABLES = (Table(name="t", area="a", duties=("a.5",)),)'


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small package with a rule, a page, a table, an indicator and tests."""
    for name, text in {
        "p/rules.py": PACKAGE,
        "p/migrations/0001.py": '@implements("a.9")\ndef f(): ...',
        "p/snapshot/schema/a.py": TABLE,
        "p/assessment/schemes/s/a/i.sql": "-- id: a.i\n-- duty: a.1, a.6\nSELECT 1",
        "tests/test_a.py": TESTS,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_everything_that_cites_is_found(tree: Path) -> None:
    """Rules, pages, tables, indicators and tests are found where they stand; migrations and helpers are not."""
    found = inventory.gather(tree / "p", tree / "tests")
    assert [mention for mention in found.mentions if mention.kind != "parameter"] == sorted(
        [
            Mention("a.1", "indicator", "p/assessment/schemes/s/a/i.sql"),
            Mention("a.1", "page", "p/rules.py::Page.get"),
            Mention("a.1", "rule", "p/rules.py::rule"),
            Mention("a.1", "test", "tests/test_a.py::TestThree.test_inner"),
            Mention("a.1", "test", "tests/test_a.py::test_one"),
            Mention("a.1", "test", "tests/test_a.py::test_two"),
            Mention("a.2", "rule", "p/rules.py::rule"),
            Mention("a.2", "test", "tests/test_a.py::test_two"),
            Mention("a.3", "rule", "p/rules.py::rule"),
            Mention("a.3", "test", "tests/test_a.py::test_two"),
            Mention("a.4", "test", "tests/test_a.py::TestThree.test_inner"),
            Mention("a.5", "table", "p/snapshot/schema/a.py::t"),
            Mention("a.6", "indicator", "p/assessment/schemes/s/a/i.sql"),
        ]
    )
    assert found.tests_seen


def opinion(status: Status) -> Clauses:
    """The opinion with one duty `a.1` of a status."""
    duty = replace(clauses.load().duties[0], id="a.1", status=status)
    return replace(clauses.load(), duties=(duty,))


def holes(status: Status, *kinds: str) -> list[bool]:
    """Whether each hole of a duty is fatal, when it is served by these kinds of things."""
    mentions = tuple(Mention("a.1", kind, "x") for kind in kinds)  # type: ignore[arg-type]
    return [hole.fatal for hole in inventory.Inventory(mentions, tests_seen=True).holes(opinion(status))]


@pytest.mark.parametrize(
    ("status", "kinds", "expected"),
    [
        ("implemented", ("rule", "test", "page"), []),
        ("implemented", ("table", "test", "page"), []),
        ("implemented", ("rule", "test"), [False]),
        ("implemented", ("rule", "page"), [True]),
        ("implemented", ("test", "page"), [True]),
        ("recorded_only", ("table",), []),
        ("recorded_only", ("rule",), [True]),
        ("partly", ("rule", "test"), []),
        ("partly", ("page", "test"), []),
        ("partly", ("rule",), [False]),
        ("partly", (), [True]),
        ("not_yet", (), [False]),
        ("guiding", (), []),
    ],
)
def test_a_status_must_be_borne_out(status: Status, kinds: tuple[str, ...], expected: list[bool]) -> None:
    """Called implemented without test or code is fatal; without a page, or not there yet, is a hole."""
    assert holes(status, *kinds) == expected


def test_without_the_tests_at_hand_none_is_missed(tree: Path) -> None:
    """An installed package has no tests beside it: they are not looked at, and that is said."""
    found = inventory.gather(tree / "p", tree / "nowhere")
    assert not found.tests_seen
    mentions = (Mention("a.1", "rule", "x"), Mention("a.1", "page", "x"))
    assert inventory.Inventory(mentions, tests_seen=False).holes(opinion("implemented")) == ()


def test_a_citation_of_no_duty_is_fatal() -> None:
    """What cites a duty that does not exist is named with its place."""
    found = inventory.Inventory((Mention("b.1", "rule", "p/rules.py::rule"),), tests_seen=True)
    (stray,) = [hole for hole in found.holes(opinion("guiding")) if hole.duty == "b.1"]
    assert stray.fatal
    assert "p/rules.py::rule" in stray.message


def test_the_statuses_of_this_product_are_borne_out() -> None:
    """No duty of ours is called more than code and tests bear out, and nothing cites a duty that is not there."""
    assert [hole for hole in inventory.here().holes() if hole.fatal] == []
