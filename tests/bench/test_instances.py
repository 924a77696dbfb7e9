"""The synthetic markets of the benchmark are what their names say."""

from __future__ import annotations

from dataclasses import fields
from itertools import pairwise

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from bench.matching.instances import EDGES_PER_AGENT, FAMILIES, Instance, make
from bench.matching.side_problems import couples, next_day, regional_quotas
from jiedui.matching import Market, solve

SIZE = 10_000


@pytest.fixture(scope="module")
def made() -> dict[str, Instance]:
    """Every family once, with 10,000 agents."""
    return {family: make(family, SIZE) for family in FAMILIES}


@pytest.mark.parametrize("family", FAMILIES)
def test_edges_seats_and_types(made, family):
    """A valid market of the narrow types, about twenty edges to an agent and never none, the seats as promised."""
    instance, recipe = made[family], FAMILIES[family]
    degree = np.diff(instance.indptr)

    Market(instance.indptr, instance.indices, instance.utility, instance.seats)
    types = [getattr(instance, field.name).dtype.name for field in fields(instance)]
    assert types == ["int64", "int32", "int16", "int32", *["int16"] * 4]
    assert instance.agents == SIZE
    assert degree.min() >= 1
    assert degree.max() <= EDGES_PER_AGENT
    assert degree.mean() > 0.9 * EDGES_PER_AGENT
    assert instance.seats.sum() == SIZE * recipe.seats_per_agent
    assert instance.objects == SIZE * recipe.seats_per_agent / recipe.seats_per_object
    assert instance.utility.min() >= 1
    assert instance.utility.max() <= 1000


@pytest.mark.parametrize("family", FAMILIES)
def test_one_component(made, family):
    """Everything that has an edge hangs together, so no solver may split the market."""
    instance = made[family]
    shape = (instance.agents, instance.objects)
    edges = csr_array((np.ones(len(instance.indices)), instance.indices, instance.indptr), shape=shape)
    square = csr_array((edges.data, edges.indices + instance.agents, np.append(instance.indptr, np.full(
        instance.objects, instance.indptr[-1]))), shape=(sum(shape), sum(shape)))  # fmt: skip
    count, label = connected_components(square, directed=False)
    untouched = instance.objects - len(np.unique(instance.indices))

    assert count == 1 + untouched
    assert len(np.unique(label[: instance.agents])) == 1


@pytest.mark.parametrize("family", FAMILIES)
def test_same_seed_same_bytes(family):
    """Family, size and seed give the same arrays; another seed gives others."""
    first, second, other = make(family, 1000), make(family, 1000), make(family, 1000, seed=2)

    assert all(getattr(first, f.name).tobytes() == getattr(second, f.name).tobytes() for f in fields(first))
    assert first.utility.tobytes() != other.utility.tobytes()


def test_what_sets_the_families_apart(made):
    """Few values, one value per posting, one seat each, and a perfect assignment, as named."""
    assert len(np.unique(made["ties"].utility)) <= 10
    common = made["common"]
    value = np.zeros(common.objects, np.int16)
    value[common.indices] = common.utility
    assert (value[common.indices] == common.utility).all()
    assert made["one_seat"].seats.max() == 1
    assert np.median(made["cardinality"].utility) < 0.6 * np.median(made["base"].utility)
    perfect = made["perfect"]
    assert (perfect.agents, perfect.seats.max()) == (perfect.objects, 1)


def test_agents_come_in_no_order_but_can_be_sorted_into_blocks(made):
    """Neighbours in the numbering share few postings; in block order they share many."""
    base = made["base"]

    def shared(order: np.ndarray) -> float:
        rows = [set(base.indices[base.indptr[a] : base.indptr[a + 1]].tolist()) for a in order[:400]]
        return float(np.mean([len(one & two) for one, two in pairwise(rows)]))

    order = base.block_order()
    assert np.array_equal(np.sort(order), np.arange(base.agents))
    assert shared(order) > 3 * shared(np.arange(base.agents))


def test_saved_and_loaded(made, tmp_path):
    """What is loaded is what was saved."""
    made["base"].save(tmp_path)
    loaded = Instance.load(tmp_path)

    assert all(np.array_equal(getattr(loaded, f.name), getattr(made["base"], f.name)) for f in fields(loaded))


def test_quotas_bind():
    """The optimum without quotas breaks every cap and every floor that moves."""
    instance = make("base", 2000)
    found = solve(Market(instance.indptr, instance.indices, instance.utility, instance.seats)).assignment
    quotas = regional_quotas(instance, found)
    count = np.bincount(instance.object_region[found[found >= 0]], minlength=len(quotas.lower))
    seats = np.bincount(instance.object_region, instance.seats, len(quotas.lower))

    assert (count > quotas.upper).any()
    assert (count < quotas.lower).any()
    assert (quotas.lower <= quotas.upper).all()
    assert (quotas.upper <= seats).all()


@pytest.mark.parametrize("share", [0.05, 0.2])
def test_couples(made, share):
    """The share asked for, nobody twice, partners from one region."""
    first, second = couples(made["base"], share)

    assert 2 * len(first) == round(share * SIZE)
    assert len(np.unique(np.concatenate([first, second]))) == 2 * len(first)
    region = made["base"].agent_region
    assert (region[first] == region[second]).all()


def test_next_day_changes_one_in_a_hundred(made):
    """About 1 % of the rows and exactly 1 % of the seats are others, and it is a valid market."""
    before, after = made["base"], next_day(made["base"])

    Market(after.indptr, after.indices, after.utility, after.seats)
    assert (before.seats != after.seats).sum() in (8, 9)  # a posting that loses its last seats may have had none
    same = [
        np.array_equal(before.indices[before.indptr[a] : before.indptr[a + 1]],
                       after.indices[after.indptr[a] : after.indptr[a + 1]])
        for a in range(SIZE)
    ]  # fmt: skip
    assert 0.98 * SIZE < sum(same) <= 0.995 * SIZE
