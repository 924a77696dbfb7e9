"""匹配查询: what may be asked of the matching engine by whom, the orders, and the pairs that people marked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from jiedui.errors import JieduiError
from jiedui.policy import parameters as dated
from jiedui.policy.parameters import Parameter
from jiedui.records.models import MatchMark, MatchOrder, User
from jiedui.terms import codelists
from jiedui.terms.codelists import CodeList
from jiedui.terms.divisions import Gazetteer, prefix
from jiedui.terms.scope import Scope, prefix_range

CHANGEABLE: Final[dict[str, tuple[str, ...]]] = {
    "labour": ("labour.utility.", "labour.first_served_statuses"),
    "county_pair": ("pairing.match.",),
    "post": ("talent.match.",),
    "village": ("society.match.village_",),
    "need": ("society.match.need_",),
}
"""Problem → beginnings of the keys of the parameters that an order may change; official ones never."""
AT_WORK: Final = ("waiting", "running")
"""States of orders that are not over."""
_RECENT: Final = 3
"""Days for which an order that came to nothing is still shown."""
_MOST: Final = {"points": 1_000, "km": 5_000, "fen": 10_000_000, "share": 100, "persons": 1_000_000}
"""Unit → greatest value that a changed parameter may have."""
_MOST_OF_ANY: Final = 1_000_000
_LISTS: Final[dict[str, CodeList]] = {"poverty status": codelists.POVERTY_STATUS}
"""Unit of a list of codes → its code list."""
_DEPTH: Final = {"province": 0, "prefecture": 1, "county": 2}


def orders(user: User) -> QuerySet[MatchOrder]:
    """可见的任务: the newest first."""
    return MatchOrder.objects.visible_to(user).select_related("by").order_by("-pk")


def recent_orders(user: User, problem: str) -> QuerySet[MatchOrder]:
    """近期任务: those not over, and those that failed or were stopped in the last days."""
    recent = Q(state__in=("failed", "stopped"), changed_at__gte=Now() - timedelta(days=_RECENT))
    return orders(user).filter(Q(state__in=AT_WORK) | recent, problem=problem)


def order(user: User, order_id: int) -> MatchOrder | None:
    """一个任务, or None where there is none for the reader."""
    return orders(user).filter(pk=order_id).first()


def marks(user: User, problem: str, region_code: str = "") -> QuerySet[MatchMark]:
    """有效的指定与排除: those that hold, of left sides that live in a region, newest first, as the reader may see."""
    rows = MatchMark.objects.visible_to(user).filter(problem=problem, ended_at=None).select_related("by")
    return rows.filter(region_code__startswith=prefix(region_code) if region_code else "").order_by("-pk")


def held_marks(problem: str, region_code: str) -> list[MatchMark]:
    """区域内的标记: all that hold, for the job that runs the order (it is nobody's page)."""
    inside = MatchMark.objects.filter(problem=problem, ended_at=None)
    return list(inside.filter(region_code__startswith=prefix(region_code)).order_by("pk"))


def asks(user: User, problem: str) -> Scope:
    """可发起的范围: where the user may order runs of a problem, and pin and forbid: of workers where it sees people by
    name, of the others where it works as an office or staffs posts.
    """
    sight = user.sight()
    return sight.named if problem == "labour" else sight.office | sight.staffing


def may_ask(user: User, problem: str, region_code: str) -> bool:
    """可否发起: whether the whole region lies inside."""
    return bool(region_code) and not Scope.of([prefix(region_code)]) - asks(user, problem)


@dataclass(frozen=True, slots=True)
class Place:
    """可选地点: a division that may be asked for, and the depth at which a list shows it."""

    code: str
    name: str
    depth: int


def places(user: User, problem: str, on: date | None = None) -> list[Place]:
    """可选地点: divisions that lie wholly where the user may ask, the widest first, each above its own."""
    scope = asks(user, problem)
    if not scope:
        return []
    inside = [
        one for one in Gazetteer.load().at(on or date.today()) if one.level in _DEPTH and _within(one.code, scope)
    ]
    least = min((_DEPTH[one.level] for one in inside), default=0)
    return [Place(one.code, one.name, _DEPTH[one.level] - least) for one in inside]


def counties(region_code: str, on: date | None = None) -> list[Place]:
    """区域内的县: for the table of quotas."""
    inside = prefix(region_code)
    return [
        Place(one.code, one.name, 0)
        for one in Gazetteer.load().at(on or date.today())
        if one.level == "county" and one.code.startswith(inside)
    ]


def changeable(problem: str, on: date) -> list[Parameter]:
    """可调参数: those of a problem as they hold on a day, without the official ones, by key."""
    beginnings = CHANGEABLE.get(problem, ())
    found = [one for one in dated.load(on) if beginnings and one.key.startswith(beginnings) and one.basis == "ours"]
    return sorted(found, key=lambda one: one.key)


def checked(one: Parameter, given: Any) -> Any:
    """检查参数: the changed value as it is kept: a whole number in the range of its unit, or codes of its list.

    Raises:
        JieduiError: another type, or out of range.
    """
    if isinstance(one.value, bool) or not isinstance(one.value, int | tuple | str):
        raise _refused(one, given, "This parameter cannot be changed here.")
    if isinstance(one.value, int):
        most = most_of(one)
        if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= most:
            raise _refused(one, given, f"Give a whole number from 0 to {most:,}.")
        return given
    known = _LISTS.get(one.unit)
    if known is None or not isinstance(given, list | tuple) or not set(map(str, given)) <= set(known):
        raise _refused(one, given, f"Choose from {', '.join(known or ())}." if known else "It cannot be changed here.")
    return [code for code in known if code in given]


def most_of(one: Parameter) -> int:
    """最大值: that a number may be changed to."""
    return _MOST.get(one.unit, _MOST_OF_ANY)


def choices_of(one: Parameter) -> CodeList | None:
    """可选代码: of a parameter that is a list of codes; None for a number."""
    return _LISTS.get(one.unit) if isinstance(one.value, tuple) else None


def _refused(one: Parameter, given: Any, remedy: str) -> JieduiError:
    return JieduiError(f"{one.key} cannot take the value {given!r}.", remedy=remedy)


def _within(code: str, scope: Scope) -> bool:
    low, high = prefix_range(prefix(code))
    return any(first <= low and high <= last for first, last in scope.ranges)
