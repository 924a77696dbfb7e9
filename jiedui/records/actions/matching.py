"""匹配动作: order a run, stop it, pin or forbid a pair, take a mark back.

An order and the job that works on it are made in one transaction: both are there or neither.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.db import IntegrityError, connection
from django.db.models.functions import Now

from jiedui.errors import JieduiError
from jiedui.policy import parameters as dated
from jiedui.records import access
from jiedui.records.models import MARK_KIND, ORDER_STATE, PROBLEM, MatchMark, MatchOrder, User
from jiedui.records.queries import matching
from jiedui.terms.divisions import prefix

QUEUE: Final = "matching"
TASK: Final = "matching.order"
_LOCK: Final = 7_401_528
"""First half of the advisory lock of whoever makes an order of a problem and region."""
_FIRST_DAY: Final = date(2016, 12, 7)
_WANTED: Final = {"on", "parameters", "quotas"}
_LONGEST: Final = 500


def order(
    problem: str, region_code: str, wanted: Mapping[str, Any], based_on: uuid.UUID | None = None, *, by: User
) -> MatchOrder:
    """发起匹配: a run of a problem for a region, in the background; `wanted` as in `MatchOrder`.

    Raises:
        JieduiError: no such problem, a region where `by` may not ask, a parameter that is unknown, official, of another
            area or out of range, a quota that is none, or another order for the same is not over.
    """
    if problem not in PROBLEM:
        raise JieduiError(f"There is no matching problem {problem!r}.", remedy=f"Problems: {', '.join(PROBLEM)}.")
    _check_region(problem, region_code, by)
    checked = _wanted(problem, region_code, wanted)
    with access.signed(by, f"发起{PROBLEM[problem][0]}"):
        _refuse_second(problem, region_code)
        made = MatchOrder.objects.create(
            problem=problem, region_code=region_code, wanted=checked, based_on=based_on, state="waiting", by=by
        )
        defer(made.pk)
    return made


def stop(one: MatchOrder, *, by: User) -> None:
    """停止: it ends before its next step, and nothing of it is stored.

    Raises:
        JieduiError: it is over already, or belongs to a place where `by` may not ask.
    """
    _check_region(one.problem, one.region_code, by)
    with access.signed(by, "停止匹配"):
        asked = MatchOrder.objects.filter(pk=one.pk, state__in=matching.AT_WORK)
        if not asked.update(stop_asked=True, changed_at=Now()):
            one.refresh_from_db()
            raise JieduiError(f"This order is {ORDER_STATE[one.state][1]} already.", remedy="Look at it again.")
    one.refresh_from_db()


def mark(problem: str, left_id: int, right_id: int, kind: str, reason: str, *, region_code: str, by: User) -> MatchMark:
    """指定或排除: a pair that the next runs must make, or must not; `region_code` is the home of the left side.

    Raises:
        JieduiError: no such kind, no reason, not in the region of `by`, the pair is marked already, or the worker or
            candidate is pinned to another.
    """
    if problem not in PROBLEM or kind not in MARK_KIND:
        raise JieduiError(f"There is no mark {kind!r} of {problem!r}.", remedy=f"Marks: {', '.join(MARK_KIND)}.")
    if len(reason.strip()) < 2:
        raise JieduiError("A mark needs a reason.", remedy="Say why; it is kept with the mark.")
    if region_code not in matching.asks(by, problem):
        raise _outside()
    try:
        with access.signed(by, reason.strip()[:_LONGEST]):
            return MatchMark.objects.create(
                problem=problem, left_id=left_id, right_id=right_id, region_code=region_code, kind=kind,
                reason=reason.strip()[:_LONGEST], by=by,
            )  # fmt: skip
    except IntegrityError as error:
        if "match_mark_once" in str(error):
            raise JieduiError("This pair is marked already.", remedy="Take the mark back first.") from None
        if "match_mark_one_pin" in str(error):
            raise JieduiError("This person is pinned elsewhere.", remedy="Take that mark back first.") from None
        raise


def take_back(one: MatchMark, *, by: User) -> None:
    """撤销标记: from now on the pair is like any other; the mark stays in the books.

    Raises:
        JieduiError: it was taken back already, or belongs to a place outside the region of `by`.
    """
    if one.region_code not in matching.asks(by, one.problem):
        raise _outside()
    with access.signed(by, "撤销标记"):
        if not MatchMark.objects.filter(pk=one.pk, ended_at=None).update(ended_at=Now()):
            raise JieduiError("This mark was taken back already.", remedy="Look at the page again.")
    one.refresh_from_db()


def defer(order_id: int) -> None:
    """排入后台: in the caller's transaction."""
    from procrastinate.contrib.django import app

    app.configure_task(TASK, queue=QUEUE, lock=f"match-order-{order_id}").defer(order_id=order_id)


def _check_region(problem: str, region_code: str, by: User) -> None:
    if len(region_code) != 6 or not (region_code.isascii() and region_code.isdigit()):
        raise JieduiError(f"{region_code!r} is no division.", remedy="Choose the county, prefecture or province.")
    if not matching.may_ask(by, problem, region_code):
        raise _outside()


def _outside() -> JieduiError:
    return JieduiError(
        "This place lies outside your office's region.", remedy="Choose a place that your office answers for."
    )


def _refuse_second(problem: str, region_code: str) -> None:
    """One order at a time; two that are sent in one moment wait for each other here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, f"{problem} {region_code}"])
    same = MatchOrder.objects.filter(problem=problem, region_code=region_code, state__in=matching.AT_WORK)
    if (one := same.first()) is not None:
        raise JieduiError(
            f"Order {one.pk} for the same place is {ORDER_STATE[one.state][1]}.", remedy="Wait for it, or stop it."
        )


def _wanted(problem: str, region_code: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := sorted(set(wanted) - _WANTED):
        raise JieduiError(f"An order has no field {unknown[0]!r}.", remedy=f"Fields: {', '.join(sorted(_WANTED))}.")
    day = _day(wanted.get("on"))
    return {
        "on": day.isoformat(),
        "parameters": _parameters(problem, day, wanted.get("parameters") or {}),
        "quotas": _quotas(region_code, day, wanted.get("quotas") or {}),
    }


def _day(given: Any) -> date:
    try:
        day = given if isinstance(given, date) else date.fromisoformat(str(given)) if given else date.today()
    except ValueError:
        raise JieduiError(f"{given!r} is no day.", remedy="Write it as 2019-12-31.") from None
    if not _FIRST_DAY <= day <= date.today():
        raise JieduiError(
            f"{day} is before the programme or still to come.", remedy=f"Choose a day from {_FIRST_DAY} to today."
        )
    return day


def _parameters(problem: str, day: date, given: Mapping[str, Any]) -> dict[str, Any]:
    """What differs from the dated values."""
    known = {one.key: one for one in matching.changeable(problem, day)}
    changed = {}
    for key, value in given.items():
        if key not in known:
            official = any(one.key == key and one.basis == "official" for one in dated.load(day))
            why = "is official" if official else f"does not belong to {PROBLEM[problem][1]}"
            raise JieduiError(f"{key} {why}, so it cannot be changed.", remedy="Choose from the list.")
        kept = matching.checked(known[key], value)
        if kept != (list(known[key].value) if isinstance(known[key].value, tuple) else known[key].value):
            changed[key] = kept
    return changed


def _quotas(region_code: str, day: date, given: Mapping[str, Any]) -> dict[str, list[int | None]]:
    counties = {one.code for one in matching.counties(region_code, day)}
    quotas: dict[str, list[int | None]] = {}
    for county, limits in given.items():
        if county not in counties:
            raise JieduiError(
                f"{county!r} is no county of {prefix(region_code)}.", remedy="Give quotas for counties inside."
            )
        least, most = _limits(county, limits)
        if least or most is not None:
            quotas[county] = [least, most]
    return quotas


def _limits(county: str, limits: Any) -> tuple[int, int | None]:
    shaped = isinstance(limits, list | tuple) and len(limits) == 2
    least, most = limits if shaped else (None, None)
    whole = [one for one in (least, most) if one is not None]
    fits = shaped and all(isinstance(one, int) and not isinstance(one, bool) for one in whole) and least is not None
    if not fits or least < 0 or (most is not None and most < least):
        raise JieduiError(
            f"The quota of {county} is not a least and a greatest number: {limits!r}.",
            remedy="Give whole numbers, the least not above the greatest; leave the greatest empty for no limit.",
        )
    return least, most
