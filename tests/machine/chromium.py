"""浏览器: the system's Chromium, for the browser tests."""

from __future__ import annotations

import os
import shutil

from jiedui.errors import EnvironmentProblem
from tests.machine import debian

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """查找浏览器: the path in CHROMIUM, or the first known name on PATH; None when there is none."""
    if given := os.environ.get("CHROMIUM"):
        return shutil.which(given)
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def find_or_install() -> str:
    """查找或安装浏览器: root may install Debian's. Raises `EnvironmentProblem` when there is none to be had."""
    found = find()
    if found is None and not os.environ.get("CHROMIUM") and debian.install("chromium"):
        found = find()
    if found is None:
        raise EnvironmentProblem(
            "The browser tests need Chromium, and there is none.",
            remedy="Install it (Debian: apt-get install chromium), or set CHROMIUM to its path.",
        )
    return found
