"""Lists of proposals: every row once, counts as they are, each reader's own, against brute force."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiedui.errors import JieduiError
from jiedui.records.access import Sight
from jiedui.results.models import PairProposal, Proposal
from jiedui.results.queries import comparing, proposals, runs
from jiedui.terms.divisions import prefix
from jiedui.terms.scope import Scope
from tests.results import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.duty("labour.3")]
VILLAGES = ("530602101001", "530602101002", "530621100001", "533301100001", "522601100001")
WORKS = ("310115", "330102", "530602")
SOME = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def reader(**scopes):
    """Somebody with these scopes; `proposed` and the others are lists of prefixes."""
    sight = Sight(**{name: Scope.of(prefixes) for name, prefixes in scopes.items()})
    return SimpleNamespace(is_authenticated=True, pk=1, sight=lambda on=None: sight)


rows = st.lists(
    st.tuples(
        st.sampled_from(VILLAGES), st.sampled_from(WORKS), st.integers(-3, 3), st.integers(0, 1),
        st.sampled_from(["", "together", "apart"]),
    ),
    max_size=14,
)  # fmt: skip
filters = st.builds(
    proposals.Filter,
    home=st.sampled_from([(), ("530602",), ("5306", "5333"), ("52",)]),
    work=st.sampled_from(["", *WORKS]),
    tier=st.sampled_from([None, 0, 1]),
    partner=st.sampled_from(["", "together", "apart"]),
)
scopes = st.lists(st.sampled_from(["53", "5306", "530602", "530602101001", "52", ""]), max_size=2)


def made(drawn):
    """A run of the drawn rows."""
    return worlds.run([
        worlds.proposal(number, region_code=home, work_region_code=work, utility=utility, tier=tier, partner=partner)
        for number, (home, work, utility, tier, partner) in enumerate(drawn, start=1)
    ])  # fmt: skip


def wanted_by_hand(drawn, wanted, prefixes):
    """Worker numbers in the order of the list, by plain comparisons."""
    found = [
        (home, -utility, number)
        for number, (home, work, utility, tier, partner) in enumerate(drawn, start=1)
        if any(home.startswith(one) for one in prefixes)
        and (not wanted.home or any(home.startswith(prefix(one)) for one in wanted.home))
        and wanted.work in ("", work)
        and wanted.tier in (None, tier)
        and wanted.partner in ("", partner)
    ]
    return [number for _home, _utility, number in sorted(found)]


@SOME
@given(rows, filters, scopes, st.integers(1, 4))
def test_walking_the_pages_visits_every_row_once(drawn, wanted, prefixes, size):
    """Forwards and backwards, in the order of the list, whatever the filter and the reader; the count is right."""
    Proposal.objects.all().delete()
    run, user = made(drawn), reader(proposed=prefixes)
    expected = wanted_by_hand(drawn, wanted, prefixes)
    pages, page = [], proposals.page(run, user, wanted, size=size)
    while True:
        pages.append([row.worker_id for row in page.rows])
        if not page.after:
            break
        page = proposals.page(run, user, wanted, after=page.after, size=size)
    assert [number for shown in pages for number in shown] == expected
    back = [pages[-1]]
    while page.before:
        page = proposals.page(run, user, wanted, before=page.before, size=size)
        back.insert(0, [row.worker_id for row in page.rows])
    assert [number for shown in back for number in shown] == expected
    assert proposals.count(run, user, wanted) == len(expected)
    assert [row.worker_id for row in proposals.every(run, user, wanted)] == expected


def test_a_long_list_is_counted_up_to_a_limit(monkeypatch):
    """Where the run does not tell it: more than the limit is None, the limit itself is a number."""
    monkeypatch.setattr(proposals, "COUNTED_TO", 3)
    run, user = made([(VILLAGES[0], WORKS[0], 0, 0, "apart")] * 4), reader(proposed=["530602101001"])
    assert proposals.count(run, user) is None
    monkeypatch.setattr(proposals, "COUNTED_TO", 4)
    assert proposals.count(run, user) == 4


@SOME
@given(rows, scopes)
def test_work_counties_are_those_of_the_readers_rows(drawn, prefixes):
    """As by hand, whether or not the reader sees all people of the run; none without a scope."""
    Proposal.objects.all().delete()
    run, user = made(drawn), reader(proposed=prefixes)
    expected = {work for home, work, *_ in drawn if any(home.startswith(one) for one in prefixes)}
    assert proposals.works(run, user) == sorted(expected)


def test_quotas_are_told_of_the_readers_counties():
    """As the numbers of counties: of those that lie whole in the scope."""
    run = worlds.run([], settings={"quotas": {"530602": [1, None], "533301": [0, 2]}})
    assert proposals.quotas(run, reader(proposed=["5306", "533301100001"])) == {"530602": [1, None]}


@pytest.mark.parametrize("key", ["x", "530602101001~1", "530602101001~1~x", "'~1~1", "530602~1~2~3"])
def test_a_key_that_names_no_place_is_said(key):
    """An address that somebody made up is refused in words."""
    with pytest.raises(JieduiError, match="names no page"):
        proposals.page(made([]), reader(proposed=[""]), after=key)


places = st.sampled_from(["530602", "533301", "310115", "330102", "440304"])
pair_rows = st.lists(
    st.tuples(st.sampled_from(["county_pair", "post", "need"]), places, places), min_size=1, max_size=12
)
pair_scopes = st.fixed_dictionaries(
    {}, optional={name: st.lists(st.sampled_from(["53", "5306", "31", "330102", ""]), max_size=2)
                  for name in ("talent", "programme", "office", "people", "proposed")},
)  # fmt: skip


@SOME
@given(pair_rows, pair_scopes)
def test_pairs_are_seen_from_either_side(drawn, told):
    """Posts by whoever sees the talent of a side, the others by the programme or the office of a side; nothing else."""
    PairProposal.objects.all().delete()
    for problem in {one[0] for one in drawn}:
        chosen = [(k, left, right) for k, (name, left, right) in enumerate(drawn) if name == problem]
        worlds.run_of_pairs([worlds.pair(k, k, left_region=left, right_region=right) for k, left, right in chosen],
                            problem)  # fmt: skip
    seen = {
        k
        for k, (problem, left, right) in enumerate(drawn)
        for opens in [
            told.get("talent", []) if problem == "post" else told.get("programme", []) + told.get("office", [])
        ]
        if any(side.startswith(one) for side in (left, right) for one in opens)
    }
    assert set(PairProposal.objects.visible_to(reader(**told)).values_list("left_id", flat=True)) == seen


def test_somebody_who_is_not_signed_in_sees_no_pair():
    """Nor is a scope asked for."""
    worlds.run_of_pairs([worlds.pair(1, 2)])
    assert not PairProposal.objects.visible_to(SimpleNamespace(is_authenticated=False)).exists()


placed = st.dictionaries(st.integers(1, 8), st.integers(1, 3), max_size=8)


@SOME
@given(placed, placed, st.sampled_from([["53"], ["530602101001"], [""], []]), st.integers(1, 3))
def test_two_runs_are_compared_as_by_hand(first, second, prefixes, size):
    """Who kept, changed, lost or got a place, inside the reader's scope; the list has all that differ, each once."""
    Proposal.objects.all().delete()
    home = {number: VILLAGES[number % len(VILLAGES)] for number in range(1, 9)}
    one, other = (
        worlds.run([worlds.proposal(w, vacancy_id=v, region_code=home[w]) for w, v in told.items()])
        for told in (first, second)
    )
    user = reader(proposed=prefixes)
    inside = {number for number in home if any(home[number].startswith(start) for start in prefixes)}
    both = {number for number in first if number in second} & inside
    told = comparing.moves(one, other, user)
    assert told.same == sum(first[number] == second[number] for number in both)
    assert told.moved == len(both) - told.same
    assert told.only_first == len((set(first) - set(second)) & inside)
    assert told.only_second == len((set(second) - set(first)) & inside)
    listed, after = [], (-1, -1)
    while shown := comparing.moved(one, other, user, after=after, size=size):
        listed += shown
        after = comparing.key_of(shown[-1])
    expected = {number for number in {*first, *second} & inside if first.get(number) != second.get(number)}
    assert [move.left_id for move in listed] == sorted(expected)
    assert {move.left_id: (move.first_right, move.second_right) for move in listed} == {
        number: (first.get(number), second.get(number)) for number in expected
    }


def test_settings_that_differ_are_told():
    """A changed weight, a quota and a pin; what is equal is not."""
    one = worlds.run([], settings={"quotas": {"530602": [1, None]}})
    other = worlds.run([], settings={"pins": [[1, 2]]})
    other.parameters = {"labour.utility.nearby": 40}
    one.parameters = {"labour.utility.nearby": 20}
    changed = {name: (before, after) for name, before, after in comparing.settings_changed(one, other)}
    assert changed == {
        "labour.utility.nearby": (20, 40), "quotas": ({"530602": [1, None]}, None), "pins": (None, [[1, 2]]),
    }  # fmt: skip


regions = ("", "530000", "530600", "530602", "533300", "310000", "520000")


@SOME
@given(st.lists(st.sampled_from(["53", "5306", "530602", "530602101001", "31", ""]), max_size=2))
def test_runs_concern_whoever_sees_proposals_of_their_region(prefixes):
    """A run of the country concerns everybody; one of a region those whose scope overlaps it, from above or below."""
    made_runs = {worlds.run([], region=region).pk: region for region in regions}
    seen = {made_runs[run.pk] for run in runs.matches(reader(proposed=prefixes), "labour").filter(pk__in=made_runs)}
    overlap = {
        region
        for region in regions
        if not region or any(prefix(region).startswith(one) or one.startswith(prefix(region)) for one in prefixes)
    }
    assert seen == overlap


def test_numbers_of_a_county_are_for_whoever_sees_all_of_it():
    """By rising share; a county that lies only partly in the scope is not shown."""
    told = [{"county": "530602", "seeking": 2, "placed": 1, "share": 0.5},
            {"county": "530621", "seeking": 3, "placed": 0, "share": 0.0},
            {"county": "533301", "seeking": 1, "placed": 1, "share": 1.0}]  # fmt: skip
    run = worlds.run([], summary={"by_county": told})
    shown = {name: [row["county"] for row in runs.by_county(run, reader(proposed=prefixes))]
             for name, prefixes in {"all": ["53"], "part": ["5306", "533301100001"], "none": []}.items()}  # fmt: skip
    assert shown == {"all": ["530621", "530602", "533301"], "part": ["530621", "530602"], "none": []}
