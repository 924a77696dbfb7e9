"""The runner and its page."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from bench.matching import chart, report, run
from bench.matching.figures import Measured, figures, same_optimum, verdicts
from bench.matching.plan import Row, rows

ROOT = Path(__file__).resolve().parents[2]


def measured(solve: float, peer: float, **other: object) -> Measured:
    """One run of ours and of the peer with the same optimum, unless `other` says otherwise."""
    ours = {"value": 5, "placements": 1, "gap": 0.0, "proven": True, "verified": True, "status": "optimal",
            "build_seconds": 0.5, "solve_seconds": solve, "peak_bytes": 2e9, **other}  # fmt: skip
    theirs = {"value": 5, "placements": 1, "build_seconds": 3.0, "solve_seconds": peer, "peak_bytes": 3e9}
    return Measured(ours=[ours], peer=theirs, when="2026-01-01", engine="abc")


def row(key: str) -> Row:
    """The row of this name."""
    return next(found for found in rows() if found.key == key)


def test_a_tiny_run_has_every_row(tmp_path):
    """One measured row, in child processes; the page names every other row as not in this run."""
    assert run.main(["--only", "stable_matching:1k", "--runs", "1", "--out", str(tmp_path)]) == 0

    page = (tmp_path / "matching.md").read_text(encoding="utf-8")
    for expected in rows():
        assert re.search(rf"\(`{expected.work}`\) \| {expected.size} \|", page), expected.key
    assert page.count("not in this run") == len(rows()) - 1
    found = json.loads((tmp_path / "matching.json").read_text(encoding="utf-8"))["rows"]["stable_matching:1k"]
    assert found["ours"][0].get("verified"), found["ours"][0]
    assert found["peer"].get("value", found["ours"][0]["value"]) == found["ours"][0]["value"]
    assert str(ROOT) not in page
    ElementTree.parse(tmp_path / "matching.svg")


def test_every_target_of_the_issue_has_a_row():
    """Base and eight variants at both sizes, the gap, ten million, quotas, couples, stable, warm, 10k, first call."""
    keys = {row.key for row in rows()}
    variants = ("base", "ties", "cardinality", "common", "one_seat", "expander", "scarce", "slack", "noisy")

    assert len(keys) == len(rows())
    assert {f"{variant}:{size}" for variant in variants for size in ("100k", "1m")} <= keys
    assert {"gap:1m", "base:10m", "quotas:1m", "couples5:100k", "couples5:1m", "couples20:100k", "stable5:1m",
            "stable20:1m", "warm:1m", "base:10k", "cold:10k"} <= keys  # fmt: skip


@pytest.mark.parametrize(
    ("found", "firm", "aim"),
    [
        (measured(1.0, 60.0), True, True),
        (measured(1.0, 25.0), True, False),
        (measured(1.0, 10.0), False, False),
        (measured(1.0, 60.0, value=4), False, False),
        (measured(1.0, 60.0, proven=False), False, False),
        (measured(1.0, 60.0, verified=False), False, False),
    ],
    ids=["aim", "firm", "missed", "another optimum", "not proven", "not verified"],
)
def test_a_target_is_met_only_by_a_true_answer(found, firm, aim):
    """Twenty times on base: fast is not enough where the optimum differs, is not proven or not verified."""
    first = verdicts(row("base:1m"), {"base:1m": found})[0]

    assert (first.firm, first.aim) == (firm, aim)


def test_ratios_are_told_apart():
    """Solve over solve; and the peer's solve alone over our building and solving."""
    found = figures(row("base:1m"), {"base:1m": measured(1.0, 30.0)})

    assert found["speedup"] == 30.0
    assert found["speedup_packed"] == 20.0


def test_how_much_is_missed():
    """Ten times instead of twenty: by two."""
    missed = verdicts(row("base:1m"), {"base:1m": measured(1.0, 10.0)})[0]

    assert missed.missed_by == 2.0
    assert "**missed**: 10 × OR-Tools, by 2.00 times" in report.reached(row("base:1m"), {"base:1m": measured(1, 10)})


def test_a_reason_stands_in_the_table():
    """A refusal of ours and a stopped peer are said, not hidden."""
    all_ = {
        "base:1m": Measured(ours=[{"reason": "Not yet | here"}], peer={"reason": "stopped after 900 s"}),
        "base:10k": measured(0.1, 0.2),
    }
    page = report.page(rows(), all_, "matching.svg")

    assert "Not yet / here" in page
    assert "stopped after 900 s" in page
    assert same_optimum(row("base:1m"), all_) is None
    assert "stopped after 900 s" in chart.draw(rows(), all_)


def test_runs_that_differ_are_no_answer():
    """Two runs of ours with two values meet nothing."""
    found = measured(1.0, 60.0)
    found.ours.append({**found.ours[0], "value": 6})

    assert not found.solved
    assert verdicts(row("base:1m"), {"base:1m": found})[0].firm is None


def test_a_failing_child_is_a_reason(tmp_path):
    """Whatever breaks in a child becomes one line of the table; a cap ends it."""
    task = {"do": "peer", "peer": "lemon", "objective": "utility", "folder": str(tmp_path / "nothing")}

    assert run._child(task, tmp_path, 60)["reason"].startswith("failed: FileNotFoundError")
    assert run._child(task, tmp_path, 0)["reason"] == "stopped after 0 s"


def test_unknown_rows_are_refused(tmp_path):
    """A mistyped name is said before anything runs."""
    with pytest.raises(SystemExit, match="no row 'bse:1m'"):
        run.main(["--only", "bse:1m", "--out", str(tmp_path)])


def test_the_lock_of_the_benchmark_agrees_with_the_product():
    """`bench.lock` is `app.lock` and a few packages more, so that measuring never changes what is measured."""
    app, bench = (
        set(re.findall(r"^\S+==\S+", (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8"), re.M))
        for name in ("app", "bench")
    )
    assert app <= bench
    assert {"highspy", "matching", "pylmcf"} <= {name.partition("==")[0] for name in bench - app}
