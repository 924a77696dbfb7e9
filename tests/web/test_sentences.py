"""What an officer may be told of a spreadsheet or an import is said in the language of the page."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.utils import translation

import jiedui
from jiedui.web.sentences import told

ROOT = Path(jiedui.__file__).parent
WRITING = ("out", "templates", "refused", "xlsx_markup", "zip_out", "to_file")
"""Modules of `sheets` that write: what they refuse is our mistake, not an officer's file."""


def texts(node: ast.expr) -> Iterator[str]:
    """The sentences that an expression may be, with something in each place."""
    match node:
        case ast.Constant(value=str() as value):
            yield value
        case ast.JoinedStr(values=values):
            yield "".join(str(one.value) if isinstance(one, ast.Constant) else "某处" for one in values)
        case ast.IfExp(body=body, orelse=other):
            yield from texts(body)
            yield from texts(other)
        case ast.BinOp(left=left, right=right):
            yield from (one + other for one in texts(left) for other in texts(right))


def sentences() -> Iterator[str]:
    """All that the readers of spreadsheets and the verbs of imports raise."""
    files = [*(ROOT / "records" / "imports").glob("*.py"), *(ROOT / "sheets").glob("*.py")]
    files += [ROOT / "records" / "actions" / name for name in ("importing.py", "duplicates.py")]
    for path in files:
        if any(word in path.stem for word in WRITING) and path.parent.name == "sheets":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
                "JieduiError",
                "SheetError",
                "NotVerified",
            ):
                said = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "remedy")]
                yield from (text for one in said for text in texts(one) if text)


def test_every_sentence_about_a_file_or_an_import_is_said_in_chinese() -> None:
    """None stays English on a Chinese page; what stands in its places stays there."""
    found = sorted(set(sentences()))
    assert len(found) > 80
    with translation.override("zh-hans"):
        said = {one: told(one) for one in found}
    assert [one for one, chinese in said.items() if chinese == one] == []
    assert [one for one, chinese in said.items() if one.count("某处") > chinese.count("某处")] == []


def test_the_state_inside_a_sentence_is_translated_and_an_unknown_sentence_stays() -> None:
    """Of two officers the second reads in Chinese why nothing can be done any more."""
    with translation.override("zh-hans"):
        assert (
            told("Import 7 is written, so this cannot be done now.") == "导入批次 7 的状态是“已写入”，现在不能这样做。"
        )
        assert told("Nobody ever said this.") == "Nobody ever said this."
    with translation.override("en"):
        assert told("The file is empty.") == "The file is empty."
