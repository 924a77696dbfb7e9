"""运行: the register beside django-import-export: import, difference import, export; into bench/results.

`python -m bench.register.run [--quick] [--rows N] [--out FOLDER]`. Each piece of work is a process of its own on a
scratch installation, with history, rules, rights and row-level security on.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bench.matching import machine

RESULTS: Final = machine.ROOT / "bench" / "results"
FULL, QUICK, PEER = 1_000_000, 50_000, 35_000
TARGETS: Final = {
    "import": ("≤ 180 s, ≤ 1.5 GB", "60 s"),
    "difference": ("≤ 75 s", "20 s"),
    "export": ("≤ 90 s, ≤ 500 MB, first byte ≤ 2 s", ""),
}


def main(arguments: list[str] | None = None) -> int:
    """Measure everything once."""
    parser = argparse.ArgumentParser(prog="make bench-register", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="50,000 rows, into files of their own")
    parser.add_argument("--rows", type=int, default=0, help="rows of the large roster")
    parser.add_argument("--no-peer", action="store_true", help="leave out django-import-export")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    asked = parser.parse_args(arguments)
    rows = asked.rows or (QUICK if asked.quick else FULL)
    with tempfile.TemporaryDirectory(prefix="jiedui-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the database server of root runs as another account
        bench = Bench(folder)
        try:
            figures = bench.all(rows, peer=not asked.no_peer)
        finally:
            bench.stop()
    figures |= {"machine": machine.facts(), "when": datetime.now(UTC).date().isoformat(), "load": os.getloadavg()[0]}
    stem = asked.out / ("register-quick" if asked.quick else "register")
    asked.out.mkdir(parents=True, exist_ok=True)
    stem.with_suffix(".json").write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    stem.with_suffix(".md").write_text(page(figures), encoding="utf-8")
    print(f"• {stem.name}.md and {stem.name}.json are written.")
    return 0


class Bench:
    """A scratch installation in a folder, and the children that work on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {**os.environ, "JIEDUI_HOME": str(folder / "home")}
        (folder / "home").mkdir()

    def all(self, rows: int, *, peer: bool) -> dict[str, Any]:
        """Every piece of work, one after the other."""
        self._keep_database()
        figures: dict[str, Any] = {"rows": rows, "measured": {}}
        measured = figures["measured"]
        for count in {rows, PEER}:
            print(f"• a roster of {count:,} rows", flush=True)
            self.child("make", str(count), str(self.folder))
        self.child("prepare", str(self.folder / f"villages-{PEER}.feather"))
        measured["small"] = self.child("import", str(self.folder / f"first-{PEER}.xlsx"))
        if peer:
            for way in ("plain", "bulk"):
                self.child("prepare", str(self.folder / f"villages-{PEER}.feather"))
                measured[f"peer_{way}"] = self.child("peer", str(self.folder / f"first-{PEER}.xlsx"), way)
        self.child("prepare", str(self.folder / f"villages-{rows}.feather"))
        measured["import"] = self.child("import", str(self.folder / f"first-{rows}.xlsx"))
        measured["same"] = self.child("import", str(self.folder / f"first-{rows}.xlsx"))
        measured["difference"] = self.child("import", str(self.folder / f"changed-{rows}.xlsx"))
        measured["export"] = self.child("export")
        return figures

    def child(self, *arguments: str) -> dict[str, Any]:
        """One piece of work in a process of its own; its answer."""
        print(f"  {' '.join(Path(one).name for one in arguments)}", flush=True)
        ended = subprocess.run(
            [sys.executable, "-m", "bench.register.child", *arguments], env=self.environment, cwd=machine.ROOT,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if ended.returncode != 0:
            raise SystemExit(f"✗ {arguments[0]}: {ended.stderr[-2000:]}")
        answer = json.loads(ended.stdout.strip().splitlines()[-1])
        print(f"    {json.dumps(answer, ensure_ascii=False)[:300]}", flush=True)
        return answer

    def _keep_database(self) -> None:
        """The server stays up between the children."""
        self._command("db", "start")

    def stop(self) -> None:
        """End the server of the scratch installation."""
        self._command("db", "stop")
        shutil.rmtree(self.folder / "home", ignore_errors=True)

    def _command(self, *arguments: str) -> None:
        command = [sys.executable, "-c", "from jiedui.jobs.cli import main; main()", *arguments]
        subprocess.run(command, env=self.environment, cwd=machine.ROOT, check=True, stdout=subprocess.DEVNULL)


def page(figures: dict[str, Any]) -> str:
    """The table as Markdown."""
    found, rows = figures["measured"], figures["rows"]
    lines = [
        "# The register: import, difference, export", "",
        f"{rows:,} persons × 29 columns as .xlsx, one province; history, rules, rights and row-level security on. "
        f"{figures['machine'].get('processor', '')}, {os.cpu_count()} cores; load when it ended {figures['load']:.1f}; "
        f"{figures['when']}. Seconds of one run each, in processes of their own.", "",
        "| work | seconds | of it compare / write | peak memory | firm | aim |", "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for key, title in (("import", f"{rows:,} rows into an empty register"), ("same", "the same file again"),
                       ("difference", "the same file with 1 % changed")):  # fmt: skip
        one, (firm, aim) = found[key], TARGETS.get(key, ("", ""))
        parts = f"{one['compare']:.1f} / {one['write']:.1f}"
        lines.append(f"| {title} | {one['seconds']:.1f} | {parts} | {one['peak_mb']:,} MB | {firm} | {aim} |")
    one = found["export"]
    lines.append(
        f"| export as .xlsx (first byte after {one['first_byte']:.2f} s) | {one['seconds']:.1f} | – | "
        f"{one['peak_mb']:,} MB | {TARGETS['export'][0]} | |"
    )
    if "peer_plain" in found:
        ours = found["small"]["seconds"]
        lines += ["", f"## {PEER:,} rows beside django-import-export", "",
                  "The same tables, checks and secrets; it has no difference, undo or report of refused rows here.", "",
                  "| | seconds | ratio |", "|---|---|---|", f"| Jiedui | {ours:.1f} | 1 |"]  # fmt: skip
        for way in ("plain", "bulk"):
            seconds = found[f"peer_{way}"]["seconds"]
            lines.append(f"| django-import-export, {way} | {seconds:.1f} | {seconds / ours:.1f} × |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
