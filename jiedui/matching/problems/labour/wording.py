"""措辞: what counted for a proposal, and what became of the first wish, in Chinese and English."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from jiedui.matching.problems.labour.points import PARTS, SAME, Scale
from jiedui.matching.problems.labour.sides import Int64

Words = dict[str, Any]

FIXED: Final = {
    "placement": ("有工作", "work at all"),
    "nearby": ("就近就业", "work nearby"),
    "pairing": ("结对帮扶方的岗位", "vacancy in the donor's area"),
    "skill": ("技能等级相符", "skill level as asked"),
    "dormitory": ("外出有宿舍", "dormitory away from home"),
    "all_year": ("常年岗位", "work all the year"),
}
OCCUPATION: Final = {True: ("意向职业相同", "the wished occupation"), False: ("意向职业相近", "a related occupation")}
UNKNOWN_DISTANCE: Final = ("距离不明，不计分", "distance not known: not counted")
COUPLE: Final = {
    "together": ("与配偶安排在同一县", "placed in the same county as the partner"),
    "apart": (
        "配偶安排在另一县：夫妻目前不联动求解",
        "the partner is placed in another county: couples are not linked yet",
    ),
    "alone": ("配偶本次未获安排", "the partner is not placed this time"),
}
NEXT: Final = (
    "值 {utility} 分，席位价格 {price} 分：按价格计不比本岗位更好。",
    "Worth {utility} points, its seat costs {price}: at that price it is no better than this one.",
)
WISH: Final = {
    "no_seats": ("首选岗位没有空缺。", "The first wish has no free seat."),
    "not_acceptable": ("首选岗位不优于不安排。", "The first wish is not better than staying."),
    "tier": ("首选岗位已由更优先的户占满。", "The first wish is taken by households that are served first."),
    "placements": ("首选岗位让给否则无处安排的人，使安排的人数最多。", "With it one person less would have work."),
    "price": (
        "首选岗位多得 {gain} 分，席位价格高出 {cost} 分：让出席位的人损失不会更小。",
        "The first wish adds {gain} points, its seat costs {cost} more: whoever gives way would lose no less.",
    ),
    "equal": ("首选岗位与本岗位同样好，且尚有空缺。", "The first wish is equally good and has a free seat."),
    "ranked": ("首选岗位已由排序更靠前的人占满。", "The first wish is taken by people who rank higher there."),
    "quota": ("首选岗位所在范围的名额已满。", "All places of that area are taken."),
    "quota_floor": ("本岗位所在范围须达到最低人数。", "The area of this post must reach its least number of people."),
    "group": ("首选岗位全家不能同去，或并不更好。", "The family cannot be there together."),
    "blocked": ("未能为其家庭找到稳定的安排。", "No stable place was found for the family."),
    "whole": ("单看本人首选岗位更好，但整体安排并不更好。", "Alone it may be better, as a whole it is not."),
}


def reasons(scale: Scale, w: Int64, v: Int64, partner: list[str | None]) -> list[list[Words]]:
    """理由: for each pair (w, v) what counted, with its points; they add up to the utility.

    `partner` says for each pair what became of a couple: a key of `COUPLE`, or None where there is no partner.
    """
    points = {part: values.tolist() for part, values in scale.points(w, v).items()}
    facts = _facts(scale, w, v)
    told = []
    for k, couple in enumerate(partner):
        lines = [_line(part, facts(part, k), points[part][k]) for part in PARTS if points[part][k]]
        if np.isnan(scale.distance(w[k], v[k])):
            lines.append(_line("distance", UNKNOWN_DISTANCE, 0))
        if couple is not None:
            lines.append(_line("couple", COUPLE[couple], 0))
        told.append(lines)
    return told


def texts(template: tuple[str, str], **values: int) -> Words:
    """句子: a template of both languages, filled."""
    return {"text_zh": template[0].format(**values), "text_en": template[1].format(**values)}


def _line(key: str, labels: tuple[str, str], points: int) -> Words:
    return {"key": key, "label_zh": labels[0], "label_en": labels[1], "points": points}


def _facts(scale: Scale, w: Int64, v: Int64) -> Any:
    """A function (part, k) → the two labels of pair k, with its wage, distance or dependants in them."""
    wage = (scale.vacancies.monthly_wage_fen[v] // 100).tolist()
    expected = (scale.workers.min_wage_fen[w] / 100).tolist()
    distance = scale.distance(w, v).tolist()
    dependants = scale.workers.dependants[w].tolist()
    relation = scale.relation[scale.worker_occupation[w], scale.vacancy_occupation[v]].tolist()

    def labels(part: str, k: int) -> tuple[str, str]:
        if part == "wage" and np.isnan(expected[k]):
            return f"月工资 {wage[k]} 元（未登记期望工资）", f"{wage[k]} yuan a month (no expectation registered)"
        if part == "wage":
            return (
                f"月工资 {wage[k]} 元，期望 {expected[k]:.0f} 元",
                f"{wage[k]} yuan a month, {expected[k]:.0f} expected",
            )
        if part == "distance":
            return f"距家约 {distance[k]:.0f} 公里", f"about {distance[k]:.0f} km from home"
        if part == "care":
            return f"就近可照料家人 {dependants[k]} 人", f"near enough to care for {dependants[k]}"
        return OCCUPATION[relation[k] == SAME] if part == "occupation" else FIXED[part]

    return labels
