"""解释: why this one, what is the next best and its price, and why not the first wish.

Everything said follows from the certificate and from the assignment: with proven prices no option of a single agent is
better for it than what it got; with ranks nobody who holds its wish ranks lower; a search proves the whole and says
nothing about one agent alone. The sentences are generic; `problems/<area>` puts its own words (wage, distance) to them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, overload

import numpy as np
import numpy.typing as npt

from jiedui.errors import JieduiError
from jiedui.matching.explain_facts import NONE, Facts
from jiedui.matching.explain_groups import Because, ClassOption, Together, together, why
from jiedui.matching.explain_reasons import Reason, reasons
from jiedui.matching.explain_wording import EN, ZH, Words
from jiedui.matching.solver.market import Array, Int64, Market
from jiedui.matching.solver.solution import Level, Solution

__all__ = [
    "ClassOption", "Explainer", "Explanation", "Option", "Reason", "Rival", "Survey", "Together", "explain", "survey",
]  # fmt: skip

RIVALS_SHOWN: Final = 5

Naming = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Option:
    """选项: an object, what it is worth to the agent (net of the reserve), and what it leaves after the prices.

    `price`: of a seat, at the agent's own utility level; `quota_price`: of the quotas of the object together; `reduced`
    = utility − price − quota_price. Where prices are not the certificate both are 0. `worse_at`: the level at which the
    option is worse than what the agent got; None where it is that, equally good or better.
    """

    object: int
    utility: int
    price: int
    quota_price: int
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
    """解释: the facts and the sentences, Chinese and English.

    `quota`: the one that the reason names (None: it names none). `together`: the same for the agent's group.
    """

    agent: int
    got: Option | None
    next_best: Option | None
    first_wish: Option | None
    reason: Reason
    rivals: tuple[Rival, ...]
    sentences_zh: tuple[str, ...]
    sentences_en: tuple[str, ...]
    quota: int | None = None
    together: Together | None = None


@overload
def explain(market: Market, solution: Solution, agent: int, /, *, object_name: Naming = str) -> Explanation: ...
@overload
def explain(solution: Solution, agent: int, /, *, object_name: Naming = str) -> Explanation: ...
def explain(first: Any, second: Any, third: int | None = None, /, *, object_name: Naming = str) -> Explanation:
    """解释: why `agent` got what it got: `explain(solution, agent)`, or `explain(market, solution, agent)`.

    For many agents make one `Explainer`. `JieduiError` when there is no such agent, or the solution has no market.
    """
    market, solution, agent = (first.market, first, second) if third is None else (first, second, third)
    if market is None:
        raise JieduiError("This solution does not know its market.", remedy="Use explain(market, solution, agent).")
    return Explainer(market, solution, object_name=object_name)(agent)


class Explainer:
    """解释器: explains any agent of one solution; what all agents share is computed once."""

    def __init__(self, market: Market, solution: Solution, *, object_name: Naming = str) -> None:
        self.facts, self.object_name = Facts(market, solution), object_name

    def __call__(self, agent: int) -> Explanation:
        """The explanation of one agent; `JieduiError` when there is no such agent."""
        facts = self.facts
        if not 0 <= agent < facts.market.agents:
            raise JieduiError(f"There is no agent {agent}: the market has {facts.market.agents}.")
        row = facts.market.row(agent)
        edges = np.arange(row.start, row.stop)
        first, following = (_first(found) for found in (_by_wish(facts, edges), _by_rest(facts, edges)))
        said, quota = reasons(facts, np.array([agent]), np.array([first]))
        reason: Reason = said[0].item()
        wish = self._option(first)
        told = Explanation(
            agent, self._option(int(facts.own[agent])), self._option(following), wish, reason,
            () if wish is None or reason == "got" else self._rivals(wish), (), (),
            None if quota[0] < 0 else int(quota[0]), together(facts, agent),
        )  # fmt: skip
        because = why(facts, agent, first) if reason == "group" and facts.allowed[first] else None
        zh, en = (_Sentences(facts, words, self.object_name).of(told, because) for words in (ZH, EN))
        return _with_sentences(told, zh, en)

    def _option(self, edge: int) -> Option | None:
        """The option of an edge; None for −1."""
        if edge < 0:
            return None
        facts, levels = self.facts, self.facts.solution.levels
        agent, j = int(facts.source[edge]), int(facts.market.indices[edge])
        own = (None,) if facts.market.tier is None else (None, int(facts.market.tier[agent]))
        level = next(n for n, lv in enumerate(levels) if lv.measure == "utility" and lv.tier in own)
        utility, price = int(facts.net[edge]), int(facts.seat_price[level, j])
        paid = int(facts.quota_cost[level, j])
        worse_at, _ = facts.compare(np.array([edge]), np.array([agent]))
        at = None if worse_at[0] < 0 or facts.stable else levels[int(worse_at[0])]
        return Option(j, utility, price, paid, utility - price - paid, at)

    def _rivals(self, first: Option) -> tuple[Rival, ...]:
        """Holders of the first wish, those who are nearest to giving way first."""
        holders = self.facts.holders(first.object)
        worth = self.facts.net[self.facts.own[holders]].tolist()
        rivals = [Rival(h, u, u - first.utility) for h, u in zip(holders.tolist(), worth, strict=True)]
        return tuple(sorted(rivals, key=lambda rival: (rival.margin, rival.agent))[:RIVALS_SHOWN])


def _with_sentences(told: Explanation, zh: tuple[str, ...], en: tuple[str, ...]) -> Explanation:
    return Explanation(
        told.agent, told.got, told.next_best, told.first_wish, told.reason, told.rivals, zh, en, told.quota,
        told.together,
    )  # fmt: skip


class _Sentences:
    """Why this one; the next best; why not the first wish; who has it; what the group has together."""

    def __init__(self, facts: Facts, words: Words, object_name: Naming) -> None:
        self.facts, self.words, self.name = facts, words, object_name

    def of(self, told: Explanation, because: Because | None) -> tuple[str, ...]:
        said = [self._placed(told)]
        if told.next_best is not None:
            said.append(self._say("next", told.next_best))
        if told.first_wish is not None:
            said.append(self._why(told, told.first_wish, because))
        if told.rivals:
            holders = self.words["and"].join(self.words["agent"].format(agent=r.agent) for r in told.rivals)
            said.append(self.words["rivals"].format(holders=holders, least=told.rivals[0].utility))
        if told.together is not None:
            said += self._together(told.together)
        return tuple(said)

    def _say(self, key: str, option: Option, **more: Any) -> str:
        facts = {"utility": option.utility, "price": option.price, "reduced": option.reduced}
        facts["quota_price"], facts["cost"] = option.quota_price, option.price + option.quota_price
        form = "worth" if not self.facts.priced else "priced_quota" if option.quota_price else "priced"
        worth = self.words[form].format(**facts)
        return self.words[key].format(name=self.name(option.object), worth=worth, **(facts | more))

    def _placed(self, told: Explanation) -> str:
        """A claim about one agent's options only where proven prices make it."""
        facts, solution = self.facts, self.facts.solution
        by_prices, member = facts.priced and facts.proven, told.together is not None
        if told.got is None:
            return self.words["unplaced_plain" if not by_prices else "unplaced_member" if member else "unplaced"]
        if by_prices:
            return self._say("placed_member" if member else "placed", told.got)
        if facts.priced and len(solution.levels) == 1:
            return self._say(
                "placed_gap_member" if member else "placed_gap", told.got, gap=solution.bound - solution.objective
            )
        return self._say("placed_open" if facts.priced else "placed_plain", told.got)

    def _why(self, told: Explanation, first: Option, because: Because | None) -> str:
        own, mine = (0, 0) if told.got is None else (told.got.reduced, told.got.utility)
        key: str = told.reason
        more: dict[str, Any] = {"own": own, "mine": mine}
        if told.reason == "group":
            key = "group_closed" if because is None else f"group_{because.detail}"
            if because is not None:
                more["partner"] = because.partner
                more["there"], more["here"] = because.sums or (0, 0)
        elif told.reason == "whole" and not (self.facts.proven and not self.facts.priced):
            key = "whole_open"
        elif told.quota is not None:
            quota, price = (self.facts.market.quotas or ())[told.quota], int(self.facts.quota_price[told.quota])
            more |= {"quota": told.quota, "count": int(self.facts.quota_load[told.quota]), "paid": abs(price)}
            more |= {"upper": quota.upper, "lower": quota.lower}
            key += "_paid" if price else ""
        return self._say(key, first, **more)

    def _together(self, group: Together) -> list[str]:
        said = []
        if group.got is not None:
            key = "together_priced" if self.facts.priced else "together"
            said.append(self.words[key].format(size=len(group.members), **_class(group.got)))
        if group.next_best is not None:
            said.append(self.words["together_next"].format(**_class(group.next_best)))
        return said


def _class(option: ClassOption) -> dict[str, int]:
    return {"number": option.number, "utility": option.utility, "reduced": option.reduced}


@dataclass(frozen=True, eq=False)
class Survey:
    """概览: for every agent at once the next best edge, the first wish (edge numbers, −1 = none) and the reason.

    `quota` (agents,) int64: the quota that the reason names, −1 where it names none.
    """

    next_best: Int64
    first_wish: Int64
    reason: npt.NDArray[np.str_]
    quota: Int64


def survey(market: Market, solution: Solution) -> Survey:
    """概览: the same answers as `Explainer` gives, for all agents in some array operations."""
    facts = Facts(market, solution)
    everything = np.arange(market.edges)
    first = _first_of_rows(facts, _by_wish(facts, everything))
    said, quota = reasons(facts, np.arange(market.agents), first)
    return Survey(_first_of_rows(facts, _by_rest(facts, everything)), first, said, quota)


def _by_wish(facts: Facts, edges: Array) -> Int64:
    """`edges` by agent and falling utility (tie: the lower object first)."""
    return np.asarray(
        edges[np.lexsort((facts.market.indices[edges], -facts.net[edges], facts.source[edges]))], np.int64
    )


def _by_rest(facts: Facts, edges: Array) -> Int64:
    """`edges` by agent and by what they leave, most first, except what the agent got and what it could never get."""
    objects, source = facts.market.indices[edges], facts.source[edges]
    wanted = (objects != facts.place[source]) & facts.allowed[edges] & (facts.market.seats[objects] > 0)
    keys: list[Array] = [objects, *(-level for level in reversed(facts.left(edges))), source]
    order = np.lexsort(keys)
    return np.asarray(edges[order[wanted[order]]], np.int64)


def _first(edges: Int64) -> int:
    return int(edges[0]) if len(edges) else NONE


def _first_of_rows(facts: Facts, edges: Int64) -> Int64:
    """Per agent the first of `edges`, which are sorted by agent; (agents,), −1 where there is none."""
    found = np.full(facts.market.agents, NONE, np.int64)
    found[facts.source[edges[::-1]]] = edges[::-1]
    return found
