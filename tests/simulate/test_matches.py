"""Posts, candidates, needs, offers and help that is given in the synthetic country."""

from __future__ import annotations

from jiedui.policy import published
from jiedui.terms.divisions import prefix
from tests.simulate.conftest import Query


def test_posts_lie_on_a_side_of_their_pair(sql: Query) -> None:
    """Most in the West; the place is not the donor's there, and the donor's in the other direction."""
    donors = {p.pairing_id: prefix(p.donor_code) for p in published.pairings_2016()}
    rows = sql("SELECT pairing_id, region_code FROM post")
    east = sum(place.startswith(donors[pairing]) for pairing, place in rows)
    assert 0 < east < len(rows) / 2


def test_candidates_are_more_than_seats_and_nobody_stands_twice(sql: Query) -> None:
    """So that there is something to choose; a second field is another one than the first."""
    ((people, keys),) = sql("SELECT count(*), count(DISTINCT person_key) FROM candidate")
    ((seats,),) = sql("SELECT sum(seats) FROM post WHERE state = 'open'")
    assert people == keys
    assert people > seats
    assert not sql("SELECT 1 FROM candidate WHERE second_field = field")


def test_no_offer_serves_more_than_it_said(sql: Query) -> None:
    """Help is of the kind of both sides and dear enough; states follow from what is given."""
    assert not sql(
        "SELECT 1 FROM help_offer o JOIN help_given g USING (help_offer_id) GROUP BY help_offer_id, o.capacity, "
        "o.state HAVING count(*) > o.capacity OR (count(*) = o.capacity) <> (o.state = 'met')"
    )
    assert not sql(
        "SELECT 1 FROM help_given JOIN need n USING (need_id) JOIN help_offer o USING (help_offer_id) "
        "WHERE n.kind <> o.kind OR n.amount_fen > o.amount_fen OR signed_on < greatest(n.since, o.since)"
    )
    assert not sql("SELECT 1 FROM need WHERE (state = 'met') <> (need_id IN (SELECT need_id FROM help_given))")


def test_villages_are_offered_by_firms(sql: Query) -> None:
    """Nobody else is paired with villages, and no such need is met by an offer."""
    assert sql(
        "SELECT DISTINCT g.kind FROM help_offer o JOIN organisation g USING (organisation_id) WHERE o.kind = 'village'"
    ) == [("firm",)]
    assert not sql("SELECT 1 FROM need WHERE kind = 'village' AND state = 'met'")
