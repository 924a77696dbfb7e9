"""点位标注: where to write the names of places so that no name covers another name or a place.

Greedy placement on fixed positions (Christensen, Marks and Shieber 1995): each name takes the first of its positions
that is free; a name that finds none is not written, the tooltip and the list still have it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Position = Literal["left", "right", "top", "bottom"]

_CHARACTER: Final = 12.5
"""Width of a Chinese character in pixels at the size of the labels."""
_HEIGHT: Final = 15.0
_DISTANCE: Final = 7.0
"""From the middle of the place to the label, as the charts draw it."""
_PLACE: Final = 5.0
"""Half the size of a place's mark."""


@dataclass(frozen=True, slots=True)
class Label:
    """标注: a text at a point in pixels (x to the right, y down), and its positions in the order of preference."""

    text: str
    x: float
    y: float
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.bottom <= other.top or other.bottom <= self.top)


def place(labels: Sequence[Label], width: float, height: float) -> list[Position | None]:
    """排布: the position of each label inside a picture of `width` × `height` pixels; None = not written.

    Labels that come first are served first.
    """
    taken = [_Box(one.x - _PLACE, one.y - _PLACE, one.x + _PLACE, one.y + _PLACE) for one in labels]
    found: list[Position | None] = []
    for label in labels:
        position = next((p for p in label.positions if _free(_box(label, p), taken, width, height)), None)
        if position is not None:
            taken.append(_box(label, position))
        found.append(position)
    return found


def _free(box: _Box, taken: Sequence[_Box], width: float, height: float) -> bool:
    inside = box.left >= 0 and box.right <= width and box.top >= 0 and box.bottom <= height
    return inside and not any(box.meets(other) for other in taken)


def _box(label: Label, position: Position) -> _Box:
    wide = len(label.text) * _CHARACTER
    if position in ("left", "right"):
        left = label.x + _DISTANCE if position == "right" else label.x - _DISTANCE - wide
        return _Box(left, label.y - _HEIGHT / 2, left + wide, label.y + _HEIGHT / 2)
    top = label.y - _DISTANCE - _HEIGHT if position == "top" else label.y + _DISTANCE
    return _Box(label.x - wide / 2, top, label.x + wide / 2, top + _HEIGHT)
