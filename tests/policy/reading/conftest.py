"""The real page lies beside the checkout; where it is missing, its tests are left out and the summary says so."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SEED = Path(os.environ.get("JIEDUI_SEED_PAGE") or ROOT.parent / "shared" / "seeds" / "opinion-2016-page.txt")
_LEFT_OUT = pytest.StashKey[int]()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests of the real page where it is missing."""
    if SEED.is_file():
        return
    seed = [item for item in items if item.get_closest_marker("seed_page")]
    items[:] = [item for item in items if item not in seed]
    config.stash[_LEFT_OUT] = len(seed)
    config.hook.pytest_deselected(items=seed)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many tests of the real page did not run, and why."""
    left_out = config.stash.get(_LEFT_OUT, 0)
    if left_out:
        terminalreporter.section("the real page is missing", yellow=True)
        terminalreporter.line(
            f"{left_out} tests of the published page did not run: there is no ../shared/seeds/opinion-2016-page.txt "
            "(set JIEDUI_SEED_PAGE to its place)."
        )


@pytest.fixture(scope="session")
def seed_page() -> bytes:
    """The bytes of the published page."""
    return SEED.read_bytes()
