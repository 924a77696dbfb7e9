"""劳务工作台: what waits this morning for an office, a donor's labour bureau or a firm, and two figures kept apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.records.access import Sight, within
from jiedui.records.actions import labour_offers as actions
from jiedui.records.models import DispatchTrip, JobOffer, Placement, Vacancy
from jiedui.records.queries import labour_chain, labour_entitled
from jiedui.terms.codelists import SUBSIDY_KIND
from jiedui.web.pages import labour_rows, labour_trips
from jiedui.web.templatetags.figures import spoken

_SOON: Final = timedelta(days=7)
_COUNTED_TO: Final = 5_000
"""Placements up to which entitlements are counted for the desk; above, their own page does it."""


_COMING: Final = ("accepted", "departed")
_STILL_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Item:
    """待办: what waits, how many, where, and how urgent; `number` None = not counted here."""

    title: str
    number: int | None
    url: str
    tone: str = ""
    note: str = ""


@serves("labour.1", "labour.3", "labour.4", "labour.5")
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """劳务工作台; a POST lets all overdue offers of the reader's people lapse."""
    problem = None
    if request.method == "POST":
        try:
            number = actions.lapse(by=request.user)
        except JieduiError as error:
            problem = error
        else:
            said = ngettext("%(number)s offer lapsed.", "%(number)s offers lapsed.", number)
            messages.success(request, said % {"number": number})
            return redirect("labour")
    sight, today = request.user.sight(), date.today()
    home = bool(sight.office & sight.named)
    context = {
        "items": [*_answers(request.user, today, home=home), *_journeys(request.user, sight, today, home=home),
                  *_work(request.user, today, home=home), *_vacancies(request.user, sight)],
        "overdue": _overdue(request.user, today) if home else 0,
        "figures": labour_chain.two_figures(request.user, on=today) if sight.people else None,
        "home": home,
        "still": _still_placed(request.user, today) if home else [],
        "sees": bool(sight.people or sight.office or sight.organisations),
        "today": today,
        "problem": problem,
    }  # fmt: skip
    return render(request, "web/labour_desk.html", context, status=400 if problem else 200)


def _overdue(user: Any, today: date) -> int:
    return labour_chain.unanswered(user, today).count()


def _answers(user: Any, today: date, *, home: bool) -> Iterator[Item]:
    """Answers that are awaited, and those that are overdue."""
    if not home:
        return
    rows = JobOffer.objects.visible_to(user).filter(state="offered")
    offers = reverse("labour-offers")
    late = _overdue(user, today)
    yield Item(_("Answers that are overdue"), late, f"{offers}?state=offered&overdue=1", "alarm" if late else "")
    due = rows.filter(answer_by__gte=today)
    soon = due.filter(answer_by__lte=today + timedelta(days=1)).count()
    note = ngettext("%(number)s until tomorrow", "%(number)s until tomorrow", soon) % {"number": soon} if soon else ""
    yield Item(_("Answers that are awaited"), due.count(), f"{offers}?state=offered", note=note)


def _journeys(user: Any, sight: Sight, today: date, *, home: bool) -> Iterator[Item]:
    """Who said yes and has no trip, trips that leave, arrivals and starts to confirm."""
    trips, page_of = DispatchTrip.objects.visible_to(user), reverse("labour-trips")
    if home:
        yield Item(_("Said yes and on no trip yet"), labour_trips.waiting(user).count(), page_of)
        leaving = trips.filter(state="planned", departed_on__lte=today + _SOON)
        late = leaving.filter(departed_on__lt=today).count()
        note = _("%(number)s should have left") % {"number": late} if late else ""
        yield Item(
            _("Trips that leave within a week"),
            leaving.count(),
            f"{page_of}?state=planned",
            "care" if late else "",
            note,
        )
    if sight.office:
        here = trips.filter(within(sight.office, "work_region_code") | within(sight.office, "region_code"))
        yield Item(_("Arrivals to confirm"), here.filter(state="departed").count(), f"{page_of}?state=departed")
    if sight.office or sight.organisations:
        offers, held = reverse("labour-offers"), JobOffer.objects.visible_to(user).order_by()
        coming = dict(held.filter(state__in=_COMING).values_list("state").annotate(Count("pk")))
        yield Item(_("Starts of work to confirm"), coming.get("departed", 0), f"{offers}?state=departed")
        yield Item(_("Said yes and not yet on the way"), coming.get("accepted", 0), f"{offers}?state=accepted")


def _work(user: Any, today: date, *, home: bool) -> Iterator[Item]:
    """Stay checks, follow-ups and subsidies."""
    checks = labour_chain.due_checks(user, today).count()
    yield Item(
        _("Stay checks that are due"), checks, f"{reverse('labour-placements')}?view=due", "care" if checks else ""
    )
    if not home:
        return
    gone = labour_chain.not_followed_up(user, today)
    first = gone.values_list("ended_on", flat=True).first()
    hours = labour_chain.hours_left(first) if first else 0
    note = "" if first is None else _("%(hours)s hours left") % {"hours": hours} if hours >= 0 else _("too late")
    yield Item(
        _("Left and not followed up"), gone.count(), reverse("labour-follow-ups"), "alarm" if first else "", note
    )
    twice, still = labour_chain.twice_engaged(user, today), labour_chain.lasting_after_leaving(user, today)
    yield Item(_("One person with two offers or jobs"), twice.count(), reverse("duplicates"))
    again = labour_entitled.twice_subsidised(user, today)
    yield Item(_("One person with the same subsidy twice"), again.count(), reverse("duplicates"))
    yield Item(_("Died or left the register, and still placed"), still.count(), "#still-placed")
    yield from _subsidies(user, today)


def _still_placed(user: Any, today: date) -> list[labour_rows.PlacementLine]:
    """The first of those who died or left the register, by name."""
    return labour_rows.placement_lines(user, labour_chain.lasting_after_leaving(user, today)[:_STILL_SHOWN])


def _subsidies(user: Any, today: date) -> Iterator[Item]:
    page_of = reverse("labour-subsidies")
    many = Placement.objects.visible_to(user)[: _COUNTED_TO + 1].count() > _COUNTED_TO
    for kind, labels in SUBSIDY_KIND.items():
        due = None if many else labour_entitled.entitlements(user, kind, today.year)
        number = None if due is None else sum(one.entitled.amount_fen is not None for one in due)
        title = _("%(kind)s: entitled, not approved") % {"kind": spoken(labels)}
        yield Item(title, number, f"{page_of}?view=entitled&kind={kind}")
    yield Item(_("Approved and not paid"), labour_entitled.unpaid(user).count(), f"{page_of}?view=approved")


def _vacancies(user: Any, sight: Sight) -> Iterator[Item]:
    """Vacancies of the reader's region that wait to be confirmed; of a firm, its own that wait."""
    rows = Vacancy.objects.visible_to(user).filter(state="reported")
    page_of = f"{reverse('labour-vacancies')}?state=reported&mine=1"
    if sight.office:
        here = rows.filter(within(sight.office, "region_code")).count()
        yield Item(_("Vacancies to confirm"), here, page_of, "care" if here else "")
    elif sight.organisations:
        yield Item(_("My vacancies that wait to be confirmed"), rows.count(), page_of)
