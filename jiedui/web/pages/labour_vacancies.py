"""岗位列表页: a firm's own vacancies, those of a place of work that wait to be confirmed, and all others to offer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jiedui.errors import JieduiError
from jiedui.policy import parameters
from jiedui.policy.findings import Finding
from jiedui.policy.registry import serves
from jiedui.policy.rules.labour_vacancies import doubts
from jiedui.records.access import within
from jiedui.records.models import JobOffer, Organisation, Vacancy
from jiedui.terms.codelists import VACANCY_STATE
from jiedui.terms.divisions import prefix
from jiedui.terms.occupations import Occupations
from jiedui.terms.scope import Scope
from jiedui.web import older, typed
from jiedui.web.pages import labour_rows

_PER_PAGE: Final = 40
_ASKED: Final = 60


@dataclass(frozen=True, slots=True)
class Line:
    """岗位行: with the occupation in words, what is doubtful, and how many offers of it the reader sees."""

    where: labour_rows.Where
    occupation: str
    doubts: tuple[Finding, ...]
    offers: int
    confirms: bool


@serves("labour.2", "labour.3")
def page(request: HttpRequest) -> HttpResponse:
    """岗位列表页."""
    text = request.GET.get("q", "").strip()[:_ASKED]
    state = request.GET.get("state", "") if request.GET.get("state") in VACANCY_STATE else ""
    mine = request.GET.get("mine") == "1"
    rows = _fitting(request.user, text, mine=mine)
    held = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    shown = older.page(request, rows.filter(state=state) if state else rows, _PER_PAGE)
    sight = request.user.sight()
    context = {
        "text": text,
        "state": state,
        "mine": mine,
        "states": [(name, labels, held.get(name, 0)) for name, labels in VACANCY_STATE.items()],
        "lines": lines(request.user, shown.rows),
        "before": shown.before,
        "further": shown.further,
        "reports": bool(sight.office or sight.organisations),
        "today": date.today(),
    }
    return render(request, "web/labour_vacancies.html", context)


def lines(user: Any, rows: list[Vacancy]) -> list[Line]:
    """岗位行: in the order given."""
    where = labour_rows.places_of_work(user, (row.pk for row in rows))
    offers = dict(
        JobOffer.objects.visible_to(user)
        .filter(vacancy_id__in=[row.pk for row in rows], state__in=("offered", "accepted", "departed", "started"))
        .order_by()
        .values_list("vacancy_id")
        .annotate(Count("pk"))
    )
    sight, names, doubtful = user.sight(), Occupations.load(), _doubts(user, rows)
    return [
        Line(
            where[row.pk],
            names.name(row.occupation),
            doubtful.get(row.pk, ()),
            offers.get(row.pk, 0),
            row.state == "reported" and row.region_code in sight.office,
        )
        for row in rows
    ]


def _doubts(user: Any, rows: list[Vacancy]) -> dict[int, tuple[Finding, ...]]:
    """What is doubtful of those that wait to be confirmed."""
    waiting = [row for row in rows if row.state == "reported"]
    firms = Organisation.objects.visible_to(user).filter(pk__in=[row.organisation_id for row in waiting])
    codes, in_force = dict(firms.values_list("pk", "credit_code")), parameters.load(date.today())
    columns = [field.attname for field in Vacancy._meta.concrete_fields]
    found = {}
    for row in waiting:
        values = {**{name: getattr(row, name) for name in columns}, "credit_code": codes.get(row.organisation_id)}
        seen = row.organisation_id in codes  # of a firm that the reader does not see, nothing is said of its code
        found[row.pk] = tuple(one for one in doubts(values, in_force) if seen or one.rule != "no_credit_code")
    return found


def _fitting(user: Any, text: str, *, mine: bool) -> QuerySet[Vacancy]:
    rows, sight = Vacancy.objects.visible_to(user), user.sight()
    if mine:
        rows = rows.filter(within(sight.office, "region_code") | Q(organisation_id__in=sight.organisations))
    return rows.filter(called(text)) if text else rows


def called(text: str) -> Q:
    """按词查找: vacancies whose title holds the text, or whose occupation or place is called so."""
    codes = [one.minor for one in Occupations.load().search(text) if one.minor]
    condition = Q(title__icontains=text) | Q(occupation__in=codes)
    try:
        return condition | within(Scope.of([prefix(typed.place(text))]), "region_code")
    except JieduiError:  # no place is called so: the title and the occupation decide
        return condition
