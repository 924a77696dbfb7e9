"""能力表: what `solve` does for which objective, with three honest marks.

yes: solved exactly, and anyone can check it · small: only in the exact search that quotas and groups need, up to
`SEARCH_EDGES` edges; only the solver can repeat the proof · not yet: refused with a sentence.
`docs/matching.md` prints this table; a test holds it.
"""

from __future__ import annotations

from typing import Final, Literal

from jiedui.errors import JieduiError
from jiedui.matching.solver.market import Market
from jiedui.matching.solver.solution import Objective

Mark = Literal["yes", "small", "not yet"]
Feature = Literal[
    "plain", "tier", "reserve", "quotas", "groups", "warm_start", "time_limit", "explain", "explain_quotas_groups"
]

SEARCH_EDGES: Final = 50_000

CAPABILITIES: Final[dict[Feature, dict[Objective, Mark]]] = {
    "plain": {"utility": "yes", "placements_then_utility": "yes", "stable": "yes"},
    "tier": {"utility": "yes", "placements_then_utility": "yes", "stable": "yes"},
    "reserve": {"utility": "yes", "placements_then_utility": "yes", "stable": "yes"},
    "quotas": {"utility": "small", "placements_then_utility": "small", "stable": "not yet"},
    "groups": {"utility": "small", "placements_then_utility": "small", "stable": "yes"},
    "warm_start": {"utility": "yes", "placements_then_utility": "yes", "stable": "not yet"},
    "time_limit": {"utility": "yes", "placements_then_utility": "yes", "stable": "not yet"},
    "explain": {"utility": "yes", "placements_then_utility": "yes", "stable": "yes"},
    "explain_quotas_groups": {"utility": "not yet", "placements_then_utility": "not yet", "stable": "not yet"},
}


def refuse_unsupported(market: Market, objective: Objective, *, warm_start: bool, time_limit: bool) -> None:
    """Raise `JieduiError` for what is not yet there, and say what is."""
    asked: dict[Feature, bool] = {
        "quotas": market.quotas is not None,
        "groups": market.groups is not None,
        "warm_start": warm_start,
        "time_limit": time_limit,
    }
    searching = market.quotas is not None or market.groups is not None
    for feature, wanted in asked.items():
        mark = CAPABILITIES[feature][objective]
        if wanted and (mark == "not yet"):
            raise JieduiError(
                f"Not yet: `{feature}` with objective {objective!r}{'' if searching else ' without quotas or groups'}.",
                remedy="docs/matching.md lists what is there: objective 'utility' takes quotas and groups.",
            )
        if wanted and mark == "small" and market.edges > SEARCH_EDGES:
            raise JieduiError(
                f"Not yet: `{feature}` on {market.edges} edges; they are solved exactly up to {SEARCH_EDGES}.",
                remedy="Split the market by region, or drop the weakest edges of each agent.",
            )
