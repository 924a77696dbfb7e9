"""Records become a snapshot: the same rows, the same digest."""

from __future__ import annotations

from datetime import date

import pytest
from typer.testing import CliRunner

from jiedui import policy, snapshot
from jiedui.errors import JieduiError
from jiedui.jobs.cli import app
from jiedui.jobs.freezing import freeze, freeze_by_digest
from jiedui.records import loading, models
from jiedui.runtime import keys, settings
from jiedui.simulate import country

AS_OF = date(2019, 12, 31)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def tables():
    """A synthetic country of 600 persons."""
    return country(persons=600, seed=3, as_of=AS_OF)


@pytest.fixture
def loaded(tables, transactional_db):
    """The country in the records."""
    return loading.load_tables(tables, origin=loading.Origin("test", 3, synthetic=True))


def test_the_way_through_the_database_changes_nothing(tables, loaded, tmp_path):
    """Tables frozen straight from memory and tables that were loaded and read back have the same digest."""
    through = freeze(tmp_path / "through", as_of=AS_OF)
    key = bytes.fromhex(keys.load(settings.load()).pseudonym_key)
    straight = snapshot.write(
        snapshot.freeze_tables(tables, key),
        tmp_path / "straight",
        as_of=AS_OF,
        policy_digest=policy.digest(),
        synthetic=True,
    )
    assert through.digest == straight.digest
    assert through.synthetic


def test_the_digest_follows_the_records(loaded, tmp_path):
    """Frozen again it is the same; after one change of one row it is another."""
    first = freeze(tmp_path / "first", as_of=AS_OF)
    assert freeze(tmp_path / "second", as_of=AS_OF).digest == first.digest
    models.Household.objects.filter(pk=models.Household.objects.first().pk).update(cause="water")
    models.Household.objects.filter(pk=models.Household.objects.last().pk).update(cause="land")
    assert freeze(tmp_path / "third", as_of=AS_OF).digest != first.digest


def test_unchanged_records_are_found_under_their_name(loaded, tmp_path, monkeypatch):
    """Freezing twice gives one folder, named by day and digest, and leaves nothing half done beside it."""
    monkeypatch.setattr("jiedui.runtime.settings._home", lambda env: tmp_path)
    folder, manifest = freeze_by_digest(as_of=AS_OF)
    assert freeze_by_digest(as_of=AS_OF) == (folder, manifest)
    assert [path.name for path in (tmp_path / "snapshots").iterdir() if path.is_dir()] == [folder.name]


def test_progress_ends_at_the_whole(loaded, tmp_path):
    """The callback ends with all tables written and verified."""
    told = []
    freeze(tmp_path / "s", as_of=AS_OF, progress=lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]


def test_empty_records_are_not_frozen(transactional_db, tmp_path):
    """A snapshot of nothing would look like a country without poor: it is refused, and no folder is made."""
    with pytest.raises(JieduiError, match="records are empty"):
        freeze(tmp_path / "s", as_of=AS_OF)
    assert not (tmp_path / "s").exists()


def test_the_command_prints_the_digest(loaded, tmp_path):
    """`jiedui freeze` writes where it is told and prints the digest that the folder verifies to."""
    done = CliRunner().invoke(app, ["freeze", "--as-of", "2019-12-31", "--out", str(tmp_path / "s")])
    assert done.exit_code == 0, done.output
    assert snapshot.verify(tmp_path / "s").digest in done.output
    assert "synthetic" in done.output
