"""说明理由: what a stored proposal says in words: what counted, what came next, and why not the first wish.

Proposals are stored as numbers (`models.matching`); this is the only place where they become sentences, in Chinese and
English, for a page, a sheet of paper and the worker's own sheet alike. A part or a reason that has no words here is
told by its name: nothing that counted is ever left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jiedui.results.models.matching import OCCUPATION_FIT, PARTNER, PairProposal, Proposal

Words = tuple[str, str]
"""(Chinese, English)."""

PARTS: Final[Mapping[str, Words]] = {
    "placement": ("有工作", "work at all"),
    "wage": ("工资高于期望", "wage above what is expected"),
    "distance": ("距离", "distance"),
    "nearby": ("就近就业", "work nearby"),
    "care": ("就近可照料家人", "near enough to care for the family"),
    "pairing": ("结对帮扶方的岗位", "vacancy in the donor's area"),
    "skill": ("技能等级相符", "skill level as asked"),
    "occupation": ("意向职业", "wished occupation"),
    "place": ("意向工作地", "the wished place"),
    "wish_place": ("意向工作地", "the wished place"),
    "dormitory": ("外出有宿舍", "dormitory away from home"),
    "couple": ("有夫妻房", "room for a couple"),
    "couple_room": ("有夫妻房", "room for a couple"),
    "school": ("解决子女学位", "school place for a child"),
    "all_year": ("常年岗位", "work all the year"),
}
"""Parts of the utility of a worker and a vacancy; those of other problems come with the run (`summary["labels"]`)."""
UNKNOWN_DISTANCE: Final[Words] = ("距离不明，不计分", "distance not known: not counted")
NEXT: Final[Words] = (
    "值 {utility} 分，席位价格 {price} 分：按价格计不比本建议更好。",
    "Worth {utility} points, its seat costs {price}: at that price it is no better than this one.",
)
NEXT_UNPRICED: Final[Words] = ("值 {utility} 分。", "Worth {utility} points.")
WISH: Final[Mapping[str, Words]] = {
    "no_wish": ("没有可选项。", "There was no option at all."),
    "no_seats": ("首选没有空缺。", "The first wish has no free seat."),
    "not_acceptable": ("首选不优于不安排。", "The first wish is not better than staying."),
    "tier": ("首选已由更优先的层级占满。", "The first wish is taken by those who are served first."),
    "placements": (
        "首选让给否则无处安排者，使安排的数量最多。",
        "The first wish goes to somebody who would have nothing else, so that most are served.",
    ),
    "price": (
        "首选多得 {gain} 分，席位价格高出 {cost} 分：让出席位者损失不会更小。",
        "The first wish adds {gain} points, its seat costs {cost} more: whoever gives way would lose no less.",
    ),
    "equal": ("首选与本建议同样好，且尚有空缺。", "The first wish is equally good and has a free seat."),
    "ranked": ("首选已由排序更靠前者占满。", "The first wish is taken by those who rank higher there."),
    "quota": ("首选所在范围的名额已满。", "All places of that area are taken."),
    "quota_floor": (
        "本建议所在范围须达到最低数量。",
        "The area of this proposal must reach its least number.",
    ),
    "group": ("首选不能同去，或合计并不更好。", "They cannot be there together, or it is no better together."),
    "blocked": ("未能找到稳定的共同安排。", "No stable place was found for them together."),
    "pinned": ("已由人员指定本建议。", "An officer pinned this proposal."),
    "forbidden": ("首选已由人员排除。", "An officer forbade the first wish."),
    "whole": ("单看自身首选更好，但整体安排并不更好。", "Alone it may be better, as a whole it is not."),
}
"""Why the first wish was not given, by `wish_reason`."""


@dataclass(frozen=True, slots=True)
class Line:
    """理由行: a part with its points; `words` name it, with the fact that it came from."""

    key: str
    points: int
    words: Words


@dataclass(frozen=True, slots=True)
class Other:
    """另一选项: the next best or the first wish: its key and place (None and "": not kept), and what is said of it."""

    right_id: int | None
    region_code: str
    utility: int | None
    price: int | None
    words: Words


@dataclass(frozen=True, slots=True)
class Told:
    """说明: reasons whose points add up to the utility; no `next_best` = there was none; no `first_wish` = this is it.

    `facts` are the figures behind the points, by their names in words (of other problems than labour).
    """

    reasons: tuple[Line, ...]
    next_best: Other | None
    first_wish: Other | None
    facts: tuple[tuple[Words, Any], ...] = ()

    @property
    def main(self) -> tuple[Line, ...]:
        """主要理由: the two that counted most beyond having work at all."""
        others = [line for line in self.reasons if line.key != "placement" and line.points > 0]
        return tuple(sorted(others, key=lambda line: -line.points)[:2])


def tell(row: Proposal | PairProposal, summary: Mapping[str, Any]) -> Told:
    """说明一条建议: `summary` is that of its run (the parts in their order, and labels)."""
    return _tell_labour(row, summary) if isinstance(row, Proposal) else _tell_pair(row, summary)


def labels(summary: Mapping[str, Any]) -> Mapping[str, Words]:
    """用语表: the words of this room, and those that the run brought along."""
    brought = {key: (str(words[0]), str(words[1])) for key, words in (summary.get("labels") or {}).items()}
    return {**PARTS, **brought}


def _tell_labour(row: Proposal, summary: Mapping[str, Any]) -> Told:
    words = labels(summary)
    lines = [
        Line(key, points, _fact(row, key) or _named(key, words)) for key, points in _points(row, summary) if points
    ]
    if row.distance_km is None:
        lines.append(Line("distance", 0, UNKNOWN_DISTANCE))
    if row.partner:
        lines.append(Line("partner", 0, _named(row.partner, PARTNER)))
    following = _next(row.next_vacancy_id, row.next_region_code, row.next_utility, row.next_price)
    return Told(tuple(lines), following, _wish(row, row.wish_vacancy_id, row.wish_region_code, words))


def _tell_pair(row: PairProposal, summary: Mapping[str, Any]) -> Told:
    words = labels(summary)
    lines = [Line(key, points, _named(key, words)) for key, points in _points(row, summary) if points]
    following = _next(row.next_right_id, "", row.next_utility, row.next_price)
    facts = tuple((_named(name, words), _plain(name, value)) for name, value in row.facts.items())
    return Told(tuple(lines), following, _wish(row, row.wish_right_id, "", words), facts)


def _points(row: Proposal | PairProposal, summary: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Part → points; a part that the run does not name is told by its number, so that the sum stays whole."""
    parts: Sequence[str] = summary.get("parts") or ()
    names = [*parts, *(f"part {number + 1}" for number in range(len(parts), len(row.points)))]
    return list(zip(names, row.points, strict=False))


def _fact(row: Proposal, part: str) -> Words | None:
    """The words of a part with its wage, distance, dependants or occupation in them; None for the plain word."""
    if part == "wage":
        wage = row.wage_fen // 100
        if row.expected_fen is None:
            return f"月工资 {wage} 元（未登记期望工资）", f"{wage} yuan a month (no expectation registered)"
        expected = round(row.expected_fen / 100)
        return f"月工资 {wage} 元，期望 {expected} 元", f"{wage} yuan a month, {expected} expected"
    if part == "distance" and row.distance_km is not None:
        return f"距家约 {row.distance_km:.0f} 公里", f"about {row.distance_km:.0f} km from home"
    if part == "care":
        return f"就近可照料家人 {row.dependants} 人", f"near enough to care for {row.dependants}"
    return _named(row.occupation_fit, OCCUPATION_FIT) if part == "occupation" else None


def _plain(name: str, value: Any) -> Any:
    """A year or a number of something is no count: it has no separators."""
    return str(value) if isinstance(value, int) and name.endswith(("_year", "_id")) else value


def _named(key: str, words: Mapping[str, Words]) -> Words:
    return words.get(key, (key, key))


def _next(right: int | None, region: str, utility: int | None, price: int | None) -> Other | None:
    if right is None:
        return None
    return Other(right, region, utility, price, _filled(NEXT if price is not None else NEXT_UNPRICED, utility, price))


def _wish(row: Proposal | PairProposal, right: int | None, region: str, words: Mapping[str, Words]) -> Other | None:
    if not row.wish_reason:
        return None
    reason = row.wish_reason
    gain = None if row.wish_utility is None else row.wish_utility - row.utility
    cost = None if row.wish_price is None or row.price is None else row.wish_price - row.price
    if reason == "price" and (gain is None or cost is None):
        reason = "whole"
    zh, en = _named(reason, {**WISH, **words})
    told = (zh.format(gain=gain, cost=cost), en.format(gain=gain, cost=cost)) if reason in WISH else (zh, en)
    return Other(right, region, row.wish_utility, row.wish_price, told)


def _filled(template: Words, utility: int | None, price: int | None) -> Words:
    return template[0].format(utility=utility, price=price), template[1].format(utility=utility, price=price)
