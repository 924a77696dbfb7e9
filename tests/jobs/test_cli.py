"""The command line: help that teaches, errors of one sentence, exit statuses for scripts."""

from __future__ import annotations

import subprocess
import sys

import pytest

from jiedui.errors import EnvironmentProblem, JieduiError, NotVerified
from jiedui.jobs import cli


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    program = "from jiedui.jobs.cli import main; main()"
    command = [sys.executable, "-W", "error", "-c", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("command", [name.rstrip("_") for name in cli.COMMANDS])  # import_: a word of Python
def test_help_teaches_by_example(command: str) -> None:
    """Every command's help says what it does and shows a command that can be copied."""
    shown = run(command, "--help")
    assert shown.returncode == 0
    assert f"jiedui {command}" in " ".join(shown.stdout.split())
    assert "Example" in shown.stdout or shown.stdout.count(f"jiedui {command}") >= 2


def test_help_needs_no_heavy_library() -> None:
    """`jiedui --help` starts without Django, Arrow, the solver or the reader's dictionaries."""
    heavy = ("django", "pyarrow", "duckdb", "numpy", "ortools", "numba", "pypinyin", "opencc", "typst")
    program = (
        "import sys\nfrom jiedui.jobs.cli import main\n"
        "sys.argv[1:] = ['--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    assert shown.stdout.strip().splitlines()[-1] == "[]"


def test_wrong_usage_is_status_2() -> None:
    """An option that does not exist is a usage error."""
    assert run("assess", "--nothing").returncode == 2


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (JieduiError("The page is no text.", remedy="Give a text."), 3),
        (EnvironmentProblem("The disk is full.", remedy="Make room."), 4),
        (NotVerified("The digest does not hold."), 5),
    ],
)
def test_readable_errors_are_a_sentence_and_a_status(
    error: JieduiError, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What, then how to mend, on standard error; no traceback; the status tells the kind."""

    def fail() -> None:
        raise error

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    shown = capsys.readouterr()
    assert ended.value.code == status
    assert shown.out == ""
    assert shown.err.split() == f"✗ {error}".split()
