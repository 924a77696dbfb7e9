"""Fixtures of the site's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import pytest
from playwright.sync_api import Browser, sync_playwright

from jiedui.runtime.postgres import Database
from tests.web.site import ARGUMENTS, Site, Visitor, running


@pytest.fixture(scope="session")
def site(running_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo, small, in a database of its own, served as a user serves it."""
    with running(running_database, tmp_path_factory.mktemp("site")) as started:
        yield started


@pytest.fixture(scope="session")
def as_user(site: Site) -> Callable[[str], Visitor]:
    """A signed-in visitor by name; one session for each user in the whole run."""
    return cache(site.visitor)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield started
        started.close()
