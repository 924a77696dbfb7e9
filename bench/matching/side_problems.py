"""附加问题: what is laid over a market: regional quotas, couples, and the changes of one day."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bench.matching.instances import Instance

Int64 = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class RegionalQuotas:
    """区域名额: at least `lower[r]` and at most `upper[r]` agents in region r, (regions,) int64 each."""

    lower: Int64
    upper: Int64


def regional_quotas(instance: Instance, assignment: npt.NDArray[np.int32]) -> RegionalQuotas:
    """名额: bounds that bind, set from an optimum without them.

    The third of the regions with most agents may take 90 % of what it took; of the others the third with the
    emptiest seats must take half a per cent more (at most 95 % of its seats).
    """
    regions = int(instance.object_region.max()) + 1
    count = np.bincount(instance.object_region[assignment[assignment >= 0]], minlength=regions)
    seats = np.bincount(instance.object_region, instance.seats, regions).astype(np.int64)
    third = max(1, regions // 3)
    full = np.argsort(-count, kind="stable")[:third]
    upper, lower = seats.copy(), np.zeros(regions, np.int64)
    upper[full] = (0.9 * count[full]).astype(np.int64)
    filled = np.where(seats > 0, count / np.maximum(1, seats), 2.0)
    filled[full] = 2.0
    empty = np.argsort(filled, kind="stable")[:third]
    empty = empty[filled[empty] < 0.95]
    lower[empty] = np.minimum(np.ceil(1.005 * count[empty]), 0.95 * seats[empty]).astype(np.int64)
    return RegionalQuotas(lower, np.maximum(upper, lower))


def couples(instance: Instance, share: float, *, seed: int = 9) -> tuple[Int64, Int64]:
    """夫妻: `share` of all agents in pairs of one home region: first and second partners, (couples,) int64 each.

    A couple is placed in one region together, or not at all.
    """
    rng = np.random.default_rng(seed)
    order = np.lexsort((rng.random(instance.agents), instance.agent_region))
    pairs = order[: instance.agents // 2 * 2].reshape(-1, 2)
    pairs = pairs[instance.agent_region[pairs[:, 0]] == instance.agent_region[pairs[:, 1]]]
    wanted = min(len(pairs), round(share * instance.agents / 2))
    pairs = pairs[np.sort(rng.choice(len(pairs), wanted, replace=False))]
    return pairs[:, 0].copy(), pairs[:, 1].copy()


def next_day(instance: Instance, share: float = 0.01, *, seed: int = 3) -> Instance:
    """次日: `share` of the agents are other people, and the seats of `share` of the objects have changed.

    Whoever comes has the edges of some other agent, each worth a little more or less; a changed posting has up to two
    seats more or fewer. Agents and objects keep their numbers.
    """
    rng = np.random.default_rng(seed)
    row = np.arange(instance.agents)
    leaving = rng.choice(instance.agents, max(1, round(share * instance.agents)), replace=False)
    row[leaving] = rng.integers(0, instance.agents, len(leaving))
    length = np.diff(instance.indptr)[row]
    indptr = np.zeros(instance.agents + 1, np.int64)
    np.cumsum(length, out=indptr[1:])
    edge = np.arange(indptr[-1]) + np.repeat(instance.indptr[row] - indptr[:-1], length)
    utility = instance.utility[edge]
    new = np.zeros(instance.agents, bool)
    new[leaving] = True
    new = np.repeat(new, length)
    utility[new] = np.maximum(1, utility[new] + rng.integers(-50, 51, int(new.sum()))).astype(np.int16)
    seats = instance.seats.copy()
    changed = rng.choice(instance.objects, max(1, round(share * instance.objects)), replace=False)
    seats[changed] = np.maximum(0, seats[changed] + rng.choice([-2, -1, 1, 2], len(changed)))
    return replace(
        instance,
        indptr=indptr,
        indices=instance.indices[edge],
        utility=utility,
        seats=seats,
        agent_region=instance.agent_region[row],
        agent_occupation=instance.agent_occupation[row],
    )
