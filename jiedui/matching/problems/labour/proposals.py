"""建议: a snapshot's workers and vacancies become a market, its proven optimum, and explained proposals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from jiedui.matching.baselines import compare, first_come_first_served, greedy
from jiedui.matching.problems.labour.candidates import Sizes, candidates
from jiedui.matching.problems.labour.points import Places, Scale, Weights
from jiedui.matching.problems.labour.sides import Float64, open_vacancies, seeking
from jiedui.matching.problems.labour.table import proposal_table
from jiedui.matching.solver.market import Market
from jiedui.matching.solver.solution import Objective, Solution
from jiedui.matching.solver.solve import solve
from jiedui.matching.verify import verify
from jiedui.policy.parameters import Parameters
from jiedui.policy.registry import assumes, implements
from jiedui.snapshot import Snapshot
from jiedui.terms.divisions import Gazetteer
from jiedui.terms.pairs import Pairing

Step = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class LabourProposals:
    """人岗匹配建议: proposals of those placed (`table.SCHEMA`), what proves them, and the comparison with simple rules.

    A proposal's `first_wish` is null where it is the vacancy proposed; `next_best` where there is no other.
    `certificate`: what was maximised (`aim`), `proven`, placements out of workers, the utility reached (`objective`),
    its `bound`, the relative `gap`, and the levels, as verified; `every_pair`: the proof is over every possible pair,
    not only over chosen candidates.
    `comparison`: one row per way with placements, utility, mean_distance_km, and the placements of tier 0.
    `counts`: workers, workers without a candidate, vacancies, seats, candidate edges.
    """

    proposals: pa.Table
    certificate: dict[str, Any]
    comparison: list[dict[str, Any]]
    counts: dict[str, int]


@implements("labour.3")
@assumes(
    "labour.3",
    because="The text does not say what is best: here most placements first, then the greatest utility, and both "
    "first for households that are not yet out of poverty or fell back. Couples are not linked; what became of the "
    "partner is said.",
)
def propose(
    snapshot: Snapshot,
    *,
    on: date | None = None,
    parameters: Parameters,
    gazetteer: Gazetteer,
    objective: Objective = "placements_then_utility",
    step: Step = lambda name: None,
) -> LabourProposals:
    """提出建议: the best assignment of seeking workers to open vacancies on a day, verified before it is returned.

    `on` is the snapshot's day unless told. `step` hears the name of each step as it begins.
    Raises `NotVerified` when the solution does not prove itself.
    """
    day = snapshot.as_of if on is None else on
    step("read workers and vacancies")
    workers, vacancies = seeking(snapshot, day, parameters), open_vacancies(snapshot, day)
    places = Places.of(workers, vacancies, _pairings(snapshot), day, gazetteer)
    scale = Scale.of(workers, vacancies, places, Weights.of(parameters))
    step("choose candidates")
    pairs = candidates(scale, Sizes.of(parameters))
    utility = scale.utility(pairs.w, pairs.v)
    market = Market.from_edges(pairs.w, pairs.v, utility, agents=len(workers), seats=vacancies.seats, tier=workers.tier)
    step("solve")
    solution = solve(market, objective=objective)
    step("verify")
    verify(market, solution)
    step("explain")
    edge_w, edge_v = market.edge_agents().astype(np.int64), market.indices.astype(np.int64)
    return LabourProposals(
        proposals=proposal_table(scale, market, solution),
        certificate=_certificate(solution) | {"every_pair": pairs.complete},
        comparison=_comparison(scale, market, solution, scale.distance(edge_w, edge_v)),
        counts={
            "workers": len(workers),
            "workers_without_candidates": int((np.diff(market.indptr) == 0).sum()),
            "vacancies": len(vacancies),
            "seats": int(vacancies.seats.sum()),
            "edges": market.edges,
        },
    )


def _pairings(snapshot: Snapshot) -> list[Pairing]:
    return [Pairing(**row) for row in snapshot.table("pairing").to_pylist()]


def _certificate(solution: Solution) -> dict[str, Any]:
    return {
        "aim": solution.kind,
        "status": solution.status,
        "proven": solution.proven,
        "proof": solution.certificate,
        "workers": len(solution.assignment),
        "placements": solution.placements,
        "objective": solution.objective,
        "bound": solution.bound,
        "gap": solution.gap,
        "levels": [
            {"level": str(level), "value": value, "bound": bound}
            for level, value, bound in zip(solution.levels, solution.values, solution.bounds, strict=True)
        ],
    }


def _comparison(scale: Scale, market: Market, solution: Solution, distance_km: Float64) -> list[dict[str, Any]]:
    """The same market under simple rules; who registers first comes first."""
    queue = np.lexsort((scale.workers.worker_id, scale.workers.registered_on))
    ways = {
        "first come first served": first_come_first_served(market, queue),
        "greedy": greedy(market),
        "optimal": solution.assignment,
    }
    first_tier = scale.workers.tier == 0
    return [
        asdict(row) | {"placements_first_tier": int((assignment[first_tier] >= 0).sum())}
        for row, assignment in zip(compare(market, ways, distance_km), ways.values(), strict=True)
    ]
