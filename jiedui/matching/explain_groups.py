"""联动组的解释: what a group has together, what its other classes would leave it, and why a member is not at its wish.

The sum of a class is what its members would have there if each took its best option in the class: no choice inside the
class is worth more, so where even that sum is no greater than what the group has, no choice there is better.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from jiedui.matching.explain_facts import NONE, Facts
from jiedui.matching.solver.market import Array, Bool, Int64, Linked

GroupDetail = Literal["closed", "partner", "seat", "sums", "joint"]
"""closed: its group may not go there · partner: one of the group has no option in that class · seat: one has no seat
there · sums: together they have no less where they are · joint: they cannot have those seats all at once."""


@dataclass(frozen=True, slots=True)
class ClassOption:
    """类别选项: a class of objects for a group: the sum of utilities, and what it leaves after the prices.

    For the class that the group is in these are what it has; for another one they are the most it could have there.
    """

    number: int
    utility: int
    reduced: int


@dataclass(frozen=True, slots=True)
class Together:
    """联动组: its number and members, what it got together and its next best class (None: there is none)."""

    group: int
    members: tuple[int, ...]
    got: ClassOption | None
    next_best: ClassOption | None


@dataclass(frozen=True, slots=True)
class Because:
    """缘由: the reason of a member; `quota` or `partner` where one is named, `sums`: there and where the group is."""

    reason: str
    detail: GroupDetail | None = None
    quota: int = NONE
    partner: int = NONE
    sums: tuple[int, int] | None = None


def together(facts: Facts, agent: int) -> Together | None:
    """What the group of `agent` got, and its next best class; None for an agent that acts alone."""
    linked = facts.market.linked
    if linked is None or not facts.member[agent]:
        return None
    group, members, own = _group(facts, linked, agent)
    edges = own if (own >= 0).all() else np.zeros(0, np.int64)
    got = _option(facts, int(linked.edge_class[edges[0]]), edges) if len(edges) else None
    best: ClassOption | None = None
    for number in _classes(facts, linked, members):
        chosen = None if got is not None and number == got.number else best_in_class(facts, members, number)
        if chosen is not None:
            option = _option(facts, number, chosen)
            best = option if best is None or option.reduced > best.reduced else best
    return Together(group, tuple(members.tolist()), got, best)


def best_in_class(facts: Facts, members: Array, number: int, freed: Int64 | None = None) -> Int64 | None:
    """Each member's best edge in a class, seats or not; None where one has none. `freed` (objects,): no longer paid."""
    chosen = []
    for member in members.tolist():
        edges = _edges(facts, member, number)
        if not len(edges):
            return None
        left = _left(facts, edges)
        chosen.append(edges[np.argmax(left if freed is None else left + freed[facts.market.indices[edges]])])
    return np.array(chosen, np.int64)


def why(facts: Facts, agent: int, first: int) -> Because:
    """Why a member of a group is not at its first wish, edge `first`, which is allowed and has seats.

    With prices or by search only for a wish in another class than the group's: inside a class a member is as a single.
    """
    linked = facts.market.linked
    if linked is None:
        raise ValueError("no groups")
    group, members, own = _group(facts, linked, agent)
    number = int(linked.edge_class[first])
    have = int(_left(facts, own).sum()) if (own >= 0).all() else 0
    if facts.stable:
        return _why_stable(facts, agent, group, members, number, first, have)
    for member in members.tolist():
        if not len(_edges(facts, member, number)):
            return Because("group", "partner", partner=member)
    if facts.priced:
        return _why_priced(facts, agent, members, own, number, first, have)
    return _why_searched(facts, agent, members, number, first, have)


def _why_priced(facts: Facts, agent: int, members: Array, own: Int64, number: int, first: int, have: int) -> Because:
    """At the prices: a quota where its price decides, else the two sums; a better sum only where a gap is left."""
    capped, drawn = _quotas(facts, agent, first)
    there = best_in_class(facts, members, number)
    most = have if there is None else int(_left(facts, there).sum())
    objects = facts.market.indices[own]
    if drawn.any() and most > have + int(
        (facts.quota_price[drawn] @ facts.inside[drawn].astype(np.int64))[objects].sum()
    ):
        return Because("quota_floor", quota=int(np.argmin(np.where(drawn, facts.quota_price, 1))))
    capped &= facts.quota_price > 0
    freed = facts.quota_price[capped] @ facts.inside[capped].astype(np.int64)
    without = best_in_class(facts, members, number, freed)
    if capped.any() and without is not None:
        unpaid = _left(facts, without) + freed[facts.market.indices[without]]
        if int(unpaid.sum()) > have:
            return Because("quota", quota=int(np.argmax(np.where(capped, facts.quota_price, -1))))
    return Because("group", "sums", sums=(most, have)) if most <= have else Because("whole")


def _why_searched(facts: Facts, agent: int, members: Array, number: int, first: int, have: int) -> Because:
    """Without prices only what can be seen: full seats, full classes, partners without a free seat, and sums."""
    wish = int(facts.market.indices[first])
    if facts.full[wish]:
        return Because("tier" if facts.latest[wish] < facts.tier[agent] else "whole")
    capped, drawn = _quotas(facts, agent, first)
    if capped.any():
        return Because("quota", quota=int(np.argmax(capped)))
    most = 0
    for member in members.tolist():
        edges = _edges(facts, member, number)
        edges = edges[~facts.full[facts.market.indices[edges]]]
        if not len(edges):
            return Because("group", "seat", partner=member)
        most += int(facts.net[edges].max())
    if most <= have:
        return Because("group", "sums", sums=(most, have))
    return Because("quota_floor", quota=int(np.argmax(drawn))) if drawn.any() else Because("whole")


def _why_stable(facts: Facts, agent: int, group: int, members: Array, number: int, first: int, have: int) -> Because:
    """By rank: the wish's holders, then the partners', then the sums; a group that still blocks is told so."""
    if group in facts.solution.blocking_groups:
        return Because("blocked")
    if not _would_take(facts, members, first):
        return Because("ranked")
    most = 0
    for member in members.tolist():
        edges = _edges(facts, member, number)
        edges = edges[facts.net[edges] > 0]
        if not len(edges):
            return Because("group", "partner", partner=member)
        edges = edges[[_would_take(facts, members, edge) for edge in edges.tolist()]]
        if not len(edges):
            return Because("group", "seat", partner=member)
        most += int(facts.net[edges].max())
    return Because("group", "sums", sums=(most, have)) if most <= have else Because("group", "joint")


def _would_take(facts: Facts, members: Array, edge: int) -> bool:
    """Has the object of `edge` a seat for its agent, once the group has left and lower ranks give way?"""
    market, tiers = facts.market, facts.tier
    j, agent = int(market.indices[edge]), int(facts.source[edge])
    before = 0
    for holder in facts.holders(j).tolist():
        if holder not in members:
            rank = (tiers[holder], -int(market.utility[facts.own[holder]]), holder)
            before += rank < (tiers[agent], -int(market.utility[edge]), agent)
    return before < int(market.seats[j])


def _group(facts: Facts, linked: Linked, agent: int) -> tuple[int, Array, Int64]:
    """Number, members, and their edges (−1: none)."""
    group = int(linked.group_of[agent])
    members = linked.agents[linked.indptr[group] : linked.indptr[group + 1]]
    return group, members, facts.own[members]


def _classes(facts: Facts, linked: Linked, members: Array) -> list[int]:
    row = facts.market.row(int(members[0]))
    return sorted(set(linked.edge_class[row].tolist()) - {NONE})


def _edges(facts: Facts, agent: int, number: int) -> Int64:
    """The edges of an agent in one class, to objects that have seats at all."""
    linked, row = facts.market.linked, facts.market.row(agent)
    inside = facts.market.seats[facts.market.indices[row]] > 0
    if linked is not None:
        inside &= linked.edge_class[row] == number
    return np.asarray(row.start + np.flatnonzero(inside), np.int64)


def _left(facts: Facts, edges: Array) -> Int64:
    """What edges leave at the prices; net utility where prices are not the certificate. Groups have one level."""
    return facts.net[edges] - facts.cost[0, facts.market.indices[edges]] if facts.priced else facts.net[edges]


def _option(facts: Facts, number: int, edges: Int64) -> ClassOption:
    return ClassOption(number, int(facts.net[edges].sum()), int(_left(facts, edges).sum()))


def _quotas(facts: Facts, agent: int, first: int) -> tuple[Bool, Bool]:
    """Which quotas cap the wish, and which draw the agent to what it got: (quotas,) each."""
    wish, place = facts.market.indices[[first]], facts.place[[agent]]
    quotas = range(len(facts.quota_price))
    capped = [bool(facts.capped(wish, place, k)[0]) for k in quotas]
    drawn = [bool(facts.drawn(wish, place, k)[0]) for k in quotas]
    return np.array(capped, bool), np.array(drawn, bool)
