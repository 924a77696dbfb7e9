"""市场: agents, objects with seats, and the sparse edges between them. Arrays only, no policy.

The edges are in CSR form: the objects that agent ``i`` may take are ``indices[indptr[i]:indptr[i+1]]``, each with an
integer ``utility``. Staying out is always possible and is worth 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from jiedui.errors import JieduiError

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
Array = npt.NDArray[Any]
"""What compiled loops take: their types are those of the arrays given."""

Number = TypeVar("Number", bound=np.generic)

WIDEST: Final = 2**62
"""Sums of utilities must stay below this, so that no int64 ever overflows."""


class MarketError(JieduiError, ValueError):
    """无效市场: an array of a market is not what it must be; the message names the first place."""


@dataclass(frozen=True, slots=True)
class Quota:
    """名额区间: at least `lower` and at most `upper` agents on these objects together (`upper=None`: no limit)."""

    objects: Sequence[int]
    lower: int = 0
    upper: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """联动组: agents (a couple, a family) that are placed inside one of `classes` together, or all stay out.

    `classes` are disjoint sets of objects, e.g. the postings of one county each.
    """

    agents: Sequence[int]
    classes: Sequence[Sequence[int]]


class Market:
    """市场: who may take what, and what it is worth.

    `indptr` (agents + 1), `indices` (edges; strictly rising in each row), `utility` (edges; any integer type), `seats`
    (objects; ≥ 0). `tier` (agents): a lower tier is served first, lexicographically. `reserve` (objects; ≥ 0): the
    least price of a seat; what an edge is worth to the optimum is its utility less the reserve. `groups`, `quotas`:
    see the classes. `block_order` (a permutation of the agents): agents with similar edges next to each other, a hint
    for speed that never changes the value of the result.

    The arrays are held as int64 (`indices` as int32) and are read-only. Raises `MarketError`.
    """

    __slots__ = ("block_order", "groups", "indices", "indptr", "quotas", "reserve", "seats", "tier", "utility")

    def __init__(
        self,
        indptr: npt.ArrayLike,
        indices: npt.ArrayLike,
        utility: npt.ArrayLike,
        seats: npt.ArrayLike,
        *,
        tier: npt.ArrayLike | None = None,
        groups: Sequence[Group] | None = None,
        quotas: Sequence[Quota] | None = None,
        reserve: npt.ArrayLike | None = None,
        block_order: npt.ArrayLike | None = None,
    ) -> None:
        self.indptr: Int64 = _integers("indptr", indptr)
        wide = _integers("indices", indices)
        self.utility: Int64 = _integers("utility", utility)
        self.seats: Int64 = _integers("seats", seats)
        _check_rows(self.indptr, wide, self.utility, self.seats)
        self.indices: Int32 = _frozen(wide.astype(np.int32))
        self.tier = None if tier is None else _integers("tier", tier, length=self.agents, per="agent")
        self.reserve = None if reserve is None else _integers("reserve", reserve, length=self.objects, per="object")
        self.block_order = None if block_order is None else _permutation(block_order, self.agents)
        self.groups = tuple(groups) if groups else None
        self.quotas = tuple(quotas) if quotas else None
        _check_values(self)
        _check_quotas(self)
        _check_groups(self)

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
        groups: Sequence[Group] | None = None,
        quotas: Sequence[Quota] | None = None,
        reserve: npt.ArrayLike | None = None,
    ) -> Market:
        """The market of a list of edges in any order; `agents` counts also those without an edge."""
        rows, columns, worth = (_integers(n, a) for n, a in (("agent", agent), ("object_", object_), ("u", utility)))
        if not len(rows) == len(columns) == len(worth):
            raise MarketError(
                f"An edge needs an agent, an object and a utility: got {len(rows)}, {len(columns)}, {len(worth)}."
            )
        _refuse(np.flatnonzero((rows < 0) | (rows >= agents)), "agent", f"lies outside 0..{agents - 1}", rows)
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


def _frozen(array: npt.NDArray[Number]) -> npt.NDArray[Number]:
    view = array.view()
    view.flags.writeable = False
    return view


def _integers(name: str, values: npt.ArrayLike, *, length: int | None = None, per: str = "") -> Int64:
    """One-dimensional int64, or an error that says why not."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise MarketError(f"`{name}` has {array.ndim} dimensions.", remedy="Give a flat array.")
    if array.size == 0:
        array = array.astype(np.int64)
    if array.dtype.kind == "f":
        bad = np.flatnonzero(~np.isfinite(array))
        if bad.size:
            raise MarketError(f"`{name}[{bad[0]}]` is {array[bad[0]]}.", remedy="Leave out what is not known.")
        raise MarketError(
            f"`{name}` holds floating-point numbers ({array.dtype}).",
            remedy="Scale and round it to integers yourself: exactness is proven on integers.",
        )
    if array.dtype.kind not in "iu":
        raise MarketError(f"`{name}` holds {array.dtype}, not integers.")
    if array.dtype == np.uint64 and array.size and int(array.max()) >= WIDEST:
        raise MarketError(f"`{name}[{int(array.argmax())}]` is {array.max()}: too large for int64.")
    if length is not None and len(array) != length:
        raise MarketError(f"`{name}` has {len(array)} values, {length} are needed: one per {per}.")
    return _frozen(np.ascontiguousarray(array, np.int64))


def _refuse(bad: npt.NDArray[np.intp], name: str, why: str, values: Int64, remedy: str = "") -> None:
    if bad.size:
        raise MarketError(f"`{name}[{bad[0]}]` = {values[bad[0]]} {why}.", remedy=remedy)


def _check_rows(indptr: Int64, indices: Int64, utility: Int64, seats: Int64) -> None:
    """The CSR structure: rows in order, columns in range, strictly rising."""
    if len(indptr) == 0 or indptr[0] != 0:
        raise MarketError("`indptr` must start with 0.", remedy="A market without agents has indptr = [0].")
    _refuse(np.flatnonzero(np.diff(indptr) < 0) + 1, "indptr", "is smaller than the value before it", indptr)
    if not len(indices) == len(utility) == indptr[-1]:
        raise MarketError(
            f"`indptr` ends at {indptr[-1]}, but there are {len(indices)} indices and {len(utility)} utilities."
        )
    _refuse(
        np.flatnonzero((indices < 0) | (indices >= len(seats))), "indices", f"is no object 0..{len(seats) - 1}", indices
    )
    _refuse(np.flatnonzero(seats < 0), "seats", "is negative", seats)
    inside = np.ones(len(indices), bool)
    inside[indptr[:-1][indptr[:-1] < len(indices)]] = False
    step = np.diff(indices, prepend=-1)
    twice = np.flatnonzero(inside & (step == 0))
    _refuse(twice, "indices", "stands twice in its row", indices, "Keep one edge per agent and object.")
    _refuse(
        np.flatnonzero(inside & (step < 0)),
        "indices",
        "is smaller than the one before it in its row",
        indices,
        "Sort each row, or build the market with Market.from_edges.",
    )


def _check_values(market: Market) -> None:
    """Ranges that keep every sum inside int64."""
    if market.agents >= 2**31 - 2 or market.objects >= 2**31 - 2:
        raise MarketError(f"{market!r}: more than 2^31 agents or objects.", remedy="Split it by component.")
    large = market.agents + market.objects + 2
    limit = WIDEST // large
    low, high = _span(market.utility)
    if max(-low, high) >= limit:
        where = int(np.argmax((market.utility <= -limit) | (market.utility >= limit)))
        raise MarketError(
            f"`utility[{where}]` = {market.utility[where]}: sums over {large} agents and objects could leave int64.",
            remedy=f"Divide the utilities, so that each lies within ±{limit - 1}.",
        )
    _refuse(np.flatnonzero(market.seats >= 2**31), "seats", "is more than 2^31 - 1", market.seats)
    if market.reserve is not None:
        _refuse(np.flatnonzero(market.reserve < 0), "reserve", "is negative", market.reserve)
        _refuse(np.flatnonzero(market.reserve >= limit), "reserve", "is too large", market.reserve)


def _span(values: Int64) -> tuple[int, int]:
    return (int(values.min()), int(values.max())) if values.size else (0, 0)


def _permutation(values: npt.ArrayLike, agents: int) -> Int64:
    order = _integers("block_order", values, length=agents, per="agent")
    if not np.array_equal(np.sort(order), np.arange(agents)):
        raise MarketError(f"`block_order` is no permutation of 0..{agents - 1}.")
    return order


def _check_quotas(market: Market) -> None:
    for k, quota in enumerate(market.quotas or ()):
        members = _members(f"quotas[{k}].objects", quota.objects, market.objects)
        if quota.lower < 0:
            raise MarketError(f"`quotas[{k}].lower` = {quota.lower} is negative.")
        if quota.upper is not None and quota.upper < quota.lower:
            raise MarketError(f"`quotas[{k}]` contradicts itself: upper {quota.upper} < lower {quota.lower}.")
        if quota.lower > int(market.seats[members].sum()):
            raise MarketError(
                f"`quotas[{k}].lower` = {quota.lower}, but its objects have {int(market.seats[members].sum())} seats."
            )


def _check_groups(market: Market) -> None:
    linked = np.zeros(market.agents, bool)
    for k, group in enumerate(market.groups or ()):
        agents = _members(f"groups[{k}].agents", group.agents, market.agents)
        if linked[agents].any():
            raise MarketError(f"`groups[{k}]`: agent {agents[linked[agents]][0]} is in another group already.")
        linked[agents] = True
        seen: set[int] = set()
        for c, objects in enumerate(group.classes):
            members = set(_members(f"groups[{k}].classes[{c}]", objects, market.objects).tolist())
            if seen & members:
                raise MarketError(f"`groups[{k}].classes[{c}]`: object {min(seen & members)} is in another class.")
            seen |= members


def _members(name: str, values: Sequence[int], size: int) -> Int64:
    members = _integers(name, np.asarray(values))
    _refuse(np.flatnonzero((members < 0) | (members >= size)), name, f"lies outside 0..{size - 1}", members)
    if len(np.unique(members)) != len(members):
        raise MarketError(f"`{name}` names a member twice.")
    return members
