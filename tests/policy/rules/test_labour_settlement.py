"""Who may be settled with priority."""

from __future__ import annotations

from datetime import date

import pytest

from jiedui.policy.rules import labour_settlement
from tests.policy.rules.rows import PARAMETERS

pytestmark = pytest.mark.duty("labour.7")


def placement(number: int = 1, **given: object) -> dict[str, object]:
    """A placement in 上海 from the beginning of 2019 on."""
    return {
        "placement_id": number, "person_id": 1, "kind": "east", "work_region_code": "310115",
        "started_on": date(2019, 1, 1), "ended_on": None,
    } | given  # fmt: skip


def checks(number: int = 1, months: int = 6, evidence: str = "contract") -> list[dict[str, object]]:
    """So many months of one kind of evidence."""
    return [
        {"stay_check_id": number * 100 + m, "placement_id": number, "month": date(2019, m, 1), "evidence": evidence}
        for m in range(1, months + 1)
    ]


@pytest.mark.parametrize(
    ("rows", "proofs", "reason", "months"),
    [
        ([placement()], checks(), "eligible", 6),
        ([placement()], checks(months=5), "too_few_months", 5),
        ([placement()], checks(evidence="pay_flow"), "no_contract", 6),
        ([placement()], checks(evidence="phone"), "too_few_months", 0),
        ([placement(ended_on=date(2019, 12, 1))], checks(), "no_work", 6),
        # two placements in one city add up, months that coincide count once
        ([placement(ended_on=date(2019, 4, 1)), placement(2, started_on=date(2019, 4, 1))],
         [*checks(months=3), *checks(2)], "eligible", 6),
    ],
)  # fmt: skip
def test_stable_work_in_the_city_and_a_paper_that_binds(rows, proofs, reason, months):
    """Work that lasts there, so many proven months, a contract or insurance; the first that fails is named."""
    found = labour_settlement.standing(rows, proofs, PARAMETERS)
    held = found[1, "310000"]
    assert (held.reason, held.months, held.eligible) == (reason, months, reason == "eligible")


def test_months_count_in_the_city_where_they_were_worked():
    """Three months in each of two cities open neither; work nearby opens none."""
    rows = [placement(ended_on=date(2019, 4, 1)), placement(2, work_region_code="440307", started_on=date(2019, 4, 1)),
            placement(3, person_id=2, kind="near", work_region_code="530602")]  # fmt: skip
    proofs = [*checks(months=3), *[row for row in checks(2) if row["month"] >= date(2019, 4, 1)], *checks(3)]
    found = labour_settlement.standing(rows, proofs, PARAMETERS)
    assert {key: held.reason for key, held in found.items()} == {
        (1, "310000"): "no_work", (1, "440300"): "too_few_months",
    }  # fmt: skip
