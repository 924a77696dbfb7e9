"""jiedui audit and jiedui keys on the command line."""

from __future__ import annotations

import pytest
from django.db import connection
from typer.testing import CliRunner

from jiedui.errors import JieduiError, NotVerified
from jiedui.jobs.cli import app
from jiedui.records import journal, loading
from tests.records.small_country import country

pytestmark = pytest.mark.django_db


@pytest.fixture
def heads():
    """Anchors of this test alone (tests.conftest)."""
    return journal.default_heads()


@pytest.fixture
def loaded():
    """The small country, sealed."""
    loading.load_tables(country())
    _sql("SET CONSTRAINTS ALL IMMEDIATE")
    _sql("SET CONSTRAINTS ALL DEFERRED")


def _sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _run(*arguments: str) -> str:
    done = CliRunner().invoke(app, arguments)
    if done.exception is not None:
        raise done.exception
    return done.output


def test_an_empty_journal_is_whole(heads):
    """Nothing is accused where nothing happened, and nothing is anchored."""
    assert "The journal is empty." in _run("audit", "verify")
    assert "nothing to anchor" in _run("audit", "seal")
    assert not heads.exists()


def test_seal_verify_show(loaded, heads):
    """The whole walk: anchored, verified with rows, and the history of a row with who and how it was."""
    assert "Seal 1 of" in _run("audit", "seal")
    assert len(heads.read_text().splitlines()) == 1
    assert "1 seals hold" in _run("audit", "verify")
    assert "1 anchors compared" in _run("audit", "verify", "--heads", str(heads))
    assert "no more and no fewer" in _run("audit", "verify", "--rows")
    _sql("UPDATE records_project SET title = 'x' WHERE project_id = 1")
    shown = _run("audit", "show", "--table", "project", "--row", "1")
    assert "insert  by nobody named" in shown
    assert "合成茶园" in shown
    assert "nothing about row 99" in _run("audit", "show", "--table", "project", "--row", "99")
    with pytest.raises(JieduiError, match="no entry about a table 'projects'"):
        _run("audit", "show", "--table", "projects", "--row", "1")


def test_what_is_broken_is_named(loaded, tmp_path):
    """An altered entry and a row that came past the triggers end with the status for what is not verified."""
    _sql("ALTER TABLE records_project DISABLE TRIGGER USER")
    _sql("UPDATE records_project SET project_id = 9 WHERE project_id = 2")
    with pytest.raises(NotVerified, match=r"project: rows {\[9,10\)} came without an entry and rows {\[2,3\)} went"):
        _run("audit", "verify", "--rows")
    _sql("ALTER TABLE records_change DISABLE TRIGGER USER")
    _sql("UPDATE records_change SET rows = 5 WHERE \"table\" = 'project'")
    with pytest.raises(NotVerified, match=r"altered entry: entry \d+ is not what was written"):
        _run("audit", "verify")
    with pytest.raises(NotVerified, match="The journal is broken"):
        _run("audit", "export", str(tmp_path / "journal.txt"))
    assert not (tmp_path / "journal.txt").exists()


def test_a_file_is_asked_for_what_it_holds(loaded, tmp_path):
    """An exported file is verified; rows cannot be asked of it, and a file that is no journal is refused."""
    file = tmp_path / "journal.txt"
    assert "1 seals hold" in _run("audit", "export", str(file))
    assert "1 seals hold" in _run("audit", "verify", "--file", str(file))
    with pytest.raises(JieduiError, match="holds no tables"):
        _run("audit", "verify", "--file", str(file), "--rows")
    other = tmp_path / "other.txt"
    other.write_text("x")
    with pytest.raises(NotVerified, match="no exported journal"):
        _run("audit", "verify", "--file", str(other))


def test_the_keys_are_listed(loaded):
    """Each key with its suite and how much it holds; the active one is not retired."""
    assert "key 1  encrypts  aes-siv  12 identity numbers, " in _run("keys", "status")
    with pytest.raises(JieduiError, match="12 values of id_number are encrypted under key 1"):
        _run("keys", "retire", "1")
