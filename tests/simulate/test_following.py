from __future__ import annotations

from tests.simulate.conftest import Query

WORKING = "('away_east', 'away_other', 'near')"


def test_who_works_is_somewhere(sql: Query) -> None:
    """Only who works has a place of work and a first day, some unknown; with a running placement they are its own."""
    assert not sql(f"""SELECT 1 FROM worker WHERE work_status NOT IN {WORKING}
        AND (works_in IS NOT NULL OR works_since IS NOT NULL OR found_through IS NOT NULL)""")
    known = sql(f"SELECT avg((works_in IS NOT NULL)::int) FROM worker WHERE work_status IN {WORKING}")[0][0]
    assert 0.8 < known < 1
    assert not sql("""SELECT 1 FROM worker w JOIN placement p USING (person_id)
        WHERE p.ended_on IS NULL AND (w.works_in != p.work_region_code OR w.works_since != p.started_on)""")


def test_the_newest_month_agrees_with_the_worker(sql: Query) -> None:
    """Three months, each once a person; the last has the worker's status and place, unless work began since."""
    assert [row[0].isoformat() for row in sql("SELECT DISTINCT month FROM work_month ORDER BY 1")] == [
        "2019-10-01", "2019-11-01", "2019-12-01",
    ]  # fmt: skip
    assert not sql("SELECT 1 FROM work_month GROUP BY person_id, month HAVING count(*) > 1")
    assert not sql("""SELECT 1 FROM work_month m JOIN worker w USING (person_id) WHERE m.month = DATE '2019-12-01'
        AND (m.work_status != w.work_status OR m.works_in != w.works_in OR m.region_code != w.region_code)""")


def test_a_month_is_no_longer_than_it_is(sql: Query) -> None:
    """Days fit into the month, and only who works has income."""
    assert not sql("SELECT 1 FROM work_month WHERE days > day(last_day(month)) OR days < 0")
    assert not sql(f"""SELECT 1 FROM work_month WHERE work_status NOT IN {WORKING}
        AND (income_fen IS NOT NULL OR days != 0 OR works_in IS NOT NULL)""")


def test_a_subsidy_is_due_once_a_year(sql: Query) -> None:
    """Each kind once a person and year, after the job began, for staying after half a year; paid ones say when."""
    assert not sql("SELECT 1 FROM subsidy GROUP BY person_id, kind, year HAVING count(*) > 1")
    assert not sql("""SELECT 1 FROM subsidy s JOIN placement p USING (placement_id) WHERE s.person_id != p.person_id
        OR s.approved_on <= p.started_on + CASE s.kind WHEN 'stay' THEN 183 ELSE 0 END OR p.kind != 'east'
        OR (s.state = 'paid') != (s.paid_on IS NOT NULL) OR s.paid_on < s.approved_on""")
    assert {row[0] for row in sql("SELECT DISTINCT kind FROM subsidy")} == {"transport", "stay"}


def test_whoever_was_asked_had_left(sql: Query) -> None:
    """A follow-up comes after the end of the placement; reasons for leaving belong to those who left, not to all."""
    assert not sql("""SELECT 1 FROM follow_up f JOIN placement p USING (placement_id)
        WHERE p.ended_on IS NULL OR f.done_on <= p.ended_on OR f.region_code != p.region_code""")
    assert not sql("SELECT 1 FROM placement WHERE left_because IS NOT NULL AND ended_on IS NULL")
    told = sql("SELECT avg((left_because IS NOT NULL)::int) FROM placement WHERE ended_on IS NOT NULL")[0][0]
    assert 0.7 < told < 1


def test_what_is_not_known_is_null_for_some(sql: Query) -> None:
    """Every new item of workers and vacancies is known of most and unknown of some."""
    items = {
        "worker": (
            "occupation_2",
            "wish_place",
            "wish_place_2",
            "needs_school",
            "work_limit",
            "night_shift",
            "mandarin",
        ),
        "vacancy": ("starts_on", "contract", "demand", "night_shift", "mandarin", "couple_room", "school_place"),
    }
    for name, columns in items.items():
        for column in columns:
            share = sql(f"SELECT avg(({column} IS NOT NULL)::int) FROM {name}")[0][0]
            assert 0.05 < share < 0.95, column
    assert not sql("SELECT 1 FROM worker WHERE occupation_2 = occupation OR wish_place_2 = wish_place")
    assert not sql("SELECT 1 FROM worker WHERE wish_place_2 IS NOT NULL AND wish_place IS NULL")


def test_a_settlement_says_what_became_of_it(sql: Query) -> None:
    """Settled exactly with a day, and nobody without eligibility waits for it."""
    rows = sql("SELECT state, settled_on, eligible FROM settlement")
    assert all((state == "settled") == (day is not None) for state, day, _ in rows)
    assert all(state == "refused" for state, _, eligible in rows if not eligible)


def test_pupils_practise_in_the_donors_firms(sql: Query) -> None:
    """An internship has a day and a firm, or neither; it begins a year after enrolment."""
    rows = sql("""SELECT s.internship_from, s.enrolled_on, o.kind FROM schooling s
        LEFT JOIN organisation o ON o.organisation_id = s.internship_firm_id""")
    assert all((day is None) == (kind is None) for day, _, kind in rows)
    assert all(kind == "firm" and (day - since).days > 365 for day, since, kind in rows if day)
