"""中间件: the language chosen, the reader's scope in the database, readable errors (headers: `runtime.headers`)."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from jiedui.errors import JieduiError
from jiedui.records.access import database_scope

_log = logging.getLogger(__name__)

Handler = Callable[[HttpRequest], HttpResponse]


class ChosenLanguage:
    """语言: Chinese unless the reader chose otherwise here (cookie); what the browser prefers is not asked.

    Many offices run browsers set to English; the site's language is Chinese all the same.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request in the language of the cookie, else in the site's."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class ScopedDatabase:
    """数据范围: every query of a request runs under the reader's scope; without one the database shows nothing."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request inside the reader's scope; nothing of it is kept by a cache on the way."""
        if not request.user.is_authenticated:
            return self.get_response(request)
        with database_scope(request.user):
            response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class ReadableErrors:
    """可读错误: what the program can say in a sentence becomes a page with that sentence and its remedy, not a crash.

    Such an error is of the installation (a run's file is gone), so the status is 503; anything else stays a bug.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Django asks this when a view raised; None leaves the error as it is."""
        if not isinstance(exception, JieduiError):
            return None
        _log.error("%s: %s", request.path, exception)
        context = {"message": exception.message, "remedy": exception.remedy}
        return render(request, "web/problem.html", context, status=503)
