"""匹配建议: the proposals of a run inside the reader's scope, a page at a time by the key of the last row.

A page costs the same wherever it lies, and among a million: no row is skipped over, and nothing is counted that the run
does not tell already (`summary["spread"]`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Final, Literal

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from jiedui.errors import JieduiError
from jiedui.results.models import PairProposal, Proposal, Run
from jiedui.results.models.matching import PARTNER
from jiedui.terms.divisions import prefix
from jiedui.terms.scope import Scope

COUNTED_TO: Final = 1_000
"""Proposals up to which a filtered list is counted; above, it says "more than"."""
_TOKEN: Final = re.compile(r"([0-9]{6,12})~(-?[0-9]{1,18})~([0-9]{1,18})", re.ASCII)
_AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Filter:
    """筛选: `home`: codes of places of which the left side lives in one (() = everywhere); `work`: of the right side.

    `work` is a code as it is stored: the county of a vacancy, so that its index serves.
    `tier` and `partner` belong to labour proposals.
    """

    home: tuple[str, ...] = ()
    work: str = ""
    tier: int | None = None
    partner: str = ""

    def __bool__(self) -> bool:
        return self != Filter()


@dataclass(frozen=True, slots=True)
class Page:
    """一页: rows with the keys of the pages before and after ("" = there is none)."""

    rows: list[Any]
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a kind of proposal is ordered and filtered; each order is an index of its table."""

    home: str
    work: str
    order: tuple[tuple[str, Literal[1, -1]], ...]


_LABOUR: Final = _Shape("region_code", "work_region_code", (("region_code", 1), ("utility", -1), ("worker_id", 1)))
_PAIRS: Final = _Shape("left_region", "right_region", (("left_region", 1), ("left_id", 1), ("right_id", 1)))


def of_run(run: Run, user: Any, wanted: Filter | None = None) -> QuerySet[Any]:
    """建议: those of a run that the user may see and the filter wants, in the order of the list."""
    shape, model = _shape(run), (Proposal if is_labour(run) else PairProposal)
    asked = wanted or Filter()
    rows = model.objects.visible_to(user).filter(run=run)
    if asked.home:
        rows = rows.filter(_inside(shape.home, asked.home))
    if asked.work:
        rows = rows.filter(**{shape.work: asked.work})
    if is_labour(run):
        if asked.tier is not None:
            rows = rows.filter(tier=asked.tier)
        if asked.partner in PARTNER:
            rows = rows.filter(partner=asked.partner)
    return rows.order_by(*(("-" if way < 0 else "") + name for name, way in shape.order))


def page(
    run: Run, user: Any, wanted: Filter | None = None, *, after: str = "", before: str = "", size: int = 40
) -> Page:
    """一页建议: the rows behind the key `after`, or those just before `before`; else the first ones.

    Raises:
        JieduiError: the key names no place in the list.
    """
    shape = _shape(run)
    backwards = bool(before) and not after
    key = _key(before if backwards else after)
    rows = of_run(run, user, wanted)
    if key:
        rows = rows.filter(_beyond(shape, key, backwards=backwards))
    found = list((rows.reverse() if backwards else rows)[: size + 1])
    more = len(found) > size
    shown = found[:size]
    if backwards:
        shown.reverse()
    if not shown:
        return Page([])
    return Page(
        shown,
        before=_token(shown[0], shape) if (more if backwards else bool(key)) else "",
        after=_token(shown[-1], shape) if (more or backwards) else "",
    )


def every(run: Run, user: Any, wanted: Filter | None = None) -> Iterator[Any]:
    """全部建议: of the filter, read in pieces: for signing all of them."""
    yield from of_run(run, user, wanted).iterator(chunk_size=_AT_ONCE)


def chosen(run: Run, user: Any, keys: list[int]) -> list[Any]:
    """选中的建议: by their numbers, in the order of the list, as far as the user may see them."""
    return list(of_run(run, user).filter(pk__in=keys))


def count(run: Run, user: Any, wanted: Filter | None = None) -> int | None:
    """数量: as the run tells it, or counted up to `COUNTED_TO`; None = more than that.

    The run's own counts are by county, so they serve a reader whose scope has whole counties and a filter by homes.
    """
    asked = wanted or Filter()
    told = _told(run, user, asked)
    if told is not None:
        return told
    number = of_run(run, user, asked).order_by()[: COUNTED_TO + 1].count()
    return None if number > COUNTED_TO else number


def homes(run: Run, user: Any) -> list[str]:
    """有建议的县: codes of home counties in which the user may see proposals, as the run tells."""
    return _seen_counties(run, user)


def works(run: Run, user: Any) -> list[str]:
    """有建议的工作县: codes of the counties to which the run sends somebody whose proposal the user may see.

    Whoever sees all of its people has them as the run tells; for others the index is asked once for each county.
    """
    told = sorted(_spread(run, "work"))
    if is_labour(run) and not Scope.of(_spread(run, "home")) - user.sight().proposed:
        return told
    column = {_shape(run).work: RawSQL("told.code", ())}
    try:
        text, values = of_run(run, user).order_by().filter(**column).values("pk").query.sql_with_params()
    except EmptyResultSet:  # an empty scope
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT code FROM unnest(%s::text[]) AS told(code) WHERE EXISTS ({text})", [told, *values])
        return sorted(code for (code,) in cursor.fetchall())


def quotas(run: Run, user: Any) -> dict[str, Any]:
    """配额: county → (at least, at most) as the run was told, of counties that lie whole in the user's scope."""
    sight = user.sight()
    seen = sight.proposed if is_labour(run) else sight.programme | sight.office | sight.staffing | sight.talent
    told = run.settings.get("quotas") or {}
    return {code: least_most for code, least_most in told.items() if not Scope.of([prefix(code)]) - seen}


def one(proposal_id: int, user: Any) -> Proposal | None:
    """一条人岗匹配建议: by id, if the user may see it, with its run."""
    return Proposal.objects.visible_to(user).filter(pk=proposal_id).select_related("run").first()


def one_pair(proposal_id: int, user: Any) -> PairProposal | None:
    """一条结对建议: by id, if the user may see it, with its run."""
    return PairProposal.objects.visible_to(user).filter(pk=proposal_id).select_related("run").first()


def is_labour(run: Run) -> bool:
    """是否人岗匹配: whether its proposals are of workers."""
    return run.problem in ("", "labour")


def _shape(run: Run) -> _Shape:
    return _LABOUR if is_labour(run) else _PAIRS


def _inside(column: str, codes: tuple[str, ...]) -> Q:
    ranges = Scope.of([prefix(code) for code in codes]).comparisons(column)
    return reduce(or_, (Q(**comparison) for comparison in ranges), Q(pk__in=[]))


def _beyond(shape: _Shape, key: tuple[Any, ...], *, backwards: bool) -> Q:
    """The rows behind (or before) a key; the first comparison is the index's."""
    beyond = Q()
    for place, (name, way) in enumerate(shape.order):
        equal = {shape.order[i][0]: key[i] for i in range(place)}
        upwards = (way > 0) != backwards
        beyond |= Q(**equal, **{f"{name}__{'gt' if upwards else 'lt'}": key[place]})
    return Q(**{f"{shape.order[0][0]}__{'lte' if backwards else 'gte'}": key[0]}) & beyond


def _token(row: Any, shape: _Shape) -> str:
    return "~".join(str(getattr(row, name)) for name, _way in shape.order)


def _key(token: str) -> tuple[Any, ...]:
    if not token:
        return ()
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise JieduiError("This address names no page of the list.", remedy="Begin at its first page.")
    return found[1], int(found[2]), int(found[3])


def _spread(run: Run, name: str) -> Mapping[str, int]:
    return (run.summary.get("spread") or {}).get(name) or {}


def _seen_counties(run: Run, user: Any) -> list[str]:
    """Of pairs the ones of either side's scope; a county that lies only partly in the scope counts, too."""
    told = sorted(_spread(run, "home"))
    if not is_labour(run):
        return told
    proposed = user.sight().proposed
    return [code for code in told if any(low < _end(code) and code < high for low, high in proposed.ranges)]


def _end(code: str) -> str:
    return Scope.of([code]).ranges[0][1]


def _told(run: Run, user: Any, asked: Filter) -> int | None:
    """The sum over counties that lie whole in the reader's scope; of a single other filter, where all of them do."""
    told = _spread(run, "home")
    others = [("work", asked.work), ("tier", "" if asked.tier is None else str(asked.tier)), ("partner", asked.partner)]
    chosen = [(name, value) for name, value in others if value]
    if not is_labour(run) or not told or len(chosen) > 1 or (chosen and asked.home):
        return None
    proposed = user.sight().proposed
    wanted = Scope.of([prefix(code) for code in asked.home]) & proposed if asked.home else proposed
    number = 0
    for code, rows in told.items():
        county = Scope.of([code])
        if not county - wanted:
            number += rows
        elif chosen or county & wanted:
            return None
    if not chosen:
        return number
    ((name, value),) = chosen
    return _spread(run, name).get(value, 0)
