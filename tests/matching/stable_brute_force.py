"""穷举（稳定）: the definitions of blocking singles and groups, word by word, for tests to compare with."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from jiedui.matching import Market
from tests.matching.brute_force import worth


def placements(market: Market) -> Iterator[tuple[int, ...]]:
    """Every assignment within seats and classes in which nobody holds what is worth 0 or less."""
    options = [
        [-1, *(j for j in market.indices[market.row(i)].tolist() if worth(market, i, j) > 0)]
        for i in range(market.agents)
    ]
    for assignment in itertools.product(*options):
        load = np.bincount([j for j in assignment if j >= 0], minlength=market.objects)
        if (load <= market.seats).all() and all(
            _together(market, group, [assignment[i] for i in _members(market, group)]) for group in _groups(market)
        ):
            yield assignment


def blocking_singles(market: Market, assignment: tuple[int, ...]) -> list[tuple[int, int]]:
    """Pairs of an agent that acts alone and an object that prefer each other to what they hold."""
    found = []
    for i in range(market.agents):
        group = _group_of(market, i)
        if group is not None and len(_members(market, group)) > 1:
            continue
        for j in market.indices[market.row(i)].tolist():
            if group is not None and not _together(market, group, [j]):
                continue
            now = assignment[i]
            own = (worth(market, i, now), -now) if now >= 0 else (0, 0)
            if worth(market, i, j) > 0 and (worth(market, i, j), -j) > own and _takes(market, assignment, j, [i], []):
                found.append((i, j))
    return found


def blocking_groups(market: Market, assignment: tuple[int, ...]) -> list[int]:
    """Groups of two or more with a tuple of greater sum whose objects would take them."""
    found = []
    for group in _groups(market):
        members = _members(market, group)
        if len(members) < 2:
            continue
        now = sum(worth(market, i, assignment[i]) for i in members)
        options = [[j for j in market.indices[market.row(i)].tolist() if worth(market, i, j) > 0] for i in members]
        for places in itertools.product(*options):
            if (
                _together(market, group, list(places))
                and sum(worth(market, i, j) for i, j in zip(members, places, strict=True)) > now
                and all(
                    _takes(market, assignment, j, [i for i, k in zip(members, places, strict=True) if k == j], members)
                    for j in set(places)
                )
            ):
                found.append(group)
                break
    return found


def stable_assignments(market: Market) -> list[tuple[int, ...]]:
    """Every assignment that no single and no group blocks."""
    return [a for a in placements(market) if not blocking_singles(market, a) and not blocking_groups(market, a)]


def _takes(market: Market, assignment: tuple[int, ...], j: int, coming: list[int], leaving: list[int]) -> bool:
    """Are all of `coming` among the best that object j could hold, of them and its holders without `leaving`?"""
    tiers = [0] * market.agents if market.tier is None else market.tier.tolist()
    holders = [i for i in range(market.agents) if assignment[i] == j and i not in leaving]
    ranked = sorted({*holders, *coming}, key=lambda i: (tiers[i], -worth(market, i, j), i))
    return set(coming) <= set(ranked[: int(market.seats[j])])


def _groups(market: Market) -> range:
    return range(len(market.groups or ()))


def _members(market: Market, group: int) -> list[int]:
    return list(market.groups[group].agents)


def _group_of(market: Market, agent: int) -> int | None:
    return next((group for group in _groups(market) if agent in market.groups[group].agents), None)


def _together(market: Market, group: int, places: list[int]) -> bool:
    """All out, or all inside one class."""
    return all(j < 0 for j in places) or any(set(places) <= set(c) for c in market.groups[group].classes)
