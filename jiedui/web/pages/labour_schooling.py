"""职业教育页: who learns in a school of the donor, from enrolment to the first job, and the forms for each step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.policy.rules.labour_steps import NEXT_OF_SCHOOLING
from jiedui.records.actions import labour_schooling as actions
from jiedui.records.models import Organisation, Placement, Schooling
from jiedui.terms.codelists import SCHOOLING_STATUS
from jiedui.web import acts, numbers, older, typed
from jiedui.web.pages import labour_entries, labour_persons, labour_rows

_PER_PAGE: Final = 40
_SCHOOLS: Final = 400


@serves("labour.6")
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """职业教育页; what is sent names its act."""
    return acts.answered(request, _ACTS, _shown)


def _shown(request: HttpRequest, problem: JieduiError | None = None) -> HttpResponse:
    rows = Schooling.objects.visible_to(request.user)
    held = dict(rows.order_by().values_list("status").annotate(Count("pk")))
    status = request.GET.get("state", "") if request.GET.get("state") in SCHOOLING_STATUS else ""
    shown = older.page(request, rows.filter(status=status) if status else rows, _PER_PAGE)
    sight = request.user.sight()
    home = sight.office & sight.named
    context = {
        "state": status,
        "states": [(name, labels, held.get(name, 0)) for name, labels in SCHOOLING_STATUS.items()],
        "lines": _lines(request.user, shown.rows),
        "before": shown.before,
        "further": shown.further,
        "home": bool(home),
        "schools": _schools(request.user) if home else [],
        "today": date.today(),
        "problem": problem,
        "typed": request.POST if problem else {},
    }
    return render(request, "web/labour_schooling.html", context, status=400 if problem else 200)


def _lines(user: Any, rows: list[Schooling]) -> list[dict[str, Any]]:
    who = labour_rows.people(user, (row.person_id for row in rows))
    names = labour_rows.firm_names(
        user, {row.school_id for row in rows} | {row.internship_firm_id for row in rows if row.internship_firm_id}
    )
    home = user.sight().office & user.sight().named
    return [
        {
            "row": row,
            "who": who.get(row.person_id),
            "school": names.get(row.school_id, ""),
            "firm": names.get(row.internship_firm_id, ""),
            "next": NEXT_OF_SCHOOLING.get(row.status, frozenset()) if row.region_code in home else frozenset(),
            "changes": row.region_code in home and row.status in ("enrolled", "graduated"),
        }
        for row in rows
    ]


def _schools(user: Any) -> list[tuple[int, str]]:
    rows = Organisation.objects.visible_to(user).filter(kind="school").order_by("region_code", "name")
    return list(rows.values_list("pk", "name")[:_SCHOOLS])


def _one(request: HttpRequest) -> Schooling:
    key = numbers.whole_key(request.POST.get("schooling", ""))
    row = Schooling.objects.visible_to(request.user).filter(pk=key).first() if key is not None else None
    if row is None:
        raise JieduiError("There is no such schooling among those that you see.", remedy="Look at the list again.")
    return row


def _enrol(request: HttpRequest) -> None:
    sent = request.POST
    school = Organisation.objects.visible_to(request.user).filter(pk=typed.number(sent.get("school", ""))).first()
    if school is None:
        raise JieduiError("There is no such school among those that you see.", remedy="Choose from the list.")
    actions.enrol(
        labour_persons.found(request.user, sent.get("person", "")),
        school,
        enrolled_on=typed.day(sent.get("enrolled_on", "")) or date.today(),
        by=request.user,
        major=sent.get("major", "")[:60],
        aid_fen=labour_entries.fen(sent.get("aid", "")),
    )
    messages.success(request, _("The enrolment was entered."))


def _change(request: HttpRequest) -> None:
    sent = request.POST
    firm = sent.get("internship_firm", "").strip()
    actions.change(
        _one(request),
        by=request.user,
        major=sent.get("major", "").strip()[:60] or None,
        aid_fen=labour_entries.fen(sent.get("aid", "")),
        internship_from=typed.day(sent.get("internship_from", "")),
        internship_firm_id=typed.number(firm),
    )
    messages.success(request, _("The schooling was changed."))


def _graduate(request: HttpRequest) -> None:
    actions.graduate(_one(request), by=request.user)
    messages.success(request, _("The graduation was entered."))


def _drop_out(request: HttpRequest) -> None:
    actions.drop_out(_one(request), by=request.user)
    messages.success(request, _("The leaving of the school was entered; coming back undoes it."))


def _come_back(request: HttpRequest) -> None:
    actions.come_back(_one(request), by=request.user)
    messages.success(request, _("The pupil is enrolled again."))


def _first_job(request: HttpRequest) -> None:
    row, on = _one(request), typed.day(request.POST.get("on", ""))
    placement = Placement.objects.visible_to(request.user).filter(person_id=row.person_id).order_by("started_on").last()
    fits = placement is not None and (on is None or placement.started_on == on)
    actions.first_job(row, by=request.user, placement=placement if fits else None, on=on)
    messages.success(request, _("The first job was entered."))


_ACTS: Final[dict[str, Callable[[HttpRequest], None]]] = {
    "enrol": _enrol,
    "change": _change,
    "graduate": _graduate,
    "drop_out": _drop_out,
    "come_back": _come_back,
    "first_job": _first_job,
}
