"""建议: poor counties and donors' counties become a market inside the parent pairs, and proposals come out of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from jiedui.matching.problems.pairing.market import CountyMarket
from jiedui.matching.problems.pairs import Label, Marks, PairOutcome, Step, matched, unheard
from jiedui.policy.parameters import Parameters
from jiedui.policy.registry import implements, interprets
from jiedui.snapshot import Snapshot
from jiedui.terms.divisions import Gazetteer
from jiedui.terms.pairs import Pairing

PROBLEM: Final = "county_pair"
LABELS: Final[dict[str, Label]] = {
    "served": ("县有结对", "the county has a pair"),
    "together": ("任务重的县与较发达县结对", "heavily burdened with better off"),
    "distance": ("距离", "distance"),
    "continuity": ("延续已有结对", "the pair that holds already"),
    "burden_permille": ("任务轻重位次（千分）", "burden, rank in per mille"),
    "strength_permille": ("发达程度位次（千分）", "strength, rank in per mille"),
    "delisted_year": ("摘帽年份", "year of delisting"),
    "illiteracy_permyriad": ("文盲率（万分，2020年普查）", "illiteracy, per 10,000 (census of 2020)"),
    "rural_residents": ("乡村人口（2020年普查）", "rural residents (census of 2020)"),
    "urban_residents": ("城镇人口（2020年普查）", "urban residents (census of 2020)"),
    "schooling_hundredths": ("平均受教育年限（百分之一年，2020年普查）", "mean schooling, 1/100 year (census of 2020)"),
    "pairing_id": ("所依托的结对关系", "the pairing that it lies in"),
}


@implements("pairing.5")
@interprets(
    "pairing.5",
    because="「探索经济较发达县(市、区)」 with the counties whose task is heavy: points grow with the product of both "
    "ranks, so that as a whole the heaviest meet the best off; distance deducts, what holds already adds. No income by "
    "county is published; what is used instead stands beside every proposal.",
)
def propose_county_pairs(
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
    """提出县级结对: for each poor county of the region one donor county inside its parent pair of the day.

    `on` is the snapshot's day unless told. Keys are county codes as numbers. `warm` changes nothing: the market is
    solved in moments. Raises `JieduiError` for marks that contradict each other, `NotVerified` for a wrong solution.
    """
    del warm
    day = snapshot.as_of if on is None else on
    marks = Marks.of(pins, forbids)
    step("read pairings")
    pairings = [Pairing(**row) for row in snapshot.table("pairing").to_pylist()]
    step("rank counties")
    market = CountyMarket.of(pairings, day, parameters, gazetteer, region_code)
    served, able = market.served, market.able
    step("compare pairs")
    return matched(
        PROBLEM,
        market.sides(),
        market.possible(),
        facts=market.facts,
        labels=LABELS,
        marks=marks,
        counts={
            "outside": served.outside,
            "without_code": served.without_code,
            "donor_counties_unknown": able.unknown,
            "held_already": len(market.now),
            "most_per_donor_county": max(able.capacity.values(), default=0),
        },
        notes={"capacity_raised": {donor: able.raised[donor] for donor in sorted(able.raised)}},
        step=step,
    )
