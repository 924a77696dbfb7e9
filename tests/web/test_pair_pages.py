"""Pages of county pairs, posts, candidates, needs and offers: what an office enters, signs and is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from jiedui.policy import published
from jiedui.records.models import Candidate, HelpGiven, HelpOffer, Need, Pairing, Post, Secondment, VillagePair
from jiedui.records.queries.pairing import edges
from jiedui.terms.identity import id_check_digit
from jiedui.web import network
from jiedui.web.naming import short_name
from jiedui.web.pages.region import answers
from tests.records.actions.pair_world import DONGGUAN, LUQUAN, VILLAGE, XUHUI, firm, parents, user
from tests.web.administration import as_pages, made_up, signed_in

pytestmark = pytest.mark.django_db
TODAY = date.today()
DAY, END, SOON = ((TODAY + timedelta(days=shift)).isoformat() for shift in (-100, -10, 30))
ID_NUMBER = "00000019800101001" + id_check_digit("00000019800101001")


@pytest.fixture(autouse=True)
def world(db):
    """The parent pairings, in a synthetic country: nobody is led to a second factor."""
    made_up()
    parents()


def sent(client: Client, path: str, status: int = 200, **said: str) -> str:
    """The page after a form was sent, its redirect followed, as the pages' role."""
    with as_pages():
        reply = client.post(path, said, follow=True)
    assert reply.status_code == status, reply.content.decode()[:2000]
    return reply.content.decode()


def got(client: Client, path: str, status: int = 200) -> str:
    """A page, as the pages' role."""
    with as_pages():
        reply = client.get(path)
    assert reply.status_code == status
    return reply.content.decode()


def english(*role: object) -> Client:
    """A signed-in reader whose pages are in English."""
    return signed_in(user(*role), "en")


@pytest.mark.duty("pairing.5")
def test_counties_are_paired_and_their_townships(db):
    """The office signs a county pair, a township inside it, and ends both; the region's page still names 上海."""
    office = english("recipient_office", "530100")
    page = sent(office, "/county-pairs/", recipient=LUQUAN, donor=XUHUI, basis="合成协议1号", valid_from=DAY)
    assert "徐汇区" in page
    county = Pairing.objects.get(level="county_to_county")
    path = f"/county-pairs/{county.pk}/"
    below = {"recipient": LUQUAN + "201", "donor": XUHUI + "001", "basis": "合成协议2号", "valid_from": DAY}
    assert "township to township" in sent(office, path, act="add", **below)
    assert "禄劝" in got(office, "/county-pairs/?region=530100")
    named = got(office, f"/regions/{LUQUAN}/")
    assert "上海市" in named
    assert "徐汇区" in named
    sent(office, path, act="end", pairing=str(county.pk), on=END, reason="合成终止1号")
    assert set(Pairing.objects.filter(level__startswith="t").values_list("valid_to", flat=True)) == {
        TODAY - timedelta(days=10)
    }


@pytest.mark.duty("pairing.5")
@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"donor": DONGGUAN}, "no county of a donor"),
        ({"basis": " "}, "needs its basis"),
        ({"valid_from": ""}, "needs its first day"),
        ({"recipient": "无此地方"}, "No place is called"),
        ({"recipient": "532502", "donor": XUHUI}, "may not pair"),
    ],
)
def test_a_wrong_county_pair_is_told_on_the_page(said, words):
    """The form comes back with the sentence, and nothing was made."""
    right = {"recipient": LUQUAN, "donor": XUHUI, "basis": "合成协议1号", "valid_from": DAY}
    page = sent(english("recipient_office", "530100"), "/county-pairs/", status=400, **(right | said))
    assert words in page
    assert not Pairing.objects.filter(level="county_to_county").exists()


def test_who_only_reads_has_no_forms():
    """An assessor reads the pairs and lists; there is nothing to send, and what is sent is refused."""
    reader = english("assessor", "530000")
    for path in ("/county-pairs/", "/talent/posts/", "/talent/candidates/", "/society/needs/", "/society/offers/"):
        assert '<button class="button primary"' not in got(reader, path)
    page = sent(reader, "/society/needs/", status=400, act="report", region_code=VILLAGE, kind="goods", title="图书",
                since=DAY)  # fmt: skip
    assert "no office" in page


def _post_form(**changed):
    pairing = Pairing.objects.get(donor_code="310000")
    return {
        "act": "report", "pairing_id": str(pairing.pk), "region_code": LUQUAN, "title": "内科医生",
        "kind": "specialist", "field": "health", "level": "middle", "seats": "1", "term_months": "24",
        "needed_from": SOON,
    } | changed  # fmt: skip


@pytest.mark.duty("talent.4")
def test_a_post_is_entered_and_filled():
    """Post, candidate and secondment by forms; the identity number stands on no page."""
    department = english("organisation_department", "310000")
    assert "内科医生" in sent(department, "/talent/posts/", **_post_form())
    who = {
        "act": "report", "name": "合成人", "id_number": ID_NUMBER, "home_region_code": XUHUI, "kind": "specialist",
        "field": "health", "second_field": "", "level": "senior", "longest_term_months": "36", "free_from": DAY,
        "wish_place": "",
    }  # fmt: skip
    page = sent(department, "/talent/candidates/", **who)
    assert "合成人" in page
    assert ID_NUMBER not in page
    post, candidate = Post.objects.get(), Candidate.objects.get()
    page = sent(department, "/talent/posts/", act="second", post=str(post.pk), candidate=str(candidate.pk))
    assert "signed" in page
    assert Secondment.objects.get().region_code == LUQUAN
    assert "already" in sent(department, "/talent/candidates/", status=400, **who)
    sent(department, "/talent/candidates/", act="withdraw", candidate=str(candidate.pk), reason="本人申请")
    assert "合成人" not in got(department, "/talent/candidates/")
    sent(department, "/talent/posts/", act="close", post=str(post.pk), reason="岗位取消")
    assert Post.objects.get().state == "closed"


@pytest.mark.duty("talent.4")
@pytest.mark.parametrize(
    ("changed", "words"),
    [({"seats": "many"}, "no number"), ({"field": "magic"}, "no choice"), ({"title": ""}, "needed is empty"),
     ({"seats": "0"}, "at least 1"), ({"needed_from": "soon"}, "no day")],
)  # fmt: skip
def test_a_wrong_post_is_told_on_the_page(changed, words):
    """The form comes back as it was filled in, with the sentence."""
    page = sent(english("organisation_department", "310000"), "/talent/posts/", status=400, **_post_form(**changed))
    assert words in page
    assert Post.objects.count() == 0


@pytest.mark.duty("society.1", "society.2")
def test_a_firm_offers_and_an_office_signs():
    """A need and two offers by forms; one meets the need, the other takes a village; help that ends opens the need."""
    giver = firm()
    speaker, office = english("firm", DONGGUAN, giver), english("recipient_office", "530600")
    for kind in ("goods", "village"):
        form = {"act": "report", "organisation_id": str(giver.pk), "kind": kind, "title": f"帮扶{kind}",
                "capacity": "1", "amount_fen": "500", "wish_place": "昭通市", "since": DAY, "until": ""}  # fmt: skip
        assert f"帮扶{kind}" in sent(speaker, "/society/offers/", **form)
    need = {"act": "report", "region_code": VILLAGE, "kind": "goods", "title": "图书", "amount_fen": "120.50",
            "households": "", "since": DAY, "until": ""}  # fmt: skip
    sent(office, "/society/needs/", **need)
    wanted = Need.objects.get()
    assert (wanted.amount_fen, wanted.households) == (120_50, None)
    goods, village = (HelpOffer.objects.get(kind=kind) for kind in ("goods", "village"))
    assert (goods.amount_fen, goods.wish_place) == (500_00, "530600")
    page = sent(office, "/society/needs/", act="give", need=str(wanted.pk), offer=str(goods.pk))
    assert "演示公司" in page
    assert HelpGiven.objects.get().need_id == wanted.pk
    sent(office, "/society/offers/", act="village", offer=str(village.pk), village=VILLAGE)
    assert VillagePair.objects.get().region_code == VILLAGE
    sent(office, "/society/needs/", act="end", need=str(wanted.pk), on="", reason="捐赠方撤回")
    wanted.refresh_from_db()
    assert wanted.state == "open"


def test_what_nobody_asked_for_is_a_page_of_its_own():
    """An unknown act or pair is no error of the program."""
    office = english("recipient_office", "530600")
    for path in ("/talent/posts/", "/talent/candidates/", "/society/needs/", "/society/offers/"):
        sent(office, path, status=404, act="fly")
    got(office, "/county-pairs/999999/", status=404)
    assert "no day" in got(office, "/county-pairs/?on=soon")


@pytest.mark.duty("pairing.2", "pairing.5")
def test_the_network_and_a_county_with_county_pairs():
    """The picture of the day keeps its 32 edges and its counts; of a county with a pair of its own both answer."""
    made = [Pairing(recipient_code=LUQUAN, donor_code=XUHUI, level="county_to_county", scheme="east_west", basis="b",
                    valid_from=date(2017, 1, 1)),
            Pairing(recipient_code=LUQUAN + "201", donor_code=XUHUI + "001", level="township_to_township",
                    scheme="east_west", basis="b", valid_from=date(2017, 1, 1))]  # fmt: skip
    Pairing.objects.bulk_create(made)
    below = tuple(edge for edge in edges() if edge.level not in ("province_to_province", "city_to_city"))
    shift = tuple(type(edge)(edge.pairing_id + 100, *(getattr(edge, n) for n in edge.__slots__[1:])) for edge in below)
    plain, more = (network.on_day((*published.pairings_2016(), *rows), date(2019, 12, 31)) for rows in ((), shift))
    assert [edge.pairing_id for edge in more.edges] == [edge.pairing_id for edge in plain.edges]
    assert (more.counties, more.prefectures) == (plain.counties, plain.prefectures)
    assert [edge.counties for edge in more.edges] == [edge.counties for edge in plain.edges]
    told = [(answer.edge.donor, answer.answers) for answer in answers(LUQUAN, date(2019, 12, 31))]
    assert sorted(told) == [("上海", True), ("徐汇区", True)]
    assert short_name(XUHUI + "001") == "徐汇区001"
