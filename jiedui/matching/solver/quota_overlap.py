"""重叠名额: bounds on classes that overlap. No prices prove the optimum in general; these come near and say how near.

Some quotas are kept exactly (a family in which each two lie inside each other or apart); the others are priced: their
prices are added to what a seat costs, and follow by steps how far each is from being kept (subgradient ascent, Held,
Wolfe and Crowder 1974). Every round is a repair of the round before, its bound is valid, and its assignment is made to
keep the quotas by `rounded`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from jiedui.matching.solver.arrays import Int32, Int64
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.market import Market
from jiedui.matching.solver.open_choices import reserve_of
from jiedui.matching.solver.quota_bound import counts, dual_bound, keeps, value_of
from jiedui.matching.solver.quota_prices import approach
from jiedui.matching.solver.quota_repair import Repaired, Start, cold, repair
from jiedui.matching.solver.quota_rounding import rounded
from jiedui.matching.solver.quota_tree import QuotaTree, quota_tree
from jiedui.matching.solver.side_constraints import Quota

ROUNDS: Final = 60
"""Steps of the prices at most."""
SMALL: Final = 2_000
"""Up to so many edges the first round starts from nothing."""


@dataclass(eq=False)
class Overlap:
    """重叠结果: the best `assignment` (it may break a quota), `prices` and `quota_prices` of the best bound."""

    assignment: Int32
    prices: Int64
    quota_prices: Int64
    value: int | None = None
    bound: int | None = None


def overlapping(market: Market, crew: Crew, gap: float, deadline: float | None) -> Overlap:
    """Bound and assignment for quotas that overlap. Raises `JieduiError` where those kept exactly contradict."""
    quotas = list(market.quotas or ())
    exact, tree = laminar_part(market, quotas)
    others = np.array([k for k in range(len(quotas)) if k not in set(exact)], np.int64)
    price = np.zeros(len(others), np.int64)
    near = None if market.edges <= SMALL else approach(market, tree, crew, deadline)
    start = cold(market, tree) if near is None else near[0]
    best = Overlap(start.assignment, np.zeros(market.objects, np.int64), np.zeros(len(quotas), np.int64))
    step = 2.0
    for _ in range(ROUNDS):
        done = repair(market, tree, start, crew, deadline, reserve_of(market) + _spread(market, quotas, others, price))
        before = best.bound
        all_prices = np.zeros(len(quotas), np.int64)
        all_prices[exact], all_prices[others] = done.quota_prices, price
        _note(market, best, done, all_prices, crew)
        off = _off(quotas, others, counts(market, done.assignment), price)
        if _ended(best, gap, deadline) or not off.any():
            break
        step = step if before is None or best.bound != before else step / 1.5
        price = _stepped(price, off, step, best, quotas, others)
        start = Start(done.assignment, np.maximum(done.prices, 0) + tree.along(done.quota_prices), done.quota_prices)
    return best


def laminar_part(market: Market, quotas: Sequence[Quota]) -> tuple[list[int], QuotaTree]:
    """The numbers of quotas that can be kept exactly together, taken in order, and their tree."""
    chosen: list[int] = []
    tree = quota_tree(market, [])
    for k in range(len(quotas)):
        grown = quota_tree(market, [quotas[c] for c in [*chosen, k]])
        if grown is not None:
            chosen, tree = [*chosen, k], grown
    if tree is None:
        raise RuntimeError("no quotas at all form no tree")
    return chosen, tree


def _spread(market: Market, quotas: Sequence[Quota], others: Int64, price: Int64) -> Int64:
    """What the prices of the `others` add to the cost of each object."""
    total = np.zeros(market.objects, np.int64)
    for k, each in zip(others.tolist(), price.tolist(), strict=True):
        total[np.asarray(quotas[k].objects, np.int64)] += each
    return total


def _note(market: Market, best: Overlap, done: Repaired, quota_prices: Int64, crew: Crew) -> None:
    """Keep the better bound and the better assignment."""
    prices = np.maximum(done.prices, 0)
    bound = dual_bound(market, prices, quota_prices, crew)
    if best.bound is None or bound < best.bound:
        best.bound, best.prices, best.quota_prices = bound, prices, quota_prices
    assignment = rounded(market, done.assignment)
    value = value_of(market, assignment) if keeps(market, assignment) else None
    if value is not None and (best.value is None or value > best.value):
        best.value, best.assignment = value, assignment
    elif best.value is None:
        best.assignment = assignment


def _off(quotas: Sequence[Quota], others: Int64, count: Int64, price: Int64) -> Int64:
    """The subgradient: agents beyond what each priced quota may (> 0) or must (< 0) have at its price."""
    off = np.zeros(len(others), np.int64)
    for at, k in enumerate(others.tolist()):
        low, up, here = quotas[k].lower, quotas[k].upper, int(count[k])
        if price[at] > 0 and up is not None:
            off[at] = here - up
        elif price[at] < 0:
            off[at] = here - low
        else:
            off[at] = here - min(max(here, low), here if up is None else up)
    return off


def _stepped(price: Int64, off: Int64, step: float, best: Overlap, quotas: Sequence[Quota], others: Int64) -> Int64:
    """The next prices: along the subgradient, as far as the gap is worth (Polyak), by 1 at least."""
    bound = best.bound or 0
    missing = max(1, bound - (best.value if best.value is not None else bound - abs(bound) // 100))
    move = step * missing * off / float((off.astype(np.float64) ** 2).sum())
    new = price + np.where(off == 0, 0, np.sign(off) * np.maximum(1, np.abs(np.round(move)))).astype(np.int64)
    for at, k in enumerate(others.tolist()):
        if quotas[k].upper is None:
            new[at] = min(new[at], 0)
        if quotas[k].lower == 0:
            new[at] = max(new[at], 0)
    return np.asarray(new, np.int64)


def _ended(best: Overlap, gap: float, deadline: float | None) -> bool:
    late = deadline is not None and time.monotonic() > deadline
    return late or (
        best.value is not None and best.bound is not None and best.bound - best.value <= gap * max(1, abs(best.bound))
    )
