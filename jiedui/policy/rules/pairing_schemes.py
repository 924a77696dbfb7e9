"""对口支援与机制交汇: the tilt of counterpart support, and places where two schemes meet (六).

Rows are of the tables `ledger_leg` and `project`; pairs are `Pairing`s. Amounts are fen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from jiedui.policy.findings import Finding, Row, RowRef
from jiedui.policy.parameters import Parameters
from jiedui.policy.registry import implements, interprets
from jiedui.policy.rules.pairing import Edges
from jiedui.terms import codelists
from jiedui.terms.divisions import Gazetteer, prefix
from jiedui.terms.pairs import Pairing

DUTY = "pairing.6"
_COUNTY = len("530602")


@dataclass(frozen=True, slots=True)
class Tilt:
    """倾斜: of the money paid out, how much went to the grass roots, to livelihood, to farmers and herders (fen).

    The three overlap and do not add up. A share is None while nothing is paid.
    """

    paid_fen: int
    grass_roots_fen: int
    livelihood_fen: int
    farmers_fen: int

    def share(self, part_fen: int) -> Fraction | None:
        """占比: a part over what was paid."""
        return Fraction(part_fen, self.paid_fen) if self.paid_fen else None


@implements("pairing.6")
@interprets(
    "pairing.6",
    because="The text names three directions and no measure. 基层: paid in a county or below; 民生: paid for a project "
    "of a kind in `pairing.livelihood_kinds`; 农牧民: paid to a registered household.",
)
def tilt(ledger_legs: Iterable[Row], projects: Iterable[Row], parameters: Parameters) -> Tilt:
    """倾斜度: of the payments given (those of the counterpart pairs), by direction."""
    kinds = parameters.value("pairing.livelihood_kinds")
    livelihood = {project["project_id"] for project in projects if project["kind"] in kinds}
    paid = [leg for leg in ledger_legs if leg["account"] == "payee" and leg["amount_fen"] > 0]
    return Tilt(
        paid_fen=_sum(paid),
        grass_roots_fen=_sum(leg for leg in paid if len(prefix(leg["region_code"])) >= _COUNTY),
        livelihood_fen=_sum(leg for leg in paid if leg["project_id"] in livelihood),
        farmers_fen=_sum(leg for leg in paid if leg["household_id"] is not None),
    )


def _sum(legs: Iterable[Row]) -> int:
    return sum(leg["amount_fen"] for leg in legs)


@implements("pairing.6")
@interprets(
    "pairing.6",
    because="The text asks that the two schemes around Beijing be joined up (衔接): a place with edges of several "
    "schemes is a note for those who plan there. Pairings inside a province are not a second scheme of the text.",
)
def schemes_meet(
    places: Iterable[str], on: date, pairings: Iterable[Pairing], *, gazetteer: Gazetteer | None = None
) -> tuple[Finding, ...]:
    """机制交汇: a note for each place that edges of more than one scheme reach on the day."""
    edges = Edges(pairings, on, gazetteer=gazetteer, scheme=None)
    found = []
    for row in edges.table(places):
        meeting = [pairing for pairing in row.pairings if pairing.scheme != "own_province"]
        schemes = [scheme for scheme in codelists.SCHEME if any(pairing.scheme == scheme for pairing in meeting)]
        if len(schemes) > 1:
            found.append(
                Finding(
                    duty=DUTY,
                    severity="note",
                    subject=row.place_code,
                    message=f"{'、'.join(codelists.SCHEME[scheme][0] for scheme in schemes)}在此交汇，需做好衔接。",
                    message_en=f"Schemes meet here: {', '.join(codelists.SCHEME[scheme][1] for scheme in schemes)}.",
                    rows=tuple(RowRef("pairing", pairing.pairing_id) for pairing in meeting),
                    rule="schemes_meet",
                )
            )
    return tuple(found)
