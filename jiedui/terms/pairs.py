"""结对关系: one dated edge between a donor (帮扶方) and a recipient (被帮扶方)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jiedui.errors import JieduiError
from jiedui.terms import codelists
from jiedui.terms.divisions import level_of

_LEVELS = {
    ("province", "province"): "province_to_province",
    ("province", "prefecture"): "province_to_city",
    ("prefecture", "prefecture"): "city_to_city",
    ("county", "county"): "county_to_county",
    ("township", "township"): "township_to_township",
    ("village", "village"): "village_to_village",
}
_BELOW_COUNTY = {len("530602101"): "township", len("530602101201"): "village"}


@dataclass(frozen=True, slots=True, order=True)
class Pairing:
    """结对关系: who helps whom, since when, under which scheme, on what basis.

    `level` is a key of `codelists.PAIR_LEVEL`, `scheme` of `codelists.SCHEME`; `valid_to` is the first day on which
    it no longer holds (None = still valid).
    """

    pairing_id: int
    donor_code: str
    recipient_code: str
    level: str
    scheme: str
    basis: str
    valid_from: date
    valid_to: date | None = None

    def __post_init__(self) -> None:
        if self.level not in codelists.PAIR_LEVEL or self.scheme not in codelists.SCHEME:
            raise JieduiError(
                f"Pairing {self.pairing_id}: level {self.level!r} or scheme {self.scheme!r} is in no code list.",
                remedy=f"Levels: {', '.join(codelists.PAIR_LEVEL)}. Schemes: {', '.join(codelists.SCHEME)}.",
            )
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise JieduiError(
                f"Pairing {self.pairing_id}: it ends on {self.valid_to}, not after it begins on {self.valid_from}.",
                remedy="valid_to is the first day on which the pairing no longer holds.",
            )

    def holds(self, on: date) -> bool:
        """是否有效: whether the edge is valid on the day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


def pair_level(donor_code: str, recipient_code: str) -> str:
    """结对层级: the key of `codelists.PAIR_LEVEL` for two codes of 6, 9 (township) or 12 digits (village).

    Raises `JieduiError` where the code list has no word for the two levels (a prefecture that helps a province).
    """
    donor, recipient = (_BELOW_COUNTY.get(len(code)) or level_of(code) for code in (donor_code, recipient_code))
    level = _LEVELS.get((donor, recipient))
    if level is None:
        raise JieduiError(
            f"No pair level joins {donor_code} ({donor}) and {recipient_code} ({recipient}).",
            remedy=f"Known levels: {', '.join(codelists.PAIR_LEVEL)}.",
        )
    return level
