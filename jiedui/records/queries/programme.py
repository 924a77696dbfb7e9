"""结对工作: what happened in one pair: projects, money, secondments, visits, meetings and what they agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from jiedui.records.models import BudgetLine, LedgerLeg, Meeting, Project, Secondment, Task, Visit
from jiedui.terms.codelists import LEDGER_STEP


@dataclass(frozen=True, slots=True)
class Step:
    """资金环节: how much went through one step of the chain in a year, in how many entries, from when to when."""

    step: str
    entries: int
    amount_fen: int
    first_on: date
    last_on: date


def projects(user: Any, pairing_id: int) -> QuerySet[Project]:
    """项目: the projects of a pair that the user may see, latest first, with the households linked to each."""
    return (
        Project.objects.visible_to(user)
        .filter(pairing_id=pairing_id)
        .select_related("firm")
        .annotate(linked=Count("benefitlink__household", distinct=True))
        .order_by("-signed_on", "project_id")
    )


def project_totals(user: Any, pairing_id: int) -> dict[str, int | None]:
    """项目合计: number, signed and arrived investment in fen; an amount is None where no project states it."""
    return (
        Project.objects.visible_to(user)
        .filter(pairing_id=pairing_id)
        .aggregate(number=Count("project_id"), signed_fen=Sum("signed_fen"), arrived_fen=Sum("arrived_fen"))
    )


def budget(user: Any, pairing_id: int) -> list[BudgetLine]:
    """预算: the donor's budget lines for a pair, by year."""
    lines = BudgetLine.objects.visible_to(user).filter(pairing_id=pairing_id)
    return list(lines.order_by("year", "budget_line_id"))


def money_chain(user: Any, pairing_id: int, year: int) -> list[Step]:
    """资金链: the steps that money of the year's budget lines has taken so far, in the order of the chain.

    Each entry balances, so what went through it is the sum of its positive legs.
    """
    rows = (
        LedgerLeg.objects.visible_to(user)
        .filter(ledger_entry__pairing_id=pairing_id, budget_line__year=year, amount_fen__gt=0)
        .values("ledger_entry__step")
        .annotate(entries=Count("ledger_entry", distinct=True), amount_fen=Sum("amount_fen"))
        .annotate(first_on=Min("ledger_entry__happened_on"), last_on=Max("ledger_entry__happened_on"))
    )
    steps = [
        Step(row["ledger_entry__step"], row["entries"], row["amount_fen"], row["first_on"], row["last_on"])
        for row in rows
    ]
    return sorted(steps, key=lambda step: list(LEDGER_STEP).index(step.step))


def secondments(user: Any, pairing_id: int, on: date) -> list[dict[str, Any]]:
    """挂职: by direction, kind and field: how many ever, and how many in post on a day."""
    in_post = Q(started_on__lte=on) & (Q(ended_on__isnull=True) | Q(ended_on__gt=on))
    rows = Secondment.objects.visible_to(user).filter(pairing_id=pairing_id).values("direction", "kind", "field")
    return list(
        rows.annotate(number=Count("secondment_id"), in_post=Count("secondment_id", filter=in_post)).order_by(
            "direction", "kind", "field"
        )
    )


def visits(user: Any, pairing_id: int) -> list[Visit]:
    """互访: the visits of a pair, latest first."""
    return list(Visit.objects.visible_to(user).filter(pairing_id=pairing_id).order_by("-visited_on", "visit_id"))


def meetings(user: Any, pairing_id: int) -> list[Meeting]:
    """联席会议: the joint meetings of a pair, latest first."""
    return list(Meeting.objects.visible_to(user).filter(pairing_id=pairing_id).order_by("-held_on", "meeting_id"))


def open_tasks(user: Any, on: date) -> QuerySet[Task]:
    """未完成议定事项: what meetings agreed and was not done by a day, the oldest due date first."""
    return (
        Task.objects.visible_to(user)
        .filter(Q(done_on__isnull=True) | Q(done_on__gt=on), meeting__held_on__lte=on)
        .select_related("meeting")
        .order_by("due_on", "task_id")
    )
