"""Idle money, late steps, missing disclosure, double benefit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jiedui.policy.rules import funding_supervision as supervision
from tests.policy.rules.rows import END_OF_2019, PARAMETERS, budget_line, entry, leg, project

pytestmark = pytest.mark.duty("funding.4")

IDLE, GRAVE = 365, 730


@pytest.mark.parametrize(
    ("days", "severity"), [(IDLE, []), (IDLE + 1, ["warning"]), (GRAVE, ["warning"]), (GRAVE + 1, ["error"])]
)
def test_money_that_lies_is_found_by_its_age(days: int, severity: list[str]) -> None:
    """More than a year in the treasury is a warning, more than two an error."""
    arrived = END_OF_2019 - timedelta(days=days)
    legs = [leg(1, 1, "donor_budget", -100), leg(2, 1, "recipient_treasury", 100)]
    found = supervision.idle_money([entry(1, "transfer", arrived)], legs, END_OF_2019, PARAMETERS)
    assert [finding.severity for finding in found] == severity


def test_allocating_old_money_does_not_make_it_new() -> None:
    """Money that was allocated to a project yesterday and arrived three years ago is three years old, there."""
    entries = [entry(1, "transfer", date(2017, 1, 1)), entry(2, "allocate", date(2019, 12, 30))]
    legs = [
        leg(1, 1, "recipient_treasury", 1_000_000),
        leg(2, 2, "recipient_treasury", -1_000_000),
        leg(3, 2, "project", 1_000_000, project_id=7),
    ]
    (finding,) = supervision.idle_money(entries, legs, END_OF_2019, PARAMETERS)
    assert (finding.subject, finding.severity) == ("project:7", "error")
    assert "1.00万元" in finding.message
    assert [ref.key for ref in finding.rows] == [1]


def chain(*, transfer: date, allocate: date | None = None, payment: date | None = None) -> list[str]:
    """What is found late in a chain whose budget was approved on 1 January 2019, as of the end of 2019."""
    days = {"transfer": transfer, "allocate": allocate, "payment": payment}
    entries = [entry(n, step, day) for n, (step, day) in enumerate(days.items()) if day]
    legs = [leg(e["ledger_entry_id"], e["ledger_entry_id"], "project", 1) for e in entries]
    found = supervision.late_steps([budget_line()], entries, legs, END_OF_2019, PARAMETERS)
    return [finding.message for finding in found]


def test_a_chain_in_time_is_not_flagged() -> None:
    """Steps within their limits leave nothing to find."""
    assert chain(transfer=date(2019, 3, 1), allocate=date(2019, 4, 1), payment=date(2019, 8, 1)) == []


def test_each_late_step_is_found_alone() -> None:
    """A late transfer, a late allocation, and a payment that never came are three findings."""
    found = chain(transfer=date(2019, 5, 1))
    assert found == ["预算批复到拨付超过90天。", "拨付到安排项目超过60天。"]
    found = chain(transfer=date(2019, 3, 1), allocate=date(2019, 4, 1))
    assert found == ["安排项目到支付超过180天。"]


def test_a_transfer_before_the_budget_is_found() -> None:
    """Money that moved before its budget was approved is out of order."""
    found = chain(transfer=date(2018, 12, 1), allocate=date(2019, 1, 15), payment=date(2019, 2, 1))
    assert found == ["拨付早于预算批复。"]


@pytest.mark.parametrize(
    ("disclosed", "severity"),
    [
        (date(2019, 5, 22), []),
        (date(2019, 5, 23), ["note"]),
        (date(2019, 6, 1), ["note"]),
        (date(2019, 6, 2), ["warning"]),
        (None, ["warning"]),
    ],
)
def test_a_project_is_disclosed_ten_days_before_its_first_payment(disclosed: date | None, severity: list[str]) -> None:
    """Paid on 1 June: ten days before is enough, fewer are a note, none or later a warning."""
    legs = [leg(1, 1, "project", -1, project_id=1), leg(2, 1, "payee", 1, project_id=1)]
    rows = [project(disclosed_on=disclosed)]
    found = supervision.missing_disclosure(rows, [entry(1, "payment", date(2019, 6, 1))], legs, END_OF_2019, PARAMETERS)
    assert [finding.severity for finding in found] == severity


def test_a_project_that_was_not_paid_needs_no_disclosure_yet() -> None:
    """Without a payment there is nothing to judge."""
    assert supervision.missing_disclosure([project(disclosed_on=None)], [], [], END_OF_2019, PARAMETERS) == ()


@pytest.mark.parametrize(
    ("second", "year", "found"),
    [
        (project(2), 2019, 1),
        (project(2, kind="tourism"), 2019, 0),
        (project(2), 2018, 0),
        (project(1), 2019, 0),
    ],
    ids=["same kind", "another kind", "another year", "same project"],
)
def test_a_household_paid_by_two_projects_of_a_kind(second: dict[str, object], year: int, found: int) -> None:
    """Two projects of one kind that pay one household in one year are a double benefit; nothing else is."""
    entries = [entry(1, "payment", date(2019, 3, 1)), entry(2, "payment", date(year, 6, 1))]
    legs = [
        leg(1, 1, "payee", 10, project_id=1, household_id=5),
        leg(2, 2, "payee", 10, project_id=second["project_id"], household_id=5),
    ]
    findings = supervision.double_benefit([project(1), second], entries, legs)
    assert len(findings) == found
    assert all({ref.key for ref in finding.rows} == {1, 2} for finding in findings)
