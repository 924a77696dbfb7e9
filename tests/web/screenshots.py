"""Pictures of a running site, for the README and for looking at: `python -m tests.web.screenshots http://localhost:8000`.

Writes PNG files of a desk (1440 pixels) and a phone (390 pixels) into docs/images, or where the second argument says.
Sign in is as the demo's assessor. The people in the pictures are made up, as every page says.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.machine import chromium
from tests.web.site import ARGUMENTS

PICTURES = {
    "home": ("/", 1440, 1000),
    "pair-phone": ("/pairs/4/", 390, 844),
}
WHOLE = ("/", "/pairs/4/", "/regions/621100/", "/proposals/", "/assessment/", "/assessment/pairs/4/", "/clauses/")
"""Pages that are taken from top to bottom, at both widths, with `--all`."""


def main(address: str, folder: Path, *, everything: bool) -> None:
    """Take the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find_or_install(), args=list(ARGUMENTS))
        for name, (path, width, height) in PICTURES.items():
            page = _signed_in(browser, address, width, height)
            _open(page, address + path)
            page.screenshot(path=folder / f"{name}.png")
        for path in WHOLE if everything else ():
            for width in (1440, 390):
                page = _signed_in(browser, address, width, 900)
                _open(page, address + path)
                name = path.strip("/").replace("/", "-") or "home"
                page.screenshot(path=folder / f"whole-{name}-{width}.png", full_page=True)
        browser.close()


def _signed_in(browser: Any, address: str, width: int, height: int) -> Any:
    page = browser.new_context(viewport={"width": width, "height": height}).new_page()
    page.goto(f"{address}/login/")
    page.fill("[name=username]", "assessor")
    page.fill("[name=password]", "assessor-2016")
    page.click("main button")
    page.wait_for_url(f"{address}/")
    return page


def _open(page: Any, url: str) -> None:
    page.goto(url, wait_until="networkidle")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.chart[data-option]')].every(box => box.dataset.drawn === 'yes')"
    )


if __name__ == "__main__":
    given = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    main(given[0], Path(given[1] if len(given) > 1 else "docs/images"), everything="--all" in sys.argv)
