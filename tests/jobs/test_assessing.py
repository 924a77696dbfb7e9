"""The wiring of an assessment: from a snapshot to a finished run with its rows, or to tables without a database."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date

import pytest
from typer.testing import CliRunner

from jiedui import snapshot
from jiedui.errors import JieduiError
from jiedui.jobs.assessing import assess, latest_snapshot
from jiedui.jobs.cli import app
from jiedui.policy import published
from jiedui.results import evidence
from jiedui.results.models import IndicatorValue, PairScore, RuleFinding, Run
from jiedui.simulate import country
from jiedui.simulate.tables import pseudonym_key


@pytest.fixture(scope="module")
def frozen(tmp_path_factory):
    """A synthetic country of 3,000 persons as a snapshot in a folder of snapshots."""
    folder = tmp_path_factory.mktemp("assess") / "2019-12-31-abc"
    tables = snapshot.freeze_tables(country(persons=3000, seed=11), pseudonym_key(11))
    snapshot.write(tables, folder, as_of=date(2019, 12, 31), policy_digest="test", synthetic=True)
    return folder


@pytest.fixture
def run(frozen, transactional_db):
    """Its stored assessment, and what was heard of its progress."""
    heard = []
    run = assess(frozen, progress=lambda done, total: heard.append((done, total)))
    run.heard = heard
    return run


@pytest.mark.duty("assessment.1")
def test_an_assessment_becomes_a_finished_run(frozen, run):
    """All 32 pairs, both sides, five areas; each stored number has as many rows as it says; progress ends."""
    stored = Run.objects.get(pk=run.pk)
    assert (stored.status, stored.scheme, stored.year) == ("finished", "opinion-2016", 2019)
    assert stored.snapshot_digest == snapshot.open(frozen).digest
    assert [row["pairing_id"] for row in stored.summary["pairings"]] == [
        pairing.pairing_id for pairing in published.pairings_2016()
    ]
    assert (stored.summary["as_of"], stored.summary["synthetic"]) == ("2019-12-31", True)
    assert {(score.side, score.area) for score in PairScore.objects.filter(run=run)} == {
        (side, area)
        for side in ("donor", "recipient")
        for area in ("", "poverty", "labour", "industry", "talent", "funding")
    }
    assert run.heard[-1] == (1.0, 1.0)
    assert [done for done, _ in run.heard] == sorted(done for done, _ in run.heard)
    for value in IndicatorValue.objects.filter(run=run)[::40]:
        assert value.evidence_rows == evidence.count(run, value.indicator, value.pairing_id, value.side)
        assert (value.value is None) == bool(value.missing_reason)
    assert RuleFinding.objects.filter(run=run).exists()


def test_assessing_again_gives_the_same_numbers(frozen, run):
    """A second run of the same snapshot stores the same values and scores."""
    fields = ("pairing_id", "side", "area", "indicator", "value", "score", "previous")
    again = assess(frozen)
    before = set(IndicatorValue.objects.filter(run=run).values_list(*fields))
    assert before == set(IndicatorValue.objects.filter(run=again).values_list(*fields))


def test_a_year_that_cannot_be_assessed_leaves_no_finished_run(frozen, transactional_db):
    """The error reaches the caller; what was begun is marked as failed."""
    with pytest.raises(JieduiError, match="assesses 2017 to 2020"):
        assess(frozen, year=2012)
    assert set(Run.objects.values_list("status", flat=True)) <= {"failed"}


def test_tables_without_a_database(frozen, tmp_path):
    """`--out` writes tables that agree with each other and stores nothing."""
    out = tmp_path / "tables"
    result = CliRunner().invoke(app, ["assess", "--year", "2019", "--snapshot", str(frozen), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "missing (never zero)" in result.output
    with (out / "values.csv").open(encoding="utf-8") as lines:
        values = list(csv.DictReader(lines))
    with (out / "evidence.csv").open(encoding="utf-8") as lines:
        rows = Counter((row["indicator"], row["pairing_id"]) for row in csv.DictReader(lines))
    assert {(value["indicator"], value["pairing_id"]): int(value["evidence_rows"]) for value in values} == {
        (value["indicator"], value["pairing_id"]): rows[value["indicator"], value["pairing_id"]] for value in values
    }
    assert {len(value["missing_reason"]) > 0 for value in values if not value["value"]} == {True}


def test_the_latest_snapshot_that_reaches_the_year(frozen, tmp_path):
    """Of a folder of snapshots the one that reaches into the year is taken; where none does, that is said."""
    assert latest_snapshot(frozen.parent, year=2019) == frozen
    with pytest.raises(JieduiError, match="no snapshot of 2020") as caught:
        latest_snapshot(frozen.parent, year=2020)
    assert "jiedui freeze" in caught.value.remedy
    with pytest.raises(JieduiError, match="no snapshot of 2019"):
        latest_snapshot(tmp_path, year=2019)
