"""按姓名找人: a person of the reader's own people for a form, by number or by the beginning of the name."""

from __future__ import annotations

from typing import Any, Final

from jiedui.errors import JieduiError
from jiedui.records.models import Person
from jiedui.records.queries import register

_SHOWN: Final = 40


def found(user: Any, text: str) -> Person:
    """找到的人: the one whom the text means; the reader must see the person by name.

    Raises:
        JieduiError: nobody fits, or several do.
    """
    asked = text.strip()[:_SHOWN]
    lines = register.search(user, register.understand(asked), register.Filters()).lines if asked else ()
    named = user.sight().named & user.sight().office
    keys = [line.person_id for line in lines if line.region_code in named]
    if not keys:
        raise JieduiError(f"Nobody is found by {asked}.", remedy="Give the number of the person.")
    if len(keys) > 1:
        numbers = ", ".join(str(key) for key in keys[:8])
        raise JieduiError(f"Several persons are found by {asked}.", remedy=f"Give the number: {numbers}.")
    return Person.objects.visible_to(user).get(pk=keys[0])
