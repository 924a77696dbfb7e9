from __future__ import annotations

from datetime import date

import pyarrow as pa

from jiedui.policy import published
from jiedui.simulate.tables import country
from jiedui.terms.divisions import prefix
from tests.simulate.conftest import Query

HOLDING = "('offered', 'accepted', 'departed', 'started')"


def test_no_vacancy_gives_more_seats_than_it_has(sql: Query) -> None:
    """Open offers and running placements that came without one, counted as the database counts them."""
    assert not sql(f"""SELECT vacancy_id FROM (
        SELECT vacancy_id FROM job_offer WHERE state IN {HOLDING} UNION ALL
        SELECT vacancy_id FROM placement WHERE job_offer_id IS NULL AND ended_on IS NULL)
        JOIN vacancy v USING (vacancy_id) GROUP BY vacancy_id, seats HAVING count(*) > seats""")
    assert not sql("SELECT 1 FROM job_offer JOIN vacancy v USING (vacancy_id) WHERE v.state != 'checked'")


def test_nobody_has_two_open_offers(sql: Query) -> None:
    """One at most for each worker, who is the offer's person, at home in its village."""
    assert not sql(f"SELECT 1 FROM job_offer WHERE state IN {HOLDING} GROUP BY worker_id HAVING count(*) > 1")
    assert not sql("""SELECT 1 FROM job_offer o JOIN worker w USING (worker_id) WHERE o.person_id != w.person_id
        OR o.household_id != w.household_id OR o.region_code != w.region_code""")


def test_a_job_through_a_pair_came_by_an_offer(sql: Query) -> None:
    """Offer and placement agree in person, vacancy, pairing and place; it was answered before work began and is left
    exactly if the placement ended.
    """
    rows = sql("""SELECT o.person_id = p.person_id, o.vacancy_id = p.vacancy_id, o.pairing_id = p.pairing_id,
        o.work_region_code = p.work_region_code, o.offered_on <= o.answered_on, o.answered_on <= p.started_on,
        (o.state = 'left') = (p.ended_on IS NOT NULL), o.state IN ('started', 'left')
        FROM placement p JOIN job_offer o USING (job_offer_id)""")
    assert len(rows) > 200
    assert all(all(row) for row in rows)
    assert sql("SELECT count(*) FROM placement p WHERE job_offer_id IS NOT NULL AND p.pairing_id IS NULL") == [(0,)]
    offers = sql("SELECT count(*) FROM job_offer WHERE state IN ('started', 'left')")
    assert offers == sql("SELECT count(DISTINCT job_offer_id) FROM placement")


def test_what_waits_is_recent_and_what_was_refused_has_a_reason(sql: Query) -> None:
    """Every state occurs; an offer waits no longer than its answer takes, with the donor of the home county."""
    states = dict(sql("SELECT state, count(*) FROM job_offer GROUP BY 1"))
    assert {"offered", "accepted", "refused", "lapsed", "withdrawn", "started", "left"} == set(states)
    assert not sql("SELECT 1 FROM job_offer WHERE (state = 'refused') != (refusal IS NOT NULL)")
    assert not sql("""SELECT 1 FROM job_offer WHERE state = 'offered'
        AND (answer_by < DATE '2019-12-31' OR answered_on IS NOT NULL)""")
    assert not sql("SELECT 1 FROM job_offer WHERE state = 'lapsed' AND answer_by >= DATE '2019-12-31'")
    assert not sql("SELECT 1 FROM job_offer JOIN vacancy USING (vacancy_id) WHERE offered_on < open_from")
    donors = {p.pairing_id: prefix(p.donor_code) for p in published.pairings_2016()}
    rows = sql("SELECT pairing_id, work_region_code FROM job_offer WHERE state IN ('offered', 'accepted', 'refused')")
    assert all(work.startswith(donors[pairing]) for pairing, work in rows)


def test_a_trip_carries_its_offers(sql: Query) -> None:
    """Same pairing and home county, at most as many as its persons; nobody was offered the job after it left; those
    who are yet to go are on trips that are planned.
    """
    assert not sql("""SELECT 1 FROM job_offer o JOIN dispatch_trip t USING (dispatch_trip_id)
        WHERE o.pairing_id != t.pairing_id OR left(o.region_code, 6) != t.region_code OR o.offered_on > t.departed_on
        OR (o.state = 'accepted') != (t.state = 'planned')""")
    assert not sql("""SELECT 1 FROM job_offer JOIN dispatch_trip USING (dispatch_trip_id)
        GROUP BY dispatch_trip_id, persons HAVING count(*) > persons""")
    assert not sql("""SELECT 1 FROM placement p JOIN job_offer USING (job_offer_id) JOIN dispatch_trip t
        USING (dispatch_trip_id) WHERE p.started_on <= t.departed_on OR p.started_on > t.departed_on + 21""")
    assert not sql("""SELECT 1 FROM dispatch_trip WHERE (state = 'planned') != (departed_on > DATE '2019-12-31')
        OR (state = 'arrived') != (arrived_on IS NOT NULL)""")


def test_before_the_pairs_begin_nothing_is_offered() -> None:
    """At the end of 2016 there are vacancies, and no offers, trips or subsidies."""
    tables: dict[str, pa.Table] = country(persons=400, seed=3, as_of=date(2016, 12, 31))
    assert [tables[name].num_rows for name in ("job_offer", "dispatch_trip", "subsidy", "follow_up")] == [0] * 4
