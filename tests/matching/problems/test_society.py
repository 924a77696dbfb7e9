"""企业与村, 需求与意向: who may help whom, what capacity is left, and that the proposals are the best there are."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiedui.errors import JieduiError
from jiedui.matching.problems.society import propose_needs, propose_villages
from jiedui.matching.problems.society.limits import refuse_too_many
from tests.matching.problems.pair_world import (
    DONGGUAN,
    LUDIAN,
    LUQUAN,
    ON,
    PARAMETERS,
    XUHUI,
    ZHAOYANG,
    asked,
    best,
    freeze,
    km,
    pairs,
    reached,
)

FIRM = {"kind": "firm", "name": "演示公司"}
ZHAOTONG_VILLAGE, OTHER_VILLAGE, KUNMING_VILLAGE = ZHAOYANG + "101201", LUDIAN + "102203", LUQUAN + "100200"


def offer(number, **changed):
    """A firm of 东莞 that would be paired with one village."""
    return {
        "help_offer_id": number,
        "organisation_id": number,
        "region_code": DONGGUAN,
        "kind": "village",
        "title": "结对帮村",
        "capacity": 1,
        "amount_fen": None,
        "wish_place": None,
        "since": date(2019, 3, 1),
        "until": None,
        "state": "open",
    } | changed


def need(number, **changed):
    """A village school that needs books."""
    return {
        "need_id": number,
        "region_code": ZHAOTONG_VILLAGE,
        "kind": "goods",
        "title": "图书",
        "amount_fen": 100_00,
        "households": None,
        "since": date(2019, 10, 2),
        "until": None,
        "state": "open",
    } | changed


def households(village, poor, exited=0, first=1):
    """Households of a village and what they were in 2019."""
    rows, years = [], []
    for k in range(poor + exited):
        rows.append(
            {
                "household_id": first + k,
                "region_code": village,
                "entered_on": date(2016, 1, 1),
                "cause": "land",
                "unsafe_housing": False,
                "safe_water": True,
            }
        )
        years.append(
            {
                "household_year_id": first + k,
                "household_id": first + k,
                "region_code": village,
                "year": 2019,
                "status": "poor" if k < poor else "exited",
                "members": 3,
            }
        )
    return {"household": rows, "household_year": years}


def frozen(folder, offers, **rows):
    """A snapshot of offers, the organisations behind them, and more."""
    firms = {row["organisation_id"]: row["region_code"] for row in offers}
    organisation = [FIRM | {"organisation_id": firm, "region_code": home} for firm, home in firms.items()]
    return freeze(folder, help_offer=list(offers), organisation=organisation, **rows)


def village_pair(number, firm, village, since):
    """A firm that has a village."""
    return {"village_pair_id": number, "organisation_id": firm, "region_code": village, "since": since}


@pytest.mark.duty("society.2")
def test_villages_with_poor_households_wait_for_a_firm_of_their_donor(tmp_path):
    """The poorer village first; one where nobody is poor, and one of another donor, get nobody."""
    some, more = households(ZHAOTONG_VILLAGE, 1, 2), households(OTHER_VILLAGE, 3, first=10)
    none, other = households(ZHAOYANG + "101202", 0, 4, first=20), households(KUNMING_VILLAGE, 5, first=30)
    rows = {table: [row for part in (some, more, none, other) for row in part[table]] for table in some}
    outcome = propose_villages(frozen(tmp_path / "s", [offer(1)], **rows), **asked())
    assert pairs(outcome) == {int(OTHER_VILLAGE): 1}
    assert outcome.counts["left"] == 3
    assert json.loads(outcome.proposals["facts"][0].as_py())["poor_households"] == 3


@pytest.mark.duty("society.2")
def test_a_firm_goes_where_it_wishes_too(tmp_path):
    """A wish outside the pairing makes the pair possible; a run of a region serves its villages alone."""
    rows = households(KUNMING_VILLAGE, 1)
    wished = frozen(tmp_path / "s", [offer(1, wish_place="530100")], **rows)
    assert pairs(propose_villages(wished, **asked())) == {int(KUNMING_VILLAGE): 1}
    assert pairs(propose_villages(wished, **asked(region_code="530600"))) == {}


@pytest.mark.duty("society.2")
@pytest.mark.parametrize(("since", "left"), [(date(2019, 2, 1), 1), (date(2019, 3, 1), 0)])
def test_pairs_since_the_offer_began_use_it_up(tmp_path, since, left):
    """A village that the firm took before its offer does not count against it; one since then does."""
    rows = households(ZHAOTONG_VILLAGE, 1)
    snapshot = frozen(tmp_path / "s", [offer(1)], village_pair=[village_pair(1, 1, OTHER_VILLAGE, since)], **rows)
    assert len(propose_villages(snapshot, **asked()).proposals) == left


@pytest.mark.duty("society.2")
def test_a_village_with_a_firm_waits_for_none(tmp_path):
    """It is no left side, whoever its firm is; a village that asked is one even without poor households."""
    paired = [village_pair(1, 2, ZHAOTONG_VILLAGE, date(2018, 1, 1))]
    wants = [need(1, kind="village", region_code=OTHER_VILLAGE)]
    offers = [offer(1), offer(2, state="closed")]
    snapshot = frozen(tmp_path / "s", offers, village_pair=paired, need=wants, **households(ZHAOTONG_VILLAGE, 2))
    assert pairs(propose_villages(snapshot, **asked())) == {int(OTHER_VILLAGE): 1}


@pytest.mark.duty("society.1")
@pytest.mark.parametrize(
    ("wanted", "offered", "possible"),
    [
        ({}, {}, True),
        ({"amount_fen": 100_01}, {}, False),
        ({"amount_fen": None}, {}, True),
        ({"amount_fen": 9**9}, {"amount_fen": None}, True),
        ({"kind": "money"}, {}, False),
        ({"state": "met"}, {}, False),
        ({"until": ON}, {}, False),
        ({}, {"state": "closed"}, False),
        ({}, {"since": date(2020, 1, 1)}, False),
        ({}, {"capacity": 0}, False),
    ],
)
def test_an_offer_of_the_kind_whose_amount_fits(tmp_path, wanted, offered, possible):
    """The amount may be reached, not passed; what is not known rules nothing out; both must be open on the day."""
    offers = [offer(1, **({"kind": "goods", "amount_fen": 100_00} | offered))]
    snapshot = frozen(tmp_path / "s", offers, need=[need(1, **wanted)])
    assert pairs(propose_needs(snapshot, **asked())) == ({1: 1} if possible else {})


@pytest.mark.duty("society.1")
def test_help_that_is_given_takes_capacity_and_help_that_ended_gives_it_back(tmp_path):
    """An offer for two needs with one open: one is left; the need that has help waits for none."""
    given = {
        "help_given_id": 1,
        "need_id": 1,
        "help_offer_id": 1,
        "region_code": ZHAOTONG_VILLAGE,
        "signed_on": date(2019, 11, 1),
    }
    needs = [need(1), need(2, since=date(2019, 12, 1)), need(3)]
    offers = [offer(1, kind="goods", capacity=2)]
    open_ = frozen(tmp_path / "a", offers, need=needs, help_given=[given])
    ended = frozen(tmp_path / "b", offers, need=needs, help_given=[given | {"ended_on": date(2019, 12, 1)}])
    assert pairs(propose_needs(open_, **asked())) == {3: 1}
    assert pairs(propose_needs(ended, **asked())) == {1: 1, 3: 1}


def test_too_much_for_one_run_is_refused_in_words():
    """A million villages and a thousand offers: the sentence says to take a smaller region."""
    with pytest.raises(JieduiError, match="1,000,000 places and 1,000 offers") as refused:
        refuse_too_many(1_000_000, 1_000)
    assert "smaller region" in refused.value.remedy


KINDS = st.sampled_from(["goods", "money"])
PLACES = st.sampled_from([ZHAOTONG_VILLAGE, OTHER_VILLAGE, KUNMING_VILLAGE])
NEEDS = st.lists(
    st.fixed_dictionaries(
        {
            "region_code": PLACES,
            "kind": KINDS,
            "amount_fen": st.sampled_from([None, 10_00, 500_00]),
            "households": st.none() | st.integers(0, 300),
            "since": st.sampled_from([date(2018, 1, 1), date(2019, 10, 2), date(2019, 12, 31)]),
        }
    ),
    max_size=4,
)
OFFERS = st.lists(
    st.fixed_dictionaries(
        {
            "region_code": st.sampled_from([DONGGUAN, XUHUI]),
            "kind": KINDS,
            "capacity": st.integers(0, 2),
            "amount_fen": st.sampled_from([None, 10_00, 300_00]),
            "wish_place": st.sampled_from([None, "530600", KUNMING_VILLAGE]),
        }
    ),
    max_size=3,
)


@pytest.mark.duty("society.1")
@given(NEEDS, OFFERS)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_proposals_are_the_best_by_trying_all(tmp_path_factory, wanted, offered):
    """Most needs met, then the most points, over every assignment; the same again from the same records."""
    needs = [need(k + 1, **row) for k, row in enumerate(wanted)]
    offers = [offer(k + 1, **row) for k, row in enumerate(offered)]
    snapshot = frozen(tmp_path_factory.mktemp("s") / "a", offers, need=needs)
    outcome = propose_needs(snapshot, **asked())
    worth = {
        (n["need_id"], o["help_offer_id"]): value for n in needs for o in offers if (value := _worth(n, o)) is not None
    }
    seats = {o["help_offer_id"]: o["capacity"] for o in offers}
    assert reached(outcome) == best(worth, [n["need_id"] for n in needs], seats)
    assert outcome.proposals.equals(propose_needs(snapshot, **asked()).proposals)


def _worth(n, o):
    """Points of an offer for a need, in plain words; None where it may not be."""
    dear = None not in (n["amount_fen"], o["amount_fen"]) and n["amount_fen"] > o["amount_fen"]
    if n["kind"] != o["kind"] or dear:
        return None

    def of(name):
        return PARAMETERS.value(f"society.match.need_{name}")

    in_zhaotong = n["region_code"] != KUNMING_VILLAGE
    wished = {None: False, "530600": in_zhaotong, KUNMING_VILLAGE: not in_zhaotong}[o["wish_place"]]
    away = round(km(n["region_code"][:6], o["region_code"]) / 100 * of("distance_per_100_km"))
    return (
        of("met")
        + min((n["households"] or 0) // 10 * of("per_10_households"), of("households_most"))
        + min((ON - n["since"]).days // 30 * of("waiting_per_30_days"), of("waiting_most"))
        + of("wish") * wished
        + of("pairing") * (in_zhaotong == (o["region_code"] == DONGGUAN))
        - min(away, of("distance_most"))
    )
