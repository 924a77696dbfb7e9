"""Rows for the tests of rules: plain dicts by column name, with what a test does not care about filled in."""

from __future__ import annotations

from datetime import date
from typing import Any

from jiedui.errors import JieduiError
from jiedui.policy import parameters
from jiedui.terms.pairs import Pairing, pair_level

END_OF_2019 = date(2019, 12, 31)
PARAMETERS = parameters.load(END_OF_2019)


def edge(
    pairing_id: int,
    donor: str,
    recipient: str,
    scheme: str = "east_west",
    valid_from: date = date(2016, 12, 7),
    valid_to: date | None = None,
) -> Pairing:
    """An edge whose level follows from its codes (county to county where the code list has no word)."""
    try:
        level = pair_level(donor, recipient)
    except JieduiError:
        level = "county_to_county"
    return Pairing(pairing_id, donor, recipient, level, scheme, "test", valid_from, valid_to)


def secondment(secondment_id: int = 1, **given: Any) -> dict[str, Any]:
    """A secondment from East to West, two years and a half, on poverty."""
    return {
        "secondment_id": secondment_id,
        "pairing_id": 1,
        "direction": "donor_to_recipient",
        "kind": "official",
        "field": "government",
        "region_code": "530602",
        "home_region_code": "440100",
        "poverty_duty": True,
        "started_on": date(2018, 1, 1),
        "planned_end_on": date(2020, 7, 1),
        "ended_on": None,
        "person_key": "a",
    } | given


def visit(visit_id: int = 1, **given: Any) -> dict[str, Any]:
    """A visit of the donor's principal leader in 2019."""
    return {
        "visit_id": visit_id,
        "pairing_id": 1,
        "direction": "donor_to_recipient",
        "rank": "principal",
        "visited_on": date(2019, 5, 1),
        "persons": 10,
    } | given


def budget_line(budget_line_id: int = 1, **given: Any) -> dict[str, Any]:
    """A budget line of 北京 for 2019, 100 fen."""
    return {
        "budget_line_id": budget_line_id,
        "pairing_id": 1,
        "donor_code": "110000",
        "year": 2019,
        "approved_on": date(2019, 1, 1),
        "amount_fen": 100,
        "document": "1",
    } | given


def revenue(province: str, year: int, fen: int) -> dict[str, Any]:
    """A province's revenue of a year."""
    return {"fiscal_revenue_id": year, "province_code": province, "year": year, "revenue_fen": fen, "source": "test"}


def entry(ledger_entry_id: int, step: str, day: date) -> dict[str, Any]:
    """One step of the money chain."""
    return {"ledger_entry_id": ledger_entry_id, "pairing_id": 1, "step": step, "happened_on": day, "document": "1"}


def leg(ledger_leg_id: int, entry_id: int, account: str, fen: int, **given: Any) -> dict[str, Any]:
    """One leg of an entry."""
    return {
        "ledger_leg_id": ledger_leg_id,
        "ledger_entry_id": entry_id,
        "region_code": "530602",
        "account": account,
        "amount_fen": fen,
        "budget_line_id": 1,
        "project_id": None,
        "household_id": None,
    } | given


def project(project_id: int = 1, **given: Any) -> dict[str, Any]:
    """A disclosed project in a county."""
    return {
        "project_id": project_id,
        "pairing_id": 1,
        "region_code": "530602",
        "kind": "base",
        "title": "t",
        "firm_id": None,
        "signed_on": date(2019, 1, 1),
        "signed_fen": 100,
        "arrived_fen": None,
        "status": "building",
        "goal": None,
        "disclosed_on": date(2019, 1, 1),
    } | given


def benefit_link(benefit_link_id: int, project_id: int, household_id: int, **given: Any) -> dict[str, Any]:
    """A household's job in a project."""
    return {
        "benefit_link_id": benefit_link_id,
        "project_id": project_id,
        "household_id": household_id,
        "region_code": "530602101001",
        "mechanism": "job",
        "since": date(2019, 1, 1),
        "amount_fen": None,
    } | given


def household(household_id: int = 1, region_code: str = "530602101001") -> dict[str, Any]:
    """A registered household in a village."""
    return {"household_id": household_id, "region_code": region_code, "entered_on": date(2014, 1, 1)}


def person(person_id: Any = 1, household_id: int = 1, **given: Any) -> dict[str, Any]:
    """A grown member of a household who can work."""
    return {
        "person_id": person_id,
        "household_id": household_id,
        "region_code": "530602101001",
        "sex": "female",
        "birth_year": 1980,
        "relation": "head",
        "in_school": False,
        "labour_ability": "ordinary",
        "joined_on": date(2014, 1, 1),
        "left_on": None,
    } | given


def worker(worker_id: int = 1, person_id: Any = 1, **given: Any) -> dict[str, Any]:
    """A person who works in the East."""
    return {
        "worker_id": worker_id,
        "person_id": person_id,
        "household_id": 1,
        "region_code": "530602101001",
        "work_status": "away_east",
    } | given


def placement(placement_id: int = 1, person_id: Any = 1, **given: Any) -> dict[str, Any]:
    """A placement since the beginning of 2019."""
    return {
        "placement_id": placement_id,
        "person_id": person_id,
        "household_id": 1,
        "region_code": "530602101001",
        "pairing_id": 1,
        "started_on": date(2019, 1, 1),
        "ended_on": None,
        "monthly_wage_fen": 400_000,
    } | given


def stay_check(stay_check_id: int, month: int, evidence: str = "contract", **given: Any) -> dict[str, Any]:
    """Evidence of a month of 2019."""
    return {
        "stay_check_id": stay_check_id,
        "placement_id": 1,
        "region_code": "530602101001",
        "month": date(2019, month, 1),
        "evidence": evidence,
    } | given


def status_change(status_change_id: int, household_id: int, kind: str, day: date, **given: Any) -> dict[str, Any]:
    """A change of a household's status."""
    return {
        "status_change_id": status_change_id,
        "household_id": household_id,
        "region_code": "530602101001",
        "kind": kind,
        "changed_on": day,
        "reason": "test",
    } | given
