import itertools
from collections import defaultdict
from datetime import date

from jiedui.policy import published
from jiedui.policy.rules.pairing import Edges
from jiedui.terms.divisions import prefix
from tests.simulate.conftest import Query


def test_nobody_has_two_jobs_at_once(sql: Query) -> None:
    """The placements of a person, in order, do not overlap (compared pair by pair)."""
    spells = defaultdict(list)
    for person, start, end in sql("SELECT person_id, started_on, ended_on FROM placement ORDER BY started_on"):
        spells[person].append((start, end or date.max))
    assert any(len(held) > 1 for held in spells.values())
    for held in spells.values():
        assert all(before[1] < after[0] for before, after in itertools.pairwise(held))


def test_the_status_of_a_worker_agrees_with_the_job(sql: Query) -> None:
    """Who is without work or farms has no placement without end; who has one works where it is."""
    where = {"east": "away_east", "near": "near", "other": "away_other"}
    for kind, status in sql("""SELECT DISTINCT kind, work_status FROM placement JOIN worker USING (person_id)
        WHERE ended_on IS NULL"""):
        assert where[kind] == status


def test_jobs_begin_at_sixteen_and_after_registration(sql: Query) -> None:
    """No placement before the 16th birthday's year, before joining the register, or before the pairs began."""
    assert not sql("""SELECT 1 FROM placement JOIN person p USING (person_id)
        WHERE year(started_on) - birth_year < 16 OR started_on < joined_on OR started_on < DATE '2017-01-01'
        OR ended_on <= started_on""")


def test_the_pairing_is_one_that_answers_on_the_day(sql: Query) -> None:
    """Placements, trips and schooling through a pair name one responsible for the home on the day of the event."""
    edges = {year: Edges(published.pairings_2016(), date(year, 12, 31)) for year in (2017, 2018, 2019)}
    rows = [
        *sql("SELECT left(region_code, 6), started_on, pairing_id FROM placement WHERE pairing_id IS NOT NULL"),
        *sql("SELECT region_code, departed_on, pairing_id FROM dispatch_trip WHERE state = 'arrived'"),
        *sql("SELECT left(region_code, 6), enrolled_on, pairing_id FROM schooling"),
    ]
    known = {
        (code, year): {p.pairing_id for p in held.of(code)}
        for year, held in edges.items()
        for code in {r[0] for r in rows}
    }
    assert len(rows) > 300
    assert all(pairing in known[code, max(on.year, 2017)] for code, on, pairing in rows)


def test_the_place_of_work_goes_with_the_kind(sql: Query) -> None:
    """Nearby work is in the home county; work in the East through a pair is with its donor."""
    donors = {p.pairing_id: prefix(p.donor_code) for p in published.pairings_2016()}
    for kind, pairing, home, work in sql(
        "SELECT kind, pairing_id, left(region_code, 6), work_region_code FROM placement"
    ):
        if kind == "near":
            assert work == home
        if kind == "east" and pairing:
            assert work.startswith(donors[pairing])
        if kind == "other":
            assert pairing is None


def test_most_who_work_in_the_east_came_on_their_own(sql: Query) -> None:
    """Fewer came through a pair than work there (domain fact 6)."""
    through = sql("SELECT count(*) FROM placement WHERE kind = 'east' AND pairing_id IS NOT NULL AND ended_on IS NULL")[
        0
    ][0]
    there = sql("SELECT count(*) FROM worker WHERE work_status = 'away_east'")[0][0]
    assert 0.05 < through / there < 0.5


def test_checks_are_months_of_the_placement(sql: Query) -> None:
    """A check is the first of a month in which the placement lasted, once per month; some placements have none."""
    assert not sql("""SELECT 1 FROM stay_check c JOIN placement p USING (placement_id)
        WHERE day(c.month) != 1 OR c.month < date_trunc('month', p.started_on) OR c.month >= coalesce(p.ended_on,
            DATE '2020-01-01')
        OR c.region_code != p.region_code""")
    assert sql("SELECT count(*) - count(DISTINCT (placement_id, month)) FROM stay_check") == [(0,)]
    proven = (
        sql("SELECT count(DISTINCT placement_id) FROM stay_check")[0][0] / sql("SELECT count(*) FROM placement")[0][0]
    )
    assert 0.8 < proven < 0.99


def test_a_filled_vacancy_has_seats_for_those_who_took_it(sql: Query) -> None:
    """No vacancy has fewer seats than placements; they began while it was open, and it was in the place of work."""
    assert not sql(
        """SELECT 1 FROM placement p JOIN vacancy v USING (vacancy_id) GROUP BY vacancy_id, seats
            HAVING count(*) > seats"""
    )
    assert not sql("""SELECT 1 FROM placement p JOIN vacancy v USING (vacancy_id)
        WHERE v.region_code != p.work_region_code
        OR p.started_on < v.open_from""")


def test_trips_carry_those_whom_the_pair_placed(sql: Query) -> None:
    """A trip never carries more than the pair placed in the East from its county."""
    placed = {
        (pairing, county): n
        for pairing, county, n in sql("""SELECT pairing_id, left(region_code, 6), count(*) FROM placement
        WHERE kind = 'east' AND pairing_id IS NOT NULL GROUP BY 1, 2""")
    }
    trips = sql("""SELECT pairing_id, region_code, sum(persons) FROM dispatch_trip WHERE state = 'arrived'
        GROUP BY 1, 2""")
    assert all(0 < persons <= placed[pairing, county] for pairing, county, persons in trips)


def test_pupils_are_young_and_their_state_agrees(sql: Query) -> None:
    """Enrolled at 15 to 18; who is enrolled is in school; a first job only for who has one, after enrolment."""
    rows = sql("""SELECT year(enrolled_on) - birth_year, status, in_school, enrolled_on, first_job_on, o.kind
        FROM schooling s JOIN person USING (person_id) JOIN organisation o ON o.organisation_id = s.school_id""")
    for age, status, in_school, enrolled, job, school in rows:
        assert 15 <= age <= 18
        assert (status == "enrolled") == in_school
        assert (job is not None) == (status == "employed")
        assert job is None or job > enrolled
        assert school == "school"


def test_who_settles_was_placed_there(sql: Query) -> None:
    """Who applies was placed in that city by a pair; who settles was eligible."""
    rows = sql(
        """SELECT s.city_code, p.work_region_code, s.eligible, s.settled_on FROM settlement s
            JOIN placement p USING (person_id) WHERE p.kind = 'east' AND p.ended_on IS NULL"""
    )
    assert all(work.startswith(prefix(city)) for city, work, _, _ in rows)
    assert all(eligible for _, _, eligible, settled in rows if settled)
