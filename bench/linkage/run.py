"""运行: duplicates in a synthetic register with labelled damage: ours and Splink side by side.

`python -m bench.linkage.run [--quick] [--runs N] [--out FOLDER]`
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from bench.linkage import report
from bench.matching import machine

RESULTS = machine.ROOT / "bench" / "results"
CAP = 1200
"""Seconds for one process."""
SEED = 20
"""Not the seed of training."""
REGISTERS = {"common": 0.02, "rare": 0.002}
"""Share of the persons that stand twice. The weights were trained at the first."""
LIBRARIES = ("numpy", "pyarrow", "duckdb", "splink", "pypinyin", "opencc")


def main(arguments: list[str] | None = None) -> int:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="100,000 persons, into files of their own")
    parser.add_argument(
        "--runs", type=int, default=3, help="runs of each engine on the first register; the median time counts"
    )
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    asked = parser.parse_args(arguments)
    persons = 100_000 if asked.quick else 1_000_000
    stem = asked.out / ("linkage-quick" if asked.quick else "linkage")
    measured: dict[str, Any] = {"when": f"{datetime.now(UTC):%Y-%m-%d}", "machine": facts(), "registers": {}}
    for name, share in REGISTERS.items():
        with tempfile.TemporaryDirectory(prefix="jiedui-bench-") as folder:
            made = _child({"do": "generate", "persons": persons, "share": share, "seed": SEED, "folder": folder})
            print(f"── {name}: {made}", flush=True)
            runs = asked.runs if name == "common" else 1
            engines = {
                engine: _runs({"do": "ours", "engine": by, "folder": folder}, runs)
                for engine, by in (("ours", "duckdb"), ("splink", "splink"))
            }
        measured["registers"][name] = {"share": share, "made": made, "engines": engines}
        for engine, found in engines.items():
            print(f"   {engine}: {report.in_words(found)}", flush=True)
        write(stem, measured)
    print(f"• {stem.name}.md, {stem.name}.json, {stem.name}.svg are written.")
    return 0


def facts() -> dict[str, str]:
    """The machine and the libraries that count here."""
    held = {name: value for name, value in machine.facts().items() if name not in machine.LIBRARIES}
    return held | {library: metadata.version(library) for library in LIBRARIES}


def write(stem: Path, measured: dict[str, Any]) -> None:
    """The three files of the results."""
    stem.parent.mkdir(parents=True, exist_ok=True)
    stem.with_suffix(".json").write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    stem.with_suffix(".svg").write_text(report.chart(measured), encoding="utf-8")
    stem.with_suffix(".md").write_text(report.page(measured, f"{stem.name}.svg"), encoding="utf-8")


def _runs(task: dict[str, Any], runs: int) -> dict[str, Any]:
    """The same task several times, each in a process of its own: the median of the times, the most memory."""
    made = [_child(task | {"first": run == 0}) for run in range(runs)]
    failed = [answer for answer in made if "reason" in answer]
    if failed:
        return failed[0]
    seconds = [answer["seconds"] for answer in made]
    return made[0] | {
        "seconds": statistics.median(seconds),
        "cpu_seconds": statistics.median(answer["cpu_seconds"] for answer in made),
        "all_seconds": seconds,
        "peak_bytes": max(answer["peak_bytes"] for answer in made),
    }


def _child(task: dict[str, Any]) -> dict[str, Any]:
    """One task in a process of its own, ended after the cap; a failure is a reason, with its last words."""
    with tempfile.TemporaryDirectory(prefix="jiedui-bench-") as folder:
        file = Path(folder) / "task.json"
        file.write_text(json.dumps(task), encoding="utf-8")
        command = [sys.executable, "-m", "bench.linkage.child", str(file)]
        try:
            ended = subprocess.run(
                command,
                cwd=machine.ROOT,
                timeout=CAP,
                check=False,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
            )
        except subprocess.TimeoutExpired:
            return {"reason": f"stopped after {CAP} s"}
        answer = file.with_suffix(".out.json")
        if ended.returncode or not answer.is_file():
            words = [line for line in ended.stderr.splitlines() if line.strip()]
            return {"reason": f"failed: {words[-1].strip()[:200] if words else ended.returncode}"}
        return dict(json.loads(answer.read_text(encoding="utf-8")))


if __name__ == "__main__":
    sys.exit(main())
