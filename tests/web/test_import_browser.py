"""An import in a real browser with a real worker: sent, awaited, looked at, written, taken back."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import psycopg
import pytest
from playwright.sync_api import Browser, expect

from tests.records.small_country import id_number
from tests.web.site import Site
from tests.web.test_browser import DESK, PHONE, open_page
from tests.web.test_imports import TITLES, row


@pytest.fixture(scope="module")
def worker(site: Site) -> Iterator[None]:
    """The background worker of the served demo."""
    program = [sys.executable, "-c", "from jiedui.jobs.cli import main; main()", "worker"]
    process = subprocess.Popen(
        program, env={**os.environ, **site.environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    yield
    process.terminate()
    process.wait(timeout=30)


@pytest.fixture
def roster(site: Site, tmp_path: Path) -> Path:
    """Two new persons of a village of 甘肃, one of them with a wrong number, and a third who is left out."""
    with psycopg.connect(site.owner_dsn) as connection:
        query = "SELECT min(region_code) FROM records_village WHERE region_code LIKE '62%'"
        (code,) = connection.execute(query).fetchall()[0]
    book = openpyxl.Workbook()
    people = [row(9_000_001, identity=id_number(901)), row(9_000_002, name="李四", identity="620122198001010010"),
              row(9_000_003, name="王五", identity=id_number(903))]  # fmt: skip
    for line in (list(TITLES), *people):
        book.active.append([code if cell == "丰水村" else cell for cell in line])
    book.save(tmp_path / "花名册.xlsx")
    return tmp_path / "花名册.xlsx"


def test_a_roster_goes_in_and_out_again(browser: Browser, site: Site, worker: None, roster: Path) -> None:
    """The form, the progress by itself, ticks and keys, what will be written, the writing, and taking it back."""
    page, watch = open_page(browser, site, DESK)
    page.get_by_role("link", name="导入", exact=True).click()
    page.locator("input[name=year]").fill("2019")
    page.locator("input[name=source]").fill("省系统")
    page.locator("input[name=file]").set_input_files(roster)
    page.get_by_role("button", name="与登记册比对").click()
    expect(page.locator("[data-decide]")).to_be_visible(timeout=60_000)
    page.locator(".tabs a", has_text="新增").click()
    expect(page.locator("[data-entries] tbody tr")).to_have_count(2)
    page.locator("main").press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-entries] tbody tr").nth(1)).to_have_class(re.compile(r"\bout\b"))
    expect(page.locator("[data-summary]")).to_contain_text("1 新增")
    page.locator(".tabs a", has_text="退回").click()
    expect(page.locator("[data-entries]")).to_contain_text("校验码不符")
    page.locator(".tabs a", has_text="减少").click()
    page.locator("[data-whole]").uncheck()
    expect(page.locator("[data-summary]")).not_to_contain_text("14 减少")
    page.get_by_role("button", name="写入登记册").click()
    expect(page.get_by_role("heading", name="已写入", exact=True)).to_be_visible(timeout=60_000)
    assert site.rows("SELECT name FROM records_person WHERE person_id > 9000000 ORDER BY 1") == [("张三",)]
    page.locator("input[name=reason]").fill("试一试")
    page.get_by_role("button", name="撤销这批导入").click()
    expect(page.get_by_role("heading", name="已撤销", exact=True)).to_be_visible(timeout=60_000)
    assert site.rows("SELECT 1 FROM records_person WHERE person_id > 9000000") == []
    assert (watch.outside, watch.complaints) == ([], [])


@pytest.mark.parametrize("address", ["/imports/", "/duplicates/"])
def test_on_a_phone_nothing_is_wider_than_the_screen(browser: Browser, site: Site, address: str) -> None:
    """Tables scroll inside; the page does not."""
    page, watch = open_page(browser, site, PHONE)
    page.goto(site.address + address)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert watch.complaints == []
