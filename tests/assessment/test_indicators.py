"""The SQL of the indicators against brute force: plain Python over the same rows, or the rule of policy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiedui.policy import parameters
from jiedui.policy.rules import funding, funding_flow, labour, poverty, poverty_reach, talent
from jiedui.policy.rules.pairing import responsible
from jiedui.terms.pairs import Pairing
from tests.assessment.small_world import (
    DONGGUAN,
    LUSHUI,
    SHANGHAI,
    WENSHAN,
    ZHAOYANG,
    ZHONGSHAN,
    ZHUHAI,
    World,
    pseudonym,
)

OUTSIDE = "130102"
"""A county that no pair of the small world reaches."""
COUNTIES = (LUSHUI, ZHAOYANG, WENSHAN, OUTSIDE)
PAIRS_OF = {LUSHUI: (1,), ZHAOYANG: (2, 3), WENSHAN: (4,), OUTSIDE: ()}
YEAR_END = date(2019, 12, 31)
PARAMETERS = parameters.load(YEAR_END)

days = st.sampled_from(
    [
        *(date(2018, 6, 15), date(2018, 12, 31), date(2019, 1, 1), date(2019, 3, 1), date(2019, 3, 31)),
        *(date(2019, 6, 30), date(2019, 7, 1), date(2019, 7, 2), date(2019, 12, 31), date(2020, 1, 1)),
    ]
)
"""Days around which something changes, so that few of them meet often."""
counties = st.sampled_from(COUNTIES)
brute_force = settings(max_examples=8, deadline=None)
"""Few examples of many rows each: what is rare in one row is frequent in twenty."""


def _edges(world: World) -> list[Pairing]:
    return [Pairing(**row) for row in world.rows["pairing"]]


def _found(world: World, indicator: str) -> dict[int, float | None]:
    return {pair: value.value for pair, value in world.measure(indicator).by_pair.items()}


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _in_2019(day: date) -> bool:
    return day.year == 2019


class TestPoverty:
    """减贫成效."""

    @pytest.mark.duty("assessment.2")
    @brute_force
    @given(
        st.lists(
            st.tuples(
                counties,
                st.lists(
                    st.tuples(st.sampled_from(["exit", "exit", "relapse", "correction", "enter"]), days),
                    min_size=1,
                    max_size=4,
                ),
                st.lists(st.tuples(days, st.none() | days), min_size=1, max_size=3),
            ),
            min_size=15,
            max_size=25,
        )
    )
    def test_persons_who_left_poverty_agree_with_the_rule(self, households: list[Any]) -> None:
        """Each pair's count and the nation's are those of `policy.rules.poverty.exits`, each person once."""
        world = World(as_of=date(2020, 12, 31))
        for county in COUNTIES:
            world.household(county)
        for number, (county, changes, members) in enumerate(households):
            household = world.household(county)
            for member, (joined, left) in enumerate(members):
                world.add(
                    "person",
                    person_id=pseudonym(f"{number}.{member}"),
                    household_id=household,
                    region_code=f"{county}100001",
                    joined_on=joined,
                    left_on=left if left and left > joined else None,
                )
            for kind, day in changes:
                world.change(household, kind, day)
        edges = _edges(world)
        expected = poverty.exits(
            world.rows["status_change"], world.rows["person"], 2019, lambda place, day: responsible(place, day, edges)
        )
        measured = world.measure("poverty.exited_persons")
        for pair, value in measured.by_pair.items():
            assert value.value == len(expected.by_pairing.get(pair, ()))
        assert measured.nation.value == len(expected.persons - expected.outside)

    @brute_force
    @given(
        st.lists(
            st.tuples(
                counties,
                st.integers(1, 5),
                st.sampled_from(["poor", "exited", "relapsed"]),
                st.sampled_from([2018, 2019]),
            ),
            min_size=8,
            max_size=20,
        )
    )
    def test_share_still_poor_agrees_with_plain_python(self, rows: list[tuple[str, int, str, int]]) -> None:
        """Members of poor and relapsed households over all of the year; missing where no household is registered."""
        world = World()
        for county, members, status, year in rows:
            household = world.household(county, years=())
            world.add(
                "household_year",
                household_id=household,
                region_code=f"{county}100001",
                year=year,
                status=status,
                members=members,
            )
        found = _found(world, "poverty.still_poor_share")
        for pair in (1, 2, 3, 4):
            own = [row for row in rows if pair in PAIRS_OF[row[0]] and row[3] == 2019]
            poor = sum(members for _, members, status, _ in own if status in ("poor", "relapsed"))
            assert found[pair] == _share(poor, sum(row[1] for row in own))

    @pytest.mark.duty("assessment.2")
    @brute_force
    @given(
        st.lists(
            st.tuples(
                st.sampled_from([ZHAOYANG, LUSHUI, OUTSIDE]),
                days,
                st.integers(1, 3),
                st.lists(st.tuples(st.integers(0, 3), days), max_size=2),
            ),
            min_size=10,
            max_size=15,
        )
    )
    def test_exits_with_help_agree_with_plain_python(self, households: list[Any]) -> None:
        """A person counts once for a pair that helped her, her household or her village before the exit."""
        world, expected = World(as_of=date(2020, 12, 31)), {pair: set[str]() for pair in (1, 2, 3, 4)}
        donor = world.add("organisation", region_code=ZHUHAI)
        for county in COUNTIES:
            world.household(county)
        gifts: list[tuple[int, str, date]] = []
        exits: list[tuple[str, str, date, set[int]]] = []
        for number, (county, left_on, size, helps) in enumerate(households):
            persons = [f"{number}.{member}" for member in range(size)]
            household = world.household(county, persons=persons)
            world.change(household, "exit", left_on)
            for pair, (kind, day) in product(PAIRS_OF[county], helps):
                if kind == 3:
                    gifts.append((pair, county, day))
                    world.add(
                        "donation",
                        organisation_id=donor,
                        pairing_id=pair,
                        region_code=f"{county}100001",
                        given_on=day,
                    )
                    continue
                helped = _help(world, pair, county, household, persons[0], kind, day)
                if day <= left_on and _in_2019(left_on):
                    expected[pair] |= set(persons if helped == "household" else persons[:1])
            exits += [(person, county, left_on, set(PAIRS_OF[county])) for person in persons]
        for person, county, left_on, pairs in exits:
            for pair, village, day in gifts:
                if pair in pairs and village == county and day <= left_on and _in_2019(left_on):
                    expected[pair].add(person)
        measured = world.measure("poverty.exited_with_help")
        assert {pair: value.value for pair, value in measured.by_pair.items()} == {
            pair: float(len(persons)) for pair, persons in expected.items()
        }
        assert measured.nation.value == len(set().union(*expected.values()))


def _help(world: World, pair: int, county: str, household: int, person: str, kind: int, day: date) -> str:
    """A record of help to a person (0), a household by a benefit link (1) or by money (2)."""
    village = f"{county}100001"
    if kind == 0:
        world.add(
            "placement",
            person_id=pseudonym(person),
            household_id=household,
            region_code=village,
            pairing_id=pair,
            work_region_code=ZHUHAI,
            started_on=day,
        )
        return "person"
    if kind == 1:
        project = world.add("project", pairing_id=pair, region_code=county, signed_on=day)
        world.add("benefit_link", project_id=project, household_id=household, region_code=village, since=day)
        return "household"
    line = world.add("budget_line", pairing_id=pair, donor_code=ZHUHAI, year=day.year, approved_on=day)
    _entry(world, pair, line, "payment", day, [("payee", 100, None, village, household)])
    return "household"


Leg = tuple[str, int, int | None, str, int | None]


def _entry(world: World, pair: int, line: int, step: str, day: date, legs: Iterable[Leg]) -> None:
    """An entry with its legs (account, amount, project, region, household)."""
    entry = world.add("ledger_entry", pairing_id=pair, step=step, happened_on=day)
    for account, amount, project, region, household in legs:
        world.add(
            "ledger_leg",
            ledger_entry_id=entry,
            region_code=region,
            account=account,
            amount_fen=amount,
            budget_line_id=line,
            project_id=project,
            household_id=household,
        )


class TestLabour:
    """劳务协作."""

    @pytest.mark.duty("labour.5")
    @brute_force
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 5),
                st.sampled_from([ZHONGSHAN, ZHONGSHAN, "442000101", SHANGHAI, ZHAOYANG]),
                st.sampled_from([date(2018, 12, 31), date(2019, 1, 31), date(2019, 2, 15), date(2020, 1, 1)]),
                st.sampled_from([None, date(2019, 3, 1), date(2019, 4, 1), date(2019, 5, 15)]),
                st.lists(
                    st.tuples(
                        st.sampled_from([date(2018, 12, 1), *(date(2019, month, 1) for month in range(1, 6))]),
                        st.sampled_from(["certificate", "contract", "pay_flow", "insurance", "phone"]),
                    ),
                    min_size=1,
                    max_size=3,
                ),
            ),
            min_size=15,
            max_size=25,
        )
    )
    def test_stable_jobs_agree_with_the_rule(self, placements: list[Any]) -> None:
        """Persons with enough proven months, over all their placements in the donor's area, as the rule counts them."""
        world = World(as_of=date(2020, 12, 31))
        household = world.household(ZHAOYANG, persons=[str(number) for number in range(6)])
        for person, place, started, ended, checks in placements:
            placement = world.add(
                "placement",
                person_id=pseudonym(str(person)),
                household_id=household,
                region_code=f"{ZHAOYANG}100001",
                pairing_id=2,
                work_region_code=place,
                kind="near" if place == ZHAOYANG else "east",
                started_on=started,
                ended_on=ended if ended and ended > started else None,
            )
            for month, kind in checks:
                world.add(
                    "stay_check",
                    placement_id=placement,
                    region_code=f"{ZHAOYANG}100001",
                    month=month,
                    evidence=kind,
                )
        rows, checks = world.rows["placement"], world.rows["stay_check"]
        east = [row for row in rows if row["work_region_code"].startswith("4420")]
        near = [row for row in rows if row["work_region_code"] == ZHAOYANG]
        measured = world.measure_all("labour.stable_east", "labour.stable_near")
        for found, own in zip(measured, (east, near), strict=True):
            expected = labour.stable_persons(own, checks, PARAMETERS, year=2019)
            assert found.by_pair[2].value == (len(expected) if _reported(rows) else None)

    @brute_force
    @given(
        st.lists(
            st.tuples(
                st.booleans(),
                st.booleans(),
                st.sampled_from(["unemployed", "away_east", "near"]),
                st.lists(st.tuples(st.integers(2, 3), days), max_size=2),
            ),
            min_size=8,
            max_size=20,
        )
    )
    def test_share_of_the_willing_placed_agrees_with_plain_python(self, workers: list[Any]) -> None:
        """Placed by the pair in the year, over these and those without work; only the willing and able count."""
        world = World()
        household = world.household(ZHAOYANG, persons=[str(number) for number in range(len(workers))])
        region = f"{ZHAOYANG}100001"
        for number, (willing, able, status, jobs) in enumerate(workers):
            person = pseudonym(str(number))
            world.add(
                "worker",
                person_id=person,
                household_id=household,
                region_code=region,
                willing=willing,
                able=able,
                work_status=status,
                registered_on=date(2018, 1, 1),
            )
            for pair, day in jobs:
                world.add(
                    "placement",
                    person_id=person,
                    household_id=household,
                    region_code=region,
                    pairing_id=pair,
                    work_region_code=ZHONGSHAN,
                    started_on=day,
                )
        found = _found(world, "labour.willing_placed_share")
        for pair in (2, 3):
            asked = [worker for worker in workers if worker[0] and worker[1]]
            placed = [any(p == pair and _in_2019(day) for p, day in worker[3]) for worker in asked]
            whole = sum(done or worker[2] == "unemployed" for done, worker in zip(placed, asked, strict=True))
            assert found[pair] == _share(sum(placed), whole)

    def test_two_counts_of_work_in_the_east_differ(self) -> None:
        """Who works in the East by other ways is in the wide count and not among the stable jobs of the pair."""
        world = World()
        household = world.household(LUSHUI, persons=["a", "b"])
        for person in "ab":
            world.add(
                "worker",
                person_id=pseudonym(person),
                household_id=household,
                region_code=f"{LUSHUI}100001",
                work_status="away_east",
                registered_on=date(2019, 1, 1),
            )
        placement = world.add(
            "placement",
            person_id=pseudonym("a"),
            household_id=household,
            region_code=f"{LUSHUI}100001",
            pairing_id=1,
            work_region_code=ZHUHAI,
            started_on=date(2019, 1, 5),
        )
        for month in (1, 2, 3):
            world.add("stay_check", placement_id=placement, region_code=f"{LUSHUI}100001", month=date(2019, month, 1))
        assert _found(world, "labour.working_in_east")[1] == 2
        assert _found(world, "labour.stable_east")[1] == 1


def _reported(rows: list[dict[str, Any]]) -> bool:
    return any(row["started_on"] <= YEAR_END for row in rows)


ENDS = [
    *(date(2018, 12, 31), date(2019, 1, 1), date(2019, 1, 29), date(2019, 1, 30), date(2019, 1, 31)),
    *(date(2019, 3, 13), date(2019, 3, 14), date(2020, 1, 31), date(2020, 2, 1), date(2020, 3, 15), date(2020, 3, 16)),
]
"""Ends around the turn of the year and around two and three years."""


class TestTalent:
    """人才支援."""

    @pytest.mark.duty("talent.1")
    @brute_force
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 4),
                st.sampled_from([date(2017, 1, 31), date(2017, 3, 15)]),
                st.sampled_from(ENDS),
                st.none() | st.sampled_from(ENDS),
            ),
            min_size=8,
            max_size=20,
        )
    )
    def test_terms_and_persons_agree_with_the_rule(self, posts: list[tuple[int, date, date, date | None]]) -> None:
        """Persons in post are counted once; the share of kept terms is what the rule finds nothing about."""
        world = World()
        for person, start, planned, actual in posts:
            world.add(
                "secondment",
                pairing_id=1,
                direction="donor_to_recipient",
                region_code=LUSHUI,
                home_region_code=ZHUHAI,
                started_on=start,
                planned_end_on=planned,
                ended_on=actual,
                person_key=str(person),
            )
        rows = world.rows["secondment"]
        inside = [row for row in rows if (row["ended_on"] or row["planned_end_on"]) >= date(2019, 1, 1)]
        outside = talent.term_outside_range(inside, PARAMETERS)
        kept, sent = world.measure_all("talent.term_kept_share", "talent.secondees_sent")
        assert kept.by_pair[1].value == _share(len(inside) - len(outside), len(inside))
        persons = len({row["person_key"] for row in inside})
        assert sent.by_pair[1].value == (persons if rows else None)

    def test_both_directions_are_counted_apart(self) -> None:
        """Who goes to the recipient counts for the donor, who comes from there for the recipient."""
        world = World()
        common = {"pairing_id": 1, "started_on": date(2018, 1, 1), "planned_end_on": date(2020, 1, 1)}
        world.add(
            "secondment",
            direction="donor_to_recipient",
            region_code=LUSHUI,
            home_region_code=ZHUHAI,
            person_key="east",
            **common,
        )
        for name in ("west", "west", "other"):
            world.add(
                "secondment",
                direction="recipient_to_donor",
                region_code=ZHUHAI,
                home_region_code=LUSHUI,
                person_key=name,
                **common,
            )
        assert _found(world, "talent.secondees_sent")[1] == 1
        assert _found(world, "talent.secondees_received")[1] == 2


LEDGER_DAYS = [
    *(date(2017, 5, 1), date(2018, 5, 1), date(2018, 12, 30), date(2018, 12, 31), date(2019, 1, 1), date(2019, 5, 1)),
    *(date(2019, 12, 31), date(2020, 1, 1)),
]
"""Days around 365 days before the year's end, and around that end."""


@st.composite
def ledgers(draw: st.DrawFn) -> list[tuple[str, int, int, date]]:
    """Steps (step, amount, project, day) of one budget line by day; none spends what is not there."""
    treasury, projects = 0, {1: 0, 2: 0}
    steps = []
    for day in sorted(draw(st.lists(st.sampled_from(LEDGER_DAYS), min_size=4, max_size=12))):
        choices = ["transfer"] + ["allocate"] * (treasury > 0) + ["payment"] * any(projects.values())
        step = draw(st.sampled_from(choices))
        project = draw(st.sampled_from([key for key, held in projects.items() if step != "payment" or held]))
        limit = {"transfer": 50, "allocate": treasury, "payment": projects[project]}[step]
        amount = draw(st.integers(1, limit))
        treasury += amount * {"transfer": 1, "allocate": -1, "payment": 0}[step]
        projects[project] += amount * {"transfer": 0, "allocate": 1, "payment": -1}[step]
        steps.append((step, amount, project, day))
    return steps


class TestFunding:
    """资金支持."""

    @pytest.mark.duty("funding.4")
    @settings(max_examples=20, deadline=None)
    @given(st.lists(ledgers(), min_size=2, max_size=4))
    def test_idle_money_agrees_with_the_rule(self, lines: list[list[tuple[str, int, int, date]]]) -> None:
        """What lies idle is what the rule's queue of money holds longer than the set days; paid is what was paid."""
        world = World(as_of=date(2020, 12, 31))
        for project in (1, 2):
            assert world.add("project", pairing_id=1, region_code=LUSHUI, signed_on=date(2017, 1, 1)) == project
        for steps in lines:
            line = world.add(
                "budget_line", pairing_id=1, donor_code=ZHUHAI, year=2019, approved_on=date(2017, 1, 1), amount_fen=1
            )
            for step, amount, project, day in steps:
                sources = {
                    "transfer": [("donor_budget", None, ZHUHAI), ("recipient_treasury", None, LUSHUI)],
                    "allocate": [("recipient_treasury", None, LUSHUI), ("project", project, LUSHUI)],
                    "payment": [("project", project, LUSHUI), ("payee", project, LUSHUI)],
                }[step]
                legs = [
                    (account, sign * amount, of, region, None)
                    for sign, (account, of, region) in zip((-1, 1), sources, strict=True)
                ]
                _entry(world, 1, line, step, day, legs)
        limit = PARAMETERS.value("funding.idle_days")
        held = funding_flow.held_money(world.rows["ledger_entry"], world.rows["ledger_leg"], YEAR_END)
        idle = sum(lot.amount_fen for lots in held.values() for lot in lots if (YEAR_END - lot.arrived_on).days > limit)
        everything = [step for steps in lines for step in steps if step[3] <= YEAR_END]
        arrived = [(amount, day) for step, amount, _, day in everything if step == "transfer"]
        old = sum(amount for amount, day in arrived if (YEAR_END - day).days > limit)
        idle_share, paid_share = world.measure_all("funding.idle_share", "funding.paid_share")
        assert idle_share.by_pair[1].value == _share(idle, old)
        paid = sum(amount for step, amount, _, _ in everything if step == "payment")
        assert paid_share.by_pair[1].value == _share(paid, sum(amount for amount, _ in arrived))

    @pytest.mark.duty("principle.1")
    @brute_force
    @given(
        st.lists(
            st.tuples(st.integers(1, 99), st.none() | st.integers(1, 4), st.booleans(), st.sampled_from([2018, 2019])),
            min_size=6,
            max_size=15,
        )
    )
    def test_money_that_reaches_agrees_with_the_rule(self, payments: list[tuple[int, int | None, bool, int]]) -> None:
        """A payment reaches when it goes to a household or for a project that the rule says reaches someone."""
        world = World()
        household = world.household(LUSHUI)
        village = f"{LUSHUI}100001"
        for place in (LUSHUI, village, f"{LUSHUI}100002", LUSHUI):
            world.add("project", pairing_id=1, region_code=place, signed_on=date(2017, 6, 1))
        world.add("benefit_link", project_id=1, household_id=household, region_code=village, since=date(2017, 7, 1))
        line = world.add("budget_line", pairing_id=1, donor_code=ZHUHAI, year=2019, approved_on=date(2017, 1, 1))
        for amount, project, to_household, year in payments:
            leg: Leg = ("payee", amount, project, LUSHUI, household if to_household else None)
            _entry(world, 1, line, "payment", date(year, 6, 1), [leg])
        rows = world.rows
        reached = {
            row.project_id
            for row in poverty_reach.reach(rows["project"], rows["benefit_link"], rows["ledger_leg"], rows["household"])
            if not row.reaches_none
        }
        own = [payment for payment in payments if payment[3] == 2019]
        good = sum(amount for amount, project, direct, _ in own if direct or project in reached)
        assert _found(world, "funding.reaching_share")[1] == _share(good, sum(amount for amount, *_ in own))

    @pytest.mark.duty("funding.1")
    @brute_force
    @given(
        st.lists(
            st.tuples(st.sampled_from([1, 2, 3, 4]), st.sampled_from([2018, 2019]), st.integers(1, 99)),
            min_size=5,
            max_size=9,
        ),
        st.dictionaries(
            st.tuples(st.sampled_from(["440000", SHANGHAI]), st.sampled_from([2018, 2019])), st.integers(1, 99)
        ),
    )
    def test_growth_against_revenue_agrees_with_the_rule(
        self, lines: list[tuple[int, int, int]], revenues: dict[tuple[str, int], int]
    ) -> None:
        """Where the rule can judge a province, its pairs have its value; where it cannot, the value is missing."""
        world = World()
        donors = {1: ZHUHAI, 2: ZHONGSHAN, 3: DONGGUAN, 4: SHANGHAI}
        for pair, year, amount in lines:
            world.add(
                "budget_line",
                pairing_id=pair,
                donor_code=donors[pair],
                year=year,
                approved_on=date(year, 3, 1),
                amount_fen=amount,
            )
        for (province, year), amount in revenues.items():
            world.add("fiscal_revenue", province_code=province, year=year, revenue_fen=amount)
        judged = {
            row.province_code[:2]: row
            for row in funding.budget_growth(world.rows["budget_line"], world.rows["fiscal_revenue"], 2019)
        }
        found = _found(world, "funding.aid_keeps_pace")
        for pair, donor in donors.items():
            row = judged.get(donor[:2])
            reported = any(p == pair and year == 2019 for p, year, _ in lines)
            if not reported or row is None or row.budget_growth is None or row.revenue_growth is None:
                assert found[pair] is None
            else:
                assert found[pair] == pytest.approx(float((1 + row.budget_growth) / (1 + row.revenue_growth)))
                assert (found[pair] >= 1 - 1e-12) == (row.verdict == "kept_pace")


class TestIndustry:
    """产业合作."""

    @pytest.mark.duty("industry.1", "industry.2")
    @brute_force
    @given(
        st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), max_size=6),
        st.lists(st.none() | st.integers(0, 99), min_size=3, max_size=3),
    )
    def test_households_projects_and_investment_agree_with_plain_python(
        self, links: list[tuple[int, int]], arrived: list[int | None]
    ) -> None:
        """Households count once, public works are no industry, an investment that is not reported is not a zero."""
        world = World()
        households = [world.household(LUSHUI) for _ in range(4)]
        for number, amount in enumerate(arrived):
            world.add(
                "project",
                pairing_id=1,
                region_code=LUSHUI,
                kind="public_works" if number == 2 else "base",
                signed_on=date(2019, 2, 1),
                arrived_fen=amount,
            )
        for project, household in links:
            world.add(
                "benefit_link",
                project_id=project,
                household_id=households[household],
                region_code=f"{LUSHUI}100001",
                since=date(2019, 3, 1),
            )
        linked = {household for _, household in links}
        names = ("households_linked", "participation_share", "linked_projects_share", "arrived_investment")
        found = [one.by_pair[1] for one in world.measure_all(*(f"industry.{name}" for name in names))]
        reached = len({project for project, _ in links if project < 3})
        assert [one.value for one in found[:3]] == [len(linked), len(linked) / 4, reached / 2]
        investment = found[3]
        known = [amount for amount in arrived[:2] if amount is not None]
        assert investment.value == (sum(known) if known else None)
        assert investment.unknown_rows == 2 - len(known)
        assert known or investment.missing_zh == "各行均未填报数额"


class TestPoorCounties:
    """贫困县."""

    @pytest.mark.duty("goal.2")
    def test_counties_without_a_code_lie_in_their_province(self) -> None:
        """Delisted counties and those reached are counted by county, also one that has no code of its own."""
        world = World()
        for county in (LUSHUI, WENSHAN, None):
            world.add("poverty_county", county_code=county, province_code="530000", delisted_year=2019)
        world.add("poverty_county", county_code="532621", province_code="530000", delisted_year=2018)
        world.add("project", pairing_id=4, region_code=f"{WENSHAN}100001", signed_on=date(2019, 4, 1))
        assert _found(world, "poverty.delisted_counties") == {1: 1, 2: None, 3: None, 4: 2}
        assert _found(world, "poverty.counties_reached_share") == {1: 0, 2: None, 3: None, 4: pytest.approx(1 / 3)}
        nobody = world.measure("poverty.delisted_counties").by_pair[2]
        assert nobody.missing_zh == "本结对关系不负责任何贫困县"


class TestSmallRules:
    """Indicators whose rule is one condition: rows that count beside rows that must not."""

    def test_settled_in_the_donors_city_in_the_year(self) -> None:
        """Settled elsewhere, in another year, only applied for or taken back does not count."""
        world = World()
        world.household(LUSHUI, persons="abcde")
        for person, city, settled, state in (
            ("a", ZHUHAI, date(2019, 5, 1), "settled"),
            ("b", SHANGHAI, date(2019, 5, 1), "settled"),
            ("c", ZHUHAI, date(2018, 5, 1), "settled"),
            ("d", ZHUHAI, None, "applied"),
            ("e", ZHUHAI, date(2019, 5, 1), "given_up"),
        ):
            world.add(
                "settlement",
                person_id=pseudonym(person),
                region_code=f"{LUSHUI}100001",
                city_code=city,
                applied_on=date(2018, 1, 5),
                settled_on=settled,
                state=state,
            )
        assert _found(world, "labour.settled")[1] == 1

    def test_pupils_of_the_year_and_those_still_there(self) -> None:
        """Who left school before the year, or learns outside the donor's area, does not count."""
        world = World()
        world.household(LUSHUI, persons="abcd")
        inside, outside = (world.add("organisation", kind="school", region_code=code) for code in (ZHUHAI, LUSHUI))
        for person, school, enrolled, status in (
            ("a", inside, date(2019, 9, 1), "left"),
            ("b", inside, date(2018, 9, 1), "enrolled"),
            ("c", inside, date(2018, 9, 1), "graduated"),
            ("d", outside, date(2019, 9, 1), "enrolled"),
        ):
            world.add(
                "schooling",
                person_id=pseudonym(person),
                region_code=f"{LUSHUI}100001",
                pairing_id=1,
                school_id=school,
                enrolled_on=enrolled,
                status=status,
            )
        assert _found(world, "labour.schooling")[1] == 2

    def test_batches_teams_and_courses_are_added_up_for_their_year(self) -> None:
        """Persons of the year's batches, teams and courses; person-times apart; other years and kinds left out."""
        world = World()
        for day, number in ((date(2018, 12, 31), 1), (date(2019, 1, 1), 10), (date(2019, 12, 31), 100)):
            common = {"pairing_id": 1, "region_code": LUSHUI}
            trip = common | {"work_region_code": ZHUHAI, "departed_on": day, "persons": number}
            for state in ("planned", "cancelled", "arrived" if number < 100 else "departed"):
                world.add("dispatch_trip", **trip, state=state)
            world.add("support_team", **common, started_on=day, persons=number, person_times=2 * number)
            world.add("training", **common, kind="grass_roots", held_on=day, persons=number)
        world.add("training", pairing_id=1, region_code=LUSHUI, kind="official", held_on=date(2019, 5, 1), persons=7)
        names = ("labour.dispatched", "talent.team_persons", "talent.team_person_times", "talent.grass_roots_trained")
        assert [one.by_pair[1].value for one in world.measure_all(*names)] == [110, 110, 220, 110]

    def test_courses_that_do_not_report_their_outcome_are_left_out(self) -> None:
        """Two of ten started a business; a course without outcome is in neither part."""
        world = World()
        common = {"kind": "leader", "held_on": date(2019, 5, 1)}
        for pair, home, started in ((1, LUSHUI, 2), (1, LUSHUI, None), (2, ZHAOYANG, None)):
            world.add("training", **common, pairing_id=pair, region_code=home, persons=10, started_business=started)
        found = _found(world, "talent.leaders_started_share")
        assert (found[1], found[2]) == (0.2, None)

    def test_persons_who_fell_back_count_once(self) -> None:
        """Two relapses of a household in the year are one of each member; a relapse of last year is none."""
        world = World()
        twice, before = world.household(LUSHUI, persons="ab"), world.household(LUSHUI, persons="c")
        for household, day in ((twice, date(2019, 2, 1)), (twice, date(2019, 9, 1)), (before, date(2018, 12, 31))):
            world.change(household, "relapse", day)
        assert _found(world, "poverty.relapsed_persons")[1] == 2

    def test_aid_against_last_year(self) -> None:
        """150 after 100 is 1.5; without a line of last year, or of this year, the growth is missing."""
        world = World()
        for pair, donor, year, amount in (
            (1, ZHUHAI, 2018, 100),
            (1, ZHUHAI, 2019, 150),
            (2, ZHONGSHAN, 2019, 9),
            (3, DONGGUAN, 2018, 9),
        ):
            world.add(
                "budget_line",
                pairing_id=pair,
                donor_code=donor,
                year=year,
                approved_on=date(year, 2, 1),
                amount_fen=amount,
            )
        growth, aid = world.measure_all("funding.aid_growth", "funding.fiscal_aid")
        assert {pair: value.value for pair, value in growth.by_pair.items()} == {1: 1.5, 2: None, 3: None, 4: None}
        assert {pair: value.value for pair, value in aid.by_pair.items()} == {1: 150, 2: 9, 3: None, 4: None}

    def test_firms_and_gains(self) -> None:
        """A firm with two projects counts once; gains that are not reported are counted apart."""
        world = World()
        firm = world.add("organisation", region_code=ZHUHAI)
        household = world.household(LUSHUI)
        for gain in (5, None):
            project = world.add("project", pairing_id=1, region_code=LUSHUI, firm_id=firm, signed_on=date(2019, 3, 1))
            world.add(
                "benefit_link",
                project_id=project,
                household_id=household,
                region_code=f"{LUSHUI}100001",
                since=date(2019, 4, 1),
                amount_fen=gain,
            )
        firms, gains = world.measure_all("industry.firms_brought", "industry.household_gain")
        assert (firms.by_pair[1].value, gains.by_pair[1].value, gains.by_pair[1].unknown_rows) == (1, 5, 1)
