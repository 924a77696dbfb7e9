"""Names beside places."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from jiedui.reports.charts.labels import _CHARACTER, _DISTANCE, _HEIGHT, _PLACE, Label, Position, place

WIDTH, HEIGHT = 300.0, 200.0
labels = st.lists(
    st.builds(
        Label,
        text=st.text("甲乙丙", max_size=6),
        x=st.floats(0, WIDTH),
        y=st.floats(0, HEIGHT),
        positions=st.permutations(["left", "right", "top", "bottom"]).map(tuple),
    ),
    max_size=12,
)


def corners(label: Label, position: Position) -> tuple[float, float, float, float]:
    """The box of a written label, worked out from its middle: left, top, right, bottom."""
    wide = len(label.text) * _CHARACTER
    middle = {
        "right": (label.x + _DISTANCE + wide / 2, label.y),
        "left": (label.x - _DISTANCE - wide / 2, label.y),
        "top": (label.x, label.y - _DISTANCE - _HEIGHT / 2),
        "bottom": (label.x, label.y + _DISTANCE + _HEIGHT / 2),
    }[position]
    return middle[0] - wide / 2, middle[1] - _HEIGHT / 2, middle[0] + wide / 2, middle[1] + _HEIGHT / 2


def overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    """Whether two boxes share more than a rounding error of ground."""
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return wide > 1e-6 and high > 1e-6


@given(labels)
def test_no_name_covers_another_or_a_place(given_labels: list[Label]) -> None:
    """Every pair of written names, and every name and every place, are apart; all lie inside the picture."""
    found = place(given_labels, WIDTH, HEIGHT)
    written = [corners(label, at) for label, at in zip(given_labels, found, strict=True) if at is not None]
    marks = [(one.x - _PLACE, one.y - _PLACE, one.x + _PLACE, one.y + _PLACE) for one in given_labels]
    assert not any(overlap(a, b) for a, b in combinations(written, 2))
    assert not any(overlap(box, mark) for box in written for mark in marks)
    assert all(box[0] >= 0 and box[1] >= 0 and box[2] <= WIDTH and box[3] <= HEIGHT for box in written)


def test_a_name_takes_its_first_free_position() -> None:
    """Alone it stands where it prefers; the second of two neighbours gives way."""
    first = Label("北京", 100, 100, ("right", "left"))
    second = Label("天津", 115, 100, ("left", "right"))
    assert place([first], WIDTH, HEIGHT) == ["right"]
    assert place([first, second], WIDTH, HEIGHT) == ["left", "right"]


def test_a_name_without_room_is_not_written() -> None:
    """Where every position is taken the name is left to the tooltip."""
    crowd = [Label("北京", 100, 100, ("right",)), Label("天津", 90, 104, ("right",))]
    assert place(crowd, WIDTH, HEIGHT) == ["right", None]
