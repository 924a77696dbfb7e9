"""建议: a snapshot's workers and vacancies become a market, its proven optimum, and explained proposals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from jiedui.matching.problems.labour.asked import Asked
from jiedui.matching.problems.labour.candidates import Rows, Sizes, candidates
from jiedui.matching.problems.labour.comparing import by_county, comparison
from jiedui.matching.problems.labour.households import settle_together
from jiedui.matching.problems.labour.pins import pinned, with_pinned, without_pinned
from jiedui.matching.problems.labour.places import Places
from jiedui.matching.problems.labour.points import Scale, linked
from jiedui.matching.problems.labour.refusals import cuts
from jiedui.matching.problems.labour.settling import Settled, settle_plain
from jiedui.matching.problems.labour.sides import Int64, open_vacancies, seeking
from jiedui.matching.problems.labour.table import proposal_table
from jiedui.matching.problems.labour.warmth import Warm
from jiedui.matching.problems.labour.weights import PARTS, Weights
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.market import Market
from jiedui.policy.parameters import Parameters
from jiedui.policy.registry import assumes, implements
from jiedui.snapshot import Snapshot
from jiedui.terms.divisions import Gazetteer
from jiedui.terms.pairs import Pairing

Step = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Outcome:
    """人岗匹配结果: proposals of those placed (`table.SCHEMA`), what proves them, and the comparison with simple rules.

    `parts`: the names of the numbers in the column `points`.
    `certificate`: what was maximised (`aim`), `proven`, placements out of workers, the utility reached (`objective`),
    its `bound`, the relative `gap`, and the levels, as verified; `every_pair`: the proof is over every possible pair,
    not only over chosen candidates; with couples or quotas also `couples` and `quotas`.
    `comparison`: one row per way, see `comparing.comparison`. `by_county`: county, seeking, placed, share.
    `counts`: workers, workers without a candidate, vacancies, seats, candidate edges, couples, pins, pins of nobody.
    `warm`: what a later run may start from.
    """

    proposals: pa.Table
    parts: tuple[str, ...]
    certificate: dict[str, Any]
    comparison: list[dict[str, Any]]
    counts: dict[str, int]
    by_county: list[dict[str, Any]]
    warm: Warm | None


@implements("labour.3")
@assumes(
    "labour.3",
    because="The text does not say what is best: here most placements first, then the greatest utility, and both "
    "first for households that are not yet out of poverty or fell back. Couples go to one county or stay.",
)
def propose(
    snapshot: Snapshot,
    *,
    on: date | None = None,
    parameters: Parameters,
    gazetteer: Gazetteer,
    asked: Asked | None = None,
    warm: Warm | bytes | None = None,
    threads: int | None = None,
    step: Step = lambda name: None,
) -> Outcome:
    """提出建议: the best assignment of seeking workers to open vacancies on a day, verified before it is returned.

    `on` is the snapshot's day unless told. `warm`: of an earlier outcome. `threads`: None takes all processors; they
    change the time and not the result. `step` hears the name of each step as it begins. Raises `JieduiError` when what
    is asked contradicts the records, `NotVerified` when the solution does not prove itself.
    """
    day = snapshot.as_of if on is None else on
    asked = asked or Asked()
    step("read workers and vacancies")
    scale = read_scale(snapshot, day, parameters, gazetteer, asked)
    pins, idle = pinned(scale, asked.pins)
    step("choose candidates")
    with Crew(threads) as crew:
        rows = candidates(scale, Sizes.of(parameters), crew)
        settled = _settle(scale, rows, pins, asked, warm, crew, step)
        table = proposal_table(scale, settled)
        compared = comparison(scale, settled, pins, crew)
    return Outcome(
        proposals=table,
        parts=PARTS,
        certificate=settled.certificate | {"every_pair": rows.complete},
        comparison=compared,
        counts=_counts(scale, settled, rows, pins, idle),
        by_county=by_county(scale, settled.assignment, asked.quotas),
        warm=None if settled.warm is None else Warm.of(scale, settled.warm),
    )


def read_scale(
    snapshot: Snapshot, day: date, parameters: Parameters, gazetteer: Gazetteer, asked: Asked | None = None
) -> Scale:
    """读取评分: both sides on a day and all that their pairs are judged by."""
    asked = asked or Asked()
    workers, vacancies = seeking(snapshot, day, parameters, asked.prefix), open_vacancies(snapshot, day)
    places = Places.of(workers, vacancies, _pairings(snapshot), day, gazetteer)
    cut = cuts(snapshot, day, parameters, workers, vacancies, places, asked.forbids)
    return Scale.of(workers, vacancies, places, Weights.of(parameters), cut)


def _settle(
    scale: Scale, rows: Rows, pins: Int64, asked: Asked, warm: Warm | bytes | None, crew: Crew, step: Step
) -> Settled:
    """Solve for those who are not pinned; then add those who are."""
    workers, partner = scale.workers, linked(scale.workers)
    held = np.bincount(pins[pins >= 0], minlength=len(scale.vacancies))
    if (pins >= 0).any():
        rows = without_pinned(rows, pins, partner, scale.places.work)
    market = Market(
        rows.indptr, rows.indices, rows.utility, scale.vacancies.seats - held, tier=workers.tier,
        block_order=scale.order,
    )  # fmt: skip
    if isinstance(warm, bytes):
        warm = Warm.from_bytes(warm)
    state = None if warm is None else warm.state(scale)
    free = np.where((pins >= 0) | (pins[partner] >= 0), -1, partner)
    if (free >= 0).any() or asked.quotas:
        placed = np.bincount(scale.places.home[pins >= 0], minlength=len(scale.places.homes))
        settled = settle_together(scale.places, market, free, asked.quotas, placed, state, crew, step)
    else:
        settled = settle_plain(market, state, crew, step)
    return with_pinned(scale, settled, pins, partner)


def _pairings(snapshot: Snapshot) -> list[Pairing]:
    return [Pairing(**row) for row in snapshot.table("pairing").to_pylist()]


def _counts(scale: Scale, settled: Settled, rows: Rows, pins: Int64, idle: int) -> dict[str, int]:
    return {
        "workers": len(scale.workers),
        "workers_without_candidates": int((np.diff(rows.indptr) == 0).sum()),
        "vacancies": len(scale.vacancies),
        "seats": int(scale.vacancies.seats.sum()),
        "edges": len(rows.indices),
        "couples": int((settled.partner >= 0).sum()) // 2,
        "pins": int((pins >= 0).sum()),
        "pins_of_nobody": idle,
    }
