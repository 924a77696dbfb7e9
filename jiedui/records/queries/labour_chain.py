"""劳务协作台账: what is to be done along the chain, and how many are where, of the rows that a reader sees.

Every list is a queryset over `visible_to`, so that a page, its count and its export agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from jiedui.policy import parameters
from jiedui.policy.rules import labour_steps
from jiedui.records.access import within
from jiedui.records.models import DuplicatePair, FollowUp, JobOffer, Placement, Worker
from jiedui.terms.divisions import prefix
from jiedui.terms.periods import add_months
from jiedui.terms.scope import Scope


def _of(rows: QuerySet, region_code: str) -> QuerySet:
    return rows.filter(within(Scope.of([prefix(region_code)]), "region_code")) if region_code else rows


def lasting(day: date) -> Q:
    """在岗: the condition that a placement lasts on a day."""
    return Q(started_on__lte=day) & (Q(ended_on=None) | Q(ended_on__gt=day))


# --- offers -----------------------------------------------------------------------------------------------------------


def unanswered(user: Any, on: date | None = None) -> QuerySet[JobOffer]:
    """逾期未答: offers whose day of answer is over, the longest ago first; `labour_offers.lapse` ends them at home."""
    day = on or date.today()
    return JobOffer.objects.visible_to(user, day).filter(state="offered", answer_by__lt=day).order_by("answer_by", "pk")


# --- staying in work --------------------------------------------------------------------------------------------------


def due_checks(user: Any, on: date | None = None) -> QuerySet[Placement]:
    """待核查: placements that last and have passed 1, 3 or 6 months (`labour.stay_month_steps`) with fewer of them
    proven; `proven` holds how many. Oldest first.
    """
    day = on or date.today()
    held = parameters.load(day)
    proving = Q(staycheck__evidence__in=held.value("labour.stay_evidence"))
    inside = Q(staycheck__month__gte=TruncMonth("started_on"))
    rows = Placement.objects.visible_to(user, day).filter(lasting(day))
    rows = rows.annotate(proven=Count("staycheck__month", filter=proving & inside, distinct=True))
    due = Q(pk__in=[])
    for step in held.value("labour.stay_month_steps"):
        due |= Q(started_on__lte=add_months(day, -step), proven__lt=step)
    return rows.filter(due).order_by("started_on", "pk")


def step_due(started_on: date, proven: int, on: date) -> int | None:
    """到期档: the longest step of months that is over and not proven; None where none is."""
    steps = parameters.load(on).value("labour.stay_month_steps")
    return max((step for step in steps if started_on <= add_months(on, -step) and proven < step), default=None)


def not_followed_up(user: Any, on: date | None = None) -> QuerySet[Placement]:
    """待回访: placements that ended and that nobody followed up, the longest ago first. Who died needs none."""
    day = on or date.today()
    done = FollowUp.objects.filter(placement=OuterRef("pk"))
    ended = Placement.objects.visible_to(user, day).filter(ended_on__lte=day)
    ended = ended.filter(Q(left_because=None) | ~Q(left_because="died"))
    return ended.filter(~Exists(done)).order_by("ended_on", "pk")


def hours_left(ended_on: date, now: datetime | None = None) -> int:
    """剩余小时: until the term of the follow-up is over, from the end of the last day; below 0 = too late."""
    hours = parameters.load(ended_on).value("labour.follow_up_hours")
    last = timezone.make_aware(datetime.combine(ended_on + timedelta(days=1), time())) + timedelta(hours=hours)
    return int((last - (now or timezone.now())).total_seconds() // 3600)


# --- figures and what does not fit ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figures:
    """两个口径: persons placed through the collaboration and at work; registered persons who work in the East."""

    through: int
    east: int


def two_figures(user: Any, region_code: str = "", on: date | None = None) -> Figures:
    """两个口径: of the people whom the reader sees; each person once, and never added up.

    One counts placements that name a pairing, the other what the register says of the present (the monthly monitoring
    keeps it so): the evidence differs, and neither is a part of the other.
    """
    day = on or date.today()
    placed = _of(Placement.objects.visible_to(user, day), region_code).filter(lasting(day), pairing__isnull=False)
    east = _of(Worker.objects.visible_to(user, day), region_code).filter(work_status="away_east")
    return Figures(*(rows.order_by().values("person").distinct().count() for rows in (placed, east)))


def lasting_after_leaving(user: Any, on: date | None = None) -> QuerySet[Placement]:
    """已注销仍在岗: placements that last although the person died or left the register: their end is to be entered.

    Open offers of such persons are withdrawn by themselves; a placement is a fact that a person ends.
    """
    day = on or date.today()
    rows = Placement.objects.visible_to(user, day).filter(lasting(day), person__left_on__lte=day)
    return rows.order_by("person__left_on", "pk")


def twice_engaged(user: Any, on: date | None = None) -> QuerySet[DuplicatePair]:
    """一人两岗: pairs that were decided to be one person while both have an open offer or a placement that lasts.

    Told in a list and not by the decision: the register settles the decision later, and then the second entry's open
    offers are withdrawn by themselves; what is left are placements, which no machine ends.
    """
    day = on or date.today()
    pairs = DuplicatePair.objects.visible_to(user, day).filter(decision="same")
    for side in ("left_id", "right_id"):
        open_one = JobOffer.objects.filter(person=OuterRef(side), state__in=labour_steps.HOLDING)
        placed = Placement.objects.filter(lasting(day), person=OuterRef(side))
        pairs = pairs.filter(Exists(open_one) | Exists(placed))
    return pairs.order_by("pk")
