"""Progress on terminals and elsewhere."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from jiedui.runtime import progress


def run(console: Console) -> str:
    """What two steps that succeed and one that fails leave on the console."""
    with pytest.raises(ZeroDivisionError):
        three_steps(console)
    return console.file.getvalue()


def three_steps(console: Console) -> None:
    """The third one fails."""
    with progress.steps(["Read", "Load", "Match"], console=console) as steps:
        with steps.step("Read") as step:
            step.note("14 clauses [of 14]")
        with steps.step("Load") as step:
            step(5, 10)
            step.advance(5)
            assert (step.done, step.total) == (10, 10)
        with steps.step("Match"):
            raise ZeroDivisionError


@pytest.mark.parametrize("terminal", [False, True])
def test_one_line_for_each_step_without_control_codes(terminal):
    """In a file, and on a terminal that can do nothing, each step is one plain line with its result and seconds."""
    said = run(Console(file=io.StringIO(), force_terminal=terminal, _environ={"TERM": "dumb"}))

    assert re.sub(r"\d+\.\d s", "N s", said).splitlines() == [
        "[1/3] Read … done: 14 clauses [of 14], N s",
        "[2/3] Load … done: N s",
        "[3/3] Match … failed: N s",
    ]


def test_on_a_terminal_every_step_stays_visible():
    """On a real terminal the finished steps, what they found, and the failed one stand at the end."""
    said = run(Console(file=io.StringIO(), force_terminal=True, width=100, _environ={"TERM": "xterm"}))
    last = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said.rpartition("\x1b[2K")[2])

    assert [line.split()[1 if "✗" not in line else 2] for line in last.strip().splitlines()] == [
        "Read",
        "Load",
        "Match",
    ]
    assert "14 clauses [of 14]" in last
    assert "✗" in last


def test_a_step_that_was_not_announced():
    """A name that is not in the list is a mistake of the program."""
    with progress.steps(["Read"], console=Console(file=io.StringIO())) as steps:
        step = steps.step("Raed")
        with pytest.raises(KeyError):
            step.__enter__()


def test_a_line_between_steps():
    """What is printed during a step stands on a line of its own, as it is."""
    console = Console(file=io.StringIO())
    with progress.steps(["Read"], console=console) as steps, steps.step("Read"):
        steps.print("[bold] 2,312 groups")

    assert "[bold] 2,312 groups" in console.file.getvalue().splitlines()
