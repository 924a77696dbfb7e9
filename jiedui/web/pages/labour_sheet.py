"""推荐单页: the worker's sheet on paper, one to a page of A4: what the job is, why, what else, and how to say no.

Each printing makes a new key for the worker's own page (`/s/…`); the key stands in the QR code and nowhere else.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import qrcode
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from qrcode.constants import ERROR_CORRECT_M

from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.records.actions import labour_offers as actions
from jiedui.records.models import JobOffer
from jiedui.records.queries import batches
from jiedui.terms.occupations import Occupations
from jiedui.web.pages import labour_entries, labour_offer, labour_rows, labour_why

MOST: Final = 200
"""Sheets of one printing."""
_QUIET: Final = 4
"""Modules of white around a QR code, as its standard asks (ISO/IEC 18004)."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """推荐单: what one sheet says; `address` "" = without a key."""

    line: labour_rows.OfferLine
    why: labour_why.Why | None
    occupation: str
    address: str
    picture: str


@serves("labour.3")
@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, offer_id: int) -> HttpResponse:
    """一张推荐单: looked at without a key; a POST makes one and shows it this once."""
    return _printed(request, [labour_offer.one(request.user, offer_id)], keyed=request.method == "POST")


@serves("labour.3")
@never_cache
@require_POST
def several(request: HttpRequest) -> HttpResponse:
    """批量推荐单: of the offers that were ticked and still await an answer, in the order of their villages."""
    wanted = labour_entries.keys(request.POST.getlist("offer"), MOST)
    rows = JobOffer.objects.visible_to(request.user).filter(pk__in=wanted, state="offered")
    return _printed(request, rows.order_by("region_code", "pk"), keyed=True)


def _printed(request: HttpRequest, offers: Iterable[JobOffer], *, keyed: bool) -> HttpResponse:
    problems: list[tuple[str, JieduiError]] = []
    leaves = []
    for line in labour_rows.offer_lines(request.user, offers):
        try:
            leaves.append(_leaf(request, line, keyed=keyed and line.offer.state == "offered"))
        except JieduiError as problem:
            problems.append((line.who.name if line.who else str(line.offer.pk), problem))
    context = {"leaves": leaves, "problems": problems, "officer": request.user, "keyed": keyed}
    context["synthetic"] = batches.synthetic()
    return render(request, "web/labour_sheet.html", context, status=400 if problems and not leaves else 200)


def _leaf(request: HttpRequest, line: labour_rows.OfferLine, *, keyed: bool) -> Leaf:
    key = actions.sheet(line.offer, by=request.user) if keyed and line.rights.home else ""
    address = request.build_absolute_uri(reverse("sheet", args=[key])) if key else ""
    occupation = Occupations.load().name(line.where.vacancy.occupation) if line.where else ""
    why = labour_why.of_offer(request.user, line.offer)
    return Leaf(line, why, occupation, address, picture(address) if address else "")


def picture(text: str) -> str:
    """二维码: a text as an SVG in a data address, black modules on white; nothing is loaded."""
    code: Any = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=_QUIET)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    dark = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, filled in enumerate(row) if filled)
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(rows)} {len(rows)}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{len(rows)}v{len(rows)}H0z"/><path d="{dark}"/></svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode("ascii")
