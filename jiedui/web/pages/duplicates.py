"""疑似重复页: two persons beside each other, what speaks for one and for two, and the decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.records.actions import duplicates as actions
from jiedui.records.models import DUPLICATE_DECISION
from jiedui.records.queries import duplicates, importing
from jiedui.records.queries.duplicates import Shown, Side
from jiedui.terms import codelists
from jiedui.web.templatetags.figures import place_name, spoken

_PER_PAGE: Final = 10
_LONGEST: Final = 500
_REASON: Final = "duplicates_reason"
_LAST: Final = "duplicates_last"


@dataclass(frozen=True, slots=True)
class Row:
    """一行对照: a fact of both, and whether both say it and say the same (None: one says nothing)."""

    title: str
    left: str
    right: str

    @property
    def differs(self) -> bool:
        """Whether both say something, and not the same."""
        return bool(self.left and self.right and self.left != self.right)


@serves("goal.1")
@require_GET
def page(request: HttpRequest, problem: JieduiError | None = None) -> HttpResponse:
    """疑似重复页."""
    decision = request.GET.get("decision", "open")
    decision = decision if decision in DUPLICATE_DECISION else "open"
    places = importing.places(request.user)
    place = request.GET.get("place", "")
    place = place if place in {one.code for one in places} else ""
    rows = duplicates.pairs(request.user, decision=decision, place=place)
    paged = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    cards = [(shown, compared(shown)) for shown in duplicates.shown(request.user, list(paged.object_list))]
    context = {
        "page": paged,
        "cards": cards,
        "decision": decision,
        "decisions": list(duplicates.numbers(request.user).items()),
        "places": places,
        "place": place,
        "reason": request.session.get(_REASON, ""),
        "last": _last(request),
        "problem": problem,
    }
    return render(request, "web/duplicates.html", context, status=400 if problem else 200)


@require_POST
def decide(request: HttpRequest, pair_id: int) -> HttpResponse:
    """判定: the same, different, or back to open; the reason stays in the form for the next pair."""
    pair = next(
        (
            found
            for name in DUPLICATE_DECISION
            if (found := duplicates.pairs(request.user, decision=name).filter(pk=pair_id).first())
        ),
        None,
    )
    if pair is None:
        raise Http404(_("There is no such pair of whom I see both by name."))
    decision, reason = request.POST.get("decision", ""), request.POST.get("reason", "").strip()[:_LONGEST]
    try:
        if decision == "open":
            actions.take_back(pair, by=request.user, reason=reason)
        else:
            actions.decide(pair, decision, by=request.user, reason=reason)
    except JieduiError as error:
        request.method = "GET"
        return page(request, error)
    request.session[_REASON] = reason
    request.session[_LAST] = pair.pk if decision != "open" else None
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    asked = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return asked
    return reverse("duplicates")


def _last(request: HttpRequest) -> Any:
    """The pair that the reader decided just now, to take it back with one key."""
    key = request.session.get(_LAST)
    if key is None:
        return None
    decided = [duplicates.pairs(request.user, decision=name).filter(pk=key).first() for name in ("same", "different")]
    return next((one for one in decided if one), None)


def compared(shown: Shown) -> list[Row]:
    """对照: the facts of both, in the order in which an officer looks at them."""
    titles = {
        "name": _("Name"),
        "id": _("Identity number"),
        "sex": _("Sex"),
        "birth": _("Year of birth"),
        "relation": _("Relation to the head"),
        "household": _("Household"),
        "village": _("Village"),
        "phone": _("Phone"),
        "education": _("Education"),
        "status": _("Status of the household"),
        "joined": _("Registered"),
        "left": _("Left"),
    }
    left, right = _facts(shown.left), _facts(shown.right)
    return [Row(title, left[name], right[name]) for name, title in titles.items() if left[name] or right[name]]


def _facts(side: Side) -> dict[str, str]:
    line, person = side.line, side.person
    return {
        "name": line.name,
        "id": line.id_masked,
        "sex": _said("SEX", line.sex),
        "birth": str(line.birth_year or ""),
        "relation": _said("RELATION", line.relation),
        "household": str(line.household_id),
        "village": f"{place_name(line.region_code[:6])} {line.village or line.region_code[6:]}",
        "phone": side.phone,
        "education": _said("EDUCATION", line.education),
        "status": _said("POVERTY_STATUS", line.status),
        "joined": person.joined_on.isoformat(),
        "left": person.left_on.isoformat() if person.left_on else "",
    }


def _said(codelist: str, identifier: str | None) -> str:
    return spoken(getattr(codelists, codelist)[identifier]) if identifier else ""
