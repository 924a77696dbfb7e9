"""一次测量: one measurement in a process of its own, so that its peak memory is its own and a cap can end it.

`python -m bench.matching.child TASK.json` does what the file asks and writes `TASK.out.json` beside it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from bench.matching import side_problems
from bench.matching.instances import FAMILIES, Instance, make

PRACTICE = 2_000
"""Agents of the small market that is solved first, so that compiled code is read from the cache before the clock."""

PRACTICE_LIMIT = 5.0
"""Seconds for practice with quotas or groups: it only has to touch the compiled code, not to prove anything."""


def main(task_file: Path) -> None:
    """Run the task; an expected refusal becomes `reason`, anything else ends the process with its traceback."""
    from bench.matching.peers import PeerCannot
    from jiedui.errors import JieduiError

    task = json.loads(task_file.read_text(encoding="utf-8"))
    try:
        answer = TASKS[task["do"]](task)
    except (JieduiError, PeerCannot) as refusal:
        answer = {"reason": str(refusal)}
    answer["peak_bytes"] = answer.get("peak_bytes") or peak()
    task_file.with_suffix(".out.json").write_text(json.dumps(answer), encoding="utf-8")


def peak() -> int:
    """The most memory that this process has held so far, in bytes (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return 1024 * int(status.split("VmHWM:")[1].split()[0])


def generate(task: dict[str, Any]) -> dict[str, Any]:
    """Write an instance."""
    started = time.perf_counter()
    made = make(task["family"], task["agents"])
    seconds = time.perf_counter() - started
    made.save(Path(task["folder"]))
    return {"seconds": seconds, "edges": len(made.indices), "objects": made.objects, "seats": int(made.seats.sum())}


def peer(task: dict[str, Any]) -> dict[str, Any]:
    """One peer, once."""
    from bench.matching.peers import PEERS, ortools_flow_with_quotas

    folder = Path(task["folder"])
    instance = Instance.load(folder)
    if task["peer"] == "ortools_quotas":
        bounds = np.load(folder / "quotas.npy")
        return asdict(ortools_flow_with_quotas(instance, side_problems.RegionalQuotas(*bounds)))
    return asdict(PEERS[task["peer"]][1](instance, task["objective"]))


def ours(task: dict[str, Any]) -> dict[str, Any]:
    """The engine: practice on a small market, then the measured one; `verify` comes last and is not in the peak."""
    measure: Callable[..., dict[str, Any]] = MEASURES[task["measure"]]
    if not task.get("cold"):
        practice = make(task["family"], PRACTICE)
        measure(practice, {**task, "folder": None, "practice": True})
    instance = Instance.load(Path(task["folder"]))
    before = peak()
    answer = measure(instance, task)
    market, solution = answer.pop("proof")
    answer |= {"input_bytes": before, "peak_bytes": peak(), "verified": False}
    if task.get("verify", True):
        from jiedui.matching import verify  # late: `first_call` times the import

        verify(market, solution)
        answer["verified"] = True
    return answer


def _market(instance: Instance, task: dict[str, Any], **side: Any) -> Any:
    from jiedui.matching import Market

    blocked = FAMILIES[task["family"]].edges == "labour" and task.get("hint", True)
    order = instance.block_order() if blocked else None
    return Market(instance.indptr, instance.indices, instance.utility, instance.seats, block_order=order, **side)


def _timed(instance: Instance, task: dict[str, Any], side: dict[str, Any] | None = None, **how: Any) -> dict[str, Any]:
    """Build a market and solve it; the sorting into blocks is in the building."""
    from jiedui.matching import solve

    how = {"objective": task["objective"], "gap": task.get("gap", 0.0), "threads": task.get("threads"), **how}
    if side and task.get("practice") and task["objective"] != "stable":
        how["time_limit"] = PRACTICE_LIMIT
    started = time.perf_counter()
    market = _market(instance, task, **(side or {}))
    built = time.perf_counter()
    solution = solve(market, **how)
    ended = time.perf_counter()
    return {
        "value": int(solution.objective), "placements": int(solution.placements), "bound": int(solution.bound),
        "gap": float(solution.gap), "proven": bool(solution.proven), "status": solution.status,
        "bids": int(solution.bids),
        "build_seconds": built - started, "solve_seconds": ended - built, "proof": (market, solution),
    }  # fmt: skip


def plain(instance: Instance, task: dict[str, Any]) -> dict[str, Any]:
    """The market as it is."""
    return _timed(instance, task)


def quotas(instance: Instance, task: dict[str, Any]) -> dict[str, Any]:
    """First without quotas, which gives the bounds (kept for the peer), then with them."""
    from jiedui.errors import JieduiError
    from jiedui.matching import Quota

    free = _timed(instance, task, gap=0.0)
    bounds = side_problems.regional_quotas(instance, free["proof"][1].assignment)
    if task["folder"]:
        np.save(Path(task["folder"]) / "quotas.npy", np.stack([bounds.lower, bounds.upper]))
    count = zip(bounds.lower.tolist(), bounds.upper.tolist(), strict=True)
    sets = [
        Quota(np.flatnonzero(instance.object_region == region), lower, upper)
        for region, (lower, upper) in enumerate(count)
    ]
    try:
        answer = _timed(instance, task, {"quotas": sets})
    except JieduiError as refusal:
        return {"reason": str(refusal), "proof": free["proof"], "plain_seconds": free["solve_seconds"]}
    return {**answer, "plain_seconds": free["solve_seconds"], "plain_value": free["value"]}


def couples(instance: Instance, task: dict[str, Any]) -> dict[str, Any]:
    """First without couples (what the ratio of times is to), then with them."""
    from jiedui.errors import JieduiError
    from jiedui.matching.solver.side_constraints import Groups

    free = _timed(instance, task, gap=0.0)
    first, second = side_problems.couples(instance, task["share"])
    groups = Groups.pairs(first, second, instance.object_region)
    counted = {"plain_seconds": free["solve_seconds"], "couples": len(first)}
    try:
        answer = _timed(instance, task, {"groups": groups})
    except JieduiError as refusal:
        return {"reason": str(refusal), "proof": free["proof"], **counted}
    assignment = answer["proof"][1].assignment
    return {**answer, **counted, "plain_value": free["value"], "couples_placed": int((assignment[first] >= 0).sum())}


def warm(instance: Instance, task: dict[str, Any]) -> dict[str, Any]:
    """Yesterday, then today from nothing, then today from yesterday's state."""
    yesterday = _timed(instance, task)["proof"][1].warm_state
    today = side_problems.next_day(instance)
    cold = _timed(today, task)
    answer = _timed(today, task, warm_start=yesterday)
    return {**answer, "cold_seconds": cold["solve_seconds"], "cold_value": cold["value"]}


def first_call(instance: Instance, task: dict[str, Any]) -> dict[str, Any]:
    """Import, build and solve in a process that finds no compiled code."""
    started = time.perf_counter()
    import jiedui.matching  # noqa: F401 — the import is what is timed

    imported = time.perf_counter() - started
    return {**_timed(instance, task), "import_seconds": imported}


MEASURES = {"plain": plain, "quotas": quotas, "couples": couples, "warm": warm, "first_call": first_call}
TASKS = {"generate": generate, "peer": peer, "ours": ours}

if __name__ == "__main__":
    main(Path(sys.argv[1]))
