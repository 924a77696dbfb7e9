"""未得第一志愿的缘由: one for each agent, in array operations; members of groups one by one.

A reason says only what holds in the assignment: a class is called full when it is at its bound, a price is given as
the reason when at the prices the wish leaves no more than what the agent has. What neither prices nor ranks nor bounds
show is called `whole`: the search, or a gap that is left.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from jiedui.matching.explain_facts import NONE, Facts
from jiedui.matching.explain_groups import why
from jiedui.matching.solver.market import Array, Bool, Int64

Reason = Literal[
    "got", "no_wish", "no_seats", "not_acceptable", "tier", "placements", "price", "equal", "ranked",
    "quota", "quota_floor", "group", "blocked", "whole",
]  # fmt: skip
"""got: it has its first wish · no_wish: it has no edge · no_seats · not_acceptable: worth no more than staying out ·
tier: all its seats serve earlier tiers · placements: with it one person less would be placed · price: at the prices it
leaves no more than what the agent got · equal: it has a free seat and is equally good · ranked: its holders rank higher
· quota: a class of it is at its upper bound · quota_floor: what the agent got must not have fewer, it is at its lower
bound · group: its group cannot go there or has no less where it is · blocked: its group is one of those for which no
stable place was found · whole: alone it may be better, the assignment as a whole is not (search, or a gap is left)."""

Names = npt.NDArray[np.str_]
Conditions = list[tuple[Reason, Bool]]


def reasons(facts: Facts, agents: Array, first: Array) -> tuple[Names, Int64]:
    """缘由: the reason of each of `agents` whose first wish is the edge `first` (−1: none), and the quota it names.

    Both arrays (len(agents),); the quota is −1 where the reason is not one of a quota.
    """
    said, quota = np.full(len(agents), "no_wish", "<U16"), np.full(len(agents), NONE, np.int64)
    some = np.flatnonzero(first >= 0)
    if not some.size:
        return said, quota
    agents, first = agents[some], first[some]
    capped, drawn = _Binding(facts, agents, first, upper=True), _Binding(facts, agents, first, upper=False)
    conditions = _plain(facts, agents, first)
    conditions += _ranked(facts, agents) if facts.stable else _costly(facts, agents, first, capped, drawn)
    found = np.select([met for _, met in conditions], [name for name, _ in conditions], "whole").astype("<U16")
    named = np.where(found == "quota", capped.strongest, np.where(found == "quota_floor", drawn.strongest, NONE))
    for k in np.flatnonzero(_asks_group(facts, agents, first, found)).tolist():
        because = why(facts, int(agents[k]), int(first[k]))
        found[k], named[k] = because.reason, because.quota
    said[some], quota[some] = found, named
    return said, quota


class _Binding:
    """The quotas that bind between wish and place, (agents,) each: are there `some`, their `price`, the `strongest`."""

    def __init__(self, facts: Facts, agents: Array, first: Array, *, upper: bool) -> None:
        wish, place = facts.market.indices[first], facts.place[agents]
        self.some = np.zeros(len(agents), bool)
        self.price = np.zeros(len(agents), np.int64)
        self.strongest = np.full(len(agents), NONE, np.int64)
        greatest = np.full(len(agents), NONE, np.int64)
        for k, price in enumerate(facts.quota_price.tolist()):
            one = facts.capped(wish, place, k) if upper else facts.drawn(wish, place, k)
            self.some |= one
            self.price[one] += max(price, 0) if upper else price
            stronger = one & (abs(price) > greatest)
            self.strongest[stronger], greatest[stronger] = k, abs(price)


def _plain(facts: Facts, agents: Array, first: Array) -> Conditions:
    """What holds whatever the certificate."""
    wish, place = facts.market.indices[first], facts.place[agents]
    return [
        ("got", place == wish),
        ("no_seats", facts.market.seats[wish] == 0),
        ("not_acceptable", (facts.net[first] <= 0) & (place < 0)),
        ("group", ~facts.allowed[first]),
    ]


def _ranked(facts: Facts, agents: Array) -> Conditions:
    return [("ranked", np.ones(len(agents), bool))]


def _costly(facts: Facts, agents: Array, first: Array, capped: _Binding, drawn: _Binding) -> Conditions:
    """Quotas where they decide; then what a free seat means; then who holds the seats, and at what price."""
    wish, place = facts.market.indices[first], facts.place[agents]
    full = facts.full[wish]
    own = facts.own[agents]
    there, here = facts.left(first)[0], np.where(own >= 0, facts.left(own)[0], 0)
    same = (place >= 0) & (facts.net[first] == np.where(own >= 0, facts.net[own], 0))
    worse_at, better = facts.compare(first, agents)
    counted = np.array([level.measure == "placements" for level in facts.solution.levels] + [False])
    if facts.priced:
        floor = drawn.some & ((there > here + drawn.price) | (~full & (there == here + drawn.price)))
        quota = capped.some & (~full | ((capped.price > 0) & (there + capped.price > here)))
    else:
        quota = capped.some & ~full
        floor = drawn.some & ~full & ~same & ~quota
    whole = better if facts.priced else np.ones(len(agents), bool)
    if not facts.proven:
        whole = whole | counted[worse_at]
    return [
        ("quota_floor", floor), ("quota", quota),
        ("equal", ~full & same), ("whole", ~full), ("tier", facts.latest[wish] < facts.tier[agents]), ("whole", whole),
        ("placements", counted[worse_at]), ("price", np.ones(len(agents), bool)),
    ]  # fmt: skip


def _asks_group(facts: Facts, agents: Array, first: Array, found: Names) -> Bool:
    """Members whose wish is open to their group: by rank always, else where it lies in another class."""
    linked = facts.market.linked
    if linked is None:
        return np.zeros(len(agents), bool)
    asks = facts.member[agents] & facts.allowed[first] & ~np.isin(found, ("got", "no_seats", "not_acceptable"))
    if not facts.stable:
        own = facts.own[agents]
        asks &= (own < 0) | (linked.edge_class[own] != linked.edge_class[first])
    return np.asarray(asks, bool)
