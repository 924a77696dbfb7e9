"""解释: why this one, what is the next best and its price, and why not the first wish.

Everything said follows from the certificate: at the prices no edge of an agent is better for it than the one that it
got. The sentences are generic; `problems/<area>` puts its own words (wage, distance) before them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from jiedui.errors import JieduiError
from jiedui.matching.solver.levels import net_utility
from jiedui.matching.solver.market import Array, Int64, Market
from jiedui.matching.solver.solution import Level, Solution

Reason = Literal["got", "no_wish", "no_seats", "not_acceptable", "tier", "placements", "price", "equal", "ranked"]
"""got: it has its first wish · no_wish: it has no edge · no_seats · not_acceptable: worth less than staying out ·
tier: all its seats serve earlier tiers · placements: with it one person less would be placed · price: the seat costs at
least what it is worth beyond what the agent got · equal: it has a free seat and is equally good · ranked: its holders
rank higher."""

RIVALS_SHOWN: Final = 5

Naming = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Option:
    """选项: an object, what it is worth to the agent (net of the reserve), its price, and utility − price.

    `price` is that of the agent's own utility level. `worse_at`: the first level at which the option is worse than
    what the agent got; None where it is what it got, or equally good.
    """

    object: int
    utility: int
    price: int
    reduced: int
    worse_at: Level | None


@dataclass(frozen=True, slots=True)
class Rival:
    """竞争者: who has a seat of the first wish, and by how much its utility there exceeds the agent's."""

    agent: int
    utility: int
    margin: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """解释: the facts and the sentences, Chinese and English."""

    agent: int
    got: Option | None
    next_best: Option | None
    first_wish: Option | None
    reason: Reason
    rivals: tuple[Rival, ...]
    sentences_zh: tuple[str, ...]
    sentences_en: tuple[str, ...]


def explain(market: Market, solution: Solution, agent: int, *, object_name: Naming = str) -> Explanation:
    """解释: why `agent` got what it got. For many agents make one `Explainer`."""
    return Explainer(market, solution, object_name=object_name)(agent)


class Explainer:
    """解释器: explains any agent of one solution; what all agents share is computed once."""

    def __init__(self, market: Market, solution: Solution, *, object_name: Naming = str) -> None:
        if solution.certificate == "search":
            raise JieduiError(
                "Not yet: explanations under quotas or linked groups (no prices exist there).",
                remedy="Explain the market without them, or show the quota itself.",
            )
        self.market, self.solution, self.object_name = market, solution, object_name
        self._by_object = np.argsort(solution.assignment, kind="stable")
        self._starts = np.searchsorted(solution.assignment[self._by_object], np.arange(market.objects + 1))

    def __call__(self, agent: int) -> Explanation:
        """The explanation of one agent; `JieduiError` when there is no such agent."""
        if not 0 <= agent < self.market.agents:
            raise JieduiError(f"There is no agent {agent}: the market has {self.market.agents}.")
        objects, utility, reduced = self._row(agent)
        place = int(self.solution.assignment[agent])
        own = tuple(int(x) for x in reduced[:, objects == place].ravel()) if place >= 0 else (0,) * len(reduced)
        options = [self._option(agent, k, objects, utility, reduced, own) for k in range(len(objects))]
        got = next((option for option in options if option.object == place), None)
        first = max(options, key=lambda option: (option.utility, -option.object), default=None)
        others = [k for k, option in enumerate(options) if option.object != place]
        best = max(others, key=lambda k: (self._worth(k, reduced, utility), -int(objects[k])), default=None)
        reason = self._reason(agent, got, first)
        rivals = self._rivals(agent, first) if first is not None and reason != "got" else ()
        following = None if best is None else options[best]
        return Explanation(
            agent, got, following, first, reason, rivals,
            self._sentences(ZH, got, following, first, reason, rivals),
            self._sentences(EN, got, following, first, reason, rivals),
        )  # fmt: skip

    def _row(self, agent: int) -> tuple[Int64, Int64, Int64]:
        """Objects, net utilities (edges,), and reduced weights (levels, edges) of one agent."""
        row = self.market.row(agent)
        objects = self.market.indices[row].astype(np.int64)
        utility = self.market.utility[row].astype(np.int64)
        if self.market.reserve is not None:
            utility = utility - self.market.reserve[objects]
        reduced = -self.solution.price_levels[:, objects]
        for k, level in enumerate(self.solution.levels):
            if self._is_own(agent, level):
                reduced[k] += 1 if level.measure == "placements" else utility
        return objects, utility, reduced

    def _is_own(self, agent: int, level: Level) -> bool:
        return level.tier is None or self.market.tier is None or int(self.market.tier[agent]) == level.tier

    def _worth(self, k: int, reduced: Int64, utility: Int64) -> tuple[int, ...]:
        """What options are compared by: reduced weights level by level; utility alone where no prices rule."""
        return (int(utility[k]),) if self.solution.kind == "stable" else tuple(reduced[:, k].tolist())

    def _option(
        self, agent: int, k: int, objects: Int64, utility: Int64, reduced: Int64, own: tuple[int, ...]
    ) -> Option:
        levels = self.solution.levels
        level = next(n for n, lv in enumerate(levels) if lv.measure == "utility" and self._is_own(agent, lv))
        price = int(self.solution.price_levels[level, objects[k]])
        worse = next((n for n in range(len(own)) if int(reduced[n, k]) < own[n]), None)
        worse_at = None if worse is None or self.solution.kind == "stable" else levels[worse]
        return Option(int(objects[k]), int(utility[k]), price, int(utility[k]) - price, worse_at)

    def _reason(self, agent: int, got: Option | None, first: Option | None) -> Reason:
        if first is None:
            return "no_wish"
        if got is not None and got.object == first.object:
            return "got"
        if self.market.seats[first.object] == 0:
            return "no_seats"
        if first.utility <= 0 and got is None:
            return "not_acceptable"
        if self.solution.kind == "stable":
            return "ranked"
        holders = self._holders(first.object)
        if len(holders) < self.market.seats[first.object]:
            return "equal"
        tier = self.market.tier
        if tier is not None and (tier[holders] < tier[agent]).all():
            return "tier"
        return "placements" if first.worse_at is not None and first.worse_at.measure == "placements" else "price"

    def _holders(self, j: int) -> Int64:
        return np.asarray(self._by_object[self._starts[j] : self._starts[j + 1]], np.int64)

    def _rivals(self, agent: int, first: Option) -> tuple[Rival, ...]:
        """Holders of the first wish, those who are nearest to giving way first."""
        rivals = []
        for holder in self._holders(first.object).tolist():
            objects, utility, _ = self._row(holder)
            worth = int(utility[objects == first.object][0])
            rivals.append(Rival(holder, worth, worth - first.utility))
        return tuple(sorted(rivals, key=lambda rival: (rival.margin, rival.agent))[:RIVALS_SHOWN])

    def _sentences(
        self,
        words: dict[str, str],
        got: Option | None,
        following: Option | None,
        first: Option | None,
        reason: Reason,
        rivals: tuple[Rival, ...],
    ) -> tuple[str, ...]:
        """Why this one; the next best; why not the first wish."""
        stable = self.solution.kind == "stable"

        def say(key: str, option: Option) -> str:
            return words[key].format(
                name=self.object_name(option.object), utility=option.utility, price=option.price, reduced=option.reduced
            )

        said = [words["unplaced"] if got is None else say("stable" if stable else "placed", got)]
        if following is not None:
            said.append(say("next_stable" if stable else "next", following))
        if first is not None:
            said.append(say(reason, first))
        if rivals:
            said.append(words["rivals"].format(least=rivals[0].margin))
        return tuple(said)


@dataclass(frozen=True, eq=False)
class Survey:
    """概览: for every agent at once the next best edge, the first wish (edge numbers, −1 = none) and the reason."""

    next_best: Int64
    first_wish: Int64
    reason: npt.NDArray[np.str_]


def survey(market: Market, solution: Solution) -> Survey:
    """概览: the same answers as `Explainer` gives, for all agents in some array operations."""
    if solution.certificate == "search":
        raise JieduiError("Not yet: explanations under quotas or linked groups.", remedy="See docs/matching.md.")
    source, place = market.edge_agents(), solution.assignment
    utility = net_utility(market)
    reduced = [utility] if solution.kind == "stable" else _reduced_levels(market, solution, utility)
    held = market.indices == place[source]
    first = _first_of_rows(market, np.lexsort((market.indices, -utility, source)), np.ones(market.edges, bool))
    keys: list[Array] = [market.indices, *(-level for level in reversed(reduced)), source]
    order = np.lexsort(keys)
    return Survey(
        _first_of_rows(market, order, ~held), first, _reasons(market, solution, utility, reduced, first, held)
    )


def _reduced_levels(market: Market, solution: Solution, utility: Int64) -> list[Int64]:
    tier = None if market.tier is None else np.repeat(market.tier, np.diff(market.indptr))
    levels = []
    for price, level in zip(solution.price_levels, solution.levels, strict=True):
        weight = np.ones_like(utility) if level.measure == "placements" else utility
        own = weight if tier is None or level.tier is None else np.where(tier == level.tier, weight, 0)
        levels.append(own - price[market.indices])
    return levels


def _first_of_rows(market: Market, order: npt.NDArray[np.intp], wanted: npt.NDArray[np.bool_]) -> Int64:
    """Per agent the first wanted edge in `order` (sorted by agent first); −1 where there is none."""
    found = np.full(market.agents, -1, np.int64)
    kept = order[wanted[order]][::-1]
    found[market.edge_agents()[kept]] = kept
    return found


def _reasons(
    market: Market,
    solution: Solution,
    utility: Int64,
    reduced: list[Int64],
    first: Int64,
    held: npt.NDArray[np.bool_],
) -> npt.NDArray[np.str_]:
    """`Reason` per agent; the conditions stand in the order in which `Explainer` asks them."""
    if not market.edges:
        return np.full(market.agents, "no_wish", "<U16")
    place, wish = solution.assignment, market.indices[first]
    load = np.bincount(place[place >= 0], minlength=market.objects)
    tier = np.zeros(market.agents, np.int64) if market.tier is None else market.tier
    latest = np.full(market.objects, np.iinfo(np.int64).min)
    np.maximum.at(latest, place[place >= 0], tier[place >= 0])
    own = np.full(market.agents, -1, np.int64)
    own[market.edge_agents()[held]] = np.flatnonzero(held)
    worse_at = np.full(market.agents, -1, np.int64)
    for k, level in reversed(list(enumerate(reduced))):
        worse_at[level[first] < np.where(own >= 0, level[own], 0)] = k
    placements = np.array([level.measure == "placements" for level in solution.levels] + [False])
    stable = solution.kind == "stable"
    conditions: list[tuple[Reason, npt.NDArray[np.bool_]]] = [
        ("no_wish", first < 0),
        ("got", (place >= 0) & (place == wish)),
        ("no_seats", market.seats[wish] == 0),
        ("not_acceptable", (utility[first] <= 0) & (place < 0)),
        ("ranked", np.full(market.agents, stable)),
        ("equal", load[wish] < market.seats[wish]),
        ("tier", latest[wish] < tier),
        ("placements", placements[worse_at]),
    ]
    return np.select([met for _, met in conditions], [name for name, _ in conditions], "price")


ZH: Final = {
    "placed": "安排到{name}：效用 {utility}，席位价格 {price}，净得 {reduced}，在其全部选项中没有更高的。",
    "stable": "安排到{name}：效用 {utility}。",
    "unplaced": "未安排：按席位价格计，没有一个选项比不安排更好。",
    "next": "次优选项是{name}：效用 {utility}，席位价格 {price}，净得 {reduced}。",
    "next_stable": "次优选项是{name}：效用 {utility}。",
    "no_wish": "没有任何可选项。",
    "got": "这正是其第一志愿。",
    "no_seats": "第一志愿{name}没有席位。",
    "not_acceptable": "最高效用的选项{name}也不优于不安排（效用 {utility}）。",
    "tier": "第一志愿{name}的席位已由更优先层级的人占满。",
    "placements": "第一志愿{name}的席位留给否则将无处安排的人，使安排的总人数最多。",
    "price": "第一志愿{name}（效用 {utility}）席位价格为 {price}：多得的效用不超过多付的价格。",
    "equal": "第一志愿{name}（效用 {utility}）与所得同样好，且尚有空位。",
    "ranked": "第一志愿{name}的席位由排序更靠前的人占满。",
    "rivals": "占有该席位者的效用与其相差最少为 {least}。",
}
EN: Final = {
    "placed": "Placed at {name}: utility {utility}, price of the seat {price}, net {reduced}; no option is better.",
    "stable": "Placed at {name}: utility {utility}.",
    "unplaced": "Not placed: at the prices of the seats no option is better than staying out.",
    "next": "The next best is {name}: utility {utility}, price of the seat {price}, net {reduced}.",
    "next_stable": "The next best is {name}: utility {utility}.",
    "no_wish": "There is no option at all.",
    "got": "This is its first wish.",
    "no_seats": "The first wish {name} has no seats.",
    "not_acceptable": "Even the best option {name} is not better than staying out (utility {utility}).",
    "tier": "The seats of the first wish {name} are all taken by earlier tiers.",
    "placements": "The seats of the first wish {name} go to others who would have none, so that most are placed.",
    "price": "A seat of the first wish {name} (utility {utility}) costs {price}, no less than what it adds.",
    "equal": "The first wish {name} (utility {utility}) is equally good and has a free seat.",
    "ranked": "The seats of the first wish {name} are held by agents that rank higher there.",
    "rivals": "The utility of a holder of that seat differs by at least {least}.",
}
