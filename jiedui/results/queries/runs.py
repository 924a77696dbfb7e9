"""运行: the latest finished run of a kind, and all of them with their lineage."""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from jiedui import __version__
from jiedui.results.models import Run
from jiedui.terms.divisions import prefix
from jiedui.terms.scope import Scope


def latest(kind: str, *, year: int | None = None) -> Run | None:
    """最近一次: the finished run of a kind (`match`, `assess`), of a year if given, that finished last; or None."""
    rows = Run.objects.filter(kind=kind, status="finished")
    if year is not None:
        rows = rows.filter(year=year)
    return rows.order_by("-finished_at").first()


def finished(kind: str, run_id: UUID) -> Run | None:
    """某次运行: the finished run of a kind with this number, or None."""
    return Run.objects.filter(pk=run_id, kind=kind, status="finished").first()


def recent(limit: int = 50) -> list[Run]:
    """最近运行: runs of all kinds, the latest first, unfinished and failed ones too."""
    return list(Run.objects.order_by("-started_at")[:limit])


def last_day(run: Run | None) -> date | None:
    """数据截止日: the last day of the run's year, on which its pages look at the programme; None without a year."""
    return date(run.year, 12, 31) if run is not None and run.year else None


def get(run_id: str) -> Run | None:
    """一次运行: by its id."""
    return Run.objects.filter(pk=run_id).first()


def same(kind: str, *, snapshot_digest: str, policy_digest: str, problem: str = "") -> Run | None:
    """同源运行: the latest finished run of a kind, and of a matching problem, from this snapshot and policy.

    By this version of the program. The same inputs give the same numbers, so whoever finds one need not compute them
    again. One that was told settings of its own, or served a region only, is not the same.
    """
    rows = Run.objects.filter(kind=kind, problem=problem, status="finished", code_version=__version__)
    rows = rows.filter(region_code="", settings={})
    return rows.filter(snapshot_digest=snapshot_digest, policy_digest=policy_digest).order_by("-finished_at").first()


def matches(user: Any, problem: str = "") -> QuerySet[Run]:
    """匹配运行: finished ones that concern the reader, the newest first.

    A run of the whole country concerns everybody; one of a region whoever sees proposals there. Its settings, its
    certificate and its comparison are of all its people together; numbers of a county are shown by `by_county` only.
    """
    rows = Run.objects.filter(kind="match", status="finished").filter(_concerns(user))
    return (rows.filter(problem=problem) if problem else rows).order_by("-finished_at")


def match_run(user: Any, run_id: UUID) -> Run | None:
    """一次匹配运行: by its number, if it concerns the reader."""
    return matches(user).filter(pk=run_id).first()


def latest_match(user: Any, problem: str) -> Run | None:
    """最近的匹配运行: of a problem, the one that finished last among those that concern the reader."""
    return matches(user, problem).first()


def by_county(run: Run, user: Any) -> list[dict[str, Any]]:
    """分县结果: county, seeking, placed and share, of the counties that lie whole in the reader's scope.

    A county of which one or two persons were placed tells of them, so nobody else reads it. The least share first.
    """
    scope = _scope(user, run.problem)
    rows = [row for row in run.summary.get("by_county") or [] if not Scope.of([prefix(row["county"])]) - scope]
    return sorted(rows, key=lambda row: (row.get("share") is None, row.get("share") or 0.0, row["county"]))


def _concerns(user: Any) -> Q:
    """Regions that overlap the reader's scope, by problem; a code below another begins with its prefix."""
    of_people, of_others = _scope(user, "labour"), _scope(user, "need")
    labour = Q(problem__in=("", "labour"))
    return Q(region_code="") | (labour & _overlaps(of_people)) | (~labour & _overlaps(of_others))


def _scope(user: Any, problem: str) -> Scope:
    if not getattr(user, "is_authenticated", False):
        return Scope()
    sight = user.sight()
    if problem in ("", "labour"):
        return sight.proposed
    return sight.programme | sight.office | sight.staffing | sight.talent


def _overlaps(scope: Scope) -> Q:
    """A stored region ends with zeros where it is a prefecture or province: it lies inside, or above a range."""
    inside = reduce(or_, (Q(**one) for one in scope.comparisons("region_code")), Q(pk__in=[]))
    above = {low[:digits].ljust(6, "0") for low, _high in scope.ranges for digits in (2, 4, 6) if len(low) >= digits}
    return inside | Q(region_code__in=above)
