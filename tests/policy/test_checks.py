"""All rules over one set of tables."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jiedui.policy import checks, published
from jiedui.policy.checks import Located
from tests.policy.rules import rows

DAY = date(2019, 12, 31)
EDGES = published.pairings_2016()
ZHONGSHAN, DONGGUAN = (edge.pairing_id for edge in EDGES if edge.recipient_code == "530600")


def found(**tables: list[dict[str, Any]]) -> list[Located]:
    """Findings over these tables, all others empty; without those about pairs as such (coverage, visits)."""
    located = checks.run(dict.fromkeys(checks.TABLES, ()) | tables, EDGES, DAY)
    return [one for one in located if one.finding.duty not in ("pairing.3", "leadership.1")]


def test_empty_tables_leave_only_what_concerns_pairs_as_such() -> None:
    """Without any record each pair lacks its visit and meeting, eleven prefectures are noted, and that is all."""
    located = checks.run(dict.fromkeys(checks.TABLES, ()), EDGES, DAY)
    duties = [one.finding.duty for one in located]
    assert {duty: duties.count(duty) for duty in set(duties)} == {"pairing.3": 11, "leadership.1": 64}
    visits = [one.pairing_ids for one in located if one.finding.rule == "missing_visits"]
    assert visits == [(edge.pairing_id,) for edge in EDGES]
    assert all(one.region_code == "" for one in located)


def test_a_finding_about_people_names_their_place_and_all_who_answer_for_it() -> None:
    """A working pupil of 昭通 concerns both donors, and only those who may see the village."""
    (one,) = found(worker=[rows.worker()], person=[rows.person(in_school=True)])
    assert (one.finding.duty, one.pairing_ids, one.region_code) == (
        "labour.1",
        (ZHONGSHAN, DONGGUAN),
        "530602101001",
    )


def test_a_finding_about_a_project_names_its_pair_and_no_people() -> None:
    """A project that reaches nobody concerns the pair that it is of, whatever the place says."""
    (one,) = found(project=[rows.project(pairing_id=7)])
    assert (one.finding.rule, one.pairing_ids, one.region_code) == ("reaching_none", (7,), "")


def test_a_finding_over_two_pairs_names_both() -> None:
    """One official in two posts of two pairs concerns both."""
    located = found(secondment=[rows.secondment(1, pairing_id=3), rows.secondment(2, pairing_id=9)])
    assert [(one.finding.rule, one.pairing_ids) for one in located] == [("two_posts_at_once", (3, 9))]


def test_a_finding_about_evidence_is_traced_through_its_placement() -> None:
    """A stay check has no pair of its own: that of its placement counts."""
    (one,) = found(placement=[rows.placement(pairing_id=4)], stay_check=[rows.stay_check(1, 5, "phone")])
    assert (one.finding.duty, one.pairing_ids, one.region_code) == ("labour.5", (4,), "530602101001")


def test_a_placement_through_no_pair_concerns_who_answers_for_the_home() -> None:
    """A placement that came through no pair concerns the donors of the person's village."""
    (one,) = found(placement=[rows.placement(pairing_id=None, monthly_wage_fen=1)])
    assert one.pairing_ids == (ZHONGSHAN, DONGGUAN)


def test_payments_to_households_are_about_people() -> None:
    """A double benefit names the household's place, by the legs' own entry's pair."""
    entries = [rows.entry(1, "payment", date(2019, 3, 1)), rows.entry(2, "payment", date(2019, 4, 1))]
    legs = [rows.leg(n, n, "payee", 5, project_id=n, household_id=1, region_code="530602101001") for n in (1, 2)]
    located = found(
        project=[rows.project(1), rows.project(2)], household=[rows.household()], ledger_entry=entries, ledger_leg=legs
    )
    double = [one for one in located if one.finding.rule == "double_benefit"]
    assert [(one.pairing_ids, one.region_code) for one in double] == [((1,), "530602101001")]


def test_every_rule_that_gives_findings_is_run() -> None:
    """A function of `rules/` that is annotated to return findings is called in `checks`; none is forgotten."""
    package = Path(checks.__file__).parent
    giving = {
        f"{path.stem}.{node.name}"
        for path in (package / "rules").glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and node.returns is not None
        and ast.unparse(node.returns) == "tuple[Finding, ...]"
    }
    tree = ast.parse(Path(checks.__file__).read_text(encoding="utf-8"))
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert giving - called == set()
    assert len(giving) >= 20


def test_a_missing_table_is_no_empty_table() -> None:
    """Who forgets a table is told so; nothing is judged over half of the records."""
    with pytest.raises(KeyError):
        checks.run({}, EDGES, DAY)
