"""关联结对: which pairing of a day brings a worker of a village to a place of work. The links themselves are made by
the database, from the offers and placements that name the pairing (migration 0010).
"""

from __future__ import annotations

from datetime import date

from jiedui.policy.registry import interprets
from jiedui.policy.rules.pairing import carve_outs
from jiedui.records.queries.pairing import edges
from jiedui.terms.divisions import prefix
from jiedui.terms.pairs import Pairing
from jiedui.terms.scope import Scope

_LENGTHS = (2, 4, 6, 9, 12)
"""Of the prefixes of divisions."""


@interprets(
    "labour.3",
    because="Where several pairings bring a worker to a place, the most specific one does: of the recipient, then of "
    "the donor. A pairing counts only where its donor's territory of the day holds the village.",
)
class Helpers:
    """帮扶方: of one day; one look-up for each pair of village and place of work."""

    def __init__(self, day: date) -> None:
        self._held = [edge for edge in edges() if edge.holds(day)]
        self._day = day
        self._by_recipient: dict[str, list[Pairing]] = {}
        for edge in self._held:
            self._by_recipient.setdefault(prefix(edge.recipient_code), []).append(edge)
        self._territory: dict[str, Scope] = {}
        self._known: dict[tuple[str, str], Pairing | None] = {}

    def of(self, village: str, work_place: str) -> Pairing | None:
        """由谁带去: the most specific pairing, or None."""
        if (village, work_place) not in self._known:
            fitting = [
                edge
                for length in _LENGTHS
                for edge in self._by_recipient.get(village[:length], ())
                if work_place.startswith(prefix(edge.donor_code)) and village in self._granted(edge.donor_code)
            ]
            self._known[village, work_place] = max(fitting, key=_specific, default=None)
        return self._known[village, work_place]

    def donors(self) -> frozenset[str]:
        """全部帮扶方: codes of all who help on the day."""
        return frozenset(edge.donor_code for edge in self._held)

    def _granted(self, donor: str) -> Scope:
        if donor not in self._territory:
            self._territory[donor] = Scope(carve_outs(donor, self._day, self._held))
        return self._territory[donor]


def _specific(edge: Pairing) -> tuple[int, int, int]:
    return (len(prefix(edge.recipient_code)), len(prefix(edge.donor_code)), -edge.pairing_id)
