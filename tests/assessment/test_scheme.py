"""The scheme of 2016 as a whole, and what a scheme must not be."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from jiedui.assessment import header, scheme
from jiedui.errors import JieduiError
from jiedui.policy import clauses, parameters
from jiedui.snapshot.schema import TABLES

PLAN = scheme.load("opinion-2016")
IDS = [indicator.id for indicator in PLAN.indicators]
each = pytest.mark.parametrize("indicator", PLAN.indicators, ids=IDS)


class TestOpinion2016:
    """方案 opinion-2016."""

    def test_the_areas_are_those_of_the_text(self) -> None:
        """Five areas in the order of clause (十四)."""
        assert [area.name_zh for area in PLAN.areas] == ["减贫成效", "劳务协作", "产业合作", "人才支援", "资金支持"]

    @pytest.mark.duty("assessment.1")
    @pytest.mark.parametrize("side", ["donor", "recipient"])
    @pytest.mark.parametrize("area", [area.id for area in PLAN.areas])
    def test_both_sides_have_two_scored_indicators_in_every_area(self, area: str, side: str) -> None:
        """At least two indicators with a weight for each area and side."""
        assert sum(PLAN.weights[item.id].weight > 0 for item in PLAN.of(area, side)) >= 2

    def test_weights_add_up(self) -> None:
        """Of each side, all weights together are 1, and nothing that we chose is called official."""
        for side in ("donor", "recipient"):
            assert pytest.approx(sum(PLAN.total_weight(item) for item in PLAN.indicators if item.side == side)) == 1.0
        assert {"ours"} == {item.basis for item in (*PLAN.weights.values(), *PLAN.grades, *PLAN.conditions)}
        assert {"ours"} == {area.basis for area in PLAN.areas}

    @each
    def test_duty_and_clause_exist_and_belong_together(self, indicator: header.Indicator) -> None:
        """The duty is one of the opinion's, and the clause that the header names is the duty's."""
        book = clauses.load()
        assert book.clause(indicator.clause).number == book.duty(indicator.duty).clause

    @each
    def test_names_and_rules_are_sentences(self, indicator: header.Indicator) -> None:
        """Chinese name and rule are Chinese, each rule is one sentence."""
        assert any("一" <= character <= "鿿" for character in indicator.name_zh)
        assert indicator.rule_zh.endswith("。")
        assert indicator.rule_zh.count("。") == 1
        assert indicator.rule_en.endswith(".")

    @each
    def test_parameters_hold_in_every_year(self, indicator: header.Indicator) -> None:
        """Each parameter that fills the SQL has a value at the end of each assessed year."""
        for year in PLAN.years:
            for key in PLAN.parameters(indicator).values():
                parameters.load(date(year, 12, 31)).get(key)

    @each
    def test_no_policy_number_stands_in_the_sql(self, indicator: header.Indicator) -> None:
        """Limits come as placeholders: the only numbers in the SQL are code lengths, calendar and 0 and 1."""
        body = "\n".join(line.split("--")[0] for line in PLAN.sql(indicator).splitlines())
        numbers = {
            word for word in body.replace("(", " ").replace(")", " ").replace(",", " ").split() if word.isdigit()
        }
        assert numbers <= {"0", "1", "2", "6", "12", "31"}

    @each
    def test_its_register_is_a_table(self, indicator: header.Indicator) -> None:
        """The table that must have rows before an empty count is a zero is a table of the snapshot."""
        assert not indicator.reported or indicator.reported in TABLES

    def test_a_ratio_says_what_lacks(self) -> None:
        """Every ratio has its own words, in both languages, for an empty denominator."""
        ratios = [item for item in PLAN.indicators if len(item.parts) > 1]
        assert ratios
        assert all(item.missing_zh and item.missing_en for item in ratios)

    def test_every_definition_is_used(self) -> None:
        """No shared definition lies about unused."""
        used = {name for item in (*PLAN.indicators, *PLAN.definitions.values()) for name in item.uses}
        assert set(PLAN.definitions) == used


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the scheme that a test may break."""
    shutil.copytree(scheme.SCHEMES / "opinion-2016", tmp_path / "mine")
    return tmp_path


def _replace(old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / "scheme.toml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def _unknown_area(folder: Path) -> None:
    (folder / "health").mkdir()
    (folder / "health" / "beds.sql").write_text("-- id: health.beds\nSELECT 1\n", encoding="utf-8")


def _unweighed(folder: Path) -> None:
    text = (folder / "labour" / "settled.sql").read_text(encoding="utf-8")
    (folder / "labour" / "moved.sql").write_text(text.replace("labour.settled", "labour.moved"), encoding="utf-8")


def _circle(folder: Path) -> None:
    path = folder / "definitions" / "pair_link.sql"
    path.write_text("-- uses: helped_exit\n" + path.read_text(encoding="utf-8"), encoding="utf-8")


def _unfilled(folder: Path) -> None:
    path = folder / "labour" / "settled.sql"
    path.write_text(path.read_text(encoding="utf-8") + "  AND $limit > 0\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_unknown_area, "folder health/ but no area 'health'"),
        (_unweighed, "does not weigh labour.moved"),
        (_circle, "which does not exist or uses itself"),
        (_unfilled, r"\$limit in labour.settled without a parameter"),
        (_replace("weight = 0.30\n", "weight = 0.40\n"), "area weights that do not add up to 1"),
        (_replace("weight = 0.5\n", "weight = 0.6\n"), "add up to 1.1"),
        (_replace('id = "labour.settled"', 'id = "labour.gone"'), "does not weigh labour.settled"),
        (_replace('id = "labour.settled"', 'id = "labour.schooling"'), "weighs labour.schooling twice"),
        (_replace('method = "min_max"', 'method = "magic"'), "by 'magic'"),
        (_replace('per = "poverty.still_poor_share"', 'per = "labour.settled"'), "sizes .* by 'labour.settled'"),
        (_replace('weights = "ours"', 'weights = "divine"'), "basis 'divine'"),
        (_replace("up_to = 1.00", "up_to = 0.90"), "rise to 1.0"),
        (_replace("low = 0.8", "low = 1.8"), "low ≥ high"),
        (_replace('at_best = "fairly_good"', 'at_best = "splendid"'), "unknown test or grade"),
        (_replace('indicator = "funding.idle_share"', 'indicator = "funding.aid_growth"'), "no indicator of its side"),
        (_replace('"city_to_city"]', '"moon_to_city"]'), "unknown level"),
        (_replace('pairing_schemes = ["east_west"]', 'pairing_schemes = ["north_south"]'), "unknown kind of pairing"),
        (_replace("spread = 0.20", "spread = 1.20"), "cannot be drawn"),
        (_replace('reach = "poverty.exited_with_help"', 'reach = "poverty.nothing"'), "measures its reach"),
        (_replace("[sensitivity]", "[sensitiveness]"), "lacks or misspells an entry"),
        (_replace("[sensitivity]", "[sensitivity"), "is not TOML"),
    ],
)
def test_a_scheme_that_does_not_hold_together_is_refused(
    copied: Path, change: Callable[[Path], None], message: str
) -> None:
    """Each fault gives one sentence that names the scheme's fault and how to mend it."""
    change(copied / "mine")
    with pytest.raises(JieduiError, match=message) as caught:
        scheme.load("mine", root=copied)
    assert caught.value.remedy


def test_an_unknown_scheme_names_those_that_exist() -> None:
    """Asking for a scheme that is not there says which are."""
    with pytest.raises(JieduiError, match="no assessment scheme 'opinion-2030'") as caught:
        scheme.load("opinion-2030")
    assert "opinion-2016" in caught.value.remedy


def test_an_unknown_indicator_names_those_that_exist() -> None:
    """So does asking a scheme for an indicator that it does not have."""
    with pytest.raises(JieduiError, match=r"no indicator 'labour\.luck'"):
        PLAN.indicator("labour.luck")
