"""手工推荐页: an offer by hand: a worker found as in the register, a vacancy found by a word or a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.records.actions import labour_offers as actions
from jiedui.records.models import JobOffer, Vacancy, Worker
from jiedui.records.queries import register
from jiedui.web import numbers, typed
from jiedui.web.pages import labour_rows
from jiedui.web.pages.labour_vacancies import called

_SHOWN: Final = 40
_ASKED: Final = 60
"""Characters of a search that are kept."""


@dataclass(frozen=True, slots=True)
class Found:
    """找到的劳动力: a worker with the person, and whether an offer is open already."""

    worker: Worker
    who: labour_rows.Who
    held: str


@serves("labour.3")
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """手工推荐页."""
    problem = None
    if request.method == "POST":
        try:
            offer = actions.offer(
                typed.number(request.POST.get("worker", "")) or 0,
                typed.number(request.POST.get("vacancy", "")) or 0,
                by=request.user,
            )
        except JieduiError as error:
            problem = error
        else:
            messages.success(request, _("The offer was made; print the sheet for the worker."))
            return redirect("labour-offer", offer_id=offer.pk)
    asked = request.POST if problem else request.GET
    text, wanted = asked.get("q", "").strip()[:_ASKED], asked.get("v", "").strip()[:_ASKED]
    key = numbers.whole_key(asked.get("worker", ""))
    chosen = next(iter(_found(request.user, Worker.objects.filter(pk=key))), None) if key is not None else None
    context = {
        "text": text,
        "wanted": wanted,
        "chosen": chosen,
        "workers": _workers(request.user, text) if text and chosen is None else [],
        "vacancies": _vacancies(request.user, wanted, chosen.worker) if chosen else [],
        "kept": urlencode({"q": text, "v": wanted}),
        "problem": problem,
        "may": bool(request.user.sight().office & request.user.sight().named),
    }
    return render(request, "web/labour_offer_new.html", context, status=400 if problem else 200)


def _workers(user: Any, text: str) -> list[Found]:
    """Workers of the persons that the register's search finds, whom the reader sees by name."""
    try:
        lines = register.search(user, register.understand(text), register.Filters()).lines
    except JieduiError:
        return []
    return _found(user, Worker.objects.filter(person_id__in=[line.person_id for line in lines]))


def _found(user: Any, rows: Any) -> list[Found]:
    sight = user.sight()
    workers = [
        row for row in rows.visible_to(user)[:_SHOWN] if row.region_code in sight.named & sight.office
    ]  # fmt: skip
    who = labour_rows.people(user, (row.person_id for row in workers))
    offers = JobOffer.objects.visible_to(user).filter(worker_id__in=[row.pk for row in workers])
    held = dict(
        offers.filter(state__in=("offered", "accepted", "departed", "started")).values_list("worker_id", "state")
    )
    return [
        Found(row, who[row.person_id], held.get(row.pk, "")) for row in workers if row.person_id in who
    ]  # fmt: skip


def _vacancies(user: Any, text: str, worker: Worker) -> list[labour_rows.Where]:
    """Checked vacancies that are open today; without a word those of the wished occupation, else all by place."""
    today = date.today()
    rows = Vacancy.objects.visible_to(user).filter(state="checked", open_from__lte=today, open_to__gte=today)
    if text:
        rows = rows.filter(called(text))
    elif worker.occupation:
        rows = rows.filter(occupation=worker.occupation)
    keys = list(rows.order_by("region_code", "pk").values_list("pk", flat=True)[:_SHOWN])
    found = labour_rows.places_of_work(user, keys)
    return [found[key] for key in keys if key in found]
