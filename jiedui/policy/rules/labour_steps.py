"""劳务协作环节: which step of an offer, a trip, a subsidy, a schooling and a settlement follows which, and what a place
of work is called from the worker's home.

The database holds the same steps by triggers (records migration 0010); a test compares them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, Literal

from jiedui.policy.registry import implements, interprets
from jiedui.terms.divisions import prefecture_of, province_of

Steps = Mapping[str, frozenset[str]]

NEXT: Final[Steps] = {
    "offered": frozenset({"accepted", "refused", "withdrawn", "lapsed"}),
    "accepted": frozenset({"offered", "refused", "withdrawn", "departed", "started"}),
    "refused": frozenset({"offered"}),
    "departed": frozenset({"accepted", "started", "withdrawn"}),
    "started": frozenset({"left"}),
    "withdrawn": frozenset(),
    "lapsed": frozenset(),
    "left": frozenset(),
}
"""State of an offer → states that may follow; accepted and refused go back to offered when the answer is taken back."""

HOLDING: Final = ("offered", "accepted", "departed", "started")
"""States of an offer that hold a seat, and the worker."""
OPEN: Final = ("offered", "accepted", "departed")
"""States in which nobody works yet."""

NEXT_OF_TRIP: Final[Steps] = {
    "planned": frozenset({"departed", "cancelled"}),
    "departed": frozenset({"planned", "arrived", "cancelled"}),
    "arrived": frozenset(),
    "cancelled": frozenset(),
}
NEXT_OF_SUBSIDY: Final[Steps] = {
    "approved": frozenset({"paid", "cancelled"}),
    "paid": frozenset(),
    "cancelled": frozenset(),
}
NEXT_OF_SETTLEMENT: Final[Steps] = {
    "applied": frozenset({"settled", "refused", "given_up"}),
    "settled": frozenset(),
    "refused": frozenset(),
    "given_up": frozenset(),
}
NEXT_OF_SCHOOLING: Final[Steps] = {
    "enrolled": frozenset({"graduated", "left"}),
    "graduated": frozenset({"employed"}),
    "employed": frozenset(),
    "left": frozenset({"enrolled"}),
}
"""Who left a school may come back to it."""

Kind = Literal["east", "near", "other"]


@implements("labour.3")
def may_follow(before: str, after: str, steps: Steps = NEXT) -> bool:
    """可否流转: whether a state may follow another; a state does not follow itself."""
    return after in steps.get(before, frozenset())


@interprets(
    "labour.5",
    because="The text speaks of work near home and of the East without a border: near is the home prefecture, East is "
    "every province that helps on that day.",
)
def placement_kind(home: str, work_place: str, donors: Collection[str]) -> Kind:
    """就业去向: what a place of work (6 digits) is for a worker of a village; `donors` = codes of those who help."""
    if prefecture_of(work_place) == prefecture_of(home):
        return "near"
    helping = {province_of(donor) for donor in donors}
    if province_of(work_place) != province_of(home) and province_of(work_place) in helping:
        return "east"
    return "other"
