"""The pages about runs and proposals, as the pages' role of the database: asking, comparing, signing, marking."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client

from jiedui.records import models
from jiedui.records.loading import load_tables
from jiedui.results.models import Proposal, Run
from jiedui.results.queries import proposals
from tests.records.small_country import VILLAGES, country
from tests.results import worlds
from tests.web.administration import as_pages, made_up, reader, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.duty("labour.3")]
PLACE = "533300"
"""怒江, whose donor is 珠海 (440400): the workers 1 and 4."""
MINE, FOREIGN = (1, 4), (2, 3)


@pytest.fixture
def officer(db: None) -> Client:
    """怒江's office; four workers without work, and a vacancy with three seats that is still open."""
    made_up()
    load_tables(country())
    models.Placement.objects.all().delete()
    models.Vacancy.objects.update(open_to=date.today() + timedelta(days=60))
    return signed_in(reader("office", "recipient_office", PLACE))


@pytest.fixture
def donor(officer: Client) -> Client:
    """珠海's office, which sees proposals of 怒江 and nobody's name."""
    return signed_in(reader("zhuhai", "donor_office", "440400"))


def made(**changed: object) -> Run:
    """A run in which every worker gets the vacancy."""
    homes = {1: VILLAGES[0], 2: VILLAGES[1], 3: VILLAGES[2], 4: VILLAGES[0]}
    rows = [worlds.proposal(number, region_code=home, utility=100 + number) for number, home in homes.items()]
    counties = [{"county": home[:6], "seeking": 2, "placed": 1, "share": 0.5} for home in VILLAGES]
    return worlds.run(rows, summary={"by_county": counties}, **changed)


def get(client: Client, address: str, status: int = 200) -> str:
    """A page as its reader sees its source."""
    with as_pages():
        answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def post(client: Client, address: str, status: int = 200, **values: object) -> str:
    """A form, and where it leads or what it says."""
    with as_pages():
        answer = client.post(address, values)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.headers.get("Location", "") or answer.content.decode()


def key(run: Run, worker: int) -> int:
    """Number of a worker's proposal."""
    return Proposal.objects.get(run=run, worker_id=worker).pk


def test_an_officer_asks_for_a_run_and_stops_it(officer: Client) -> None:
    """The form names its parameters with their present values; the order waits in the queue, and its page says so."""
    page = get(officer, f"/matching/?region={PLACE}&on=2019-12-31")
    assert 'name="set-labour.utility.nearby" value="20"' in page
    assert 'name="least-533301"' in page
    said = {"problem": "labour", "region": PLACE, "on": "2019-12-31", "had-labour.utility.nearby": "1",
            "set-labour.utility.nearby": "35", "least-533301": "1", "most-533301": ""}  # fmt: skip
    there = post(officer, "/matching/", 302, **said)
    order = models.MatchOrder.objects.get()
    assert there == f"/matching/orders/{order.pk}/"
    assert order.wanted == {
        "on": "2019-12-31", "parameters": {"labour.utility.nearby": 35}, "quotas": {"533301": [1, None]},
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'matching.order'")
        assert cursor.fetchone() == (1,)
    assert "data-order" in get(officer, there)
    with as_pages():
        answer = officer.get(f"{there}progress/")
    assert answer.headers["X-Order-State"] == "waiting"
    assert f'href="{there}"' in get(officer, "/matching/")
    assert 'role="alert"' in post(officer, "/matching/", 400, **said)
    post(officer, there, 302, do="stop")
    assert models.MatchOrder.objects.get().stop_asked


@pytest.mark.parametrize(
    "wrong",
    [
        {"set-labour.utility.nearby": "many", "had-labour.utility.nearby": "1"},
        {"set-labour.minimum_age": "3"},
        {"least-533301": "5", "most-533301": "2"},
        {"least-533301": "²"},
        {"region": "530000"},
        {"problem": "chess"},
        {"on": "never"},
        {"based_on": "x"},
    ],
)
def test_an_order_that_cannot_be_is_said_above_the_form(officer: Client, wrong: dict[str, str]) -> None:
    """Nothing is asked for; the page stays."""
    said = {"problem": "labour", "region": PLACE, "on": "2019-12-31"} | wrong
    assert 'role="alert"' in post(officer, "/matching/", 400, **said)
    assert not models.MatchOrder.objects.exists()


def test_who_asks_for_nothing_sees_no_form_and_no_order(officer: Client, donor: Client) -> None:
    """A donor sees runs that concern it, and cannot order labour runs of the recipient's people."""
    post(officer, "/matching/", 302, problem="labour", region=PLACE, on="2019-12-31")
    order = models.MatchOrder.objects.get()
    page = get(donor, "/matching/")
    assert "had-labour" not in page
    assert f"/matching/orders/{order.pk}/" not in page
    get(donor, f"/matching/orders/{order.pk}/", 404)
    get(donor, f"/matching/orders/{order.pk}/progress/", 404)
    assert 'role="alert"' in post(donor, "/matching/", 400, problem="labour", region=PLACE, on="2019-12-31")


def test_a_failed_order_says_why(officer: Client) -> None:
    """In a sentence, with the way to ask again."""
    post(officer, "/matching/", 302, problem="labour", region=PLACE, on="2019-12-31")
    models.MatchOrder.objects.update(state="failed", problem_said={"message": "甲坏了", "remedy": "再来一次"})
    page = get(officer, f"/matching/orders/{models.MatchOrder.objects.get().pk}/")
    assert "甲坏了" in page
    assert f"region={PLACE}" in page


def test_numbers_of_counties_are_shown_inside_the_scope_only(officer: Client, donor: Client) -> None:
    """The page of a run: the whole run's certificate for everybody, counties for who sees all of their people."""
    run = made()
    for client in (officer, donor):
        page = get(client, f"/matching/{run.pk}/")
        assert "county=533301" in page
        assert "county=530602" not in page
    elsewhere = made(region="310000")
    get(officer, f"/matching/{elsewhere.pk}/", 404)
    get(officer, f"/matching/{elsewhere.pk}/proposals/", 404)
    get(officer, f"/matching/{run.pk}/against/{elsewhere.pk}/", 404)


def test_proposals_are_shown_by_name_or_as_pseudonyms(officer: Client, donor: Client) -> None:
    """The office reads names of its own people and may tick them; the donor reads pseudonyms and signs nothing."""
    run = made()
    mine, theirs = (get(client, f"/matching/{run.pk}/proposals/") for client in (officer, donor))
    shown = {int(number) for number in re.findall(r'name="proposal" value="(\d+)"', mine)}
    assert shown == {key(run, worker) for worker in MINE}
    assert "合成人" in mine
    assert 'name="proposal"' not in theirs
    assert "合成人" not in theirs
    assert f"{1:032x}"[:8] in theirs
    for page in (mine, theirs):
        assert re.findall(r'id="proposal-count">\s*(\d+)', page) == ["2"]
        assert not any(f'/proposals/{key(run, worker)}/"' in page for worker in FOREIGN)
    for worker in FOREIGN:
        get(officer, f"/proposals/{key(run, worker)}/", 404)


def test_the_old_addresses_lead_on(officer: Client) -> None:
    """Without a run to the page of runs, with one to its proposals, with what was asked."""
    with as_pages():
        assert officer.get("/proposals/").headers["Location"] == "/matching/"
    run = made()
    with as_pages():
        there = officer.get("/proposals/?county=533301").headers["Location"]
    assert there == f"/matching/{run.pk}/proposals/?county=533301"


def test_signing_makes_offers_and_says_who_was_left_out(officer: Client) -> None:
    """One of the two has work meanwhile, one lives elsewhere: one offer, two sentences."""
    run = made()
    models.Placement.objects.create(
        placement_id=9, person_id=10, household_id=4, region_code=VILLAGES[0], work_region_code="310115", kind="east",
        started_on=date(2019, 3, 1),
    )  # fmt: skip
    page = post(
        officer, f"/matching/{run.pk}/proposals/", do="sign", proposal=[str(key(run, worker)) for worker in (1, 2, 4)]
    )
    assert re.findall(r'id="signed-count">(\d+)', page) == ["1"]
    assert list(models.JobOffer.objects.values_list("worker_id", "run", "state")) == [(1, str(run.pk), "offered")]
    assert "已安置就业" in page
    assert 'role="alert"' in post(officer, f"/matching/{run.pk}/proposals/", 400, do="sign")


def test_all_of_a_filter_is_signed_at_once(officer: Client, donor: Client) -> None:
    """Only of the filter; a second signature makes nothing more; who may not sign makes nothing."""
    run = made()
    post(donor, f"/matching/{run.pk}/proposals/", do="sign_all")
    assert not models.JobOffer.objects.exists()
    page = post(officer, f"/matching/{run.pk}/proposals/?tier=0", 400, do="sign_all")
    assert 'role="alert"' in page
    post(officer, f"/matching/{run.pk}/proposals/?county=533301", do="sign_all")
    assert set(models.JobOffer.objects.values_list("worker_id", flat=True)) == set(MINE)
    page = post(officer, f"/matching/{run.pk}/proposals/", do="sign_all")
    assert re.findall(r'id="signed-count">(\d+)', page) == ["0"]
    assert models.JobOffer.objects.count() == len(MINE)


def test_a_pair_is_pinned_forbidden_and_freed(officer: Client, donor: Client) -> None:
    """With a reason, by the office of the home; who only sees the proposal cannot."""
    run = made()
    there = f"/proposals/{key(run, 1)}/"
    post(donor, there, 400, do="pin", right="1", reason="不行")
    post(officer, there, 400, do="pin", right="1", reason="")
    post(officer, there, 400, do="pin", right="77", reason="没有这个岗位")
    assert not models.MatchMark.objects.exists()
    post(officer, there, 302, do="pin", right="1", reason="家人在同一厂")
    mark = models.MatchMark.objects.get()
    assert (mark.left_id, mark.right_id, mark.kind, mark.region_code) == (1, 1, "pin", VILLAGES[0])
    page = get(officer, there)
    assert "家人在同一厂" in page
    assert f'name="mark" value="{mark.pk}"' in page
    assert "家人在同一厂" in get(officer, f"/matching/{run.pk}/")
    assert "家人在同一厂" not in get(donor, there)
    post(officer, there, 302, do="take_back", mark=str(mark.pk))
    assert models.MatchMark.objects.get().ended_at is not None
    post(officer, there, 400, do="take_back", mark=str(mark.pk))


def test_one_proposal_is_signed_on_its_page(officer: Client) -> None:
    """The offer is there; a second time it is said why not."""
    run = made()
    there = f"/proposals/{key(run, 4)}/"
    post(officer, there, do="sign")
    assert models.JobOffer.objects.get().worker_id == 4
    assert "已有未完结的推荐" in post(officer, there, do="sign")


def test_two_runs_side_by_side(officer: Client) -> None:
    """The figures of the page are those counted by hand, of the reader's people only."""
    first = made()
    second = worlds.run(
        [worlds.proposal(1, region_code=VILLAGES[0], vacancy_id=2), worlds.proposal(2, region_code=VILLAGES[1])],
        settings={"quotas": {"533301": [1, 2]}},
    )
    page = get(officer, f"/matching/{first.pk}/against/{second.pk}/")
    figures = [int(number) for number in re.findall(r"<dd>(\d+)</dd></div>", page)]
    assert figures == [0, 1, 1, 0]  # the same, changed place, in the first only, in the second only
    assert page.count("合成人") == 2
    assert "1 至 2" in page or "1 to 2" in page
    second.settings = {"quotas": {"530602": [7, 8]}}
    second.save()
    for address in (f"/matching/{first.pk}/against/{second.pk}/", f"/matching/{second.pk}/"):
        assert not re.search("7 (至|to) 8", get(officer, address))


def test_pairs_of_other_problems_use_the_same_pages(officer: Client, donor: Client) -> None:
    """Counties by name, why, the next best; with the words of the run."""
    run = worlds.run_of_pairs(
        [worlds.pair(533301, 440402, left_region="533301", right_region="440402", facts={"burden": 12},
                     next_right_id=440403, next_utility=3, next_price=0)],
        labels={"served": ["获得结对", "gets a partner"], "burden": ["负担", "burden"]},
    )  # fmt: skip
    page = get(officer, f"/matching/{run.pk}/proposals/")
    assert "获得结对" in page
    assert "泸水" in page
    number = re.findall(r"/matching/pairs/(\d+)/", page)[0]
    page = get(officer, f"/matching/pairs/{number}/")
    assert "负担" in page
    assert "12" in page
    assert "香洲" in get(donor, f"/matching/pairs/{number}/")
    stranger = signed_in(reader("elsewhere", "recipient_office", "522600"))
    get(stranger, f"/matching/pairs/{number}/", 404)
    assert "县级结对" in get(officer, f"/matching/{run.pk}/")


@pytest.mark.duty("pairing.5")
def test_one_county_pair_is_signed_on_its_page_with_its_basis(officer: Client) -> None:
    """The form asks for basis and first day as the list does; without them it is said, with them the pair is made."""
    run = worlds.run_of_pairs([worlds.pair(533301, 440402, left_region="533301", right_region="440402")])
    there = f"/matching/pairs/{run.pair_proposals.get().pk}/"
    assert all(f'name="{name}"' in get(officer, there) for name in ("basis", "valid_from"))
    assert 'role="alert"' in post(officer, there, 400, do="sign", basis="合成协议1号", valid_from="")
    assert 'value="合成协议1号"' in post(officer, there, 400, do="sign", basis="合成协议1号", valid_from="x")
    post(officer, there, do="sign", basis="合成协议1号", valid_from=date.today().isoformat())
    made_pair = models.Pairing.objects.get(level="county_to_county")
    assert (made_pair.recipient_code, made_pair.donor_code, made_pair.basis) == ("533301", "440402", "合成协议1号")


def test_the_home_page_says_more_than_where_it_did_not_count_on(
    officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two proposals where it counts to one, and the run tells no number; all of them where it counts on."""
    run = made()
    run.summary.pop("spread")
    run.save()
    words = "(More than|超过) *1 "
    assert not re.search(words, get(officer, "/"))
    monkeypatch.setattr(proposals, "COUNTED_TO", 1)
    assert re.search(words, get(officer, "/"))


@pytest.mark.parametrize("asked", ["after=x", "before=1~2"])
def test_an_address_that_names_no_page_is_said(officer: Client, asked: str) -> None:
    """As a sentence, not as a crash."""
    get(officer, f"/matching/{made().pk}/proposals/?{asked}", 404)
