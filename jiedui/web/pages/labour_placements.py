"""在岗页: who works, the months with their evidence and which check is due, for several at once; and who leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.db.models.functions import Substr
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from jiedui.errors import JieduiError
from jiedui.policy import parameters
from jiedui.policy.registry import serves
from jiedui.records.access import within
from jiedui.records.actions import labour_placements as actions
from jiedui.records.models import Placement, StayCheck
from jiedui.records.queries import labour_chain
from jiedui.terms.codelists import LEAVING_REASON, PLACEMENT_KIND, STAY_EVIDENCE
from jiedui.terms.divisions import Gazetteer, prefix
from jiedui.terms.periods import add_months
from jiedui.terms.scope import Scope
from jiedui.web import acts, numbers, older, typed
from jiedui.web.pages import labour_entries, labour_rows

PER_PAGE: Final = 40
_MOST: Final = 300
VIEWS: Final = ("lasting", "due", "left")


@dataclass(frozen=True, slots=True)
class Cell:
    """月份格: the evidence of one month; `tone` "due" = a check is due, "late" = its month is over."""

    month: date
    evidence: tuple[str, ...]
    tone: str


@dataclass(frozen=True, slots=True)
class Line:
    """在岗行: with one cell for each of the first months."""

    at: labour_rows.PlacementLine
    cells: tuple[Cell, ...]
    proven: int
    due: int | None
    """The step of months (1, 3, 6) that is due; None = none is."""

    @property
    def who(self) -> labour_rows.Who | None:
        """人员."""
        return self.at.who

    @property
    def where(self) -> labour_rows.Where | None:
        """岗位."""
        return self.at.where


@serves("labour.4", "labour.5")
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """在岗页; what is sent names its act."""
    view = request.GET.get("view", "") if request.GET.get("view") in VIEWS else "lasting"
    county, kind = request.GET.get("county", ""), request.GET.get("kind", "")
    county = county if len(county) == 6 and numbers.whole(county) is not None else ""
    asked = {"view": view, "county": county, "kind": kind if kind in PLACEMENT_KIND else ""}
    if request.method == "POST":
        return _decide(request, asked)
    return _shown(request, asked)


def _shown(
    request: HttpRequest, asked: dict[str, str], problems: list[tuple[str, JieduiError]] | None = None, done: str = ""
) -> HttpResponse:
    rows = _fitting(request.user, asked)
    shown = older.page(request, rows, PER_PAGE)
    lines = _lines(request.user, shown.rows)
    context = {
        "asked": asked,
        "query": urlencode(asked),
        "views": [(name, _fitting(request.user, {**asked, "view": name}).count()) for name in VIEWS],
        "lines": lines,
        "columns": range(1, _width() + 1),
        "steps": parameters.load(date.today()).value("labour.stay_month_steps"),
        "acting": any(line.at.rights.any for line in lines) and asked["view"] != "left",
        "before": shown.before,
        "further": shown.further,
        "counties": _counties(request.user),
        "kinds": PLACEMENT_KIND,
        "evidence": STAY_EVIDENCE,
        "leaving": LEAVING_REASON,
        "last_month": add_months(date.today().replace(day=1), -1),
        "today": date.today(),
        "problems": problems or [],
        "done": done,
    }
    return render(request, "web/labour_placements.html", context, status=400 if problems else 200)


def _width() -> int:
    return max(parameters.load(date.today()).value("labour.stay_month_steps"))


def _fitting(user: Any, asked: dict[str, str]) -> QuerySet[Placement]:
    rows = _of_view(user, asked["view"], date.today())
    if asked["county"]:
        rows = rows.filter(within(Scope.of([prefix(asked["county"])]), "region_code"))
    if asked["kind"]:
        rows = rows.filter(kind=asked["kind"])
    return rows


def _of_view(user: Any, view: str, day: date) -> QuerySet[Placement]:
    if view == "due":
        return labour_chain.due_checks(user, day)
    rows = Placement.objects.visible_to(user)
    return rows.exclude(labour_chain.lasting(day)) if view == "left" else rows.filter(labour_chain.lasting(day))


def _counties(user: Any) -> list[tuple[str, str]]:
    codes = Placement.objects.visible_to(user).order_by().annotate(county=Substr("region_code", 1, 6))
    gazetteer = Gazetteer.load()
    return [(code, gazetteer.name(code)) for code in sorted(codes.values_list("county", flat=True).distinct())]


def _lines(user: Any, rows: list[Placement]) -> list[Line]:
    checks: dict[int, dict[date, list[str]]] = {}
    held = StayCheck.objects.visible_to(user).filter(placement_id__in=[row.pk for row in rows]).order_by("pk")
    for placement, month, evidence in held.values_list("placement_id", "month", "evidence"):
        checks.setdefault(placement, {}).setdefault(month, []).append(evidence)
    return [_line(at, checks.get(at.placement.pk, {})) for at in labour_rows.placement_lines(user, rows)]


def _line(at: labour_rows.PlacementLine, months: dict[date, list[str]]) -> Line:
    today, proving = date.today(), parameters.load(date.today()).value("labour.stay_evidence")
    proven = {month for month, kinds in months.items() if set(kinds) & set(proving)}
    started, ended = at.placement.started_on, at.placement.ended_on
    over = ended is not None and ended <= today
    due = None if over else labour_chain.step_due(started, len(proven), today)
    first = started.replace(day=1)
    cells = []
    for number in range(_width()):
        month = add_months(first, number)
        wanted = due is not None and number < due and month not in proven
        tone = ("late" if number + 1 < due else "due") if wanted and due is not None else ""
        cells.append(Cell(month, tuple(months.get(month, ())), tone))
    return Line(at, tuple(cells), len(proven), due)


def _decide(request: HttpRequest, asked: dict[str, str]) -> HttpResponse:
    """Each placement for itself: what cannot be done is said by name, the rest is done."""
    act = _ACTS.get(request.POST.get("act", ""))
    wanted = labour_entries.keys(request.POST.getlist("placement"), _MOST)
    if act is None or not wanted:
        return _shown(request, asked, [("", JieduiError("Nobody was chosen.", remedy="Tick those that are meant."))])
    rows = list(Placement.objects.visible_to(request.user).filter(pk__in=wanted))
    named = [
        (line.who.name if line.who else str(line.placement.pk), line.placement)
        for line in labour_rows.placement_lines(request.user, rows)
    ]
    problems, done = acts.each(named, partial(act, request))
    said = ngettext("%(number)s person was entered.", "%(number)s persons were entered.", done) % {"number": done}
    if problems:
        return _shown(request, asked, problems, said if done else "")
    messages.success(request, said)
    return redirect(f"{reverse('labour-placements')}?{urlencode(asked)}")


def _check(request: HttpRequest, placement: Placement) -> None:
    text = request.POST.get("month", "").strip()
    month = typed.day(f"{text}-01" if len(text) == len("2019-04") else text)
    if month is None:
        raise JieduiError("A check names its month.", remedy="Choose the month.")
    actions.check(placement, month=month, evidence=request.POST.get("evidence", ""), by=request.user)


def _leave(request: HttpRequest, placement: Placement) -> None:
    on = typed.day(request.POST.get("on", "")) or date.today()
    actions.leave(placement, on=on, because=request.POST.get("because", ""), by=request.user)


_ACTS: Final[dict[str, Callable[[HttpRequest, Placement], None]]] = {"check": _check, "leave": _leave}
