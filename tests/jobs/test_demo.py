"""The journey as a newcomer starts it: whole, killed in the middle, and run again."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from jiedui.jobs.demo import STEPS
from jiedui.runtime import postgres, settings
from jiedui.runtime.postgres import Database

PAGE = """(四)调整结对关系。天津市帮扶甘肃省，福州市帮扶甘肃省定西市。"""


def command(home: Path, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """`jiedui …` with a state folder of its own."""
    program = "from jiedui.jobs.cli import main; main()"
    return [sys.executable, "-c", program, *arguments], {**os.environ, "JIEDUI_HOME": str(home), "COLUMNS": "200"}


def run(home: Path, *arguments: str) -> str:
    """What it prints; it must succeed."""
    line, environment = command(home, *arguments)
    done = subprocess.run(line, env=environment, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def home(tmp_path: Path, running_database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A state folder; in the end its server is stopped, and nothing of it is left outside the folder either.

    On a server of DATABASE_URL the pages' role is the one that is there: its password is not this folder's to change.
    """
    folder = tmp_path / "home"
    if os.environ.get("DATABASE_URL"):
        monkeypatch.setenv("JIEDUI_WEB_DATABASE_URL", running_database.web_dsn)
    yield folder
    postgres.remove(replace(settings.load({}), home=folder))


def digest(printed: str) -> str:
    """The digest that the step Freeze printed."""
    found = re.search(r"digest ([0-9a-f]{16})", printed)
    assert found, printed
    return found[1]


@pytest.mark.duty("reading.1", "pairing.2", "pairing.3")
def test_demo_runs_whole_and_again(home: Path, tmp_path: Path) -> None:
    """All eight steps end; the reports lie where it says; a second run finds everything and gives the same digest."""
    page = tmp_path / "page.txt"
    page.write_text(PAGE, encoding="utf-8")
    first = run(home, "demo", "--persons", "1200", "--seed", "21", "--page", str(page))
    for number, name in enumerate(STEPS, start=1):
        assert re.search(rf"\[{number}/{len(STEPS)}\] {name} … done", first)
    assert "186 in a named prefecture, 287 through their province, 359 outside" in first
    assert "10 named, 9 through their province, 11 only through counterpart support" in first
    assert "0 more, 30 fewer" in first
    reports = [Path(name) for name in re.findall(r"^  (/.*\.(?:docx|pdf|xlsx))$", first, re.MULTILINE)]
    assert sorted(path.suffix for path in reports) == [".docx", ".pdf", ".xlsx"]
    assert all(path.stat().st_size > 5000 for path in reports)
    again = run(home, "demo", "--persons", "1200", "--seed", "21")
    assert again.count("(already there)") == 8  # people, proposals and assessment, in the steps and in the summary
    assert digest(again) == digest(first)


def test_demo_killed_in_the_middle_can_be_run_again(home: Path) -> None:
    """kill -9 while people are loaded leaves the records as before; the next run does the whole journey."""
    line, environment = command(home, "demo", "--persons", "1200", "--seed", "22")
    with subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, text=True) as process:
        printed, until = "", time.monotonic() + 300
        while f"[4/{len(STEPS)}]" not in printed and time.monotonic() < until:
            assert process.stdout is not None
            printed += process.stdout.read(1)
        process.send_signal(signal.SIGKILL)
    printed = run(home, "demo", "--persons", "1200", "--seed", "22")
    assert printed.count("… done") == len(STEPS)
