"""Django's settings: what a browser is told, and what may be fetched."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import RequestFactory

from jiedui.runtime.assets import PATTERNS, PackagesFinder
from jiedui.runtime.headers import SelfOnly


def printed(expression: str, **environment: str) -> list[str]:
    """What the settings module `s` says in a process of its own."""
    program = f"import jiedui.runtime.django_settings as s; print({expression})"
    said = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    return said.stdout.split()


def test_importable_without_a_database(tmp_path):
    """The settings module starts nothing: tools may import it anywhere."""
    said = printed("s.DATABASES['default']['USER'], s.JIEDUI_WEB_ROLE", JIEDUI_HOME=str(tmp_path / "home"))

    assert said == ["jiedui", "jiedui_web"]
    assert not (tmp_path / "home" / "postgres").exists()


def test_the_web_process_connects_as_the_pages_role(tmp_path):
    """JIEDUI_DB_ROLE=web gives the role that row-level security holds, with a pool."""
    said = printed(
        "s.DATABASES['default']['USER'], 'pool' in s.DATABASES['default']['OPTIONS']",
        JIEDUI_HOME=str(tmp_path / "home"),
        JIEDUI_DB_ROLE="web",
    )

    assert said == ["jiedui_web", "True"]


def test_safe_by_default():
    """No debug pages, cookies that scripts and other sites do not get, sessions that end."""
    assert not settings.DEBUG
    assert (settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE) == (True, "Lax")
    assert settings.SESSION_COOKIE_AGE <= 24 * 3600
    assert settings.X_FRAME_OPTIONS == "DENY"
    assert settings.MIDDLEWARE[-1] == "axes.middleware.AxesMiddleware"
    assert settings.LANGUAGE_CODE == "zh-hans"


def test_pages_may_load_from_this_site_only():
    """Every response tells the browser so, scripts within the page are not allowed; a response's own policy stands."""
    own = HttpResponse(headers={"Content-Security-Policy": "default-src 'none'"})
    request = RequestFactory().get("/")

    policy = SelfOnly(lambda _: HttpResponse())(request)["Content-Security-Policy"]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))

    assert directives["default-src"] == directives["script-src"] == directives["connect-src"] == "'self'"
    assert "http" not in policy
    assert SelfOnly(lambda _: own)(request)["Content-Security-Policy"] == "default-src 'none'"


def test_charts_and_fonts_are_found_in_the_packages():
    """The locked packages are where the set-up puts them, and hold what pages ask for."""
    for path in ("echarts/dist/echarts.min.js", "@fontsource/noto-sans-sc/400.css"):
        assert finders.find(path), f"{path} is missing: run bin/setup"


@pytest.mark.parametrize(
    "path",
    [
        "echarts/package.json",
        "echarts/dist/echarts.js",
        "../pyproject.toml",
        "@fontsource/noto-sans-sc/files/../x-400-normal.woff2",
    ],
)
def test_nothing_else_of_the_packages_is_served(path):
    """A path that no page needs, or that climbs out of the folder, is not found."""
    assert PackagesFinder().find(path) == []


def test_what_is_listed_is_what_is_found():
    """The list of files and the search agree, and stay small."""
    finder = PackagesFinder()
    listed = [path for path, _ in finder.list(None)]

    assert all(finder.find(path) for path in listed)
    assert sum(storage.size(path) for path, storage in finder.list(None)) < 20 * 2**20
    assert len(listed) > len(PATTERNS)
