"""表接口: lists and single rows of every declared table, for whoever is signed in; errors are JSON too."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.urls import reverse

from jiedui.errors import JieduiError
from jiedui.records.queries import declared
from jiedui.web import numbers
from jiedui.web.api import description

Operation = Callable[..., JsonResponse]


def error(status: int, message: str, remedy: str = "") -> JsonResponse:
    """错误: one sentence that says what is wrong, one that says how to mend it."""
    return _json({"error": {"message": message, "remedy": remedy}}, status=status)


def _json(content: dict[str, Any], status: int = 200) -> JsonResponse:
    return JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})


def operation(view: Operation) -> Operation:
    """接口操作: signed in, reading only, and what cannot be answered is said in JSON instead of a page."""

    @login_not_required
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        if not request.user.is_authenticated:
            return error(401, "Nobody is signed in.", "Sign in on the site; the session counts here too.")
        if request.method not in ("GET", "HEAD"):
            refused = error(405, "This interface reads only.", "Use GET.")
            refused.headers["Allow"] = "GET, HEAD"
            return refused
        try:
            return view(request, *args, **kwargs)
        except JieduiError as problem:
            return error(400, problem.message, problem.remedy)

    return answered


@operation
def index(request: HttpRequest) -> JsonResponse:
    """目录: the tables with their titles and addresses."""
    tables = [
        {"table": name, "title": table.title, "about": table.doc, "url": reverse("api-list", args=[name])}
        for name, table in declared.tables().items()
    ]
    return _json({"tables": tables, "openapi": reverse("api-openapi")})


@operation
def rows(request: HttpRequest, table: str) -> JsonResponse:
    """列表: one page of a table's rows with the address of the next."""
    if table not in declared.tables():
        return error(404, f"There is no table {table[:40]!r}.", f"Tables: {', '.join(declared.tables())}.")
    asked = request.GET.dict()
    found = declared.listed(request.user, table, asked)
    following = f"{request.path}?{urlencode({**asked, 'after': found.after})}" if found.after else None
    return _json({"table": table, "rows": list(found.rows), "next": following})


@operation
def row(request: HttpRequest, table: str, key: str) -> JsonResponse:
    """一行: by its key."""
    whole = numbers.whole_key(key)
    found = declared.one(request.user, table, whole) if table in declared.tables() and whole is not None else None
    if found is None:
        return error(404, "There is no such row, or it lies outside your scope.", "Look for it in the list.")
    return _json({"table": table, "row": found})


@operation
def openapi(request: HttpRequest) -> JsonResponse:
    """接口说明: the OpenAPI document."""
    return _json(description.document())


@operation
def unknown(request: HttpRequest, rest: str) -> JsonResponse:
    """未知地址: said in JSON too."""
    return error(404, f"There is nothing at {rest[:40]!r}.", f"Begin at {reverse('api')}.")
