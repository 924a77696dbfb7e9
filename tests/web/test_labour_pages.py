"""The pages of the labour chain, as the pages' role: each side does its own steps, and refusals are sentences."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiedui.errors import JieduiError
from jiedui.records.actions import labour_offers as offers
from jiedui.records.models import (
    DispatchTrip,
    HouseholdYear,
    JobOffer,
    OfferSheet,
    Organisation,
    Person,
    Placement,
    Schooling,
    Settlement,
    Subsidy,
    User,
    Vacancy,
)
from jiedui.web.pages import labour_open_sheet, labour_vacancies
from tests.web.administration import as_pages, signed_in
from tests.web.labour_world import TODAY, WORK, world
from tests.web.test_query_counts import LIMIT

pytestmark = pytest.mark.django_db
LISTS = (
    *("/labour/", "/labour/offers/", "/labour/trips/", "/labour/placements/", "/labour/follow-ups/"),
    *("/labour/vacancies/", "/labour/subsidies/", "/labour/schooling/", "/labour/settlement/"),
)


class Side:
    """A client that acts as the pages' role, in English."""

    def __init__(self, user: User) -> None:
        self.client = signed_in(user, "en")

    def get(self, path: str, status: int = 200) -> str:
        """The page's source; its status is as expected."""
        with as_pages():
            reply = self.client.get(path)
        assert (path, reply.status_code) == (path, status)
        return reply.content.decode()

    def post(self, path: str, status: int = 302, **sent: Any) -> str:
        """What a form's answer says; a redirect says nothing."""
        with as_pages():
            reply = self.client.post(path, sent)
        assert (path, reply.status_code) == (path, status), reply.content.decode()[:3000]
        return reply.content.decode()


@pytest.fixture
def sides() -> dict[str, Side]:
    """Eight workers, three of them at home; one client for each side."""
    return {name: Side(user) for name, user in world().items()}


def offered(worker: int = 2) -> JobOffer:
    """An offer of the office at home."""
    return offers.offer(worker, 1, by=User.objects.get(username="office"))


def test_an_offer_by_hand_is_answered_and_taken_back(sides: dict[str, Side]) -> None:
    """Found by the register's search, offered, answered for several at once, and the answer undone."""
    office = sides["office"]
    page = office.get("/labour/offers/new/?q=合成人")
    assert "worker=2" in page
    assert "worker=1&" not in page  # another county's
    office.post("/labour/offers/new/", worker="2", vacancy="1")
    assert "open offer" in office.post("/labour/offers/new/", 400, worker="2", vacancy="1")
    one = JobOffer.objects.get()
    office.post("/labour/offers/", act="accept", offer=str(one.pk))
    one.refresh_from_db()
    assert one.state == "accepted"
    office.post(f"/labour/offers/{one.pk}/", act="take_back")
    said = office.post("/labour/offers/", 400, act="refuse", offer=str(one.pk), refusal="nonsense")
    assert "There is no reason" in said
    office.post("/labour/offers/", act="refuse", offer=str(one.pk), refusal="family")
    one.refresh_from_db()
    assert (one.state, one.refusal) == ("refused", "family")


def test_buttons_stand_only_where_the_reader_may(sides: dict[str, Side]) -> None:
    """Home answers, the donor's bureau looks on and may withdraw, a firm sees nothing before the yes, others never."""
    one = offered()
    address = f"/labour/offers/{one.pk}/"
    assert 'value="accept"' in sides["office"].get(address)
    bureau = sides["bureau"].get(address)
    assert "合**" in bureau
    assert 'value="accept"' not in bureau
    assert 'value="withdraw"' in bureau
    sides["firm"].get(address, 404)
    sides["elsewhere"].get(address, 404)
    sides["public"].get(address, 404)
    auditor = sides["auditor"].get(address)
    assert "合**" in auditor
    assert 'name="act"' not in auditor
    assert "It is for" in sides["auditor"].post(address, 400, act="withdraw", reason="not mine to say")
    assert JobOffer.objects.get().state == "offered"


@pytest.mark.parametrize("name", ["office", "bureau", "firm", "elsewhere", "auditor", "public"])
def test_every_list_opens_for_every_side(sides: dict[str, Side], name: str) -> None:
    """With rows or with a sentence that says why there are none; a stranger's people are on none of them."""
    offered()
    for path in LISTS:
        page = sides[name].get(path)
        assert ("合成人" in page) == (name == "office" and path == "/labour/offers/")


def test_the_sheet_has_a_key_that_opens_one_offer(sides: dict[str, Side]) -> None:
    """Looked at it has none; each printing makes a new one, of which only the digest is kept."""
    one = offered()
    assert "/s/" not in sides["office"].get(f"/labour/offers/{one.pk}/sheet/")
    sheet = sides["office"].post(f"/labour/offers/{one.pk}/sheet/", 200)
    key = sheet.split("/s/")[1].split("/")[0]
    assert OfferSheet.objects.count() == 1
    assert key not in OfferSheet.objects.get().key_digest
    several = sides["office"].post("/labour/offers/sheets/", 200, offer=str(one.pk))
    assert several.count('class="leaf"') == 1
    assert "/s/" not in sides["bureau"].post(f"/labour/offers/{one.pk}/sheet/", 200)


def test_the_worker_answers_without_an_account(sides: dict[str, Side]) -> None:
    """A no needs a reason; the answer is kept once; a wrong key finds nothing; no cookie is set."""
    one = offered()
    key = offers.sheet(one, by=User.objects.get(username="office"))
    phone = Client()
    with as_pages():
        page = phone.get(f"/s/{key}/")
        assert page.status_code == 200
        assert "合成人" not in page.content.decode()
        assert phone.post(f"/s/{key}/", {"answer": "no"}).status_code == 400
        assert phone.post(f"/s/{key}/", {"answer": "no", "refusal": "distance"}).status_code == 302
        assert phone.post(f"/s/{key}/", {"answer": "yes"}).status_code == 302
        after = phone.get(f"/s/{key}/?lang=en").content.decode()
        assert phone.get(f"/s/{key[:-1]}x/").status_code == 404
    assert "You said no." in after
    one.refresh_from_db()
    assert (one.state, one.refusal) == ("refused", "distance")
    assert not phone.cookies
    for name, value in (("Referrer-Policy", "no-referrer"), ("Cache-Control", "no-store")):
        assert page.headers[name] == value
    assert "noindex" in page.headers["X-Robots-Tag"]


def test_many_wrong_keys_are_kept_waiting(sides: dict[str, Side], monkeypatch: pytest.MonkeyPatch) -> None:
    """From one address; another one is answered as before."""
    monkeypatch.setattr("jiedui.web.pages.labour_open_sheet.WRONG_KEYS", 3)
    guess, other = Client(REMOTE_ADDR="10.9.8.7"), Client(REMOTE_ADDR="10.9.8.6")
    with as_pages():
        tried = [guess.get(f"/s/{'x' * 24}{n}/").status_code for n in range(5)]
        assert other.get(f"/s/{'y' * 24}/").status_code == 404
        assert guess.post(f"/s/{'x' * 24}9/", {"answer": "yes"}).status_code == 429
        sends = Client(REMOTE_ADDR="10.9.8.5")
        sent = [sends.post(f"/s/{'z' * 24}{n}/", {"answer": "yes"}).status_code for n in range(5)]
    assert tried == sent == [404, 404, 404, 429, 429]


def test_a_counter_that_ends_in_between_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its time may be over after it was found there: the wrong key is counted all the same."""
    counter = "wrong-sheet-keys:a-test"
    monkeypatch.setattr(labour_open_sheet.cache, "add", lambda *_: False)
    labour_open_sheet._count(counter)
    assert labour_open_sheet.cache.get(counter) == 1
    labour_open_sheet._count(counter)
    assert labour_open_sheet.cache.get(counter) == 2
    labour_open_sheet.cache.delete(counter)


def _refuses(*_: object, **__: object) -> None:
    raise JieduiError("Refused, as a test.", remedy="Nothing.")


def test_a_trip_takes_those_who_said_yes(sides: dict[str, Side], monkeypatch: pytest.MonkeyPatch) -> None:
    """Planned for a group or not at all, departed, received by the donor's side; the list on paper masks phones."""
    one, office = offered(), sides["office"]
    offers.accept(one, by=User.objects.get(username="office"))
    day = (TODAY + timedelta(days=1)).isoformat()
    sent = {"county": "530602", "work": WORK, "pairing": "1", "departs_on": day, "all": "1", "vehicle": "大巴"}
    assert "does not bring" in office.post("/labour/trips/", 400, **{**sent, "work": "440402"})
    monkeypatch.setattr("jiedui.web.pages.labour_trips.actions.add", _refuses)
    assert "as a test" in office.post("/labour/trips/", 400, **sent)
    assert not DispatchTrip.objects.exists()
    monkeypatch.undo()
    office.post("/labour/trips/", **sent)
    trip = DispatchTrip.objects.get()
    address = f"/labour/trips/{trip.pk}/"
    paper = office.get(f"{address}list/")
    assert "138****1234" in paper
    assert "13800001234" not in paper
    office.post(address, act="depart", on=TODAY.isoformat())
    assert 'value="depart"' not in sides["bureau"].get(address)
    assert "picked them up" in sides["bureau"].post(address, 400, act="receive", picked_up_by=" ")
    sides["bureau"].post(address, act="receive", picked_up_by="接站员", arrived_on=TODAY.isoformat())
    trip.refresh_from_db()
    assert (trip.state, trip.picked_up_by, trip.persons) == ("arrived", "接站员", 1)
    sides["firm"].get(address, 404)


def test_work_is_checked_ended_and_followed_up(sides: dict[str, Side]) -> None:
    """The firm starts and ends it; home and the bureau enter evidence; home follows up."""
    one = offered()
    offers.accept(one, by=User.objects.get(username="office"))
    sides["firm"].post(f"/labour/offers/{one.pk}/", act="start", started_on=TODAY.isoformat(), wage="4,500")
    placement = Placement.objects.get()
    assert placement.monthly_wage_fen == 450_000
    sent = {"placement": str(placement.pk), "month": f"{TODAY:%Y-%m}", "evidence": "pay_flow", "act": "check"}
    sides["bureau"].post("/labour/placements/", **sent)
    assert "there already" in sides["office"].post("/labour/placements/", 400, **sent)
    assert "It is for" in sides["firm"].post("/labour/placements/", 400, **{**sent, "evidence": "contract"})
    sides["firm"].post(
        "/labour/placements/", act="leave", placement=str(placement.pk), on=TODAY.isoformat(), because="wage"
    )
    page = sides["office"].get("/labour/follow-ups/")
    assert "合成人" in page
    sides["office"].post("/labour/follow-ups/", placement=str(placement.pk), outcome="other_job", on=TODAY.isoformat())
    assert "Nobody waits" in sides["office"].get("/labour/follow-ups/")


def test_a_wrong_field_of_a_vacancy_keeps_its_sentence(sides: dict[str, Side]) -> None:
    """Every wrong field is said beside it, what was typed stays, and nothing is written."""
    sent = {"firm": "1", "title": "装配工", "occupation": "x", "region_code": "乌有乡", "seats": "x", "skill": "none",
            "monthly_wage_fen": "4800", "dormitory": "1", "season": "all_year", "open_from": "",
            "open_to": "2030-01-01"}  # fmt: skip
    page = sides["firm"].post("/labour/vacancies/new/", 400, **sent)
    assert page.count('class="wrong"') == 4
    assert "装配工" in page
    right = {"occupation": "6-05-01", "region_code": WORK, "seats": "2", "open_from": TODAY.isoformat()}
    sides["firm"].post("/labour/vacancies/new/", **{**sent, **right, "open_to": TODAY.isoformat()})
    row = Vacancy.objects.get(title="装配工")
    assert (row.state, row.seats, row.monthly_wage_fen) == ("reported", 2, 480_000)
    sides["public"].get("/labour/vacancies/new/", 404)


def test_a_vacancy_falls_with_its_offers(sides: dict[str, Side]) -> None:
    """The firm withdraws with a reason and is told how many offers fell with it, also those that it does not see."""
    offered()
    assert "needs a reason" in sides["firm"].post("/labour/vacancies/1/", 400, act="withdraw", reason="")
    sides["firm"].post("/labour/vacancies/1/", act="withdraw", reason="订单取消")
    assert "1 open offer" in sides["firm"].get("/labour/vacancies/")
    assert JobOffer.objects.get().state == "withdrawn"


def at_work(worker: int = 2) -> Placement:
    """A placement through an offer, by the office at home, begun today."""
    office, one = User.objects.get(username="office"), offered(worker)
    offers.accept(one, by=office)
    return offers.start(one, started_on=TODAY, monthly_wage_fen=450_000, by=office)


def test_a_subsidy_is_approved_paid_or_told_why_not(sides: dict[str, Side]) -> None:
    """The rule decides: of whose household nothing is known gets none, and the list says why; each once."""
    placement, office = at_work(), sides["office"]
    HouseholdYear.objects.all().delete()
    asked = f"/labour/subsidies/?kind=transport&year={TODAY.year}"
    assert "no record of the household" in office.get(f"{asked}&view=not")
    HouseholdYear.objects.create(
        household_id=placement.household_id, region_code=placement.region_code, year=TODAY.year - 1, status="poor",
        members=3,
    )  # fmt: skip
    assert f'value="{placement.pk}"' in office.get(f"{asked}&view=entitled")
    office.post(asked, act="approve", placement=str(placement.pk))
    row = Subsidy.objects.get()
    assert "the person has it for the year" in office.get(f"{asked}&view=not")
    assert "Tick those" in office.post(f"{asked}&view=approved", 400, act="pay")
    assert "It is for" not in sides["auditor"].get(f"{asked}&view=approved")
    office.post(f"{asked}&view=approved", act="pay", subsidy=str(row.pk), on=TODAY.isoformat())
    row.refresh_from_db()
    assert (row.state, row.paid_on) == ("paid", TODAY)
    assert "does not become" in office.post(
        f"{asked}&view=paid", 400, act="cancel", subsidy=str(row.pk), reason="twice"
    )


def test_several_subsidies_are_paid_and_cancelled_together_or_not_at_all(sides: dict[str, Side]) -> None:
    """One of them is paid already: the other one stays as it was."""
    home, rows = at_work(), []
    for kind, state in (("transport", "approved"), ("stay", "paid")):
        rows.append(Subsidy.objects.create(
            person_id=home.person_id, household_id=home.household_id, region_code=home.region_code, placement=home,
            kind=kind, year=TODAY.year, amount_fen=100, state=state, approved_on=TODAY,
            paid_on=TODAY if state == "paid" else None,
        ))  # fmt: skip
    for act in ("pay", "cancel"):
        sent = {"act": act, "subsidy": [str(row.pk) for row in rows], "on": TODAY.isoformat(), "reason": "twice"}
        assert "does not become" in sides["office"].post("/labour/subsidies/", 400, **sent)
    assert sorted(Subsidy.objects.values_list("kind", "state")) == [("stay", "paid"), ("transport", "approved")]


def test_the_desk_leads_to_what_it_counts(sides: dict[str, Side]) -> None:
    """Who said yes, and whoever died and is still placed, with the offer's page."""
    at_work(2)
    offers.accept(offered(5), by=User.objects.get(username="office"))
    Person.objects.filter(pk=Placement.objects.get().person_id).update(left_on=TODAY)
    page = sides["office"].get("/labour/")
    assert re.search(r">1</td><td><a href=\"/labour/offers/\?state=accepted\">", page)
    assert re.search(r">1</td><td><a href=\"#still-placed\">", page)
    assert f"/labour/offers/{Placement.objects.get().job_offer_id}/" in page.split('id="still-placed"')[1]


def test_nothing_is_said_of_the_code_of_a_firm_that_is_not_seen(sides: dict[str, Side]) -> None:
    """It may have one; of a firm that is seen and has none it is said."""
    Vacancy.objects.update(state="reported")
    bureau, (row,) = User.objects.get(username="bureau"), Vacancy.objects.all()
    told = []
    for place in (WORK, "440402"):
        Organisation.objects.filter(pk=1).update(region_code=place, credit_code=None)
        (line,) = labour_vacancies.lines(bureau, [row])
        told.append("no_credit_code" in {finding.rule for finding in line.doubts})
    assert told == [True, False]


def test_schooling_goes_from_enrolment_to_the_first_job(sides: dict[str, Side]) -> None:
    """By name or number; several of a name are told apart; each step stands where it may follow."""
    office, sent = sides["office"], {"school": "2", "enrolled_on": TODAY.isoformat(), "major": "数控", "act": "enrol"}
    assert "Several persons" in office.post("/labour/schooling/", 400, person="合成人", **sent)
    office.post("/labour/schooling/", person="6", aid="3000", **sent)
    row = Schooling.objects.get()
    assert (row.person_id, row.aid_fen, row.major) == (6, 300_000, "数控")
    one = {"schooling": str(row.pk)}
    assert "does not become" in office.post("/labour/schooling/", 400, act="first_job", on=TODAY.isoformat(), **one)
    office.post("/labour/schooling/", act="graduate", **one)
    office.post("/labour/schooling/", act="first_job", on=TODAY.isoformat(), **one)
    row.refresh_from_db()
    assert (row.status, row.first_job_on) == ("employed", TODAY)
    assert "no such schooling" in sides["public"].post("/labour/schooling/", 400, act="drop_out", **one)


def test_an_application_to_settle_is_decided(sides: dict[str, Side]) -> None:
    """What the rule does not bear out is entered all the same, and said; the result is entered once."""
    office = sides["office"]
    assert "is no city" in office.post("/labour/settlement/", 400, act="apply", person="4", city=WORK)
    office.post("/labour/settlement/", act="apply", person="4", city="上海市")
    assert "does not bear it out" in office.get("/labour/settlement/")
    row = Settlement.objects.get()
    office.post("/labour/settlement/", act="decide", settlement=str(row.pk), result="settled", on=TODAY.isoformat())
    row.refresh_from_db()
    assert (row.state, row.settled_on, row.eligible) == ("settled", TODAY, False)
    assert 'value="given_up"' not in office.get("/labour/settlement/")


def test_overdue_offers_lapse_from_the_desk(sides: dict[str, Side]) -> None:
    """Those of the office's people whose day is over, and no others."""
    one = offered()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_job_offer SET answer_by = offered_on")
    assert "lapse" not in sides["office"].get("/labour/")
    offers_of_yesterday = TODAY - timedelta(days=1)
    offers.withdraw(one, by=User.objects.get(username="office"), reason="anew")
    Vacancy.objects.update(open_from=TODAY - timedelta(days=60))
    late = offers.offer(5, 1, by=User.objects.get(username="office"), day=TODAY - timedelta(days=30))
    assert late.answer_by < offers_of_yesterday
    assert "lapse" in sides["office"].get("/labour/")
    sides["office"].post("/labour/")
    late.refresh_from_db()
    assert late.state == "lapsed"


def test_no_list_asks_the_database_for_each_row() -> None:
    """As many queries for twelve offers as for one, and never more than the site's limit."""
    office = Side(world(108)["office"])
    offered()
    few = {path: asked(office, path) for path in LISTS}
    Vacancy.objects.filter(pk=1).update(seats=50)
    for worker in (5, 8, 11, 14, 17, 20):
        offered(worker)
    many = {path: asked(office, path) for path in LISTS}
    assert {path: many[path] - few[path] for path in LISTS} == dict.fromkeys(LISTS, 0)
    assert max(many.values()) <= LIMIT + 20


def asked(side: Side, path: str) -> int:
    """How many queries a page takes."""
    with CaptureQueriesContext(connection) as queries:
        side.get(path)
    return len(queries)
