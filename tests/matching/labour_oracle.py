"""The rules of a worker and a vacancy once more, in plain Python, against which the compiled ones are held."""

from __future__ import annotations

from typing import Any

import numpy as np

from jiedui.matching.problems.places import great_circle_km
from jiedui.terms.divisions import Gazetteer, prefix

Row = dict[str, Any]
SKILLS = ("none", "basic", "middle", "senior")
RULED_OUT = {("light_only", "heavy"), ("no_dust", "dust"), ("no_height", "height")}


def distance_km(person: Row, job: Row, gazetteer: Gazetteer) -> float | None:
    """Between the county seats; None where one is not known."""
    home, work = person["region_code"][:6], job["region_code"]
    if home == work:
        return 0.0
    seats = [gazetteer.coordinates(code) for code in (home, work)]
    if None in seats:
        return None
    first, second = (np.array([seat]) for seat in seats)
    return float(great_circle_km(first, second)[0, 0])


def fit(person: Row, job: Row) -> str:
    """How the occupation fits the wishes."""
    first, second, offered = person["occupation"], person["occupation_2"], job["occupation"]
    if first == offered:
        return "same"
    if second == offered:
        return "second"
    wishes = [wish for wish in (first, second) if wish is not None]
    if any(wish.rpartition("-")[0] == offered.rpartition("-")[0] for wish in wishes):
        return "related"
    return "other" if wishes else "any"


def possible(person: Row, job: Row, away: float | None, near_km: int) -> bool:
    """Whether nothing known rules the pair out."""
    near = away is not None and away <= near_km
    farthest = person["max_distance_km"]
    return not (
        (person["min_wage_fen"] is not None and job["monthly_wage_fen"] < person["min_wage_fen"])
        or (farthest is not None and (away is None or away > farthest))
        or SKILLS.index(person["skill"]) < SKILLS.index(job["skill"])
        or (person["needs_dormitory"] and not job["dormitory"] and not near)
        or (person["needs_school"] and job["school_place"] is False and not near)
        or (person["season"] != "all_year" and person["season"] != job["season"])
        or (fit(person, job) == "other" and job["skill"] != "none")
        or (person["work_limit"], job["demand"]) in RULED_OUT
        or (person["night_shift"] is False and job["night_shift"] is True)
        or (person["mandarin"] is False and job["mandarin"] is True)
    )


def points(person: Row, job: Row, away: float | None, paired: bool, couple: bool, by: Any) -> dict[str, int]:
    """The points by part; `couple`: the partner seeks work too."""
    near = away is not None and away <= by.nearby_km
    expected = by.wage_reference_fen if person["min_wage_fen"] is None else person["min_wage_fen"]
    hundreds = max(0, job["monthly_wage_fen"] - expected) // 10_000
    far = 0 if away is None else min(by.distance_most, int(away * by.distance_per_100_km / 100 + 0.5))
    wished = {"same": by.occupation_same, "second": by.occupation_second, "related": by.occupation_related}
    place = 0
    for wish, worth in (("wish_place_2", by.place_second), ("wish_place", by.place_first)):
        if person[wish] is not None and job["region_code"].startswith(prefix(person[wish])):
            place = worth
    return {
        "placement": by.placement,
        "wage": min(by.wage_most, hundreds * by.wage_per_100_yuan),
        "distance": -far,
        "nearby": by.nearby if near else 0,
        "care": min(by.care_most, person["dependants"] * by.care_per_dependant) if near else 0,
        "pairing": by.pairing if paired else 0,
        "skill": by.skill_exact if person["skill"] == job["skill"] else 0,
        "occupation": wished.get(fit(person, job), 0),
        "dormitory": by.dormitory if job["dormitory"] and not near else 0,
        "all_year": by.all_year if job["season"] == "all_year" else 0,
        "place": place,
        "school": by.school_place if person["needs_school"] and job["school_place"] and not near else 0,
        "couple": by.couple_room if couple and job["couple_room"] and not near else 0,
    }
