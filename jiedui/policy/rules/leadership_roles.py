"""部门职责: which roles nobody holds at a time (十三): who decides, pays, checks and keeps the keys are four."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jiedui.policy.parameters import Parameters
from jiedui.policy.registry import interprets


@dataclass(frozen=True, slots=True)
class Conflict:
    """不相容: two roles, and why nobody holds both."""

    one: str
    other: str
    reason: str


@interprets(
    "leadership.4",
    because="The text asks for audit and for the holding to account of those who misuse money; who checks a thing that "
    "he does himself checks nothing. Which roles exclude each other is our reading.",
)
def conflicts(parameters: Parameters) -> tuple[Conflict, ...]:
    """不相容角色: the pairs of the parameter, each once, in its order."""
    return tuple(
        Conflict(one, other, reason) for one, other, reason in parameters.value("leadership.incompatible_roles")
    )


@interprets("leadership.4", because="The first reason that applies is enough to refuse a grant.")
def collision(role: str, held: Iterable[str], parameters: Parameters) -> Conflict | None:
    """冲突: the first conflict of a role with those that a person holds at the same time; None where there is none."""
    others = set(held)
    for conflict in conflicts(parameters):
        if (conflict.one == role and conflict.other in others) or (conflict.other == role and conflict.one in others):
            return conflict
    return None
