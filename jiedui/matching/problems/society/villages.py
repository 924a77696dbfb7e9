"""企业与村: firms that offer to be paired with villages, and the villages that wait."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

import numpy as np

from jiedui.matching.problems.pairs import Int64, Label, Marks, PairOutcome, Possible, Sides, Step, matched, unheard
from jiedui.matching.problems.places import inside
from jiedui.matching.problems.reading import Row, pairings
from jiedui.matching.problems.society.limits import refuse_too_many
from jiedui.matching.problems.society.sides import Between, village_offers, waiting_villages
from jiedui.policy.parameters import Parameters
from jiedui.policy.registry import assumes, implements
from jiedui.snapshot import Snapshot
from jiedui.terms.divisions import Gazetteer

PROBLEM: Final = "village"
LABELS: Final[dict[str, Label]] = {
    "paired": ("村有结对企业", "the village has a firm at all"),
    "households": ("贫困户数", "poor households"),
    "asked": ("村已提出需求", "the village asked for a firm"),
    "wish": ("企业意向地", "the firm wishes to help there"),
    "pairing": ("结对关系之内", "inside the pairing"),
    "distance": ("距离", "distance"),
    "poor_households": ("未脱贫户和返贫户", "households that are poor or fell back"),
    "need_id": ("需求", "need"),
    "organisation_id": ("企业", "firm"),
}


@implements("society.2")
@assumes("society.2", because="The text does not say which firm helps which village: the weights are ours.")
def propose_villages(
    snapshot: Snapshot,
    *,
    on: date | None = None,
    parameters: Parameters,
    gazetteer: Gazetteer,
    region_code: str = "",
    pins: Iterable[Sequence[int]] = (),
    forbids: Iterable[Sequence[int]] = (),
    warm: object = None,
    step: Step = unheard,
) -> PairOutcome:
    """提出村企结对: for each waiting village of the region one offer of a firm of its donor, or of one that wishes it.

    Keys are the village's code as a number and the offer. `warm` changes nothing. Raises as `matched` does.
    """
    del warm
    day = snapshot.as_of if on is None else on
    marks = Marks.of(pins, forbids)
    step("read villages and offers")
    villages = waiting_villages(snapshot, day)
    here = inside([row["region_code"] for row in villages], region_code)
    villages = [row for row, lies in zip(villages, here, strict=True) if lies]
    offers = village_offers(snapshot, day)
    step("compare pairs")
    refuse_too_many(len(villages), len(offers))
    between = Between.of([row["region_code"] for row in villages], offers, pairings(snapshot), day, gazetteer)
    left, right = np.nonzero(between.paired | between.wished)
    possible = Possible(
        left, right, _points(villages, between, left, right, parameters), np.asarray(between.km[left, right])
    )
    return matched(
        PROBLEM,
        _sides(villages, offers),
        possible,
        facts=lambda i, k: _facts(villages[i], offers[k]),
        labels=LABELS,
        marks=marks,
        counts={},
        step=step,
    )


def _sides(villages: list[Row], offers: list[Row]) -> Sides:
    return Sides(
        np.array([int(row["region_code"]) for row in villages], np.int64),
        [row["region_code"] for row in villages],
        np.array([row["help_offer_id"] for row in offers], np.int64),
        [row["region_code"] for row in offers],
        np.array([row["left"] for row in offers], np.int64),
    )


def _points(
    villages: list[Row], between: Between, left: Int64, right: Int64, parameters: Parameters
) -> dict[str, Int64]:
    def of(name: str) -> int:
        return int(parameters.value(f"society.match.{name}"))

    poor = np.array([row["households"] for row in villages], np.int64)
    asked = np.array([row["need_id"] is not None for row in villages], bool)
    km = between.km[left, right]
    away = np.nan_to_num(np.round(km / 100 * of("village_distance_per_100_km")), nan=0.0).astype(np.int64)
    return {
        "paired": np.full(len(left), of("village_paired"), np.int64),
        "households": np.minimum(poor[left] * of("village_per_poor_household"), of("village_households_most")),
        "asked": np.where(asked[left], of("village_asked"), 0),
        "wish": np.where(between.wished[left, right], of("village_wish"), 0),
        "pairing": np.where(between.paired[left, right], of("village_pairing"), 0),
        "distance": -np.minimum(away, of("village_distance_most")),
    }


def _facts(village: Row, offer: Row) -> dict[str, Any]:
    return {
        "poor_households": village["households"],
        "need_id": village["need_id"],
        "organisation_id": offer["organisation_id"],
    }
