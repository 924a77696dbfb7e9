"""签署结对: what the verbs of the matches of pairs have in common.

Who is left out and why, and what the database refuses, told in sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.db import IntegrityError, ProgrammingError

from jiedui.errors import JieduiError
from jiedui.policy.findings import Finding
from jiedui.records import access
from jiedui.records.models import User
from jiedui.terms.codelists import CodeList

REASONS: Final[CodeList] = {
    "gone": ("记录已不存在或不可见", "no longer there, or not to be seen"),
    "not_allowed": ("无权签署", "not yours to sign"),
    "outside": ("不在当日结对关系之内", "outside the pairing of the day"),
    "holds_already": ("该结对已存在", "this pair holds already"),
    "begins_later": ("该县此后另有结对开始", "another pair of the county begins later"),
    "closed": ("已关闭或已满", "closed, or filled"),
    "unfit": ("条件已不相符", "no longer fits"),
    "elsewhere": ("届时另有岗位", "in another post by then"),
    "withdrawn": ("人选已撤回", "the candidate has withdrawn"),
    "full": ("名额已满", "no place is left"),
    "served": ("已有对接", "somebody helps already"),
    "not_poor": ("非国家级贫困县", "no national poor county"),
}
"""Why a proposal was not signed."""

_SAID: Final[Mapping[str, tuple[str, str]]] = {
    "pairing_no_overlap": ("This pair holds already in part of that time.", "End the other first, or correct the day."),
    "help_offer_full": ("The offer serves as many needs as it said.", "Choose another offer."),
    "help_given_one_open": ("Somebody meets this need already.", "Look at the list again."),
    "village_offer_full": ("The firm takes as many villages as it offered.", "Choose another firm."),
    "secondment_one_post": ("The person is in another post by then.", "Choose another candidate, or a later day."),
    "post_seats_sign": ("The post is filled.", "Choose another post."),
}
"""Constraint of the database → what is wrong, and how to mend it."""
LEFT_OUT: Final[Mapping[str, str]] = {
    "pairing_no_overlap": "holds_already",
    "help_offer_full": "full",
    "help_given_one_open": "served",
    "village_offer_full": "full",
    "secondment_one_post": "elsewhere",
    "post_seats_sign": "full",
}
"""Constraint of the database → why a proposal is left out when many are signed."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """未签: the left side of a proposal, and why: a key of `REASONS`."""

    left_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Signed:
    """签署结果: how many were made, who was left out, and what the rules note about those that were made."""

    made: int
    left_out: tuple[LeftOut, ...] = ()
    findings: tuple[Finding, ...] = ()


class NotSigned(JieduiError):  # noqa: N818 - it says what happened, as `NotVerified` does
    """不予签署: one pair cannot be signed; `reason` is a key of `REASONS`."""

    def __init__(self, reason: str, message: str, *, remedy: str) -> None:
        super().__init__(message, remedy=remedy)
        self.reason = reason


@contextmanager
def written(by: User, reason: str = "") -> Iterator[None]:
    """写入: `access.signed`, whose refusals by the database come out as `NotSigned`; nothing is changed then."""
    try:
        with access.signed(by, reason):
            yield
    except (IntegrityError, ProgrammingError) as error:
        raise _told(error) from error


def _told(error: IntegrityError | ProgrammingError) -> Exception:
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or ""
    if name in _SAID:
        message, remedy = _SAID[name]
        return NotSigned(LEFT_OUT[name], message, remedy=remedy)
    if getattr(diagnosis, "sqlstate", "") == "42501":
        return NotSigned("not_allowed", "You may not do this.", remedy="Ask the office concerned.")
    return error


def require_reason(reason: str) -> str:
    """须有事由: the reason without blanks around. Raises `JieduiError` where there is none."""
    said = reason.strip()
    if len(said) < 2:
        raise JieduiError("This needs a reason.", remedy="Say why; it is kept.")
    return said[:500]


def known_fields(fields: Mapping[str, Any], allowed: tuple[str, ...]) -> dict[str, Any]:
    """所给字段. Raises `JieduiError` for one that may not be given."""
    foreign = sorted(set(fields) - set(allowed))
    if foreign:
        raise JieduiError(f"{foreign[0]} cannot be entered here.", remedy=f"Fields: {', '.join(allowed)}.")
    return dict(fields)
