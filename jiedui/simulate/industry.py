"""产业合作: projects of the pairs in the recipients' villages, and the households that take part in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from jiedui.simulate.columns import MISSING, days, position, table
from jiedui.simulate.ground import Ground
from jiedui.simulate.irregularities import first_row, planted
from jiedui.simulate.society import Organisations
from jiedui.simulate.streams import pick, pick_by_row
from jiedui.terms.codelists import BENEFIT_MECHANISM, PROJECT_KIND, PROJECT_STATUS

_KINDS: Final = ("base", "cooperative", "leading_firm", "labour_intensive", "tourism", "technology", "public_works")
_TITLES: Final = (
    "特色种植基地",
    "专业合作社扶持",
    "农产品加工",
    "扶贫车间",
    "乡村旅游",
    "科技示范",
    "饮水与村组道路",
)
BASE, COOPERATIVE, LEADING, WORKSHOP, TOURISM, TECHNOLOGY, PUBLIC = range(7)
_GOALS: Final = ("带动建档立卡户稳定增收", "吸纳建档立卡劳动力就业", "改善村内生产生活条件", "壮大村集体经济")
# Mechanism (job, order, dividend, land rent, training) by kind.
_MECHANISMS: Final = np.array(
    [
        [25, 20, 15, 30, 10],
        [10, 35, 40, 10, 5],
        [25, 50, 15, 10, 0],
        [85, 0, 10, 0, 5],
        [45, 5, 30, 20, 0],
        [5, 15, 5, 0, 75],
        [70, 0, 30, 0, 0],
    ]
)


_PLANTED_ROWS: Final = ("undisclosed", "early_payment", "double_benefit", "reaches_nobody")


@dataclass(frozen=True)
class Projects:
    """项目: arrays of one length; ids are positions + 1.

    `county` position, `region` code of 6, 9 or 12 digits, `kind` position in `_KINDS`, days, `planned` not yet begun,
    `links` first and last + 1 of its benefit links; `wrong` row of each planted irregularity.
    """

    pair: np.ndarray
    year: np.ndarray
    county: np.ndarray
    region: np.ndarray
    kind: np.ndarray
    signed_on: np.ndarray
    disclosed_on: np.ndarray
    planned: np.ndarray
    links: np.ndarray
    linked_household: np.ndarray
    wrong: dict[str, int | None]

    def households_of(self, project: int) -> list[int]:
        """Positions of the households linked to a project."""
        return self.linked_household[self.links[project] : self.links[project + 1]].tolist()


def projects(ground: Ground, orgs: Organisations) -> tuple[Projects, dict[str, pa.Table]]:
    """造项目: projects of every pair and year with their benefit links."""
    rng = ground.streams.of("project")
    pair, year, county = _sites(ground, rng)
    n = len(pair)
    wrong = {key: first_row(key, pair, year, ground.as_of.year) for key in _PLANTED_ROWS}
    kind = pick(rng, [26, 18, 10, 16, 6, 8, 16], n)
    _make_twin(wrong["double_benefit"], kind, county)
    region = _regions(ground, county, wrong["reaches_nobody"], rng)
    signed = np.concatenate([ground.days_of(y, 20, 75, int((year == y).sum()), rng) for y in ground.years] or [pair])
    disclosed = _disclosed(signed, wrong, ground, rng)
    status = _statuses(year, ground.as_of.year, wrong, rng)
    links, household = _links(ground, county, kind, wrong["reaches_nobody"], rng)
    planned = status == position(PROJECT_STATUS, "planned")
    found = Projects(pair, year, county, region, kind, signed, disclosed, planned, links, household, wrong)
    return found, {
        "project": _project_table(ground, orgs, found, status, rng),
        "benefit_link": _link_table(ground, found),
    }


def _make_twin(first: int | None, kind: np.ndarray, county: np.ndarray) -> None:
    """The project after the planted one is of its kind and county, so that both can pay one household."""
    if first is not None:
        kind[first + 1], county[first + 1] = kind[first], county[first]


def _sites(ground: Ground, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    empty = np.zeros(0, np.int64)
    pairs, years, counties = [empty], [empty], [empty]
    for year in ground.years:
        for pair in ground.pairs:
            n = 1 + ground.volume(pair, year, 8, rng)
            pairs.append(np.full(n, pair))
            years.append(np.full(n, year))
            counties.append(ground.draw_counties(pair, year, n, rng))
    return np.concatenate(pairs), np.concatenate(years), np.concatenate(counties)


def _regions(ground: Ground, county: np.ndarray, nowhere: int | None, rng: np.random.Generator) -> np.ndarray:
    village = ground.draw_villages(county, rng)
    level = pick(rng, [85, 10, 5], len(county))
    if nowhere is not None:
        level[nowhere] = 2
    return np.select([level == 0, level == 1], [village, village // 1000], village // 10**6)


def _statuses(year: np.ndarray, now: int, wrong: dict[str, int | None], rng: np.random.Generator) -> np.ndarray:
    # planned, building, done, accepted
    shares = np.array([[0.1, 0.42, 0.28, 0.2], [0, 0.08, 0.22, 0.7], [0, 0.02, 0.1, 0.88]])
    drawn = pick_by_row(rng, shares[np.clip(now - year, 0, 2)])
    # What is planted is to be paid.
    for row in (row for row in wrong.values() if row is not None):
        drawn[row : row + 2] = 3
    return position(PROJECT_STATUS, "planned", "building", "done", "accepted")[drawn]


def _disclosed(
    signed: np.ndarray, wrong: dict[str, int | None], ground: Ground, rng: np.random.Generator
) -> np.ndarray:
    disclosed = np.minimum(signed + rng.integers(1, 25, len(signed)), ground.last)
    disclosed = np.where(rng.random(len(signed)) < 0.01, MISSING, disclosed)
    hidden, hasty = wrong["undisclosed"], wrong["early_payment"]
    if hidden is not None:
        disclosed[hidden] = MISSING
    if hasty is not None:
        # After the money was there, so that it could be paid at once.
        disclosed[hasty] = min(days(date(ground.as_of.year, 8, 3)), ground.last)
    return disclosed


def _links(
    ground: Ground, county: np.ndarray, kind: np.ndarray, nobody: int | None, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """For each project neighbouring households of its county, none twice, and none for the planted one."""
    first = ground.population.households.first
    there, n = np.diff(first)[county], len(county)
    wanted = 1 + rng.poisson(np.where(kind == PUBLIC, 5, 7), n)
    wanted = np.where((kind == PUBLIC) & (rng.random(n) < 0.3), 0, wanted)
    count = np.minimum(wanted, there)
    if nobody is not None:
        count[nobody] = 0
    offset = (rng.random(n) * np.maximum(there, 1)).astype(np.int64)
    of = np.repeat(np.arange(n), count)
    rank = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    household = first[county[of]] + (offset[of] + rank) % np.maximum(there[of], 1)
    return np.r_[0, np.cumsum(count)], household


def _project_table(
    ground: Ground, orgs: Organisations, found: Projects, status: np.ndarray, rng: np.random.Generator
) -> pa.Table:
    n = len(found.pair)
    from_east = np.isin(found.kind, (LEADING, WORKSHOP, TOURISM))
    at_home = np.isin(found.kind, (BASE, TECHNOLOGY)) & (rng.random(n) < 0.5)
    east = orgs.firms_in(ground.donor_county(found.pair, rng), rng)
    home = orgs.firms_in(ground.places.county[found.county], rng)
    firm = np.where(from_east, east, np.where(at_home | (found.kind == COOPERATIVE), home, MISSING))
    signed = np.round(np.exp(rng.normal(13.6, 0.9, n)), -3).astype(np.int64) * 100
    arrived = (signed * np.where(status == position(PROJECT_STATUS, "planned"), 0.1, rng.beta(6, 2, n))).astype(
        np.int64
    )
    nothing = np.array([planted("nothing_arrived", p) for p in found.pair.tolist()], bool) & (
        found.year == ground.as_of.year
    )
    kinds, titles = position(PROJECT_KIND, *_KINDS), pa.array(_TITLES).take(pa.array(found.kind))
    number = pa.array([f"{y}年第{i + 1}号" for i, y in enumerate(found.year.tolist())], pa.string())
    names = [f"{title}项目（{which}）" for title, which in zip(titles.to_pylist(), number.to_pylist(), strict=True)]
    return table(
        "project",
        {
            "project_id": np.arange(1, n + 1),
            "pairing_id": found.pair,
            "region_code": found.region,
            "kind": kinds[found.kind],
            "title": names,
            "firm_id": firm,
            "signed_on": found.signed_on,
            "signed_fen": signed,
            "arrived_fen": np.where(
                (firm == MISSING) | nothing, np.where(nothing & (firm != MISSING), 0, MISSING), arrived
            ),
            "status": status,
            "goal": pa.array(_GOALS).take(pa.array(pick(rng, [4, 3, 2, 1], n), mask=rng.random(n) < 0.04)),
            "disclosed_on": found.disclosed_on,
        },
    )


def _link_table(ground: Ground, found: Projects) -> pa.Table:
    rng = ground.streams.of("benefit_link")
    of = np.repeat(np.arange(len(found.pair)), np.diff(found.links))
    n = len(of)
    drawn = pick_by_row(rng, _MECHANISMS[found.kind[of]])
    since = np.minimum(found.signed_on[of] + rng.integers(20, 200, n), ground.last)
    yuan = np.round(np.exp(rng.normal(7.3, 0.6, n)), -1).astype(np.int64)
    names = ("job", "order", "dividend", "land_rent", "training")
    return table(
        "benefit_link",
        {
            "benefit_link_id": np.arange(1, n + 1),
            "project_id": of + 1,
            "household_id": found.linked_household + 1,
            "region_code": ground.population.households.village[found.linked_household],
            "mechanism": position(BENEFIT_MECHANISM, *names)[drawn],
            "since": since,
            "amount_fen": np.where(rng.random(n) < 0.08, MISSING, yuan * 100),
        },
    )
