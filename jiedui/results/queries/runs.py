"""运行: the latest finished run of a kind, and all of them with their lineage."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from jiedui import __version__
from jiedui.results.models import Run


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


def same(kind: str, *, snapshot_digest: str, policy_digest: str) -> Run | None:
    """同源运行: the latest finished run of a kind from this snapshot and policy, by this version of the program.

    The same inputs give the same numbers, so whoever finds one need not compute them again.
    """
    rows = Run.objects.filter(kind=kind, status="finished", code_version=__version__)
    return rows.filter(snapshot_digest=snapshot_digest, policy_digest=policy_digest).order_by("-finished_at").first()
