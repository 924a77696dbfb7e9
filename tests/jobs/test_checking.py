"""Checking a snapshot: every finding finds its pair, and irregularities planted in a country come to light."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jiedui import snapshot
from jiedui.jobs.checking import check
from jiedui.simulate import country
from jiedui.simulate.tables import pseudonym_key
from jiedui.snapshot.schema import TABLES


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> snapshot.Snapshot:
    """A synthetic country of 3,000 persons."""
    folder: Path = tmp_path_factory.mktemp("check") / "snapshot"
    tables = snapshot.freeze_tables(country(persons=3000, seed=5), pseudonym_key(5))
    snapshot.write(tables, folder, as_of=date(2019, 12, 31), policy_digest="test", synthetic=True)
    return snapshot.open(folder)


def test_rows_of_findings_exist(frozen: snapshot.Snapshot) -> None:
    """Every row that a finding names is in the snapshot: a reader can walk to it."""
    keys = {name: set(frozen.table(name, [table.key])[table.key].to_pylist()) for name, table in TABLES.items()}
    found = check(frozen, year=2019)
    assert found
    for placed in found:
        for ref in placed.finding.rows:
            assert ref.key in keys[ref.table], placed


def test_pairs_of_findings_are_those_of_their_rows(frozen: snapshot.Snapshot) -> None:
    """A finding about a row with a pair is placed at that pair."""
    direct = {"project", "secondment", "budget_line", "donation", "ledger_entry"}
    pair_of = {
        (name, row[TABLES[name].key]): row["pairing_id"] for name in direct for row in frozen.table(name).to_pylist()
    }
    judged = 0
    for placed in check(frozen, year=2019):
        pairs = {pair_of[ref.table, ref.key] for ref in placed.finding.rows if ref.table in direct}
        if pairs:
            judged += 1
            assert placed.pairing_id in pairs
    assert judged > 10


def test_an_earlier_year_does_not_see_what_came_later(frozen: snapshot.Snapshot) -> None:
    """Checking 2018 names no row that happened after 2018."""
    dated = {name: table for name, table in TABLES.items() if table.date}
    days = {
        (name, row[table.key]): row[table.date]
        for name, table in dated.items()
        for row in frozen.table(name).to_pylist()
    }
    for placed in check(frozen, year=2018):
        for ref in placed.finding.rows:
            if (ref.table, ref.key) in days:
                assert days[ref.table, ref.key] <= date(2018, 12, 31), placed


def test_progress_ends(frozen: snapshot.Snapshot) -> None:
    """Progress counts the rules up to their number."""
    heard: list[tuple[int, int]] = []
    check(frozen, year=2019, progress=lambda done, total: heard.append((done, total)))
    assert heard[-1][0] == heard[-1][1] == len(heard)
