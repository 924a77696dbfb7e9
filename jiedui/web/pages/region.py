"""地区页: who answers for a place on a day and why, its poor counties, its people, its subdivisions; and the search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from jiedui.policy.registry import serves
from jiedui.policy.rules.pairing import Edges
from jiedui.records.queries import pairing as pairings
from jiedui.records.queries import places, poverty
from jiedui.results.queries import runs
from jiedui.terms.codelists import SCHEME
from jiedui.terms.divisions import Division, Gazetteer, level_of, prefix
from jiedui.terms.names import Resolver
from jiedui.terms.pairs import Pairing
from jiedui.web import network

_CANDIDATES_SHOWN = 40
_ASKED_SHOWN = 40
"""Characters that are repeated of a day that was not understood."""


def search(request: HttpRequest) -> HttpResponse:
    """查地区: by code or name; one answer opens its page, several are listed, none is said."""
    text = request.GET.get("q", "").strip()
    gazetteer = Gazetteer.load()
    found: tuple[Division, ...] = ()
    reason = ""
    if text.isascii() and text.isdigit():
        if known(request.user, text):
            return redirect("region", code=text)
        reason = _("No division has this code.")
    elif text:
        resolution = Resolver(gazetteer, date.today()).resolve(text)
        if resolution.found is not None:
            return redirect("region", code=resolution.found.code)
        found = tuple(resolution.candidates)[:_CANDIDATES_SHOWN]
        reason = _("Several places have this name.") if found else _("No place has this name.")
    provinces = [division for division in gazetteer.at(date.today()) if division.level == "province"]
    context = {"text": text, "found": found, "reason": reason, "provinces": provinces}
    return render(request, "web/regions.html", context, status=200 if found or not text else 404)


@dataclass(frozen=True, slots=True)
class Answer:
    """负责关系: an edge that could answer for the place; `answers` says whether it does, else what beats it."""

    edge: network.Edge
    answers: bool
    beaten_by: network.Edge | None


@serves("pairing.2", "goal.1", "goal.2")
def page(request: HttpRequest, code: str) -> HttpResponse:
    """地区页."""
    gazetteer = Gazetteer.load()
    run = runs.latest("assess")
    asked = chosen_day(request)
    on = asked or runs.last_day(run) or date.today()
    latest = gazetteer.get(code[:6]) if known(request.user, code) else None
    if latest is None:
        raise Http404(_("No division has the code %(code)s.") % {"code": code})
    division = gazetteer.get(code[:6], on)
    below = prefix(code)
    years = poverty.by_year(request.user, below)
    context = {
        "code": code,
        "below_county": code[6:],
        "division": division or latest,
        "in_force": division is not None,
        "became": gazetteer.successors(code[:6], on) if division is None else (),
        "above": _above(division or latest, on),
        "on": on,
        "misread": request.GET.get("on", "")[:_ASKED_SHOWN] if asked is None else "",
        "answers": answers(code, on),
        "counties": poverty.counties(below),
        "years": years,
        "year": next((year for year in reversed(years) if year.year <= on.year), None),
        "children": _children(code, on),
    }
    return render(request, "web/region.html", context)


def known(user: Any, code: str) -> bool:
    """有无此地: a division has the code, or it lies below one and a row that the reader may see names it."""
    if not (len(code) in (6, 9, 12) and code.isascii() and code.isdigit()):
        return False
    return Gazetteer.load().get(code[:6]) is not None and (len(code) == 6 or places.recorded(user, code))


def chosen_day(request: HttpRequest) -> date | None:
    """所选日期: the day of the query (`?on=2018-06-30`); None where none is given or it is no day."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return None


def answers(code: str, on: date) -> list[Answer]:
    """由谁负责: every edge of the day that covers the place, those that answer first, with what beats the others."""
    edges = pairings.edges()
    held = [edge for edge in edges if edge.holds(on)]
    found: list[Answer] = []
    for scheme in SCHEME:
        of_scheme = [edge for edge in held if edge.scheme == scheme]
        if not of_scheme:  # also on days from which no divisions are known
            continue
        winners = Edges(of_scheme, on, scheme=scheme).of(code)
        covering = [edge for edge in of_scheme if Edges([edge], on, scheme=scheme).of(code)]
        found += [Answer(network.edge(edge), True, None) for edge in winners]
        found += [
            Answer(network.edge(edge), False, network.edge(_beater(edge, winners)))
            for edge in covering
            if edge not in winners
        ]
    return found


def _beater(edge: Pairing, winners: tuple[Pairing, ...]) -> Pairing:
    """The winning edge that is the more specific one; winners all lie inside the edge's recipient."""
    return next((winner for winner in winners if winner.recipient_code != edge.recipient_code), winners[0])


def _above(division: Division, on: date) -> list[Division]:
    gazetteer = Gazetteer.load()
    codes = [division.province_code, division.prefecture_code]
    above = (gazetteer.get(code, on) for code in codes if code and code != division.code)
    return [one for one in above if one is not None]


def _children(code: str, on: date) -> list[Division]:
    """下级: the divisions one level below; a province's directly governed counties stand among its prefectures."""
    if len(code) > 6 or level_of(code) == "county":
        return []
    inside = Gazetteer.load().children(code, on)
    if level_of(code) == "province":
        return [one for one in inside if one.level == "prefecture" or one.prefecture_code is None]
    return [one for one in inside if one.level == "county"]


def address(code: str) -> str:
    """网址: of a region's page."""
    return reverse("region", args=[code])
