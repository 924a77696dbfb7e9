"""运行: all 832 poor counties with all counties of their donors, from the snapshot to the proposals.

`python -m bench.county_pairs [--runs N] [--out FOLDER]`
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from bench.matching import machine
from jiedui import snapshot
from jiedui.matching.problems.pairing import propose_county_pairs
from jiedui.matching.problems.pairing.market import CountyMarket
from jiedui.policy import parameters, published
from jiedui.snapshot import Snapshot
from jiedui.snapshot.schema import TABLES
from jiedui.snapshot.schema.arrow import arrow_schema
from jiedui.terms.divisions import Gazetteer
from jiedui.terms.pairs import Pairing

RESULTS = machine.ROOT / "bench" / "results"
DAY = date(2019, 12, 31)
AIM = 2.0
"""Seconds for the whole country."""


def main(arguments: list[str] | None = None) -> int:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="the median of these counts; the first one is told apart")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="jiedui-bench-") as folder:
        measured = measure(frozen(Path(folder) / "snapshot"), max(2, asked.runs))
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "county_pairs.json").write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    (asked.out / "county_pairs.md").write_text(page(measured), encoding="utf-8")
    print(page(measured))
    return 0 if measured["median_seconds"] <= AIM and measured["proven"] and measured["same_optimum"] else 1


def frozen(folder: Path) -> Snapshot:
    """The published pairings as a snapshot; every other table is empty."""
    edges = [{name: getattr(edge, name) for name in edge.__slots__} for edge in published.pairings_2016()]
    tables = {name: arrow_schema(table, frozen=True).empty_table() for name, table in TABLES.items()}
    tables["pairing"] = pa.Table.from_pylist(edges, schema=arrow_schema(TABLES["pairing"], frozen=True))
    snapshot.write(tables, folder, as_of=DAY, policy_digest="bench", synthetic=True)
    return snapshot.open(folder)


def measure(of: Snapshot, runs: int) -> dict[str, Any]:
    """Times of the whole, and the value that OR-Tools finds on the same market."""
    held, gazetteer = parameters.load(DAY), Gazetteer.load()
    seconds = []
    for _ in range(runs):
        started = time.perf_counter()
        outcome = propose_county_pairs(of, parameters=held, gazetteer=gazetteer)
        seconds.append(time.perf_counter() - started)
    started = time.perf_counter()
    placed, value = peer(
        CountyMarket.of([Pairing(**row) for row in of.table("pairing").to_pylist()], DAY, held, gazetteer)
    )
    peer_seconds = time.perf_counter() - started
    certificate = outcome.certificate
    return {
        "when": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": machine.facts(),
        "first_seconds": seconds[0],
        "median_seconds": statistics.median(seconds[1:]),
        "peer_seconds": peer_seconds,
        "proven": certificate["proven"],
        "placements": certificate["placements"],
        "objective": certificate["objective"],
        "bound": certificate["bound"],
        "same_optimum": (placed, value) == (certificate["placements"], certificate["objective"]),
        "comparison": outcome.comparison,
        "counts": outcome.counts,
        "capacity_raised": outcome.notes["capacity_raised"],
    }


def peer(market: CountyMarket) -> tuple[int, int]:
    """(counties placed, utility) by OR-Tools: a flow from every county to the seats, or past them at a high price."""
    sides, possible = market.sides(), market.possible()
    utility = sum(possible.points.values())
    lefts, rights = len(sides.left_id), len(sides.right_id)
    left, right, end = np.arange(lefts), lefts + np.arange(rights), lefts + rights
    past = (int(np.abs(utility).max()) + 1) * (lefts + 1)
    flow = SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([possible.left, right, left]),
        np.concatenate([lefts + possible.right, np.full(rights, end), np.full(lefts, end)]),
        np.concatenate([np.ones(len(utility), np.int64), sides.seats, np.ones(lefts, np.int64)]),
        np.concatenate([-utility, np.zeros(rights, np.int64), np.full(lefts, past)]),
    )
    flow.set_nodes_supplies(np.arange(end + 1), np.concatenate([np.ones(lefts, np.int64), np.zeros(rights), [-lefts]]))
    if flow.solve() != flow.OPTIMAL:
        raise SystemExit("OR-Tools found no optimum.")
    taken = flow.flows(arcs[: len(utility)])
    return int(taken.sum()), int((taken * utility).sum())


def page(measured: dict[str, Any]) -> str:
    """The Markdown page."""
    counts, raised = measured["counts"], measured["capacity_raised"]
    names = {donor: Gazetteer.load().name(donor) for donor in raised}
    lines = [
        "# County pairs of the whole country",
        "",
        f"{counts['left'] + counts['outside']} poor counties of the day {DAY}: {counts['left']} that a donor answers "
        f"for by clause (四), with {counts['right']} counties of donors; {counts['edges']:,} possible pairs. From the "
        "snapshot to the proposals: read, rank, compare, solve, verify, explain.",
        "",
        f"- **{measured['median_seconds']:.2f} s** (median; the first run {measured['first_seconds']:.2f} s, aim "
        f"{AIM:.0f} s); all {measured['placements']} served; the optimum {measured['objective']:,} is "
        f"{'proven' if measured['proven'] else 'not proven'} (bound {measured['bound']:,}).",
        f"- OR-Tools' `SimpleMinCostFlow` on the same market: {measured['peer_seconds']:.2f} s, "
        f"{'the same optimum' if measured['same_optimum'] else 'ANOTHER OPTIMUM'}.",
        "",
        "| way | counties | utility | mean distance (km) |",
        "|---|---|---|---|",
        *[
            f"| {row['way']} | {row['placements']} | {row['utility']:,} | {row['mean_distance_km']:.0f} |"
            for row in measured["comparison"]
        ],
        "",
        "Counties that one donor county takes, where more than one: "
        + ", ".join(f"{names[donor]} {count}" for donor, count in raised.items())
        + ".",
        "",
        f"Measured on {measured['when']}: {', '.join(f'{k} {v}' for k, v in measured['machine'].items())}.",
    ]
    return "\n".join(lines) + "\n"
