"""社会参与: organisations, donations, firm–village pairs.

Every organisation's name contains 演示, and its credit code is one that nobody can hold (`numbers`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from jiedui.simulate import numbers
from jiedui.simulate.columns import MISSING, position, table
from jiedui.simulate.ground import Ground
from jiedui.simulate.streams import pick
from jiedui.terms.codelists import DONATION_PURPOSE, ORGANISATION_KIND
from jiedui.terms.divisions import Gazetteer

_TRADES: Final = ("服装", "电子", "家具", "食品", "玩具", "建筑", "农业", "物流", "餐饮", "家电", "鞋业", "环保")
_NAMES: Final = {
    "firm": "演示{trade}有限公司",
    "social": "演示慈善促进会",
    "school": "演示职业技术学校",
    "hospital": "演示人民医院",
    "government": "演示扶贫协作办公室",
    "person": "演示爱心人士",
}
_CREDIT_KINDS: Final = {"firm": "91", "social": "51", "school": "12", "hospital": "12", "government": "11"}


@dataclass(frozen=True)
class Organisations:
    """组织: arrays of one length; firms come first, county by county. Ids are positions + 1."""

    kind: np.ndarray
    region: np.ndarray
    firm_county: np.ndarray
    """Counties that have firms, in order."""
    firm_first: np.ndarray
    """Position of the first firm of each such county, and the number of all firms at the end."""

    def firms_in(self, county: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """The id of a firm of each six-digit county (every county of the country has one)."""
        at = np.searchsorted(self.firm_county, county)
        first, count = self.firm_first[at], np.diff(self.firm_first)[at]
        return first + (rng.random(len(county)) * count).astype(np.int64) + 1

    def of_kind(self, kind: str, donor: int) -> np.ndarray:
        """Ids of the organisations of one kind that a donor region registered."""
        mine = (self.kind == position(ORGANISATION_KIND, kind)) & (self.region == donor)
        return np.flatnonzero(mine) + 1


def organisations(ground: Ground) -> tuple[Organisations, pa.Table]:
    """造组织: firms in every county, and of each donor region the others."""
    rng = ground.streams.of("organisation")
    east = ground.places.east
    county = np.unique(np.concatenate([east, ground.places.county, ground.places.other_counties]))
    size = np.clip(len(ground.population.persons) // 30_000, 1, 12)
    firms = np.where(np.isin(county, east), 2 + size, 1 + size // 3)
    counts = {"social": 2, "school": 2, "hospital": 2, "government": 1, "person": 2}
    donors = np.array(sorted(ground.places.donor_counties))
    kinds = ["firm"] * int(firms.sum()) + [kind for _ in donors for kind, n in counts.items() for _ in range(n)]
    region = np.concatenate([np.repeat(county, firms), np.repeat(donors, sum(counts.values()))])
    found = Organisations(position(ORGANISATION_KIND, *kinds), region, county, np.r_[0, np.cumsum(firms)])
    return found, _organisation_table(found, kinds, rng)


def _organisation_table(found: Organisations, kinds: list[str], rng: np.random.Generator) -> pa.Table:
    names, gazetteer = [], Gazetteer.load()
    trades = pick(rng, np.ones(len(_TRADES)), len(kinds))
    places = {code: _short_name(gazetteer, code) for code in np.unique(found.region).tolist()}
    for i, (kind, region) in enumerate(zip(kinds, found.region.tolist(), strict=True)):
        names.append(f"{places[region]}{_NAMES[kind].format(trade=_TRADES[trades[i]])}（{i + 1:05d}）")
    serials = rng.integers(31**7, 31**8, len(kinds))
    codes = numbers.credit_codes([_CREDIT_KINDS.get(kind, "91") for kind in kinds], serials)
    columns: dict[str, Any] = {
        "organisation_id": np.arange(1, len(kinds) + 1),
        "kind": found.kind,
        "name": names,
        "region_code": found.region,
        "credit_code": [None if k == "person" else c for k, c in zip(kinds, codes, strict=True)],
    }
    return table("organisation", columns)


def _short_name(gazetteer: Gazetteer, code: int) -> str:
    division = gazetteer.get(str(code))
    return division.name if division else str(code)


def donations(ground: Ground, orgs: Organisations) -> pa.Table:
    """造捐赠: money and goods of firms, organisations and persons for counties and villages of a pair."""
    rng = ground.streams.of("donation")
    rows: dict[str, list[np.ndarray]] = {"pair": [], "org": [], "region": [], "on": []}
    for year in ground.years:
        for pair in ground.pairs:
            n = ground.volume(pair, year, 7, rng)
            county = ground.draw_counties(pair, year, n, rng)
            village = ground.draw_villages(county, rng)
            rows["pair"].append(np.full(n, pair))
            rows["org"].append(_givers(ground, orgs, pair, n, rng))
            rows["region"].append(np.where(rng.random(n) < 0.5, village, ground.places.county[county]))
            rows["on"].append(ground.days_of(year, 20, 358, n, rng))
    joined = {name: np.concatenate(parts) if parts else np.zeros(0, np.int64) for name, parts in rows.items()}
    n = len(joined["pair"])
    money = np.round(np.exp(rng.normal(10.8, 1.2, n)), -2).astype(np.int64) * 100
    goods = np.where(rng.random(n) < 0.4, np.round(np.exp(rng.normal(10, 1, n)), -2).astype(np.int64) * 100, 0)
    only_goods = (goods > 0) & (rng.random(n) < 0.4)
    return table(
        "donation",
        {
            "donation_id": np.arange(1, n + 1),
            "organisation_id": joined["org"],
            "pairing_id": joined["pair"],
            "region_code": joined["region"],
            "given_on": joined["on"],
            "money_fen": np.where(only_goods, 0, money),
            "goods_fen": goods,
            "purpose": position(DONATION_PURPOSE, "schooling", "medical", "industry", "housing", "other")[
                pick(rng, [35, 15, 25, 10, 15], n)
            ],
            "receipt": [
                None if lost else f"演示票据{i + 1:07d}" for i, lost in enumerate((rng.random(n) < 0.05).tolist())
            ],
        },
    )


def _givers(ground: Ground, orgs: Organisations, pair: int, n: int, rng: np.random.Generator) -> np.ndarray:
    donor = ground.donor(pair)
    social = np.concatenate([orgs.of_kind("social", donor), orgs.of_kind("person", donor)])
    firms = orgs.firms_in(ground.donor_county(np.full(n, pair), rng), rng)
    return np.where(rng.random(n) < 0.6, firms, rng.choice(social, n))


def village_pairs(ground: Ground, orgs: Organisations) -> pa.Table:
    """造村企结对: firms of the donor with villages of its pairs; a firm may have several, a village too."""
    rng = ground.streams.of("village_pair")
    org, region, since = [], [], []
    for pair in ground.pairs:
        for year in ground.years:
            n = ground.volume(pair, year, 5, rng)
            org.append(orgs.firms_in(ground.donor_county(np.full(n, pair), rng), rng))
            region.append(ground.draw_villages(ground.draw_counties(pair, year, n, rng), rng))
            since.append(ground.days_of(year, 40, 350, n, rng))
    joined = [np.concatenate(parts) if parts else np.zeros(0, np.int64) for parts in (org, region, since)]
    n = len(joined[0])
    promised = np.round(np.exp(rng.normal(11.3, 0.9, n)), -3).astype(np.int64) * 100
    done = (promised * np.where(rng.random(n) < 0.8, rng.uniform(1, 1.3, n), rng.beta(4, 2, n))).astype(np.int64)
    return table(
        "village_pair",
        {
            "village_pair_id": np.arange(1, n + 1),
            "organisation_id": joined[0],
            "region_code": joined[1],
            "since": joined[2],
            "promised_fen": np.where(rng.random(n) < 0.06, MISSING, promised),
            "done_fen": np.where(rng.random(n) < 0.1, MISSING, done),
        },
    )
