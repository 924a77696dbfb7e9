"""家庭: who lives together, with ages and ties that fit: head, spouse, children, parents, in-laws, grandchildren.

A household follows one of the patterns below: members in order, each with the one that its age hangs on. Shares are
ours, chosen so that a household has three persons on average, as the 29.48 million registered ones of 2014 had.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from jiedui.simulate.columns import position
from jiedui.simulate.streams import Streams, pick
from jiedui.terms.codelists import RELATION

HEAD, SPOUSE, CHILD, IN_LAW, GRANDCHILD, PARENT, SIBLING = position(
    RELATION, "head", "spouse", "child", "child_in_law", "grandchild", "parent", "sibling"
).tolist()
_NOBODY: Final = -1


@dataclass(frozen=True, slots=True)
class Pattern:
    """家庭类型: its weight, the head's age, and (relation, position of the member whose age counts) after the head."""

    weight: float
    head_age: tuple[int, int]
    members: tuple[tuple[int, int], ...]


_COUPLE: Final = (SPOUSE, 0)
_CHILD: Final = (CHILD, 0)
_ELDER: Final = (PARENT, 0)
PATTERNS: Final = (
    Pattern(9, (60, 88), ()),
    Pattern(6, (36, 60), ()),
    Pattern(11, (58, 85), (_COUPLE,)),
    Pattern(5, (55, 82), (_CHILD,)),
    Pattern(4, (30, 50), (_CHILD,)),
    Pattern(6, (36, 62), (_ELDER,)),
    Pattern(2, (42, 66), ((SIBLING, 0),)),
    Pattern(11, (26, 56), (_COUPLE, _CHILD)),
    Pattern(16, (28, 54), (_COUPLE, _CHILD, _CHILD)),
    Pattern(5, (32, 50), (_COUPLE, _CHILD, _CHILD, _CHILD)),
    Pattern(7, (28, 54), (_COUPLE, _CHILD, _ELDER)),
    Pattern(6, (30, 54), (_COUPLE, _CHILD, _CHILD, _ELDER)),
    Pattern(3, (30, 52), (_COUPLE, _CHILD, _CHILD, _ELDER, (PARENT, 4))),
    Pattern(4, (52, 78), (_COUPLE, _CHILD, (IN_LAW, 2), (GRANDCHILD, 2))),
    Pattern(3, (54, 78), (_COUPLE, _CHILD, (IN_LAW, 2), (GRANDCHILD, 2), (GRANDCHILD, 2))),
    Pattern(2, (54, 80), (_CHILD, (IN_LAW, 1), (GRANDCHILD, 1))),
    Pattern(2, (56, 78), (_COUPLE, (GRANDCHILD, 0))),
)


@dataclass(frozen=True)
class Families:
    """家庭成员: one row per person, household after household.

    `household` position; `relation` position in the code list; `age` full years at the end of the year of `as_of`;
    `male`; `partner` row of husband or wife, −1 for none; `elder` row of the member whose age this one's hangs on
    (itself for the head).
    """

    household: np.ndarray
    relation: np.ndarray
    age: np.ndarray
    male: np.ndarray
    partner: np.ndarray
    elder: np.ndarray

    @property
    def households(self) -> int:
        """Number of households."""
        return int(self.household[-1]) + 1


def families(persons: int, streams: Streams) -> Families:
    """造家庭: exactly `persons` persons (≥ 1) in households."""
    rng = streams.of("families")
    pattern = _patterns(persons, rng)
    relation, anchor = _layout()
    size = 1 + np.array([len(p.members) for p in PATTERNS])[pattern]
    size[-1] -= size.sum() - persons
    slots = np.arange(relation.shape[1])
    lives = slots < size[:, None]
    age, male = _ages(pattern, relation[pattern], anchor[pattern], lives, rng)
    household, slot = np.nonzero(lives)
    start = np.cumsum(size) - size
    of = start[household]
    partner = _partners(relation[pattern][lives], of + anchor[pattern][lives], slot)
    return Families(household, relation[pattern][lives], age[lives], male[lives], partner, of + anchor[pattern][lives])


def _patterns(persons: int, rng: np.random.Generator) -> np.ndarray:
    weights = [p.weight for p in PATTERNS]
    sizes = 1 + np.array([len(p.members) for p in PATTERNS])
    drawn = pick(rng, weights, persons)
    return drawn[: int(np.searchsorted(np.cumsum(sizes[drawn]), persons)) + 1]


def _layout() -> tuple[np.ndarray, np.ndarray]:
    """Relation and anchor of every slot of every pattern (patterns, most members)."""
    most = 1 + max(len(p.members) for p in PATTERNS)
    relation = np.full((len(PATTERNS), most), _NOBODY)
    anchor = np.zeros((len(PATTERNS), most), np.int64)
    relation[:, 0] = HEAD
    for row, pattern in enumerate(PATTERNS):
        for slot, (kind, held) in enumerate(pattern.members, start=1):
            relation[row, slot], anchor[row, slot] = kind, held
    return relation, anchor


def _ages(
    pattern: np.ndarray, relation: np.ndarray, anchor: np.ndarray, lives: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    households, most = relation.shape
    low, high = np.array([p.head_age for p in PATTERNS])[pattern].T
    age = np.zeros((households, most), np.int64)
    male = np.zeros((households, most), bool)
    age[:, 0] = low + (rng.random(households) * (high - low + 1)).astype(np.int64)
    alone = ~lives[:, 1] if most > 1 else np.ones(households, bool)
    male[:, 0] = rng.random(households) < np.select([alone & (age[:, 0] >= 60), alone], [0.62, 0.78], 0.84)
    for slot in range(1, most):
        rows = np.flatnonzero(lives[:, slot])
        kind, held = relation[rows, slot], anchor[rows, slot]
        held_age, held_male = age[rows, held], male[rows, held]
        second_parent = (kind == PARENT) & (held > 0)
        opposite = (kind == SPOUSE) | (kind == IN_LAW) | second_parent
        younger = _younger(rows, held, relation, age)
        age[rows, slot] = _age(kind, second_parent, held_age, held_male, younger, _least(rows, slot, relation), rng)
        share = np.select([kind == PARENT, kind == SIBLING], [0.38, 0.6], 0.53)
        male[rows, slot] = np.where(opposite, ~held_male, rng.random(len(rows)) < share)
    return age, male


def _younger(rows: np.ndarray, held: np.ndarray, relation: np.ndarray, age: np.ndarray) -> np.ndarray:
    """Age of the younger of the couple that a member descends from."""
    beside = np.minimum(held + 1, relation.shape[1] - 1)
    couple = np.isin(relation[rows, beside], (SPOUSE, IN_LAW)) & (age[rows, beside] > 0)
    return np.where(couple, np.minimum(age[rows, held], age[rows, beside]), age[rows, held])


def _least(rows: np.ndarray, slot: int, relation: np.ndarray) -> np.ndarray:
    """Least age: that of a grown-up for a child whose wife or husband lives here too."""
    married = (relation[rows, slot] == CHILD) & (relation[rows, min(slot + 1, relation.shape[1] - 1)] == IN_LAW)
    return np.where(married, 22, 0)


def _age(
    kind: np.ndarray,
    second_parent: np.ndarray,
    held: np.ndarray,
    held_male: np.ndarray,
    younger: np.ndarray,
    least: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    n, draw = len(kind), rng.random(len(kind))
    beside = np.clip(np.rint(held + rng.normal(np.where(held_male, -2.0, 2.0), 2.5)), 20, 95).astype(np.int64)
    gap = 19 + (draw**1.4 * np.minimum(17, np.maximum(younger - 18 - least, 1))).astype(np.int64)
    # A grandparent who brings up the child alone: the generation between lives elsewhere.
    over_two = 42 + (draw * np.minimum(14, np.maximum(younger - 42, 1))).astype(np.int64)
    child = np.maximum(younger - np.where((kind == GRANDCHILD) & (younger >= 54), over_two, gap), 0)
    parent = np.minimum(held + 20 + (draw * 13).astype(np.int64), 97)
    couple_of_old = np.clip(held + rng.integers(-4, 5, n), 50, 98)
    sibling = np.maximum(held + rng.integers(-7, 8, n), 30)
    return np.select(
        [(kind == SPOUSE) | (kind == IN_LAW), second_parent, kind == PARENT, kind == SIBLING],
        [beside, couple_of_old, parent, sibling],
        child,
    )


def _partners(relation: np.ndarray, anchor: np.ndarray, slot: np.ndarray) -> np.ndarray:
    partner = np.full(len(relation), -1)
    second_parent = (relation == PARENT) & (relation[anchor] == PARENT) & (slot > 0)
    married = np.flatnonzero((relation == SPOUSE) | (relation == IN_LAW) | second_parent)
    partner[married] = anchor[married]
    partner[anchor[married]] = married
    return partner
