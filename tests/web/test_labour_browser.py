"""The labour chain in a real browser, as each side: from a vacancy to the follow-up of who left, and how it looks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from jiedui.runtime.postgres import Database
from tests.web.labour_site import labour_site
from tests.web.site import Site
from tests.web.test_browser import DESK, PHONE, Watch

PAGES = (
    "/labour/",
    "/labour/vacancies/",
    "/labour/vacancies/new/",
    "/labour/vacancies/1/",
    "/labour/offers/",
    "/labour/offers/new/?worker=2",
    "/labour/trips/",
    "/labour/placements/",
    "/labour/follow-ups/",
    "/labour/subsidies/",
    "/labour/schooling/",
    "/labour/settlement/",
)
Opened = Callable[[str], Page]


@pytest.fixture(scope="module")
def labour(running_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The small world of the labour chain, served."""
    with labour_site(running_database, tmp_path_factory.mktemp("labour")) as started:
        yield started


def entered(browser: Browser, site: Site, name: str, viewport: dict[str, int] | None = None) -> tuple[Page, Watch]:
    """A page of a new session in English, signed in by hand."""
    page = browser.new_context(viewport=viewport or DESK).new_page()
    watch = Watch(page, site)
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": site.address}])
    page.goto(f"{site.address}/login/")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(f"{name}-2016")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{site.address}/")
    return page, watch


@pytest.fixture
def opened(browser: Browser, labour: Site) -> Iterator[Opened]:
    """A session for each side; whatever a page loaded from elsewhere, or complained of but a refused form, fails."""
    held: dict[str, tuple[Page, Watch]] = {}

    def of(name: str) -> Page:
        if name not in held:
            held[name] = entered(browser, labour, name)
        return held[name][0]

    yield of
    for page, watch in held.values():
        assert (watch.outside, [one for one in watch.complaints if "status of 400" not in one]) == ([], [])
        page.context.close()


@pytest.mark.duty("labour.3")
@pytest.mark.duty("labour.4")
@pytest.mark.duty("labour.5")
def test_from_a_vacancy_to_the_follow_up(browser: Browser, labour: Site, opened: Opened) -> None:
    """Firm, bureau, county office and the worker on a phone, each does its step, and the next one finds it."""
    a_firm_reports_and_the_bureau_confirms(labour, opened)
    address = the_office_offers_and_prints_the_sheet(labour, opened("office"))
    the_worker_says_yes(browser, labour, address)
    a_trip_leaves_and_is_received(labour, opened)
    the_firm_confirms_the_start(labour, opened("firm"))
    the_office_checks_and_follows_up(labour, opened)
    assert labour.rows("SELECT state, refusal FROM records_job_offer") == [("left", None)]
    assert labour.rows("SELECT outcome FROM records_follow_up") == [("new_offer",)]


def a_firm_reports_and_the_bureau_confirms(site: Site, opened: Opened) -> None:
    """A firm without a credit code waits for the place of work; its form says what is wrong beside the field."""
    firm, bureau = opened("firm"), opened("bureau")
    firm.goto(f"{site.address}/labour/vacancies/")
    firm.get_by_role("link", name="Report a vacancy").click()
    for name, text in {"title": "装配工", "region_code": "310115", "seats": "2", "monthly_wage_fen": "4800",
                       "occupation": "没有这种职业"}.items():  # fmt: skip
        firm.locator(f"[name={name}]").fill(text)
    for name in ("open_from", "open_to"):
        firm.locator(f"[name={name}]").fill(date.today().isoformat())
    firm.get_by_role("button", name="Report a vacancy").click()
    expect(firm.locator("label:has([name=occupation]) .wrong")).to_contain_text("occupation")
    expect(firm.locator("[name=title]")).to_have_value("装配工")
    firm.locator("[name=occupation]").fill("6-05-01")
    firm.get_by_role("button", name="Report a vacancy").click()
    expect(firm.get_by_text("no credit code")).to_be_visible()
    bureau.goto(f"{site.address}/labour/")
    bureau.get_by_role("link", name="Vacancies to confirm").click()
    bureau.get_by_role("row").filter(has_text="装配工").get_by_role("button", name="Confirm").click()
    expect(bureau.locator("h1 .tag")).to_have_text("checked")


def the_office_offers_and_prints_the_sheet(site: Site, office: Page) -> str:
    """An offer by hand, found as in the register; the sheet's code holds the address that its text shows."""
    office.goto(f"{site.address}/labour/offers/new/?q=合成")
    office.locator("td a").first.click()
    office.get_by_label("Title, occupation or place").fill("装配")
    office.get_by_role("button", name="Find").click()
    office.get_by_role("button", name="Offer this").click()
    expect(office.locator("h1 .tag")).to_have_text("offered")
    office.get_by_role("button", name="Print the sheet").click()
    expect(office.get_by_role("img", name="Code that opens")).to_be_visible()
    address = office.locator(".leaf figcaption code").inner_text()
    office.emulate_media(media="print")
    expect(office.locator(".top nav")).to_be_hidden()
    expect(office.locator(".leaf")).to_contain_text("no disadvantage")
    office.emulate_media(media="screen")
    return address


def the_worker_says_yes(browser: Browser, site: Site, address: str) -> None:
    """On a phone, without an account, in Chinese first, in two touches; nothing else of the site is there."""
    page = browser.new_context(viewport=PHONE, locale="zh-CN").new_page()
    watch = Watch(page, site)
    answer = page.goto(address)
    assert answer is not None
    assert {name: answer.headers[name] for name in ("referrer-policy", "cache-control", "x-robots-tag")} == {
        "referrer-policy": "no-referrer", "cache-control": "no-store", "x-robots-tag": "noindex, nofollow",
    }  # fmt: skip
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    assert page.locator("nav, header").count() == 0
    assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
    yes = page.locator(".own-button.yes").bounding_box()
    assert yes is not None
    assert yes["height"] >= 48
    page.get_by_text("English").click()
    page.get_by_role("button", name="I agree").click()
    expect(page.get_by_role("status")).to_contain_text("You said yes.")
    assert page.locator("form").count() == 0
    assert page.context.cookies() == []
    assert (watch.outside, watch.complaints) == ([], [])
    page.context.close()


def a_trip_leaves_and_is_received(site: Site, opened: Opened) -> None:
    """The county office plans, lists and sends off; the donor's labour bureau sees the trip and takes over."""
    office, bureau = opened("office"), opened("bureau")
    office.goto(f"{site.address}/labour/")
    office.get_by_role("link", name="Said yes and on no trip yet").click()
    office.locator("summary", has_text="Plan a trip").click()
    office.locator("[name=departs_on]").fill(date.today().isoformat())
    office.locator("[name=vehicle]").fill("大巴 云C12345")
    office.get_by_role("button", name="Plan the trip").click()
    expect(office.locator("td", has_text="合成人")).to_be_visible()
    office.get_by_role("link", name="List on paper").click()
    expect(office.locator(".sheet")).to_contain_text("大巴 云C12345")
    expect(office.locator(".sheet")).to_contain_text("138****1234")
    office.go_back()
    office.get_by_role("button", name="They departed").click()
    expect(office.locator("h1 .tag")).to_have_text("departed")
    bureau.goto(f"{site.address}/labour/")
    bureau.get_by_role("link", name="Arrivals to confirm").click()
    bureau.locator("td a").first.click()
    expect(bureau.locator("td", has_text="合**")).to_be_visible()
    bureau.locator("[name=picked_up_by]").fill("浦东人社局 接站员")
    bureau.get_by_role("button", name="Confirm the hand-over").click()
    expect(bureau.locator("h1 .tag")).to_have_text("handed over")


def the_firm_confirms_the_start(site: Site, firm: Page) -> None:
    """The firm sees who comes, by family name only, and confirms the first day."""
    firm.goto(f"{site.address}/labour/vacancies/?q=装配")
    firm.get_by_role("link", name="装配工").click()
    expect(firm.locator("td", has_text="合**")).to_be_visible()
    firm.locator("td a", has_text="合**").click()
    firm.get_by_role("button", name="Confirm the start").click()
    expect(firm).to_have_url(f"{site.address}/labour/placements/")
    expect(firm.locator("td", has_text="合**")).to_be_visible()


def the_office_checks_and_follows_up(site: Site, opened: Opened) -> None:
    """Evidence of the month, the leaving, and the list with the hours that are left."""
    office = opened("office")
    office.goto(f"{site.address}/labour/placements/")
    office.locator("td.pick input").first.check()
    expect(office.locator("[data-ticked]")).to_have_text("1")
    office.locator("[name=month]").fill(f"{date.today():%Y-%m}")
    office.locator("[name=evidence]").select_option("pay_flow")
    office.get_by_role("button", name="Enter the stay check").click()
    expect(office.locator(".matrix-cell .tag")).to_have_text("pay")
    office.locator("td.pick input").first.check()
    office.locator("[name=because]").select_option("family")
    office.get_by_role("button", name="Note the leaving").click()
    office.goto(f"{site.address}/labour/")
    office.get_by_role("link", name="Left and not followed up").click()
    row = office.get_by_role("row").filter(has_text="合成人")
    hours = int(row.locator("td.n").inner_text())
    assert 72 <= hours <= 96
    row.locator("[name=outcome]").select_option("new_offer")
    row.get_by_role("button", name="Enter").click()
    expect(office.get_by_text("Nobody waits for a follow-up")).to_be_visible()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_fits_its_screen(browser: Browser, labour: Site, viewport: dict[str, int]) -> None:
    """No page is wider than the screen, loads from elsewhere, or makes the browser complain."""
    page, watch = entered(browser, labour, "office", viewport)
    for path in PAGES:
        page.goto(labour.address + path)
        assert (path, page.evaluate("() => document.documentElement.scrollWidth") <= viewport["width"]) == (path, True)
        assert (path, watch.outside, watch.complaints) == (path, [], [])
    page.context.close()


def test_keys_open_a_row_and_find_the_search(browser: Browser, labour: Site) -> None:
    """Enter opens the row whose link has the focus; a slash goes to the search box."""
    page, _ = entered(browser, labour, "office")
    page.goto(f"{labour.address}/labour/vacancies/")
    page.locator("tbody td a").first.focus()
    page.keyboard.press("/")
    expect(page.locator("#seek")).to_be_focused()
    page.locator("tbody td a").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/labour/vacancies/\d+/$"))
    page.context.close()
