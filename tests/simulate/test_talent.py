from jiedui.policy import published
from jiedui.terms.divisions import prefix
from tests.simulate.conftest import Query


def test_secondments_go_both_ways_between_the_pair(sql: Query) -> None:
    """From a donor's county to a poor one, or back."""
    donors = {p.pairing_id: prefix(p.donor_code) for p in published.pairings_2016()}
    rows = sql("SELECT pairing_id, direction, region_code, home_region_code FROM secondment")
    assert {row[1] for row in rows} == {"donor_to_recipient", "recipient_to_donor"}
    for pairing, direction, to, home in rows:
        donor, recipient = (home, to) if direction == "donor_to_recipient" else (to, home)
        assert donor.startswith(donors[pairing])
        assert not recipient.startswith(donors[pairing])


def test_most_terms_are_two_to_three_years(sql: Query) -> None:
    """At least nine in ten are planned for 24 to 36 months; an end is known only once it has come."""
    share = sql("SELECT avg((date_diff('month', started_on, planned_end_on) BETWEEN 24 AND 36)::int) FROM secondment")[
        0
    ][0]
    assert 0.9 < share < 1
    assert not sql("SELECT 1 FROM secondment WHERE (ended_on IS NULL) != (planned_end_on > DATE '2019-12-31')")


def test_the_key_of_an_official_is_no_name(sql: Query) -> None:
    """Keys are 32 hexadecimal digits, one for each person but the one in two posts."""
    assert not sql("SELECT 1 FROM secondment WHERE person_key NOT SIMILAR TO '[0-9a-f]{32}'")
    assert sql("SELECT count(*) - count(DISTINCT person_key) FROM secondment") == [(1,)]


def test_persons_and_person_times_are_apart(sql: Query) -> None:
    """A team has at least as many person-times as persons; only entrepreneurs' courses know who began."""
    assert not sql("SELECT 1 FROM support_team WHERE person_times < persons")
    assert not sql(
        "SELECT 1 FROM training WHERE started_business > persons OR (kind != 'leader' AND started_business IS NOT NULL)"
    )
