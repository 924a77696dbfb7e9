"""匹配页: runs and orders by problem and region, and the form that asks for a run; people decide."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiedui.errors import JieduiError
from jiedui.policy.parameters import Parameter
from jiedui.policy.registry import serves
from jiedui.records.actions import matching as actions
from jiedui.records.models import PROBLEM
from jiedui.records.queries import matching
from jiedui.results.queries import runs
from jiedui.terms.codelists import CodeList
from jiedui.web import numbers
from jiedui.web.templatetags.figures import spoken

_PER_PAGE: Final = 20
_ORDERS_SHOWN: Final = 8
_STARTS_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class Field:
    """参数栏: a parameter that may be changed, with what stands in its box; `choices` of a list of codes."""

    parameter: Parameter
    value: Any
    most: int
    choices: CodeList | None

    @property
    def changed(self) -> bool:
        """Whether the box says another value than the dated one."""
        held = self.parameter.value
        return list(self.value) != list(held) if isinstance(held, tuple) else self.value != held


@serves("labour.1", "labour.2", "labour.3", "pairing.5", "talent.4", "society.1", "society.2")
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """匹配页; a POST asks for a run."""
    if request.method == "POST":
        return _order(request)
    return render(request, "web/matching.html", _context(request, request.GET))


def _order(request: HttpRequest) -> HttpResponse:
    """Ask; what is wrong with the form is said above it, with the rest as it was filled in."""
    said = request.POST
    problem, region = said.get("problem", "labour"), said.get("region", "")
    try:
        wanted = {"on": said.get("on", ""), "parameters": _parameters(said, problem), "quotas": _quotas(said)}
        order = actions.order(problem, region, wanted, _start(request, problem), by=request.user)
    except JieduiError as error:
        context = _context(request, said) | {"wrong": error}
        return render(request, "web/matching.html", context, status=400)
    return redirect("match-order", order.pk)


def _context(request: HttpRequest, said: Mapping[str, str]) -> dict[str, Any]:
    problem = said.get("problem", "labour")
    problem = problem if problem in PROBLEM else "labour"
    places = matching.places(request.user, problem)
    region = said.get("region", "")
    if region not in {place.code for place in places}:
        region = places[0].code if places else ""
    finished = runs.matches(request.user, problem)
    day = _day(said.get("on", "")) or _usual_day(finished.first())
    orders = matching.recent_orders(request.user, problem)
    return {
        "problem": problem,
        "problems": [(name, spoken(labels)) for name, labels in PROBLEM.items()],
        "page": Paginator(finished, _PER_PAGE).get_page(request.GET.get("page")),
        "orders": list(orders[:_ORDERS_SHOWN]),
        "places": places,
        "region": region,
        "day": day,
        "today": date.today(),
        "fields": _fields(problem, day, said),
        "counties": _counties(region, day, said) if region else [],
        "starts": list(finished.filter(region_code=region)[:_STARTS_SHOWN]) if region else [],
        "based_on": said.get("based_on", ""),
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _usual_day(last: Any) -> date:
    """Today; where the records are older (a demonstration), the day of the last run."""
    told = _day((last.summary if last else {}).get("as_of", ""))
    return told or date.today()


def _fields(problem: str, day: date, said: Mapping[str, Any]) -> list[Field]:
    found = []
    for one in matching.changeable(problem, min(day, date.today())):
        choices = matching.choices_of(one)
        typed = _typed(one, said) if f"set-{one.key}" in said or f"had-{one.key}" in said else one.value
        found.append(Field(one, typed, matching.most_of(one), choices))
    return found


def _typed(one: Parameter, said: Any) -> Any:
    """What the form says of a parameter; a number that is none stays as it was typed."""
    if isinstance(one.value, tuple):
        return said.getlist(f"set-{one.key}")
    text = said.get(f"set-{one.key}", "").strip()
    whole = numbers.whole(text)
    return text if whole is None else whole


def _parameters(said: Any, problem: str) -> dict[str, Any]:
    day = min(_day(said.get("on", "")) or date.today(), date.today())
    known = {one.key: one for one in matching.changeable(problem, day)}
    told = {key: _typed(one, said) for key, one in known.items() if f"had-{key}" in said}
    strange = [name[4:] for name in said if name.startswith("set-") and name[4:] not in known]
    return told | dict.fromkeys(strange)


def _quotas(said: Mapping[str, str]) -> dict[str, list[int | None]]:
    """County → [least, most]; an empty row is no quota."""
    quotas: dict[str, list[int | None]] = {}
    for name in said:
        kind, _dash, county = name.partition("-")
        if kind == "least" and (said[name].strip() or said.get(f"most-{county}", "").strip()):
            least, most = said[name].strip(), said.get(f"most-{county}", "").strip()
            quotas[county] = [_number(least) if least else 0, _number(most) if most else None]
    return quotas


def _number(text: str) -> int:
    whole = numbers.whole(text)
    if whole is None:
        raise JieduiError(f"{text!r} is no number.", remedy="Give digits only.")
    return whole


def _counties(region: str, day: date, said: Mapping[str, str]) -> list[tuple[str, str, str, str]]:
    """(code, name, least, most) of the counties of the region, as the form says."""
    return [
        (one.code, one.name, said.get(f"least-{one.code}", ""), said.get(f"most-{one.code}", ""))
        for one in matching.counties(region, day)
    ]


def _start(request: HttpRequest, problem: str) -> uuid.UUID | None:
    text = request.POST.get("based_on", "")
    if not text:
        return None
    try:
        number = uuid.UUID(text)
    except ValueError:
        number = None
    run = runs.match_run(request.user, number) if number else None
    if run is None or run.problem != problem:
        raise JieduiError(_("There is no such run to start from."), remedy=_("Choose from the list."))
    return number
