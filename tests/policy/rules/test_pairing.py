"""Who is responsible for a place on a day, what a donor may see, and coverage."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jiedui.errors import JieduiError
from jiedui.policy import published
from jiedui.policy.rules import pairing
from jiedui.terms.divisions import Gazetteer
from jiedui.terms.pairs import Pairing
from jiedui.terms.scope import Scope
from tests.policy.rules import brute_force
from tests.policy.rules.rows import END_OF_2019, edge

FIRST_DAY = date(2016, 12, 7)
EDGES = published.pairings_2016()
GAZETTEER = Gazetteer.load()

# Codes that were in use all the time from 2014 to 2022, so that history plays no part in the properties below.
RECIPIENTS = ("530000", "530600", "530602", "530621", "533300", "620000", "621100", "621121", "500000", "500101")
DONORS = ("110000", "120000", "310000", "330100", "350100", "350000", "440400", "441900", "330000", "530100")
PLACES = (*RECIPIENTS, "530100", "530102", "530602101", "530602101001", "130000", "429004", "500112", "110101")
DAYS = tuple(date(year, month, 1) for year in range(2014, 2022) for month in (1, 7))

SCHEMES = st.sampled_from(["east_west", "counterpart", "own_province", "jing_jin_ji"])


@st.composite
def networks(draw: st.DrawFn) -> tuple[Pairing, ...]:
    """A handful of edges: nested, with several donors, overlapping in time, of several schemes."""
    edges = []
    for pairing_id in range(1, draw(st.integers(0, 9)) + 1):
        first, last = draw(st.tuples(st.sampled_from(DAYS), st.none() | st.sampled_from(DAYS)))
        ends = last if last and last > first else None
        donor, recipient = draw(st.sampled_from(DONORS)), draw(st.sampled_from(RECIPIENTS))
        edges.append(edge(pairing_id, donor, recipient, draw(SCHEMES), first, ends))
    return tuple(edges)


def ids(found: tuple[Pairing, ...]) -> set[int]:
    """The ids of edges."""
    return {pairing.pairing_id for pairing in found}


def donors(place: str, on: date = FIRST_DAY) -> set[str]:
    """Names of the donors that answer for a place under the published edges."""
    return {GAZETTEER.name(found.donor_code) for found in pairing.responsible(place, on, EDGES)}


@pytest.mark.duty("pairing.2")
@given(networks(), st.sampled_from(PLACES), st.sampled_from(DAYS), st.none() | SCHEMES)
def test_responsible_equals_brute_force(edges: tuple[Pairing, ...], place: str, on: date, scheme: str | None) -> None:
    """The answer is that of trying every edge against the place, whatever nests, overlaps or shares a recipient."""
    assert ids(pairing.responsible(place, on, edges, scheme=scheme)) == brute_force.responsible(
        place, on, edges, scheme
    )


@pytest.mark.duty("pairing.2")
@given(networks(), st.sampled_from(DAYS), st.none() | SCHEMES)
def test_the_table_is_responsible_for_each_place(edges: tuple[Pairing, ...], on: date, scheme: str | None) -> None:
    """The table of many places says of each what `responsible` says of it alone, in the order given."""
    table = pairing.responsibility_table(PLACES, on, edges, scheme=scheme)
    alone = [pairing.responsible(place, on, edges, scheme=scheme) for place in PLACES]
    assert [row.pairings for row in table] == alone
    assert [row.place_code for row in table] == list(PLACES)


@pytest.mark.duty("pairing.2")
@given(networks(), st.sampled_from(DAYS), st.sampled_from(DONORS))
def test_a_donor_sees_exactly_what_it_answers_for(edges: tuple[Pairing, ...], on: date, donor: str) -> None:
    """A place lies in a donor's ranges when the donor, or a division of its own below it, answers for the place."""
    own = tuple(found for found in edges if found.donor_code == donor)
    rivals = tuple(found for found in edges if not brute_force.contains(donor, found.donor_code))
    scope = Scope(pairing.carve_outs(donor, on, edges))
    for place in PLACES:
        answering = brute_force.responsible(place, on, (*own, *rivals), None)
        assert (place in scope) == bool(answering & ids(own)), place


@pytest.mark.duty("pairing.2")
@given(networks(), st.sampled_from(DAYS), st.sampled_from(DONORS))
def test_ranges_are_sorted_and_disjoint(edges: tuple[Pairing, ...], on: date, donor: str) -> None:
    """Ranges come sorted, none empty, none touching the next, so that they are one PostgreSQL multirange."""
    ranges = pairing.carve_outs(donor, on, edges)
    bounds = [bound for low_high in ranges for bound in low_high]
    assert bounds == sorted(set(bounds))


@pytest.mark.duty("pairing.2", "pairing.1")
@pytest.mark.parametrize("on", [FIRST_DAY, END_OF_2019])
def test_the_poor_counties_of_the_published_edges(on: date) -> None:
    """Of the 832 poor counties 186 lie in a named prefecture, 287 in a named province, 359 outside clause (四)."""
    places = [county.place_code for county in published.poverty_counties()]
    counts = pairing.count_by_reach(pairing.responsibility_table(places, on, EDGES))
    assert counts == {"named": 186, "via_province": 287, "counterpart_only": 0, "outside": 359}


@pytest.mark.duty("pairing.2")
@pytest.mark.parametrize("on", [FIRST_DAY, END_OF_2019, date(2020, 12, 31)])
def test_the_code_of_any_year_gives_the_same_answer(on: date) -> None:
    """A poor county's code of 2016 and its code of 2020 name the same edges, on every day."""
    for county in published.poverty_counties():
        if county.county_code and county.county_code_2020:
            old = pairing.responsible(county.county_code, on, EDGES)
            assert pairing.responsible(county.county_code_2020, on, EDGES) == old, county.name


@pytest.mark.duty("pairing.2")
@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("530602", {"广东省中山市", "广东省东莞市"}),  # two donors of one recipient, inside Shanghai's province
        ("530600", {"广东省中山市", "广东省东莞市"}),
        ("530102", {"上海市"}),
        ("530000", {"上海市"}),  # a province is not answered for by the donors of its prefectures
        ("621121", {"福建省福州市"}),  # 定西, nested in 天津 → 甘肃
        ("620102", {"天津市"}),
        ("500101", {"山东省"}),  # a district of a municipality
        ("500000", {"山东省"}),
        ("533325", {"广东省珠海市"}),
        ("130729", {"北京市"}),
        ("130000", set()),  # 河北 itself: only its prefectures have donors
        ("310101", set()),
        ("632223", set()),
        ("621121101001", {"福建省福州市"}),  # a village
        ("621121000000", {"福建省福州市"}),  # a county, padded to twelve digits
    ],
)
def test_known_places(place: str, expected: set[str]) -> None:
    """Well-known places are answered for by the donors that the opinion names."""
    assert donors(place) == expected


@pytest.mark.duty("pairing.2", "pairing.5")
def test_a_county_pair_takes_nothing_from_its_parent_pair() -> None:
    """徐汇 → 禄劝 inside 上海 → 云南: both answer and both see it; 余杭, of another donor, takes it from 上海."""
    inside, other = edge(40, "310104", "530128"), edge(41, "330110", "530128")
    assert ids(pairing.responsible("530128", FIRST_DAY, [*EDGES, inside])) == {7, 40}
    assert ids(pairing.responsible("530128201", FIRST_DAY, [*EDGES, inside])) == {7, 40}
    assert ids(pairing.responsible("530129", FIRST_DAY, [*EDGES, inside])) == {7}
    assert ids(pairing.responsible("530128", FIRST_DAY, [*EDGES, other])) == {41}
    sees = {donor: Scope(pairing.carve_outs(donor, FIRST_DAY, [*EDGES, inside])) for donor in ("310000", "310104")}
    assert "530128" in sees["310000"]
    assert sees["310104"] == Scope.of(["530128"])
    assert "530128" not in Scope(pairing.carve_outs("310000", FIRST_DAY, [*EDGES, other]))


@pytest.mark.duty("pairing.2", "pairing.5")
def test_a_county_pair_takes_nothing_from_another_donor_of_its_recipient() -> None:
    """杭州 and 宁波 for 黔东南: 桐庐's county is still answered for and seen by both; a third donor's by neither."""
    edges = [edge(1, "330100", "522600"), edge(2, "330200", "522600"), edge(3, "330122", "522622")]
    more = [*edges, edge(4, "440111", "522623")]
    assert ids(pairing.responsible("522622", FIRST_DAY, more)) == {1, 2, 3}
    assert ids(pairing.responsible("522623", FIRST_DAY, more)) == {4}
    for donor in ("330100", "330200"):
        assert pairing.carve_outs(donor, FIRST_DAY, edges) == (("5226", "5227"),)
        assert pairing.carve_outs(donor, FIRST_DAY, more) == (("5226", "522623"), ("522624", "5227"))


@pytest.mark.duty("pairing.2", "pairing.5")
def test_county_pairs_do_not_change_how_a_county_is_reached() -> None:
    """With a pair of its own, of its townships and villages, a county of 云南 is still reached by its province."""
    below = [
        edge(40, "310104", "530128"),
        edge(41, "310104001", "530128201"),
        edge(42, "310104001001", "530128201001"),
    ]
    (row,) = pairing.responsibility_table(["530128"], FIRST_DAY, [*EDGES, *below])
    assert (row.reach, ids(row.pairings)) == ("via_province", {7, 40})
    assert ids(pairing.responsible("530128201001", FIRST_DAY, [*EDGES, *below])) == {7, 40, 41, 42}


@pytest.mark.duty("pairing.2")
def test_nobody_answers_before_the_first_day_and_after_the_last() -> None:
    """An edge holds from its first day until before its end."""
    ended = [
        edge(1, "350100", "621100", valid_to=date(2021, 4, 1)),
        edge(2, "370200", "621100", valid_from=date(2021, 4, 1)),
    ]
    assert pairing.responsible("621121", date(2016, 12, 6), EDGES) == ()
    assert ids(pairing.responsible("621121", date(2021, 3, 31), ended)) == {1}
    assert ids(pairing.responsible("621121", date(2021, 4, 1), ended)) == {2}


@pytest.mark.duty("pairing.2")
def test_a_county_that_moved_follows_the_prefecture_of_the_day() -> None:
    """公主岭 lay in 四平 until 2019 and lies in 长春 since 2020; each of its codes gives the day's donor."""
    edges = [edge(1, "330200", "220300"), edge(2, "120000", "220100")]
    for code in ("220381", "220184"):
        assert ids(pairing.responsible(code, date(2018, 6, 1), edges)) == {1}
        assert ids(pairing.responsible(code, date(2021, 6, 1), edges)) == {2}


@pytest.mark.duty("pairing.2")
def test_a_recipient_whose_code_changed_is_followed() -> None:
    """那曲 was 542400 until 2016 and is 540600 since: an edge to the old code answers for the new one, and is seen."""
    edges = [edge(1, "330000", "542400", "counterpart")]
    for code in ("542421", "540602"):
        assert ids(pairing.responsible(code, date(2019, 1, 1), edges, scheme="counterpart")) == {1}
    assert pairing.carve_outs("330000", date(2019, 1, 1), edges) == (("5406", "5407"), ("5424", "5425"))


@pytest.mark.duty("pairing.2")
def test_a_county_without_a_predecessor_is_answered_for_by_what_stands_above() -> None:
    """茫崖市 was formed in 2018 out of no county: in 2016 its prefecture's edge answers."""
    assert ids(pairing.responsible("632803", FIRST_DAY, [edge(1, "330000", "632800")])) == {1}


@pytest.mark.duty("pairing.2", "pairing.4")
def test_schemes_are_kept_apart_and_joined_on_demand() -> None:
    """East-West, counterpart and a province's own pairings do not override each other."""
    edges = [
        edge(1, "330000", "510000"),
        edge(2, "440000", "513300"),
        edge(3, "440000", "513300", "counterpart"),
        edge(4, "510100", "513321", "own_province"),
    ]
    assert ids(pairing.responsible("513321", FIRST_DAY, edges)) == {2}
    assert ids(pairing.responsible("513321", FIRST_DAY, edges, scheme="own_province")) == {4}
    assert ids(pairing.responsible("513321", FIRST_DAY, edges, scheme=None)) == {2, 3, 4}


@pytest.mark.duty("pairing.2")
@pytest.mark.parametrize("code", ["", "53", "5306", "53060x", "5306021", "999999", "53060２", "530602101001001"])
def test_a_code_that_is_none_is_refused(code: str) -> None:
    """A malformed or unknown code is an error that names it; it never becomes "nobody is responsible"."""
    with pytest.raises(JieduiError, match="code") as error:
        pairing.responsible(code, FIRST_DAY, EDGES)
    assert code in error.value.message
    assert error.value.remedy


@pytest.mark.duty("pairing.2")
def test_an_unknown_scheme_is_refused() -> None:
    """A scheme that is in no code list is an error, not an empty answer."""
    with pytest.raises(JieduiError, match="no scheme 'east'"):
        pairing.responsible("530602", FIRST_DAY, EDGES, scheme="east")


@pytest.mark.duty("pairing.2")
def test_what_shanghai_may_see() -> None:
    """Shanghai sees 云南 without 昭通 and 怒江, and 遵义."""
    assert pairing.carve_outs("310000", FIRST_DAY, EDGES) == (
        ("5203", "5204"),
        ("53", "5306"),
        ("5307", "5333"),
        ("5334", "54"),
    )


@pytest.mark.duty("pairing.2")
def test_another_scheme_cuts_nothing_out() -> None:
    """浙江 sees 甘孜 under its East-West grant although 广东 supports it under 对口支援."""
    edges = [edge(1, "330000", "510000"), edge(2, "440000", "513300", "counterpart")]
    assert pairing.carve_outs("330000", FIRST_DAY, edges) == (("51", "52"),)
    assert pairing.carve_outs("440000", FIRST_DAY, edges) == (("5133", "5134"),)
    assert pairing.carve_outs("440000", FIRST_DAY, edges, scheme="east_west") == ()


@pytest.mark.duty("pairing.2")
def test_both_donors_of_one_recipient_see_it() -> None:
    """中山 and 东莞 both see 昭通; a place that gives nothing sees nothing."""
    assert pairing.carve_outs("442000", FIRST_DAY, EDGES) == (("5306", "5307"),)
    assert pairing.carve_outs("441900", FIRST_DAY, EDGES) == (("5306", "5307"),)
    assert pairing.carve_outs("530000", FIRST_DAY, EDGES) == ()


@pytest.mark.duty("pairing.2")
def test_a_county_pair_takes_nothing_from_its_parent() -> None:
    """杭州 still sees the county that one of its own counties is paired with; another donor's county is cut out."""
    edges = [edge(1, "330100", "522600"), edge(2, "330122", "522622"), edge(3, "440111", "522623")]
    assert pairing.carve_outs("330100", FIRST_DAY, edges) == (("5226", "522623"), ("522624", "5227"))
    assert pairing.carve_outs("330122", FIRST_DAY, edges) == (("522622", "522623"),)


@pytest.mark.duty("pairing.3")
def test_coverage_of_the_autonomous_prefectures() -> None:
    """Of the 30 prefectures 10 are named, 9 reached through their province, 11 by counterpart support only."""
    codes = [prefecture.code for prefecture in published.autonomous_prefectures()]
    found = pairing.coverage(codes, EDGES, FIRST_DAY)
    assert pairing.count_by_reach(found) == {"named": 10, "via_province": 9, "counterpart_only": 11, "outside": 0}
    assert {row.place_code[:2] for row in found if row.reach == "counterpart_only"} == {"63", "65"}
    assert all(row.pairings for row in found if row.reach in ("named", "via_province"))


@pytest.mark.duty("pairing.3")
def test_each_gap_of_coverage_is_found() -> None:
    """A prefecture left to counterpart support is a note, one that nothing reaches a warning, a covered one neither."""
    found = pairing.coverage_findings(["632200", "450100", "421100"], EDGES, FIRST_DAY)
    assert [(finding.subject, finding.severity) for finding in found] == [("632200", "note"), ("421100", "warning")]
    assert "海北" in found[0].message


@pytest.mark.duty("pairing.3")
def test_a_counterpart_edge_outside_the_areas_of_clause_six_counts() -> None:
    """A prefecture that only a counterpart edge reaches is reached by counterpart support, with that edge."""
    (row,) = pairing.coverage(["421100"], [edge(7, "330000", "421100", "counterpart")], FIRST_DAY)
    assert (row.reach, ids(row.pairings)) == ("counterpart_only", {7})


@given(st.lists(st.sampled_from(PLACES)), st.sampled_from(DAYS))
@example([], FIRST_DAY)
def test_counts_add_up(places: list[str], on: date) -> None:
    """The counts by reach add up to the places asked about."""
    assert sum(pairing.count_by_reach(pairing.responsibility_table(places, on, EDGES)).values()) == len(places)
