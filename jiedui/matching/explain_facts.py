"""解释所依据的事实: what all agents of one solution share, computed once: worth, costs, loads, quotas, groups.

What a seat of object j costs is its price p_j and the prices q of the quotas that j is in (below 0 where a quota draws
agents to it). What an edge leaves is its net utility less that cost.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from jiedui.errors import JieduiError
from jiedui.matching.solver.levels import net_utility
from jiedui.matching.solver.market import Array, Bool, Int64, Market
from jiedui.matching.solver.solution import Solution

NONE: Final = -1


class Facts:
    """事实: arrays over the agents, edges, objects and quotas of `market`, as `solution` leaves them.

    `net` (edges,) utility less the reserve; `source` (edges,) agents; `own` (agents,) the edge of each, −1 = none;
    `allowed` (edges,): not closed by a group; `member` (agents,): in a group of two or more. `tier` (agents,);
    `latest` (objects,): the last tier that holds a seat there. `seat_price`, `quota_cost` (levels, objects) int64 (the
    latter: of quotas, at the one level there then is). `inside` (quotas, objects); `at_upper`, `at_lower` (quotas,):
    has exactly as many as that bound; `quota_price` (quotas,) int64, 0 where prices are not the certificate. Raises
    `JieduiError` when the solution is not one of this market.
    """

    def __init__(self, market: Market, solution: Solution) -> None:
        place = np.asarray(solution.assignment, np.int64)
        if len(place) != market.agents or solution.price_levels.shape[1] != market.objects:
            raise JieduiError("The solution is not of this market: other agents or objects.", remedy="Solve it again.")
        self.market, self.solution, self.place = market, solution, place
        self.priced = solution.certificate == "prices"
        self.stable = solution.certificate == "stability"
        self.proven = solution.proven
        self.net = net_utility(market)
        self.source = market.edge_agents()
        held = np.flatnonzero(market.indices == place[self.source])
        self.own = np.full(market.agents, NONE, np.int64)
        self.own[self.source[held]] = held
        self.load = np.bincount(place[place >= 0], minlength=market.objects)
        self.full: Bool = self.load >= market.seats
        self.tier: Int64 = np.zeros(market.agents, np.int64) if market.tier is None else market.tier
        self.latest = np.full(market.objects, np.iinfo(np.int64).min)
        np.maximum.at(self.latest, place[place >= 0], self.tier[place >= 0])
        self._by_object = np.argsort(place, kind="stable")
        self._starts = np.searchsorted(place[self._by_object], np.arange(market.objects + 1))
        self._read_quotas()
        self._read_groups()

    def _read_quotas(self) -> None:
        quotas, objects = self.market.quotas or (), self.market.objects
        self.inside = np.zeros((len(quotas), objects), bool)
        for k, quota in enumerate(quotas):
            self.inside[k, np.asarray(quota.objects, np.int64)] = True
        self.quota_load: Int64 = self.inside.astype(np.int64) @ self.load
        self.at_upper = np.array([q.upper is not None for q in quotas], bool)
        self.at_upper &= self.quota_load == np.array([q.upper or 0 for q in quotas], np.int64)
        self.at_lower: Bool = self.quota_load == np.array([q.lower for q in quotas], np.int64)
        stated = np.asarray(self.solution.quota_prices, np.int64)
        self.quota_price: Int64 = stated if self.priced and len(quotas) else np.zeros(len(quotas), np.int64)
        self.seat_price: Int64 = self.solution.price_levels.astype(np.int64)
        self.quota_cost = np.zeros_like(self.seat_price)
        self.quota_cost[0] = self.quota_price @ self.inside.astype(np.int64)
        self.cost: Int64 = self.seat_price + self.quota_cost

    def _read_groups(self) -> None:
        linked = self.market.linked
        self.allowed: Bool = np.ones(self.market.edges, bool)
        self.member: Bool = np.zeros(self.market.agents, bool)
        if linked is not None:
            self.allowed = (linked.group_of[self.source] < 0) | (linked.edge_class >= 0)
            self.member = np.append(np.diff(linked.indptr) > 1, False)[linked.group_of]

    def holders(self, j: int) -> Int64:
        """The agents that have a seat at object j."""
        return np.asarray(self._by_object[self._starts[j] : self._starts[j + 1]], np.int64)

    def left(self, edges: Array) -> Int64:
        """净得: what each of `edges` leaves, level by level: (levels, len(edges)) int64."""
        objects, source = self.market.indices[edges], self.source[edges]
        rows = -self.cost[:, objects]
        for k, level in enumerate(self.solution.levels):
            weight = np.ones(len(source), np.int64) if level.measure == "placements" else self.net[edges]
            if level.tier is not None and self.market.tier is not None:
                weight = np.where(self.market.tier[source] == level.tier, weight, 0)
            rows[k] += weight
        return rows

    def compare(self, edges: Array, agents: Array) -> tuple[Int64, Bool]:
        """Against what `agents` got: the level at which each of `edges` is worse (−1: none), and is it better?"""
        own = self.own[agents]
        difference = self.left(edges) - np.where(own >= 0, self.left(own), 0)
        differs = difference != 0
        first = np.argmax(differs, axis=0)
        decisive = np.take_along_axis(difference, first[None, :], axis=0)[0]
        return np.where(decisive < 0, first, NONE), decisive > 0

    def capped(self, wish: Array, place: Array, quota: int) -> Bool:
        """(agents,): the wished object is in the quota, what the agent got is not, and it is at its upper bound."""
        return np.asarray(self._in_first_only(wish, place, quota) & self.at_upper[quota], bool)

    def drawn(self, wish: Array, place: Array, quota: int) -> Bool:
        """(agents,): what the agent got is in the quota, the wish is not, and it has no more than its lower bound."""
        binds = bool(self.at_lower[quota]) and self.quota_load[quota] > 0
        if self.priced:
            binds = binds and self.quota_price[quota] < 0
        return np.asarray(self._in_first_only(place, wish, quota) & binds, bool)

    def _in_first_only(self, first: Array, second: Array, quota: int) -> Bool:
        inside = self.inside[quota]
        return np.asarray((first >= 0) & inside[first] & ~((second >= 0) & inside[second]), bool)
