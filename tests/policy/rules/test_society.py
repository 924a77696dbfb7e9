"""Donations and firm–village pairs."""

from __future__ import annotations

import pytest

from jiedui.policy.rules import society


@pytest.mark.duty("society.1")
@pytest.mark.parametrize(("receipt", "found"), [("A-1", 0), ("", 1), (None, 1)])
def test_a_donation_without_a_receipt_is_noted(receipt: str | None, found: int) -> None:
    """A donation needs a receipt number."""
    assert len(society.missing_receipts([{"donation_id": 1, "receipt": receipt}])) == found


@pytest.mark.duty("society.2")
@pytest.mark.parametrize(
    ("promised", "done", "found"), [(100, 99, 1), (100, 100, 0), (None, 5, 0), (100, None, 0), (None, None, 0)]
)
def test_a_promise_not_kept_is_noted(promised: int | None, done: int | None, found: int) -> None:
    """Less done than promised is noted; where either is not known nothing is said."""
    rows = [{"village_pair_id": 1, "promised_fen": promised, "done_fen": done}]
    assert len(society.promises_not_kept(rows)) == found
