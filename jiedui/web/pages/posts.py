"""岗位与人选页: posts that wait, candidates who may go, and the forms for each; who fits whom is proposed by a run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.records.actions import posts as actions
from jiedui.records.models import Candidate, Post
from jiedui.records.queries import posts as queries
from jiedui.terms import codelists
from jiedui.web import acts, network, older, typed
from jiedui.web.naming import short_name
from jiedui.web.pages import labour_entries, pair_forms

_PER_PAGE: Final = 40
_POST: Final[Mapping[str, pair_forms.Reader]] = {
    "pairing_id": labour_entries.whole,
    "region_code": typed.place,
    "title": pair_forms.text,
    "kind": pair_forms.choice(codelists.TALENT_KIND),
    "field": pair_forms.choice(codelists.FIELD),
    "level": pair_forms.choice(codelists.TALENT_LEVEL),
    "seats": labour_entries.whole,
    "term_months": labour_entries.whole,
    "needed_from": typed.day,
}
_CANDIDATE: Final[Mapping[str, pair_forms.Reader]] = {
    "home_region_code": typed.place,
    "kind": pair_forms.choice(codelists.TALENT_KIND),
    "field": pair_forms.choice(codelists.FIELD),
    "second_field": pair_forms.choice(codelists.FIELD),
    "level": pair_forms.choice(codelists.TALENT_LEVEL),
    "longest_term_months": labour_entries.whole,
    "free_from": typed.day,
    "wish_place": lambda said: typed.place(said) or None,
    "name": pair_forms.text,
    "id_number": pair_forms.text,
}
_OPTIONAL: Final = ("second_field", "wish_place")


@serves("talent.4", "talent.1")
@require_http_methods(["GET", "POST"])
def posts(request: HttpRequest) -> HttpResponse:
    """岗位页; what is sent names its act."""
    return acts.answered(request, _POST_ACTS, _posts)


@serves("talent.4")
@require_http_methods(["GET", "POST"])
def candidates(request: HttpRequest) -> HttpResponse:
    """人选页; what is sent names its act."""
    return acts.answered(request, _CANDIDATE_ACTS, _candidates)


def _posts(request: HttpRequest, problem: JieduiError | None = None) -> HttpResponse:
    state = request.GET.get("state", "")
    rows = queries.posts(request.user, state if state in codelists.POST_STATE else "")
    shown = older.page(request, rows, _PER_PAGE)
    sight = request.user.sight()
    staffs = sight.staffing | sight.office
    context = {
        "state": state,
        "states": codelists.POST_STATE.items(),
        "lines": [
            {
                "row": row,
                "place": short_name(row.region_code),
                "pair": f"{short_name(row.pairing.donor_code)} → {short_name(row.pairing.recipient_code)}",
                "own": row.region_code in staffs and row.state != "closed",
            }
            for row in shown.rows
        ],
        "edges": [network.edge(edge) for edge in _edges(request)] if staffs else [],
        **_form(problem, request, shown, staffs),
    }
    return render(request, "web/posts.html", context, status=400 if problem else 200)


def _edges(request: HttpRequest) -> list[Any]:
    return queries.pairings(request.user, date.today())


def _candidates(request: HttpRequest, problem: JieduiError | None = None) -> HttpResponse:
    rows = queries.candidates(request.user, withdrawn={"withdrawn": True, "": False}.get(request.GET.get("state", "")))
    shown = older.page(request, rows, _PER_PAGE)
    sight = request.user.sight()
    staffs = sight.staffing | sight.office
    context = {
        "state": request.GET.get("state", ""),
        "lines": [
            {
                "row": row,
                "home": short_name(row.home_region_code),
                "wish": short_name(row.wish_place) if row.wish_place else "",
                "own": row.home_region_code in staffs and not row.withdrawn,
            }
            for row in shown.rows
        ],
        **_form(problem, request, shown, staffs),
    }
    return render(request, "web/candidates.html", context, status=400 if problem else 200)


def _form(problem: JieduiError | None, request: HttpRequest, shown: older.Page, staffs: Any) -> dict[str, Any]:
    return {
        "before": shown.before,
        "further": shown.further,
        "staffs": bool(staffs),
        "kinds": codelists.TALENT_KIND.items(),
        "fields": codelists.FIELD.items(),
        "levels": codelists.TALENT_LEVEL.items(),
        "today": date.today(),
        "problem": problem,
        "typed": request.POST if problem else {},
    }


def _post(request: HttpRequest) -> Post:
    row = queries.post(request.user, pair_forms.key(request.POST, "post"))
    if row is None:
        raise JieduiError("There is no such post among those that you see.", remedy="Look at the list again.")
    return row


def _candidate(request: HttpRequest) -> Candidate:
    row = queries.candidate(request.user, pair_forms.key(request.POST, "candidate"))
    if row is None:
        raise JieduiError("There is no such candidate among those that you see.", remedy="Look at the list again.")
    return row


def _report_post(request: HttpRequest) -> None:
    actions.report_post(pair_forms.read(request.POST, _POST, _POST), by=request.user)
    messages.success(request, _("The post was entered."))


def _change_post(request: HttpRequest) -> None:
    readers = {name: _POST[name] for name in actions.POST_CHANGES}
    actions.change_post(_post(request), pair_forms.read(request.POST, readers, readers), by=request.user)
    messages.success(request, _("The post was changed."))


def _close_post(request: HttpRequest) -> None:
    actions.close_post(_post(request), by=request.user, reason=request.POST.get("reason", ""))
    messages.success(request, _("The post was closed."))


def _second(request: HttpRequest) -> None:
    made = actions.second(pair_forms.key(request.POST, "candidate"), _post(request).pk, by=request.user)
    messages.success(request, _("The secondment was signed."))
    for finding in actions.findings_on([made]):
        messages.warning(request, finding.message)


def _report_candidate(request: HttpRequest) -> None:
    required = [name for name in _CANDIDATE if name not in _OPTIONAL]
    actions.report_candidate(pair_forms.read(request.POST, _CANDIDATE, required), by=request.user)
    messages.success(request, _("The candidate was entered."))


def _change_candidate(request: HttpRequest) -> None:
    readers = {name: _CANDIDATE[name] for name in actions.CANDIDATE_CHANGES}
    said = pair_forms.read(request.POST, readers, ("longest_term_months", "free_from"))
    actions.change_candidate(_candidate(request), said, by=request.user)
    messages.success(request, _("The candidate was changed."))


def _withdraw(request: HttpRequest) -> None:
    actions.withdraw_candidate(_candidate(request), by=request.user, reason=request.POST.get("reason", ""))
    messages.success(request, _("The candidate was withdrawn."))


_POST_ACTS: Final = {"report": _report_post, "change": _change_post, "close": _close_post, "second": _second}
_CANDIDATE_ACTS: Final = {"report": _report_candidate, "change": _change_candidate, "withdraw": _withdraw}
