"""两边结对: what the matches of counties, posts, villages and needs have in common.

Each problem says who its two sides are, which pairs are possible, and what each part of a pair is worth in points. Here
that becomes a market, its proven optimum, a comparison with simple rules, and proposals that explain themselves. It
decides nothing: a person signs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from jiedui.errors import JieduiError
from jiedui.matching.baselines import compare, first_come_first_served, greedy
from jiedui.matching.explain import survey
from jiedui.matching.solver.market import Market
from jiedui.matching.solver.solution import Solution
from jiedui.matching.solver.solve import solve
from jiedui.matching.verify import verify

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]
Label = tuple[str, str]
Step = Callable[[str], None]
Facts = Callable[[int, int], Mapping[str, Any]]
"""(left, right) → the figures that the points of the pair come from, by name; None is "not known"."""

MOST_EDGES: Final = 20_000_000
"""More possible pairs than this are not put into one market."""
PINNED: Final = "pinned"
"""`wish_reason` of a pair that a person pinned: the engine did not choose it."""
WORDS: Final[dict[str, Label]] = {PINNED: ("由人工指定。", "A person pinned this pair.")}

SCHEMA: Final = pa.schema(
    [
        ("problem", pa.string()),
        ("left_id", pa.int64()),
        ("left_region", pa.string()),
        ("right_id", pa.int64()),
        ("right_region", pa.string()),
        ("utility", pa.int64()),
        ("price", pa.int64()),
        ("distance_km", pa.float64()),
        ("points", pa.list_(pa.int16())),
        ("facts", pa.string()),
        ("next_right_id", pa.int64()),
        ("next_utility", pa.int64()),
        ("next_price", pa.int64()),
        ("wish_right_id", pa.int64()),
        ("wish_utility", pa.int64()),
        ("wish_price", pa.int64()),
        ("wish_reason", pa.string()),
    ]
)
"""Columns of `results.models.PairProposal` without run and id; `facts` is JSON; null: not known, or there is none."""


@dataclass(frozen=True, eq=False)
class Sides:
    """两边: who is served (`left`) and who has seats (`right`); keys (n,), (m,) int64, regions texts, seats (m,) ≥ 0.

    The order of the left side is the queue of first come, first served.
    """

    left_id: Int64
    left_region: Sequence[str]
    right_id: Int64
    right_region: Sequence[str]
    seats: Int64


@dataclass(frozen=True, eq=False)
class Possible:
    """可行对: numbers of left and right (edges,), the parts of the utility in order, each (edges,); km, NaN unknown."""

    left: Int64
    right: Int64
    points: Mapping[str, Int64]
    distance_km: Float64


@dataclass(frozen=True, eq=False)
class PairOutcome:
    """结对建议: proposals (`SCHEMA`), what proves them, and what simple rules would have done on the same market.

    `parts`: names of the parts of the utility in the order of `points`; `labels`: part or fact → [Chinese, English].
    `certificate` and `comparison` as of the labour match; pinned pairs stand outside both. `counts`: whole numbers;
    `notes`: what else is to be told, by name (capacities that were raised).
    """

    proposals: pa.Table
    parts: tuple[str, ...]
    labels: dict[str, list[str]]
    certificate: dict[str, Any]
    comparison: list[dict[str, Any]]
    counts: dict[str, int]
    notes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Marks:
    """指定与排除: pairs of keys (left, right) that people pinned or forbade beforehand."""

    pins: tuple[tuple[int, int], ...] = ()
    forbids: frozenset[tuple[int, int]] = frozenset()

    @classmethod
    def of(cls, pins: Iterable[Sequence[int]], forbids: Iterable[Sequence[int]]) -> Marks:
        """Checked; `JieduiError` for what is no pair, a left side pinned twice, or a pair both pinned and forbidden."""
        pinned, forbidden = tuple(map(_pair, pins)), frozenset(map(_pair, forbids))
        lefts = [left for left, _ in pinned]
        twice = next((left for left in lefts if lefts.count(left) > 1), None)
        if twice is not None:
            raise JieduiError(f"{twice} is pinned more than once.", remedy="Keep one pin for it.")
        both = next((pair for pair in pinned if pair in forbidden), None)
        if both is not None:
            raise JieduiError(
                f"The pair {both[0]} – {both[1]} is pinned and forbidden.", remedy="Take one of them back."
            )
        return cls(pinned, forbidden)


def _pair(found: Sequence[int]) -> tuple[int, int]:
    if len(found) != 2 or not all(isinstance(key, int) and not isinstance(key, bool) for key in found):
        raise JieduiError(f"{found!r} is no pair of keys.", remedy="Give [left, right], two whole numbers.")
    return found[0], found[1]


def unheard(_name: str) -> None:
    """无人听取: the default of `step`."""


def matched(
    problem: str,
    sides: Sides,
    possible: Possible,
    *,
    facts: Facts,
    labels: dict[str, Label],
    marks: Marks,
    counts: Mapping[str, int],
    notes: Mapping[str, Any] | None = None,
    step: Step = unheard,
) -> PairOutcome:
    """求结对: most of the left side served, then the greatest utility; verified before it is returned.

    Raises:
        JieduiError: too many possible pairs, or more pins on a right side than it has seats.
        NotVerified: the solution does not prove itself.
    """
    if len(possible.left) > MOST_EDGES:
        raise JieduiError(
            f"{len(possible.left):,} pairs are possible, more than the {MOST_EDGES:,} of one run.",
            remedy="Run it for a smaller region.",
        )
    allowed, pinned, seats, left_out = _marked(sides, possible, marks)
    utility = _utility(possible)
    step("solve")
    market = Market.from_edges(
        possible.left[allowed], possible.right[allowed], utility[allowed], agents=len(sides.left_id), seats=seats
    )
    solution = solve(market, objective="placements_then_utility")
    step("verify")
    verify(market, solution)
    step("explain")
    table = _Table(problem, sides, possible, facts, market, solution)
    return PairOutcome(
        proposals=table.rows(pinned),
        parts=tuple(possible.points),
        labels={key: list(label) for key, label in (labels | WORDS).items()},
        certificate=_certificate(solution, len(pinned)),
        comparison=_comparison(market, solution, _km(possible, allowed)),
        counts={
            "left": len(sides.left_id),
            "left_without_candidates": int((np.bincount(possible.left, minlength=len(sides.left_id)) == 0).sum()),
            "right": len(sides.right_id),
            "places": int(sides.seats.sum()),
            "edges": market.edges,
            "pinned": len(pinned),
            "pins_left_out": left_out,
            "forbidden": len(marks.forbids),
            **counts,
        },
        notes=dict(notes or {}),
    )


def _utility(possible: Possible) -> Int64:
    total = np.zeros(len(possible.left), np.int64)
    for points in possible.points.values():
        total += points
    return total


def _marked(sides: Sides, possible: Possible, marks: Marks) -> tuple[Int64, Int64, Int64, int]:
    """Edges of the market, pinned edges, the seats that pins leave, and how many pins are no possible pair now."""
    lefts, rights = sides.left_id[possible.left], sides.right_id[possible.right]
    forbidden = np.zeros(len(lefts), bool)
    for left, right in marks.forbids:
        forbidden |= (lefts == left) & (rights == right)
    found = [np.flatnonzero((lefts == left) & (rights == right)) for left, right in marks.pins]
    pinned = np.array([edges[0] for edges in found if len(edges)], np.int64)
    left_out = len(found) - len(pinned)
    taken = np.bincount(possible.right[pinned], minlength=len(sides.right_id))
    over = np.flatnonzero(taken > sides.seats)
    if len(over):
        k = int(over[0])
        raise JieduiError(
            f"{taken[k]} pairs are pinned to {sides.right_id[k]}, which has {sides.seats[k]} places.",
            remedy="Take back a pin, or raise the number of places.",
        )
    allowed = np.flatnonzero(~forbidden & ~np.isin(possible.left, possible.left[pinned]))
    return allowed, pinned, sides.seats - taken, left_out


def _km(possible: Possible, allowed: Int64) -> Float64:
    """Distances in the market's order of edges."""
    order = np.lexsort((possible.right[allowed], possible.left[allowed]))
    return np.asarray(possible.distance_km[allowed][order])


def _certificate(solution: Solution, pinned: int) -> dict[str, Any]:
    return {
        "aim": solution.kind,
        "status": solution.status,
        "proven": solution.proven,
        "proof": solution.certificate,
        "workers": len(solution.assignment),
        "placements": solution.placements,
        "pinned": pinned,
        "objective": solution.objective,
        "bound": solution.bound,
        "gap": solution.gap,
        "levels": [
            {"level": str(level), "value": value, "bound": bound}
            for level, value, bound in zip(solution.levels, solution.values, solution.bounds, strict=True)
        ],
        "every_pair": True,
    }


def _comparison(market: Market, solution: Solution, distance_km: Float64) -> list[dict[str, Any]]:
    ways = {
        "first come first served": first_come_first_served(market),
        "greedy": greedy(market),
        "optimal": solution.assignment,
    }
    return [asdict(row) for row in compare(market, ways, distance_km)]


class _Table:
    """Rows of the proposals, by the key of the left side."""

    def __init__(
        self, problem: str, sides: Sides, possible: Possible, facts: Facts, market: Market, solution: Solution
    ) -> None:
        self.problem, self.sides, self.facts = problem, sides, facts
        self.market, self.solution = market, solution
        self.utility, self.possible = _utility(possible), possible
        level = next(k for k, level in enumerate(solution.levels) if level.measure == "utility")
        self.prices: Int64 = solution.price_levels[level]

    def rows(self, pinned: Int64) -> pa.Table:
        """The pairs that were chosen and those that were pinned."""
        place = self.solution.assignment[self.possible.left]
        chosen = np.flatnonzero(place == self.possible.right)
        told = survey(self.market, self.solution)
        rows = [self._row(int(edge)) | self._others(told, int(self.possible.left[edge])) for edge in chosen]
        rows += [self._row(int(edge)) | {"price": None, "wish_reason": PINNED} for edge in pinned]
        rows.sort(key=lambda row: (row["left_id"], row["right_id"]))
        return pa.Table.from_pylist(rows, schema=SCHEMA)

    def _row(self, edge: int) -> dict[str, Any]:
        left, right = int(self.possible.left[edge]), int(self.possible.right[edge])
        distance = float(self.possible.distance_km[edge])
        facts = self.facts(left, right)
        return {
            "problem": self.problem,
            "left_id": int(self.sides.left_id[left]),
            "left_region": self.sides.left_region[left],
            "right_id": int(self.sides.right_id[right]),
            "right_region": self.sides.right_region[right],
            "utility": int(self.utility[edge]),
            "price": int(self.prices[right]),
            "distance_km": None if np.isnan(distance) else round(distance, 1),
            "points": [int(points[edge]) for points in self.possible.points.values()],
            "facts": json.dumps(facts, ensure_ascii=False, sort_keys=True),
            "wish_reason": "",
        }

    def _others(self, told: Any, left: int) -> dict[str, Any]:
        """The next best, and the first wish where it was not given."""
        reason = str(told.reason[left])
        row = self._other("next", int(told.next_best[left]))
        if reason == "got":
            return row
        return row | self._other("wish", int(told.first_wish[left])) | {"wish_reason": reason}

    def _other(self, name: str, edge: int) -> dict[str, Any]:
        if edge < 0:
            return {}
        right = int(self.market.indices[edge])
        return {
            f"{name}_right_id": int(self.sides.right_id[right]),
            f"{name}_utility": int(self.market.utility[edge]),
            f"{name}_price": int(self.prices[right]),
        }
