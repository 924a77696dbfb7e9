"""穷举: every assignment of a small market, for tests to compare with."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from jiedui.matching import Market


def assignments(market: Market) -> Iterator[tuple[int, ...]]:
    """Every feasible assignment: edges, seats, groups and quotas hold."""
    options = [[-1, *market.indices[market.row(agent)].tolist()] for agent in range(market.agents)]
    for assignment in itertools.product(*options):
        load = np.bincount([j for j in assignment if j >= 0], minlength=market.objects)
        if (load > market.seats).any():
            continue
        if all(_quota_holds(quota, assignment) for quota in market.quotas or ()) and all(
            _together(group, assignment) for group in market.groups or ()
        ):
            yield assignment


def _quota_holds(quota, assignment):
    count = sum(j in set(quota.objects) for j in assignment)
    return quota.lower <= count and (quota.upper is None or count <= quota.upper)


def _together(group, assignment):
    places = [assignment[agent] for agent in group.agents]
    return all(j < 0 for j in places) or any(set(places) <= set(objects) for objects in group.classes)


def worth(market: Market, agent: int, place: int) -> int:
    """Net utility of one agent's place; 0 for staying out."""
    if place < 0:
        return 0
    row = market.row(agent)
    edge = row.start + market.indices[row].tolist().index(place)
    return int(market.utility[edge]) - (0 if market.reserve is None else int(market.reserve[place]))


def value(market: Market, assignment: tuple[int, ...], objective: str) -> tuple[int, ...]:
    """What `objective` compares: per tier (the lowest first) the placements, if they count, and the utility."""
    tiers = [0] * market.agents if market.tier is None else market.tier.tolist()
    parts = []
    for tier in sorted(set(tiers)):
        members = [agent for agent in range(market.agents) if tiers[agent] == tier]
        utility = sum(worth(market, agent, assignment[agent]) for agent in members)
        placed = sum(assignment[agent] >= 0 for agent in members)
        parts += [placed, utility] if objective == "placements_then_utility" else [utility]
    return tuple(parts)


def optimum(market: Market, objective: str) -> tuple[int, ...]:
    """The lexicographically greatest value of any feasible assignment."""
    return max(value(market, assignment, objective) for assignment in assignments(market))


def blocking_pairs(market: Market, assignment: tuple[int, ...]) -> list[tuple[int, int]]:
    """Pairs that prefer each other: by net utility (tie: lower object), and by tier, utility, lower agent."""
    tiers = [0] * market.agents if market.tier is None else market.tier.tolist()

    def liking(agent, j):
        return (-tiers[agent], worth(market, agent, j), -agent)

    found = []
    for agent in range(market.agents):
        for j in market.indices[market.row(agent)].tolist():
            now = assignment[agent]
            if worth(market, agent, j) <= 0 or (
                now >= 0 and (worth(market, agent, now), -now) >= (worth(market, agent, j), -j)
            ):
                continue
            holders = [other for other in range(market.agents) if assignment[other] == j]
            if len(holders) < market.seats[j] or any(liking(agent, j) > liking(other, j) for other in holders):
                found.append((agent, j))
    return found
