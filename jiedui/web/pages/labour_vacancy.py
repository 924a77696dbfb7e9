"""岗位页: report a vacancy; one vacancy with what is doubtful and who comes; change, confirm, withdraw it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.records.actions import labour_vacancies as actions
from jiedui.records.models import JobOffer, Organisation, Placement, Vacancy
from jiedui.records.queries import labour_chain
from jiedui.web import numbers
from jiedui.web.pages import labour_rows
from jiedui.web.pages import labour_vacancy_form as form
from jiedui.web.pages.labour_vacancies import lines

_COMING: Final = 100
_SENT_ONCE: Final = ("region_code",)
"""Fields of the form that do not change afterwards."""


@serves("labour.2", "labour.3")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """报送岗位页."""
    sight = request.user.sight()
    if not (sight.office or sight.organisations):
        raise Http404(_("There is no such page."))
    if request.method == "GET":
        return _form(request, {"skill": "none", "season": "all_year", "dormitory": "0"}, form.Typed())
    sent = request.POST.dict()
    found, problem = form.read(sent), None
    try:
        found.fields["organisation_id"] = _firm(request.user, sent.get("firm", ""))
    except JieduiError as wrong:
        found.wrong["firm"] = wrong
    if not found.fields.get("region_code") and "region_code" not in found.wrong:
        found.wrong["region_code"] = JieduiError("This field is needed.", remedy="Fill it in.")
    if not found.wrong:
        try:
            row = actions.report(found.fields, by=request.user)
        except JieduiError as error:
            problem = error
        else:
            return _reported(request, row)
    return _form(request, sent, found, problem)


def _reported(request: HttpRequest, row: Vacancy) -> HttpResponse:
    if row.state == "checked":
        messages.success(request, _("The vacancy was reported and counts from now on."))
    else:
        messages.success(request, _("The vacancy was reported; an office of the place of work looks at it first."))
    return redirect("labour-vacancy", vacancy_id=row.pk)


def _form(
    request: HttpRequest, values: Mapping[str, str], found: form.Typed, problem: JieduiError | None = None
) -> HttpResponse:
    own = labour_rows.firm_names(request.user, request.user.sight().organisations)
    wrong = bool(found.wrong or problem)
    context = {**_fields(values, found.wrong), "firms": True, "own_firms": sorted(own.items()), "problem": problem}
    return render(request, "web/labour_vacancy_new.html", context, status=400 if wrong else 200)


def _fields(values: Mapping[str, str], wrong: Mapping[str, JieduiError]) -> dict[str, Any]:
    titles = {
        "skill": _("Skill asked for"), "season": _("Season"), "contract": _("Contract"), "demand": _("Demand"),
        "dormitory": _("Dormitory"), "night_shift": _("Night shifts"), "mandarin": _("Mandarin asked for"),
        "couple_room": _("Room for a couple"), "school_place": _("School place for a child"),
    }  # fmt: skip
    return {
        "values": values,
        "wrong": wrong,
        "choices": [(name, titles[name], name in form.REQUIRED, labels) for name, labels in form.CHOICES.items()],
        "ticks": [(name, titles[name], name in form.REQUIRED) for name in form.TICKS],
        "occupations": form.occupations(),
    }


def _firm(user: Any, text: str) -> int:
    """The firm by its number, whole name or credit code, as far as the user sees it."""
    asked = text.strip()
    key = numbers.whole_key(asked)
    condition = Q(name=asked) | Q(credit_code=asked.upper()) | (Q(pk=key) if key is not None else Q())
    found = list(Organisation.objects.visible_to(user).filter(condition)[:2]) if asked else []
    if len(found) != 1:
        raise JieduiError(f"There is no firm {asked[:60]}.", remedy="Give its number, or its whole name.")
    return found[0].pk


@serves("labour.2", "labour.3", "labour.4")
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, vacancy_id: int) -> HttpResponse:
    """岗位页; what is sent names its act."""
    row = _one(request.user, vacancy_id)
    if request.method == "GET":
        return _shown(request, row, form.of_row(row))
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404(_("There is no such act."))
    found = form.read(request.POST.dict()) if act is _change else form.Typed()
    try:
        if not found.wrong:
            act(request, row, found)
            return redirect("labour-vacancy", vacancy_id=row.pk)
        problem = None
    except JieduiError as error:
        problem = error
    row = _one(request.user, vacancy_id)
    values = request.POST.dict() if act is _change else form.of_row(row)
    return _shown(request, row, values, found.wrong, problem)


def _one(user: Any, vacancy_id: int) -> Vacancy:
    row = Vacancy.objects.visible_to(user).filter(pk=vacancy_id).first()
    if row is None:
        raise Http404(_("There is no such vacancy in my scope."))
    return row


def _shown(
    request: HttpRequest,
    row: Vacancy,
    values: Mapping[str, str],
    wrong: Mapping[str, JieduiError] | None = None,
    problem: JieduiError | None = None,
) -> HttpResponse:
    (line,) = lines(request.user, [row])
    offers = JobOffer.objects.visible_to(request.user).filter(vacancy_id=row.pk).exclude(state="started")
    sight = request.user.sight()
    context = {
        **_fields(values, wrong or {}),
        "line": line,
        "vacancy": row,
        "doubts": line.doubts,
        "coming": labour_rows.offer_lines(request.user, offers.order_by("-pk")[:_COMING]),
        "at_work": labour_rows.placement_lines(request.user, _at_work(request.user, row)),
        "changes": row.state != "withdrawn"
        and (row.region_code in sight.office or row.organisation_id in sight.organisations),
        "open_form": bool(wrong or (problem and request.POST.get("act") == "change")),
        "today": date.today(),
        "problem": problem,
    }
    return render(request, "web/labour_vacancy.html", context, status=400 if wrong or problem else 200)


def _at_work(user: Any, row: Vacancy) -> list[Placement]:
    rows = Placement.objects.visible_to(user).filter(labour_chain.lasting(date.today()), vacancy_id=row.pk)
    return list(rows.order_by("-started_on", "-pk")[:_COMING])


def _change(request: HttpRequest, row: Vacancy, found: form.Typed) -> None:
    fields = {name: value for name, value in found.fields.items() if name not in _SENT_ONCE}
    actions.change(row, fields, by=request.user)
    messages.success(request, _("The vacancy was changed."))


def _confirm(request: HttpRequest, row: Vacancy, _found: form.Typed) -> None:
    actions.confirm(row, by=request.user)
    messages.success(request, _("The vacancy is confirmed and counts from now on."))


def _withdraw(request: HttpRequest, row: Vacancy, _found: form.Typed) -> None:
    fallen = actions.withdraw(row, by=request.user, reason=request.POST.get("reason", "").strip())
    said = ngettext(
        "The vacancy was withdrawn, and %(number)s open offer with it.",
        "The vacancy was withdrawn, and %(number)s open offers with it.",
        fallen,
    )
    messages.success(request, said % {"number": fallen})


_ACTS: Final[dict[str, Callable[[HttpRequest, Vacancy, form.Typed], None]]] = {
    "change": _change,
    "confirm": _confirm,
    "withdraw": _withdraw,
}
