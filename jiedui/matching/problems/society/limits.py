"""规模: what one run of these matches looks at."""

from __future__ import annotations

from typing import Final

from jiedui.errors import JieduiError

MOST_COMPARED: Final = 40_000_000
"""Places times offers: two arrays of numbers of this length stay below a gigabyte."""


def refuse_too_many(places: int, offers: int) -> None:
    """拒绝过大: `JieduiError` where one run would compare more."""
    if places * offers > MOST_COMPARED:
        raise JieduiError(
            f"{places:,} places and {offers:,} offers are too many to compare in one run.",
            remedy="Run it for a smaller region.",
        )
