"""译文: the English sentences of pages and templates, and the catalogue that translates them into Chinese.

`python -m jiedui.web.messages` reads all sentences and writes new ones into the catalogue, untranslated; a test fails
until they are translated. There is no gettext program on the machines this runs on, so Babel does the work;
`pybabel compile` makes the binary catalogue at set-up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

WEB: Final = Path(__file__).parent
CATALOGUE: Final = WEB / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
KEYWORDS: Final[dict[str, Any]] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
_HEADER: Final = "# 简体中文译文: Chinese of the site. New sentences come by `python -m jiedui.web.messages`.\n"

Message = str | tuple[str, str]


def gather() -> list[tuple[Message, str]]:
    """全部英文句子: each with the file it stands in; a plural is a pair."""
    found = [(message, _where(path)) for path in _files("*.py") for message in _python(path.read_bytes())]
    found += [(message, _where(path)) for path in _files("*.html") for message in _template(path)]
    return found


def catalogue() -> Catalog:
    """译文目录: as it lies in the source."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def update() -> list[str]:
    """更新: the catalogue holds exactly the sentences in use; returns those without a translation."""
    kept = catalogue() if CATALOGUE.is_file() else Catalog(locale="zh_Hans")
    fresh = Catalog(
        locale="zh_Hans",
        project="jiedui",
        version="1",
        header_comment=_HEADER,
        msgid_bugs_address="-",
        last_translator="The Jiedui authors",
        language_team="zh_Hans",
        creation_date=kept.creation_date,  # so that nothing changes where no sentence did
        revision_date=kept.creation_date,
        fuzzy=False,
    )
    for message, where in gather():
        old = kept.get(message[0] if isinstance(message, tuple) else message)
        fresh.add(message, string=old.string if old is not None else "", locations=[(where, 1)])
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, fresh, width=0, sort_output=True, include_lineno=False, omit_header=False)
    return untranslated(fresh)


def untranslated(held: Catalog) -> list[str]:
    """未译: the sentences of a catalogue that have no Chinese yet."""
    return [str(message.id) for message in held if message.id and not _translated(message.string)]


def _translated(string: Any) -> bool:
    return all(string) if isinstance(string, list | tuple) else bool(string)


def _python(source: bytes) -> Iterator[Message]:
    for _line, message, _comments, _context in extract("python", BytesIO(source), keywords=KEYWORDS):
        yield from _flat(message)


def _template(path: Path) -> Iterator[Message]:
    """What Django makes of a template for gettext: calls among filler, which the JavaScript reader takes as it is."""
    calls = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    # Python's u prefix would be a word of its own to the JavaScript reader.
    source = re.sub(r"\b(gettext|ngettext|pgettext)\(u(?=['\"])", r"\1(", calls)
    for _line, message, _comments, _context in extract("javascript", BytesIO(source.encode()), keywords=KEYWORDS):
        yield from _flat(message)


def _flat(message: Any) -> Iterable[Message]:
    if isinstance(message, str):
        return [message]
    return [(message[0], message[1])]


def _files(pattern: str) -> list[Path]:
    return sorted(path for path in WEB.rglob(pattern) if "locale" not in path.parts)


def _where(path: Path) -> str:
    return path.relative_to(WEB.parent).as_posix()


if __name__ == "__main__":
    for sentence in update():
        print(sentence)
