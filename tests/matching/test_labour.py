"""人岗对接: who is matched, what counts, what never counts, and that every proposal explains itself."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import jiedui.matching
from jiedui.errors import JieduiError
from jiedui.matching.problems.labour import Asked, Warm, propose, shortlists
from jiedui.matching.problems.labour.candidates import Sizes, candidates
from jiedui.matching.problems.labour.judging import FITS
from jiedui.matching.problems.labour.points import linked
from jiedui.matching.problems.labour.proposals import read_scale
from jiedui.matching.problems.labour.table import SCHEMA
from jiedui.matching.problems.labour.weights import PARTS, Weights
from jiedui.matching.problems.places import great_circle_km
from jiedui.matching.solver.crew import Crew
from jiedui.results.models import Proposal
from jiedui.terms.divisions import Gazetteer
from tests.matching import labour_oracle
from tests.matching.labour_world import (
    DONGGUAN,
    LUSHUI,
    ON,
    ZHAOYANG,
    ZHUHAI,
    freeze,
    offer,
    random_rows,
    vacancy,
    weights,
    worker,
)

GAZETTEER = Gazetteer.load()
NO_COORDINATES = "230724"
"""丰林县, founded in 2019: its seat is not among the coordinates."""


def proposed(tmp_path, workers, vacancies, placements=(), offers=(), **asked):
    """The proposals for these rows."""
    snapshot = freeze(tmp_path / "snapshot", workers, vacancies, placements, offers)
    return propose(snapshot, parameters=weights(), gazetteer=GAZETTEER, asked=Asked(**asked))


def pairs(result):
    """worker → vacancy of the proposals."""
    return dict(zip(result.proposals["worker_id"].to_pylist(), result.proposals["vacancy_id"].to_pylist(), strict=True))


def told(result, row):
    """The parts of a proposal that are not 0, by name."""
    return {name: points for name, points in zip(result.parts, row["points"], strict=True) if points}


def placement(number, person, **changed):
    """A running placement."""
    return {
        "placement_id": number,
        "person_id": f"{person:032x}",
        "household_id": person,
        "region_code": ZHAOYANG + "101201",
        "work_region_code": DONGGUAN,
        "kind": "east",
        "started_on": date(2019, 3, 1),
    } | changed


@pytest.mark.duty("labour.1")
@pytest.mark.parametrize(
    "changed",
    [
        {"willing": False},
        {"able": False},
        {"work_status": "away_east"},
        {"work_status": "near"},
        {"in_school": True},
        {"left_on": date(2019, 5, 1)},
        {"birth_year": 2003},
        {"registered_on": date(2020, 1, 1)},
    ],
)
def test_only_those_who_seek_work_are_matched(tmp_path, changed):
    """Unwilling, unable, working, in school, gone, perhaps not of age, or not yet registered: not matched."""
    result = proposed(tmp_path, [worker(1, **changed), worker(2)], [vacancy(1, seats=2)])
    assert pairs(result) == {2: 1}


@pytest.mark.duty("labour.1")
def test_who_holds_a_placement_on_the_day_is_not_matched_again(tmp_path):
    """A running placement counts; one that ended does not."""
    ended = placement(2, 2, ended_on=date(2019, 12, 31))
    result = proposed(tmp_path, [worker(1), worker(2)], [vacancy(1, seats=2)], [placement(1, 1), ended])
    assert pairs(result) == {2: 1}


@pytest.mark.duty("labour.2")
def test_only_open_vacancies_with_free_seats_take_anybody(tmp_path):
    """Closed, not yet open, and filled by running placements: no seat; the last day still counts."""
    jobs = [
        vacancy(1, open_to=date(2019, 12, 30)),
        vacancy(2, open_from=date(2020, 1, 1)),
        vacancy(3, seats=1),
        vacancy(4, open_to=ON, monthly_wage_fen=200_000),
    ]
    result = proposed(tmp_path, [worker(1), worker(9)], jobs, [placement(1, 9, vacancy_id=3)])
    assert pairs(result) == {1: 4}


@pytest.mark.duty("labour.1")
@pytest.mark.parametrize(
    ("state", "matched"),
    [
        ("offered", False),
        ("accepted", False),
        ("departed", False),
        ("started", False),
        ("lapsed", True),
        ("left", True),
    ],
)
def test_who_has_an_open_offer_is_not_matched(tmp_path, state, matched):
    """An offer that is open holds its worker; one that came to an end does not."""
    jobs = [vacancy(1), vacancy(2, region_code=ZHUHAI, monthly_wage_fen=500_000)]
    result = proposed(tmp_path, [worker(1)], jobs, offers=[offer(1, 1, 1, state=state)])
    assert pairs(result) == ({1: 2} if matched else {})


@pytest.mark.duty("labour.2")
def test_an_open_offer_holds_a_seat_and_its_placement_not_another(tmp_path):
    """Two seats: one started through an offer, whose placement names it; the other one is free."""
    started = offer(1, 9, 1, state="started")
    running = placement(1, 9, vacancy_id=1, job_offer_id=1)
    result = proposed(tmp_path, [worker(1), worker(2), worker(9)], [vacancy(1, seats=2)], [running], [started])
    assert len(pairs(result)) == 1


@pytest.mark.duty("labour.2")
@pytest.mark.parametrize("state", ["reported", "withdrawn"])
def test_a_vacancy_that_is_not_checked_takes_nobody(tmp_path, state):
    """Only checked vacancies count."""
    assert pairs(proposed(tmp_path, [worker(1)], [vacancy(1, state=state)])) == {}


@pytest.mark.duty("labour.3")
@pytest.mark.parametrize(
    ("reason", "job", "possible"),
    [
        ("other", {}, True),
        ("found", {}, True),
        ("firm", {}, False),
        ("firm", {"organisation_id": 2}, True),
        ("work", {}, False),
        ("work", {"occupation": "6-05-04"}, True),
        ("wage", {}, False),
        ("wage", {"monthly_wage_fen": 400_001}, True),
        ("distance", {}, False),
        ("distance", {"region_code": ZHAOYANG}, True),
        ("lodging", {"dormitory": False}, False),
        ("lodging", {}, True),
    ],
)
def test_what_follows_from_a_refusal(tmp_path, reason, job, possible):
    """The vacancy refused is never proposed again; others only as the reason leaves them."""
    refused = offer(1, 1, 1, state="refused", refusal=reason, answered_on=date(2019, 12, 5))
    result = proposed(tmp_path, [worker(1)], [vacancy(1), vacancy(2, **job)], offers=[refused])
    assert pairs(result) == ({1: 2} if possible else {})


@pytest.mark.duty("labour.3")
def test_an_old_refusal_keeps_only_its_vacancy_away(tmp_path):
    """After `labour.refusal_days` the firm is proposed again, that vacancy not."""
    long_ago = date(2019, 2, 1)
    refused = offer(1, 1, 1, state="refused", refusal="firm", offered_on=long_ago, answered_on=long_ago)
    assert pairs(proposed(tmp_path, [worker(1)], [vacancy(1), vacancy(2)], offers=[refused])) == {1: 2}


@pytest.mark.duty("labour.3")
def test_marks_of_officers_are_kept(tmp_path):
    """A forbidden pair is not proposed; a pinned one is, though another worker comes first and fits better."""
    people = [worker(1, status="relapsed", occupation="6-05-01"), worker(2)]
    jobs = [vacancy(1), vacancy(2, monthly_wage_fen=200_000)]
    assert pairs(proposed(tmp_path / "a", people, jobs, pins=[(2, 1)])) == {1: 2, 2: 1}
    assert pairs(proposed(tmp_path / "b", people, jobs, forbids=[(1, 1), (2, 2)])) == {1: 2, 2: 1}


@pytest.mark.duty("labour.3")
def test_a_pin_that_cannot_be_is_refused(tmp_path):
    """More pins than seats, an impossible pair, a vacancy that is not open, a contradiction: each is said."""
    people, jobs = [worker(1), worker(2), worker(3, min_wage_fen=500_000)], [vacancy(1)]
    for pins, words in (
        ([(1, 1), (2, 1)], "1 free seats and 2"),
        ([(3, 1)], "not possible"),
        ([(1, 9)], "not open"),
    ):
        with pytest.raises(JieduiError, match=words):
            proposed(tmp_path / words[:3], people, jobs, pins=pins)
    with pytest.raises(JieduiError, match="pinned and forbidden"):
        Asked(pins=[(1, 1)], forbids=[(1, 1)])


@pytest.mark.duty("labour.3")
def test_the_partner_of_a_pinned_worker_goes_to_the_same_county_or_stays(tmp_path):
    """The better vacancy in another county is no candidate any more."""
    people = [worker(1, partner_id=2), worker(2, partner_id=1)]
    jobs = [vacancy(1, seats=2), vacancy(2, region_code=ZHUHAI, monthly_wage_fen=600_000)]
    result = proposed(tmp_path, people, jobs, pins=[(1, 1)])
    assert pairs(result) == {1: 1, 2: 1}
    assert result.proposals["partner"].to_pylist() == ["together", "together"]
    assert result.certificate["placements"] == 2


@pytest.mark.duty("labour.1")
def test_only_the_workers_of_the_region_are_served(tmp_path):
    """A run of one prefecture leaves the others out."""
    people = [worker(1), worker(2, region_code=LUSHUI + "101201")]
    assert pairs(proposed(tmp_path, people, [vacancy(1, seats=2)], region_code="533300")) == {2: 1}


@pytest.mark.duty("labour.3")
@pytest.mark.parametrize(
    ("person", "job"),
    [
        ({"min_wage_fen": 400_001}, {}),
        ({"max_distance_km": 1000}, {}),
        ({"skill": "none"}, {"skill": "basic"}),
        ({"needs_dormitory": True}, {"dormitory": False}),
        ({"season": "off_season"}, {}),
        ({"occupation": "4-03-02"}, {"skill": "basic"}),
        ({"needs_school": True}, {"school_place": False}),
        ({"work_limit": "light_only"}, {"demand": "heavy"}),
        ({"work_limit": "no_dust"}, {"demand": "dust"}),
        ({"work_limit": "no_height"}, {"demand": "height"}),
        ({"night_shift": False}, {"night_shift": True}),
        ({"mandarin": False}, {"mandarin": True}),
    ],
)
def test_constraints_are_kept(tmp_path, person, job):
    """Wage, distance, skill, dormitory, season, a skilled vacancy of a foreign occupation, and the rest, exclude it."""
    assert pairs(proposed(tmp_path, [worker(1, **person)], [vacancy(1, **job)])) == {}


@pytest.mark.duty("labour.3")
@pytest.mark.parametrize(
    ("person", "job"),
    [
        ({"min_wage_fen": 400_000}, {}),
        ({"max_distance_km": 1300}, {}),
        ({"skill": "senior"}, {"skill": "basic"}),
        ({"needs_dormitory": True}, {"dormitory": False, "region_code": ZHAOYANG}),
        ({"season": "off_season"}, {"season": "off_season"}),
        ({"occupation": "6-05-04"}, {"skill": "basic"}),
        ({"occupation": "4-03-02"}, {"skill": "none"}),
        ({"occupation": "4-03-02", "occupation_2": "6-05-04"}, {"skill": "basic"}),
        ({"needs_school": True}, {"school_place": None}),
        ({"needs_school": True}, {"school_place": False, "region_code": ZHAOYANG}),
        ({"work_limit": "light_only"}, {"demand": None}),
        ({"work_limit": None}, {"demand": "heavy"}),
        ({"night_shift": None}, {"night_shift": True}),
        ({"mandarin": False}, {"mandarin": None}),
    ],
)
def test_what_just_fits_is_possible(tmp_path, person, job):
    """The other side of each constraint: equal wage, enough distance; and what is not known rules nothing out."""
    assert pairs(proposed(tmp_path, [worker(1, **person)], [vacancy(1, **job)])) == {1: 1}


@pytest.mark.duty("labour.3")
def test_near_home_beats_a_better_wage_for_one_who_cares(tmp_path):
    """With two dependants the nearby vacancy wins over 6,000 yuan far away; without them the wage does."""
    jobs = [vacancy(1, monthly_wage_fen=600_000, seats=5), vacancy(2, region_code=ZHAOYANG, monthly_wage_fen=250_000)]
    person = {"min_wage_fen": 200_000}
    assert pairs(proposed(tmp_path / "a", [worker(1, dependants=2, **person)], jobs)) == {1: 2}
    assert pairs(proposed(tmp_path / "b", [worker(1, dependants=0, **person)], jobs)) == {1: 1}


@pytest.mark.duty("labour.3")
def test_households_still_poor_or_fallen_back_are_served_first(tmp_path):
    """One seat: the worker of a household that fell back gets it, though the other one fits better."""
    people = [worker(1, status="exited", occupation="6-05-01"), worker(2, status="relapsed"), worker(3, status=None)]
    result = proposed(tmp_path, people, [vacancy(1)])
    assert pairs(result) == {2: 1}
    assert result.proposals["tier"].to_pylist() == [0]


@pytest.mark.duty("labour.3")
def test_points_add_up_to_the_utility_and_name_what_counted(tmp_path):
    """The points are the utility; a donor's area, distance and wage are among them, and the facts stand beside."""
    result = proposed(tmp_path, [worker(1, min_wage_fen=300_000, occupation="6-05-04", dependants=1)], [vacancy(1)])
    (row,) = result.proposals.to_pylist()
    assert sum(row["points"]) == row["utility"]
    assert set(told(result, row)) == {
        *("placement", "wage", "distance", "pairing", "occupation", "dormitory", "all_year"),
    }
    assert (row["wage_fen"], row["expected_fen"], row["dependants"]) == (400_000, 300_000, 1)
    assert (row["occupation_fit"], row["partner"]) == ("related", "")
    assert row["distance_km"] == pytest.approx(1140, abs=60)
    assert (row["wish_vacancy_id"], row["wish_reason"], row["next_vacancy_id"]) == (None, "", None)
    assert row["next_region_code"] == row["wish_region_code"] == ""


@pytest.mark.duty("labour.3")
def test_wishes_count_in_order(tmp_path):
    """The first wish for work or place is worth more than the second, and that more than none."""
    person = worker(
        1, occupation="6-05-01", occupation_2="6-25-04", wish_place="440000", wish_place_2="310000",
    )  # fmt: skip
    jobs = [
        vacancy(1),
        vacancy(2, occupation="6-25-04"),
        vacancy(3, region_code="310115"),
        vacancy(4, occupation="4-03-02"),
    ]
    scale = read_scale(freeze(tmp_path / "snapshot", [person], jobs), ON, weights(), GAZETTEER)
    points = scale.points(np.zeros(4, np.int64), np.arange(4))
    work, place = points[:, PARTS.index("occupation")].tolist(), points[:, PARTS.index("place")].tolist()
    assert work[0] == work[2] > work[1] > work[3] == 0
    assert place[0] == place[1] == place[3] > place[2] > 0


@pytest.mark.duty("labour.3")
def test_the_loser_of_a_seat_learns_why(tmp_path):
    """Two want the better vacancy with one seat: the one who gets the other is told of the price."""
    jobs = [vacancy(1, monthly_wage_fen=500_000), vacancy(2, monthly_wage_fen=400_000, region_code="440402")]
    people = [worker(1, min_wage_fen=200_000), worker(2, min_wage_fen=250_000)]
    rows = proposed(tmp_path, people, jobs).proposals.to_pylist()
    assert {row["worker_id"]: row["vacancy_id"] for row in rows}.keys() == {1, 2}
    (second,) = (row for row in rows if row["vacancy_id"] == 2)
    assert (second["wish_vacancy_id"], second["wish_reason"]) == (1, "price")
    assert second["wish_utility"] - second["utility"] <= second["wish_price"] - second["price"]


@pytest.mark.duty("labour.3")
def test_couples_go_to_one_county_or_stay(tmp_path):
    """Each alone would go elsewhere; together they take the county that has room for both."""
    people = [worker(1, partner_id=2), worker(2, partner_id=1, max_distance_km=100), worker(3)]
    near = vacancy(2, region_code=ZHAOYANG, monthly_wage_fen=300_000, seats=2)
    result = proposed(tmp_path / "a", people, [vacancy(1, seats=2), near])
    assert pairs(result) == {1: 2, 2: 2, 3: 1}
    assert result.proposals["partner"].to_pylist() == ["together", "together", ""]
    assert result.certificate["proven"]
    assert result.certificate["couples"] == {"linked": 1, "placed": 1}
    alone = proposed(tmp_path / "b", people, [vacancy(1, seats=2), near | {"seats": 1}])
    assert pairs(alone) == {3: 1}


@pytest.mark.duty("labour.3")
def test_no_county_is_forgotten_where_it_has_a_floor(tmp_path):
    """With one seat the nearer county's worker gets it; a floor gives it to the other; a cap does so too."""
    people = [worker(1), worker(2, region_code=LUSHUI + "101201")]
    job = [vacancy(1, region_code=ZHAOYANG)]
    assert pairs(proposed(tmp_path / "a", people, job)) == {1: 1}
    result = proposed(tmp_path / "b", people, job, quotas={LUSHUI: (1, None)})
    assert pairs(result) == {2: 1}
    assert {row["county"]: row["placed"] for row in result.by_county} == {ZHAOYANG: 0, LUSHUI: 1}
    assert pairs(proposed(tmp_path / "c", people, job, quotas={ZHAOYANG: (0, 0)})) == {2: 1}
    with pytest.raises(JieduiError, match="cannot all be met"):
        proposed(tmp_path / "d", people, job, quotas={LUSHUI: (1, None), ZHAOYANG: (1, None)})


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """400 workers and 120 vacancies by chance, frozen."""
    people, jobs = random_rows(4, 400, 120)
    return freeze(tmp_path_factory.mktemp("many") / "snapshot", people, jobs)


@pytest.fixture(scope="module")
def result(many):
    """The proposals of the random market."""
    return propose(many, parameters=weights(), gazetteer=GAZETTEER)


def test_the_optimum_is_proven_and_no_rule_is_better_for_the_first_tier(result):
    """Every bound holds, couples leave at most a small gap; three rows are compared, all with every figure."""
    for level in result.certificate["levels"]:
        assert level["value"] <= level["bound"]
    assert result.certificate["gap"] <= 0.02
    assert result.certificate["every_pair"]
    assert [row["way"] for row in result.comparison] == ["first come first served", "greedy", "optimal"]
    *simple, optimal = result.comparison
    assert all(row["placements_first_tier"] <= optimal["placements_first_tier"] for row in simple)
    assert optimal["placements"] == result.proposals.num_rows == result.certificate["placements"]
    assert optimal["utility"] == result.certificate["objective"] == sum(result.proposals["utility"].to_pylist())
    assert optimal["couples_together"] == 1
    assert all(set(row) == set(optimal) for row in simple)
    assert sum(row["placed"] for row in result.by_county) == optimal["placements"]


def test_every_proposal_keeps_the_constraints_and_its_points_add_up(many, result):
    """All proposals of a random market, against the rows themselves; couples are in one county or out."""
    people = {row["worker_id"]: row for row in many.table("worker").to_pylist()}
    jobs = {row["vacancy_id"]: row for row in many.table("vacancy").to_pylist()}
    near, place = Weights.of(weights()).nearby_km, {}
    taken: dict[int, int] = {}
    for row in result.proposals.to_pylist():
        person, job = people[row["worker_id"]], jobs[row["vacancy_id"]]
        taken[row["vacancy_id"]] = taken.get(row["vacancy_id"], 0) + 1
        place[row["worker_id"]] = row["work_region_code"]
        away = labour_oracle.distance_km(person, job, GAZETTEER)
        assert labour_oracle.possible(person, job, away, near)
        assert sum(row["points"]) == row["utility"]
        assert (row["wish_utility"] or row["utility"]) >= row["utility"]
        assert (row["wish_reason"] == "") == (row["wish_vacancy_id"] is None)
        assert (row["person_id"], row["region_code"]) == (person["person_id"], person["region_code"])
        assert row["work_region_code"] == job["region_code"]
    assert all(count <= jobs[number]["seats"] for number, count in taken.items())
    for number, partner in _couples(many):
        assert place.get(number) == place.get(partner)


def _couples(snapshot):
    """Both worker_ids of the couples who seek work."""
    scale = read_scale(snapshot, ON, weights(), GAZETTEER)
    partner, number = linked(scale.workers), scale.workers.worker_id
    return [(int(number[w]), int(number[p])) for w, p in enumerate(partner.tolist()) if p > w]


def test_the_compiled_rules_are_the_plain_ones(many):
    """Possibility, points and fit of every pair of a random market, against plain Python row by row."""
    scale, by = read_scale(many, ON, weights(), GAZETTEER), Weights.of(weights())
    people = {row["worker_id"]: row for row in many.table("worker").to_pylist()}
    jobs = {row["vacancy_id"]: row for row in many.table("vacancy").to_pylist()}
    w, v = np.divmod(np.arange(len(scale.workers) * len(scale.vacancies))[::7], len(scale.vacancies))
    found = zip(scale.possible(w, v).tolist(), scale.points(w, v).tolist(), scale.fit(w, v).tolist(), strict=True)
    couple = linked(scale.workers) >= 0
    for k, (possible, points, fit) in enumerate(found):
        person = people[int(scale.workers.worker_id[w[k]])]
        job = jobs[int(scale.vacancies.vacancy_id[v[k]])]
        away = labour_oracle.distance_km(person, job, GAZETTEER)
        paired = bool(scale.places.paired[scale.places.home[w[k]], scale.places.work[v[k]]])
        assert possible == labour_oracle.possible(person, job, away, by.nearby_km)
        assert points == list(labour_oracle.points(person, job, away, paired, bool(couple[w[k]]), by).values())
        assert FITS[fit] == labour_oracle.fit(person, job)


@pytest.mark.parametrize("limit", [50, 1 << 40])
def test_keys_are_numbered_in_order(limit):
    """Marked in a table where all are below a small limit, sorted otherwise: the different ones, rising; none is −1."""
    key = np.random.default_rng(1).integers(-1, 50, (30, 4))
    key[key < 0] = -1
    known, at = shortlists._distinct(key, limit)
    assert known.tolist() == sorted(set(key[key >= 0].tolist()))
    assert np.array_equal(np.append(known, -1)[at], key)


def test_the_same_snapshot_gives_the_same_proposals(many, result):
    """Twice the same rows, with one processor or two, cold or from the earlier run, through bytes."""
    warm = Warm.from_bytes(result.warm.to_bytes())
    for more in ({}, {"threads": 1}, {"warm": warm}):
        again = propose(many, parameters=weights(), gazetteer=GAZETTEER, **more)
        assert again.certificate["levels"] == result.certificate["levels"]
        assert "warm" in more or again.proposals.equals(result.proposals)
    with pytest.raises(JieduiError, match="no warm start"):
        Warm.from_bytes(b"what is this")


def test_a_warm_run_on_a_changed_market_proves_the_same_optimum(tmp_path, result):
    """Other workers, other vacancies, fewer seats: the levels are those of a cold run."""
    people, jobs = random_rows(4, 430, 125)
    for row in people:
        row["partner_id"] = None
    changed = freeze(tmp_path / "changed", people[20:], [job | {"seats": 2} for job in jobs[3:]])
    cold = propose(changed, parameters=weights(), gazetteer=GAZETTEER)
    warm = propose(changed, parameters=weights(), gazetteer=GAZETTEER, warm=result.warm.to_bytes())
    assert cold.certificate["proven"]
    assert warm.certificate["proven"]
    assert warm.certificate["levels"] == cold.certificate["levels"]


def test_sex_and_ethnic_group_change_nothing(tmp_path, result):
    """Everybody of the other sex and of another ethnic group: the very same proposals, byte for byte."""
    people, jobs = random_rows(4, 400, 120)
    for person in people:
        person["sex"] = "male" if person["sex"] == "female" else "female"
        person["ethnic_group"] = "苗族" if person["worker_id"] % 2 else "汉族"
    other = propose(freeze(tmp_path / "other", people, jobs), parameters=weights(), gazetteer=GAZETTEER)
    assert _bytes(other.proposals) == _bytes(result.proposals)


def _bytes(table):
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def test_no_code_of_this_room_reads_sex_or_ethnic_group():
    """The words stand in no SQL and no expression of the room: only in sentences that say so."""
    folder = Path(jiedui.matching.__file__).parent
    sentence = re.compile(r"sex and ethnic group", re.IGNORECASE)
    for path in folder.rglob("*.py"):
        left = sentence.sub("", path.read_text(encoding="utf-8"))
        assert not re.search(r"\bsex\b|ethnic|性别|民族", left), path


def chosen(scale, **sizes):
    """The candidates, as rows, workers and vacancies."""
    with Crew(2) as crew:
        rows = candidates(scale, Sizes(**sizes), crew)
    return rows, np.repeat(np.arange(len(scale.workers)), np.diff(rows.indptr)), rows.indices.astype(np.int64)


def test_small_markets_have_every_possible_pair_as_candidate(many):
    """Up to the limit the candidates are exactly the possible pairs; one below it they are chosen."""
    scale = read_scale(many, ON, weights(), GAZETTEER)
    w, v = np.arange(len(scale.workers))[:, None], np.arange(len(scale.vacancies))[None, :]
    every = np.argwhere(scale.possible(w, v)).tolist()
    sizes = {"best": 1, "spread": 0, "draws": 0, "considered": 20}
    rows, w, v = chosen(scale, every_up_to=len(every), **sizes)
    assert rows.complete
    assert np.stack([w, v], axis=1).tolist() == every
    assert rows.utility.tolist() == scale.utility(w, v).tolist()
    assert not chosen(scale, every_up_to=len(every) - 1, **sizes)[0].complete


def test_few_candidates_hold_the_best_of_each_worker(many):
    """With five best and two spread: seven each, of a couple twice as many; rising, all possible, the best included."""
    scale = read_scale(many, ON, weights(), GAZETTEER)
    rows, w, v = chosen(scale, best=5, spread=2, draws=30, considered=500, every_up_to=0)
    assert not rows.complete
    assert (np.bincount(w, minlength=len(scale.workers)) <= np.where(linked(scale.workers) < 0, 7, 14)).all()
    assert (np.diff(w * len(scale.vacancies) + v) > 0).all()
    assert scale.possible(w, v).all()
    assert rows.utility.tolist() == scale.utility(w, v).tolist()
    everything = np.arange(len(scale.vacancies))
    for person in np.unique(w):
        possible = scale.possible(person, everything)
        best = scale.utility(np.full(len(everything), person), everything)[possible].max()
        assert rows.utility[w == person].max() == best


def test_shortlists_keep_the_nearest(many):
    """With shortlists shorter than the vacancies, who may only work near home still finds the nearest one."""
    scale = read_scale(many, ON, weights(), GAZETTEER)
    _, w, v = chosen(scale, best=10, spread=2, draws=30, considered=40, every_up_to=0)
    everything = np.arange(len(scale.vacancies))
    for person in range(len(scale.workers)):
        if 0 <= scale.workers.max_distance_km[person] < 150:
            assert scale.possible(person, everything).any() == (w == person).any()
    assert scale.possible(w, v).all()


def test_an_unknown_distance_is_never_zero(tmp_path):
    """A place without coordinates: no distance, no points for it, and nobody with a greatest distance goes there."""
    job = vacancy(1, region_code=NO_COORDINATES, seats=2)
    result = proposed(tmp_path, [worker(1), worker(2, max_distance_km=3000)], [job])
    (row,) = result.proposals.to_pylist()
    assert (row["worker_id"], row["distance_km"]) == (1, None)
    assert row["points"][PARTS.index("distance")] == 0
    assert result.comparison[-1]["mean_distance_km"] is None


def test_great_circle_against_known_places():
    """Beijing–Shanghai is 1,067 km; a place is 0 km from itself."""
    beijing, shanghai = [116.407, 39.904], [121.474, 31.230]
    distance = great_circle_km(np.array([beijing]), np.array([beijing, shanghai]))
    assert distance[0] == pytest.approx([0, 1067], abs=3)


@pytest.mark.parametrize(("people", "jobs"), [([], []), ([worker(1)], []), ([], [vacancy(1)])])
def test_an_empty_side_gives_no_proposals(tmp_path, people, jobs):
    """Nobody, or nothing open: an empty table of the same columns, proven."""
    result = proposed(tmp_path, people, jobs)
    assert result.proposals.num_rows == 0
    assert result.certificate["proven"]
    assert isinstance(result.proposals, pa.Table)


def test_the_weights_are_ours_and_dated():
    """No weight is printed as official; work at all outweighs every deduction; care outbids the wage."""
    for parameter in weights():
        if parameter.key.startswith(("labour.utility.", "labour.candidates.", "labour.first_served")):
            assert parameter.basis == "ours"
    scale = Weights.of(weights())
    assert scale.placement > scale.distance_most
    assert scale.nearby + 2 * scale.care_per_dependant > scale.wage_most
    assert LUSHUI.startswith("53")


def test_the_columns_are_those_that_are_stored():
    """The table has what the stored proposal has, but for its run and number."""
    stored = {field.attname for field in Proposal._meta.concrete_fields} - {"id", "run_id"}
    assert set(SCHEMA.names) == stored
