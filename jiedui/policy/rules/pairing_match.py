"""县级结对的依据: how heavily a poor county is burdened, and how well off a donor's county is, in per mille (五).

「经济较发达县(市、区)」 with 「任务重」 counties. No income, output or revenue by county is published, so both are
ranks of the figures that are: the year of delisting and the census of 2020. A figure that is not known is left out of
the mean and is told as unknown; a place of which nothing is known has no rank.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from jiedui.policy.county_figures import PERCENT, census_of, lateness, mean, ranks
from jiedui.policy.parameters import Parameters
from jiedui.policy.places import Places
from jiedui.policy.registry import implements, interprets
from jiedui.terms.divisions import Gazetteer, prefix

_BURDEN: Final = ("burden_delisted", "burden_illiteracy", "burden_rural")
_STRENGTH: Final = ("strength_urban", "strength_schooling")


@dataclass(frozen=True, slots=True)
class Standing:
    """位次: a place with its rank in per mille (None: nothing is known of it) and the figures that it came from."""

    code: str
    permille: int | None
    figures: Mapping[str, int | None]


@implements("pairing.5")
@interprets(
    "pairing.5",
    because="A prefecture without counties (东莞, 中山) takes part itself in the place of a county: the text names "
    "counties, and its towns are below them.",
)
def counties_of(donor_code: str, on: date, gazetteer: Gazetteer) -> tuple[str, ...]:
    """所辖县: the county-level divisions of a donor on a day, by code; its prefectures without counties themselves."""
    inside = gazetteer.children(donor_code, on)
    counties = [division.code for division in inside if division.level == "county"]
    prefectures = [division.code for division in inside if division.level == "prefecture"] or [donor_code]
    bare = [
        code
        for code in prefectures
        if not code.endswith("0000") and not any(county.startswith(prefix(code)) for county in counties)
    ]
    return tuple(sorted(counties + bare))


@implements("pairing.5")
@interprets(
    "pairing.5",
    because="The text names no measure of how heavy a county's task is. Ours: how late it was delisted, its illiteracy "
    "and its rural residents, each as a rank among the poor counties. Missing by county, and so not used: income, the "
    "number of registered poor. The year of delisting is known only afterwards: before it, it stands for depth.",
)
def burdens(counties: Mapping[str, int | None], parameters: Parameters, places: Places) -> dict[str, Standing]:
    """任务轻重: per mille for each poor county code (→ year of delisting, None = not known); 1000 is the heaviest."""
    census = {code: census_of(code, places) for code in counties}
    illiteracy = ranks({code: row.illiteracy_permyriad for code, row in census.items() if row})
    rural = ranks({code: row.rural_residents for code, row in census.items() if row})
    weights = [int(parameters.value(f"pairing.match.{name}")) for name in _BURDEN]
    found = {}
    for code, year in counties.items():
        row = census[code]
        late = None if year is None else lateness(year)
        figures = {
            "delisted_year": year,
            "illiteracy_permyriad": row.illiteracy_permyriad if row else None,
            "rural_residents": row.rural_residents if row else None,
        }
        found[code] = Standing(code, mean((late, illiteracy.get(code), rural.get(code)), weights), figures)
    return found


@implements("pairing.5")
@interprets(
    "pairing.5",
    because="The text does not say how a better-off county is known. Ours: its urban residents and their mean years of "
    "schooling, each as a rank among all counties of donors. Missing by county, and so not used: income per head, "
    "output, budget revenue. A county without these figures is not called better off.",
)
def strengths(counties: Iterable[str], parameters: Parameters, places: Places) -> dict[str, Standing]:
    """发达程度: per mille for each county code of a donor; 1000 is the best off."""
    census = {code: census_of(code, places) for code in counties}
    urban = ranks({code: row.urban_residents for code, row in census.items() if row})
    schooling = ranks({code: row.schooling_hundredths for code, row in census.items() if row})
    weights = [int(parameters.value(f"pairing.match.{name}")) for name in _STRENGTH]
    return {
        code: Standing(
            code,
            mean((urban.get(code), schooling.get(code)), weights),
            {
                "urban_residents": row.urban_residents if row else None,
                "schooling_hundredths": row.schooling_hundredths if row else None,
            },
        )
        for code, row in census.items()
    }


@interprets("pairing.5", because="「较发达」: the weakest of a donor's counties are not asked; how many is ours.")
def better_off(standings: Iterable[Standing], parameters: Parameters) -> tuple[Standing, ...]:
    """较发达县: of one donor's counties those that may be asked, by code; one of which nothing is known is none."""
    known = sorted((one.permille, one.code, one) for one in standings if one.permille is not None)
    left_out = len(known) * int(parameters.value("pairing.match.weakest_percent")) // PERCENT
    return tuple(one for _, _, one in sorted(known[left_out:], key=lambda row: row[1]))
