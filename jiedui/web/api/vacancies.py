"""岗位接口: a firm or an office reports, changes and withdraws vacancies; what is wrong comes as findings in words.

Who is signed in on the site is signed in here; there are no other keys. So a request that writes needs the token of
forms too (the `csrftoken` cookie, sent again in the header `X-CSRFToken`). A vacancy that is sent twice, the same firm,
title, place and first day, is the same one: the second time it is changed to what was sent, as a list does it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.views.decorators.csrf import csrf_exempt

from jiedui.errors import JieduiError
from jiedui.policy.registry import serves
from jiedui.records.actions import labour_vacancies as actions
from jiedui.records.models import Vacancy
from jiedui.records.queries import declared
from jiedui.web.api.tables import error
from jiedui.web.api.vacancy_description import WHOSE, changeable, fields
from jiedui.web.sentences import told

_LARGEST: Final = 100_000
"""Bytes of a body."""
_KEY: Final = ("organisation_id", "title", "region_code", "open_from")

View = Callable[..., JsonResponse]


class _Token(CsrfViewMiddleware):
    """The site's own check of the token; the refusal is a reason, not a page."""

    def _reject(self, request: HttpRequest, reason: str) -> str:  # type: ignore[override]
        return reason


def writing(*methods: str) -> Callable[[View], View]:
    """写入操作: by one of the methods, signed in, with the token of forms, answered in JSON whatever happens."""

    def wrapped(view: View) -> View:
        @csrf_exempt  # checked below, so that the refusal is JSON too
        @login_not_required
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
            if not request.user.is_authenticated:
                return error(401, "Nobody is signed in.", "Sign in on the site; the session counts here too.")
            if request.method not in methods:
                refused = error(405, "This address is written to.", f"Use {' or '.join(methods)}.")
                refused.headers["Allow"] = ", ".join(methods)
                return refused
            if _Token(lambda _request: None).process_view(request, view, (), {}):  # type: ignore[arg-type]
                return error(
                    403, "The token of forms is missing or wrong.", "Send the cookie csrftoken as X-CSRFToken."
                )
            try:
                return view(request, *args, **kwargs)
            except JieduiError as problem:
                return unprocessable([{"field": "", **_words(problem)}])

        return answered

    return wrapped


@writing("POST")
@serves("labour.2", "labour.3")
def report(request: HttpRequest) -> JsonResponse:
    """报送岗位: 201 with the vacancy, 200 where it stands already and was changed, 422 with findings."""
    values, findings = _read(request, fields())
    findings += [
        _finding(column.name, f"{column.name} is needed.", "Send it.")
        for column in fields()
        if column.required and values.get(column.name) is None and not any(f["field"] == column.name for f in findings)
    ]
    if findings:
        return unprocessable(findings)
    standing = Vacancy.objects.visible_to(request.user).exclude(state="withdrawn")
    row = standing.filter(**{name: values[name] for name in _KEY}).first()
    if row is None:
        return _answer(request, actions.report(values, by=request.user), status=201)
    actions.change(row, {name: value for name, value in values.items() if name not in WHOSE}, by=request.user)
    return _answer(request, row, status=200)


@writing("PATCH")
@serves("labour.3")
def change(request: HttpRequest, key: int) -> JsonResponse:
    """更改岗位: the fields that are sent; the others stay."""
    row = _one(request, key)
    if row is None:
        return error(404, "There is no such vacancy, or it lies outside your scope.", "Look for it in the list.")
    values, findings = _read(request, changeable())
    if findings:
        return unprocessable(findings)
    if not values:
        return unprocessable([_finding("", "Nothing was sent that could be changed.", "Send at least one field.")])
    actions.change(row, values, by=request.user)
    return _answer(request, row, status=200)


@writing("POST")
@serves("labour.3")
def withdraw(request: HttpRequest, key: int) -> JsonResponse:
    """撤回岗位: with a reason; tells how many open offers were withdrawn with it."""
    row = _one(request, key)
    if row is None:
        return error(404, "There is no such vacancy, or it lies outside your scope.", "Look for it in the list.")
    sent = _body(request)
    fallen = actions.withdraw(row, by=request.user, reason=str(sent.get("reason", "")))
    return _json({"vacancy_id": row.pk, "state": "withdrawn", "offers_withdrawn": fallen})


def unprocessable(findings: list[dict[str, str]]) -> JsonResponse:
    """无法受理: 422 with every finding, by field."""
    answer = {
        "error": {"message": "The vacancy cannot be taken as it was sent.", "remedy": "Mend what the findings say."},
        "findings": findings,
    }
    return _json(answer, status=422)


def _json(content: dict[str, Any], status: int = 200) -> JsonResponse:
    return JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})


def _one(request: HttpRequest, key: int) -> Vacancy | None:
    return Vacancy.objects.visible_to(request.user).filter(pk=key).first()


def _answer(request: HttpRequest, row: Vacancy, *, status: int) -> JsonResponse:
    row.refresh_from_db()
    doubts = [
        {"severity": one.severity, "message": one.message, "message_en": one.message_en}
        for one in actions.doubts_of(row, by=request.user)
    ]
    return _json({"vacancy": declared.one(request.user, "vacancy", row.pk), "doubts": doubts}, status=status)


def _body(request: HttpRequest) -> Mapping[str, Any]:
    if len(request.body) > _LARGEST:
        raise JieduiError("The body is too large.", remedy="Send one vacancy.")
    try:
        sent = json.loads(request.body or b"{}")
    except ValueError:
        raise JieduiError("The body is no JSON.", remedy="Send one JSON object.") from None
    if not isinstance(sent, dict):
        raise JieduiError("The body is no JSON object.", remedy="Send one JSON object.")
    return sent


def _read(request: HttpRequest, known: tuple[Any, ...]) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """The values that were sent, by field, and what is wrong with the others."""
    columns = {column.name: column for column in known}
    values: dict[str, Any] = {}
    findings: list[dict[str, str]] = []
    for name, value in _body(request).items():
        if name not in columns:
            findings.append(_finding(name[:40], f"There is no field {name[:40]}.", f"Fields: {', '.join(columns)}."))
            continue
        try:
            values[name] = _value(columns[name], value)
        except JieduiError as problem:
            findings.append({"field": name, **_words(problem)})
    return values, findings


def _value(column: Any, value: Any) -> Any:
    if value is None and not column.required:
        return None
    match column.kind, value:
        case "bool", bool():
            return value
        case "int" | "fen" | "ref", int() if not isinstance(value, bool) and 0 <= value < 10**15:
            return value
        case "date", str():
            return _date(column, value)
        case "choice", str() if value in (column.choices or {}):
            return value
        case "text" | "code", str() if 0 < len(value.strip()) <= 100:
            return value.strip()
    allowed = f"One of {', '.join(column.choices)}." if column.choices else f"It is of the kind {column.kind}."
    raise JieduiError(f"{column.name} cannot be {str(value)[:40]!r}.", remedy=allowed)


def _date(column: Any, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise JieduiError(f"{column.name} cannot be {value[:40]!r}.", remedy="Write year-month-day.") from None


def _finding(name: str, message: str, remedy: str) -> dict[str, str]:
    return {"field": name, "message": message, "remedy": remedy}


def _words(problem: JieduiError) -> dict[str, str]:
    return {"message": told(problem.message), "remedy": told(problem.remedy)}
