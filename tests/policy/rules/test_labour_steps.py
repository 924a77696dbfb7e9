"""The steps of the labour chain as the program names them."""

from __future__ import annotations

import pytest

from jiedui.policy.rules import labour_steps
from jiedui.policy.rules.labour_steps import may_follow, placement_kind
from jiedui.terms import codelists

pytestmark = [pytest.mark.duty("labour.3"), pytest.mark.duty("labour.5")]


@pytest.mark.parametrize(
    ("steps", "states"),
    [
        (labour_steps.NEXT, codelists.OFFER_STATE),
        (labour_steps.NEXT_OF_TRIP, codelists.TRIP_STATE),
        (labour_steps.NEXT_OF_SUBSIDY, codelists.SUBSIDY_STATE),
        (labour_steps.NEXT_OF_SETTLEMENT, codelists.SETTLEMENT_STATE),
        (labour_steps.NEXT_OF_SCHOOLING, codelists.SCHOOLING_STATUS),
    ],
)
def test_every_state_has_its_steps_and_none_follows_itself(steps, states):
    """The tables speak of exactly the states of the code lists, and no state is its own successor."""
    assert set(steps) == set(states)
    assert {state for after in steps.values() for state in after} <= set(states)
    assert not any(may_follow(state, state, steps) for state in states)


def test_a_seat_is_held_until_the_end():
    """From a state that holds no seat only an answer that is taken back holds one again."""
    back = {
        (before, after)
        for before, nexts in labour_steps.NEXT.items()
        for after in nexts
        if before not in labour_steps.HOLDING and after in labour_steps.HOLDING
    }
    assert back == {("refused", "offered")}
    assert set(labour_steps.OPEN) == set(labour_steps.HOLDING) - {"started"}


@pytest.mark.parametrize(
    ("work_place", "kind"),
    [("530602", "near"), ("530621", "near"), ("530102", "other"), ("310115", "east"), ("330106", "east"),
     ("430102", "other")],
)  # fmt: skip
def test_where_somebody_works_seen_from_home(work_place, kind):
    """The own prefecture is near; a province that helps, also by one of its cities, is the East."""
    assert placement_kind("530602101001", work_place, ["310000", "330100"]) == kind
