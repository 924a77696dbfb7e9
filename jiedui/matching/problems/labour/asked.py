"""所问: what a run is asked besides the parameters: whose workers, which pairs, how many of each home county."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from jiedui.errors import JieduiError
from jiedui.terms.divisions import level_of, prefix

Pair: TypeAlias = tuple[int, int]
"""worker_id, vacancy_id."""
Bounds: TypeAlias = tuple[int, int | None]
"""The least and the most workers of a county to be placed; None: no limit."""


@dataclass(frozen=True)
class Asked:
    """所问: `region_code`: whose workers are served ("" = everybody's); `pins`: pairs that an officer decided;
    `forbids`: pairs that are not proposed; `quotas`: of each home county the least and the most workers placed.

    Raises `JieduiError` where it contradicts itself.
    """

    region_code: str = ""
    pins: tuple[Pair, ...] = ()
    forbids: tuple[Pair, ...] = ()
    quotas: Mapping[str, Bounds] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pins", tuple((int(w), int(v)) for w, v in self.pins))
        object.__setattr__(self, "forbids", tuple((int(w), int(v)) for w, v in self.forbids))
        object.__setattr__(self, "quotas", {county: tuple(bounds) for county, bounds in self.quotas.items()})
        self._check_pins()
        for county, (least, most) in self.quotas.items():
            if level_of(county) != "county":
                raise JieduiError(f"The quota {county} is not one of a county.", remedy="Give six digits of a county.")
            if least < 0 or (most is not None and most < least):
                raise JieduiError(f"The quota of {county} contradicts itself: {least} to {most}.", remedy="Mend it.")

    def _check_pins(self) -> None:
        pinned = dict(self.pins)
        if len(pinned) != len(set(self.pins)):
            twice = next(w for w, v in self.pins if pinned[w] != v)
            raise JieduiError(f"Worker {twice} is pinned to two vacancies.", remedy="Take one of the pins away.")
        both = sorted(set(self.pins) & set(self.forbids))
        if both:
            raise JieduiError(
                f"Worker {both[0][0]} and vacancy {both[0][1]} are pinned and forbidden.", remedy="Take one mark away."
            )

    @property
    def prefix(self) -> str:
        """The digits with which the codes of those served begin."""
        return prefix(self.region_code) if self.region_code else ""
