"""What an engine returned becomes a finished run, or nothing of it does."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import psycopg
import pyarrow as pa
import pytest
from django.db import connection
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from jiedui.assessment.outcome import SCHEMAS
from jiedui.errors import JieduiError
from jiedui.results import copying, evidence, store
from jiedui.results.models import (
    IndicatorDefinition,
    IndicatorValue,
    PairProposal,
    PairScore,
    Proposal,
    RuleFinding,
    Run,
)
from jiedui.results.queries.runs import latest
from jiedui.terms.scope import Scope
from tests.results import worlds

pytestmark = pytest.mark.django_db
LINEAGE = {"snapshot_digest": "d", "snapshot_path": "snapshots/2019-12-31", "policy_digest": "p"}


@pytest.fixture(autouse=True)
def _state_folder(tmp_path, monkeypatch):
    """Files of runs go to an empty folder; the database stays that of the tests."""
    monkeypatch.setattr("jiedui.results.folders.of", lambda run: tmp_path / run.folder)


def _table(name, *rows):
    return pa.Table.from_pylist(list(rows), schema=SCHEMAS[name])


def _outcome(**changes):
    """An assessment of one pair with one indicator, whose value is 2 of 3, and one that is missing."""
    definition = {
        **dict.fromkeys(SCHEMAS["definitions"].names, ""), "indicator": "stable_east", "area": "labour",
        "side": "recipient", "weight": 0.25, "weight_in_area": 1.0, "basis": "ours", "parameters": '{"months": 6}',
        "rule_zh": "六个月", "rule_en": "six months", "sql": "SELECT 1",
    }  # fmt: skip
    value = {
        "pairing_id": 1, "side": "recipient", "area": "labour", "indicator": "stable_east", "value": 2 / 3,
        "unit": "ratio", "numerator": 2.0, "denominator": 3.0, "score": 80.0, "evidence_rows": 1, "missing_reason": "",
    }  # fmt: skip
    missing = {
        **value,
        "indicator": "settled",
        "value": None,
        "score": None,
        "evidence_rows": 0,
        "missing_reason": "未报",
    }
    row = {
        "indicator": "stable_east", "side": "recipient", "pairing_id": 1, "row_table": "placement", "row_id": "7",
        "region_code": "530602101001", "happened_on": date(2019, 3, 1), "amount": 1.0, "subject": "", "part": "",
    }  # fmt: skip
    score = {"pairing_id": 1, "side": "recipient", "area": "", "score": 80.0, "weight": 1.0, "rank": 1, "grade": "good"}
    tables = {
        **{name: _table(name) for name in SCHEMAS},
        "definitions": _table("definitions", definition),
        "values": _table("values", value, missing),
        "scores": _table("scores", score),
        "evidence": _table("evidence", row),
        "sensitivity": _table("sensitivity", {"pairing_id": 1, "side": "recipient", "rank_low": 1, "rank_high": 3}),
    }
    return SimpleNamespace(**{**tables, **changes})


def _assess(**changes):
    with store.running("assess", scheme="opinion-2016", year=2019, seed=1, **LINEAGE) as run:
        store.save_assessment(run, _outcome(**changes), summary={"as_of": "2019-12-31", "pairings": []})
    return run


def test_a_finished_assessment_can_be_read_back():
    """Definitions, values, scores, evidence, summary, parameters and lineage are those of the outcome."""
    run = _assess()
    found = latest("assess")
    assert found == run
    assert (found.scheme, found.year, found.snapshot_digest, found.policy_digest) == ("opinion-2016", 2019, "d", "p")
    assert found.parameters == {"stable_east": {"months": 6}}
    assert found.summary["as_of"] == "2019-12-31"
    assert found.summary["sensitivity"][0]["rank_high"] == 3
    assert IndicatorDefinition.objects.get(run=run).rule_text == "六个月"
    value = IndicatorValue.objects.get(run=run, indicator="stable_east")
    assert (value.value, value.numerator, value.previous) == (Decimal("0.666667"), 2, None)
    assert PairScore.objects.get(run=run).grade == "good"
    assert evidence.read(run, "stable_east", 1, "recipient", Scope.of(["53"]))[1] == value.evidence_rows


def test_a_missing_value_says_why():
    """A value that is not known is null with its reason; without a reason the run is refused."""
    run = _assess()
    value = IndicatorValue.objects.get(run=run, indicator="settled")
    assert (value.value, value.missing_reason) == (None, "未报")
    silent = _outcome().values.to_pylist()
    silent[1]["missing_reason"] = ""
    with pytest.raises(Exception, match="missing_says_why"):
        _assess(values=_table("values", *silent))


def test_findings_are_stored_with_their_rows():
    """A finding keeps its duty, place, pair and the rows that it points to."""
    from jiedui.policy.findings import Finding, RowRef

    found = Finding("labour.5", "warning", "placement:7", "仅电话", (RowRef("placement", 7),), "by phone only", "rule")
    placed = SimpleNamespace(finding=found, pairing_id=1, region_code="530602101001")
    with store.running("assess", **LINEAGE) as run:
        store.save_assessment(run, _outcome(), findings=[placed])
    stored = RuleFinding.objects.get(run=run)
    assert (stored.duty, stored.pairing_id, stored.rows) == ("labour.5", 1, [{"table": "placement", "key": 7}])


def test_proposals_keep_their_numbers(monkeypatch):
    """Points, prices and what does not apply come back as they were, in several parts; the counts are told by place."""
    monkeypatch.setattr(copying, "_ROWS_AT_ONCE", 2)
    rows = [
        worlds.proposal(1, region_code="530602101001", points=[100, -7], utility=93, price=None, tier=0),
        worlds.proposal(2, region_code="530602101002", points=[100, 0], work_region_code="330102", partner="together"),
        worlds.proposal(3, region_code="533301100001", points=[], distance_km=None),
    ]
    with store.running("match", area="labour", year=2019, **LINEAGE) as run:
        store.save_proposals(run, worlds.proposals(rows), summary={"certificate": {"gap": 0}, "comparison": []})
    kept = {row.worker_id: row for row in Proposal.objects.filter(run=run)}
    assert [kept[number].points for number in (1, 2, 3)] == [[100, -7], [100, 0], []]
    assert (kept[1].price, kept[1].utility, kept[3].distance_km, kept[2].partner) == (None, 93, None, "together")
    summary = latest("match").summary
    assert summary["certificate"] == {"gap": 0}
    assert summary["spread"] == {
        "home": {"530602": 2, "533301": 1}, "work": {"310115": 2, "330102": 1}, "tier": {"0": 1, "1": 2},
        "partner": {"": 2, "together": 1},
    }  # fmt: skip


def test_a_run_without_proposals_is_a_run():
    """Nobody could be placed: it is finished, and there is nothing to see."""
    with store.running("match", area="labour", year=2019, **LINEAGE) as run:
        store.save_proposals(run, worlds.proposals([]))
    assert latest("match") == run
    assert not Proposal.objects.exists()


def test_pairs_keep_their_facts():
    """Facts come as structs or as text, and are the same afterwards; the problem is the run's."""
    told = [worlds.pair(1, 10, facts={"burden": 3, "grade": "甲", "not_known": None}), worlds.pair(1, 11)]
    asked = store.Asked(problem="county_pair", region_code="530000", settings={"quotas": {}}, based_on=None)
    with store.running("match", area="pairing", year=2019, asked=asked, **LINEAGE) as run:
        store.save_pair_proposals(run, worlds.pairs(told), summary={"parts": ["served"]})
    kept = list(PairProposal.objects.order_by("right_id"))
    assert kept[0].facts == {"burden": 3, "grade": "甲"}
    assert [row.problem for row in kept] == ["county_pair"] * 2
    assert (run.problem, run.region_code) == ("county_pair", "530000")


def test_a_failed_save_leaves_no_number():
    """When one table cannot be stored, none is: no values, no latest run, and the run says why."""
    wrong = _table("scores", *[{"pairing_id": 1, "side": "recipient", "area": "", "score": 1.0}] * 2)
    with pytest.raises(Exception, match="pair_score_once"):
        _assess(scores=wrong)
    assert latest("assess") is None
    assert not IndicatorValue.objects.exists()
    run = Run.objects.get()
    assert run.status == "failed"
    assert "pair_score_once" in run.summary["failed_because"]


def test_an_error_in_the_engine_fails_the_run():
    """Whatever ends the body, Ctrl-C too, the run is failed and the error goes on."""
    with pytest.raises(KeyboardInterrupt), store.running("match", **LINEAGE):
        raise KeyboardInterrupt
    with pytest.raises(JieduiError, match="ended without results"), store.running("match", **LINEAGE):
        pass
    assert set(Run.objects.values_list("status", flat=True)) == {"failed"}


def test_a_run_is_finished_once():
    """A second save into a finished run is refused."""
    run = _assess()
    with pytest.raises(JieduiError, match="finished or failed already"):
        store._finish(run, {}, None)


KILLED = """
import os, django, psycopg
from django.conf import settings
from jiedui.runtime import django as ours
ours.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = {name!r}
from jiedui.results import store
with store.running("assess", snapshot_digest="d", snapshot_path="s", policy_digest="p"):
    os.kill(os.getpid(), 9)
"""


@pytest.mark.django_db(transaction=True)
def test_a_killed_run_is_closed_by_the_next_one():
    """A process killed in the middle leaves a run that nobody reads; the next run marks it as failed."""
    name = connection.settings_dict["NAME"]
    subprocess.run([sys.executable, "-c", KILLED.format(name=name)], check=False, capture_output=True, timeout=120)
    killed = Run.objects.get()
    assert killed.status == "running"
    assert latest("assess") is None
    with store.running("assess", **LINEAGE) as run:
        killed.refresh_from_db()
        assert killed.status == "failed"
        store.save_assessment(run, _outcome())
    assert latest("assess") == run


def test_a_run_of_a_living_process_is_left_alone(running_database):
    """While another session holds the run's lock, the run is going on; when the session is gone, it is closed."""
    run = Run.objects.create(kind="assess", started_at=timezone.now(), **LINEAGE)
    address = make_conninfo(running_database.owner_dsn, dbname=connection.settings_dict["NAME"])
    with psycopg.connect(address) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [store._LOCK, store._lock_number(run.run_id)])
        assert store.close_abandoned() == 0
    assert store.close_abandoned() == 1
