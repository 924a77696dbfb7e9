"""The site in a real browser: what it loads, draws, links, and how it looks on a phone and on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.web.site import REPORTED_PAIR, Site

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PAGES = (
    "/",
    f"/pairs/{REPORTED_PAIR}/",
    "/regions/",
    "/regions/620000/",
    "/proposals/",
    "/assessment/",
    f"/assessment/pairs/{REPORTED_PAIR}/",
    "/assessment/indicators/poverty.exited_persons/",
    f"/assessment/evidence/poverty.exited_persons/{REPORTED_PAIR}/recipient/",
    "/clauses/",
    "/clauses/labour.5/",
    "/runs/",
    "/reports/",
)


class Watch:
    """Everything that a page asked for and complained of; a request to another host is stopped and kept."""

    def __init__(self, page: Page, site: Site) -> None:
        self.outside: list[str] = []
        self.complaints: list[str] = []
        home = urlsplit(site.address).netloc

        def seen(request: Request) -> None:
            parts = urlsplit(request.url)
            if parts.scheme not in ("data", "blob") and parts.netloc != home:
                self.outside.append(request.url)

        page.on("request", seen)
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _console(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)


def open_page(browser: Browser, site: Site, viewport: dict[str, int], user: str = "gansu") -> tuple[Page, Watch]:
    """A page of a new session, signed in by hand."""
    page = browser.new_context(viewport=viewport, locale="en-US").new_page()
    watch = Watch(page, site)
    page.goto(f"{site.address}/login/")
    page.get_by_label("用户名").fill(user)
    page.get_by_label("密码").fill(f"{user}-2016")
    page.get_by_role("button", name="登录").click()
    expect(page).to_have_url(f"{site.address}/")
    return page, watch


@pytest.fixture
def desk(browser: Browser, site: Site) -> Iterator[tuple[Page, Watch]]:
    """An officer at a desk."""
    page, watch = open_page(browser, site, DESK)
    yield page, watch
    page.context.close()


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[tuple[Page, Watch]]:
    """An officer on the road."""
    page, watch = open_page(browser, site, PHONE)
    yield page, watch
    page.context.close()


def settled(page: Page, address: str) -> None:
    """Open a page and wait until its charts are drawn and its fonts are there."""
    page.goto(address)
    page.wait_for_function(
        "() => [...document.querySelectorAll('.chart[data-option]')].every(box => box.dataset.drawn === 'yes')"
    )
    page.evaluate("() => document.fonts.ready.then(() => true)")


def test_no_request_leaves_the_machine(desk: tuple[Page, Watch], site: Site) -> None:
    """Every page loads everything from its own host, and the browser has nothing to complain of."""
    page, watch = desk
    for path in PAGES:
        settled(page, site.address + path)
        assert (path, watch.outside, watch.complaints) == (path, [], [])


@pytest.mark.duty("pairing.1")
def test_home_draws_the_network(desk: tuple[Page, Watch], site: Site) -> None:
    """The picture is painted with both sides' colours, and every pairing stands in the list beside it."""
    page, _ = desk
    settled(page, f"{site.address}/")
    canvas = page.locator(".chart.network canvas").first
    expect(canvas).to_be_visible()
    colours = canvas.evaluate(
        """canvas => {
          const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
          const off = (i, r, g, b) => Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b);
          let donor = 0, recipient = 0;
          for (let i = 0; i < data.length; i += 4) {
            if (data[i + 3] > 200 && off(i, 15, 92, 86) < 12) donor += 1;
            if (data[i + 3] > 200 && off(i, 194, 124, 44) < 12) recipient += 1;
          }
          return [donor, recipient];
        }"""
    )
    assert min(colours) > 100
    expect(page.locator("#pair-table tbody tr")).to_have_count(32)


def test_an_arc_opens_its_pair(desk: tuple[Page, Watch], site: Site) -> None:
    """A click on an arc goes to the page of its pairing."""
    page, _ = desk
    settled(page, f"{site.address}/")
    box = page.locator(".chart.network")
    middle = box.evaluate(
        """box => {
          const chart = echarts.getInstanceByDom(box);
          const line = chart.getOption().series[0].data.findIndex(item => item.pairing_id === 16);
          const item = chart.getModel().getSeriesByIndex(0).getData().getItemLayout(line);
          const [from, to, bend] = item;
          return [0, 1].map(k => from[k] / 4 + bend[k] / 2 + to[k] / 4);
        }"""
    )
    box.click(position={"x": middle[0], "y": middle[1]})
    expect(page).to_have_url(f"{site.address}/pairs/16/")


def test_list_filters_and_sorts(desk: tuple[Page, Watch], site: Site) -> None:
    """The filter leaves the rows that hold the word; a click on a heading sorts, another one turns it round."""
    page, _ = desk
    settled(page, f"{site.address}/")
    page.get_by_placeholder("按名称筛选").fill("甘肃")
    expect(page.locator("#pair-table tbody tr:visible")).to_have_count(4)
    expect(page.locator("[data-count=pair-table]")).to_have_text("4")
    page.get_by_placeholder("按名称筛选").fill("")
    heading = page.locator("#pair-table th").nth(2)
    heading.get_by_role("button").click()
    counties = [int(text) for text in page.locator("#pair-table tbody td:nth-child(3)").all_inner_texts()]
    assert counties == sorted(counties)
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "descending")


@pytest.mark.duty("assessment.1")
def test_from_a_number_to_its_rows_and_its_clause(desk: tuple[Page, Watch], site: Site) -> None:
    """On a pair's page a stranger clicks a number, sees its rows, opens its SQL, and goes on to its clause."""
    page, _ = desk
    settled(page, f"{site.address}/pairs/{REPORTED_PAIR}/")
    row = page.get_by_role("row").filter(has_text="当年脱贫人口")
    number = row.locator("td.n a").inner_text()
    row.locator("td.n a").click()
    expect(page.locator("#printed")).to_contain_text(number)
    page.get_by_text("返回这些行的 SQL").click()
    expect(page.locator("pre")).to_contain_text("SELECT")
    page.get_by_role("link", name=re.compile("开展考核评估")).click()
    expect(page).to_have_url(re.compile(r"/clauses/#clause-14$"))
    expect(page.locator("#clause-14")).to_be_in_viewport()


@pytest.mark.parametrize("path", PAGES)
def test_phone_has_no_sideways_scroll(phone: tuple[Page, Watch], site: Site, path: str) -> None:
    """At 390 pixels no page is wider than the screen; wide tables scroll inside themselves."""
    page, watch = phone
    settled(page, site.address + path)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
    assert watch.complaints == []


def test_keyboard_reaches_everything(desk: tuple[Page, Watch], site: Site) -> None:
    """The first tab stop skips to the content; "/" goes to the search; arrows walk the rows of a list."""
    page, _ = desk
    settled(page, f"{site.address}/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    expect(page.get_by_role("link", name="跳到正文")).to_be_in_viewport()
    page.keyboard.press("/")
    expect(page.locator("#seek")).to_be_focused()
    page.keyboard.type("昭通")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/regions/530600/$"))
    settled(page, f"{site.address}/")
    page.locator("#pair-table tbody a").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#pair-table tbody a").nth(1)).to_be_focused()


def test_paper_has_no_controls(desk: tuple[Page, Watch], site: Site) -> None:
    """Printed, a page shows the data, the mark that they are made up and the digest, and no navigation or buttons."""
    page, _ = desk
    settled(page, f"{site.address}/pairs/{REPORTED_PAIR}/")
    page.emulate_media(media="print")
    for hidden in ("nav[aria-label=主导航]", ".tools", ".actions"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator(".synthetic")).to_be_visible()
    expect(page.get_by_text("快照", exact=False).first).to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_chinese_is_drawn_with_a_font_that_has_it(desk: tuple[Page, Watch], site: Site) -> None:
    """Where the system has no Chinese font the packaged one is loaded, by the subsets that the page needs."""
    page, watch = desk
    loaded: list[str] = []
    page.on("requestfinished", lambda request: loaded.append(request.url))
    settled(page, f"{site.address}/clauses/")
    widths = page.evaluate(
        """() => {
          const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
          canvas.font = '20px ' + getComputedStyle(document.body).fontFamily;
          const ink = text => {
            canvas.clearRect(0, 0, 40, 40);
            canvas.fillText(text, 5, 25);
            return canvas.getImageData(0, 0, 40, 40).data.join();
          };
          return ink('结') !== ink('对');
        }"""
    )
    assert widths, "every character is drawn as the same box"
    fonts = [url for url in loaded if url.endswith(".woff2")]
    assert len(fonts) < 60
    assert watch.complaints == []
