"""Labelled synthetic damage: both engines, on the same register."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from jiedui.linkage import probable, weights, with_splink
from jiedui.linkage.blocking import candidates, kept_blocks
from jiedui.linkage.comparisons import WEIGHED
from jiedui.linkage.features import features
from jiedui.linkage.scoring import codes
from jiedui.simulate import country
from jiedui.simulate.duplicates import NAMES, NUMBERS, PLACES, Duplicated, duplicated
from jiedui.terms.identity import is_valid_id

DAY = date(2020, 1, 1)


@pytest.fixture(scope="module")
def damaged() -> Duplicated:
    """A register of 12,000 persons, of whom one in twenty stands twice."""
    return duplicated(country(persons=12_000, seed=5)["person"], seed=5, share=0.05, lookalikes=0.03)


def pairs(found: pa.Table) -> set[tuple[int, int]]:
    """The pairs of a table."""
    return set(zip(found["left"].to_pylist(), found["right"].to_pylist(), strict=True))


def test_the_damage_is_what_it_says(damaged: Duplicated) -> None:
    """New rows stand at the end, each with its truth; every kind of damage and lookalike occurs; no number is shared
    but by one person's rows.
    """
    assert len(damaged.persons) == 12_000 + len(damaged.truth) + sum(
        kind != "phone" for kind in damaged.lookalikes["kind"].to_pylist()
    )
    assert set(damaged.truth["place"].to_pylist()) == set(PLACES)
    assert set(damaged.truth["number"].to_pylist()) == set(NUMBERS)
    assert set(damaged.truth["name"].to_pylist()) == set(NAMES)
    assert set(damaged.lookalikes["kind"].to_pylist()) == {"twin", "namesake", "phone"}
    assert damaged.persons["person_id"].to_pylist() == list(range(1, len(damaged.persons) + 1))
    originals = damaged.persons["id_number"].to_pylist()[:12_000]
    assert len(set(originals)) == 12_000
    assert all(is_valid_id(number) and number.startswith("00") for number in originals)


def test_damage_comes_from_the_seed(damaged: Duplicated) -> None:
    """The same arguments give the same register."""
    again = duplicated(country(persons=12_000, seed=5)["person"], seed=5, share=0.05, lookalikes=0.03)
    assert again.persons == damaged.persons
    assert again.truth == damaged.truth


def test_both_engines_give_one_answer(damaged: Duplicated) -> None:
    """Splink, with the same rules and weights, finds the same pairs with the same probabilities and evidence."""
    ours = probable(damaged.persons, on=DAY, threshold=0.001)
    theirs = probable(damaged.persons, on=DAY, threshold=0.001, engine="splink")
    ours, theirs = (found.sort_by([("left", "ascending"), ("right", "ascending")]) for found in (ours, theirs))
    assert len(ours) > len(damaged.truth) / 2
    assert theirs.drop_columns(["probability"]) == ours.drop_columns(["probability"])
    assert np.abs(theirs["probability"].to_numpy() - ours["probability"].to_numpy()).max() < 1e-6


def test_duplicates_are_found_and_lookalikes_are_not(damaged: Duplicated) -> None:
    """At the threshold of the parameter nearly all planted pairs are shown, and no twin, namesake or shared phone."""
    found, truth = pairs(probable(damaged.persons, on=DAY)), pairs(damaged.truth)
    assert len(found & truth) >= 0.95 * len(truth)
    assert len(found - truth) <= 0.005 * len(found)
    assert not found & pairs(damaged.lookalikes)


def test_the_prior_follows_the_register(damaged: Duplicated) -> None:
    """The fitted prior is the share of one-person pairs among the candidates, in a register of many as of few."""
    few = duplicated(country(persons=12_000, seed=6)["person"], seed=6, share=0.01)
    for made in (damaged, few):
        table = features(made.persons, largest_block=500)
        left, right = candidates(kept_blocks(table))
        held = weights.published().fitted(codes(table, left, right, WEIGHED))
        assert held.prior == pytest.approx(labels(made, left, right).mean(), abs=0.03)


def labels(made: Duplicated, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Whether each pair of rows is one person."""
    known, number = pairs(made.truth), made.persons["person_id"].to_pylist()
    return np.array([tuple(sorted((number[a], number[b]))) in known for a, b in zip(left, right, strict=True)])


def test_splink_trains_weights_that_tell_them_apart(damaged: Duplicated) -> None:
    """Weights trained on labelled pairs of one register find the duplicates of it."""
    table = features(damaged.persons, largest_block=500)
    left, right = candidates(kept_blocks(table))
    known, same = pairs(damaged.truth), labels(damaged, left, right)
    trained = with_splink.train(table, (left[same], right[same]), (left[~same], right[~same]), "a test", DAY)
    assert weights.parse(weights.write(trained)) == trained
    found = pairs(probable(damaged.persons, on=DAY, threshold=0.9, weighed=trained))
    assert len(found & known) >= 0.9 * len(known)
    assert len(found - known) <= 0.01 * len(found)
