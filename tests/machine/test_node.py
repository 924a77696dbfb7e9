"""Which Node.js Playwright's driver runs on."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiedui.errors import EnvironmentProblem
from tests.machine import node


def test_own_node_that_starts_needs_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Playwright's own Node.js starts, nothing is set."""
    monkeypatch.setattr(node, "_starts", lambda path: True)
    assert node.environment() == {}


def test_another_is_taken_where_the_own_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first other that starts is named."""
    monkeypatch.setattr(node, "_others", lambda: iter([Path("/broken"), Path("/works")]))
    monkeypatch.setattr(node, "_starts", lambda path: path == Path("/works"))
    assert node.environment() == {node.VARIABLE: "/works"}


def test_none_that_starts_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any Node.js the tests say so; they are not skipped."""
    monkeypatch.setattr(node, "_starts", lambda path: False)
    with pytest.raises(EnvironmentProblem, match="none starts"):
        node.environment()


def test_a_program_that_is_not_there_does_not_start(tmp_path: Path) -> None:
    """A missing file is not an error, it just does not start."""
    assert not node._starts(tmp_path / "node")
