"""市场: agents, objects with seats, and the sparse edges between them. Arrays only, no policy.

The edges are in CSR form: the objects that agent ``i`` may take are ``indices[indptr[i]:indptr[i+1]]``, each with an
integer ``utility``. Staying out is always possible and is worth 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from numba import njit

from jiedui.matching.solver.arrays import (
    WIDEST,
    Array,
    Bool,
    Int32,
    Int64,
    MarketError,
    frozen,
    integers,
    refuse,
    signed,
    span,
)  # fmt: skip
from jiedui.matching.solver.side_constraints import Group, Groups, Linked, Quota, check_quotas, link

__all__ = ["Array", "Bool", "Group", "Groups", "Int32", "Int64", "Linked", "Market", "MarketError", "Quota"]


class Market:
    """市场: who may take what, and what it is worth.

    `indptr` (agents + 1), `indices` (edges; strictly rising in each row), `utility` (edges; any integer type), `seats`
    (objects; ≥ 0). `tier` (agents): a lower tier is served first, lexicographically. `reserve` (objects; ≥ 0): the
    least price of a seat; what an edge is worth to the optimum is its utility less the reserve. `groups`, `quotas`:
    see the classes. `block_order` (a permutation of the agents): agents with similar edges next to each other, a hint
    for speed that never changes the value of the result.

    The arrays are held as int64, but `indices` as int32 and `utility` in the signed type that it has (int16, int32,
    int64), not copied where they are so already; all are read-only. `linked` is what `groups` say, edge by edge.
    Raises `MarketError`.
    """

    __slots__ = (
        "block_order", "groups", "indices", "indptr", "linked", "quotas", "reserve", "seats", "tier", "utility",
    )  # fmt: skip

    def __init__(
        self,
        indptr: npt.ArrayLike,
        indices: npt.ArrayLike,
        utility: npt.ArrayLike,
        seats: npt.ArrayLike,
        *,
        tier: npt.ArrayLike | None = None,
        groups: Sequence[Group] | Groups | None = None,
        quotas: Sequence[Quota] | None = None,
        reserve: npt.ArrayLike | None = None,
        block_order: npt.ArrayLike | None = None,
    ) -> None:
        self.indptr: Int64 = integers("indptr", indptr)
        wide = signed("indices", indices)
        self.utility: Array = signed("utility", utility)
        self.seats: Int64 = integers("seats", seats)
        _check_rows(self.indptr, wide, self.utility, self.seats)
        self.indices: Int32 = frozen(np.asarray(wide, np.int32))
        self.tier = None if tier is None else integers("tier", tier, length=self.agents, per="agent")
        self.reserve = None if reserve is None else integers("reserve", reserve, length=self.objects, per="object")
        self.block_order = None if block_order is None else _permutation(block_order, self.agents)
        _check_values(self)
        self.quotas = check_quotas(quotas, self.seats) if quotas else None
        self.linked: Linked | None = link(groups, self.indptr, self.indices, self.objects)
        self.groups = None if self.linked is None else groups

    @classmethod
    def from_edges(
        cls,
        agent: npt.ArrayLike,
        object_: npt.ArrayLike,
        utility: npt.ArrayLike,
        *,
        agents: int,
        seats: npt.ArrayLike,
        tier: npt.ArrayLike | None = None,
        groups: Sequence[Group] | Groups | None = None,
        quotas: Sequence[Quota] | None = None,
        reserve: npt.ArrayLike | None = None,
    ) -> Market:
        """The market of a list of edges in any order; `agents` counts also those without an edge."""
        rows, columns, worth = (integers(n, a) for n, a in (("agent", agent), ("object_", object_), ("u", utility)))
        if not len(rows) == len(columns) == len(worth):
            raise MarketError(
                f"An edge needs an agent, an object and a utility: got {len(rows)}, {len(columns)}, {len(worth)}."
            )
        refuse(np.flatnonzero((rows < 0) | (rows >= agents)), "agent", f"lies outside 0..{agents - 1}", rows)
        order = np.lexsort((columns, rows))
        indptr = np.zeros(agents + 1, np.int64)
        np.cumsum(np.bincount(rows, minlength=agents), out=indptr[1:])
        return cls(
            indptr, columns[order], worth[order], seats, tier=tier, groups=groups, quotas=quotas, reserve=reserve
        )

    @property
    def agents(self) -> int:
        """人数: number of agents."""
        return len(self.indptr) - 1

    @property
    def objects(self) -> int:
        """对象数: number of objects."""
        return len(self.seats)

    @property
    def edges(self) -> int:
        """边数: number of candidate edges."""
        return len(self.indices)

    def edge_agents(self) -> Int32:
        """The agent of every edge, (edges,) int32."""
        return np.repeat(np.arange(self.agents, dtype=np.int32), np.diff(self.indptr))

    def row(self, agent: int) -> slice:
        """The edges of one agent, as a slice."""
        return slice(int(self.indptr[agent]), int(self.indptr[agent + 1]))

    def __repr__(self) -> str:
        return (
            f"Market({self.agents} agents, {self.objects} objects, {self.edges} edges, {int(self.seats.sum())} seats)"
        )


def _check_rows(indptr: Int64, indices: Array, utility: Array, seats: Int64) -> None:
    """The CSR structure: rows in order, columns in range, strictly rising."""
    if len(indptr) == 0 or indptr[0] != 0:
        raise MarketError("`indptr` must start with 0.", remedy="A market without agents has indptr = [0].")
    refuse(np.flatnonzero(np.diff(indptr) < 0) + 1, "indptr", "is smaller than the value before it", indptr)
    if not len(indices) == len(utility) == indptr[-1]:
        raise MarketError(
            f"`indptr` ends at {indptr[-1]}, but there are {len(indices)} indices and {len(utility)} utilities."
        )
    refuse(np.flatnonzero(seats < 0), "seats", "is negative", seats)
    at = int(_first_fault(indptr, indices, len(seats)))
    if at < 0:
        return
    place = np.array([at])
    if not 0 <= indices[at] < len(seats):
        refuse(place, "indices", f"is no object 0..{len(seats) - 1}", indices)
    if indices[at] == indices[at - 1]:
        refuse(place, "indices", "stands twice in its row", indices, "Keep one edge per agent and object.")
    why = "is smaller than the one before it in its row"
    refuse(place, "indices", why, indices, "Sort each row, or build the market with Market.from_edges.")


@njit(cache=True, nogil=True)
def _first_fault(indptr: Array, indices: Array, objects: int) -> int:
    """The first edge whose object does not exist or does not rise in its row; −1 where there is none. No copies."""
    for agent in range(len(indptr) - 1):
        before = np.int64(-1)
        for e in range(indptr[agent], indptr[agent + 1]):
            j = np.int64(indices[e])
            if j <= before or j >= objects:
                return int(e)
            before = j
    return -1


def _check_values(market: Market) -> None:
    """Ranges that keep every sum inside int64."""
    if market.agents >= 2**31 - 2 or market.objects >= 2**31 - 2:
        raise MarketError(f"{market!r}: more than 2^31 agents or objects.", remedy="Split it by component.")
    large = market.agents + market.objects + 2
    limit = WIDEST // large
    low, high = span(market.utility)
    if max(-low, high) >= limit:
        where = int(np.argmax((market.utility <= -limit) | (market.utility >= limit)))
        raise MarketError(
            f"`utility[{where}]` = {market.utility[where]}: sums over {large} agents and objects could leave int64.",
            remedy=f"Divide the utilities, so that each lies within ±{limit - 1}.",
        )
    refuse(np.flatnonzero(market.seats >= 2**31), "seats", "is more than 2^31 - 1", market.seats)
    if market.reserve is not None:
        refuse(np.flatnonzero(market.reserve < 0), "reserve", "is negative", market.reserve)
        refuse(np.flatnonzero(market.reserve >= limit), "reserve", "is too large", market.reserve)


def _permutation(values: npt.ArrayLike, agents: int) -> Int32:
    order = integers("block_order", values, length=agents, per="agent")
    if not np.array_equal(np.sort(order), np.arange(agents)):
        raise MarketError(f"`block_order` is no permutation of 0..{agents - 1}.")
    return frozen(order.astype(np.int32))
