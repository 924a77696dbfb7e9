"""jiedui read."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from jiedui.errors import ExitCode, JieduiError
from jiedui.jobs.commands import read

app = typer.Typer()
read.register(app)


@app.command("other")
def other() -> None:
    """A second command, so that the first one is called by its name."""


def run(*arguments: str, stdin: bytes = b"") -> Result:
    """The command's result; a `JieduiError` passes through."""
    runner = CliRunner(env={"COLUMNS": "200"})
    return runner.invoke(app, ["read", *arguments], input=stdin, catch_exceptions=False)


def test_a_page_becomes_files_and_a_summary(tmp_path: Path) -> None:
    """The summary counts what was read, removed, left out and not resolved."""
    page = tmp_path / "page.txt"
    page.write_text("(四)结(jie)对。北京市帮扶内蒙古；城关区由上海市帮扶。\n", encoding="gb18030")
    result = run(str(page), "--out", str(tmp_path / "out"))
    assert result.exit_code == 0
    assert "1 donors, 1 recipients" in result.output
    assert "城关区" in result.output
    assert (
        (tmp_path / "out" / "pairings.csv")
        .read_text()
        .splitlines()[1]
        .startswith("北京市,,,内蒙古自治区,,,110000,150000")
    )


def test_standard_input_day_and_scheme(tmp_path: Path) -> None:
    """A page from a pipe, names of 2009, one scheme for all."""
    page = "杭州市帮扶襄樊市。".encode()
    result = run("-", "-o", str(tmp_path), "--on", "2009-05-01", "--scheme", "counterpart", stdin=page)
    assert result.exit_code == 0
    assert "湖北省,襄樊市,,330100,420600,counterpart," in (tmp_path / "pairings.csv").read_text()


@pytest.mark.parametrize(("page", "words"), [(b"", "The page is empty"), ("抓好落实。".encode(), "no pairing")])
def test_a_page_without_pairings_is_no_error(tmp_path: Path, page: bytes, words: str) -> None:
    """An empty table, exit status 0, and it is said."""
    result = run("-", "-o", str(tmp_path), stdin=page)
    assert result.exit_code == 0
    assert words in result.output
    assert len((tmp_path / "pairings.csv").read_text().splitlines()) == 1


@pytest.mark.parametrize("arguments", [("-", "--on", "soon"), ("missing.txt",), ("-", "--scheme", "friends")])
def test_bad_input_is_one_sentence_and_writes_nothing(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """A day that is none, a file that is missing, an unknown scheme."""
    with pytest.raises(JieduiError) as refused:
        run(*arguments, "-o", str(tmp_path / "out"))
    assert refused.value.exit_code == ExitCode.BAD_INPUT
    assert refused.value.remedy
    assert not (tmp_path / "out").exists()


def test_noise_is_refused(tmp_path: Path) -> None:
    """A picture is no page."""
    with pytest.raises(JieduiError, match="picture"):
        run("-", "-o", str(tmp_path / "out"), stdin=b"\x89PNG\r\n\x1a\n")
