from jiedui.assessment import scheme
from jiedui.policy import published
from jiedui.simulate.pairing import TARGETS
from tests.simulate.conftest import Query


def test_pairings_are_the_published_ones(sql: Query) -> None:
    """The 32 edges of clause (四), unchanged, none invented."""
    expected = [
        (p.pairing_id, p.donor_code, p.recipient_code, p.level, p.scheme, p.basis) for p in published.pairings_2016()
    ]
    assert (
        sql("SELECT pairing_id, donor_code, recipient_code, level, scheme, basis FROM pairing ORDER BY 1") == expected
    )


def test_targets_name_indicators_of_the_scheme(sql: Query) -> None:
    """Every pair and year has one target of each item, and the items are ids of the scheme's indicators."""
    assert sql("SELECT count(*), count(DISTINCT (pairing_id, year, item)) FROM plan_target") == [
        (96 * len(TARGETS),) * 2
    ]
    assert set(TARGETS) <= {indicator.id for indicator in scheme.load("opinion-2016").indicators}
    assert not sql("SELECT 1 FROM plan_target WHERE target < 1")
