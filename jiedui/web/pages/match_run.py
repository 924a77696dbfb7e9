"""匹配运行页: what one run found, what proves it, how each county fared; and two runs side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiedui.policy import parameters
from jiedui.policy.registry import serves
from jiedui.records.queries import labour, matching
from jiedui.results.models import Run
from jiedui.results.queries import comparing, proposals, runs
from jiedui.web import numbers, pair_names

_MOVES_SHOWN = 50
_MARKS_SHOWN = 50


@serves("labour.3", "pairing.5")
@require_GET
def page(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """匹配运行页."""
    run = _run(request, run_id)
    counties = runs.by_county(run, request.user)
    marks = matching.marks(request.user, run.problem or "labour", run.region_code)
    others = runs.matches(request.user, run.problem).exclude(pk=run.pk).filter(region_code=run.region_code)
    context = {
        "run": run,
        "counties": counties,
        "forgotten": [row for row in counties if row.get("seeking") and not row.get("placed")],
        "certificate": run.summary.get("certificate", {}),
        "comparison": run.summary.get("comparison", []),
        "quotas": proposals.quotas(run, request.user),
        "counts": run.summary.get("counts"),
        "changed": _changed(run),
        "marks": list(marks[:_MARKS_SHOWN]),
        "others": list(others[:10]),
        "labour": proposals.is_labour(run),
        "may_ask": matching.may_ask(request.user, run.problem or "labour", run.region_code),
    }
    return render(request, "web/match_run.html", context)


@dataclass(frozen=True, slots=True)
class County:
    """一县两次: placed and share in both runs (None = not told), and the difference of those placed."""

    code: str
    seeking: int | None
    first: int | None
    second: int | None
    first_share: float | None
    second_share: float | None

    @property
    def difference(self) -> int | None:
        """How many more the second places."""
        return None if self.first is None or self.second is None else self.second - self.first


@dataclass(frozen=True, slots=True)
class Changed:
    """一个变动: a move with the names that the reader may see of both sides."""

    move: comparing.Move
    name: str
    first: str
    second: str


@serves("labour.3")
@require_GET
def against(request: HttpRequest, run_id: UUID, other_id: UUID) -> HttpResponse:
    """两次运行: settings, totals, counties, and who changed place."""
    first, second = _run(request, run_id), _run(request, other_id)
    if first.problem != second.problem:
        raise Http404(_("These two runs are of different problems."))
    after = _after(request.GET.get("after", ""))
    moved = comparing.moved(first, second, request.user, after=after, size=_MOVES_SHOWN + 1)
    more, shown = len(moved) > _MOVES_SHOWN, moved[:_MOVES_SHOWN]
    context = {
        "first": first,
        "second": second,
        "settings": _settings(first, second, request.user),
        "moves": comparing.moves(first, second, request.user),
        "counties": _counties(first, second, request.user),
        "moved": _named(shown, first, request.user),
        "after": "~".join(map(str, comparing.key_of(shown[-1]))) if more else "",
        "begun": after != (-1, -1),
        "ways": _ways(first, second),
        "labour": proposals.is_labour(first),
    }
    return render(request, "web/match_against.html", context)


def _run(request: HttpRequest, run_id: UUID) -> Run:
    run = runs.match_run(request.user, run_id)
    if run is None:
        raise Http404(_("There is no such run, or none of its people lives in my scope."))
    return run


def _changed(run: Run) -> list[tuple[str, Any, Any]]:
    """(key, what the run used, what holds) of the parameters that it was told to change."""
    changed = run.settings.get("parameters") or {}
    day = date.fromisoformat(run.summary["as_of"]) if run.summary.get("as_of") else date.today()
    held = {one.key: one for one in parameters.load(day)}
    return [(key, value, held[key].value if key in held else None) for key, value in sorted(changed.items())]


def _settings(first: Run, second: Run, user: Any) -> list[tuple[str, Any, Any]]:
    """What the two were told differently; quotas of the reader's counties only."""
    changed = [row for row in comparing.settings_changed(first, second) if row[0] != "quotas"]
    one, other = proposals.quotas(first, user), proposals.quotas(second, user)
    return changed if one == other else [*changed, ("quotas", one or None, other or None)]


def _counties(first: Run, second: Run, user: Any) -> list[County]:
    one, other = ({row["county"]: row for row in runs.by_county(run, user)} for run in (first, second))
    rows = [
        County(
            code,
            (one.get(code) or other.get(code) or {}).get("seeking"),
            one.get(code, {}).get("placed"),
            other.get(code, {}).get("placed"),
            one.get(code, {}).get("share"),
            other.get(code, {}).get("share"),
        )
        for code in sorted({*one, *other})
    ]
    return sorted(rows, key=lambda row: (-abs(row.difference or 0), row.code))


def _ways(first: Run, second: Run) -> list[tuple[str, Any, Any]]:
    """(name, in the first, in the second) of the totals that both certificates tell."""
    one, other = (run.summary.get("certificate") or {} for run in (first, second))
    names = ("placements", "workers", "objective", "bound", "gap")
    return [(name, one.get(name), other.get(name)) for name in names if name in one or name in other]


def _named(moves: list[comparing.Move], run: Run, user: Any) -> list[Changed]:
    if not proposals.is_labour(run):
        rights = [key for move in moves for key in (move.first_right, move.second_right) if key is not None]
        names = pair_names.of(run.problem, user, [move.left_id for move in moves], rights)
        return [
            Changed(move, names.left(move.left_id), names.right(move.first_right), names.right(move.second_right))
            for move in moves
        ]
    workers = labour.workers(user, (move.left_id for move in moves))
    keys = [key for move in moves for key in (move.first_right, move.second_right) if key is not None]
    titles = {key: vacancy.title for key, vacancy in labour.vacancies(user, keys).items()}
    return [
        Changed(
            move,
            workers[move.left_id].name if move.left_id in workers else "",
            titles.get(move.first_right, "") if move.first_right else "",
            titles.get(move.second_right, "") if move.second_right else "",
        )
        for move in moves
    ]


def _after(text: str) -> tuple[int, int]:
    left, _tilde, right = text.partition("~")
    found = (numbers.whole_key(left), numbers.whole_key(right))
    return (found[0], found[1]) if found[0] is not None and found[1] is not None else (-1, -1)
