"""A small world of the labour chain: workers of three homes without work, a firm with a vacancy, and who acts."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
from django.db.backends.postgresql.psycopg_any import DateRange

from jiedui.records.loading import Origin, load_tables
from jiedui.records.models import RoleGrant, User
from tests.records.small_country import VILLAGES, country, table

HOME = VILLAGES[1]
"""昭通; workers 2, 5, 8, … live here."""
WORK = "310115"
TODAY = date.today()
USERS = (
    ("office", "recipient_office", "530602"),
    ("bureau", "labour_bureau", "310000"),
    ("elsewhere", "recipient_office", "520000"),
    ("auditor", "auditor", "530000"),
    ("public", "public", ""),
)


def labour_tables(persons: int = 24) -> dict[str, pa.Table]:
    """The small country without placements, its vacancy open today, with seats for five."""
    tables = country(persons)
    tables["placement"] = tables["placement"].slice(0, 0)
    day = TODAY - timedelta(days=5)
    vacancy = {
        "vacancy_id": 1, "organisation_id": 1, "region_code": WORK, "occupation": "6-05-01", "title": "缝纫工",
        "seats": 5, "monthly_wage_fen": 450_000, "skill": "none", "dormitory": True, "season": "all_year",
        "open_from": day, "open_to": TODAY + timedelta(days=60), "state": "checked", "starts_on": TODAY,
        "contract": "fixed_term", "demand": "light", "night_shift": False, "couple_room": True,
    }  # fmt: skip
    school = {"organisation_id": 2, "kind": "school", "name": "合成职业学校", "region_code": "310115"}
    firm = {"organisation_id": 1, "kind": "firm", "name": "合成服装厂", "region_code": WORK}
    tables["organisation"] = table("organisation", [firm, school])
    tables["vacancy"] = table("vacancy", [vacancy])
    return tables


def people(*, passwords: bool = False) -> dict[str, User]:
    """A user for each side, and a firm's; a password, which takes long to hash, is the name and -2016."""
    found = {}
    for name, role, region in USERS:
        user = User.objects.create_user(name, password=f"{name}-2016" if passwords else None, first_name=name)
        RoleGrant.objects.create(user=user, role=role, region_code=region, valid=_since())
        found[name] = user
    firm = User.objects.create_user("firm", password="firm-2016" if passwords else None, first_name="firm")
    RoleGrant.objects.create(user=firm, role="firm", region_code=WORK, organisation_id=1, valid=_since())
    return {**found, "firm": firm}


def world(persons: int = 24, *, passwords: bool = False) -> dict[str, User]:
    """Loaded and marked as made up, so that no role is led to a second factor; gives the users."""
    load_tables(labour_tables(persons), origin=Origin("test", 1, synthetic=True))
    return people(passwords=passwords)


def _since() -> DateRange:
    return DateRange(date(2016, 1, 1), None)
