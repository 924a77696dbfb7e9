"""中间件: the language that was chosen, and the reader's scope in the database. Headers are in `runtime.headers`."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from jiedui.records.access import database_scope

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
