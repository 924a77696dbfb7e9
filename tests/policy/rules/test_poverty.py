"""Who left poverty, which counties remain, contradictions in the register of persons."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui.policy import published
from jiedui.policy.rules import pairing, poverty
from jiedui.terms.pairs import Pairing
from tests.policy.rules.rows import PARAMETERS, edge, person, status_change

EDGES = [edge(1, "442000", "530600"), edge(2, "441900", "530600"), edge(3, "310000", "530000")]


def responsible_for(region: str, day: date) -> Iterable[Pairing]:
    """The rule of pairing over the edges of these tests."""
    return pairing.responsible(region, day, EDGES)


def left(changes: list[tuple[str, int]], persons: list[dict[str, object]] | None = None) -> set[object]:
    """Persons of household 1 who left poverty in 2019, after changes (kind, day of the year)."""
    rows = [
        status_change(n, 1, kind, date.fromordinal(date(2019, 1, 1).toordinal() + day))
        for n, (kind, day) in enumerate(changes)
    ]
    return set(poverty.exits(rows, persons or [person(1), person(2)], 2019, responsible_for).persons)


@pytest.mark.duty("assessment.2")
@given(
    st.lists(st.tuples(st.sampled_from(["enter", "exit", "relapse", "correction"]), st.integers(-40, 400)), max_size=6)
)
def test_an_exit_counts_when_nothing_takes_it_back_in_the_year(changes: list[tuple[str, int]]) -> None:
    """Day by day through the year: an exit sets the household out of poverty, a relapse or correction takes it back."""
    out = False
    for number in sorted(range(len(changes)), key=lambda n: (changes[n][1], n)):
        kind, day = changes[number]
        if 0 <= day < 365:
            out = kind == "exit" or (out and kind == "enter")
    assert left(changes) == ({1, 2} if out else set())


@pytest.mark.duty("assessment.2")
def test_members_on_the_day_of_the_exit_are_counted() -> None:
    """Who joined later or had left before is not among those who left poverty."""
    members = [
        person(1),
        person(2, joined_on=date(2019, 6, 2)),
        person(3, left_on=date(2019, 6, 1)),
        person(4, left_on=date(2019, 6, 2)),
        person(5, household_id=2),
    ]
    day = (date(2019, 6, 1) - date(2019, 1, 1)).days
    assert left([("exit", day)], members) == {1, 4}


@pytest.mark.duty("assessment.2")
def test_a_person_under_two_donors_is_one_person() -> None:
    """昭通 has two donors: each shows the person, the total counts one, and the sum over pairs says two."""
    changes = [
        status_change(1, 1, "exit", date(2019, 6, 1)),
        status_change(2, 2, "exit", date(2019, 6, 1), region_code="130102001001"),
    ]
    found = poverty.exits(changes, [person(1), person(2, household_id=2)], 2019, responsible_for)
    assert found.persons == {1, 2}
    assert found.by_pairing == {1: {1}, 2: {1}}
    assert found.outside == {2}
    assert found.sum_over_pairings == 3


@pytest.mark.duty("goal.2")
@pytest.mark.parametrize(
    ("year", "expected"), [(2015, 832), (2016, 804), (2017, 679), (2018, 396), (2019, 52), (2020, 0)]
)
def test_what_remains_of_the_832(year: int, expected: int) -> None:
    """The poor counties left at the end of each year are the published totals."""
    assert len(poverty.remaining_counties(county_rows(), year)) == expected


@pytest.mark.duty("goal.2")
@pytest.mark.parametrize("within", ["520000", "533300", "533325", "632800"])
def test_what_remains_in_a_region(within: str) -> None:
    """A region's remainder is that of the counties inside it; a 行委 without a code counts for its province alone."""
    start = within.rstrip("0")
    expected = [
        county.name
        for county in published.poverty_counties()
        if county.delisted_year > 2019 and (county.county_code or county.province_code).startswith(start)
    ]
    assert [row["name"] for row in poverty.remaining_counties(county_rows(), 2019, within=within)] == expected


@pytest.mark.duty("goal.2")
def test_a_county_still_poor_after_the_target_year_is_an_error() -> None:
    """Nothing is late before 2020 has ended; a county not delisted by then is."""
    late = [
        {
            "poverty_county_id": 1,
            "county_code": "520402",
            "province_code": "520000",
            "name": "某县",
            "delisted_year": 2021,
        }
    ]
    assert poverty.delisting_late(late, 2019, PARAMETERS) == ()
    for year in (2020, 2022):
        (finding,) = poverty.delisting_late(late, year, PARAMETERS)
        assert (finding.subject, finding.severity) == ("520402", "error")
    assert poverty.delisting_late(county_rows(), 2020, PARAMETERS) == ()


@pytest.mark.duty("goal.1")
def test_one_identity_twice_in_a_province() -> None:
    """The same pseudonym twice in one province is found; in two provinces, or after one has left, it is not."""
    here = person("x", 1)
    assert len(poverty.duplicate_identities([here, person("x", 2)], PARAMETERS)) == 1
    assert poverty.duplicate_identities([here, person("x", 2, region_code="520102001001")], PARAMETERS) == ()
    assert poverty.duplicate_identities([here, person("x", 2, left_on=date(2019, 1, 1))], PARAMETERS) == ()
    records = [person(1, pseudonym="x"), person(2, pseudonym="x"), person(3, pseudonym="")]
    (finding,) = poverty.duplicate_identities(records, PARAMETERS, identity="pseudonym")
    assert {ref.key for ref in finding.rows} == {1, 2}


@pytest.mark.duty("goal.1")
@pytest.mark.parametrize(
    ("relation", "sex", "found"), [("spouse", "female", 1), ("spouse", "male", 0), ("child", "female", 0)]
)
def test_a_spouse_of_the_heads_sex(relation: str, sex: str, found: int) -> None:
    """A spouse recorded with the head's sex is found; a child of that sex is not."""
    assert len(poverty.spouse_of_same_sex([person(1), person(2, relation=relation, sex=sex)], PARAMETERS)) == found


def county_rows() -> list[dict[str, object]]:
    """The 832 as rows of the table `poverty_county`."""
    return [
        {
            "poverty_county_id": number,
            "county_code": county.county_code,
            "province_code": county.province_code,
            "name": county.name,
            "delisted_year": county.delisted_year,
        }
        for number, county in enumerate(published.poverty_counties())
    ]
