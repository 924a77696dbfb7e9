"""组合拍卖的步骤: by turns, groups choose their classes in a forward auction, and the classes are settled exactly.

A market with groups need have no prices at which everybody is content (the problem is NP-hard; Ronn 1990), so some
groups change their class from step to step, and the prices of the settled classes go up and down with them. The dual
bound is convex in the prices: at their mean over some steps it is no greater than the mean of the bounds, and often
nearer to the least bound than any one step comes. The first step leaves about a hundredth of a per cent where
objects have several seats; the others are for who asks for less.
Source of the means: Nedić and Ozdaglar 2009.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from jiedui.matching.solver.group_auction import GroupAuction, Incumbent
from jiedui.matching.solver.group_classes import settle_classes

KINDS: Final = ((8, 2, 1), (10, 2, 4), (12, 8, 4))
"""Kinds of steps: ε as the heaviest weight / 2^k, how many ε a group must gain to move, and how many steps at most."""
IDLE: Final = 2
"""Steps in a row that bring less than a twentieth of the gap, before the next kind of steps."""


def improve(shared: GroupAuction, gap: float) -> Incumbent:
    """Steps until the relative `gap` is reached, all kinds are through, or a limit; the best seen."""
    for power, patience, steps in KINDS:
        epsilon = max(1, (shared.packed.heaviest << shared.fraction) >> power)
        if not _steps(shared, epsilon, patience * epsilon, steps, gap, rough=power == KINDS[0][0]):
            break
    return shared.best


def _steps(shared: GroupAuction, epsilon: int, tolerance: int, steps: int, gap: float, *, rough: bool) -> bool:
    """Steps of one kind; False where there is no more to do."""
    best, idle = shared.best, 0
    mean = np.zeros(len(shared.seats), np.int64)
    for done in range(1, steps + 1):
        before = best.gap
        chosen = shared.forward(epsilon, tolerance)
        if best.within(gap) or shared.out_of_limits():
            return False
        settled = settle_classes(shared, chosen, gap, rough=rough)
        if settled is None:
            return False
        assigned, prices = settled
        mean += prices
        shared.keep(assigned)
        shared.keep_bound(prices)
        if done > 1:
            shared.keep_bound((2 * mean + done) // (2 * done))
        if best.within(gap) or shared.out_of_limits():
            return False
        shared.resume(assigned, prices)
        idle = 0 if best.gap * 20 < before * 19 else idle + 1
        if idle == IDLE:
            break
    return True
