import pytest

from jiedui.simulate.irregularities import PLANTED, first_row, planted
from tests.simulate.conftest import Query

PAID = "SELECT DISTINCT project_id FROM ledger_leg WHERE account = 'payee'"
SHOWN = {
    "no_visit": "SELECT 26 WHERE 26 NOT IN (SELECT pairing_id FROM visit WHERE year(visited_on) = 2019)",
    "no_meeting": "SELECT 30 WHERE 30 NOT IN (SELECT pairing_id FROM meeting WHERE year(held_on) = 2019)",
    "overdue_tasks": """SELECT pairing_id FROM task JOIN meeting USING (meeting_id) GROUP BY 1
        HAVING count(*) FILTER (due_on < DATE '2019-12-31') > 0 AND count(done_on) = 0""",
    "short_term": "SELECT pairing_id FROM secondment WHERE date_diff('month', started_on, planned_end_on) = 14",
    "two_posts": """SELECT a.pairing_id FROM secondment a JOIN secondment b USING (person_key)
        WHERE a.secondment_id != b.secondment_id
        AND a.started_on <= b.started_on AND b.started_on < a.planned_end_on""",
    "idle_money": """SELECT b.pairing_id FROM ledger_leg l JOIN budget_line b USING (budget_line_id)
        WHERE account = 'recipient_treasury'
        AND year = 2017 GROUP BY 1, b.amount_fen HAVING sum(l.amount_fen) > 0.2 * b.amount_fen""",
    "late_transfer": """SELECT pairing_id FROM ledger_entry WHERE step = 'transfer' AND month(happened_on) = 12
        AND year(happened_on) = 2019""",
    "undisclosed": f"""SELECT pairing_id FROM project WHERE disclosed_on IS NULL AND year(signed_on) = 2019
        AND project_id IN ({PAID})""",
    "early_payment": """SELECT p.pairing_id FROM project p JOIN ledger_leg l USING (project_id)
        JOIN ledger_entry e USING (ledger_entry_id)
        WHERE e.step = 'payment' GROUP BY 1, p.disclosed_on
            HAVING min(e.happened_on) - p.disclosed_on BETWEEN 0 AND 9""",
    "double_benefit": """SELECT p.pairing_id FROM ledger_leg l JOIN project p USING (project_id)
        JOIN ledger_entry e USING (ledger_entry_id)
        WHERE l.household_id IS NOT NULL AND l.account = 'payee' GROUP BY 1, household_id, p.kind, year(e.happened_on)
        HAVING count(DISTINCT project_id) > 1""",
    "budget_cut": """SELECT a.pairing_id FROM budget_line a JOIN budget_line b ON b.pairing_id = a.pairing_id
        AND b.year = 2018
        AND a.year = 2019 AND a.amount_fen < b.amount_fen""",
    "reaches_nobody": f"""SELECT pairing_id FROM project WHERE project_id IN ({PAID})
        AND length(region_code) = 6 AND project_id NOT IN
        (SELECT project_id FROM benefit_link) AND project_id NOT IN (SELECT project_id FROM ledger_leg
            WHERE household_id IS NOT NULL)
        AND year(signed_on) = 2019""",
    "nothing_arrived": """SELECT pairing_id FROM project WHERE year(signed_on) = 2019 GROUP BY 1
        HAVING max(arrived_fen) = 0""",
    "no_evidence": """SELECT pairing_id FROM placement p LEFT JOIN stay_check USING (placement_id)
        WHERE pairing_id IS NOT NULL
        AND year(started_on) = 2019 GROUP BY 1 HAVING count(stay_check_id) = 0""",
}


def test_each_irregularity_is_listed_once() -> None:
    """Keys are unique, and this file knows how to see every one."""
    assert sorted(SHOWN) == sorted(one.key for one in PLANTED)


@pytest.mark.parametrize("one", PLANTED, ids=lambda one: one.key)
def test_what_is_planted_can_be_seen(one: object, sql: Query) -> None:
    """The rows of its pairing show the irregularity."""
    assert (one.pairing_id,) in sql(SHOWN[one.key])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "key",
    [
        "no_visit",
        "no_meeting",
        "overdue_tasks",
        "two_posts",
        "idle_money",
        "late_transfer",
        "budget_cut",
        "double_benefit",
    ],
)
def test_what_is_planted_once_stands_nowhere_else(key: str, sql: Query) -> None:
    """These do not happen by chance in other pairings."""
    assert {row[0] for row in sql(SHOWN[key])} == {one.pairing_id for one in PLANTED if one.key == key}


def test_planted_answers_for_its_own_pairing() -> None:
    """Only the listed pairing is meant, and its first row of the last year is the one to be wrong."""
    import numpy as np

    assert planted("no_visit", 26)
    assert not planted("no_visit", 25)
    assert first_row("undisclosed", np.array([1, 13, 13]), np.array([2019, 2018, 2019]), 2019) == 2
    assert first_row("undisclosed", np.array([1, 2]), np.array([2019, 2019]), 2019) is None
