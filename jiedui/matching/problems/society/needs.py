"""需求与意向: what places need and what organisations offer, of the same kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

import numpy as np

from jiedui.matching.problems.pairs import (
    Bool,
    Float64,
    Int64,
    Label,
    Marks,
    PairOutcome,
    Possible,
    Sides,
    Step,
    matched,
    unheard,
)
from jiedui.matching.problems.places import inside
from jiedui.matching.problems.reading import Row, pairings
from jiedui.matching.problems.society.limits import refuse_too_many
from jiedui.matching.problems.society.sides import Between, open_offers, waiting_needs
from jiedui.policy.parameters import Parameters
from jiedui.policy.registry import assumes, implements
from jiedui.snapshot import Snapshot
from jiedui.terms.divisions import Gazetteer

PROBLEM: Final = "need"
LABELS: Final[dict[str, Label]] = {
    "met": ("需求有人对接", "the need is met at all"),
    "households": ("受益贫困户", "poor households that it helps"),
    "waiting": ("等待时间", "time waited"),
    "wish": ("意向地", "the giver wishes to help there"),
    "pairing": ("结对关系之内", "inside the pairing"),
    "distance": ("距离", "distance"),
    "kind": ("类型", "kind"),
    "need_fen": ("所需金额（分）", "amount needed, fen"),
    "offer_fen": ("每项金额上限（分）", "most for one need, fen"),
    "helped_households": ("受益贫困户", "poor households helped"),
    "organisation_id": ("组织", "organisation"),
}


@implements("society.1")
@assumes(
    "society.1",
    because="The text does not say who helps whom: the weights are ours. An amount that is not known on either side "
    "rules nothing out and is told as not known.",
)
def propose_needs(
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
    """提出对接: for each waiting need of the region one offer of its kind with capacity left and an amount that fits.

    `warm` changes nothing. Raises as `matched` does.
    """
    del warm
    day = snapshot.as_of if on is None else on
    marks = Marks.of(pins, forbids)
    step("read needs and offers")
    needs = waiting_needs(snapshot, day)
    here = inside([row["region_code"] for row in needs], region_code)
    needs = [row for row, lies in zip(needs, here, strict=True) if lies]
    offers = open_offers(snapshot, day)
    step("compare pairs")
    refuse_too_many(len(needs), len(offers))
    between = Between.of([row["region_code"] for row in needs], offers, pairings(snapshot), day, gazetteer)
    left, right = np.nonzero(_fitting(needs, offers))
    possible = Possible(
        left, right, _points(needs, between, left, right, parameters, day), np.asarray(between.km[left, right])
    )
    return matched(
        PROBLEM,
        _sides(needs, offers),
        possible,
        facts=lambda i, k: _facts(needs[i], offers[k]),
        labels=LABELS,
        marks=marks,
        counts={},
        step=step,
    )


def _fitting(needs: list[Row], offers: list[Row]) -> Bool:
    """(needs, offers): of one kind, and the need no dearer than the offer gives for one."""
    kinds, kind = np.unique([row["kind"] for row in [*needs, *offers]], return_inverse=True)
    del kinds
    wanted, most = _amounts(needs), _amounts(offers)
    same = kind[: len(needs), None] == kind[None, len(needs) :]
    return np.asarray(same & ~(wanted[:, None] > most[None, :]))


def _amounts(found: list[Row]) -> Float64:
    """Fen; NaN where not known, which is never greater than anything."""
    return np.array([np.nan if row["amount_fen"] is None else row["amount_fen"] for row in found], np.float64)


def _sides(needs: list[Row], offers: list[Row]) -> Sides:
    return Sides(
        np.array([row["need_id"] for row in needs], np.int64),
        [row["region_code"] for row in needs],
        np.array([row["help_offer_id"] for row in offers], np.int64),
        [row["region_code"] for row in offers],
        np.array([row["left"] for row in offers], np.int64),
    )


def _points(
    needs: list[Row], between: Between, left: Int64, right: Int64, parameters: Parameters, on: date
) -> dict[str, Int64]:
    def of(name: str) -> int:
        return int(parameters.value(f"society.match.{name}"))

    helped = np.array([row["households"] or 0 for row in needs], np.int64)
    waited = np.array([(on - row["since"]).days // 30 for row in needs], np.int64)
    km = between.km[left, right]
    away = np.nan_to_num(np.round(km / 100 * of("need_distance_per_100_km")), nan=0.0).astype(np.int64)
    return {
        "met": np.full(len(left), of("need_met"), np.int64),
        "households": np.minimum(helped[left] // 10 * of("need_per_10_households"), of("need_households_most")),
        "waiting": np.minimum(waited[left] * of("need_waiting_per_30_days"), of("need_waiting_most")),
        "wish": np.where(between.wished[left, right], of("need_wish"), 0),
        "pairing": np.where(between.paired[left, right], of("need_pairing"), 0),
        "distance": -np.minimum(away, of("need_distance_most")),
    }


def _facts(need: Row, offer: Row) -> dict[str, Any]:
    return {
        "kind": need["kind"],
        "need_fen": need["amount_fen"],
        "offer_fen": offer["amount_fen"],
        "helped_households": need["households"],
        "organisation_id": offer["organisation_id"],
    }
