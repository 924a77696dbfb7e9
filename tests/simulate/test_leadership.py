from tests.simulate.conftest import Query


def test_every_pair_meets_and_visits_every_year_but_the_planted_ones(sql: Query) -> None:
    """Meetings and visits in both directions for each pair and year; one pair each lacks those of the last year."""
    met = set(sql("SELECT DISTINCT pairing_id, year(held_on) FROM meeting"))
    visited = set(
        sql("SELECT pairing_id, year(visited_on) FROM visit GROUP BY 1, 2 HAVING count(DISTINCT direction) = 2")
    )
    every = {(pairing, year) for pairing in range(1, 33) for year in (2017, 2018, 2019)}
    assert every - met == {(30, 2019)}
    assert every - visited == {(26, 2019)}


def test_tasks_come_from_meetings_and_belong_to_a_side(sql: Query) -> None:
    """A task's owner is the donor or the recipient of the meeting's pair; it is done after the meeting if at all."""
    assert not sql("""SELECT 1 FROM task t JOIN meeting m USING (meeting_id) JOIN pairing p USING (pairing_id)
        WHERE t.owner_code NOT IN (p.donor_code, p.recipient_code) OR t.done_on < m.held_on OR t.due_on <= m.held_on""")
