"""所填: amounts, ticks and choices as the forms of the labour pages send them."""

from __future__ import annotations

from collections.abc import Iterable

from jiedui.errors import JieduiError
from jiedui.terms import money
from jiedui.web import numbers


def fen(text: str) -> int | None:
    """金额: yuan as typed, in fen; None of nothing.

    Raises:
        JieduiError: it is no amount.
    """
    return money.parse(text) if text.strip() else None


def whole(text: str) -> int | None:
    """整数: None of nothing.

    Raises:
        JieduiError: it is no whole number.
    """
    asked = text.strip()
    if not asked:
        return None
    found = numbers.whole(asked)
    if found is None:
        raise JieduiError(f"{asked[:40]} is no number.", remedy="Give digits only.")
    return found


def tick(text: str) -> bool | None:
    """是否: "1" yes, "0" no, anything else not known."""
    return {"1": True, "0": False}.get(text)


def keys(texts: Iterable[str], most: int = 500) -> list[int]:
    """编号: of the rows that were ticked, those that are numbers, each once."""
    found = (numbers.whole_key(text) for text in texts)
    return list(dict.fromkeys(key for key in found if key is not None))[:most]
