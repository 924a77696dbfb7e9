"""运行: a million workers and a million seats, from the frozen records to stored proposals; into bench/results.

`python -m bench.labour [--quick] [--out FOLDER]`. Each piece of work is a process of its own on a scratch installation.
The peer is OR-Tools' minimum-cost flow behind the same candidates; both must reach the same values tier by tier.
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
from typing import Any, Final

from bench.labour.report import chart, page
from bench.matching import machine
from bench.register.run import Bench as Installation

RESULTS: Final = machine.ROOT / "bench" / "results"
FULL, QUICK, SMALL = (1_000_000, 100_000), (100_000, 10_000), (3_000, 300)
CAP: Final = 1500
"""Seconds for one process."""
SEEDS: Final = (1, 2, 3)


def main(arguments: list[str] | None = None) -> int:
    """Measure everything once."""
    parser = argparse.ArgumentParser(prog="make bench-labour", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="100,000 workers, into files of their own")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    asked = parser.parse_args(arguments)
    stem = asked.out / ("labour-quick" if asked.quick else "labour")
    with tempfile.TemporaryDirectory(prefix="jiedui-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the database server of root runs as another account
        bench = Bench(folder)
        try:
            figures = bench.everything(QUICK if asked.quick else FULL)
        finally:
            bench.stop()
    figures |= {"machine": machine.facts(), "when": datetime.now(UTC).date().isoformat(), "load": os.getloadavg()[0]}
    asked.out.mkdir(parents=True, exist_ok=True)
    stem.with_suffix(".json").write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    stem.with_suffix(".svg").write_text(chart(figures), encoding="utf-8")
    stem.with_suffix(".md").write_text(page(figures, f"{stem.name}.svg"), encoding="utf-8")
    print(f"• {stem.name}.md, {stem.name}.json, {stem.name}.svg are written.")
    return 0


class Bench(Installation):
    """A scratch installation, and the children that work on it."""

    def everything(self, size: tuple[int, int]) -> dict[str, Any]:
        """Every piece of work, one after the other."""
        self._command("db", "start")
        self.child("prepare")
        made: dict[str, Any] = {"workers": size[0], "vacancies": size[1]}
        self._make("small", SMALL, 0.0, 0.1)
        for name, changed, partners in (("plain", 0.0, 0.0), ("changed", 0.01, 0.0), ("couples", 0.0, 0.1)):
            made[f"make_{name}"] = self._make(name, size, changed, partners)
        kept = str(self.folder / "warm")
        made["cold"] = self.child("ours", self._at("plain"), "", kept, "yes")
        made["changed_cold"] = self.child("ours", self._at("changed"), "", "", "no")
        made["changed_warm"] = self.child("ours", self._at("changed"), kept, "", "no")
        made["couples"] = self.child("ours", self._at("couples"), "", "", "no")
        made["peer"] = self.child("peer", self._at("plain"))
        made["quality"] = []
        for seed in SEEDS:
            folder = self._at(f"taste-{seed}")
            self.child("make", folder, "20000", "2000", "0", "0")
            made["quality"].append(self.child("quality", folder, str(seed)))
        return made

    def _at(self, name: str) -> str:
        return str(self.folder / name)

    def _make(self, name: str, size: tuple[int, int], changed: float, partners: float) -> dict[str, Any]:
        return self.child("make", self._at(name), str(size[0]), str(size[1]), str(changed), str(partners))

    def child(self, *arguments: str) -> dict[str, Any]:
        """One piece of work in a process of its own; its answer, or the reason why there is none."""
        print(f"  {' '.join(Path(one).name for one in arguments)}", flush=True)
        command = [sys.executable, "-m", "bench.labour.child", *arguments]
        try:
            ended = subprocess.run(
                command, env=self.environment, cwd=machine.ROOT, timeout=CAP, capture_output=True, text=True,
                check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return {"reason": f"stopped after {CAP} s"}
        if ended.returncode != 0:
            if arguments[0] != "peer":
                raise SystemExit(f"✗ {arguments[0]}: {ended.stderr[-2000:]}")
            return {"reason": ended.stderr[-200:]}
        answer: dict[str, Any] = json.loads(ended.stdout.strip().splitlines()[-1])
        print(f"    {json.dumps(answer, ensure_ascii=False)[:400]}", flush=True)
        return answer


if __name__ == "__main__":
    raise SystemExit(main())
