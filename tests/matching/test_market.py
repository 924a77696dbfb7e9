"""Bad arrays give one sentence that names the first place."""

from __future__ import annotations

import numpy as np
import pytest

from jiedui.errors import JieduiError
from jiedui.matching import Group, Market, MarketError, Quota

GOOD = {"indptr": [0, 2, 3], "indices": [0, 1, 1], "utility": [5, 3, 4], "seats": [1, 2]}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"seats": [1, -2]}, r"`seats\[1\]` = -2 is negative"),
        ({"utility": [5, float("nan"), 4]}, r"`utility\[1\]` is nan"),
        ({"utility": [5, float("inf"), 4]}, r"`utility\[1\]` is inf"),
        ({"utility": [5.0, 3.0, 4.0]}, "floating-point"),
        ({"utility": ["a", "b", "c"]}, "not integers"),
        ({"utility": [True, False, True]}, "not integers"),
        ({"utility": [[5, 3, 4]]}, "2 dimensions"),
        ({"utility": [5, 3]}, "3 indices and 2 utilities"),
        ({"utility": [5, 2**61, 4]}, r"`utility\[1\]` .* could leave int64"),
        ({"utility": [5, -(2**61), 4]}, r"`utility\[1\]` .* could leave int64"),
        ({"utility": np.array([5, 2**63, 4], np.uint64)}, "too large for int64"),
        ({"indices": [0, 2, 1]}, r"`indices\[1\]` = 2 is no object"),
        ({"indices": [0, -1, 1]}, r"`indices\[1\]` = -1 is no object"),
        ({"indices": [1, 0, 1]}, "smaller than the one before it"),
        ({"indices": [1, 1, 1]}, "stands twice"),
        ({"indptr": []}, "start with 0"),
        ({"indptr": [1, 2, 3]}, "start with 0"),
        ({"indptr": [0, 3, 2]}, r"`indptr\[2\]` = 2 is smaller"),
        ({"indptr": [0, 2, 4]}, "ends at 4"),
        ({"seats": [1, 2**31]}, "more than"),
        ({"tier": [0]}, "`tier` has 1 values, 2 are needed"),
        ({"tier": [0.5, 1.0]}, "floating-point"),
        ({"reserve": [0, -1]}, r"`reserve\[1\]` = -1 is negative"),
        ({"block_order": [0, 0]}, "no permutation"),
        ({"quotas": [Quota([2])]}, r"`quotas\[0\].objects\[0\]` = 2"),
        ({"quotas": [Quota([0], 2, 1)]}, "contradicts itself"),
        ({"quotas": [Quota([0], 2)]}, "have 1 seats"),
        ({"quotas": [Quota([0], -1)]}, "negative"),
        ({"groups": [Group([0, 5], [])]}, r"`groups\[0\].agents\[1\]` = 5"),
        ({"groups": [Group([0], []), Group([0], [])]}, "another group"),
        ({"groups": [Group([0, 1], [[0], [0, 1]])]}, "another class"),
        ({"groups": [Group([0, 0], [[0]])]}, "twice"),
    ],
)
def test_bad_input_is_named(changed, message):
    """One wrong array: the message says which, where and why."""
    with pytest.raises(MarketError, match=message):
        Market(**{**GOOD, **changed})


def test_errors_are_both_readable_and_value_errors():
    """Callers of the library may catch `ValueError`; the command line prints a `JieduiError`."""
    assert issubclass(MarketError, ValueError)
    assert issubclass(MarketError, JieduiError)


def test_arrays_are_read_only_and_the_callers_stay_writable():
    """A market cannot change after its validation, and does not freeze what it was given."""
    utility = np.array([5, 3, 4])
    market = Market(**{**GOOD, "utility": utility})
    with pytest.raises(ValueError, match="read-only"):
        market.utility[0] = 1
    utility[0] = 7


def test_from_edges_sorts_and_keeps_agents_without_an_edge():
    """A list of edges in any order becomes the same rows."""
    market = Market.from_edges([2, 0, 0], [1, 1, 0], [4, 3, 5], agents=3, seats=[1, 2])
    assert (market.indptr.tolist(), market.indices.tolist(), market.utility.tolist()) == (
        [0, 2, 2, 3],
        [0, 1, 1],
        [5, 3, 4],
    )
    with pytest.raises(MarketError, match=r"`agent\[0\]` = 3"):
        Market.from_edges([3], [0], [1], agents=3, seats=[1])
