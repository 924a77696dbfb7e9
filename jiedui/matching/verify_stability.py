"""校验稳定性: who blocks an assignment? Plain NumPy; shares no code with the solver.

Preferences. An agent that is in no group, or alone in one (then on the edges its group allows), is a single: it prefers
the greater net utility, then the lower object, and nothing to what is worth 0 or less. An object prefers the lower
tier, then the greater utility, then the lower agent. A group of two or more ranks tuples of objects inside one class by
the sum of its members' net utilities, each more than 0; all out is worth 0.

A single and an object block when each prefers the other to what it holds (a free seat is less than any agent). A group
blocks when some tuple has a strictly greater sum than what it holds and each object j of the tuple would take its
members M: they are all among the seats[j] that j ranks highest in (holders of j outside the group) ∪ M. Sources: Gale
and Shapley 1962; for couples Roth and Peranson 1999, Kojima, Pathak and Roth 2013.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from jiedui.matching.solver.market import Market

Array = npt.NDArray[Any]


def blocking_pair(market: Market, assignment: Array) -> tuple[int, int] | None:
    """阻碍对: the first single and object that block, or None. `assignment` (agents,), −1 = unplaced."""
    places = _Places(market, assignment)
    agent, indices, net = places.agent, market.indices, places.net
    own = np.where(places.own >= 0, net[places.own], 0) if market.edges else np.zeros(market.agents, np.int64)
    better = net > own[agent]
    better |= (net == own[agent]) & (net > 0) & (indices < np.asarray(assignment)[agent])
    better &= net > 0
    better &= _alone(market)[agent]
    if market.linked is not None:
        better &= (market.linked.edge_class >= 0) | (market.linked.group_of[agent] < 0)
    wanted = np.flatnonzero(better)
    blocking = wanted[places.would_take(wanted)]
    return (int(agent[blocking[0]]), int(indices[blocking[0]])) if blocking.size else None


def blocking_groups(market: Market, assignment: Array) -> list[int]:
    """阻碍组: all groups of two or more that block `assignment` (agents,), −1 = unplaced; rising."""
    linked = market.linked
    if linked is None or not market.edges:
        return []
    places = _Places(market, assignment)
    edges = np.flatnonzero((linked.edge_class >= 0) & (places.net > 0))
    edges = edges[~_alone(market)[places.agent[edges]]]
    group = linked.group_of[places.agent[edges]].astype(np.int64)
    own_seat = _holds_there(linked.group_of, group, market.indices[edges], assignment)
    possible = places.would_take(edges) | own_seat
    edges, group = edges[possible], group[possible]
    total = np.zeros(linked.groups, np.int64)
    members = np.flatnonzero((linked.group_of >= 0) & (places.own >= 0))
    np.add.at(total, linked.group_of[members], places.net[places.own[members]])
    order = np.argsort(group, kind="stable")
    edges = edges[order]
    bounds = np.searchsorted(group[order], np.arange(linked.groups + 1))
    candidates = _candidates(market, places, edges, total)
    return [g for g in candidates if _blocks(market, places, g, edges[bounds[g] : bounds[g + 1]], int(total[g]))]


def _alone(market: Market) -> npt.NDArray[np.bool_]:
    """Which agents act for themselves."""
    if market.linked is None:
        return np.ones(market.agents, bool)
    sizes = np.append(np.diff(market.linked.indptr), 1)
    return np.asarray(sizes[market.linked.group_of] == 1)


def _holds_there(group_of: Array, group: Array, objects: Array, assignment: Array) -> Array:
    """For each (group, object): does a member of the group hold a seat there?"""
    holders = np.flatnonzero((group_of >= 0) & (np.asarray(assignment) >= 0))
    width = int(max(objects.max(initial=0), np.asarray(assignment).max(initial=0))) + 1
    return np.isin(
        group * width + objects, group_of[holders].astype(np.int64) * width + np.asarray(assignment)[holders]
    )


def _candidates(market: Market, places: _Places, edges: Array, total: Array) -> list[int]:
    """Groups whose members' best possible edges in some class, each looked at alone, exceed what the group holds."""
    linked = market.linked
    if linked is None or not edges.size:
        return []
    agent, net = places.agent[edges], places.net[edges]
    order = np.lexsort((-net, agent, linked.edge_class[edges], linked.group_of[agent]))
    agent, net, classes = agent[order], net[order], linked.edge_class[edges][order]
    group = linked.group_of[agent]
    new_class = np.ones(len(agent), bool)
    new_class[1:] = (np.diff(group) != 0) | (np.diff(classes) != 0)
    first = new_class.copy()
    first[1:] |= np.diff(agent) != 0
    block = np.cumsum(new_class)[first] - 1
    sums, present = np.zeros(block[-1] + 1, np.int64), np.bincount(block)
    np.add.at(sums, block, net[first])
    owner = group[new_class]
    found = (present == np.diff(linked.indptr)[owner]) & (sums > total[owner])
    chosen: list[int] = np.unique(owner[found]).tolist()
    return chosen


def _blocks(market: Market, places: _Places, group: int, edges: Array, total: int) -> bool:
    """Is there a tuple worth more than `total` among `edges`, those that are possible for each member alone?"""
    linked = market.linked
    if linked is None:
        return False
    members = linked.agents[linked.indptr[group] : linked.indptr[group + 1]].tolist()
    for c in np.unique(linked.edge_class[edges]).tolist():
        inside = edges[linked.edge_class[edges] == c]
        wishes = [inside[places.agent[inside] == member] for member in members]
        sorted_wishes = [own[np.argsort(-places.net[own], kind="stable")].tolist() for own in wishes]
        if all(sorted_wishes) and any(
            _joint(market, places, members, choice) for choice in _tuples(places.net, sorted_wishes, total)
        ):
            return True
    return False


def _tuples(net: Array, wishes: list[list[int]], total: int) -> Iterator[tuple[int, ...]]:
    """Tuples of edges, one from each list (by falling worth), with a sum of more than `total`."""
    if not wishes:
        if total < 0:
            yield ()
        return
    rest = sum(int(net[own[0]]) for own in wishes[1:])
    for edge in wishes[0]:
        if int(net[edge]) + rest <= total:
            return
        for others in _tuples(net, wishes[1:], total - int(net[edge])):
            yield edge, *others


def _joint(market: Market, places: _Places, members: list[int], choice: tuple[int, ...]) -> bool:
    """Would each object take all members that come to it together?"""
    objects = [int(market.indices[edge]) for edge in choice]
    for j in set(objects):
        coming = [(places.rank(edge), "member") for edge, to in zip(choice, objects, strict=True) if to == j]
        others = [(places.rank(int(places.own[k])), "other") for k in places.holders(j) if k not in members]
        taken = sorted(coming + others)[: int(market.seats[j])]
        if sum(kind == "member" for _, kind in taken) < len(coming):
            return False
    return True


class _Places:
    """Who holds what: `own` (agents,) the edge of each, −1 = none; `worst` (objects,) the lowest-ranked holder."""

    def __init__(self, market: Market, assignment: Array) -> None:
        self.utility = market.utility
        self.net: Array = market.utility.astype(np.int64)
        if market.reserve is not None:
            self.net -= market.reserve[market.indices]
        self.agent = np.repeat(np.arange(market.agents, dtype=np.int32), np.diff(market.indptr))
        self.indices = market.indices
        self.tier = np.zeros(market.agents, np.int64) if market.tier is None else market.tier
        held = np.flatnonzero(market.indices == np.asarray(assignment)[self.agent])
        self.own = np.full(market.agents, -1, np.int64)
        self.own[self.agent[held]] = held
        load = np.bincount(market.indices[held], minlength=market.objects)
        self.free = load < market.seats
        order = np.lexsort((self.agent[held], -self.utility[held].astype(np.int64), self.tier[self.agent[held]]))
        order = order[np.argsort(market.indices[held][order], kind="stable")]
        self._sorted, self._start = self.agent[held][order], np.concatenate([[0], np.cumsum(load)])
        last = self._start[1:][load > 0] - 1
        self.worst = np.full(market.objects, -1, np.int64)
        self.worst[load > 0] = held[order][last]

    def holders(self, j: int) -> list[int]:
        """The agents that hold object j."""
        found: list[int] = self._sorted[self._start[j] : self._start[j + 1]].tolist()
        return found

    def rank(self, edge: int) -> tuple[int, int, int]:
        """How its object ranks the agent of `edge`; less is better."""
        agent = int(self.agent[edge])
        return int(self.tier[agent]), -int(self.utility[edge]), agent

    def would_take(self, edges: Array) -> npt.NDArray[np.bool_]:
        """Has the object of each edge a free seat or a holder that it ranks below the agent of the edge?"""
        j = self.indices[edges]
        last = self.worst[j]
        one, other = self.agent[edges], self.agent[last]
        before = self.tier[one] < self.tier[other]
        same = self.tier[one] == self.tier[other]
        before |= same & (self.utility[edges] > self.utility[last])
        before |= same & (self.utility[edges] == self.utility[last]) & (one < other)
        return np.asarray(self.free[j] | ((last >= 0) & before))
