"""结对表单: what people type about posts, candidates, needs and offers, as fields of the records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from jiedui.errors import JieduiError
from jiedui.terms.codelists import CodeList
from jiedui.web import numbers

Reader = Callable[[str], Any]
_LONGEST: Final = 100
_SHOWN: Final = 40


def read(sent: Mapping[str, str], readers: Mapping[str, Reader], required: Iterable[str] = ()) -> dict[str, Any]:
    """读表单: every field that has a reader and was sent; an empty one is not known.

    Raises:
        JieduiError: a required field is empty, or one cannot be read.
    """
    found = {name: reader(sent[name].strip()) for name, reader in readers.items() if name in sent}
    empty = next((name for name in required if found.get(name) in (None, "")), None)
    if empty is not None:
        raise JieduiError("A field that is needed is empty.", remedy="Fill in all fields that are marked.")
    return found


def text(said: str) -> str | None:
    """文字: one line. Raises `JieduiError` for more than 100 characters."""
    if len(said) > _LONGEST:
        raise JieduiError(f"The text has more than {_LONGEST} characters.", remedy="Shorten it.")
    return said or None


def choice(labels: CodeList) -> Reader:
    """选项: a key of the code list. The reader raises `JieduiError` for another one."""

    def read_one(said: str) -> str | None:
        if said and said not in labels:
            raise JieduiError(f"There is no choice {said[:_SHOWN]}.", remedy="Choose from the list.")
        return said or None

    return read_one


def key(sent: Mapping[str, str], name: str) -> int:
    """编号: of the row that a form is about; −1, which no row has, for what is no number."""
    found = numbers.whole_key(sent.get(name, ""))
    return -1 if found is None else found
