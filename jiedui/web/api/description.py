"""接口说明: an OpenAPI 3.1 document made of the tables' declarations, so that it cannot say anything else."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from django.urls import reverse

from jiedui.records.queries import declared
from jiedui.web.api import vacancy_description

_TYPES: Final[dict[str, dict[str, Any]]] = {
    "id": {"type": "integer", "format": "int64"},
    "ref": {"type": "integer", "format": "int64"},
    "person": {"type": "integer", "format": "int64"},
    "code": {"type": "string", "pattern": "^[0-9]{6}([0-9]{3}([0-9]{3})?)?$"},
    "text": {"type": "string"},
    "choice": {"type": "string"},
    "int": {"type": "integer", "format": "int64"},
    "fen": {"type": "integer", "format": "int64", "description": "Hundredths of a yuan."},
    "date": {"type": "string", "format": "date"},
    "bool": {"type": "boolean"},
}
_PROBLEM: Final = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "remedy"],
            "properties": {"message": {"type": "string"}, "remedy": {"type": "string"}},
        }
    },
}


@cache
def document() -> dict[str, Any]:
    """全文: paths and schemas of every table."""
    paths: dict[str, Any] = {reverse("api"): {"get": _index()}}
    for name, table in declared.tables().items():
        at = reverse("api-list", args=[name])
        paths[at] = {"get": _list(name, table)}
        paths[f"{at}{{key}}/"] = {"get": _one(name, table)}
    paths |= vacancy_description.paths(_schema(declared.tables()["vacancy"])["properties"])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Jiedui 结对",
            "version": "1",
            "description": "Tables are read; vacancies are written, too. Rows and fields are those that the signed-in "
            "user sees on the pages: names are masked outside the places that are seen by name, identity numbers and "
            "phones are masked everywhere.",
        },
        "paths": paths,
        "components": {
            "schemas": {**{name: _schema(table) for name, table in declared.tables().items()}, "problem": _PROBLEM},
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "sessionid"}},
        },
        "security": [{"session": []}],
    }


def _schema(table: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "title": table.title,
        "description": table.doc,
        "required": [column.name for column in declared.columns(table)],
        "properties": {column.name: _property(column) for column in declared.columns(table)},
    }


def _property(column: Any) -> dict[str, Any]:
    found = {**_TYPES[column.kind], "title": column.title}
    said = [column.doc, f"Key of {column.references}." if column.references else ""]
    if column.private:
        said.append("Masked or null, as the reader's rights say.")
    if column.unit:
        said.append(f"Unit: {column.unit}.")
    if text := " ".join(one for one in (found.get("description", ""), *said) if one):
        found["description"] = text
    if column.choices:
        found["enum"] = list(column.choices)
    if not column.required or column.private:
        found["type"] = [found["type"], "null"]
        if column.choices:
            found["enum"] = [*column.choices, None]
    return found


def _index() -> dict[str, Any]:
    return {"operationId": "tables", "summary": "The tables", "responses": _answers({"type": "object"})}


def _list(name: str, table: Any) -> dict[str, Any]:
    row = {"$ref": f"#/components/schemas/{name}"}
    content = {
        "type": "object",
        "required": ["table", "rows", "next"],
        "properties": {
            "table": {"const": name},
            "rows": {"type": "array", "items": row, "maxItems": declared.MOST},
            "next": {"type": ["string", "null"], "description": "Address of the next page."},
        },
    }
    parameters = [
        _parameter("after", {"type": "string"}, "Key of the page before; taken from its `next`."),
        _parameter("limit", {"type": "integer", "minimum": 1, "maximum": declared.MOST, "default": 100}, "Rows."),
        *(_parameter(one, _TYPES["ref"], "Only rows with this key.") for one in declared.narrowing(table)),
    ]
    if table.region:
        parameters.append(_parameter("place", _TYPES["code"], "Only rows in this place."))
    return {
        "operationId": f"list_{name}",
        "summary": table.title,
        "description": table.doc,
        "parameters": parameters,
        "responses": _answers(content),
    }


def _one(name: str, table: Any) -> dict[str, Any]:
    content = {
        "type": "object",
        "required": ["table", "row"],
        "properties": {"table": {"const": name}, "row": {"$ref": f"#/components/schemas/{name}"}},
    }
    key = {"name": "key", "in": "path", "required": True, "schema": _TYPES["id"]}
    return {"operationId": f"get_{name}", "summary": table.title, "parameters": [key], "responses": _answers(content)}


def _parameter(name: str, schema: dict[str, Any], text: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": text}


def _answers(schema: dict[str, Any]) -> dict[str, Any]:
    problem = {"application/json": {"schema": {"$ref": "#/components/schemas/problem"}}}
    return {
        "200": {"description": "As asked.", "content": {"application/json": {"schema": schema}}},
        **{
            code: {"description": text, "content": problem}
            for code, text in (("400", "A parameter is wrong."), ("401", "Not signed in."), ("404", "Not there."))
        },
    }
