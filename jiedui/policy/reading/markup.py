"""标记: an HTML page to lines of plain text; a table becomes lines of cells with tabs between, row spans filled in.

Second stage of the reader. Text without markup passes unchanged. What a reader of the page does not see (scripts,
hidden elements, the browser's title, pronunciations in ruby) is left out; titles and navigation are listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree, html

_MARKUP: Final = re.compile(
    r"<(?:!doctype|html|head|body|div|p|table|tr|td|br|span|ul|ol|li|h[1-6]|a|section)\b[^<>]*>", re.I
)
_INVISIBLE: Final = frozenset(
    ("script", "style", "noscript", "template", "head", "iframe", "object", "svg", "rt", "rp")
)
_FURNITURE: Final = frozenset(("nav", "header", "footer", "aside", "select", "button", "form", "menu"))
_BLOCKS: Final = frozenset(
    (
        *("address", "article", "blockquote", "body", "br", "center", "dd", "details", "dialog", "div", "dl", "dt"),
        *("fieldset", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "html", "legend", "li", "main"),
        *("ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    )
)
_LONGEST_CELL: Final = 400
"""Characters; a longer cell belongs to a table that only lays out the page."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """舍弃的文字: text of the page that is no part of the document, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Page:
    """页面文字: plain text; `links` are the numbers of the lines (from 0) that consist of links only.

    `closed`: the page was HTML and ends with a closing tag, so that it is whole.
    """

    text: str
    links: frozenset[int] = frozenset()
    dropped: tuple[Dropped, ...] = ()
    closed: bool = False


def plain(text: str) -> Page:
    """纯文本: the page without markup."""
    if not _MARKUP.search(text):
        return Page(text)
    parser = html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    root = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text), parser=parser)
    writer = _Writer()
    writer.title(root)
    writer.walk(root)
    return writer.page(closed=bool(re.search(r"</\s*[a-zA-Z0-9]+\s*>\s*$", text)))


class _Writer:
    """Collects lines while it walks the tree; knows how much of a line stood in links."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.links: set[int] = set()
        self.dropped: list[Dropped] = []
        self._parts: list[str] = []
        self._linked = 0
        self._anchors = 0

    def title(self, root: html.HtmlElement) -> None:
        for element in root.iter("title"):
            self._drop(element, "页面标题")

    def walk(self, root: html.HtmlElement) -> None:
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start" and self._starts(element, tag):
                walker.skip_subtree()
            elif event == "end" and not _skipped(element, tag):
                self._anchors -= tag == "a"
                if tag in _BLOCKS:
                    self._break()
            if event == "end":
                self._text(element.tail)
        self._break()

    def _starts(self, element: html.HtmlElement, tag: str) -> bool:
        """Begin an element; True where its inside is not to be walked."""
        if _skipped(element, tag):
            if tag in _FURNITURE or _hidden(element):
                self._drop(element, "导航" if tag in _FURNITURE else "页面不显示的文字")
            elif _is_data_table(element, tag):
                self._table(element)
            return True
        self._anchors += tag == "a"
        if tag in _BLOCKS:
            self._break()
        self._text(element.text)
        return False

    def page(self, *, closed: bool) -> Page:
        return Page("\n".join(self.lines) + "\n", frozenset(self.links), tuple(self.dropped), closed)

    def _table(self, table: html.HtmlElement) -> None:
        self._break()
        self.lines.append("")
        self.lines.extend("\t".join(row) for row in _grid(table))
        self.lines.append("")

    def _text(self, text: str | None) -> None:
        if text:
            squeezed = re.sub(r"\s+", " ", text)
            self._parts.append(squeezed)
            if self._anchors > 0:
                self._linked += len(squeezed.replace(" ", ""))

    def _break(self) -> None:
        line = "".join(self._parts).strip()
        if line:
            if self._linked * 10 >= len("".join(line.split())) * 9:
                self.links.add(len(self.lines))
            self.lines.append(line)
        self._parts, self._linked = [], 0

    def _drop(self, element: html.HtmlElement, reason: str) -> None:
        text = " ".join("".join(element.itertext()).split())
        if text:
            self.dropped.append(Dropped(text, reason))


def _skipped(element: html.HtmlElement, tag: str) -> bool:
    return tag in _INVISIBLE or tag in _FURNITURE or _hidden(element) or _is_data_table(element, tag)


def _hidden(element: html.HtmlElement) -> bool:
    style = element.get("style") or ""
    return element.get("hidden") is not None or bool(re.search(r"display\s*:\s*none|visibility\s*:\s*hidden", style))


def _is_data_table(element: html.HtmlElement, tag: str) -> bool:
    if tag != "table" or element.find(".//table") is not None:
        return False
    widest = max((len(row.xpath("./td|./th")) for row in element.iter("tr")), default=0)
    cells = element.xpath(".//td|.//th")
    return widest > 1 and all(len("".join(cell.itertext())) <= _LONGEST_CELL for cell in cells)


def _grid(table: html.HtmlElement) -> Iterator[list[str]]:
    """The rows of a table; a cell that spans rows or columns stands in each of them."""
    spans: dict[int, tuple[int, str]] = {}
    for row in table.iter("tr"):
        cells: list[str] = []
        for cell in row.xpath("./td|./th"):
            _fill(cells, spans)
            text, depth = _cell_text(cell), _span(cell, "rowspan")
            for _ in range(_span(cell, "colspan")):
                if depth > 1:
                    spans[len(cells)] = (depth - 1, text)
                cells.append(text)
        _fill(cells, spans)
        yield cells


def _fill(cells: list[str], spans: dict[int, tuple[int, str]]) -> None:
    while len(cells) in spans:
        column = len(cells)
        left, text = spans.pop(column)
        if left > 1:
            spans[column] = (left - 1, text)
        cells.append(text)


def _span(cell: html.HtmlElement, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(max(int(value), 1), 1_000) if re.fullmatch("[0-9]{1,4}", value) else 1


def _cell_text(cell: html.HtmlElement) -> str:
    """A cell on one line: what stood on several lines is a list, joined by 、."""
    writer = _Writer()
    writer.walk(cell)
    lines = [line for line in writer.lines if line]
    return "".join(
        line if re.search(r"[、，,；;。和及与]$", line) or i == len(lines) - 1 else line + "、"
        for i, line in enumerate(lines)
    ).replace("\t", " ")
