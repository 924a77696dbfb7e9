"""两边: villages and needs that wait, and what organisations offer, on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from jiedui.matching.problems.pairs import Bool, Float64
from jiedui.matching.problems.places import distance_km, lies_in, numbered, prefixes
from jiedui.matching.problems.reading import Row, rows
from jiedui.policy.places import Places
from jiedui.policy.registry import implements, interprets
from jiedui.policy.rules.pairing import Edges
from jiedui.snapshot import Snapshot
from jiedui.terms.divisions import Gazetteer
from jiedui.terms.pairs import Pairing

_RUNNING: Final = "since <= $day AND (until IS NULL OR until > $day)"

_VILLAGES: Final = f"""
WITH known AS (
  SELECT household_id, arg_max(status, year) AS status
  FROM household_year WHERE make_date(year, 12, 31) <= $day GROUP BY household_id
), poor AS (
  SELECT h.region_code, count(*) AS households FROM household h JOIN known USING (household_id)
  WHERE known.status IN ('poor', 'relapsed') GROUP BY h.region_code
), asked AS (
  SELECT region_code, min(need_id) AS need_id FROM need
  WHERE kind = 'village' AND state = 'open' AND length(region_code) = 12 AND {_RUNNING} GROUP BY region_code
)
SELECT region_code, coalesce(poor.households, 0) AS households, asked.need_id
FROM poor FULL JOIN asked USING (region_code)
WHERE region_code NOT IN (SELECT region_code FROM village_pair WHERE since <= $day)
ORDER BY region_code
"""
_NEEDS: Final = f"""
SELECT need_id, region_code, kind, amount_fen, households, since FROM need
WHERE kind <> 'village' AND state = 'open' AND {_RUNNING}
  AND need_id NOT IN (SELECT need_id FROM help_given WHERE ended_on IS NULL OR ended_on > $day)
ORDER BY since, need_id
"""
_OFFERS: Final = f"""
SELECT help_offer_id, organisation_id, region_code, kind, capacity, amount_fen, wish_place, since FROM help_offer
WHERE kind <> 'village' AND state = 'open' AND {_RUNNING} ORDER BY help_offer_id
"""
_VILLAGE_OFFERS: Final = _OFFERS.replace("kind <> 'village'", "kind = 'village'")
_GIVEN: Final = """
SELECT help_offer_id, count(*) AS given FROM help_given WHERE ended_on IS NULL OR ended_on > $day GROUP BY help_offer_id
"""
_FIRM_PAIRS: Final = "SELECT organisation_id, since FROM village_pair WHERE since <= $day"


@implements("society.2")
@interprets(
    "society.2",
    because="「万企帮万村」 names no villages. Ours: villages with a household that is poor or fell back by its last "
    "known year, and villages that asked; one that has a firm already is not proposed for another.",
)
def waiting_villages(snapshot: Snapshot, on: date) -> list[Row]:
    """待结对的村: by code, with poor households and the open need of the kind village, if there is one."""
    return rows(snapshot, _VILLAGES, day=on)


@implements("society.1")
def waiting_needs(snapshot: Snapshot, on: date) -> list[Row]:
    """待对接的需求: open on the day and met by nobody, the earliest first; not those of the kind village."""
    return rows(snapshot, _NEEDS, day=on)


@implements("society.1")
def open_offers(snapshot: Snapshot, on: date) -> list[Row]:
    """帮扶意向: open on the day, `left` = the capacity that help given leaves; not those of the kind village."""
    given = {row["help_offer_id"]: row["given"] for row in rows(snapshot, _GIVEN, day=on)}
    return _with_left(rows(snapshot, _OFFERS, day=on), given)


@implements("society.2")
@interprets(
    "society.2",
    because="A village pair names the firm and not the offer: pairs of the firm since its first open offer began use "
    "up its offers, the oldest first.",
)
def village_offers(snapshot: Snapshot, on: date) -> list[Row]:
    """结对帮村意向: open on the day, `left` = the capacity that the firm's village pairs leave."""
    offers, pairs = rows(snapshot, _VILLAGE_OFFERS, day=on), rows(snapshot, _FIRM_PAIRS, day=on)
    first: dict[int, date] = {}
    for offer in offers:
        firm = offer["organisation_id"]
        first[firm] = min(first.get(firm, offer["since"]), offer["since"])
    begun = [row["organisation_id"] for row in pairs if row["since"] >= first.get(row["organisation_id"], date.max)]
    waiting = {firm: begun.count(firm) for firm in first}
    taken = {}
    for offer in sorted(offers, key=lambda row: (row["since"], row["help_offer_id"])):
        firm = offer["organisation_id"]
        taken[offer["help_offer_id"]] = min(offer["capacity"], waiting[firm])
        waiting[firm] -= taken[offer["help_offer_id"]]
    return _with_left(offers, taken)


def _with_left(offers: list[Row], taken: dict[int, int]) -> list[Row]:
    with_left = [row | {"left": row["capacity"] - taken.get(row["help_offer_id"], 0)} for row in offers]
    return [row for row in with_left if row["left"] > 0]


@dataclass(frozen=True, eq=False)
class Between:
    """两地关系: (n, m) for each place and offer the km, whether the giver is of its donor, and whether it is wished."""

    km: Float64
    paired: Bool
    wished: Bool

    @classmethod
    def of(
        cls, places: list[str], offers: list[Row], pairings: Iterable[Pairing], on: date, gazetteer: Gazetteer
    ) -> Between:
        """Each distinct county, home and wish is looked up once."""
        counties, county = numbered([code[:6] for code in places])
        homes, home = numbered([row["region_code"] for row in offers])
        wishes, wish = numbered([row["wish_place"] or "" for row in offers])
        history, edges = Places.of(gazetteer), Edges(pairings, on, gazetteer=gazetteer, scheme=None)
        at_home = [prefixes(code, on, history) for code in homes]
        donors = [
            [prefixes(p.donor_code, on, history) for p in edges.of(code)] if prefixes(code, on, history) else []
            for code in counties
        ]
        paired = np.array([[any(lies_in(h, d) for d in found) for h in at_home] for found in donors], bool)
        wanted = [prefixes(code, on, history) if code else () for code in wishes]
        at = [prefixes(code, on, history) for code in places]
        wished = np.array([[bool(w) and lies_in(a, w) for w in wanted] for a in at], bool)
        km = distance_km(counties, homes, gazetteer)
        return cls(
            km[county[:, None], home[None, :]],
            paired.reshape(len(counties), len(homes))[county[:, None], home[None, :]],
            wished.reshape(len(places), len(wishes))[:, wish],
        )
