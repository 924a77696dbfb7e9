"""按表范围: which places of each table a user may see, for readers of files that lie outside the database."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from jiedui.snapshot.schema import TABLES
from jiedui.terms.pairs import Pairing
from jiedui.terms.scope import Scope


def by_table(user: Any, pairing: Pairing) -> dict[str, Scope]:
    """按表范围: for the rows of one pair, table name → scope; the same classes as `visible_to` holds to.

    Rows that are seen by the pair (meetings, budget lines) are seen all or none.
    """
    sight = user.sight()
    of_pair = pairing.donor_code in sight.pairs or pairing.recipient_code in sight.pairs
    scopes = {
        "open": Scope.everything(),
        "people": sight.people,
        "programme": sight.programme,
        "trip": sight.programme,
        "talent": sight.talent,
        "offer": sight.offers,
        "organisation": sight.programme,
        "pair": Scope.everything() if of_pair else Scope(),
        "meeting": Scope.everything() if of_pair else Scope(),
        "leg": Scope.everything() if of_pair else sight.pairs,
    }
    return {name: scopes[apps.get_model("records", name.replace("_", "")).visibility] for name in TABLES}
