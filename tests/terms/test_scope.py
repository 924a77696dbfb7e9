"""The algebra of scopes, against plain prefixes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui.terms.scope import Scope, prefix_range

digits = st.text("0159", min_size=1, max_size=4)
prefixes = st.lists(digits | st.just(""), max_size=4)
codes = st.text("0159", min_size=6, max_size=6)


def _holds(held: list[str], code: str) -> bool:
    return any(code.startswith(prefix) for prefix in held)


@given(held=prefixes, code=codes)
def test_a_scope_is_its_prefixes(held, code):
    """A code is in the scope of prefixes exactly when it begins with one of them."""
    assert (code in Scope.of(held)) == _holds(held, code)


@given(one=prefixes, other=prefixes, code=codes)
def test_union_difference_and_intersection(one, other, code):
    """`|`, `-` and `&` are those of the sets of codes."""
    a, b = _holds(one, code), _holds(other, code)
    left, right = Scope.of(one), Scope.of(other)
    assert (code in left | right) == (a or b)
    assert (code in left - right) == (a and not b)
    assert (code in left & right) == (a and b)


@given(one=prefixes, other=prefixes)
def test_ranges_are_sorted_apart_and_not_empty(one, other):
    """However it came about, a scope has one form: sorted ranges that neither overlap nor touch."""
    for scope in (Scope.of(one), Scope.of(one) | Scope.of(other), Scope.of(one) - Scope.of(other)):
        flat = [bound for bounds in scope.ranges for bound in bounds]
        assert all(low < high for low, high in scope.ranges)
        assert flat == sorted(set(flat))


@given(held=prefixes, code=codes)
def test_comparisons_are_the_ranges(held, code):
    """The comparisons of a filter, joined by or, hold for the same codes."""
    comparisons = Scope.of(held).comparisons("place")
    holds = any(one["place__gte"] <= code < one["place__lt"] for one in comparisons)
    assert holds == (code in Scope.of(held))


def test_shanghai_in_yunnan():
    """云南 without 昭通 and 怒江, as PostgreSQL writes it."""
    scope = Scope.of(["53"]) - Scope.of(["5306", "5333"])
    assert scope.multirange() == '{["53","5306"),["5307","5333"),["5334","54")}'
    assert "530602101001" not in scope
    assert "530102" in scope


def test_nothing_and_everything():
    """No range at all is false and holds nothing; everything holds every code."""
    assert not Scope()
    assert Scope().multirange() == "{}"
    assert "000000" in Scope.everything()
    assert "999999" in Scope.everything()
    assert Scope.everything() - Scope.of(["53"]) | Scope.of(["53"]) == Scope.everything()


@pytest.mark.parametrize("wrong", ["5x", "５３", "-1", " 53"])
def test_a_prefix_is_digits(wrong):
    """Anything else would open a range that nobody meant."""
    with pytest.raises(ValueError, match="is digits"):
        prefix_range(wrong)
