"""登记: which duty a rule, a page or an engine serves, and on what ground.

A citation stands where the code stands: `@implements("talent.1")` where the text says it, `@interprets("pairing.5",
because=…)` where the text leaves room, `@assumes("assessment.2", because=…)` where the text is silent,
`@serves("talent.1")` on a page or a report that shows it. Tests cite with `@pytest.mark.duty("talent.1")`,
indicators with `duty` in the header of their SQL, tables with `duties=(…)` in their declaration. `policy.inventory`
gathers all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

Ground = Literal["implements", "interprets", "assumes", "serves"]
Thing = TypeVar("Thing", bound=Callable[..., Any])

_CITATIONS = "__citations__"


@dataclass(frozen=True, slots=True)
class Citation:
    """引用: a duty, the ground on which it is cited, and the reason where the text does not say it."""

    duty: str
    ground: Ground
    because: str = ""


def implements(*duties: str) -> Callable[[Thing], Thing]:
    """落实: the text says it."""
    return _cite("implements", duties)


def interprets(*duties: str, because: str) -> Callable[[Thing], Thing]:
    """解释: the text leaves room; `because` says how it is read here."""
    return _cite("interprets", duties, because)


def assumes(*duties: str, because: str) -> Callable[[Thing], Thing]:
    """假定: the text is silent; `because` says what is taken for granted."""
    return _cite("assumes", duties, because)


def serves(*duties: str) -> Callable[[Thing], Thing]:
    """展示: a page, a file or a report that shows the duty."""
    return _cite("serves", duties)


def citations(thing: Callable[..., Any]) -> tuple[Citation, ...]:
    """引用清单: what a function or class cites, in the order in which it is read (top first)."""
    found: tuple[Citation, ...] = getattr(thing, _CITATIONS, ())
    return found


def _cite(ground: Ground, duties: tuple[str, ...], because: str = "") -> Callable[[Thing], Thing]:
    added = tuple(Citation(duty, ground, because) for duty in duties)

    def decorate(thing: Thing) -> Thing:
        setattr(thing, _CITATIONS, added + citations(thing))
        return thing

    return decorate
