"""组别固定: the best assignment, exactly, that leaves every group in the class where it is, or out.

With the classes fixed a member is an agent like any other, with the edges of its class. A bonus on all of them keeps it
in; that it did is checked. Groups that are out stay out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Int32, Int64, Scalar
from jiedui.matching.solver.auction import Auction, Outcome, fits
from jiedui.matching.solver.crew import Crew
from jiedui.matching.solver.group_auction import Assigned, GroupAuction
from jiedui.matching.solver.group_packages import Packages
from jiedui.matching.solver.packing import Packed

BONUS: Final = 2
"""Staying in counts as much as this many of the heaviest edge."""
ROUGH: Final = 8
"""ε starts at the heaviest weight / 2^8 where a gap may be left."""
PART: Final = 5
"""This part of the gap that was asked for may be left within the classes."""


def settle_classes(shared: GroupAuction, chosen: Assigned, gap: float, *, rough: bool) -> tuple[Assigned, Int64] | None:
    """The best assignment in the classes of `chosen`, and its prices: (objects,) int64, whole numbers.

    Exact for `gap` 0, otherwise to within a part of it; `rough`: the prices of the auction may be far from it yet.
    None where the weights with the bonus are too wide, or where a limit comes before every group is whole again.
    """
    packed, offered = shared.packed, shared.offered
    bonus = BONUS * int(np.abs(offered.weight).max(initial=packed.heaviest))
    fixed = _fixed(packed, offered, chosen.at, shared.seats, bonus, shared.crew)
    if fixed is None or not fits(fixed):
        return None
    auction = Auction(fixed, shared.crew, deadline=shared.deadline)
    held = chosen.taken >= 0
    members = offered.member[held]
    auction.mate[:], auction.own[:] = chosen.mate, chosen.own
    auction.mate[members] = offered.object[chosen.taken[held]]
    auction.own[members] = offered.weight[chosen.taken[held]] + bonus
    shift = auction.fraction - shared.fraction
    prices = shared.places.price
    prices = prices << shift if shift >= 0 else prices >> -shift
    auction.price[:] = np.clip(prices, auction.floor, fixed.heaviest << auction.fraction)
    epsilon = auction.warm_epsilon
    if rough and gap > 0:
        epsilon = max(epsilon, (packed.heaviest << auction.fraction) >> ROUGH)
    outcome = auction.run(gap=gap / PART, warm=True, epsilon=epsilon)
    shared.turns += outcome.bids
    if (outcome.mate[members] < 0).any():
        return None
    return _assigned(offered, chosen.at, outcome, members, bonus), outcome.prices


def _assigned(offered: Packages, at: Int64, outcome: Outcome, members: Int32, bonus: int) -> Assigned:
    """The outcome with the bonus taken off."""
    own = outcome.own.astype(np.int64)
    own[members] -= bonus
    value = int(own[outcome.mate >= 0].sum())
    mate = outcome.mate.copy()
    mate[offered.member] = -1
    return Assigned(value, mate, own, at, _edges_held(offered, at, outcome.mate))


def _fixed(packed: Packed, offered: Packages, at: Int64, seats: Int64, bonus: int, crew: Crew) -> Packed | None:
    """The packed market with the rows of members in the class of their group; None where a word has too few bits."""
    most = int(offered.weight.max(initial=packed.heaviest))
    shift = (most + bonus).bit_length()
    bits = shift + max(1, (packed.objects - 1).bit_length())
    if bits > 63:
        return None
    length = np.where(offered.slot_of >= 0, 0, np.diff(packed.indptr))
    _lengths(offered, at, length)
    indptr = np.zeros_like(packed.indptr)
    np.cumsum(length, out=indptr[1:])
    edges = np.empty(indptr[-1], np.uint32 if bits <= 32 else np.uint64)
    rows = (packed.indptr, packed.edges, packed.shift, offered.slot_of, indptr, edges, shift)
    crew.map(lambda lo, hi: _rewrite(*rows, lo, hi), crew.parts(packed.agents))
    _write_members(offered, at, indptr, edges, shift, bonus)
    return replace(packed, indptr=indptr, edges=edges, shift=shift, seats=seats, heaviest=most + bonus)


@njit(cache=True, nogil=True)
def _lengths(offered: Packages, at: Array, length: Array) -> None:
    for g in range(len(at)):
        if at[g] >= 0:
            for k in range(offered.member_start[g + 1] - offered.member_start[g]):
                r = offered.range_start[at[g]] + k
                length[offered.member[offered.member_start[g] + k]] = offered.edge_start[r + 1] - offered.edge_start[r]


@njit(cache=True, nogil=True)
def _rewrite(
    old: Array, words: Array, old_shift: Scalar, slot_of: Array, indptr: Array, edges: Array, shift: Scalar,
    lo: Scalar, hi: Scalar,
) -> None:  # fmt: skip
    """Copy the rows of singles among agents lo to hi − 1, with other bits for the weight."""
    mask = np.uint64((1 << old_shift) - 1)
    for agent in range(lo, hi):
        if slot_of[agent] >= 0:
            continue
        at = indptr[agent]
        for e in range(old[agent], old[agent + 1]):
            word = np.uint64(words[e])
            edges[at] = ((word >> np.uint64(old_shift)) << np.uint64(shift)) | (word & mask)
            at += 1


@njit(cache=True, nogil=True)
def _write_members(offered: Packages, at: Array, indptr: Array, edges: Array, shift: Scalar, bonus: Scalar) -> None:
    for g in range(len(at)):
        if at[g] < 0:
            continue
        for k in range(offered.member_start[g + 1] - offered.member_start[g]):
            r = offered.range_start[at[g]] + k
            place = indptr[offered.member[offered.member_start[g] + k]]
            for e in range(offered.edge_start[r], offered.edge_start[r + 1]):
                word = np.uint64(offered.object[e]) << np.uint64(shift)
                edges[place] = word | np.uint64(offered.weight[e] + bonus)
                place += 1


@njit(cache=True, nogil=True)
def _edges_held(offered: Packages, at: Array, mate: Array) -> Array:
    """The edge of each member to its object `mate`, −1 where its group is out."""
    taken = np.full(len(offered.member), -1, np.int64)
    for g in range(len(at)):
        if at[g] < 0:
            continue
        for k in range(offered.member_start[g + 1] - offered.member_start[g]):
            r, slot = offered.range_start[at[g]] + k, offered.member_start[g] + k
            for e in range(offered.edge_start[r], offered.edge_start[r + 1]):
                if offered.object[e] == mate[offered.member[slot]]:
                    taken[slot] = e
    return taken
