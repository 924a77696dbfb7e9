"""组别固定: the best assignment, exactly, that leaves every group in the class where it is, or out.

With the classes fixed a member is an agent like any other, with the edges of its class. A bonus on all of them keeps it
in; that it did is checked. Groups that are out stay out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numba import njit

from jiedui.matching.solver.arrays import Array, Int64, Scalar
from jiedui.matching.solver.auction import Auction, fits
from jiedui.matching.solver.group_auction import GroupAuction
from jiedui.matching.solver.group_packages import Packages
from jiedui.matching.solver.packing import Packed

BONUS: Final = 2
"""Staying in counts as much as this many of the heaviest edge."""


def best_in_classes(shared: GroupAuction) -> None:
    """Improve `shared.best`: first its assignment, exactly, within its classes; then its bound at the prices of that.

    Nothing changes where the weights with the bonus are too wide, or the time is over before.
    """
    packed, best, offered = shared.packed, shared.best, shared.offered
    bonus = BONUS * int(np.abs(offered.weight).max(initial=packed.heaviest))
    fixed = _fixed(packed, offered, best.at, shared.seats, bonus)
    if fixed is None or not fits(fixed):
        return
    auction = Auction(fixed, shared.crew, deadline=shared.deadline)
    auction.mate[:], auction.own[:] = best.mate, best.own
    held = best.taken >= 0
    auction.mate[offered.member[held]] = offered.object[best.taken[held]]
    auction.own[offered.member[held]] = offered.weight[best.taken[held]] + bonus
    auction.price[:] = np.maximum(best.prices << auction.fraction, auction.floor)
    outcome = auction.run(warm=True, epsilon=auction.warm_epsilon)
    shared.turns += outcome.bids
    shared.keep_bound(outcome.prices.copy())
    members = offered.member[held]
    worth = outcome.own.astype(np.int64)
    worth[members] -= bonus
    value = int(worth[outcome.mate >= 0].sum())
    if (outcome.mate[members] < 0).any() or value <= best.value:
        return
    best.value = value
    best.taken = _edges_held(offered, best.at, outcome.mate)
    best.mate, best.own = outcome.mate.copy(), outcome.own.astype(np.int64)
    best.mate[offered.member] = -1


def _fixed(packed: Packed, offered: Packages, at: Int64, seats: Int64, bonus: int) -> Packed | None:
    """The packed market with the rows of members in the class of their group; None where a word has too few bits."""
    shift = (int(np.abs(offered.weight).max(initial=packed.heaviest)) + bonus).bit_length()
    bits = shift + max(1, (packed.objects - 1).bit_length())
    if bits > 63:
        return None
    length = np.diff(packed.indptr)
    _lengths(offered, at, length)
    indptr = np.zeros_like(packed.indptr)
    np.cumsum(length, out=indptr[1:])
    edges = np.empty(indptr[-1], np.uint32 if bits <= 32 else np.uint64)
    _rewrite(packed.indptr, packed.edges, packed.shift, indptr, edges, shift)
    _write_members(offered, at, indptr, edges, shift, bonus)
    heaviest = int((edges & edges.dtype.type((1 << shift) - 1)).max(initial=0))
    return replace(packed, indptr=indptr, edges=edges, shift=shift, seats=seats, heaviest=heaviest)


@njit(cache=True, nogil=True)
def _lengths(offered: Packages, at: Array, length: Array) -> None:
    for g in range(len(at)):
        if at[g] >= 0:
            for k in range(offered.member_start[g + 1] - offered.member_start[g]):
                r = offered.range_start[at[g]] + k
                length[offered.member[offered.member_start[g] + k]] = offered.edge_start[r + 1] - offered.edge_start[r]


@njit(cache=True, nogil=True)
def _rewrite(old: Array, words: Array, old_shift: Scalar, indptr: Array, edges: Array, shift: Scalar) -> None:
    """Copy the rows of singles, with other bits for the weight."""
    mask = np.uint64((1 << old_shift) - 1)
    for agent in range(len(old) - 1):
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
