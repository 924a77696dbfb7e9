"""工作簿: the small parts of a package: which sheets there are, where they lie, and which styles show a date.

ECMA-376 part 1 (transitional and strict name spaces alike: only local names are looked at) and part 2 (relationships).
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt

from jiedui.sheets.contents import refuse_other_packages
from jiedui.sheets.parts import Parts, damaged
from jiedui.sheets.xml_encoding import as_utf8, refuse_dtd

BUILT_IN_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59), *range(71, 82)])
"""Number formats that show dates or times (18.8.30), those of Chinese, Japanese and Korean systems included."""
_NOT_LETTERS = re.compile(r'"[^"]*"|\\.|[_*].|\[[^\]]*\]|general', re.IGNORECASE | re.DOTALL)
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)


@dataclass(frozen=True)
class Workbook:
    """工作簿: visible sheets as (name, path of the part), the parts of texts and styles, and the date system."""

    sheets: list[tuple[str, str]]
    shared: str | None
    styles: str | None
    date_1904: bool


def read_workbook(parts: Parts) -> Workbook:
    """读工作簿: through the relationships, whatever the parts are called."""
    refuse_other_packages(parts)
    main = next((target for kind, target, _ in _relations(parts, "") if kind == "officeDocument"), None)
    if main is None or main not in parts:
        raise damaged("the workbook is missing in it")
    root = _parse(parts, main)
    if _local(root.tag) != "workbook":
        raise damaged("its main part is no workbook")
    relations = _relations(parts, main)
    by_id = {key: target for kind, target, key in relations if kind == "worksheet"}
    sheets = []
    for element in root.iter():
        if _local(element.tag) == "sheet" and element.get("state", "visible") == "visible":
            key = next((value for name, value in element.attrib.items() if _local(name) == "id" and "}" in name), "")
            if by_id.get(key, "") in parts:
                sheets.append((element.get("name", ""), by_id[key]))
    properties = next((element for element in root if _local(element.tag) == "workbookPr"), None)
    old = properties is not None and properties.get("date1904", "0").lower() in ("1", "true", "on")
    first = {kind: target for kind, target, _ in reversed(relations) if target in parts}
    return Workbook(sheets, first.get("sharedStrings"), first.get("styles"), old)


def date_styles(parts: Parts, styles: str | None) -> npt.NDArray[np.bool_]:
    """日期样式: for each cell style, whether it shows a date or a time, bool (styles,)."""
    if styles is None:
        return np.zeros(1, np.bool_)
    root, formats = _parse(parts, styles), set(BUILT_IN_DATES)
    for element in root.iter():
        if _local(element.tag) == "numFmt":
            number = int(element.get("numFmtId", "-1")) if element.get("numFmtId", "").isdecimal() else -1
            (formats.add if shows_date(element.get("formatCode", "")) else formats.discard)(number)
    cells = next((element for element in root if _local(element.tag) == "cellXfs"), None)
    ids = [] if cells is None else [x.get("numFmtId", "0") for x in cells if _local(x.tag) == "xf"]
    return np.array([key.isdecimal() and int(key) in formats for key in ids] or [False], np.bool_)


def shows_date(code: str) -> bool:
    """是否日期格式: whether a number format shows a date or a time: a letter of ymdhs outside quotes and brackets."""
    section = code.split(";")[0]
    return bool(_ELAPSED.search(section)) or bool(set(_NOT_LETTERS.sub("", section).lower()) & set("ymdhs"))


def _relations(parts: Parts, source: str) -> list[tuple[str, str, str]]:
    """(last word of the type, path of the target, id) of what a part refers to inside the package."""
    folder, name = posixpath.split(source)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if path not in parts:
        return []
    found = []
    for element in _parse(parts, path):
        if element.get("TargetMode") == "External":
            continue
        target = unquote(element.get("Target", "")).replace("\\", "/")
        target = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found.append((element.get("Type", "").rsplit("/", 1)[-1], target, element.get("Id", "")))
    return found


def _parse(parts: Parts, name: str) -> ElementTree.Element:
    """A small part as a tree; document types and entities are refused before the parser sees them."""
    text = b"".join(as_utf8(iter([parts.read(name)]), name))
    refuse_dtd(text, name)
    try:
        return ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError, LookupError) as bad:
        raise damaged(f"{name} is not well-formed XML") from bad


def _local(name: str) -> str:
    return name.rsplit("}", 1)[-1]
