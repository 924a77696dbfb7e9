"""运行: read and write a roster of 28 columns with ours and the peers, and write the table and the figures.

`python -m bench.sheets.run [--quick] [--rows N] [--out FOLDER]`; each measurement is a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.matching import machine

RESULTS = machine.ROOT / "bench" / "results"
FULL, QUICK, SMALL = 1_000_000, 100_000, 100_000
LIBRARIES = ("pyarrow", "numpy", "numba", "python-calamine", "openpyxl", "xlsxwriter")
WORK = [
    ("write_ours", "write .xlsx", "Jiedui, streamed", "inline.xlsx"),
    ("write_xlsxwriter", "write .xlsx", "xlsxwriter, constant_memory", "small-peer.xlsx"),
    ("write_ours_csv", "write .csv", "Jiedui, streamed", "a.csv"),
    ("read_ours", "read .xlsx, inline texts", "Jiedui", "inline.xlsx"),
    ("read_calamine", "read .xlsx, inline texts", "python-calamine, iter_rows", "inline.xlsx"),
    ("read_ours", "read .xlsx, shared texts", "Jiedui", "shared.xlsx"),
    ("read_calamine", "read .xlsx, shared texts", "python-calamine, iter_rows", "shared.xlsx"),
    ("read_openpyxl", "read .xlsx, shared texts", "openpyxl, read_only", "small.xlsx"),
    ("read_ours", "read .xlsx, shared texts", "Jiedui", "small.xlsx"),
    ("read_ours", "read .csv", "Jiedui", "a.csv"),
]


def main(arguments: list[str] | None = None) -> int:
    """Measure everything once."""
    parser = argparse.ArgumentParser(prog="python -m bench.sheets.run", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="100,000 rows, into files of their own")
    parser.add_argument("--rows", type=int, default=0, help="another number of rows")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    asked = parser.parse_args(arguments)
    rows = asked.rows or (QUICK if asked.quick else FULL)
    small = min(SMALL, rows)
    stem = asked.out / ("sheets" if rows == FULL else "sheets-quick")
    figures: dict[str, Any] = {
        "machine": machine.facts() | _versions(), "when": datetime.now(UTC).date().isoformat(), "rows": rows,
        "small": small, "load": os.getloadavg()[0], "measured": [],
    }  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="jiedui-bench-") as folder:
        for name, count in (("shared.xlsx", rows), ("small.xlsx", small), ("practice.xlsx", 2000)):
            _child("write_shared", count, Path(folder) / name)
        _child("write_ours_csv", 2000, Path(folder) / "practice.csv")
        for task, work, library, file in WORK:
            count = small if file.startswith("small") else rows
            print(f"• {work}: {library}, {count:,} rows", flush=True)
            answer = _child(task, count, Path(folder) / file)
            figures["measured"].append({"work": work, "library": library, "rows": count, "file": file, **answer})
    asked.out.mkdir(parents=True, exist_ok=True)
    stem.with_suffix(".json").write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    stem.with_suffix(".md").write_text(page(figures), encoding="utf-8")
    print(f"• {stem.name}.md and {stem.name}.json are written.")
    return 0


def _child(task: str, rows: int, file: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.sheets.child", task, str(rows), str(file)]
    done = subprocess.run(command, cwd=machine.ROOT, check=True, stdout=subprocess.PIPE, text=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _versions() -> dict[str, str]:
    from importlib import metadata

    return {library: metadata.version(library) for library in LIBRARIES}


def page(figures: dict[str, Any]) -> str:
    """The table as Markdown."""
    about = figures["machine"]
    versions = ", ".join(f"{library} {about[library]}" for library in LIBRARIES)
    lines = [
        "# Spreadsheets beside other libraries", "",
        f"Written by `python -m bench.sheets.run`; all people in the roster are synthetic. "
        f"Measured {figures['when']}, load of the machine before {figures['load']:.1f}.",
        f"{about['processor']}, {about['cores']} cores, {about['memory']}, {about['system']}; "
        f"Python {about['python']}, "
        f"{versions}.", "",
        "28 columns with the header of a registry export; one run, each in a process of its own, compiled code in the "
        "cache. Time to write includes making the rows; time to read gives arrow columns (ours) or Python rows "
        "(peers). *Core seconds* are those of all threads. *Added* is the peak over what the process held "
        "before. *Same* says that rows, cells with content "
        f"and every 997th row are those that ours reads. openpyxl and xlsxwriter have "
        f"{figures['small']:,} rows only: compare cells a second.", "",
        "| work | library | rows | seconds | core seconds | million cells/s | peak MB | added MB | same |",
        "| --- | --- | --: | --: | --: | --: | --: | --: | --- |",
    ]  # fmt: skip
    for one in figures["measured"]:
        same = _same(one, figures["measured"])
        rate = one["rows"] * 28 / one["seconds"] / 1e6
        added = (one["peak_bytes"] - one["before_bytes"]) >> 20
        lines.append(
            f"| {one['work']} | {one['library']} | {one['rows']:,} | {one['seconds']:.2f} | "
            f"{one['busy_seconds']:.2f} | {rate:.2f} | "
            f"{one['peak_bytes'] >> 20:,} | {added:,} | {same} |"
        )
    return "\n".join(lines) + "\n"


def _same(one: dict[str, Any], measured: list[dict[str, Any]]) -> str:
    """Whether a peer has seen in a file what ours has."""
    if "digest" not in one:
        return "–"
    ours = next(m for m in measured if m["library"] == "Jiedui" and m["file"] == one["file"])
    return "✓" if all(one[key] == ours[key] for key in ("rows", "cells", "digest")) else "**no**"


if __name__ == "__main__":
    sys.exit(main())
