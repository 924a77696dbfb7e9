"""运行: measure ours and the peers side by side, and write the table, the figures and the chart.

`python -m bench.matching.run [--quick] [--only work:size,…] [--runs N] [--threads N] [--out FOLDER] [--list]`
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.matching import chart, machine, report
from bench.matching.figures import Measured
from bench.matching.instances import SIZES
from bench.matching.plan import Row, rows

RESULTS = machine.ROOT / "bench" / "results"
OURS_CAP = 1800
"""Seconds for one run of ours, verification included."""
ENOUGH = 600
"""Seconds after which a row of ours is not run again."""
SHORT = 5.0
"""A peer that needs less than these seconds is run three times, and the median counts."""
Runs = dict[str, list[dict[str, Any]]]


def main(arguments: list[str] | None = None) -> int:
    """Measure what was asked for, one market after the other; results are written after every row."""
    asked = _arguments(arguments)
    plan = rows()
    if asked.list:
        print("\n".join(f"{row.key:28}{row.title}" for row in plan))
        return 0
    chosen = _chosen(plan, asked)
    stem = asked.out / ("matching-quick" if asked.quick else "matching")
    measured = _earlier(stem) if asked.only else {}
    for family, size in dict.fromkeys((row.family, row.size) for row in chosen):
        with tempfile.TemporaryDirectory(prefix="jiedui-bench-") as folder:
            here = [row for row in chosen if (row.family, row.size) == (family, size)]
            _measure_market(family, size, here, asked, Path(folder), measured, stem)
    print(f"• {stem.name}.md, {stem.name}.json, {stem.name}.svg are written.")
    return 0


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-matching", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10k and 100k only, into files of their own")
    parser.add_argument("--only", default="", help="rows as work:size or work, with commas; the other rows stay")
    parser.add_argument("--runs", type=int, default=3, help="runs of ours; the median counts")
    parser.add_argument("--threads", type=int, default=None, help="threads of ours (default: as `solve` chooses)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    parser.add_argument("--list", action="store_true", help="list the rows and stop")
    return parser.parse_args(arguments)


def _chosen(plan: list[Row], asked: argparse.Namespace) -> list[Row]:
    chosen = [row for row in plan if row.quick] if asked.quick else plan
    if not asked.only:
        return chosen
    names = [name.strip() for name in asked.only.split(",") if name.strip()]
    for name in names:
        if not any(name in (row.key, row.work) for row in plan):
            sys.exit(f"✗ There is no row {name!r}; --list shows them.")
    return [row for row in chosen if row.key in names or row.work in names]


def _earlier(stem: Path) -> dict[str, Measured]:
    """The rows of an earlier run on the same machine with the same libraries; none otherwise."""
    file = stem.with_suffix(".json")
    if not file.is_file():
        return {}
    content = json.loads(file.read_text(encoding="utf-8"))
    if content["machine"] != machine.facts():
        print("• The earlier results are of another machine or other versions: they are not kept.")
        return {}
    return {key: Measured(**row) for key, row in content["rows"].items()}


def _measure_market(
    family: str, size: str, here: list[Row], asked: argparse.Namespace, folder: Path, measured: dict[str, Measured],
    stem: Path,
) -> None:  # fmt: skip
    """All rows on one market: it is generated once, and what two rows share is measured once."""
    market = folder / "market"
    made = _child({"do": "generate", "family": family, "agents": SIZES[size], "folder": str(market)}, folder, OURS_CAP)
    print(f"── {family} {size}: {made.get('reason') or str(made['edges']) + ' edges'}", flush=True)
    runs: Runs = {}
    for row in here:
        found = Measured(when=f"{datetime.now(UTC):%Y-%m-%d}", engine=machine.engine())
        found.ours = made_runs(row, asked, market, folder, runs)
        if row.peer and not row.peer.startswith("same:"):
            found.peer = _peer(row, market, folder)
        measured[row.key] = found
        print(f"   {row.key}: {report.in_words(row, measured)}", flush=True)
        write(stem, measured)


def made_runs(row: Row, asked: argparse.Namespace, market: Path, folder: Path, runs: Runs) -> list[dict[str, Any]]:
    """Our runs of a row, each in its own process; the first is verified."""
    task = {"do": "ours", "family": row.family, "measure": row.measure, "objective": row.objective,
            "folder": str(market), "threads": asked.threads, **row.task}  # fmt: skip
    name = json.dumps(task, sort_keys=True)
    if name in runs:
        return runs[name]
    made: list[dict[str, Any]] = []
    started = time.monotonic()
    while len(made) < asked.runs and (not made or time.monotonic() - started < ENOUGH):
        made.append(_child({**task, "verify": not made}, folder, OURS_CAP))
        if "reason" in made[-1]:
            break
    runs[name] = made
    return made


def _peer(row: Row, market: Path, folder: Path) -> dict[str, Any]:
    """The peer of a row: once, or the median of three where it is short."""
    task = {"do": "peer", "peer": row.peer, "objective": row.objective, "folder": str(market)}
    if row.peer == "ortools_quotas" and not (market / "quotas.npy").is_file():
        return {"reason": "the quotas were not set: ours has no optimum without them"}
    made = [_child(task, folder, row.cap)]
    while "reason" not in made[0] and made[0]["solve_seconds"] < SHORT and len(made) < 3:
        made.append(_child(task, folder, row.cap))
    solved = [answer for answer in made if "reason" not in answer]
    if not solved:
        return made[0]
    middle = {name: statistics.median(answer[name] for answer in solved)
              for name in ("build_seconds", "solve_seconds", "peak_bytes")}  # fmt: skip
    return {**solved[0], **middle, "runs": len(solved)}


def _child(task: dict[str, Any], folder: Path, cap: int) -> dict[str, Any]:
    """One task in a process of its own, ended after `cap` seconds; a failure is a reason, with its last words."""
    file = folder / "task.json"
    file.write_text(json.dumps(task), encoding="utf-8")
    answer = file.with_suffix(".out.json")
    answer.unlink(missing_ok=True)
    environment = {**os.environ}
    empty = folder / "numba"
    if task.get("cold"):
        shutil.rmtree(empty, ignore_errors=True)
        environment["NUMBA_CACHE_DIR"] = str(empty)
    command = [sys.executable, "-m", "bench.matching.child", str(file)]
    try:
        ended = subprocess.run(command, cwd=machine.ROOT, env=environment, timeout=cap, check=False,
                               stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"reason": f"stopped after {cap} s"}
    if ended.returncode or not answer.is_file():
        words = [line for line in ended.stderr.splitlines() if line.strip()]
        return {"reason": f"failed: {words[-1].strip()[:200] if words else f'exit status {ended.returncode}'}"}
    return dict(json.loads(answer.read_text(encoding="utf-8")))


def write(stem: Path, measured: dict[str, Measured]) -> None:
    """The three files of the results."""
    stem.parent.mkdir(parents=True, exist_ok=True)
    content = {"machine": machine.facts(), "rows": {key: asdict(found) for key, found in measured.items()}}
    stem.with_suffix(".json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    picture = stem.with_suffix(".svg")
    picture.write_text(chart.draw(rows(), measured), encoding="utf-8")
    stem.with_suffix(".md").write_text(report.page(rows(), measured, picture.name), encoding="utf-8")


def _end(signal_: int, frame: object) -> None:
    """SIGTERM ends the running child too: `subprocess.run` kills it when an exception passes."""
    sys.exit(128 + signal_)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _end)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("✗ Interrupted; the rows measured so far are written.")
