from pathlib import Path

import pytest
from typer.testing import CliRunner

from jiedui import snapshot
from jiedui.errors import JieduiError
from jiedui.jobs.cli import app

RUN = CliRunner()


def test_it_writes_a_verified_snapshot_and_says_that_it_is_synthetic(tmp_path: Path) -> None:
    """One command, no database: a folder, its digest, and that nobody in it exists; again gives the same."""
    arguments = ["simulate", "--persons", "30", "--seed", "5", "--out", str(tmp_path / "country")]
    first, second = RUN.invoke(app, arguments), RUN.invoke(app, arguments)
    assert first.exit_code == second.exit_code == 0, first.output
    assert snapshot.verify(tmp_path / "country").digest in first.output
    assert snapshot.open(tmp_path / "country").manifest.synthetic
    assert "no person in it exists" in first.output
    assert snapshot.open(tmp_path / "country").table("person").num_rows == 30


def test_what_cannot_be_made_is_refused(tmp_path: Path) -> None:
    """No persons is wrong usage; a day outside the known years is bad input; nothing is written."""
    assert RUN.invoke(app, ["simulate", "--persons", "0", "--out", str(tmp_path / "x")]).exit_code == 2
    refused = RUN.invoke(app, ["simulate", "--persons", "5", "--as-of", "2031-01-01", "--out", str(tmp_path / "x")])
    assert isinstance(refused.exception, JieduiError)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("word", ["--persons", "--seed", "--as-of", "--out", "Example"])
def test_help_teaches(word: str) -> None:
    """Every option and an example are in the help."""
    assert word in RUN.invoke(app, ["simulate", "--help"], env={"COLUMNS": "200"}).output
