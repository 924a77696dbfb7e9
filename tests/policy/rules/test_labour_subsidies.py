"""Who is entitled to which subsidy, and why not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui.policy.parameters import Parameter, Parameters
from jiedui.policy.rules.labour_subsidies import Case, entitlement
from tests.policy.rules.rows import END_OF_2019, PARAMETERS

pytestmark = [pytest.mark.duty("labour.4"), pytest.mark.duty("funding.4")]
HOME = "530602101001"


def case(**given_: object) -> Case:
    """A registered poor person who began far away in 2019, on his own, with six proven months."""
    values = {
        "home": HOME, "started_on": date(2019, 3, 1), "year": 2019, "status": "poor", "distance_km": 1500.0,
        "organised": False, "proven": 6,
    }  # fmt: skip
    return Case(**(values | given_))  # type: ignore[arg-type]


def changed(**values: object) -> Parameters:
    """The parameters of the day, some of them with another value (names without `labour.subsidy.`)."""
    held = {one.key: one for one in PARAMETERS}
    for name, value in values.items():
        key = f"labour.subsidy.{name}"
        old = held[key]
        held[key] = Parameter(
            key, value, old.unit, old.basis, old.duty, old.source, old.title_zh, old.title_en, old.valid_from
        )
    return Parameters(END_OF_2019, held)


@pytest.mark.parametrize(
    ("given_", "reason"),
    [
        ({}, "entitled"),
        ({"started_on": date(2018, 12, 31)}, "another_year"),
        ({"organised": True}, "organised"),
        ({"status": None}, "year_unknown"),
        ({"status": "never_poor"}, "not_registered"),
        ({"distance_km": None}, "distance_unknown"),
        ({"distance_km": 99.9}, "too_near"),
    ],
)
def test_the_transport_subsidy_is_for_who_went_far_alone_this_year(given_, reason):
    """Each condition that fails names itself, and nothing is given."""
    found = entitlement("transport", case(**given_), PARAMETERS)
    assert found.reason == reason
    assert (found.amount_fen is not None) == (reason == "entitled")


def test_a_county_may_pay_those_whom_it_carried():
    """Organised transport is left out, except where the county's parameter says otherwise."""
    held = changed(organised_included=("5306",))
    assert entitlement("transport", case(organised=True), held).reason == "entitled"
    assert entitlement("transport", case(organised=True, home="522601100001"), held).reason == "organised"


def test_staying_is_paid_for_the_longest_step():
    """Below the lowest step nothing; of two steps the longer one's amount, once."""
    held = changed(stay_bands=(("", 3, 500), ("", 6, 1000)))
    amounts = {n: entitlement("stay", case(proven=n), held).amount_fen for n in (2, 3, 5, 6, 12)}
    assert amounts == {2: None, 3: 500, 5: 500, 6: 1000, 12: 1000}
    assert entitlement("stay", case(proven=2), held).reason == "too_few_months"


LINES = st.lists(
    st.tuples(st.sampled_from(["", "53", "5306", "530602", "52"]), st.integers(0, 5), st.integers(1, 9)), max_size=6
)


@given(lines=LINES, reached=st.integers(0, 6))
def test_the_longest_prefix_that_has_a_line_decides_alone(lines, reached):
    """By hand: of the lines of the longest fitting prefix, the highest step that is reached; no line, no rule."""
    found = entitlement("stay", case(proven=reached), changed(stay_bands=tuple(lines)))
    fitting = [line for line in lines if HOME.startswith(line[0])]
    if not fitting:
        assert (found.amount_fen, found.reason) == (None, "no_rule")
        return
    longest = max(len(line[0]) for line in fitting)
    steps = [line[1] for line in fitting if len(line[0]) == longest and line[1] <= reached]
    amounts = {line[2] for line in fitting if len(line[0]) == longest and steps and line[1] == max(steps)}
    assert (found.amount_fen in amounts) if steps else found.amount_fen is None
