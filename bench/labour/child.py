"""子进程: one piece of work, measured alone: prints a JSON line with seconds, processor seconds and peak memory.

`python -m bench.labour.child make|ours|peer|quality …`; `JIEDUI_HOME` is the scratch installation of `__main__`.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from bench.labour import world

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiedui.runtime.django_settings")

PREMIUM, FIRST = 1 << 10, 1 << 13
"""For the peer: what a placement counts more than its utility, and what the first tier counts as often."""


def main() -> None:
    """The work that the first argument names, with the others."""
    work = {"prepare": _prepare, "make": _make, "ours": _ours, "peer": _peer, "quality": _quality}[sys.argv[1]]
    answer = work(*sys.argv[2:])
    print(json.dumps({**answer, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}), flush=True)


def _prepare() -> dict[str, Any]:
    """An empty database."""
    from jiedui.runtime import django

    django.setup()
    from jiedui.jobs import databases

    databases.migrate()
    return {}


def _make(folder: str, workers: str, vacancies: str, changed: str, partners: str) -> dict[str, Any]:
    """The market as a snapshot."""
    begun = time.perf_counter()
    world.write(Path(folder), int(workers), int(vacancies), changed=float(changed), partners=float(partners))
    return {"seconds": time.perf_counter() - begun}


def _ours(folder: str, warm_from: str, keep: str, store: str) -> dict[str, Any]:
    """From the snapshot to explained proposals, after a small market that loads the compiled code.

    `warm_from`: a file of an earlier run ("": cold); `keep`: a folder for the market and the warm start ("": nowhere);
    `store`: "yes" to store into the database as well.
    """
    from jiedui import snapshot
    from jiedui.matching.problems.labour import propose
    from jiedui.policy import parameters
    from jiedui.terms.divisions import Gazetteer

    more = {"parameters": parameters.load(world.ON), "gazetteer": Gazetteer.load()}
    small = snapshot.open(Path(folder).parent / "small")
    propose(small, warm=propose(small, **more).warm, **more)
    steps, begun, used = _Steps(), time.perf_counter(), time.process_time()
    warm = Path(warm_from).read_bytes() if warm_from else None
    outcome = propose(snapshot.open(Path(folder)), warm=warm, step=steps, **more)
    steps("end")
    answer = {
        "seconds": time.perf_counter() - begun, "cpu_seconds": time.process_time() - used, "steps": steps.done,
        "counts": outcome.counts, "certificate": outcome.certificate, "comparison": outcome.comparison,
        "proposals": outcome.proposals.num_rows,
    }  # fmt: skip
    if store == "yes":
        answer["store"] = _store(outcome)
    if keep:
        Path(keep).write_bytes(outcome.warm.to_bytes() if outcome.warm else b"")
    return answer


class _Steps:
    """Seconds of each step, by wall and by processor."""

    def __init__(self) -> None:
        self.done: dict[str, list[float]] = {}
        self.now = ""
        self.at = (0.0, 0.0)

    def __call__(self, name: str) -> None:
        at = (time.perf_counter(), time.process_time())
        if self.now:
            self.done[self.now] = [at[0] - self.at[0], at[1] - self.at[1]]
        self.now, self.at = name, at


def _store(outcome: Any) -> dict[str, float]:
    """The proposals into PostgreSQL, as the job does it."""
    from jiedui.runtime import django

    django.setup()
    from jiedui.results import store

    begun = time.perf_counter()
    lineage = {"snapshot_digest": "bench", "snapshot_path": "bench", "policy_digest": "bench"}
    with store.running("match", area="labour", **lineage) as run:
        store.save_proposals(run, outcome.proposals, summary={"parts": list(outcome.parts)})
    return {"seconds": time.perf_counter() - begun}


def _peer(folder: str) -> dict[str, Any]:
    """OR-Tools behind the same candidates: its time to build and to solve, and what it reaches tier by tier."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    market, tier = _market(folder)
    begun = time.perf_counter()
    agents, objects = market.agents, market.objects
    source = market.edge_agents()
    weight = (market.utility.astype(np.int64) + PREMIUM) * np.where(tier == 0, FIRST, 1)[source]
    flow = SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        source, (agents + market.indices).astype(np.int32), np.ones(market.edges, np.int64), -weight
    )
    sink = agents + objects
    jobs = np.arange(agents, sink, dtype=np.int32)
    flow.add_arcs_with_capacity_and_unit_cost(
        jobs, np.full(objects, sink, np.int32), market.seats, np.zeros(objects, np.int64)
    )
    everybody = np.arange(agents, dtype=np.int32)
    flow.add_arcs_with_capacity_and_unit_cost(
        everybody, np.full(agents, sink, np.int32), np.ones(agents, np.int64), np.zeros(agents, np.int64)
    )
    flow.set_nodes_supplies(everybody, np.ones(agents, np.int64))
    flow.set_node_supply(sink, -agents)
    built = time.perf_counter()
    used = time.process_time()
    status = flow.solve()
    solved, used = time.perf_counter(), time.process_time() - used
    taken = flow.flows(np.arange(market.edges, dtype=np.int32)) > 0
    levels = []
    for number in np.unique(tier):
        mine = taken & (tier[source] == number)
        levels += [int(mine.sum()), int(market.utility[mine].sum(dtype=np.int64))]
    optimal = status == flow.OPTIMAL
    return {
        "build": built - begun,
        "solve": solved - built,
        "solve_cpu": used,
        "levels": levels,
        "optimal": bool(optimal),
    }


def _market(folder: str) -> tuple[Any, Any]:
    """The market of a snapshot without couples, and the tiers."""
    from jiedui import snapshot
    from jiedui.matching.problems.labour.candidates import Sizes, candidates
    from jiedui.matching.problems.labour.proposals import read_scale
    from jiedui.matching.solver.crew import Crew
    from jiedui.matching.solver.market import Market
    from jiedui.policy import parameters
    from jiedui.terms.divisions import Gazetteer

    held = parameters.load(world.ON)
    scale = read_scale(snapshot.open(Path(folder)), world.ON, held, Gazetteer.load())
    with Crew(None) as crew:
        rows = candidates(scale, Sizes.of(held), crew)
    tier = scale.workers.tier
    return Market(rows.indptr, rows.indices, rows.utility, scale.vacancies.seats), tier


def _quality(folder: str, seed: str) -> dict[str, Any]:
    """How many of those placed would be content by a taste that the matching does not know: see `taste`."""
    from bench.labour.taste import content

    return content(Path(folder), int(seed))


if __name__ == "__main__":
    main()
