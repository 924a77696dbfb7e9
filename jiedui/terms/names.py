"""地名解析: the one resolver of place names in the product: official, shortened, former and curated names, on a day.

A name has a *marked* form, which ends with its level word (恩施土家族苗族自治州, 恩施自治州, 恩施州), and a *bare* one
(恩施). Marked forms are tried before bare ones; a bare form means the highest level that bears it (吉林 is the
province, 临夏 the prefecture). A text may be a path: 贵州省遵义市, 内蒙古科右前旗. Names of former times lead to what
took over. What stays open is reported with its candidates, never guessed (domain fact 18).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Final, Literal

from jiedui.terms.divisions import LAST_YEAR, Division, Gazetteer, Level, data_rows, prefix

Reason = Literal["", "unknown", "ambiguous", "divided", "later", "not_a_division"]

REASONS: Final[dict[str, tuple[str, str]]] = {
    "unknown": ("区划表中没有这个名称", "no division bears this name"),
    "ambiguous": ("同名的区划不止一个", "several divisions bear this name"),
    "divided": ("原区划已撤销并分归多处", "the former division was divided"),
    "later": ("这一天尚未使用该名称", "the name came into use later"),
    "not_a_division": ("不是行政区划，没有六位代码", "not an administrative division, it has no six-digit code"),
}

_ETHNIC = re.findall(
    r"\S+",
    "蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 "
    "柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 "
    "塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺 各",
)
_BY_LENGTH = sorted(_ETHNIC, key=len, reverse=True)
# 回族, and without 族 only where the name is long enough to be no part of a place (博尔塔拉蒙古, 巴里坤哈萨克).
_PEOPLES = re.compile(
    rf"(?:(?:{'|'.join(_BY_LENGTH)})族|{'|'.join(e for e in _BY_LENGTH if len(e) > 1 and e != '保安')})+$"
)
_AUTONOMOUS = {"自治区": "", "自治州": "州", "自治县": "县", "自治旗": "旗"}
_ENDINGS: Final[dict[Level, tuple[str, ...]]] = {
    "province": ("特别行政区", "省", "市"),
    "prefecture": ("地区", "市", "盟", "州"),
    "county": ("林区", "特区", "新区", "矿区", "市", "县", "区", "旗"),
}
_REMEMBERED: Final = 50_000
"""Names whose resolution is kept; a page says the same few again and again."""
_NOT_DIVISIONS: Final = re.compile(
    "(?:新疆)?(?:生产建设)?兵团(?:第?[一二三四五六七八九十0-9]+师)?|四省藏区|四省涉藏州县"
)


def marked_forms(name: str, level: Level) -> tuple[str, ...]:
    """带级别的名称: the official name first, then what is usual with a level word: 恩施自治州, 恩施州."""
    for ending, short in _AUTONOMOUS.items():
        if name.endswith(ending):
            stem = _place_stem(name.removesuffix(ending))
            usual = (stem + ending, stem + short) if short else (stem + ending,)
            return tuple(dict.fromkeys((name, *usual)))
    return (name,)


def bare_form(name: str, level: Level) -> str | None:
    """不带级别的名称: 恩施, 海淀, 内蒙古; None where less than two characters would stay (盘县, 城区)."""
    for ending in _AUTONOMOUS:
        if name.endswith(ending):
            return _place_stem(name.removesuffix(ending))
    for ending in _ENDINGS[level]:
        if name.endswith(ending):
            stem = name.removesuffix(ending)
            return stem if len(stem) > 1 else None
    return None


def _place_stem(stem: str) -> str:
    if stem == "内蒙古":
        return stem
    place = _PEOPLES.sub("", stem)
    # 东乡族, 鄂温克族, 鄂伦春: the people's name is the place's.
    return place or stem.removesuffix("族")


@dataclass(frozen=True, slots=True)
class Resolution:
    """解析结果: the division found, or the candidates (none, or several) and why none was chosen.

    `text` is the name without white space; `former` is the former name by which it was found, otherwise empty.
    """

    text: str
    found: Division | None
    candidates: tuple[Division, ...] = ()
    reason: Reason = ""
    former: str = ""


@dataclass(frozen=True, slots=True)
class Bearer:
    """名称与区划: one division that bears a name. `kind`: 0 marked, 1 bare, 2 former marked, 3 former bare."""

    division: Division
    kind: int


@dataclass(frozen=True)
class Resolver:
    """地名解析器: names as they were understood on a day (`on`; the data know years)."""

    gazetteer: Gazetteer
    on: date
    _names: dict[str, tuple[Bearer, ...]] = field(init=False, repr=False, compare=False)
    _starts: dict[str, tuple[int, ...]] = field(init=False, repr=False, compare=False)
    _known: dict[tuple[str, str | None, Level | None], Resolution] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        names, starts = _index(self.on.year)
        object.__setattr__(self, "_names", names)
        object.__setattr__(self, "_starts", starts)

    def resolve(self, text: str, within: str | None = None, level: Level | None = None) -> Resolution:
        """解析: the division that a text names.

        `within` is a six-digit code that must contain it, `level` the level it must have. White space is ignored.
        """
        name = re.sub(r"\s+", "", text)
        known = self._known.get((name, within, level))
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[name, within, level] = self._resolve(name, within, level)
        return known

    def ends(self, text: str, start: int) -> list[tuple[int, bool]]:
        """可能的终点: where a name or a path that begins at `start` can end, longest first.

        The flag says that it is a single bare name of a county: too weak to stand alone in a sentence (合作, 资源).
        """
        if text[start : start + 2] not in self._starts:
            return []
        found: dict[int, bool] = {}
        for end, bearers, steps in self._paths(text, start):
            weak = steps == 1 and all(b.kind % 2 and b.division.level == "county" for b in bearers)
            found[end] = found.get(end, True) and weak
        return sorted(found.items(), reverse=True)

    def begins(self, stump: str) -> bool:
        """是否名称开头: whether some longer name begins with this text."""
        lengths = self._starts.get(stump[:2], ())
        return bool(lengths) and any(len(n) > len(stump) and n.startswith(stump) for n in self._names)

    def bearers(self, name: str) -> tuple[Bearer, ...]:
        """同名区划: every division that bears the name in any of its forms."""
        return self._names.get(name, ())

    def _resolve(self, name: str, within: str | None, level: Level | None) -> Resolution:
        if _NOT_DIVISIONS.fullmatch(name):
            return Resolution(name, None, reason="not_a_division")
        bearers = [bearer for end, found, _ in self._paths(name, 0) if end == len(name) for bearer in found]
        if within is not None:
            bearers = [b for b in bearers if b.division.code.startswith(prefix(within)) and b.division.code != within]
        if level is not None:
            bearers = [b for b in bearers if b.division.level == level]
        if not bearers:
            return self._later(name)
        kind = min(bearer.kind for bearer in bearers)
        chosen = _unique(bearer.division for bearer in bearers if bearer.kind == kind)
        if kind == 0 and not (len(chosen) == 1 and chosen[0].full_name == name):  # an official name in full is clear
            # The data know years only: a name given up in this very year may still have been in use on the day.
            ended = (b.division for b in bearers if b.kind == 2 and b.division.last_year == self.on.year)
            chosen = _unique((*chosen, *(d for old in ended for d in self.gazetteer.successors(old.code, self.on))))
        if kind % 2:
            chosen = _highest(chosen)
        if kind >= 2:
            return self._followed(name, chosen)
        if len(chosen) == 1:
            return Resolution(name, chosen[0])
        return Resolution(name, None, chosen, "ambiguous")

    def _followed(self, name: str, former: tuple[Division, ...]) -> Resolution:
        now = _unique(d for old in former for d in self.gazetteer.successors(old.code, self.on))
        if len(now) == 1:
            return Resolution(name, now[0], former=name)
        if not now:
            return Resolution(name, None, reason="unknown")
        return Resolution(name, None, now, "divided" if len(former) == 1 else "ambiguous")

    def _later(self, name: str) -> Resolution:
        later = _unique(d for d in _later_names(self.on.year).get(name, ()))
        return Resolution(name, None, later, "later" if later else "unknown")

    def _paths(self, text: str, start: int) -> Iterator[tuple[int, tuple[Bearer, ...], int]]:
        """Every chain of names from `start`, each inside the one before: its end, its last divisions, its length."""
        stack: list[tuple[int, tuple[Bearer, ...], int]] = []
        for end, bearers in self._at(text, start):
            stack.append((end, bearers, 1))
        while stack:
            end, bearers, steps = stack.pop()
            yield end, bearers, steps
            if any(b.division.level != "county" for b in bearers):
                for further, inner in self._at(text, end):
                    kept = tuple(b for b in (_inside(i, bearers) for i in inner) if b)
                    if kept:
                        stack.append((further, kept, steps + 1))

    def _at(self, text: str, start: int) -> Iterator[tuple[int, tuple[Bearer, ...]]]:
        for length in self._starts.get(text[start : start + 2], ()):
            bearers = self._names.get(text[start : start + length])
            if bearers and start + length <= len(text):
                yield start + length, bearers


def _inside(inner: Bearer, outers: Iterable[Bearer]) -> Bearer | None:
    """The inner name, as weak as the weakest of the two where a former one is among them; None if not inside."""
    code = inner.division.code
    holders = [o for o in outers if code.startswith(prefix(o.division.code)) and code != o.division.code]
    if not holders:
        return None
    former = 2 if min(o.kind for o in holders) >= 2 and inner.kind < 2 else 0
    return Bearer(inner.division, inner.kind + former)


def _unique(divisions: Iterable[Division]) -> tuple[Division, ...]:
    return tuple({d.code: d for d in divisions}.values())


def _highest(divisions: tuple[Division, ...]) -> tuple[Division, ...]:
    for level in ("province", "prefecture", "county"):
        found = tuple(d for d in divisions if d.level == level)
        if found:
            return found
    return divisions


@cache
def _index(year: int) -> tuple[dict[str, tuple[Bearer, ...]], dict[str, tuple[int, ...]]]:
    """All forms on a day and, by their first two characters, the lengths to try, longest first."""
    names: dict[str, list[Bearer]] = {}
    gazetteer = Gazetteer.load()
    for division in gazetteer.all():
        if division.first_year > year:
            continue
        current = division.in_force(min(year, LAST_YEAR))
        for form in marked_forms(division.name, division.level):
            names.setdefault(form, []).append(Bearer(division, 0 if current else 2))
        bare = bare_form(division.name, division.level)
        if bare and (current or division.level == "prefecture"):
            names.setdefault(bare, []).append(Bearer(division, 1 if current else 3))
    for short, code in data_rows("short_names.csv"):
        curated = gazetteer.get(code, date(year, 12, 31))
        if curated:
            names.setdefault(short, []).append(Bearer(curated, 0 if short[-1] in "省市州县区旗盟" else 1))
    starts: dict[str, set[int]] = {}
    for name in names:
        starts.setdefault(name[:2], set()).add(len(name))
    return (
        {name: tuple(bearers) for name, bearers in names.items()},
        {start: tuple(sorted(lengths, reverse=True)) for start, lengths in starts.items()},
    )


@cache
def _later_names(year: int) -> dict[str, tuple[Division, ...]]:
    later: dict[str, tuple[Division, ...]] = {}
    for division in Gazetteer.load().all():
        if division.first_year > year:
            for form in marked_forms(division.name, division.level):
                later[form] = (*later.get(form, ()), division)
    return later
