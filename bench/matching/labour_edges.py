"""候选边: the compiled loops that write the edges of a synthetic market, row by row, into arrays of a fixed stride.

Every agent draws from its own stream (seed and agent number), so the order of the loop never changes a byte. The
loop goes in block order all the same: agents of one occupation and region look at the same few postings.
"""

from __future__ import annotations

import numpy as np
from numba import njit

SKILLS = 4
GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True, inline="always")
def _next(state: np.uint64) -> np.uint64:
    """One step of the stream: a counter, to be read through `_bits`."""
    return state + GOLDEN


@njit(cache=True)
def _bits(state: np.uint64) -> np.uint64:
    """SplitMix64's finaliser (Steele, Lea, Flood 2014): 64 well mixed bits of a counter."""
    x = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@njit(cache=True)
def _below(state: np.uint64, limit: int) -> int:
    """A whole number in 0..limit − 1."""
    return np.int64(_bits(state) % np.uint64(limit))


@njit(cache=True)
def _unit(state: np.uint64) -> float:
    """A number in [0, 1)."""
    return np.float64(_bits(state) >> np.uint64(11)) / 9007199254740992.0


@njit(cache=True)
def _worth(skill, need, wage, least_wage, distance, noise, systematic, related) -> int:
    """Utility 1..1000 of one posting: skill fit, wage above the least, nearness; and what no register explains."""
    lacking = np.float32(0)
    for s in range(SKILLS):
        lacking += max(np.float32(0), need[s] - skill[s])
    fit = max(0.0, 1.0 - 2.0 * lacking / SKILLS)
    pay = min(1.0, max(0.0, (wage - least_wage) / (0.6 * least_wage)))
    worth = systematic * (0.5 * fit + 0.3 * pay + 0.2 * (1.0 - distance)) + (1.0 - systematic) * noise
    return max(1, int(1000.0 * worth * (0.9 if related else 1.0)))


@njit(cache=True)
def _keep(best, held, most, key) -> int:
    """Put `key` into best[:held], which is kept in falling order and never longer than `most`."""
    if held == most:
        if key <= best[held - 1]:
            return held
        held -= 1
    at = held
    while at > 0 and best[at - 1] < key:
        best[at] = best[at - 1]
        at -= 1
    best[at] = key
    return held + 1


@njit(cache=True)
def labour_rows(
    order, region, occupation, least_wage, reach, skill, near, distance, block, posting, wage, need, systematic,
    looked_at, seed, indices, utility, degree,
):  # fmt: skip
    """Each agent looks at `looked_at` postings of its own and of the related occupation nearby and keeps the best.

    One agent in eight keeps one posting of its occupation anywhere in the country: people do move far, and it joins
    the regions into one component. `block[o * regions + r]` is where the postings of occupation o in region r begin;
    `posting`, `wage`, `need` are in that order. `indices`, `utility` (agents × stride) and `degree` are written.
    """
    regions, stride = distance.shape[0], indices.shape[1]
    occupations = (len(block) - 1) // regions
    best = np.empty(stride, np.int64)
    for agent in order:
        state = _bits(np.uint64(seed) + np.uint64(agent) * GOLDEN)
        far = agent % 8 == 0
        most = stride - 1 if far else stride
        held, seen = 0, 0
        for turn in range(2):
            related = turn == 1
            own = (occupation[agent] + turn) % occupations
            share = (3 * looked_at) // 4 if turn == 0 else looked_at - (3 * looked_at) // 4
            for step in range(reach[agent]):
                place = near[region[agent], step]
                first = block[own * regions + place]
                size = block[own * regions + place + 1] - first
                if size == 0:
                    continue
                looks = share // reach[agent]
                if step == 0:
                    looks = share - (reach[agent] - 1) * looks
                state = _next(state)
                start = _below(state, size)
                for k in range(min(looks, size)):
                    p = first + (start + k) % size
                    state = _next(state)
                    seen += 1
                    if wage[p] < least_wage[agent]:
                        continue
                    u = _worth(skill[agent], need[p], wage[p], least_wage[agent], distance[region[agent], place],
                               _unit(state), systematic, related)  # fmt: skip
                    held = _keep(best, held, most, (np.int64(u) << 32) | p)
        if far or held == 0:
            held = _far_away(agent, region, occupation, least_wage, skill, distance, block, wage, need, systematic,
                             state, best, held)  # fmt: skip
        degree[agent] = _write_row(best, held, posting, indices[agent], utility[agent])


@njit(cache=True)
def _far_away(agent, region, occupation, least_wage, skill, distance, block, wage, need, systematic, state, best, held):
    """Add one posting of the agent's occupation, drawn from the whole country, unless it is there already."""
    regions = distance.shape[0]
    first, last = block[occupation[agent] * regions], block[(occupation[agent] + 1) * regions]
    if first == last:
        first, last = 0, block[-1]
    state = _next(state)
    p = first + _below(state, last - first)
    for k in range(held):
        if (best[k] & 0xFFFFFFFF) == p:
            return held
    place = np.searchsorted(block, p, side="right") - 1
    state = _next(state)
    u = _worth(skill[agent], need[p], wage[p], least_wage[agent], distance[region[agent], place % regions],
               _unit(state), systematic, False)  # fmt: skip
    best[held] = (np.int64(u) << 32) | p
    return held + 1


@njit(cache=True)
def _write_row(best, held, posting, row_indices, row_utility) -> int:
    """The kept edges in rising order of the object (insertion sort: rows are short)."""
    for k in range(held):
        object_, worth = posting[best[k] & 0xFFFFFFFF], best[k] >> 32
        at = k
        while at > 0 and row_indices[at - 1] > object_:
            row_indices[at], row_utility[at] = row_indices[at - 1], row_utility[at - 1]
            at -= 1
        row_indices[at], row_utility[at] = object_, worth
    return held


@njit(cache=True)
def random_rows(seed, objects, always, indices, utility):
    """`stride` different objects for each agent, all equally likely, utilities 1..1000; rows in rising order.

    `always[agent]` ≥ 0 is among them for sure: with a permutation there, everybody can be placed at once.
    """
    agents, stride = indices.shape
    for agent in range(agents):
        state = _bits(np.uint64(seed) + np.uint64(agent) * GOLDEN)
        held = 0
        while held < stride:
            state = _next(state)
            drawn = always[agent] if held == 0 and always[agent] >= 0 else _below(state, objects)
            at = np.searchsorted(indices[agent, :held], drawn)
            if at < held and indices[agent, at] == drawn:
                continue
            for k in range(held, at, -1):
                indices[agent, k] = indices[agent, k - 1]
            indices[agent, at] = drawn
            held += 1
        for k in range(stride):
            state = _next(state)
            utility[agent, k] = 1 + _below(state, 1000)


@njit(cache=True)
def close_gaps(degree, stride, indices, utility) -> int:
    """Move the rows of flat arrays with a fixed stride together, in place; returns the number of edges."""
    to = 0
    for agent in range(len(degree)):
        for k in range(degree[agent]):
            indices[to] = indices[agent * stride + k]
            utility[to] = utility[agent * stride + k]
            to += 1
    return to
