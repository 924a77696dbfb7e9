from tests.simulate.conftest import Query


def test_projects_lie_in_counties_that_their_pair_answers_for(sql: Query) -> None:
    """Every pair has projects each year, in villages, townships or counties of recipients."""
    assert sql("SELECT count(DISTINCT (pairing_id, year(signed_on))) FROM project") == [(96,)]
    lengths = {row[0] for row in sql("SELECT DISTINCT length(region_code) FROM project")}
    assert lengths == {6, 9, 12}
    assert not sql("SELECT 1 FROM project WHERE left(region_code, 6) NOT IN (SELECT county_code FROM poverty_county)")


def test_a_household_takes_part_once_in_a_project_of_its_county(sql: Query) -> None:
    """Links join a household to a project in its own county, once, from the signing on."""
    assert sql("SELECT count(*) - count(DISTINCT (project_id, household_id)) FROM benefit_link") == [(0,)]
    assert not sql("""SELECT 1 FROM benefit_link b JOIN project p USING (project_id)
        JOIN household h USING (household_id)
        WHERE b.region_code != h.region_code OR left(h.region_code, 6) != left(p.region_code,
            6) OR b.since < p.signed_on""")


def test_firms_money_is_known_only_where_there_is_a_firm(sql: Query) -> None:
    """Arrived investment is null without a firm, and never above what was signed."""
    assert not sql("SELECT 1 FROM project WHERE (firm_id IS NULL) != (arrived_fen IS NULL)")
    assert not sql("SELECT 1 FROM project WHERE arrived_fen > signed_fen")


def test_the_older_a_project_the_more_is_finished(sql: Query) -> None:
    """The share of accepted projects falls with the year of signing."""
    share = [
        row[0]
        for row in sql(
            "SELECT avg((status = 'accepted')::int) FROM project GROUP BY year(signed_on) ORDER BY year(signed_on)"
        )
    ]
    assert share == sorted(share, reverse=True)
