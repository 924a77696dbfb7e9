"""附加约束: bounds on classes of objects (quotas), and agents that are placed together (groups).

`Linked` is what groups become inside a market: flat arrays, edge by edge, whatever form they were given in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from jiedui.matching.solver.arrays import Int32, Int64, MarketError, integers, members, refuse


@dataclass(frozen=True, slots=True)
class Quota:
    """名额区间: at least `lower` and at most `upper` agents on these objects together (`upper=None`: no limit)."""

    objects: Sequence[int] | Int64
    lower: int = 0
    upper: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """联动组: agents (a couple, a family) that are placed inside one of `classes` together, or all stay out.

    `classes` are disjoint sets of objects, e.g. the postings of one county each. Many groups with the same classes:
    give them the same `classes` object, or use `Groups`.
    """

    agents: Sequence[int]
    classes: Sequence[Sequence[int]]


@dataclass(frozen=True, eq=False)
class Groups:
    """联动组（数组形式）: many groups over one division of the objects into classes.

    Group g is `agents[indptr[g]:indptr[g + 1]]`. `object_class` (objects,): the class of each object, e.g. its county;
    −1: no linked agent may be placed there.
    """

    indptr: npt.ArrayLike
    agents: npt.ArrayLike
    object_class: npt.ArrayLike

    @classmethod
    def pairs(cls, first: npt.ArrayLike, second: npt.ArrayLike, object_class: npt.ArrayLike) -> Groups:
        """Couples: `first[k]` and `second[k]` are placed in one class."""
        one, other = integers("first", first), integers("second", second)
        if len(one) != len(other):
            raise MarketError(f"A couple needs two: got {len(one)} first and {len(other)} second partners.")
        return cls(2 * np.arange(len(one) + 1), np.stack([one, other], axis=1).ravel(), object_class)


@dataclass(frozen=True, eq=False)
class Linked:
    """联动: groups as arrays.

    Members of group g: `agents[indptr[g]:indptr[g + 1]]` (int32). `group_of` (agents of the market,) int32: the group,
    −1 = none. `edge_class` (edges,) int32: the class within the group of the object of each edge of a linked agent;
    −1 where the agent is not linked or the object is in none of its classes.
    """

    indptr: Int64
    agents: Int32
    group_of: Int32
    edge_class: Int32

    @property
    def groups(self) -> int:
        """Number of groups."""
        return len(self.indptr) - 1


def link(groups: Sequence[Group] | Groups | None, indptr: Int64, indices: Int32, objects: int) -> Linked | None:
    """The groups of a market edge by edge; None where there are none. Raises `MarketError`."""
    agents = len(indptr) - 1
    if isinstance(groups, Groups):
        return _link_arrays(groups, indptr, indices, objects)
    if not groups:
        return None
    sizes, everybody = [0], []
    group_of = np.full(agents, -1, np.int32)
    for k, group in enumerate(groups):
        own = members(f"groups[{k}].agents", group.agents, agents)
        if (group_of[own] >= 0).any():
            raise MarketError(f"`groups[{k}]`: agent {own[group_of[own] >= 0][0]} is in another group already.")
        group_of[own] = k
        sizes.append(len(own))
        everybody.append(own)
    edge_class = np.full(len(indices), -1, np.int32)
    maps: dict[int, Int32] = {}
    for k, (group, own) in enumerate(zip(groups, everybody, strict=True)):
        if id(group.classes) not in maps:
            maps[id(group.classes)] = _object_classes(k, group, objects)
        for agent in own.tolist():
            row = slice(int(indptr[agent]), int(indptr[agent + 1]))
            edge_class[row] = maps[id(group.classes)][indices[row]]
    return Linked(np.cumsum(sizes), np.concatenate(everybody).astype(np.int32), group_of, edge_class)


def _object_classes(k: int, group: Group, objects: int) -> Int32:
    """The class of each object for one group, −1 where none."""
    found = np.full(objects, -1, np.int32)
    for c, listed in enumerate(group.classes):
        own = members(f"groups[{k}].classes[{c}]", listed, objects)
        twice = own[found[own] >= 0]
        if twice.size:
            raise MarketError(f"`groups[{k}].classes[{c}]`: object {twice.min()} is in another class.")
        found[own] = c
    return found


def _link_arrays(groups: Groups, indptr: Int64, indices: Int32, objects: int) -> Linked | None:
    agents = len(indptr) - 1
    ends = integers("groups.indptr", groups.indptr)
    everybody = members("groups.agents", groups.agents, agents)
    classes = integers("groups.object_class", groups.object_class, length=objects, per="object")
    if len(ends) == 0 or ends[0] != 0 or ends[-1] != len(everybody):
        raise MarketError(f"`groups.indptr` must run from 0 to {len(everybody)}, the number of linked agents.")
    refuse(np.flatnonzero(np.diff(ends) < 0) + 1, "groups.indptr", "is smaller than the value before it", ends)
    refuse(np.flatnonzero(classes < -1), "groups.object_class", "is no class", classes, "Use −1 for no class.")
    if len(ends) == 1:
        return None
    group_of = np.full(agents, -1, np.int32)
    group_of[everybody] = np.repeat(np.arange(len(ends) - 1, dtype=np.int32), np.diff(ends))
    mine = np.repeat(group_of >= 0, np.diff(indptr))
    edge_class = np.full(len(indices), -1, np.int32)
    edge_class[mine] = classes[indices[mine]]
    return Linked(ends, everybody.astype(np.int32), group_of, edge_class)


def check_quotas(quotas: Sequence[Quota], seats: Int64) -> tuple[Quota, ...]:
    """The quotas with their objects as arrays; `MarketError` when one contradicts itself or the seats."""
    checked = []
    for k, quota in enumerate(quotas):
        own = members(f"quotas[{k}].objects", quota.objects, len(seats))
        if quota.lower < 0:
            raise MarketError(f"`quotas[{k}].lower` = {quota.lower} is negative.")
        if quota.upper is not None and quota.upper < quota.lower:
            raise MarketError(f"`quotas[{k}]` contradicts itself: upper {quota.upper} < lower {quota.lower}.")
        room = int(seats[own].sum())
        if quota.lower > room:
            raise MarketError(f"`quotas[{k}].lower` = {quota.lower}, but its objects have {room} seats.")
        checked.append(Quota(own, int(quota.lower), None if quota.upper is None else int(quota.upper)))
    return tuple(checked)
