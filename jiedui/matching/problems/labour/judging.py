"""判定: whether a worker and a vacancy are possible together, and what the pair is worth, one pair at a time.

Compiled, and called from every loop over pairs: there is one place that says what is possible and what counts.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numba import njit

from jiedui.matching.problems.labour.refusals import OF_OCCUPATION, OF_ORGANISATION, OF_VACANCY
from jiedui.matching.problems.labour.sides import DEMANDS, LIMITS, SEASONS, SKILLS
from jiedui.matching.problems.labour.weights import PARTS, Weights

Array = Any
Scalar = Any

ALL_YEAR: Final = SEASONS.index("all_year")
NO_SKILL: Final = SKILLS.index("none")
LIGHT_ONLY, NO_DUST, NO_HEIGHT = (LIMITS.index(name) for name in ("light_only", "no_dust", "no_height"))
HEAVY, DUST, HEIGHT = (DEMANDS.index(name) for name in ("heavy", "dust", "height"))
UNRELATED, RELATED, SAME, NOT_TOLD = range(4)
"""How a vacancy's occupation relates to a wished one; NOT_TOLD where no wish is known."""
FITS: Final = ("same", "second", "related", "other", "any")
"""How a vacancy's occupation fits the wishes together, as it is stored."""
FIT_SAME, FIT_SECOND, FIT_RELATED, FIT_OTHER, FIT_ANY = range(5)
FIT_OF: Final = np.array(
    [
        [FIT_OTHER, FIT_RELATED, FIT_SECOND, FIT_OTHER],
        [FIT_RELATED, FIT_RELATED, FIT_SECOND, FIT_RELATED],
        [FIT_SAME, FIT_SAME, FIT_SAME, FIT_SAME],
        [FIT_OTHER, FIT_RELATED, FIT_SECOND, FIT_ANY],
    ]
)
"""The fit by the relation of the first wish (row) and of the second (column)."""
PART_COUNT: Final = len(PARTS)


class Tables(NamedTuple):
    """判定表: everything about workers, vacancies and their relations that a pair is judged by.

    Columns of `who` (workers, …) and `what` (vacancies, …) int32: see `W_…` and `V_…`. `distance_km` (homes, works);
    `between` (homes, works) int32: bit 0 near, bit 1 paired, above the points of distance; `fit_points`: of each of
    `FITS`; `relation` (wished occupations + 1, offered occupations) and `inside` (wished places + 1,
    works): their last row is that of no wish. `cut_…`: see `refusals.Cuts`.
    """

    who: Array
    what: Array
    distance_km: Array
    between: Array
    fit_points: Array
    relation: Array
    inside: Array
    cut_start: Array
    cut_kind: Array
    cut_value: Array
    nearer_than_km: Array
    organisation: Array
    weights: Weights


(
    W_HOME, W_OCCUPATION, W_OCCUPATION_2, W_PLACE, W_PLACE_2, W_SKILL, W_WAGE, W_FARTHEST, W_DEPENDANTS, W_SEASON,
    W_DORMITORY, W_SCHOOL, W_LIMIT, W_NIGHT, W_MANDARIN, W_PARTNER, W_PAYS_OVER,
) = range(17)  # fmt: skip
(
    V_WORK, V_OCCUPATION, V_SKILL, V_WAGE, V_DORMITORY, V_SEASON, V_DEMAND, V_NIGHT, V_MANDARIN, V_COUPLE_ROOM,
    V_SCHOOL_PLACE,
) = range(11)  # fmt: skip


@njit(cache=True, nogil=True)
def possible(t: Tables, w: Scalar, v: Scalar) -> bool:
    """可行: nothing known of the two, no refusal and no mark rules the pair out. See `points.Scale.possible`."""
    away = t.distance_km[t.who[w, W_HOME], t.what[v, V_WORK]]
    near = away <= t.weights.nearby_km
    if (
        t.what[v, V_WAGE] < t.who[w, W_WAGE]
        or t.what[v, V_WAGE] <= t.who[w, W_PAYS_OVER]
        or t.who[w, W_SKILL] < t.what[v, V_SKILL]
    ):
        return False
    if t.who[w, W_FARTHEST] >= 0 and not away <= t.who[w, W_FARTHEST]:
        return False
    if t.nearer_than_km[w] < np.inf and not away < t.nearer_than_km[w]:
        return False
    if not near and (
        (t.who[w, W_DORMITORY] == 1 and t.what[v, V_DORMITORY] != 1)
        or (t.who[w, W_SCHOOL] == 1 and t.what[v, V_SCHOOL_PLACE] == 0)
    ):
        return False
    if t.who[w, W_SEASON] != ALL_YEAR and t.who[w, W_SEASON] != t.what[v, V_SEASON]:
        return False
    if t.what[v, V_SKILL] != NO_SKILL and fit(t, w, v) == FIT_OTHER:
        return False
    limit, demand = t.who[w, W_LIMIT], t.what[v, V_DEMAND]
    if (
        (limit == LIGHT_ONLY and demand == HEAVY)
        or (limit == NO_DUST and demand == DUST)
        or (limit == NO_HEIGHT and demand == HEIGHT)
        or (t.who[w, W_NIGHT] == 0 and t.what[v, V_NIGHT] == 1)
        or (t.who[w, W_MANDARIN] == 0 and t.what[v, V_MANDARIN] == 1)
    ):
        return False
    for k in range(t.cut_start[w], t.cut_start[w + 1]):
        kind, value = t.cut_kind[k], t.cut_value[k]
        if (
            (kind == OF_VACANCY and value == v)
            or (kind == OF_ORGANISATION and value == t.organisation[v])
            or (kind == OF_OCCUPATION and value == t.what[v, V_OCCUPATION])
        ):
            return False
    return True


@njit(cache=True, nogil=True)
def fit(t: Tables, w: Scalar, v: Scalar) -> Scalar:
    """职业相符: how the vacancy's occupation fits both wishes, the place of the answer in `FITS`."""
    occupation = t.what[v, V_OCCUPATION]
    first, second = t.relation[t.who[w, W_OCCUPATION], occupation], t.relation[t.who[w, W_OCCUPATION_2], occupation]
    return FIT_OF[first, second]


@njit(cache=True, nogil=True)
def score(t: Tables, w: Scalar, v: Scalar, points: Array) -> Scalar:
    """效用: write the points of each of `PARTS` into `points` (parts,); their sum. Without branches, for speed."""
    by = t.weights
    between = t.between[t.who[w, W_HOME], t.what[v, V_WORK]]
    near, wage = between & 1, t.who[w, W_WAGE]
    away = 1 - near
    expected = wage + (wage < 0) * (by.wage_reference_fen - wage)
    points[0] = by.placement
    points[1] = min(max(t.what[v, V_WAGE] - expected, 0) // 10_000 * by.wage_per_100_yuan, by.wage_most)
    points[2] = between >> 2
    points[3] = near * by.nearby
    points[4] = near * min(t.who[w, W_DEPENDANTS] * by.care_per_dependant, by.care_most)
    points[5] = (between >> 1 & 1) * by.pairing
    points[6] = (t.who[w, W_SKILL] == t.what[v, V_SKILL]) * by.skill_exact
    points[7] = t.fit_points[fit(t, w, v)]
    points[8] = away * (t.what[v, V_DORMITORY] == 1) * by.dormitory
    points[9] = (t.what[v, V_SEASON] == ALL_YEAR) * by.all_year
    first, second = t.inside[t.who[w, W_PLACE], t.what[v, V_WORK]], t.inside[t.who[w, W_PLACE_2], t.what[v, V_WORK]]
    points[10] = first * by.place_first + (1 - first) * second * by.place_second
    points[11] = away * (t.who[w, W_SCHOOL] == 1) * (t.what[v, V_SCHOOL_PLACE] == 1) * by.school_place
    points[12] = away * (t.who[w, W_PARTNER] == 1) * (t.what[v, V_COUPLE_ROOM] == 1) * by.couple_room
    total = 0
    for k in range(PART_COUNT):
        total += points[k]
    return total


@njit(cache=True, nogil=True)
def possible_of(t: Tables, w: Array, v: Array, found: Array) -> None:
    """`possible` of each pair into `found` (pairs,) bool."""
    for k in range(len(w)):
        found[k] = possible(t, w[k], v[k])


@njit(cache=True, nogil=True)
def points_of(t: Tables, w: Array, v: Array, found: Array) -> None:
    """The points of each pair into `found` (pairs, parts)."""
    own = np.zeros(PART_COUNT, np.int64)
    for k in range(len(w)):
        score(t, w[k], v[k], own)
        found[k] = own


@njit(cache=True, nogil=True)
def fits_of(t: Tables, w: Array, v: Array, found: Array) -> None:
    """`fit` of each pair into `found` (pairs,) int8."""
    for k in range(len(w)):
        found[k] = fit(t, w[k], v[k])
