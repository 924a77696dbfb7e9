"""花名册页: one search box, filters and the people who fit, page by page; how many there are in each place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.records.queries import register
from jiedui.terms.divisions import Gazetteer, prefix
from jiedui.web.templatetags.figures import spoken

_ASKED_SHOWN = 60
"""Characters of a search that are kept."""


@dataclass(frozen=True, slots=True)
class Choice:
    """筛选项: one filter with its values as the page lists them."""

    name: str
    title: str
    values: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Place:
    """地区人数: a place with its name, the address that leads into it, and how many there are."""

    name: str
    url: str
    total: register.Total


@serves("goal.1", "labour.1")
def page(request: HttpRequest) -> HttpResponse:
    """花名册页."""
    text = request.GET.get("q", "").strip()[:_ASKED_SHOWN]
    sought = register.understand(text)
    try:
        filters = register.filters_of(request.GET.dict())
        shown = register.search(
            request.user, sought, filters, after=request.GET.get("after", ""), before=request.GET.get("before", "")
        )
    except register.TooFewError:
        problem = _("So few fit that finding them takes too long; choose a place, or fewer filters.")
        return render(request, "web/persons.html", {"text": text, "problem": problem, "choices": choices(filters)})
    except JieduiError:
        problem = _("The address holds a filter, a place or a page that there is not.")
        context = {"text": text, "problem": problem, "choices": choices(register.Filters())}
        return render(request, "web/persons.html", context, status=400)
    browsing = not sought.kind and not filters.chosen
    sight = request.user.sight()
    inside = register.by_place(request.user, filters.place) if browsing and sight.people else []
    totals = register.added_up(filters.place, inside) if browsing and sight.people else None
    total = totals.persons if totals and not register.by_link(sight) else register.count(request.user, sought, filters)
    context = {
        "text": text,
        "sought": sought,
        "filters": filters,
        "page": shown,
        "total": total,
        "many": total is not None and total > register.COUNTED_TO and not browsing and sought.kind != "place",
        "counted_to": register.COUNTED_TO,
        "choices": choices(filters),
        "asked": urlencode({"q": text, "place": filters.place, **filters.chosen}),
        "trail": trail(filters.place),
        "places": places(request.user, filters.place, inside=inside) if browsing else [],
        "totals": totals,
        "sees_people": bool(sight.people) or register.by_link(sight),
        "sees_names": bool(sight.named),
    }
    return render(request, "web/persons.html", context)


def choices(filters: register.Filters) -> list[Choice]:
    """筛选清单: with the values' labels in the page's language."""
    titles = {
        "status": _("Status of the household"),
        "sex": _("Sex"),
        "age": _("Age"),
        "education": _("Education"),
        "health": _("Health"),
        "labour": _("Ability to work"),
        "work": _("Work"),
        "watched": _("Watched"),
        "there": _("In the register"),
    }
    return [
        Choice(
            name,
            titles[name],
            tuple((value, spoken(labels)) for value, labels in values.items()),
            filters.chosen.get(name, ""),
        )
        for name, values in register.CHOICES.items()
    ]


def trail(code: str) -> list[tuple[str, str]]:
    """地区路径: (code, name) of the places above a place and itself, the widest first."""
    if not code:
        return []
    gazetteer = Gazetteer.load()
    division = gazetteer.get(code[:6])
    above = [division.province_code, division.prefecture_code, division.code] if division else [code[:6]]
    found = []
    for one in dict.fromkeys(one for one in above if one):
        held = gazetteer.get(one)
        found.append((one, held.name if held else one))
    if len(code) > 6:
        names = register.place_names([code[:9], code])
        found += [(one, names.get(one, one)) for one in dict.fromkeys((code[:9], code))]
    return found


def places(user: Any, place: str, page: str = "register", *, inside: list[register.Total] | None = None) -> list[Place]:
    """下级地区: the places one level down in which the user sees somebody, with the address of a page about them."""
    if len(prefix(place)) == 12:
        return []
    totals = register.by_place(user, place) if inside is None else inside
    while len(totals) == 1 and len(prefix(totals[0].code)) < 12:  # nothing to choose: one level further down
        totals = register.by_place(user, totals[0].code)
    names = register.place_names([one.code for one in totals if len(one.code) > 6])
    gazetteer = Gazetteer.load()
    found = []
    for one in totals:
        division = gazetteer.get(one.code) if len(one.code) == 6 else None
        name = division.name if division else names.get(one.code, one.code)
        found.append(Place(name, f"{reverse(page)}?place={one.code}", one))
    return found
