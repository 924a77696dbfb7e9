"""查看记录页: who looked at whose hidden fields, when and why; for the auditor and the discipline inspection."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.records.access import within
from jiedui.records.models import Disclosure, Person
from jiedui.records.queries import people
from jiedui.terms.divisions import prefix
from jiedui.terms.identity import mask_name
from jiedui.terms.scope import Scope
from jiedui.web import typed

_PER_PAGE: Final = 50
_ASKED: Final = ("place", "since", "last_day")


@serves("leadership.4")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """查看记录页: the latest first, page by page."""
    if not request.user.sight().disclosures:
        raise Http404(_("There is no such page."))
    asked = {name: request.GET.get(name, "").strip()[:60] for name in _ASKED}
    problem = None
    rows = people.disclosures(request.user)
    try:
        rows = _chosen(rows, asked)
        before = typed.number(request.GET.get("before", ""))
    except JieduiError as error:
        problem, rows, before = error, rows.none(), None
    found = list((rows.filter(pk__lt=before) if before is not None else rows)[: _PER_PAGE + 1])
    shown, more = found[:_PER_PAGE], len(found) > _PER_PAGE
    context = {
        "rows": shown,
        "names": _names(request.user, shown),
        "titles": {"id_number": _("Identity number"), "phone": _("Phone"), "address": _("Address")},
        "asked": asked,
        "filtered": any(asked.values()),
        "before": shown[-1].pk if more else None,
        "further": before is not None,
        "problem": problem,
    }
    return render(request, "web/disclosures.html", context, status=400 if problem else 200)


def _chosen(rows: QuerySet[Disclosure], asked: dict[str, str]) -> QuerySet[Disclosure]:
    """Of a place and of days, both ends included."""
    place, since, last = typed.place(asked["place"]), typed.day(asked["since"]), typed.day(asked["last_day"])
    if place:
        rows = rows.filter(within(Scope.of([prefix(place)]), "region_code"))
    if since is not None:
        rows = rows.filter(at__gte=timezone.make_aware(datetime.combine(since, time.min)))
    if last is not None:
        rows = rows.filter(at__lt=timezone.make_aware(datetime.combine(last, time.min)) + timedelta(days=1))
    return rows


def _names(user: Any, rows: list[Disclosure]) -> dict[int, str]:
    """Masked names of those who were looked at, as far as the reader sees them, by their number."""
    seen = Person.objects.visible_to(user).filter(pk__in={row.person_id for row in rows})
    return {key: mask_name(name) for key, name in seen.values_list("pk", "name")}
