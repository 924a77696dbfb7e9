import itertools
from collections import Counter
from datetime import date

import pyarrow as pa

from jiedui.terms.identity import birth_date, is_valid_id, sex_of
from tests.simulate.conftest import Query


def test_the_status_of_each_year_follows_from_the_changes(sql: Query) -> None:
    """Replaying the changes of every household up to the end of a year gives its status of that year."""
    changes: dict[int, list[tuple[date, str]]] = {}
    for household, on, kind in sql("SELECT household_id, changed_on, kind FROM status_change ORDER BY changed_on"):
        changes.setdefault(household, []).append((on, kind))
    means = {"enter": "poor", "exit": "exited", "relapse": "relapsed"}
    for household, year, status in sql("SELECT household_id, year, status FROM household_year"):
        kinds = [kind for on, kind in changes[household] if on.year <= year and kind != "correction"]
        assert means[kinds[-1]] == status


def test_changes_come_in_their_order(sql: Query) -> None:
    """A household enters first and once, leaves, may fall back and leave again."""
    found = sql(
        """SELECT string_agg(kind, ' ' ORDER BY changed_on) FROM status_change WHERE kind != 'correction'
            GROUP BY household_id"""
    )
    assert {row[0] for row in found} <= {"enter", "enter exit", "enter exit relapse", "enter exit relapse exit"}


def test_a_correction_never_follows_an_exit(sql: Query) -> None:
    """A correction corrects the entry; it takes no exit back."""
    assert sql("SELECT count(*) FROM status_change WHERE kind = 'correction'")[0][0] > 0
    assert not sql("""SELECT 1 FROM status_change c JOIN status_change e USING (household_id)
        WHERE c.kind = 'correction' AND e.kind = 'exit' AND e.changed_on <= c.changed_on""")


def test_poverty_falls_ever_faster_and_nearly_ends(sql: Query) -> None:
    """Fewer households are poor each year, the relative fall grows, a few percent remain in 2019."""
    share = [
        row[0] for row in sql("SELECT avg((status = 'poor')::int) FROM household_year GROUP BY year ORDER BY year")
    ]
    assert share == sorted(share, reverse=True)
    falls = [now / before for before, now in itertools.pairwise(share)]
    assert falls == sorted(falls, reverse=True)
    assert 0.01 < share[-1] < 0.07


def test_a_delisted_county_has_few_poor_left(sql: Query) -> None:
    """Of the households in counties delisted by a year, at most three in a hundred are poor at its end."""
    for year, poor in sql("""SELECT y.year, avg((y.status = 'poor')::int) FROM household_year y
        JOIN poverty_county c ON c.county_code = left(y.region_code, 6) WHERE c.delisted_year <= y.year GROUP BY 1"""):
        assert poor < 0.03, year


def test_few_fall_back(sql: Query) -> None:
    """Some households fall back, fewer than one in a hundred."""
    back, all_ = sql(
        "SELECT count(DISTINCT household_id) FILTER (kind = 'relapse'), count(DISTINCT household_id) FROM status_change"
    )[0]
    assert 0 < back / all_ < 0.01


def test_members_are_those_there_at_the_end_of_the_year(sql: Query) -> None:
    """The number of members is that of the persons who had joined and not left (counted one by one)."""
    there: Counter[tuple[int, int]] = Counter()
    for household, joined, left in sql("SELECT household_id, joined_on, left_on FROM person"):
        for year in range(2016, 2020):
            if joined <= date(year, 12, 31) and (left is None or left > date(year, 12, 31)):
                there[household, year] += 1
    for household, year, members in sql("SELECT household_id, year, members FROM household_year"):
        assert members == there[household, year]


def test_a_household_has_a_row_for_every_year_since_it_entered(sql: Query) -> None:
    """Rows of household_year begin with the year of entry, not before 2016, and have no gap."""
    rows = sql("""SELECT year(h.entered_on), min(y.year), max(y.year), count(*) FROM household h
        JOIN household_year y USING (household_id) GROUP BY household_id, 1""")
    assert len(rows) == sql("SELECT count(*) FROM household")[0][0]
    assert all(
        first == max(entered, 2016) and last == 2019 and n == last - first + 1 for entered, first, last, n in rows
    )


def test_the_identity_number_agrees_with_the_person(tables: dict[str, pa.Table]) -> None:
    """Number, year of birth and sex agree; nobody shares a number or, among those with a phone, a phone."""
    people = tables["person"].select(["id_number", "birth_year", "sex", "phone"]).to_pylist()
    for row in people:
        born = birth_date(row["id_number"])
        assert is_valid_id(row["id_number"])
        assert born is not None
        assert (born.year, sex_of(row["id_number"])) == (row["birth_year"], row["sex"])
    for name in ("id_number", "phone"):
        known = [row[name] for row in people if row[name]]
        assert len(set(known)) == len(known)


def test_a_household_lives_in_one_village(sql: Query) -> None:
    """Persons, years and changes carry the village of their household, 12 digits, in a poor county."""
    for name in ("person", "household_year", "status_change"):
        assert not sql(
            f"SELECT 1 FROM {name} t JOIN household h USING (household_id) WHERE t.region_code != h.region_code"
        )
    assert not sql("SELECT 1 FROM household WHERE region_code NOT SIMILAR TO '[1-9][0-9]{5}9[0-9]{5}'")
    assert not sql("SELECT 1 FROM household WHERE left(region_code, 6) NOT IN (SELECT county_code FROM poverty_county)")


def test_school_health_and_work_go_with_age(sql: Query) -> None:
    """Children of school age learn, the old do not, and nobody in school or under 16 has the ability to work."""
    learning = dict(sql("SELECT 2019 - birth_year, avg(in_school::int) FROM person GROUP BY 1"))
    assert all(learning[age] > 0.9 for age in range(6, 15))
    assert all(share == 0 for age, share in learning.items() if age < 6 or age > 22)
    assert not sql("SELECT 1 FROM person WHERE (in_school OR birth_year > 2003) AND labour_ability != 'none'")
    ill = [
        row[0]
        for row in sql(
            """SELECT avg((health != 'healthy')::int) FROM person GROUP BY birth_year // 25
                ORDER BY birth_year // 25 DESC"""
        )
    ]
    assert ill == sorted(ill)


def test_income_tells_the_poor_from_the_others(sql: Query) -> None:
    """Who left poverty has more per head than the poor; some incomes are not known."""
    poor, others, unknown = sql("""SELECT max(income_per_head_fen) FILTER (status != 'exited'),
        min(income_per_head_fen) FILTER (status = 'exited'), count(*) FILTER (income_per_head_fen IS NULL)
            FROM household_year""")[0]
    assert poor < others
    assert unknown > 0


def test_spouses_and_children_share_what_families_share(sql: Query) -> None:
    """Children bear the name of the head or the head's spouse, and nearly all are of the head's group."""
    rows = sql("""SELECT c.name, h.name, s.name, c.ethnic_group = h.ethnic_group FROM person c
        JOIN person h ON h.household_id = c.household_id AND h.relation = 'head'
        LEFT JOIN person s ON s.household_id = c.household_id AND s.relation = 'spouse'
        WHERE c.relation = 'child' AND h.ethnic_group = '汉族' AND c.ethnic_group = '汉族' AND coalesce(s.ethnic_group,
            '汉族') = '汉族'""")
    assert len(rows) > 500
    assert all(child[0] in {head[0], (spouse or head)[0]} for child, head, spouse, _ in rows)
