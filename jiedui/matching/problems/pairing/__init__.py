"""携手奔小康: better-off counties of a donor and the poor counties of its recipients (五, pairing.5).

`propose_county_pairs` reads a snapshot's pairings and the published figures, and proposes one donor county for each
poor county, inside the parent pair of the day. It decides nothing: a pair holds when an office signs it.
"""

from jiedui.matching.problems.pairing.proposals import propose_county_pairs

__all__ = ["propose_county_pairs"]
