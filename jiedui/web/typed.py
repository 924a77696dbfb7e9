"""所填: a place, a day or a number as people type it into a form or an address."""

from __future__ import annotations

from datetime import date

from jiedui.errors import JieduiError
from jiedui.terms.divisions import Gazetteer
from jiedui.terms.names import Resolver

_SHOWN = 40
"""Characters that are repeated of what was not understood."""
_CODES_SHOWN = 6


def place(text: str) -> str:
    """地点: the code of a division by its code or name, or of a place below one by its 9 or 12 digits; "" of nothing.

    Raises:
        JieduiError: no division has the code, none has the name, or several have it.
    """
    asked = "".join(text.split())
    if not asked:
        return ""
    gazetteer = Gazetteer.load()
    if asked.isascii() and asked.isdigit():
        if len(asked) in (6, 9, 12) and gazetteer.get(asked[:6]) is not None:
            return asked
        raise JieduiError(f"{asked[:_SHOWN]} is no division.", remedy="Choose the county, prefecture or province.")
    answer = Resolver(gazetteer, date.today()).resolve(asked[:_SHOWN])
    if answer.found is not None:
        return answer.found.code
    if answer.candidates:
        codes = ", ".join(one.code for one in answer.candidates[:_CODES_SHOWN])
        raise JieduiError(f"Several places are called {asked[:_SHOWN]}.", remedy=f"Give the code: {codes}.")
    raise JieduiError(f"No place is called {asked[:_SHOWN]}.", remedy="Give the name or the code.")


def day(text: str) -> date | None:
    """日期: year-month-day; None of nothing.

    Raises:
        JieduiError: it is no day.
    """
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise JieduiError(f"{text[:_SHOWN]} is no day.", remedy="Give year-month-day, as 2018-06-30.") from None


def number(text: str) -> int | None:
    """编号: a key of a row; None of nothing.

    Raises:
        JieduiError: it is no whole number of at most 18 digits.
    """
    asked = text.strip()
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 18):
        raise JieduiError(f"{text[:_SHOWN]} is no number.", remedy="Give digits only.")
    return int(asked)
