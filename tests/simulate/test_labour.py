import re

from jiedui.simulate.labour import occupations
from tests.simulate.conftest import Query


def test_workers_are_of_age_and_able(sql: Query) -> None:
    """A worker is 16 to 64, still registered, out of school, able to do some work, and stands there once."""
    assert not sql("""SELECT 1 FROM worker w JOIN person p USING (person_id)
        WHERE 2019 - p.birth_year NOT BETWEEN 16
            AND 64 OR p.in_school OR p.left_on IS NOT NULL OR p.labour_ability = 'none'
        OR p.household_id != w.household_id OR p.region_code != w.region_code OR w.registered_on < p.joined_on""")
    assert sql("SELECT count(*) - count(DISTINCT person_id) FROM worker") == [(0,)]


def test_couples_point_at_each_other(sql: Query) -> None:
    """A partner is the husband or wife in the same household, points back, and both look for work."""
    couples = sql("""SELECT b.partner_id = a.worker_id, p.sex != q.sex, a.household_id = b.household_id,
        a.willing AND a.able AND a.work_status = 'unemployed'
        FROM worker a JOIN worker b ON b.worker_id = a.partner_id JOIN person p ON p.person_id = a.person_id
        JOIN person q ON q.person_id = b.person_id""")
    assert len(couples) > 20
    assert all(all(row) for row in couples)


def test_one_in_a_household_cares(sql: Query) -> None:
    """At most one worker of a household has dependants, more often a woman, and then seldom goes far."""
    assert not sql("SELECT 1 FROM worker WHERE dependants > 0 GROUP BY household_id HAVING count(*) > 1")
    far = dict(sql("SELECT dependants > 0, avg((max_distance_km IS NULL)::int) FROM worker GROUP BY 1"))
    assert far[True] < far[False] / 2
    women = dict(
        sql("SELECT dependants > 0, avg((sex = 'female')::int) FROM worker JOIN person USING (person_id) GROUP BY 1")
    )
    assert women[True] > 0.6 > women[False]


def test_there_is_about_a_seat_for_everyone_who_looks(sql: Query) -> None:
    """Open seats are between 0.7 and 1.6 of those who are willing, able and without work."""
    looking = sql("SELECT count(*) FROM worker WHERE willing AND able AND work_status = 'unemployed'")[0][0]
    seats = sql("SELECT sum(seats) FROM vacancy WHERE DATE '2019-12-31' BETWEEN open_from AND open_to")[0][0]
    assert looking > 300
    assert 0.7 < seats / looking < 1.6


def test_vacancies_are_where_their_firm_is(sql: Query) -> None:
    """A vacancy belongs to a firm of its county and is open for at least a day."""
    assert not sql("""SELECT 1 FROM vacancy v JOIN organisation o USING (organisation_id)
        WHERE v.region_code != o.region_code OR o.kind != 'firm' OR v.open_to < v.open_from OR v.seats < 1""")


def test_open_vacancies_lie_at_home_and_in_the_east(sql: Query) -> None:
    """Some open vacancies are in poor counties, some with donors, and those at home pay less."""
    wage = dict(
        sql("""SELECT region_code IN (SELECT county_code FROM poverty_county), avg(monthly_wage_fen) / 100 FROM vacancy
        WHERE open_to >= DATE '2019-12-31' GROUP BY 1""")
    )
    assert 1800 < wage[True] < wage[False] < 7000


def test_occupations_are_minor_groups(sql: Query) -> None:
    """Occupation codes of workers and vacancies are minor groups of the list of 2022 that the data file holds."""
    known = set(occupations().code)
    assert all(re.fullmatch(r"[1-8]-\d{2}-\d{2}", code) for code in known)
    for name in ("worker", "vacancy"):
        assert {row[0] for row in sql(f"SELECT DISTINCT occupation FROM {name} WHERE occupation IS NOT NULL")} <= known


def test_some_work_only_for_a_season(sql: Query) -> None:
    """Every season occurs among workers, the whole year most often."""
    seasons = dict(sql("SELECT season, count(*) FROM worker GROUP BY 1"))
    assert set(seasons) == {"all_year", "off_season", "harvest"}
    assert seasons["all_year"] == max(seasons.values())
