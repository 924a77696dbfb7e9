"""A handmade country for the tests of records: few rows, every table, every number known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pyarrow as pa

from jiedui.snapshot.schema import TABLES
from jiedui.snapshot.schema.arrow import arrow_schema
from jiedui.terms.identity import id_check_digit

VILLAGES = ("533301100001", "530602101001", "522601100001")
"""怒江 (donor 珠海), 昭通 (donor 东莞, 中山), 黔东南 (donor 杭州)."""
EDGES = (
    (1, "310000", "530000", "province_to_province"),
    (2, "440400", "533300", "city_to_city"),
    (3, "330100", "522600", "city_to_city"),
)
START = date(2016, 12, 7)


def id_number(serial: int) -> str:
    """A number with a right check digit and the impossible county 000000."""
    first17 = f"00000019800101{serial % 1000:03d}" if serial < 1000 else f"{serial:06d}19800101001"
    return first17 + id_check_digit(first17)


def table(name: str, rows: Iterable[dict[str, Any]]) -> pa.Table:
    """Rows of a declared table; what a row leaves out is unknown."""
    schema = arrow_schema(TABLES[name], frozen=False)
    return pa.Table.from_pylist(list(rows), schema=pa.schema([f.with_nullable(True) for f in schema]))


def country(persons: int = 12) -> dict[str, pa.Table]:
    """One household for three persons, spread over `VILLAGES`; one worker, placement and project for each village."""
    households = -(-persons // 3)
    homes = [VILLAGES[i % len(VILLAGES)] for i in range(households)]
    return {**_public(), **_people(persons, homes), **_work(homes), **_money(homes)}


def _public() -> dict[str, pa.Table]:
    pairing = [
        {"pairing_id": i, "donor_code": donor, "recipient_code": recipient, "level": level, "scheme": "east_west",
         "basis": "opinion-2016 (四)", "valid_from": START}
        for i, donor, recipient, level in EDGES
    ]  # fmt: skip
    organisation = {"organisation_id": 1, "kind": "firm", "name": "合成服装厂", "region_code": "310115"}
    return {"pairing": table("pairing", pairing), "organisation": table("organisation", [organisation])}


def _people(persons: int, homes: list[str]) -> dict[str, pa.Table]:
    household = [
        {"household_id": i + 1, "region_code": home, "entered_on": date(2014, 1, 1), "cause": "illness",
         "unsafe_housing": i % 2 == 0, "safe_water": True, "address": "合成村1号"}
        for i, home in enumerate(homes)
    ]  # fmt: skip
    year = [
        {"household_year_id": i + 1, "household_id": i + 1, "region_code": home, "year": 2019,
         "status": "exited" if i % 2 else "poor", "members": 3, "income_per_head_fen": None if i == 0 else 400_000}
        for i, home in enumerate(homes)
    ]  # fmt: skip
    person = [
        {"person_id": i + 1, "household_id": i // 3 + 1, "region_code": homes[i // 3], "sex": "female",
         "birth_year": 1980, "relation": ("head", "spouse", "child")[i % 3], "ethnic_group": "汉族",
         "education": "primary", "in_school": False, "health": "healthy", "labour_ability": "ordinary",
         "joined_on": date(2014, 1, 1), "name": "合成人", "id_number": id_number(i + 1),
         "phone": None if i % 3 else "13800001234"}
        for i in range(persons)
    ]  # fmt: skip
    return {
        "household": table("household", household),
        "household_year": table("household_year", year),
        "person": table("person", person),
    }


def _work(homes: list[str]) -> dict[str, pa.Table]:
    worker = [
        {"worker_id": i + 1, "person_id": i * 3 + 1, "household_id": i + 1, "region_code": home,
         "work_status": "unemployed", "willing": True, "able": True, "skill": "none", "dependants": 0,
         "season": "all_year", "needs_dormitory": False, "registered_on": date(2019, 1, 1)}
        for i, home in enumerate(homes)
    ]  # fmt: skip
    vacancy = {
        "vacancy_id": 1, "organisation_id": 1, "region_code": "310115", "occupation": "6-05-01", "title": "缝纫工",
        "seats": 3, "monthly_wage_fen": 350_000, "skill": "none", "dormitory": True, "season": "all_year",
        "open_from": date(2019, 1, 1), "open_to": date(2019, 12, 31), "state": "checked",
    }  # fmt: skip
    placement = [
        {"placement_id": i + 1, "person_id": i * 3 + 1, "household_id": i + 1, "region_code": home, "vacancy_id": 1,
         "pairing_id": 1, "work_region_code": "310115", "kind": "east", "started_on": date(2019, 3, 1)}
        for i, home in enumerate(homes)
    ]  # fmt: skip
    return {
        "worker": table("worker", worker),
        "vacancy": table("vacancy", [vacancy]),
        "placement": table("placement", placement),
    }


def _money(homes: list[str]) -> dict[str, pa.Table]:
    budget = {
        "budget_line_id": 1, "pairing_id": 1, "donor_code": "310000", "year": 2019, "approved_on": date(2019, 2, 1),
        "amount_fen": 900, "document": "合成〔2019〕1号",
    }  # fmt: skip
    project = [
        {"project_id": i + 1, "pairing_id": 1, "region_code": home, "kind": "base", "title": "合成茶园",
         "signed_on": date(2019, 3, 1), "signed_fen": 500, "status": "building"}
        for i, home in enumerate(homes)
    ]  # fmt: skip
    entry = {
        "ledger_entry_id": 1, "pairing_id": 1, "step": "transfer", "happened_on": date(2019, 4, 1), "document": "1号",
    }  # fmt: skip
    legs = [
        {"ledger_leg_id": 1, "ledger_entry_id": 1, "region_code": "310000", "account": "donor_budget",
         "amount_fen": -900, "budget_line_id": 1},
        {"ledger_leg_id": 2, "ledger_entry_id": 1, "region_code": "530000", "account": "recipient_treasury",
         "amount_fen": 900, "budget_line_id": 1},
    ]  # fmt: skip
    return {
        "budget_line": table("budget_line", [budget]),
        "project": table("project", project),
        "ledger_entry": table("ledger_entry", [entry]),
        "ledger_leg": table("ledger_leg", legs),
    }
