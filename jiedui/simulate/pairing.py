"""结对关系: the 32 published pairings as rows, and the yearly targets of their plans."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from jiedui.simulate.columns import MISSING, days, position, table
from jiedui.simulate.ground import Ground
from jiedui.terms.codelists import PAIR_LEVEL, SCHEME

TARGETS: Final = {
    "labour.stable_east": 0.012,
    "labour.stable_near": 0.01,
    "talent.secondees_sent": 0.008,
    "talent.grass_roots_trained": 0.04,
    "industry.households_linked": 0.03,
    "funding.fiscal_aid": 160_000,
}
"""Target per registered person in the unit of the indicator, by the indicator's id; ours."""


def pairings(ground: Ground) -> pa.Table:
    """结对关系表: nothing is invented here."""
    rows = ground.places.pairings
    return table(
        "pairing",
        {
            "pairing_id": np.array([p.pairing_id for p in rows]),
            "donor_code": [p.donor_code for p in rows],
            "recipient_code": [p.recipient_code for p in rows],
            "level": np.array([position(PAIR_LEVEL, p.level) for p in rows]),
            "scheme": np.array([position(SCHEME, p.scheme) for p in rows]),
            "basis": [p.basis for p in rows],
            "valid_from": np.array([days(p.valid_from) for p in rows]),
            "valid_to": np.array([MISSING if p.valid_to is None else days(p.valid_to) for p in rows]),
        },
    )


def plan_targets(ground: Ground) -> pa.Table:
    """造规划目标: for each pair and year a target of each item, about what the pair can reach."""
    rng = ground.streams.of("plan_target")
    rows = [
        (pair, year, item, max(1, round(per_person * ground.persons_of(pair, year) * rng.uniform(0.6, 1.4))))
        for pair in ground.pairs
        for year in ground.years
        for item, per_person in TARGETS.items()
    ]
    pair, year, item, target = zip(*rows, strict=True) if rows else ((), (), (), ())
    return table(
        "plan_target",
        {
            "plan_target_id": np.arange(1, len(rows) + 1),
            "pairing_id": list(pair),
            "year": list(year),
            "item": list(item),
            "target": list(target),
        },
    )
