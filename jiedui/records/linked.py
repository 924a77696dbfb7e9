"""关联人员: through which links a donor or a firm sees rows about people, and which columns of them its duty needs.

A reader at home sees its region; a donor's office, its labour bureau and a firm see a person only while a
`PersonLink` holds, and then the columns below. The rows are held by both walls (`records.access`); the columns by
`access.readable_columns`, which every page, export and API asks: row-level security knows no columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PATH: Final[Mapping[str, tuple[str, str]]] = {
    "household": ("household_id", "pk"),
    "household_year": ("household_id", "household_id"),
    "person": ("person_id", "pk"),
    "person_year": ("person_id", "person_id"),
    "worker": ("person_id", "person_id"),
    "schooling": ("person_id", "person_id"),
    "settlement": ("person_id", "person_id"),
    "placement": ("placement_id", "pk"),
    "stay_check": ("placement_id", "placement_id"),
    "job_offer": ("job_offer_id", "pk"),
}
"""Table → (column of the link, column of the row) that must be equal. A table of people that is not here is never seen
through a link: status changes and benefit links are the home office's and the assessors' duty. Placements and stay
checks go by the link of the placement itself, so a donor sees those that came through it."""

TO_FIRMS: Final = ("placement", "coming")
"""Kinds of links by which a firm sees a person: who works for it, and who said yes to one of its vacancies."""

OF_FIRMS: Final = ("person", "placement", "stay_check", "job_offer")
"""Tables that a firm sees of those who work for it; the others say more about a family than an employer needs."""

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    # 劳动力对接与交接: who comes, from where, with which family, so that work and lodging fit (labour.3, labour.4)
    "person": (
        "person_id", "household_id", "region_code", "sex", "birth_year", "relation", "education", "labour_ability",
    ),
    # 人岗对接: what the vacancy must offer (labour.3)
    "worker": (
        "worker_id", "person_id", "household_id", "region_code", "work_status", "willing", "able", "occupation",
        "occupation_2", "wish_place", "wish_place_2", "skill", "min_wage_fen", "max_distance_km", "dependants",
        "season", "partner_id", "needs_dormitory", "needs_school", "work_limit", "night_shift", "mandarin",
        "registered_on",
    ),
    # 岗位推荐: who may come, and what was answered (labour.3, labour.4)
    "job_offer": (
        "job_offer_id", "worker_id", "person_id", "household_id", "region_code", "vacancy_id", "work_region_code",
        "pairing_id", "dispatch_trip_id", "state", "offered_on", "answer_by", "answered_on", "refusal",
    ),
    # 稳定就业: whether who was placed stays, and for what wage (labour.3, labour.5)
    "placement": (
        "placement_id", "person_id", "household_id", "region_code", "vacancy_id", "pairing_id", "work_region_code",
        "kind", "started_on", "ended_on", "monthly_wage_fen", "job_offer_id", "left_because",
    ),
    "stay_check": ("stay_check_id", "placement_id", "region_code", "month", "evidence"),
    # 帮扶对象: whether the family is registered and still poor, which decides what counts (assessment.2)
    "household": ("household_id", "region_code"),
    "household_year": ("household_year_id", "household_id", "region_code", "year", "status", "members"),
    "person_year": ("person_year_id", "person_id", "region_code", "year", "education", "in_school", "months_worked"),
    # 职业教育: who learns in a school of the donor, and what came of it (labour.6)
    "schooling": (
        "schooling_id", "person_id", "region_code", "pairing_id", "school_id", "enrolled_on", "status", "first_job_on",
        "major", "aid_fen", "internship_from", "internship_firm_id", "first_job_placement_id",
    ),
    # 优先落户: who settled in a city of the donor (labour.7)
    "settlement": (
        "settlement_id", "person_id", "region_code", "city_code", "eligible", "applied_on", "settled_on", "state",
    ),
}  # fmt: skip
"""Table → columns that a linked reader sees. Never: name in full, identity number, phone, address, hamlet, income,
health, cause of poverty, housing."""
