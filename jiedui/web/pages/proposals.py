"""建议页: one proposal with everything that counted for it, what came next, and the marks that people set on it."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.records.actions import matching as actions
from jiedui.records.models import MatchMark
from jiedui.records.queries import labour, matching
from jiedui.results.models import PairProposal, Proposal
from jiedui.results.queries import proposals, runs
from jiedui.web import numbers, pair_names, signing
from jiedui.web.pages import match_proposals

_LONGEST: Final = 500


@serves("labour.3")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """旧地址: the proposals of the last labour run that concerns the reader, else the page of runs."""
    run = runs.latest_match(request.user, "labour")
    if run is None:
        return redirect("matching")
    asked = request.GET.urlencode()
    response = redirect("match-proposals", run.pk)
    if asked:
        response["Location"] += f"?{asked}"
    return response


@serves("labour.3")
@require_http_methods(["GET", "POST"])
def detail(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """一条人岗匹配建议; a POST signs it, pins or forbids a pair, or takes the mark back."""
    found = proposals.one(proposal_id, request.user)
    if found is None:
        raise Http404(_("There is no such proposal in your scope."))
    return _answer(request, found)


@serves("pairing.5", "talent.4", "society.1", "society.2")
@require_http_methods(["GET", "POST"])
def pair(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """一条结对建议; a POST as above."""
    found = proposals.one_pair(proposal_id, request.user)
    if found is None:
        raise Http404(_("There is no such proposal in your scope."))
    return _answer(request, found)


def _answer(request: HttpRequest, row: Proposal | PairProposal) -> HttpResponse:
    if request.method == "GET":
        return _shown(request, row)
    try:
        made = _act(request, row)
    except JieduiError as error:
        return _shown(request, row, {"wrong": error}, status=400)
    if made is not None:
        return _shown(request, row, {"signed": made})
    return redirect(request.path)


def _shown(
    request: HttpRequest, row: Proposal | PairProposal, more: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    (line,) = match_proposals.lines(request.user, row.run, [row])
    problem = _problem(row)
    told = (line.told.next_best, line.told.first_wish)
    others = [one.right_id for one in told if one is not None and one.right_id is not None]
    context = {"line": line, "told": line.told, "run": row.run, "problem": problem, **(more or {})}
    context["marks"] = _marks(request.user, problem, row)
    context["may_sign"] = line.own and problem in signing.SIGN
    context["may_mark"] = _home(row) in matching.asks(request.user, problem)
    if isinstance(row, Proposal):
        seen = labour.vacancies(request.user, others)
        titles = {key: f"{one.title} · {one.organisation.name}" for key, one in seen.items()}
        if line.vacancy is not None:
            titles[row.vacancy_id] = f"{line.vacancy.title} · {line.vacancy.organisation.name}"
        context |= {"others": seen, "rights": [(key, titles.get(key, f"№ {key}")) for key in _rights(row)]}
        return render(request, "web/proposal.html", context, status=status)
    names = pair_names.of(problem, request.user, [row.left_id], [row.right_id, *others])
    context |= {
        "rights": [(key, names.right(key)) for key in _rights(row)],
        "next_name": names.right(row.next_right_id),
        "wish_name": names.right(row.wish_right_id),
    }
    return render(request, "web/match_pair.html", context, status=status)


def _act(request: HttpRequest, row: Proposal | PairProposal) -> signing.Outcome | None:
    """What the form asks for; the outcome of a signature, else nothing."""
    said, problem = request.POST, _problem(row)
    reason = said.get("reason", "").strip()[:_LONGEST]
    match said.get("do", ""):
        case "sign":
            return signing.sign(row.run, [row], request.user, said)
        case "pin" | "forbid" as kind:
            right = numbers.whole_key(said.get("right", ""))
            if right not in _rights(row):
                raise JieduiError(_("This proposal names no such pair."), remedy=_("Choose from the list."))
            actions.mark(problem, _left(row), right, kind, reason, region_code=_home(row), by=request.user)
        case "take_back":
            one = _mark(request, problem, said.get("mark", ""))
            actions.take_back(one, by=request.user)
        case _:
            raise JieduiError(_("This is not something that can be done with proposals."))
    return None


def _mark(request: HttpRequest, problem: str, text: str) -> MatchMark:
    key = numbers.whole_key(text)
    one = matching.marks(request.user, problem).filter(pk=key).first() if key is not None else None
    if one is None:
        raise JieduiError(_("There is no such mark, or it was taken back."), remedy=_("Look at the page again."))
    return one


def _marks(user: Any, problem: str, row: Proposal | PairProposal) -> list[MatchMark]:
    """Those that hold of this left side, whatever they pair it with."""
    return list(matching.marks(user, problem).filter(left_id=_left(row)))


def _problem(row: Proposal | PairProposal) -> str:
    return "labour" if isinstance(row, Proposal) else row.problem


def _left(row: Proposal | PairProposal) -> int:
    return row.worker_id if isinstance(row, Proposal) else row.left_id


def _home(row: Proposal | PairProposal) -> str:
    return row.region_code if isinstance(row, Proposal) else row.left_region


def _rights(row: Proposal | PairProposal) -> list[int]:
    """What a mark may name: the proposed one, the next best, the first wish; each once."""
    if isinstance(row, Proposal):
        keys = (row.vacancy_id, row.next_vacancy_id, row.wish_vacancy_id)
    else:
        keys = (row.right_id, row.next_right_id, row.wish_right_id)
    return list(dict.fromkeys(key for key in keys if key is not None))
