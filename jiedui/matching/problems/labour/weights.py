"""权重: the parameters `labour.utility.*` of a day."""

from __future__ import annotations

from typing import Final, NamedTuple

from jiedui.policy.parameters import Parameters

PARTS: Final = (
    "placement",
    "wage",
    "distance",
    "nearby",
    "care",
    "pairing",
    "skill",
    "occupation",
    "dormitory",
    "all_year",
    "place",
    "school",
    "couple",
)
"""Parts of the utility in the order in which they are stored and told."""
POINTS_LIMIT: Final = 2**15 - 1
"""Each part must fit the 16 bits in which it is stored."""


class Weights(NamedTuple):
    """权重: the parameters `labour.utility.*` of a day, in points (km, fen where the name says so)."""

    placement: int
    wage_per_100_yuan: int
    wage_reference_fen: int
    wage_most: int
    distance_per_100_km: int
    distance_most: int
    nearby_km: int
    nearby: int
    care_per_dependant: int
    care_most: int
    pairing: int
    skill_exact: int
    occupation_same: int
    occupation_second: int
    occupation_related: int
    dormitory: int
    all_year: int
    place_first: int
    place_second: int
    school_place: int
    couple_room: int

    @classmethod
    def of(cls, parameters: Parameters) -> Weights:
        """The weights that hold on the parameters' day."""
        return cls(*(int(parameters.value(f"labour.utility.{name}")) for name in cls._fields))
