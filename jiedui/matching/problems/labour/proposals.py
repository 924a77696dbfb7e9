"""建议: a snapshot's workers and vacancies become a market, its proven optimum, and explained proposals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa

from jiedui.matching.baselines import compare, first_come_first_served, greedy
from jiedui.matching.explain import survey
from jiedui.matching.problems.labour import wording
from jiedui.matching.problems.labour.candidates import Sizes, candidates
from jiedui.matching.problems.labour.points import Places, Scale, Weights
from jiedui.matching.problems.labour.sides import Float64, Int64, open_vacancies, seeking
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

_REASON: Final = pa.struct(
    [("key", pa.string()), ("label_zh", pa.string()), ("label_en", pa.string()), ("points", pa.int64())]
)
_OTHER: Final = [("vacancy_id", pa.int64()), ("name", pa.string()), ("utility", pa.int64()), ("price", pa.int64())]
SCHEMA: Final = pa.schema(
    [
        ("worker_id", pa.int64()),
        ("person_id", pa.string()),
        ("region_code", pa.string()),
        ("vacancy_id", pa.int64()),
        ("work_region_code", pa.string()),
        ("utility", pa.int64()),
        ("price", pa.int64()),
        ("tier", pa.int64()),
        ("distance_km", pa.float64()),
        ("reasons", pa.list_(_REASON)),
        ("next_best", pa.struct(_OTHER)),
        (
            "first_wish",
            pa.struct([*_OTHER, ("reason", pa.string()), ("text_zh", pa.string()), ("text_en", pa.string())]),
        ),
    ]
)
"""Columns of the proposals; prices are in points, distances in km (null: not known)."""


@dataclass(frozen=True, eq=False)
class LabourProposals:
    """人岗匹配建议: proposals of those placed (`SCHEMA`), what proves them, and the comparison with simple rules.

    `certificate`: objective, status, proven, placements, utility, bound, gap and the levels, as verified.
    `comparison`: one row per rule with placements, utility, mean_distance_km, and the placements of tier 0.
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
    w, v = candidates(scale, Sizes.of(parameters))
    market = Market.from_edges(w, v, scale.utility(w, v), agents=len(workers), seats=vacancies.seats, tier=workers.tier)
    step("solve")
    solution = solve(market, objective=objective)
    step("verify")
    verify(market, solution)
    step("explain")
    edge_w, edge_v = market.edge_agents().astype(np.int64), market.indices.astype(np.int64)
    return LabourProposals(
        proposals=_table(scale, market, solution, gazetteer),
        certificate=_certificate(solution),
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
        "objective": solution.kind,
        "status": solution.status,
        "proven": solution.proven,
        "certificate": solution.certificate,
        "placements": solution.placements,
        "utility": solution.objective,
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
    rules = {
        "first come first served": first_come_first_served(market, queue),
        "greedy": greedy(market),
        "optimal": solution.assignment,
    }
    first_tier = scale.workers.tier == 0
    return [
        asdict(row) | {"placements_first_tier": int((assignment[first_tier] >= 0).sum())}
        for row, assignment in zip(compare(market, rules, distance_km), rules.values(), strict=True)
    ]


def _table(scale: Scale, market: Market, solution: Solution, gazetteer: Gazetteer) -> pa.Table:
    """One row per worker placed."""
    workers, vacancies = scale.workers, scale.vacancies
    w = np.flatnonzero(solution.assignment >= 0)
    v = solution.assignment[w].astype(np.int64)
    told = survey(market, solution)
    describe = _describer(scale, market, solution, gazetteer)
    distance = scale.distance(w, v)
    next_best = [
        None if edge < 0 else describe(agent, edge)
        for agent, edge in zip(w.tolist(), told.next_best[w].tolist(), strict=True)
    ]
    utility = scale.utility(w, v)
    price = _prices(market, solution, w, v)
    wishes = []
    for k, (agent, edge) in enumerate(zip(w.tolist(), told.first_wish[w].tolist(), strict=True)):
        wish, reason = describe(agent, edge), str(told.reason[agent])
        margins = (wish["utility"] - int(utility[k]), wish["price"] - int(price[k]))
        chinese, english = wording.first_wish(reason, *margins)
        wishes.append(wish | {"reason": reason, "text_zh": chinese, "text_en": english})
    columns = {
        "worker_id": workers.worker_id[w],
        "person_id": workers.person_id[w].tolist(),
        "region_code": workers.region_code[w].tolist(),
        "vacancy_id": vacancies.vacancy_id[v],
        "work_region_code": vacancies.region_code[v].tolist(),
        "utility": utility,
        "price": price,
        "tier": workers.tier[w],
        "distance_km": pa.array(np.round(distance, 1), mask=np.isnan(distance)),
        "reasons": wording.reasons(scale, w, v, _partners(scale, solution, w)),
        "next_best": next_best,
        "first_wish": wishes,
    }
    return pa.table([pa.array(columns[field.name], field.type) for field in SCHEMA], schema=SCHEMA)


def _describer(
    scale: Scale, market: Market, solution: Solution, gazetteer: Gazetteer
) -> Callable[[int, int], dict[str, Any]]:
    """A function (worker, edge) → the vacancy at the edge with its utility and price."""
    names = {v: wording.vacancy_name(scale, v, gazetteer) for v in np.unique(market.indices).tolist()}
    everyone = np.arange(market.agents)
    level = _own_level(market, solution, everyone).tolist()
    prices, utility, indices = solution.price_levels, market.utility.tolist(), market.indices.tolist()

    def describe(agent: int, edge: int) -> dict[str, Any]:
        v = indices[edge]
        price = int(prices[level[agent], v])
        return {
            "vacancy_id": int(scale.vacancies.vacancy_id[v]),
            "name": names[v],
            "utility": utility[edge],
            "price": price,
        }

    return describe


def _own_level(market: Market, solution: Solution, agents: Int64) -> Int64:
    """The level at which the utility of each agent's tier counts."""
    at = {level.tier: k for k, level in enumerate(solution.levels) if level.measure == "utility"}
    if None in at or market.tier is None:
        return np.zeros(len(agents), np.int64) + at.get(None, 0)
    return np.array([at[tier] for tier in market.tier[agents].tolist()], np.int64)


def _prices(market: Market, solution: Solution, w: Int64, v: Int64) -> Int64:
    return np.asarray(solution.price_levels[_own_level(market, solution, w), v])


def _partners(scale: Scale, solution: Solution, w: Int64) -> list[str | None]:
    """What became of each placed worker's partner: a key of `wording.COUPLE`; None without a seeking partner."""
    row = {worker: k for k, worker in enumerate(scale.workers.worker_id.tolist())}
    county = scale.vacancies.county
    found: list[str | None] = []
    for k in w.tolist():
        partner = row.get(int(scale.workers.partner_id[k])) if scale.workers.partner_id[k] > 0 else None
        place = -1 if partner is None else int(solution.assignment[partner])
        if partner is None:
            found.append(None)
        elif place < 0:
            found.append("alone")
        else:
            found.append("together" if county[place] == county[solution.assignment[k]] else "apart")
    return found
