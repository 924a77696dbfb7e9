"""导入查询: the imports that a reader's office may see, what it may choose when it sends a file, how far one is."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Max, QuerySet

from jiedui.records.imports import difference, preview, staging, writing
from jiedui.records.models import Import, Person, User, Village
from jiedui.records.queries import register
from jiedui.terms.divisions import Gazetteer, prefix
from jiedui.terms.scope import Scope, prefix_range

SOURCES: Final = 30
"""Names of sources that are suggested, those used last first."""


def visible(user: User) -> QuerySet[Import]:
    """可见的导入: of the places that the reader sees by name, the newest first."""
    return Import.objects.visible_to(user).select_related("by", "decided_by", "undone_by").order_by("-pk")


def one(user: User, import_id: int) -> Import | None:
    """一个导入, or None where there is none for the reader."""
    return visible(user).filter(pk=import_id).first()


@dataclass(frozen=True, slots=True)
class Place:
    """可选地点: a division of the reader's office, with the depth at which a list shows it."""

    code: str
    name: str
    depth: int


def places(user: User, on: date | None = None) -> list[Place]:
    """可选地点: divisions that lie wholly in what the reader sees by name, the widest first, each above its own."""
    named = user.sight().named
    if not named:
        return []
    levels = {"province": 0, "prefecture": 1, "county": 2}
    inside = [
        division
        for division in Gazetteer.load().at(on or date.today())
        if division.level in levels and _inside(division.code, named)
    ]
    least = min((levels[division.level] for division in inside), default=0)
    return [Place(one.code, one.name, levels[one.level] - least) for one in inside]


def _inside(code: str, named: Scope) -> bool:
    low, high = prefix_range(prefix(code))
    return any(first <= low and high <= last for first, last in named.ranges)


def sources(user: User) -> list[str]:
    """用过的来源: as the reader's office called them."""
    used = Import.objects.visible_to(user).values("source").annotate(last=Max("pk")).order_by("-last")
    return [row["source"] for row in used[:SOURCES]]


@dataclass(frozen=True, slots=True)
class Begun:
    """起步情况: what the register has already of the reader's places, for the page that says what to do first."""

    villages: bool
    people: bool


def begun(user: User) -> Begun:
    """起步情况."""
    from jiedui.records.access import within

    named = user.sight().named
    villages = Village.objects.filter(within(named, "region_code"))
    return Begun(villages.exists(), Person.objects.visible_to(user).filter(within(named, "region_code")).exists())


@dataclass(frozen=True, slots=True)
class Advance:
    """进展: the share done (0 to 1, None = not known), what is counted, and the seconds left (None = not known yet)."""

    share: float | None
    unit: str
    done: int
    total: int
    left: float | None


def advance(import_: Import, now: float | None = None) -> Advance:
    """进展: of an import at work; the time left follows from the pace since the step began."""
    told: Mapping[str, Any] = import_.progress or {}
    done, total = int(told.get("done", 0)), int(told.get("total", 0))
    share = min(1.0, done / total) if total else None
    spent = float(told.get("at", 0)) - float(told.get("since", 0))
    left = None
    if share and spent >= 1:
        left = max(0.0, spent * (1 - share) / share - ((now or time.time()) - float(told.get("at", 0))))
    return Advance(share, str(told.get("unit", "")), done, total, left)


@dataclass(frozen=True, slots=True)
class Decision:
    """将写入: how many entries of each kind are taken as it stands, and how many single ones are left out."""

    taken: Mapping[str, int]
    left_out: Mapping[str, int]

    @property
    def nothing(self) -> bool:
        """Whether nothing at all would be written."""
        return not any(self.taken.values())


def decision(import_: Import) -> Decision:
    """将写入: counted by the same code that will write. Reads the staged entries only where single ones are chosen."""
    counts, left_out = import_.counts, import_.excluded or {}
    kinds = set(left_out.get("kinds", ()))
    if any(left_out.get(name) for name in ("rows", "keys", "settled")):
        entries = staging.read(import_.pk, "difference")
        accepted = writing.accepted(import_, entries)
        settled = _settled(import_, entries)
        taken = {"added": len(accepted.added), "changed": len(accepted.changed) - settled, "gone": len(accepted.gone),
                 "conflict": settled}  # fmt: skip
    else:
        taken = {name: 0 if name in kinds else counts.get(name, 0) for name in ("added", "changed", "gone")}
        taken["conflict"] = 0
    out = {name: counts.get(name, 0) - number for name, number in taken.items()}
    return Decision(taken, out)


def _settled(import_: Import, entries: Any) -> int:
    """Conflicts among what is accepted as changed."""
    accepted = writing.accepted(import_, entries)
    kinds = entries["kind"].to_numpy()[accepted.changed]
    return int((kinds == difference.CONFLICT).sum())


def village_names(codes: Sequence[str]) -> dict[str, str]:
    """村名: code → county, township and village."""
    names = ("region_code", "county_name", "township_name", "name")
    rows = Village.objects.filter(region_code__in=set(codes)).values_list(*names)
    return {code: f"{county} {township}{name}" for code, county, township, name in rows}


def masked_numbers(user: User, persons: Iterable[int]) -> dict[int, dict[str, str]]:
    """登记册的号码: under their masks, by person and by field of the comparison, for whom the reader sees by name."""
    named = user.sight().named
    found = Person.objects.visible_to(user).filter(pk__in=set(persons))
    return {
        one.pk: {"id_mark": register.masked(one, "id_number"), "phone_mark": register.masked(one, "phone")}
        for one in found
        if one.region_code in named
    }


def page(import_: Import, kind: str, number: int, wanted: preview.Filter) -> preview.Shown:
    """一页差异: see `imports.preview`."""
    return preview.page(import_.pk, kind, number, wanted)
