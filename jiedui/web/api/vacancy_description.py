"""岗位接口说明: the part of the OpenAPI document that writes, made of the declaration of vacancies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.urls import reverse

from jiedui.records.queries import declared

_NOT_SENT: Final = ("vacancy_id", "state")
WHOSE: Final = ("organisation_id", "region_code")
"""Given once, when it is reported."""
_FINDINGS: Final = {
    "type": "object",
    "required": ["error", "findings"],
    "properties": {
        "error": {"$ref": "#/components/schemas/problem/properties/error"},
        "findings": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message", "remedy"],
                "properties": {name: {"type": "string"} for name in ("field", "message", "remedy")},
            },
        },
    },
}
_DOUBT: Final = {
    "type": "object",
    "required": ["severity", "message"],
    "properties": {name: {"type": "string"} for name in ("severity", "message", "message_en")},
}
_TOKEN: Final = {
    "name": "X-CSRFToken",
    "in": "header",
    "required": True,
    "schema": {"type": "string"},
    "description": "The value of the cookie csrftoken: the session is the only key, so forms of other sites must fail.",
}


def fields() -> tuple[Any, ...]:
    """可报字段: the columns of a vacancy that a firm or an office gives."""
    return tuple(column for column in declared.tables()["vacancy"].columns if column.name not in _NOT_SENT)


def changeable() -> tuple[Any, ...]:
    """可改字段: of a vacancy that stands."""
    return tuple(column for column in fields() if column.name not in WHOSE)


def paths(properties: Mapping[str, Any]) -> dict[str, Any]:
    """路径: of the addresses that write; `properties` are those of the schema `vacancy`."""
    at = reverse("api-vacancies")
    return {
        at: {"post": _report(properties)},
        f"{at}{{key}}/": {"patch": _change(properties)},
        f"{at}{{key}}/withdraw/": {"post": _withdraw()},
    }


def _report(properties: Mapping[str, Any]) -> dict[str, Any]:
    needed = [column.name for column in fields() if column.required]
    return {
        "operationId": "report_vacancy",
        "summary": "Report a vacancy",
        "description": "A plausible one counts at once, another one waits for an office of the place of work. The same "
        "firm, title, place and first day is the same vacancy: it is changed to what is sent.",
        "parameters": [_TOKEN],
        "requestBody": _sent(_object(fields(), properties, needed)),
        "responses": {"201": _told("Reported.", _answer()), "200": _told("Changed.", _answer()), **_refusals()},
    }


def _change(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "operationId": "change_vacancy",
        "summary": "Change a vacancy",
        "description": "The fields that are sent; never to fewer seats than are held.",
        "parameters": [_key(), _TOKEN],
        "requestBody": _sent(_object(changeable(), properties, [])),
        "responses": {"200": _told("Changed.", _answer()), **_refusals()},
    }


def _withdraw() -> dict[str, Any]:
    body = {"type": "object", "required": ["reason"], "properties": {"reason": {"type": "string"}}}
    answer = {
        "type": "object",
        "required": ["vacancy_id", "state", "offers_withdrawn"],
        "properties": {
            "vacancy_id": {"type": "integer", "format": "int64"},
            "state": {"const": "withdrawn"},
            "offers_withdrawn": {"type": "integer", "description": "Open offers that fell with it."},
        },
    }
    return {
        "operationId": "withdraw_vacancy",
        "summary": "Withdraw a vacancy",
        "parameters": [_key(), _TOKEN],
        "requestBody": _sent(body),
        "responses": {"200": _told("Withdrawn.", answer), **_refusals()},
    }


def _object(columns: Iterable[Any], properties: Mapping[str, Any], needed: list[str]) -> dict[str, Any]:
    known = {column.name: properties[column.name] for column in columns}
    return {"type": "object", "additionalProperties": False, "required": needed, "properties": known}


def _answer() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["vacancy", "doubts"],
        "properties": {
            "vacancy": {"$ref": "#/components/schemas/vacancy"},
            "doubts": {"type": "array", "items": _DOUBT, "description": "Why it waits to be confirmed."},
        },
    }


def _key() -> dict[str, Any]:
    return {"name": "key", "in": "path", "required": True, "schema": {"type": "integer", "format": "int64"}}


def _sent(schema: dict[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _told(text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _refusals() -> dict[str, Any]:
    problem = {"$ref": "#/components/schemas/problem"}
    said = {"401": "Not signed in.", "403": "The token of forms is missing.", "404": "Not there."}
    return {
        **{code: _told(text, problem) for code, text in said.items()},
        "422": _told("Findings in words, by field.", _FINDINGS),
    }
