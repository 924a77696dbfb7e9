"""训练权重: writes `jiedui/linkage/data/weights.toml` from a synthetic register with labelled damage, with Splink.

`python -m bench.linkage.train [--persons N] [--seed N]`. The seed is not that of the measured register.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

import jiedui.linkage
from jiedui.linkage import scoring, weights, with_splink
from jiedui.linkage.blocking import candidates, kept_blocks
from jiedui.linkage.comparisons import WEIGHED
from jiedui.linkage.features import features
from jiedui.policy import parameters
from jiedui.simulate import country
from jiedui.simulate.duplicates import duplicated

FILE = Path(jiedui.linkage.__file__).parent / "data" / "weights.toml"
THRESHOLDS = (0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99)
"""Printed with what each would show of the register of training, to choose the parameter by."""


def main(arguments: list[str] | None = None) -> int:
    """Make the register, label its candidate pairs, train, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1987)
    asked = parser.parse_args(arguments)
    made = duplicated(country(persons=asked.persons, seed=asked.seed)["person"], seed=asked.seed)
    today = datetime.now(UTC).date()
    largest = parameters.load(today).value("poverty.duplicate_largest_block")
    table = features(made.persons, largest_block=largest)
    left, right = candidates(kept_blocks(table))
    same = labelled(made.persons, made.truth, left, right)
    source = (
        f"Splink's level shares of labelled pairs in a synthetic register of {len(made.persons)} persons, "
        f"seed {asked.seed}: {int(same.sum())} pairs of one person, {int((~same).sum())} other candidates"
    )
    trained = with_splink.train(table, (left[same], right[same]), (left[~same], right[~same]), source, today)
    FILE.write_text(weights.write(trained), encoding="utf-8")
    print(f"• {FILE.name} is written: {source}.")
    probability = trained.probability(scoring.codes(table, left, right, WEIGHED))
    for threshold in THRESHOLDS:
        shown = probability >= threshold
        precision, recall = same[shown].mean(), same[shown].sum() / len(made.truth)
        print(f"  from {threshold}: {shown.sum()} pairs, precision {precision:.5f}, recall {recall:.5f}")
    return 0


def labelled(persons: pa.Table, truth: pa.Table, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Whether each pair of rows is one person by the truth."""
    number = persons["person_id"].to_numpy()
    pairs = np.sort(np.stack([number[left], number[right]]), axis=0)
    known = truth["left"].to_numpy() << 32 | truth["right"].to_numpy()
    return np.isin(pairs[0] << 32 | pairs[1], known)


if __name__ == "__main__":
    raise SystemExit(main())
