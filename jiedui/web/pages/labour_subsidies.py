"""就业补贴页: who is entitled to what and why not, approved, paid and cancelled; the rule decides, an office signs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from jiedui.errors import JieduiError
from jiedui.policy import parameters
from jiedui.policy.registry import serves
from jiedui.policy.rules.labour_subsidies import REASONS
from jiedui.records.actions import labour_subsidies as actions
from jiedui.records.models import Subsidy
from jiedui.records.queries.labour_entitled import Due, entitlements
from jiedui.terms import money
from jiedui.terms.codelists import SUBSIDY_KIND, SUBSIDY_STATE
from jiedui.web import numbers, typed
from jiedui.web.pages import labour_entries, labour_rows
from jiedui.web.templatetags.figures import spoken

_MOST: Final = 300
_FIRST_YEAR: Final = 2016
_RULES: Final = ("entitled", "not")


@dataclass(frozen=True, slots=True)
class Asked:
    """所看: which list, of which kind and year; `text` looks for a name or a number."""

    view: str
    kind: str
    year: int
    text: str

    def query(self) -> str:
        """网址参数: of the same list."""
        return urlencode({"view": self.view, "kind": self.kind, "year": self.year, "q": self.text})


@dataclass(frozen=True, slots=True)
class Line:
    """核定行: what the rule says of a person's placement."""

    due: Due
    who: labour_rows.Who | None
    why: tuple[str, str]


@serves("labour.4", "funding.4")
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """就业补贴页; what is sent names its act."""
    asked = _asked(request.GET.dict())
    if request.method == "GET":
        return _shown(request, asked)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404(_("There is no such act."))
    try:
        act(request, asked)
    except JieduiError as problem:
        return _shown(request, asked, problem)
    return redirect(f"{reverse('labour-subsidies')}?{asked.query()}")


def _asked(sent: dict[str, str]) -> Asked:
    view, kind, year = sent.get("view", ""), sent.get("kind", ""), numbers.whole(sent.get("year", ""))
    this = date.today().year
    return Asked(
        view if view in (*_RULES, *SUBSIDY_STATE) else "entitled",
        kind if kind in SUBSIDY_KIND else next(iter(SUBSIDY_KIND)),
        year if year is not None and _FIRST_YEAR <= year <= this else this,
        sent.get("q", "").strip()[:40],
    )


def _shown(request: HttpRequest, asked: Asked, problem: JieduiError | None = None) -> HttpResponse:
    sight = request.user.sight()
    home = bool(sight.office & sight.named)
    rows = Subsidy.objects.visible_to(request.user).filter(kind=asked.kind, year=asked.year)
    due = entitlements(request.user, asked.kind, asked.year) if home else []
    by_rule = {
        "entitled": [one for one in due if one.entitled.amount_fen is not None],
        "not": [one for one in due if one.entitled.amount_fen is None],
    }
    context = {
        "asked": asked,
        "views": [*_rule_views(by_rule), *_state_views(rows)],
        "lines": _lines(request.user, by_rule[asked.view], asked.text) if asked.view in _RULES else [],
        "subsidies": [] if asked.view in _RULES else _stored(request.user, rows.filter(state=asked.view), asked.text),
        "rule": _rule(asked.kind),
        "kinds": SUBSIDY_KIND,
        "years": range(date.today().year, _FIRST_YEAR - 1, -1),
        "home": home,
        "today": date.today(),
        "problem": problem,
    }
    return render(request, "web/labour_subsidies.html", context, status=400 if problem else 200)


def _rule_views(by_rule: dict[str, list[Due]]) -> list[tuple[str, str, int, int | None]]:
    """(name, title, how many, fen) of the tabs that the rule fills."""
    total = sum(one.entitled.amount_fen or 0 for one in by_rule["entitled"])
    return [
        ("entitled", _("entitled"), len(by_rule["entitled"]), total),
        ("not", _("not entitled, and why"), len(by_rule["not"]), None),
    ]


def _state_views(rows: Any) -> list[tuple[str, str, int, int | None]]:
    sums = {
        state: (n, fen)
        for state, n, fen in rows.order_by().values_list("state").annotate(Count("pk"), Sum("amount_fen"))
    }
    return [(state, spoken(labels), *sums.get(state, (0, 0))) for state, labels in SUBSIDY_STATE.items()]


def _lines(user: Any, due: list[Due], text: str) -> list[Line]:
    who = labour_rows.people(user, (one.placement.person_id for one in due))
    found = [Line(one, who.get(one.placement.person_id), REASONS[one.entitled.reason]) for one in due]
    return [line for line in found if _fits(line.who, line.due.placement.person_id, text)][:_MOST]


def _stored(user: Any, rows: Any, text: str) -> list[tuple[Subsidy, labour_rows.Who | None]]:
    held = list(rows.order_by("-pk")[: _MOST * 4])
    who = labour_rows.people(user, (row.person_id for row in held))
    return [(row, who.get(row.person_id)) for row in held if _fits(who.get(row.person_id), row.person_id, text)][:_MOST]


def _fits(who: labour_rows.Who | None, person_id: int, text: str) -> bool:
    return not text or text == str(person_id) or (who is not None and who.name.startswith(text))


def _rule(kind: str) -> Any:
    """The parameter whose lines give the amounts."""
    name = {"transport": "labour.subsidy.transport_bands", "stay": "labour.subsidy.stay_bands"}[kind]
    return parameters.load(date.today()).get(name)


def _ticked(request: HttpRequest, name: str) -> list[int]:
    wanted = labour_entries.keys(request.POST.getlist(name), _MOST)
    if not wanted:
        raise JieduiError("Nobody was chosen.", remedy="Tick those that are meant.")
    return wanted


def _approve(request: HttpRequest, asked: Asked) -> None:
    done = actions.approve(_ticked(request, "placement"), asked.kind, asked.year, by=request.user)
    said = ngettext(
        "%(number)s subsidy was approved, %(amount)s yuan.",
        "%(number)s subsidies were approved, %(amount)s yuan.",
        done.subsidies,
    )
    messages.success(request, said % {"number": done.subsidies, "amount": money.yuan(done.amount_fen)})
    for one in done.left_out:
        reason = spoken(REASONS[one.reason])
        messages.warning(request, _("Placement %(key)s: %(reason)s") % {"key": one.placement_id, "reason": reason})


def _pay(request: HttpRequest, _asked: Asked) -> None:
    on = typed.day(request.POST.get("on", "")) or date.today()
    rows = Subsidy.objects.visible_to(request.user).filter(pk__in=_ticked(request, "subsidy"))
    with transaction.atomic():  # all of them, or none
        number = sum(actions.pay(row, on=on, by=request.user).state == "paid" for row in rows)
    said = ngettext("%(number)s subsidy was paid.", "%(number)s subsidies were paid.", number)
    messages.success(request, said % {"number": number})


def _cancel(request: HttpRequest, _asked: Asked) -> None:
    reason = request.POST.get("reason", "")
    rows = Subsidy.objects.visible_to(request.user).filter(pk__in=_ticked(request, "subsidy"))
    with transaction.atomic():  # all of them, or none
        number = sum(actions.cancel(row, by=request.user, reason=reason).state == "cancelled" for row in rows)
    said = ngettext("%(number)s subsidy was cancelled.", "%(number)s subsidies were cancelled.", number)
    messages.success(request, said % {"number": number})


_ACTS: Final[dict[str, Callable[[HttpRequest, Asked], None]]] = {
    "approve": _approve,
    "pay": _pay,
    "cancel": _cancel,
}
