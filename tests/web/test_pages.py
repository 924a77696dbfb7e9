"""Every page, as every role, over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.web.site import REPORTED_PAIR, USERS, Reply, Site, Visitor, number_in

PAGES = (
    "/",
    f"/pairs/{REPORTED_PAIR}/",
    "/pairs/19/",
    "/regions/",
    "/regions/?q=朝阳区",
    "/regions/620000/",
    "/regions/621100/?on=2016-12-06",
    "/regions/622921/",
    "/proposals/",
    "/assessment/",
    "/assessment/?side=donor",
    f"/assessment/pairs/{REPORTED_PAIR}/",
    "/assessment/indicators/poverty.exited_persons/",
    f"/assessment/evidence/poverty.exited_persons/{REPORTED_PAIR}/recipient/",
    f"/assessment/evidence/funding.paid_share/{REPORTED_PAIR}/recipient/",
    "/clauses/",
    "/clauses/pairing.2/",
    "/clauses/labour.5/",
    "/runs/",
    "/reports/",
)
Reader = Callable[[str], Visitor]


@pytest.mark.parametrize("user", USERS)
def test_every_page_opens_for_every_role(as_user: Reader, user: str) -> None:
    """No page breaks for any role, whatever it may see; each is in Chinese and says that the data are made up."""
    visitor = as_user(user)
    for page in PAGES:
        reply = visitor.get(page)
        assert (page, reply.status) == (page, 200)
        assert 'lang="zh-Hans"' in reply.text
        assert "演示数据" in reply.text


def test_stranger_sees_the_door_only(site: Site) -> None:
    """Without signing in every page leads to the login, a wrong address too, and nothing of the data is told."""
    for page in (*PAGES, "/records/household/1/", "/reports/x", "/nothing/"):
        reply = site.visitor().get(page)
        assert reply.status in (200, 404)
        assert reply.status == 404 or "/login/" in reply.url
        assert "甘肃" not in reply.text


def test_wrong_password_gets_one_sentence(site: Site) -> None:
    """A wrong password is said in one sentence, and says not which of the two was wrong."""
    reply = site.visitor().sign_in("public", "wrong")
    assert "用户名和密码不匹配" in reply.text


def test_guessing_is_locked_out(site: Site) -> None:
    """After five failures the name is locked, in a sentence, also for what might be the right password."""
    visitor = site.visitor()
    replies = [visitor.sign_in("no-such-user", f"guess {number}") for number in range(6)]
    assert replies[-1].status in (403, 429)
    assert "失败次数过多" in replies[-1].text


def test_language_switches_and_stays(site: Site) -> None:
    """English on request, for the following pages too; Chinese again on request, whatever the browser prefers."""
    visitor = site.visitor("assessor")
    visitor.get("/")
    assert "Who helps whom" in visitor.post("/language/", language="en", next="/").text
    assert "What waits for me" in visitor.get("/").text
    assert 'lang="en"' in visitor.get("/clauses/").text
    assert "谁帮扶谁" in visitor.post("/language/", language="zh-hans", next="/").text


def test_every_page_opens_in_english(site: Site) -> None:
    """No page breaks in English, and no Chinese sentence of ours is left where an English one exists."""
    visitor = site.visitor("assessor")
    visitor.get("/")
    visitor.post("/language/", language="en", next="/")
    for page in PAGES:
        reply = visitor.get(page)
        assert (page, reply.status) == (page, 200)
        assert "待我处理" not in reply.text
        assert "核查提示" not in reply.text


@pytest.mark.duty("pairing.1", "pairing.3", "goal.2")
def test_home_prints_the_published_counts(as_user: Reader) -> None:
    """32 pairings; 186, 287 and 359 of 832 counties; 10, 9 and 11 of 30 prefectures; 780 delisted by 2019."""
    text = re.sub(r"<[^>]+>|\s", "", as_user("public").get("/").text)
    for expected in ("共32对", "186·287·359", "10·9·11", "780/832"):
        assert expected in text


@pytest.mark.duty("pairing.2")
def test_region_page_says_which_edge_answers(as_user: Reader) -> None:
    """定西 answers to 福州, and 天津 with the province does not count there; a day before the opinion has no edge."""
    text = as_user("gansu").get("/regions/621100/?on=2019-12-31").text
    answers, beaten = text.index("福建省福州市 → 甘肃省定西市"), text.index("天津市 → 甘肃省")
    assert answers < beaten
    assert "福州 → 定西 更具体" in text
    assert "没有结对关系覆盖此地" in as_user("gansu").get("/regions/621100/?on=2016-12-06").text


def test_search_by_name_and_code(as_user: Reader) -> None:
    """A short name and a code open the page at once; a name of several places lists them; an unknown one is said."""
    visitor = as_user("public")
    assert visitor.get("/regions/?q=恩施州").url.endswith("/regions/422800/")
    assert visitor.get("/regions/?q=530602").url.endswith("/regions/530602/")
    several = visitor.get("/regions/?q=朝阳区")
    assert "几个地方叫这个名称" in several.text
    assert "北京市朝阳区" in several.text
    assert "没有叫这个名称的地方" in visitor.get("/regions/?q=乌有县").text


@pytest.mark.parametrize("path", ["/pairs/999/", "/regions/999999/", "/regions/abc/", "/clauses/none.1/", "/nothing/"])
def test_what_is_not_there_is_said(as_user: Reader, path: str) -> None:
    """An address that leads nowhere gets a page of the site with status 404, in Chinese."""
    reply = as_user("assessor").get(path)
    assert reply.status == 404
    assert "没有找到" in reply.text


@pytest.mark.duty("assessment.1", "assessment.2")
def test_every_number_walks_back_to_its_rows(site: Site, as_user: Reader) -> None:
    """The rows behind a number, page by page, are as many as the number says, for every indicator of a pair."""
    visitor = as_user("assessor")
    page = visitor.get(f"/assessment/pairs/{REPORTED_PAIR}/").text
    links = set(re.findall(r'href="(/assessment/evidence/[^"]+)"', page))
    assert len(links) > 20
    for link in sorted(links):
        first = visitor.get(link)
        total = number_in(first.text, "rows-all")
        assert number_in(first.text, "rows-seen") == total
        listed, number, reply = 0, 1, first
        while True:
            listed += _rows(reply)
            if 'rel="next"' not in reply.text:
                break
            number += 1
            reply = visitor.get(f"{link}?page={number}")
        assert (link, listed) == (link, total)


@pytest.mark.duty("assessment.1")
def test_a_row_opens_its_record(as_user: Reader) -> None:
    """From a number to its rows to the record as it was entered, and from there to the duty that it serves."""
    visitor = as_user("assessor")
    page = visitor.get(f"/assessment/evidence/poverty.exited_persons/{REPORTED_PAIR}/recipient/").text
    link = re.search(r'href="(/records/[^"]+)"', page)
    assert link
    record = visitor.get(link[1])
    assert record.status == 200
    assert "goal.1" in record.text


def test_rows_outside_the_scope_are_counted_not_shown(site: Site, as_user: Reader) -> None:
    """Finance sees no person: all rows about people are counted, none is listed; whoever sees all sees all."""
    path = f"/assessment/evidence/poverty.exited_persons/{REPORTED_PAIR}/recipient/"
    text = as_user("finance").get(path).text
    assert number_in(text, "rows-all") > 0
    assert number_in(text, "rows-seen") == 0
    assert "/records/status_change/" not in text


@pytest.mark.duty("pairing.2")
def test_a_donor_sees_whom_a_link_shows_and_no_others(site: Site, as_user: Reader) -> None:
    """天津 opens the household of a person of 甘肃 who was placed with it, not one beside it, none of 定西 (福州
    answers there), none of another province; names are masked.
    """
    place = "^62(?!11|29)(?!12)"
    linked = site.rows(
        "SELECT person_id, household_id FROM records_person_link "
        "WHERE donor_code = '120000' AND until IS NULL AND region_code ~ %s ORDER BY 1 LIMIT 1",
        place,
    )
    ((person, inside),) = linked
    beside = site.rows(
        "SELECT min(h.household_id) FROM records_household h LEFT JOIN records_person_link l USING (household_id) "
        "WHERE l.id IS NULL AND h.region_code ~ %s",
        place,
    )[0][0]
    carved, outside = (
        site.rows("SELECT min(household_id) FROM records_household WHERE region_code ~ %s", pattern)[0][0]
        for pattern in ("^6211", "^53")
    )
    visitor = as_user("tianjin")
    assert visitor.get(f"/records/household/{inside}/").status == 200
    for hidden in (beside, carved, outside):
        assert visitor.get(f"/records/household/{hidden}/").status == 404
    name = str(site.rows("SELECT name FROM records_person WHERE person_id = %s", person)[0][0])
    assert visitor.get(f"/records/person/{person}/").status == 200
    assert name not in visitor.get(f"/records/person/{person}/").text
    assert name in as_user("gansu").get(f"/records/person/{person}/").text


def test_no_page_prints_an_identity_number(site: Site, as_user: Reader) -> None:
    """A person's record shows neither an identity number nor a phone, whoever asks."""
    (person,) = site.rows("SELECT min(person_id) FROM records_person WHERE region_code ~ '^62'")[0]
    for user in ("gansu", "assessor", "admin"):
        reply = as_user(user).get(f"/records/person/{person}/")
        assert not re.search(r"\b\d{17}[\dX]\b|\b1[3-9]\d{9}\b", reply.text)


def test_a_yearly_report_is_for_those_who_see_the_pair(as_user: Reader) -> None:
    """Its findings name rows: both sides and the assessors load it down, nobody else is offered or given it."""
    links = re.findall(r'href="(/reports/[^"]+)"', as_user("assessor").get("/reports/").text)
    yearly = next(link for link in links if "yearly" in link)
    national = next(link for link in links if "national" in link)
    for user in ("gansu", "tianjin", "assessor"):
        assert (user, as_user(user).get(yearly).status) == (user, 200)
    for user in ("public", "admin"):
        assert as_user(user).get(yearly).status == 404
        assert as_user(user).get(national).status == 200
        for page in ("/reports/", f"/pairs/{REPORTED_PAIR}/"):
            assert "yearly-" not in as_user(user).get(page).text


@pytest.mark.duty("labour.3")
def test_proposals_explain_themselves(site: Site, as_user: Reader) -> None:
    """The run shows what proves it and the simple ways beside it; a proposal has its reasons, which add up."""
    visitor = as_user("gansu")
    found = visitor.get("/proposals/")
    run = found.url.removeprefix(site.address).removesuffix("proposals/")
    page = visitor.get(run).text
    for expected in ("独立核验", "先到先得", "逐个择优", "整体最优"):
        assert expected in page
    link = re.search(r'href="(/proposals/\d+/)"', found.text)
    assert link
    text = visitor.get(link[1]).text
    points = [int(found.replace(",", "")) for found in re.findall(r'<td class="n">(-?[\d,]+)</td></tr>', text)]
    assert sum(points[:-1]) == points[-1]
    assert "次优岗位" in text


def test_proposals_are_filtered_by_county(as_user: Reader) -> None:
    """The filter leaves the people of one county."""
    visitor = as_user("gansu")
    code = re.search(r'<option value="(62\d{4})"', visitor.get("/proposals/").text)
    assert code
    shown = visitor.get(f"/proposals/?county={code[1]}").text
    assert f'value="{code[1]}" selected' in shown
    assert 0 < _rows_of(shown, "/proposals/") <= _rows_of(visitor.get("/proposals/").text, "/proposals/")


@pytest.mark.duty("assessment.4")
def test_reports_are_there_to_download(as_user: Reader) -> None:
    """The pair's page leads to its yearly report as PDF and Word; a name that no report has is not found."""
    visitor = as_user("assessor")
    links = re.findall(r'href="(/reports/[^"]+\.(?:pdf|docx))"', visitor.get(f"/pairs/{REPORTED_PAIR}/").text)
    kinds = {link.rpartition(".")[2]: visitor.get(link) for link in links}
    assert kinds["pdf"].body.startswith(b"%PDF")
    assert kinds["docx"].body.startswith(b"PK")
    folder = links[0].rpartition("/")[0]
    assert visitor.get(f"{folder}/..%2F..%2Fkeys.toml").status == 404
    assert visitor.get(f"{folder}/evidence.parquet").status == 404


def test_nothing_from_another_machine(as_user: Reader) -> None:
    """No page names another host for a script, a style, a font or a picture, and the browser is told so."""
    for page in PAGES:
        reply = as_user("assessor").get(page)
        assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", reply.text)
        assert "<script>" not in reply.text
        assert " style=" not in reply.text
        policy = reply.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy


def _rows(reply: Reply) -> int:
    return len(re.findall(r'<tr><td class="nowrap"><a href="/records/', reply.text))


def _rows_of(text: str, link: str) -> int:
    return len(re.findall(rf'<td class="nowrap"><a href="{link}', text))
