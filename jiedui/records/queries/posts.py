"""岗位与人选查询: posts and candidates as a reader may see them, and the pairings that a post may belong to."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db.models import QuerySet

from jiedui.records.models import Candidate, Pairing, Post, User
from jiedui.terms.codelists import PAIR_LEVEL
from jiedui.terms.divisions import prefix
from jiedui.terms.scope import Scope

ABOVE_COUNTIES: Final = tuple(level for level in PAIR_LEVEL if level.startswith(("province", "city")))
"""Levels of clause (四): what is recorded counts for these."""


def posts(user: User, state: str = "") -> QuerySet[Post]:
    """岗位: visible ones, the newest first; `state` "" = all."""
    rows = Post.objects.visible_to(user).select_related("pairing")
    return (rows.filter(state=state) if state else rows).order_by("-pk")


def post(user: User, post_id: int) -> Post | None:
    """一个岗位, or None where there is none for the reader."""
    return posts(user).filter(pk=post_id).first()


def candidates(user: User, *, withdrawn: bool | None = None) -> QuerySet[Candidate]:
    """人选: visible ones, the newest first."""
    rows = Candidate.objects.visible_to(user)
    return (rows if withdrawn is None else rows.filter(withdrawn=withdrawn)).order_by("-pk")


def candidate(user: User, candidate_id: int) -> Candidate | None:
    """一名人选, or None where there is none for the reader."""
    return candidates(user).filter(pk=candidate_id).first()


def pairings(user: User, on: date) -> list[Pairing]:
    """可用结对关系: of clause (四), that hold on a day and have a side where the reader may staff posts."""
    sight = user.sight()
    mine = sight.staffing | sight.office
    rows = Pairing.objects.filter(level__in=ABOVE_COUNTIES).order_by("pk")
    held = [row for row in rows if row.valid_from <= on and (row.valid_to is None or on < row.valid_to)]
    return [row for row in held if _touches(row.donor_code, mine) or _touches(row.recipient_code, mine)]


def _touches(code: str, scope: Scope) -> bool:
    """Whether a division and a scope have a place in common."""
    here = Scope.of([prefix(code)])
    return bool(here) and here - scope != here
