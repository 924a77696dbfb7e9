"""版面: which lines of a page belong to the document; navigation, advertising and footers are left out and listed.

Fifth stage of the reader. A line is left out only when it can hold no pairing: it names no helping and no two places
joined by a sign. Blank lines stay as borders between paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from jiedui.policy.reading.markup import Dropped

HELPING: Final = re.compile("帮扶|结对|支援|协作|对口|援助|帮助|帮困|扶贫|受援|携手")
"""Words without which a page has no pairing."""
_SAYS: Final = re.compile("帮扶|结对|支援|对口|受援|援助")
_TITLE: Final = re.compile(
    "《[^《》]+》|(?:意见|通知|方案|决定|办法|公告|通报|规划|细则|名单|一览表|情况表|安排表?|关系表?)[)）]?$"
)
_BODY: Final = re.compile(
    "[。；;]|^\\s*(?:第[一二三四五六七八九十]+[章条]|[（(]?[一二三四五六七八九十]+[）)、]|[0-9]{1,2}[、.．)）])"
)
_ROW: Final = re.compile("\t|[|│]")
_JOINED: Final = re.compile("[：:—–→\\-=]")
_SITE: Final = re.compile(
    "网站导航|网站地图|网站首页|设为首页|加入收藏|收藏本站|当前位置|所在位置|您的位置|返回(?:顶部|首页)|打印(?:本页)?|关闭窗口|"
    "字[体号][:：]|分享到|上一[篇条]|下一[篇条]|版权所有|ICP备|公网安备|主办单位|承办单位|技术支持|责任编辑|扫一扫|登录|注册|"
    "监督信箱|无障碍|繁体版|浏览次数|点击[量数]|阅读次数|Copyright|All [Rr]ights|联系我们|关于我们|友情链接"
)
_CRUMBS: Final = re.compile("(?<![-=—])[>›»＞](?![=])")
_SHORT: Final = 60
"""Characters; a longer line is not navigation."""


@dataclass(frozen=True, slots=True)
class Line:
    """行: one line of the cleaned text: its number from 0, where it starts, and its text without the line break."""

    number: int
    start: int
    text: str

    @property
    def end(self) -> int:
        """终点: offset just behind the last character."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Layout:
    """正文各行: the document's lines in order (blank ones included) and what was left out."""

    lines: tuple[Line, ...]
    dropped: tuple[Dropped, ...]


def lines_of(text: str) -> Iterator[Line]:
    """分行: the lines of a text with their offsets."""
    start = 0
    for number, line in enumerate(text.split("\n")):
        yield Line(number, start, line)
        start += len(line) + 1


def document(text: str, links: frozenset[int] = frozenset(), *, belongs: Callable[[str, str], bool]) -> Layout:
    """正文: the lines of the document.

    `links` are the numbers of lines that consist of links only. `belongs` tells of a line and the next one whether the
    first holds places or runs on into the second; such a line is never left out.
    """
    lines = list(lines_of(text))
    shown = [line for line in lines if line.text.strip()]
    bodies = [line.number for line in shown if _is_body(line)]
    titles = [line.number for line in shown if _TITLE.search(line.text.strip())]
    first = min([*titles[:1], *bodies[:1]], default=-1)
    last = bodies[-1] if bodies else len(lines)
    kept: list[Line] = []
    dropped: list[Dropped] = []
    for line, following in zip(lines, [*lines[1:], Line(len(lines), 0, "")], strict=True):
        reason = _reason(line, first, last, linked=line.number in links) if line.text.strip() else ""
        if reason and not belongs(line.text.strip(), following.text.strip()):
            dropped.append(Dropped(line.text.strip(), reason))
            kept.append(Line(line.number, line.start, ""))
        else:
            kept.append(line)
    return Layout(tuple(kept), tuple(dropped))


def _is_body(line: Line) -> bool:
    text = line.text.strip()
    if len(text) <= _SHORT and (_SITE.search(text) or _CRUMBS.search(text)):
        return False
    return bool(_BODY.search(text) or _ROW.search(text) or _SAYS.search(text))


def _reason(line: Line, first: int, last: int, *, linked: bool) -> str:
    text = line.text.strip()
    if len(text) > _SHORT or "。" in text or _ROW.search(text):
        return ""
    if _CRUMBS.search(text) and not re.search("[，,；;]", text):
        return "路径导航"
    if HELPING.search(text) or _TITLE.search(text):
        return ""
    if _SITE.search(text):
        return "网站导航"
    if _JOINED.search(text):
        return ""
    if linked:
        return "导航链接"
    if line.number < first:
        return "页首文字"
    return "页尾文字" if line.number > last + 3 else ""
