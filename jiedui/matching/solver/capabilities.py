"""能力表: what `solve` does for which objective, with four honest marks.

yes: solved exactly, and anyone can check it · gap: as good as a certified gap says, which anyone can check; up to
`SEARCH_EDGES` edges exactly, by search · small: only by that search, and only the solver can repeat its proof · not
yet: refused with a sentence.
`docs/matching.md` prints this table; a test holds it.
"""

from __future__ import annotations

from typing import Final, Literal

from jiedui.errors import JieduiError
from jiedui.matching.solver.market import Market
from jiedui.matching.solver.solution import Objective

Mark = Literal["yes", "gap", "small", "not yet"]
Feature = Literal[
    "plain", "tier", "reserve", "quotas", "overlapping_quotas", "groups", "quotas_and_groups", "quotas_and_tier",
    "groups_and_tier", "warm_start", "time_limit", "explain", "explain_quotas_groups",
]  # fmt: skip

SEARCH_EDGES: Final = 50_000

CAPABILITIES: Final[dict[Feature, dict[Objective, Mark]]] = {
    "plain": {"utility": "yes", "placements_then_utility": "yes", "stable": "yes"},
    "tier": {"utility": "yes", "placements_then_utility": "yes", "stable": "yes"},
    "reserve": {"utility": "yes", "placements_then_utility": "yes", "stable": "yes"},
    "quotas": {"utility": "yes", "placements_then_utility": "small", "stable": "not yet"},
    "overlapping_quotas": {"utility": "gap", "placements_then_utility": "small", "stable": "not yet"},
    "groups": {"utility": "gap", "placements_then_utility": "small", "stable": "yes"},
    "quotas_and_groups": {"utility": "small", "placements_then_utility": "small", "stable": "not yet"},
    "quotas_and_tier": {"utility": "small", "placements_then_utility": "small", "stable": "not yet"},
    "groups_and_tier": {"utility": "small", "placements_then_utility": "small", "stable": "yes"},
    "warm_start": {"utility": "yes", "placements_then_utility": "yes", "stable": "not yet"},
    "time_limit": {"utility": "yes", "placements_then_utility": "yes", "stable": "not yet"},
    "explain": {"utility": "yes", "placements_then_utility": "yes", "stable": "yes"},
    "explain_quotas_groups": {"utility": "yes", "placements_then_utility": "yes", "stable": "yes"},
}


def refuse_unsupported(market: Market, objective: Objective, *, warm_start: bool, time_limit: bool) -> None:
    """Raise `JieduiError` for what is not yet there, and say what is."""
    quotas, groups, tier = market.quotas is not None, market.linked is not None, market.tier is not None
    asked: dict[Feature, bool] = {
        "quotas": quotas,
        "groups": groups,
        "quotas_and_groups": quotas and groups,
        "quotas_and_tier": quotas and tier,
        "groups_and_tier": groups and tier,
        "warm_start": warm_start,
        "time_limit": time_limit,
    }
    for feature, wanted in asked.items():
        mark = CAPABILITIES[feature][objective]
        if wanted and (mark == "not yet"):
            raise JieduiError(
                f"Not yet: `{feature}` with objective {objective!r}.",
                remedy="docs/matching.md lists what is there: objective 'utility' takes quotas and groups.",
            )
        if wanted and mark == "small" and market.edges > SEARCH_EDGES:
            raise JieduiError(
                f"Not yet: `{feature}` with objective {objective!r} on {market.edges} edges (at most {SEARCH_EDGES}).",
                remedy="Take objective 'utility' with quotas or groups alone, or split the market by region.",
            )
