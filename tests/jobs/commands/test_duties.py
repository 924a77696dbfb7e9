"""jiedui duties."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from jiedui.errors import ExitCode, NotVerified
from jiedui.jobs.commands import duties
from jiedui.policy import clauses, inventory
from jiedui.policy.inventory import Inventory, Mention

app = typer.Typer()
duties.register(app)


@app.command("other")
def other() -> None:
    """A second command, so that the first one is called by its name."""


def run(*arguments: str) -> str:
    """What the command prints, when it succeeds."""
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["duties", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_every_duty_is_listed() -> None:
    """All duties of the opinion stand in the table, with the count of each status."""
    output = run()
    assert all(duty.id in output for duty in clauses.load().duties)
    assert f"{len(clauses.load().duties)} duties" in output


def test_one_clause_in_full() -> None:
    """A clause shows its own duties only, with the full names of rules and parameters."""
    output = run("--clause", "九")
    assert "jiedui/policy/rules/talent.py::two_posts_at_once" in output
    assert "talent.term_months_min" in output
    assert "tests/policy/rules/test_talent.py" in output
    assert "funding.1" not in output


def test_the_holes_are_those_of_the_inventory() -> None:
    """`--holes` shows the duties with a hole and no other."""
    shown = {entry["id"] for entry in json.loads(run("--holes", "--json"))}
    assert shown == {hole.duty for hole in inventory.here().holes()}


def test_json_for_scripts() -> None:
    """The JSON has one entry per duty with status, rules, parameters, tests and pages."""
    entries = {entry["id"]: entry for entry in json.loads(run("--json"))}
    assert list(entries) == [duty.id for duty in clauses.load().duties]
    assert entries["talent.1"]["status"] == clauses.load().duty("talent.1").status
    assert "talent.term_months_max" in entries["talent.1"]["parameters"]
    assert any("test_talent" in test for test in entries["talent.1"]["tests"])


def test_a_duty_called_implemented_without_a_test_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit status 5, naming the duty, when a status is not borne out."""
    held = inventory.here()
    without = tuple(m for m in held.mentions if (m.duty, m.kind) != ("pairing.2", "test"))
    monkeypatch.setattr(inventory, "here", lambda: Inventory(without, tests_seen=True))
    result = CliRunner().invoke(app, ["duties", "--json"])
    assert isinstance(result.exception, NotVerified)
    assert result.exception.exit_code == ExitCode.NOT_VERIFIED
    assert "pairing.2: called implemented, and no test holds it" in result.exception.message


def test_a_citation_of_no_duty_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit status 5 too when something cites a duty that the opinion does not have."""
    held = inventory.here()
    monkeypatch.setattr(
        inventory, "here", lambda: Inventory((*held.mentions, Mention("talent.9", "rule", "x.py::y")), tests_seen=True)
    )
    result = CliRunner().invoke(app, ["duties"])
    assert isinstance(result.exception, NotVerified)
    assert "talent.9" in result.exception.message


def test_an_unknown_clause_is_refused() -> None:
    """A clause outside the opinion is bad input, with the remedy."""
    result = CliRunner().invoke(app, ["duties", "--clause", "廿"])
    assert "no clause" in str(result.exception)
