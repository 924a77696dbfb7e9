"""结对关系: the dated edges as `terms.pairs.Pairing`, for the rules of `policy`."""

from __future__ import annotations

from jiedui.records import models
from jiedui.terms.pairs import Pairing


def edges() -> tuple[Pairing, ...]:
    """结对关系: all edges of all days and schemes, by id; pairings are open to every reader."""
    return tuple(_edge(row) for row in models.Pairing.objects.order_by("pairing_id"))


def _edge(row: models.Pairing) -> Pairing:
    return Pairing(
        pairing_id=row.pairing_id,
        donor_code=row.donor_code,
        recipient_code=row.recipient_code,
        level=row.level,
        scheme=row.scheme,
        basis=row.basis,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
