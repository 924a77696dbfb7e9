"""What makes a reported vacancy doubtful."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jiedui.policy.rules.labour_vacancies import doubts
from jiedui.terms.identity import credit_check_character
from tests.policy.rules.rows import PARAMETERS

pytestmark = pytest.mark.duty("labour.2")
FIRST17 = "91310115MA1H00001"
CODE = FIRST17 + credit_check_character(FIRST17)


def vacancy(**given: object) -> dict[str, object]:
    """A plausible vacancy, open at the end of 2019."""
    return {
        "vacancy_id": 1, "organisation_id": 1, "credit_code": CODE, "occupation": "6-05-01", "seats": 10,
        "monthly_wage_fen": 400_000, "open_from": date(2019, 12, 1), "open_to": date(2020, 2, 1), "starts_on": None,
        "state": "checked",
    } | given  # fmt: skip


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({}, None),
        ({"credit_code": None}, "no_credit_code"),
        ({"credit_code": FIRST17 + ("0" if CODE[-1] != "0" else "1")}, "wrong_credit_code"),
        ({"monthly_wage_fen": 100_000}, None),
        ({"monthly_wage_fen": 99_999}, "wage_too_low"),
        ({"monthly_wage_fen": 2_000_000}, None),
        ({"monthly_wage_fen": 2_000_001}, "wage_too_high"),
        ({"seats": 0}, "no_seats"),
        ({"seats": 500}, None),
        ({"seats": 501}, "many_seats"),
        ({"open_to": date(2019, 12, 1) + timedelta(days=732)}, "open_long"),
        ({"open_to": date(2019, 12, 30)}, "closed_already"),
        ({"starts_on": date(2019, 11, 30)}, "starts_before_open"),
        ({"occupation": "摸鱼"}, "unknown_occupation"),
    ],
)
def test_each_doubt_names_itself(given, rule):
    """On the line nothing, beyond it one finding of the vacancy; a plausible one has none."""
    found = doubts(vacancy(**given), PARAMETERS)
    assert [one.rule for one in found] == ([rule] if rule else [])
    assert all(one.subject == "vacancy:1" and one.message and one.message_en for one in found)
