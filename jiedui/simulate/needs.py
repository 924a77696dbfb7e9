"""需求与意向: what villages need, what organisations of the donors offer, and what was brought together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from jiedui.simulate.columns import MISSING, days, position, table
from jiedui.simulate.ground import FIRST_EVENT_YEAR, Ground
from jiedui.simulate.society import Organisations
from jiedui.simulate.streams import pick
from jiedui.terms.codelists import NEED_KIND, NEED_STATE

_KINDS = ("schooling", "medical", "teaching", "goods", "money", "volunteers", "sales", "village")
_WEIGHTS = (20, 12, 8, 20, 12, 8, 10, 10)
_TITLES = {
    "schooling": "困难学生助学",
    "medical": "巡回义诊",
    "teaching": "短期支教",
    "goods": "图书和教具",
    "money": "饮水设施改造",
    "volunteers": "留守儿童陪伴",
    "sales": "农特产品销售",
    "village": "企业结对帮村",
}


@dataclass(frozen=True)
class _Rows:
    """Rows of either side: pair, kind (position in its code list) and first day."""

    pair: np.ndarray
    kind: np.ndarray
    since: np.ndarray


def needs_and_offers(ground: Ground, orgs: Organisations) -> dict[str, pa.Table]:
    """造需求与意向: the tables need, help_offer and help_given; an offer never serves more than its capacity."""
    rng = ground.streams.of("need")
    need, offer = _rows(ground, 8, rng), _rows(ground, 6, rng)
    wanted = _amounts(len(need.pair), 10.0, rng)
    most = _amounts(len(offer.pair), 10.8, rng)
    capacity = rng.integers(1, 6, len(offer.pair))
    given = _given(need, offer, wanted, most, capacity, rng)
    places = _places(ground, need, rng)
    return {
        "need": _needs(need, places, wanted, given, rng),
        "help_offer": _offers(ground, orgs, offer, most, capacity, given, rng),
        "help_given": _help_given(need, offer, places, given, ground),
    }


def _rows(ground: Ground, usual: float, rng: np.random.Generator) -> _Rows:
    pair, since = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for number in ground.pairs if ground.years else ():
        n = ground.volume(number, ground.as_of.year, usual, rng)
        pair.append(np.full(n, number))
        since.append(np.maximum(ground.last - rng.integers(0, 300, n), days(date(FIRST_EVENT_YEAR, 1, 1))))
    pairs = np.concatenate(pair)
    kind = position(NEED_KIND, *_KINDS)[pick(rng, _WEIGHTS, len(pairs))]
    return _Rows(pairs, kind, np.concatenate(since))


def _amounts(n: int, size: float, rng: np.random.Generator) -> np.ndarray:
    """Fen, not known for a quarter."""
    fen = np.round(np.exp(rng.normal(size, 1.0, n)), -2).astype(np.int64) * 100
    return np.where(rng.random(n) < 0.25, MISSING, fen)


def _places(ground: Ground, need: _Rows, rng: np.random.Generator) -> np.ndarray:
    """A village of the pair for each need."""
    places = np.zeros(len(need.pair), np.int64)
    for pair in np.unique(need.pair):
        mine = np.flatnonzero(need.pair == pair)
        county = ground.draw_counties(int(pair), ground.as_of.year, len(mine), rng)
        places[mine] = ground.draw_villages(county, rng)
    return places


def _given(
    need: _Rows, offer: _Rows, wanted: np.ndarray, most: np.ndarray, capacity: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """For each need the offer that meets it, −1 for most: of its pair and kind, dear enough, with a place left."""
    left, found = capacity.copy(), np.full(len(need.pair), -1, np.int64)
    village = position(NEED_KIND, "village")
    for i in np.flatnonzero((rng.random(len(need.pair)) < 0.4) & (need.kind != village)).tolist():
        dear = (wanted[i] != MISSING) & (most != MISSING) & (wanted[i] > most)
        fitting = np.flatnonzero((offer.pair == need.pair[i]) & (offer.kind == need.kind[i]) & (left > 0) & ~dear)
        if len(fitting):
            found[i] = fitting[0]
            left[fitting[0]] -= 1
    return found


def _needs(
    need: _Rows, places: np.ndarray, wanted: np.ndarray, given: np.ndarray, rng: np.random.Generator
) -> pa.Table:
    n = len(need.pair)
    kinds = list(NEED_KIND)
    closed = (given < 0) & (rng.random(n) < 0.06)
    state = np.where(given >= 0, *position(NEED_STATE, "met", "open"))
    return table(
        "need",
        {
            "need_id": np.arange(1, n + 1),
            "region_code": places,
            "kind": need.kind,
            "title": [_TITLES[kinds[kind]] for kind in need.kind.tolist()],
            "amount_fen": wanted,
            "households": np.where(rng.random(n) < 0.3, MISSING, rng.integers(1, 120, n)),
            "since": need.since,
            "until": np.where(rng.random(n) < 0.5, MISSING, need.since + 400),
            "state": np.where(closed, position(NEED_STATE, "closed"), state),
        },
    )


def _offers(
    ground: Ground,
    orgs: Organisations,
    offer: _Rows,
    most: np.ndarray,
    capacity: np.ndarray,
    given: np.ndarray,
    rng: np.random.Generator,
) -> pa.Table:
    n = len(offer.pair)
    kinds = list(NEED_KIND)
    firm = orgs.firms_in(ground.donor_county(offer.pair, rng), rng)
    social = np.array(
        [rng.choice(orgs.of_kind("social", ground.donor(pair))) for pair in offer.pair.tolist()], np.int64
    )
    giver = np.where((offer.kind == position(NEED_KIND, "village")) | (rng.random(n) < 0.6), firm, social)
    used = np.bincount(given[given >= 0], minlength=n) >= capacity
    recipients = np.array([ground.recipient(pair) for pair in offer.pair.tolist()], np.int64)
    return table(
        "help_offer",
        {
            "help_offer_id": np.arange(1, n + 1),
            "organisation_id": giver,
            "region_code": orgs.region[giver - 1],
            "kind": offer.kind,
            "title": [_TITLES[kinds[kind]] for kind in offer.kind.tolist()],
            "capacity": capacity,
            "amount_fen": most,
            "wish_place": np.where(rng.random(n) < 0.35, recipients, MISSING),
            "since": offer.since,
            "state": np.where(used, *position(NEED_STATE, "met", "open")),
        },
    )


def _help_given(need: _Rows, offer: _Rows, places: np.ndarray, given: np.ndarray, ground: Ground) -> pa.Table:
    met = np.flatnonzero(given >= 0)
    both = np.maximum(need.since[met], offer.since[given[met]])
    return table(
        "help_given",
        {
            "help_given_id": np.arange(1, len(met) + 1),
            "need_id": met + 1,
            "help_offer_id": given[met] + 1,
            "region_code": places[met],
            "signed_on": np.minimum(both + 10, ground.last),
        },
    )
