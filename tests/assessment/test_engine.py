"""A whole assessment, from a frozen snapshot to the tables."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from jiedui.assessment import Assessment, assess, outcome, scheme
from jiedui.errors import JieduiError
from jiedui.snapshot import Snapshot
from tests.assessment.small_world import (
    DONGGUAN,
    LUSHUI,
    SHANGHAI,
    WENSHAN,
    ZHAOYANG,
    ZHONGSHAN,
    ZHUHAI,
    World,
    cell,
    pseudonym,
)

PLAN = scheme.load("opinion-2016")
DONORS = {1: ZHUHAI, 2: ZHONGSHAN, 3: DONGGUAN, 4: SHANGHAI}
HOMES = {1: LUSHUI, 2: ZHAOYANG, 3: ZHAOYANG, 4: WENSHAN}


def busy_world() -> World:
    """Every kind of row that an indicator reads, in different numbers for each pair."""
    world = World()
    for pair, donor in DONORS.items():
        _people(world, pair, donor)
        _projects_and_money(world, pair, donor)
        _officials(world, pair, donor)
    for year in (2018, 2019):
        for province, revenue in (("440000", 1000 + year), (SHANGHAI, 900 + year)):
            world.add("fiscal_revenue", province_code=province, year=year, revenue_fen=revenue)
    for pair, county in {1: LUSHUI, 2: ZHAOYANG, 4: WENSHAN}.items():
        world.add("poverty_county", county_code=county, county_code_2020=county, delisted_year=2018 + pair % 2)
    return world


def _people(world: World, pair: int, donor: str) -> None:
    county = HOMES[pair]
    village = f"{county}100001"
    for number in range(pair + 1):
        person = f"{pair}.{number}"
        household = world.household(county, persons=[person, f"{person}b"], status="poor" if number else "exited")
        keys: dict[str, Any] = {"person_id": pseudonym(person), "household_id": household, "region_code": village}
        world.change(household, ("exit", "relapse")[number % 2], date(2019, 8, 1))
        world.add("worker", **keys, work_status=("unemployed", "away_east")[number % 2], registered_on=date(2018, 1, 1))
        placement = world.add(
            "placement",
            **keys,
            pairing_id=pair,
            work_region_code=(donor, f"{county[:2]}0102")[number % 2],
            kind=("east", "near")[number % 2],
            started_on=date(2019, 1, 10),
        )
        for month in range(1, 7):
            world.add("stay_check", placement_id=placement, region_code=village, month=date(2019, month, 1))
        school = world.add("organisation", kind="school", region_code=donor)
        single = {"person_id": pseudonym(person), "region_code": village}
        world.add("schooling", **single, pairing_id=pair, school_id=school, enrolled_on=date(2019, 9, 1))
        world.add("settlement", **single, city_code=donor, applied_on=date(2019, 1, 2), settled_on=date(2019, 3, 2))
    world.add(
        "dispatch_trip",
        pairing_id=pair,
        region_code=county,
        work_region_code=donor,
        departed_on=date(2019, 1, 5),
        persons=10 * pair,
    )


def _projects_and_money(world: World, pair: int, donor: str) -> None:
    county = HOMES[pair]
    village = f"{county}100001"
    household = next(row["household_id"] for row in world.rows["household"] if row["region_code"] == village)
    firm = world.add("organisation", region_code=donor)
    for year in (2018, 2019):
        line = world.add(
            "budget_line",
            pairing_id=pair,
            donor_code=donor,
            year=year,
            approved_on=date(year, 2, 1),
            amount_fen=1000 * pair + year,
        )
        project = world.add(
            "project",
            pairing_id=pair,
            region_code=county,
            firm_id=firm,
            signed_on=date(year, 4, 1),
            arrived_fen=50 * pair,
        )
        world.add(
            "benefit_link",
            project_id=project,
            household_id=household,
            region_code=village,
            since=date(year, 5, 1),
            amount_fen=7 * pair,
        )
        for step, day, account, amount in (
            ("transfer", date(year, 3, 1), "recipient_treasury", 100),
            ("allocate", date(year, 4, 1), "project", 80),
            ("payment", date(year, 6, 1), "payee", 10 * pair),
        ):
            entry = world.add("ledger_entry", pairing_id=pair, step=step, happened_on=day)
            world.add(
                "ledger_leg",
                ledger_entry_id=entry,
                region_code=county,
                account=account,
                amount_fen=amount,
                budget_line_id=line,
                project_id=None if step == "transfer" else project,
            )


def _officials(world: World, pair: int, donor: str) -> None:
    county = HOMES[pair]
    for number in range(pair + 1):
        for direction, post, home in (
            ("donor_to_recipient", county, donor),
            ("recipient_to_donor", donor, county),
        ):
            world.add(
                "secondment",
                pairing_id=pair,
                direction=direction,
                region_code=post,
                home_region_code=home,
                started_on=date(2018, 3, 1),
                planned_end_on=date(2019 + number, 3, 1),
                person_key=f"{pair}.{number}.{direction}",
            )
    world.add("support_team", pairing_id=pair, region_code=county, persons=pair, person_times=9 * pair)
    for kind in ("grass_roots", "leader"):
        world.add(
            "training", pairing_id=pair, kind=kind, region_code=county, persons=20 * pair, started_business=3 * pair
        )


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The busy world, frozen."""
    return busy_world().freeze(tmp_path_factory.mktemp("busy"))


@pytest.fixture(scope="module")
def result(snapshot: Snapshot) -> Assessment:
    """Its assessment of 2019."""
    return assess(snapshot)


def _recomputed(rows: list[dict[str, Any]], aggregate: str) -> float | None:
    """The declared aggregate of evidence rows, in plain Python."""
    parts: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        parts[row["part"]].append(row)
    size = {
        part: len({row["subject"] for row in own})
        if "count_distinct" in aggregate
        else sum(row["amount"] for row in own if row["amount"] is not None)
        for part, own in parts.items()
    }
    if aggregate.startswith("ratio_of_ratios"):
        return (size["numerator"] / size["numerator_base"]) / (size["denominator"] / size["denominator_base"])
    if aggregate.startswith("ratio"):
        return size.get("numerator", 0) / size["denominator"]
    return size.get("", 0)


class TestNumbersAndRows:
    """数字与佐证."""

    @pytest.mark.duty("assessment.1")
    def test_every_value_is_the_aggregate_of_its_evidence_rows(self, result: Assessment) -> None:
        """For each indicator and pair: recomputed from the rows alone, the printed value and the number of rows."""
        rows: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
        for row in result.evidence.to_pylist():
            rows[row["indicator"], row["pairing_id"]].append(row)
        known = 0
        for value in result.values.to_pylist():
            own = rows.pop((value["indicator"], value["pairing_id"]), [])
            assert value["evidence_rows"] == len(own)
            if value["value"] is not None:
                known += 1
                aggregate = PLAN.indicator(value["indicator"]).aggregate
                assert value["value"] == pytest.approx(_recomputed(own, aggregate), rel=1e-12), value
        assert not rows
        assert known > 100

    def test_every_indicator_has_a_value_somewhere(self, result: Assessment) -> None:
        """The busy world leaves no indicator untested."""
        known = {row["indicator"] for row in result.values.to_pylist() if row["value"] is not None}
        assert known == {indicator.id for indicator in PLAN.indicators}

    def test_every_pair_has_a_row_for_every_indicator(self, result: Assessment) -> None:
        """A value that is missing has a row too, with a reason in both languages."""
        assert result.values.num_rows == len(PLAN.indicators) * len(DONORS)
        for row in result.values.to_pylist():
            assert (row["value"] is None) == bool(row["missing_reason"]) == bool(row["missing_reason_en"])

    def test_missing_points_say_why(self, result: Assessment) -> None:
        """Where points are missing the reason stands beside, and only there."""
        for row in result.values.to_pylist():
            assert (row["score"] is None) == bool(row["score_missing_reason"])

    def test_no_row_counts_twice_for_a_pair(self, result: Assessment) -> None:
        """Within indicator, pair and part a row stands once per subject."""
        key = ["indicator", "pairing_id", "part", "row_table", "row_id", "subject"]
        assert result.evidence.group_by(key).aggregate([]).num_rows == result.evidence.num_rows

    def test_the_tables_have_their_columns(self, result: Assessment) -> None:
        """Each table of the result has the declared columns, in order."""
        for name, schema in outcome.SCHEMAS.items():
            assert getattr(result, name).schema.equals(schema), name


class TestScores:
    """计分."""

    def test_totals_follow_from_the_area_scores_that_are_printed(self, result: Assessment) -> None:
        """The total is the weighted mean of the printed areas, less the deduction, within rounding."""
        weights = {area.id: area.weight for area in PLAN.areas}
        for row in result.scores.to_pylist():
            if row["area"] or row["score"] is None:
                continue
            areas = [
                other
                for other in result.scores.to_pylist()
                if other["area"] and (other["pairing_id"], other["side"]) == (row["pairing_id"], row["side"])
            ]
            known = [(weights[a["area"]], a["score"]) for a in areas if a["score"] is not None]
            mean = sum(w * s for w, s in known) / sum(w for w, _ in known)
            assert row["score"] == pytest.approx(max(mean - row["deduction"], 0), abs=0.11)

    def test_what_lacks_is_named(self, result: Assessment) -> None:
        """An area names exactly its weighed indicators without points, and how much weight they have."""
        points = {(v["indicator"], v["pairing_id"]): v["score"] for v in result.values.to_pylist()}
        for row in result.scores.to_pylist():
            if not row["area"]:
                continue
            own = [item for item in PLAN.of(row["area"], row["side"]) if PLAN.weights[item.id].weight > 0]
            lacking = [item.id for item in own if points[item.id, row["pairing_id"]] is None]
            assert row["missing"] == ", ".join(lacking)
            assert row["weight_missing"] == pytest.approx(sum(PLAN.weights[name].weight for name in lacking))

    def test_rank_and_grade_only_among_peers(self, result: Assessment) -> None:
        """A pair alone in its class has a score, and neither points by comparison nor a grade."""
        alone = [row for row in result.scores.to_pylist() if row["peer_class"] == "province" and not row["area"]]
        assert {row["grade"] for row in alone} == {""}
        graded = [row for row in result.scores.to_pylist() if row["grade"]]
        assert graded
        assert {row["peers"] for row in graded} == {3}

    def test_a_falling_budget_bars_the_best_grade(self, tmp_path: Path) -> None:
        """With less aid than last year the condition is unmet, and the best grade is out of reach."""
        world = busy_world()
        for row in world.rows["budget_line"]:
            if row["pairing_id"] == 3 and row["year"] == 2019:
                row["amount_fen"] = 10
        result = assess(world.freeze(tmp_path))
        assert cell(result.conditions, "outcome", condition="aid_not_less", pairing_id=3) == "unmet"
        assert cell(result.conditions, "outcome", condition="aid_not_less", pairing_id=1) == "met"
        assert cell(result.scores, "grade", pairing_id=3, side="donor", area="") != "good"

    def test_a_condition_without_last_year_is_undecided(self, tmp_path: Path) -> None:
        """A condition whose value is missing costs nothing and says that it could not be decided."""
        result = assess(World().freeze(tmp_path))
        assert set(result.conditions["outcome"].to_pylist()) == {"undecided"}
        assert set(result.conditions["points"].to_pylist()) == {0.0}

    def test_points_lost_are_capped(self, result: Assessment) -> None:
        """No pair loses more points than the scheme's limit."""
        assert max(row["deduction"] or 0 for row in result.scores.to_pylist()) <= PLAN.max_deduction

    def test_sensitivity_covers_who_is_ranked(self, result: Assessment) -> None:
        """Every ranked pair has an interval of ranks that holds between its best and its worst."""
        ranked = {
            (row["pairing_id"], row["side"]): row["rank"]
            for row in result.scores.to_pylist()
            if not row["area"] and row["rank"]
        }
        found = result.sensitivity.to_pylist()
        assert {(row["pairing_id"], row["side"]): row["rank"] for row in found} == ranked
        for row in found:
            assert row["rank_best"] <= row["rank_low"] <= row["rank_high"] <= row["rank_worst"]
            assert 0.0 <= row["grade_changed"] <= 1.0
            assert not math.isnan(row["score_low"])


class TestCountingPersons:
    """人数不重复计."""

    @pytest.mark.duty("assessment.2")
    def test_a_person_helped_in_two_areas_counts_once_and_the_sum_is_shown(self, tmp_path: Path) -> None:
        """Helped by a job and by a benefit link: one person, one per area, and a sum of areas of two."""
        world = World()
        household = world.household(LUSHUI, persons=["a"], status="exited")
        world.change(household, "exit", date(2019, 9, 1))
        village = f"{LUSHUI}100001"
        world.add(
            "placement",
            person_id=pseudonym("a"),
            household_id=household,
            region_code=village,
            pairing_id=1,
            work_region_code=ZHUHAI,
            started_on=date(2019, 2, 1),
        )
        project = world.add("project", pairing_id=1, region_code=LUSHUI, signed_on=date(2019, 2, 1))
        world.add(
            "benefit_link", project_id=project, household_id=household, region_code=village, since=date(2019, 3, 1)
        )
        result = assess(world.freeze(tmp_path))
        assert cell(result.values, "value", indicator="poverty.exited_with_help", pairing_id=1) == 1
        reach = {row["area"]: row["persons"] for row in result.reach.to_pylist() if row["pairing_id"] == 1}
        assert reach == {"industry": 1, "labour": 1, "sum_of_areas": 2, "distinct": 1}

    def test_an_unrelated_row_changes_nothing(self, snapshot: Snapshot, tmp_path: Path) -> None:
        """A household outside every pair, a placement through no pair and a meeting leave every table as it was."""
        world = busy_world()
        household = world.household("130102", persons=["far"])
        world.change(household, "exit", date(2019, 5, 1))
        world.add(
            "placement",
            person_id=pseudonym("far"),
            household_id=household,
            region_code="130102100001",
            pairing_id=None,
            work_region_code=ZHUHAI,
            started_on=date(2019, 2, 1),
        )
        world.add("meeting", pairing_id=1)
        before, after = assess(snapshot), assess(world.freeze(tmp_path))
        for name in outcome.SCHEMAS:
            assert getattr(before, name).equals(getattr(after, name)), name

    def test_the_previous_year_is_shown_beside(self, result: Assessment) -> None:
        """Last year's value stands beside this year's; what the register cannot say of last year gives its reason."""
        assert cell(result.values, "previous", indicator="funding.fiscal_aid", pairing_id=1) == 3018
        row = next(row for row in result.values.to_pylist() if row["indicator"] == "labour.working_in_east")
        assert row["previous"] is None
        assert row["previous_missing_reason"] == "只有数据截止年度的登记情况"

    def test_targets_stand_beside_their_indicator(self, tmp_path: Path) -> None:
        """A plan's target of the year is shown with its indicator, another year's is not."""
        world = busy_world()
        world.add("plan_target", pairing_id=1, year=2019, item="labour.stable_east", target=12)
        world.add("plan_target", pairing_id=1, year=2018, item="labour.settled", target=9)
        result = assess(world.freeze(tmp_path))
        assert cell(result.values, "target", indicator="labour.stable_east", pairing_id=1) == 12
        assert cell(result.values, "target", indicator="labour.settled", pairing_id=1) is None


class TestRuns:
    """运行."""

    def test_same_snapshot_same_answer(self, snapshot: Snapshot, result: Assessment) -> None:
        """Computing again gives the same tables, row by row, sensitivity included."""
        again = assess(snapshot)
        for name in outcome.SCHEMAS:
            assert getattr(again, name).equals(getattr(result, name)), name
        assert again.lineage() == result.lineage()

    def test_lineage_says_where_the_numbers_come_from(self, snapshot: Snapshot, result: Assessment) -> None:
        """Snapshot, policy, seed and the parameters that filled the SQL."""
        lineage = result.lineage()
        assert (lineage["snapshot_digest"], lineage["as_of"]) == (snapshot.digest, "2019-12-31")
        assert lineage["seed"] == PLAN.sensitivity.seed
        assert {"labour.stay_months", "funding.idle_days"} <= set(lineage["parameters"])

    @pytest.mark.parametrize(
        ("year", "message"), [(2016, "assesses 2017 to 2020, not 2016"), (2020, "ends on 2019-12-31")]
    )
    def test_a_year_that_cannot_be_assessed(self, snapshot: Snapshot, year: int, message: str) -> None:
        """A year outside the scheme, or after the snapshot's end, is refused with what to do."""
        with pytest.raises(JieduiError, match=message) as caught:
            assess(snapshot, year=year)
        assert caught.value.remedy

    def test_a_snapshot_without_pairings(self, tmp_path: Path) -> None:
        """Where there is nobody to assess, that is said."""
        world = World()
        world.rows["pairing"] = []
        with pytest.raises(JieduiError, match="no pairing that scheme opinion-2016 assesses"):
            assess(world.freeze(tmp_path))

    def test_writes_its_tables(self, result: Assessment, tmp_path: Path) -> None:
        """CSV or Parquet, one file per table and the lineage; a file in the way is refused."""
        written = result.write(tmp_path / "csv", form="csv")
        assert {path.stem for path in written} == {*outcome.SCHEMAS, "assessment"}
        assert pa_csv.read_csv(tmp_path / "csv" / "values.csv").num_rows == result.values.num_rows
        result.write(tmp_path / "parquet", form="parquet")
        back: pa.Table = pq.read_table(tmp_path / "parquet" / "evidence.parquet")
        assert back.equals(result.evidence)
        lineage = json.loads((tmp_path / "csv" / "assessment.json").read_text(encoding="utf-8"))
        assert lineage["snapshot_digest"] == result.snapshot_digest
        (tmp_path / "file").write_text("x")
        with pytest.raises(JieduiError, match="is a file, not a folder"):
            result.write(tmp_path / "file")
