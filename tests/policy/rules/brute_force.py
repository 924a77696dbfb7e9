"""The slow answers that the rules are held to: every edge against every place, one character and one day at a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from jiedui.terms.pairs import Pairing


def contains(outer: str, inner: str) -> bool:
    """Whether a padded division code contains another, digit by digit, without any prefix function of the product."""
    significant = outer
    for zeros in ("0000", "00"):
        if len(outer) == 6 and outer.endswith(zeros):
            significant = outer[: 6 - len(zeros)]
            break
    return all(index < len(inner) and inner[index] == digit for index, digit in enumerate(significant)) and (
        len(inner) > 6 or _depth(inner) >= _depth(outer)
    )


def _depth(code: str) -> int:
    if len(code) > 6:
        return len(code)
    return 2 if code.endswith("0000") else 4 if code.endswith("00") else 6


def responsible(place: str, on: date, pairings: Iterable[Pairing], scheme: str | None) -> set[int]:
    """Ids of the edges of a scheme that contain the place and are not displaced (None: each scheme apart).

    An edge answers unless one of a deeper recipient carves the place out of it: any does, but one of a county or below
    whose donor lies inside a donor of the same recipient as the edge's.
    """
    valid = [edge for edge in pairings if edge.valid_from <= on and not (edge.valid_to and edge.valid_to <= on)]
    answer: set[int] = set()
    for held in {edge.scheme for edge in valid}:
        if scheme in (None, held):
            fitting = [edge for edge in valid if edge.scheme == held and contains(edge.recipient_code, place)]
            for edge in fitting:
                named = [one.donor_code for one in fitting if one.recipient_code == edge.recipient_code]
                inner = [one for one in fitting if _depth(one.recipient_code) > _depth(edge.recipient_code)]
                if all(
                    _depth(one.recipient_code) >= 6 and any(contains(donor, one.donor_code) for donor in named)
                    for one in inner
                ):
                    answer.add(edge.pairing_id)
    return answer
