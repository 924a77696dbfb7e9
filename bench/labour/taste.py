"""隐藏偏好: simulated workers who like or dislike a vacancy for reasons that only partly stand in their records.

A simulation, no evidence about people: content is who has a taste above 0. A taste has the wage above what is asked,
the distance beyond what the person bears, home for those who care for somebody, the wished work, and as much again that
no record knows. The coefficients are not those of the utility.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from bench.labour import world
from jiedui import snapshot
from jiedui.matching.baselines import first_come_first_served, greedy
from jiedui.matching.problems.labour.candidates import Sizes, candidates
from jiedui.matching.problems.labour.judging import FIT_OTHER
from jiedui.matching.problems.labour.proposals import read_scale
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.market import Market
from jiedui.matching.solver.solve import solve
from jiedui.policy import parameters
from jiedui.terms.divisions import Gazetteer


def content(folder: Path, seed: int) -> dict[str, Any]:
    """Of each way: placed, placed of the first tier, and of those placed the share that would be content."""
    held = parameters.load(world.ON)
    scale = read_scale(snapshot.open(folder), world.ON, held, Gazetteer.load())
    with Crew(None) as crew:
        rows = candidates(scale, Sizes.of(held), crew)
    market = Market(rows.indptr, rows.indices, rows.utility, scale.vacancies.seats, tier=scale.workers.tier)
    queue = np.lexsort((scale.workers.worker_id, scale.workers.registered_on))
    ways = {
        "first come first served": first_come_first_served(market, queue),
        "greedy": greedy(market),
        "optimal": solve(market, objective="placements_then_utility").assignment,
    }
    found = {}
    for way, assignment in ways.items():
        w = np.flatnonzero(assignment >= 0)
        liked = taste(scale, w, assignment[w].astype(np.int64), seed) > 0
        found[way] = {
            "placed": len(w), "first_tier": int((scale.workers.tier[w] == 0).sum()), "content": int(liked.sum())
        }  # fmt: skip
    return found


def taste(scale: Any, w: Any, v: Any, seed: int) -> Any:
    """The taste of each pair, about 0 ± 1.5."""
    workers, jobs = scale.workers, scale.vacancies
    asked = np.where(workers.min_wage_fen < 0, 250_000, workers.min_wage_fen)[w]
    above = np.clip((jobs.monthly_wage_fen[v] - asked) / 100_000, -1, 1.5)
    away = np.nan_to_num(scale.distance(w, v), nan=1000.0)
    bears = np.random.default_rng([seed, 4]).gamma(2.0, 500.0, len(workers))[w]
    far = np.clip((away - bears) / 1000, 0, 1.5)
    home = np.where((workers.dependants[w] > 0) & (away > 60), -0.9, 0.0)
    fits = np.where(scale.fit(w, v) == FIT_OTHER, -0.5, 0.4)
    unknown = np.random.default_rng([seed, 5]).normal(0, 1.0, (1 << 12, 1 << 10))[w % (1 << 12), v % (1 << 10)]
    return above - far + home + fits + unknown
