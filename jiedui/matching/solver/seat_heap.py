"""席位堆: the bids that hold the seats of one object, the lowest on top.

A bid is one int64: `amount << agent_bits | agent`, so that a comparison compares the amounts and, where they tie, the
agents. The seats of object j are `heap[first[j]:first[j + 1]]`, of which the first `held[j]` are taken.
"""

from __future__ import annotations

from numba import njit

from jiedui.matching.solver.arrays import Array, Scalar


@njit(inline="always")
def push(heap: Array, lo: Scalar, size: Scalar, bid: Scalar) -> None:
    """Add a bid to the `size` bids from `lo` on."""
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if heap[lo + above] <= bid:
            break
        heap[lo + at] = heap[lo + above]
        at = above
    heap[lo + at] = bid


@njit(inline="always")
def replace_lowest(heap: Array, lo: Scalar, size: Scalar, bid: Scalar) -> None:
    """Put a bid in the place of the lowest of the `size` bids from `lo` on."""
    at = 0
    while 2 * at + 2 < size:
        left, right = heap[lo + 2 * at + 1], heap[lo + 2 * at + 2]
        lower = min(left, right)  # no branch on which child: it cannot be foretold
        if lower >= bid:
            heap[lo + at] = bid
            return
        heap[lo + at] = lower
        at = 2 * at + 1 + (right < left)
    if 2 * at + 1 < size and heap[lo + 2 * at + 1] < bid:
        heap[lo + at] = heap[lo + 2 * at + 1]
        at = 2 * at + 1
    heap[lo + at] = bid
