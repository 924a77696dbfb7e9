"""人岗相适: whether a candidate may be proposed for a post (九).

Rows are of the tables `candidate` and `post`.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from jiedui.policy.findings import Row
from jiedui.policy.parameters import Parameters
from jiedui.policy.registry import implements, interprets
from jiedui.terms import codelists

LEVELS: Final = tuple(codelists.TALENT_LEVEL)
UNFIT: Final[dict[str, tuple[str, str]]] = {
    "kind": ("类别不同", "of another kind"),
    "field": ("领域不符", "of another field"),
    "level": ("层级不够", "of a lower level than asked"),
    "term": ("任期长于本人可任期限", "the term is longer than the candidate can stay"),
    "free": ("到岗日期太晚", "free too late"),
}


@implements("talent.4")
@interprets(
    "talent.4",
    because="The duty names fields, level and term. Ours: the kind is the same, the field the first or the second of "
    "the candidate, the level not below, the term no longer than the candidate can stay, and the candidate free no "
    "later than some days after the post is needed.",
)
def unfit(candidate: Row, post: Row, parameters: Parameters) -> str | None:
    """不适合的原因: the first of `UNFIT`, or None where the candidate may be proposed."""
    if candidate["kind"] != post["kind"]:
        return "kind"
    if post["field"] not in (candidate["field"], candidate["second_field"]):
        return "field"
    if LEVELS.index(candidate["level"]) < LEVELS.index(post["level"]):
        return "level"
    if post["term_months"] > candidate["longest_term_months"]:
        return "term"
    latest: date = post["needed_from"] + timedelta(days=int(parameters.value("talent.match.free_within_days")))
    return "free" if candidate["free_from"] > latest else None
