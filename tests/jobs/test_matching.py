"""The wiring of a match: from a snapshot to a finished run with proposals, or to a failed one without."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
from typer.testing import CliRunner

from jiedui import snapshot
from jiedui.errors import JieduiError, NotVerified
from jiedui.jobs.cli import app
from jiedui.jobs.matching import match
from jiedui.results.models import Proposal, Run
from jiedui.simulate import country
from jiedui.simulate.tables import pseudonym_key

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def frozen(tmp_path_factory):
    """A synthetic country of 2,000 persons as a snapshot."""
    folder = tmp_path_factory.mktemp("match") / "snapshot"
    tables = snapshot.freeze_tables(country(persons=2000, seed=5), pseudonym_key(5))
    snapshot.write(tables, folder, as_of=date(2019, 12, 31), policy_digest="test", synthetic=True)
    return folder


@pytest.mark.duty("labour.3")
def test_a_match_becomes_a_finished_run_with_its_lineage(frozen):
    """Every placed worker has a stored proposal; the summary holds the proof and the comparison; progress ends."""
    heard = []
    run = match(frozen, progress=lambda done, total: heard.append((done, total)))
    stored = Run.objects.get(pk=run.pk)
    assert (stored.status, stored.area, stored.year) == ("finished", "labour", 2019)
    assert stored.snapshot_digest == snapshot.open(frozen).digest
    assert stored.parameters["labour.utility.placement"] > 0
    assert 0 <= stored.summary["certificate"]["gap"] < 0.01  # couples leave a gap, which the bound certifies
    assert Proposal.objects.filter(run=run).count() == stored.summary["certificate"]["placements"] > 0
    assert [row["way"] for row in stored.summary["comparison"]] == ["first come first served", "greedy", "optimal"]
    assert heard[-1][0] == heard[-1][1]
    assert [done for done, _ in heard] == sorted(done for done, _ in heard)


def test_on_the_synthetic_country_the_optimum_places_most(frozen):
    """Against both simple rules: at least as many placed, first tier and all together."""
    *simple, optimal = match(frozen).summary["comparison"]
    for row in simple:
        assert row["placements_first_tier"] <= optimal["placements_first_tier"]
        assert row["placements"] <= optimal["placements"]


def test_a_damaged_snapshot_is_refused_before_a_run_begins(frozen, tmp_path):
    """A changed file: not verified, and no run is left behind."""
    damaged = tmp_path / "damaged"
    shutil.copytree(frozen, damaged)
    file = next(damaged.rglob("worker*.parquet"), None) or next(damaged.rglob("*.parquet"))
    file.write_bytes(file.read_bytes()[:-9] + b"damaged!!")
    with pytest.raises(NotVerified):
        match(damaged)
    assert not Run.objects.exists()


def test_the_command_prints_the_proof_and_the_comparison(frozen):
    """`jiedui match` says how many, how near the optimum they surely are, and how simple rules would have done."""
    printed = CliRunner().invoke(app, ["match", str(frozen)], catch_exceptions=False).output
    for word in ("the optimum", "first come first served", "greedy", "free seats"):
        assert word in printed


def test_help_teaches_with_an_example():
    """`jiedui match --help` shows a call."""
    printed = CliRunner().invoke(app, ["match", "--help"]).output
    assert "jiedui match snapshots/2019-12-31" in printed


def test_a_run_may_be_told_whom_to_serve_and_how(frozen):
    """A region, another weight, a quota, an earlier run: all of it stands in the run, and is held."""
    rows = snapshot.open(frozen).table("worker", ["region_code"])["region_code"].to_pylist()
    county = max({row[:6] for row in rows}, key=[row[:6] for row in rows].count)
    options = ["--region", county, "--set", "labour.utility.nearby=40", "--quota", f"{county}=0:1"]
    CliRunner().invoke(app, ["match", str(frozen), *options], catch_exceptions=False)
    first = Run.objects.get()
    assert (first.region_code, first.settings["parameters"]) == (county, {"labour.utility.nearby": 40})
    assert first.parameters["labour.utility.nearby"] == 40
    assert first.settings["quotas"] == {county: [0, 1]}
    assert [row.region_code[:6] for row in Proposal.objects.all()] in ([], [county])
    CliRunner().invoke(app, ["match", str(frozen), *options, "--warm", str(first.pk)], catch_exceptions=False)
    assert Run.objects.latest("finished_at").based_on == first.pk


def test_what_cannot_be_told_is_said(frozen):
    """A place that is none, an official parameter, a quota without a number, a run that is none: no run begins."""
    for options, said in [
        (["--region", "99"], "no division"),
        (["--set", "labour.minimum_age=14"], "changes no parameter of ours"),
        (["--set", "labour.utility.nearby=-1"], "no whole number"),
        (["--quota", "530602"], "is no quota"),
        (["--quota", "530602=3:2"], "the most is below the least"),
        (["--warm", "yesterday"], "no number of a run"),
        (["--warm", "00000000-0000-0000-0000-000000000001"], "no finished run"),
        (["--problem", "chess"], "no matching problem"),
    ]:
        result = CliRunner().invoke(app, ["match", str(frozen), *options])
        assert isinstance(result.exception, JieduiError), options
        assert said in result.exception.message
    assert not Run.objects.exists()
