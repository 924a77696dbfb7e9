"""资金监管: idle money, late steps, missing disclosure, double benefit (十).

Rows are of the tables `budget_line`, `ledger_entry`, `ledger_leg`, `project`. Amounts are fen. The text asks for
supervision and gives no limits: all limits are parameters of ours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from jiedui.policy.findings import Finding, Row, RowRef, Severity, refs
from jiedui.policy.parameters import Parameters
from jiedui.policy.registry import assumes, implements, interprets
from jiedui.policy.rules.funding_flow import Lot, held_money
from jiedui.terms.money import wan_yuan

DUTY: Final = "funding.4"


@implements("funding.4")
@interprets(
    "funding.4",
    because="Money is idle while it lies with the recipient, in its treasury or allocated to a project and not paid; "
    "what came first is spent first, and its age counts from the day it arrived.",
)
def idle_money(
    ledger_entries: Iterable[Row], ledger_legs: Iterable[Row], on: date, parameters: Parameters
) -> tuple[Finding, ...]:
    """资金闲置: a finding per budget line and place (treasury or project) where old money lies unspent on the day."""
    idle, grave = parameters.value("funding.idle_days"), parameters.value("funding.idle_days_grave")
    found = []
    for (line, _, project), lots in sorted(held_money(ledger_entries, ledger_legs, on).items(), key=str):
        old = [lot for lot in lots if (on - lot.arrived_on).days > idle]
        if old:
            oldest = min(lot.arrived_on for lot in old)
            severity: Severity = "error" if (on - oldest).days > grave else "warning"
            found.append(_idle(line, project, old, oldest, severity))
    return tuple(found)


@implements("funding.4")
@assumes(
    "funding.4", because="The text gives no time for a step; a step that has not happened is late from the same day."
)
def late_steps(
    budget_lines: Iterable[Row],
    ledger_entries: Iterable[Row],
    ledger_legs: Iterable[Row],
    on: date,
    parameters: Parameters,
) -> tuple[Finding, ...]:
    """环节拖延: a note per budget line and step that began later than the limit after the step before it.

    A transfer before the budget was approved is a warning.
    """
    first = _first_steps(ledger_entries, ledger_legs, on)
    found: list[Finding] = []
    for line in budget_lines:
        steps = {"budget": line["approved_on"]} | first[line["budget_line_id"]]
        transfer = steps.get("transfer")
        if transfer and transfer < line["approved_on"]:
            found.append(_step(line, "warning", "拨付早于预算批复。", "Transferred before the budget was approved."))
        for before, after, limit, zh, en in _chain(parameters):
            if before in steps and (min(steps.get(after, on), on) - steps[before]).days > limit:
                found.append(_step(line, "note", f"{zh}超过{limit}天。", f"More than {limit} days {en}."))
    return tuple(found)


@implements("funding.4")
@interprets("funding.4", because="Disclosure comes before money is spent: its days count up to the first payment.")
def missing_disclosure(
    projects: Iterable[Row],
    ledger_entries: Iterable[Row],
    ledger_legs: Iterable[Row],
    on: date,
    parameters: Parameters,
) -> tuple[Finding, ...]:
    """未公示: a warning for each project paid without disclosure, a note where it was disclosed for too few days."""
    wanted = parameters.value("funding.disclosure_days")
    paid = _first_payments(ledger_entries, ledger_legs, on)
    found = []
    for project in projects:
        first, disclosed = paid.get(project["project_id"]), project["disclosed_on"]
        if first is None:
            continue
        if disclosed is None or disclosed > first:
            found.append(_disclosure(project, "warning", "付款前没有公示。", "Paid without disclosure before."))
        elif (first - disclosed).days < wanted:
            zh, en = f"公示不足{wanted}天即付款。", f"Disclosed for less than {wanted} days before the first payment."
            found.append(_disclosure(project, "note", zh, en))
    return tuple(found)


@implements("funding.4")
@assumes(
    "funding.4",
    because="The text does not define a double benefit: here one household paid in one year by two projects of a kind.",
)
def double_benefit(
    projects: Iterable[Row], ledger_entries: Iterable[Row], ledger_legs: Iterable[Row]
) -> tuple[Finding, ...]:
    """重复受益: a warning for each household paid in the same year by several projects of the same kind."""
    kind = {project["project_id"]: project["kind"] for project in projects}
    day = {entry["ledger_entry_id"]: entry["happened_on"] for entry in ledger_entries}
    paid: dict[tuple[Any, int, str], list[Row]] = defaultdict(list)
    for leg in _payments(ledger_legs):
        if leg["household_id"] is not None and leg["project_id"] in kind:
            paid[leg["household_id"], day[leg["ledger_entry_id"]].year, kind[leg["project_id"]]].append(leg)
    return tuple(
        Finding(
            duty=DUTY,
            severity="warning",
            subject=f"household:{household}",
            message=f"{year}年从多个同类项目重复受益。",
            message_en=f"Paid by several projects of one kind in {year}.",
            rows=refs("ledger_leg", legs),
            rule="double_benefit",
        )
        for (household, year, _), legs in paid.items()
        if len({leg["project_id"] for leg in legs}) > 1
    )


def _payments(ledger_legs: Iterable[Row]) -> Iterable[Row]:
    return (leg for leg in ledger_legs if leg["account"] == "payee" and leg["amount_fen"] > 0)


def _idle(line: Any, project: Any, lots: list[Lot], oldest: date, severity: Severity) -> Finding:
    amount = wan_yuan(sum(lot.amount_fen for lot in lots))
    zh, en = ("财政专户", "the treasury") if project is None else (f"项目{project}", f"project {project}")
    return Finding(
        duty=DUTY,
        severity=severity,
        subject=f"budget_line:{line}" if project is None else f"project:{project}",
        message=f"{zh}有{amount}万元闲置，最早于{oldest}到账。",
        message_en=f"{amount} ten thousand yuan lie idle in {en}; the oldest arrived on {oldest}.",
        rows=tuple(RowRef("ledger_entry", entry) for entry in sorted({lot.ledger_entry_id for lot in lots})),
        rule="idle_money",
    )


def _chain(parameters: Parameters) -> tuple[tuple[str, str, int, str, str], ...]:
    return (
        (
            "budget",
            "transfer",
            parameters.value("funding.days_to_transfer"),
            "预算批复到拨付",
            "from budget to transfer",
        ),
        (
            "transfer",
            "allocate",
            parameters.value("funding.days_to_allocate"),
            "拨付到安排项目",
            "from transfer to allocation",
        ),
        (
            "allocate",
            "payment",
            parameters.value("funding.days_to_payment"),
            "安排项目到支付",
            "from allocation to payment",
        ),
    )


def _first_steps(ledger_entries: Iterable[Row], ledger_legs: Iterable[Row], on: date) -> dict[Any, dict[str, date]]:
    """Budget line → step → the day on which it first happened, up to a day."""
    entries = {entry["ledger_entry_id"]: entry for entry in ledger_entries if entry["happened_on"] <= on}
    first: dict[Any, dict[str, date]] = defaultdict(dict)
    for leg in ledger_legs:
        entry = entries.get(leg["ledger_entry_id"])
        if entry and entry["step"] != "budget":
            steps = first[leg["budget_line_id"]]
            steps[entry["step"]] = min(steps.get(entry["step"], entry["happened_on"]), entry["happened_on"])
    return first


def _first_payments(ledger_entries: Iterable[Row], ledger_legs: Iterable[Row], on: date) -> dict[Any, date]:
    day = {entry["ledger_entry_id"]: entry["happened_on"] for entry in ledger_entries}
    first: dict[Any, date] = {}
    for leg in _payments(ledger_legs):
        paid_on = day[leg["ledger_entry_id"]]
        if leg["project_id"] is not None and paid_on <= on:
            first[leg["project_id"]] = min(first.get(leg["project_id"], paid_on), paid_on)
    return first


def _step(line: Row, severity: Severity, zh: str, en: str) -> Finding:
    rows = refs("budget_line", [line])
    return Finding(DUTY, severity, f"budget_line:{line['budget_line_id']}", zh, rows, en, "late_steps")


def _disclosure(project: Row, severity: Severity, zh: str, en: str) -> Finding:
    rows = refs("project", [project])
    return Finding(DUTY, severity, f"project:{project['project_id']}", zh, rows, en, "missing_disclosure")
