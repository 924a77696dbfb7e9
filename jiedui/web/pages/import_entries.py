"""差异条目: one entry of a comparison, or one problem of a row, in the words of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from jiedui.records.imports import forms
from jiedui.records.imports.difference import DECIDABLE, REASONS
from jiedui.records.imports.preview import KEPT, SENT, Shown
from jiedui.records.imports.refusals import RULES
from jiedui.records.models import Import, User
from jiedui.records.queries import importing
from jiedui.terms import money
from jiedui.terms.divisions import Gazetteer
from jiedui.terms.occupations import Occupations
from jiedui.web.templatetags.figures import in_english, spoken

_REASONS: Final = tuple(REASONS)
_SECRET: Final = {"id_mark": "id_number", "phone_mark": "phone"}
_OF_PERSONS: Final = ("registry", "worker")
_WHOM: Final = ("id_number", "household_id", "month", "worker_follows")
"""What is shown of an entry besides its changes."""


@dataclass(slots=True)
class Entry:
    """一条: as the table shows it."""

    key: str
    """What the form sends for it: the file's row, or of who is gone the register's key; "" = nothing can be chosen."""
    row: int | None
    name: str
    place: str
    person: int | None = None
    taken: bool = False
    facts: list[tuple[str, str]] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    """(title, what the register says, what the file says)."""
    reason: str = ""
    mend: str = ""
    again: bool = False
    """Whether the entry above is about the same row of the file."""


@dataclass(frozen=True, slots=True)
class Words:
    """说法: what the entries of a page are said with: villages by code, the compared fields, the register's numbers."""

    one: Import
    kind: str
    fields: Sequence[str]
    villages: Mapping[str, str]
    numbers: Mapping[int, Mapping[str, str]]
    """Masked, of the persons of the page whose number or phone differs."""

    def entry(self, line: Mapping[str, Any]) -> Entry:
        """一条."""
        code = line["place"] or ""
        entry = Entry("", line["row"], line["name"] or "", self.villages.get(code, code))
        if self.kind in ("refused", "warned"):
            rule = RULES[line["rule"]]
            entry.facts = [(title(self.one.kind, line["field"]), self._stated(line))]
            entry.reason, entry.mend = spoken(rule.means), spoken(rule.mend)
            return entry
        entry.key = str(line["key"] if self.kind == "gone" else line["row"])
        if self.one.kind in _OF_PERSONS and (self.kind in ("changed", "gone") or line["mask"]):
            entry.person = line["key"]
        entry.facts = list(self._facts(line))
        if self.kind in ("changed", "conflict"):
            entry.changes = self._changes(line)
        if self.kind == "conflict":
            reason = _REASONS[line["reason"]]
            entry.reason, entry.mend = spoken(REASONS[reason]), _mend(reason)
            entry.key = entry.key if reason in DECIDABLE else ""
        return entry

    def _facts(self, line: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        side = KEPT if self.kind == "gone" else SENT
        for name in (column.removeprefix(side) for column in line if column.startswith(side)):
            if self.kind in ("added", "gone") or name in _WHOM:
                yield title(self.one.kind, name), say(self.one.kind, name, line[side + name], self.villages)

    def _changes(self, line: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """The fields that differ, what the register says and what the file says."""
        found = []
        for bit, name in enumerate(self.fields):
            if not line["mask"] >> bit & 1:
                continue
            kept, sent = line.get(KEPT + name), line.get(SENT + name)
            if name in _SECRET:
                kept = self.numbers.get(line["key"], {}).get(name, _("another")) if kept else None
            kind = self.one.kind
            found.append(
                (title(kind, name), say(kind, name, kept, self.villages), say(kind, name, sent, self.villages))
            )
        return found

    def _stated(self, line: Mapping[str, Any]) -> str:
        """What stands in the file; of a household's rows that disagree the typed value is kept, said in words."""
        value, name = line["value"] or "", line["field"]
        if line["rule"] != "household_disagrees" or not value:
            return value
        shape = forms.form(self.one.kind)
        if name in shape and shape[name].kind == "yuan":
            return say(self.one.kind, name, int(value), self.villages)
        return say(self.one.kind, name, value == "true" if value in ("true", "false") else value, self.villages)


def entries(user: User, one: Import, kind: str, shown: Shown, villages: Mapping[str, str]) -> list[Entry]:
    """一页的条目: in words, each with whether it is taken."""
    left_out = one.excluded or {}
    rows, keys, settled = (set(left_out.get(name, ())) for name in ("rows", "keys", "settled"))
    lines = shown.rows.to_pylist()
    words = Words(one, kind, shown.fields, villages, _numbers(user, shown, lines))
    found: list[Entry] = []
    for line in lines:
        entry = words.entry(line)
        if kind == "gone":
            entry.taken = line["key"] not in keys
        else:
            entry.taken = line["row"] in settled if kind == "conflict" else line["row"] not in rows
        entry.again = kind in ("refused", "warned") and bool(found) and found[-1].row == entry.row
        found.append(entry)
    return found


def _numbers(user: User, shown: Shown, lines: Sequence[Mapping[str, Any]]) -> dict[int, dict[str, str]]:
    secret = sum(1 << bit for bit, name in enumerate(shown.fields) if name in _SECRET)
    asked = [line["key"] for line in lines if secret and line["mask"] & secret]
    return importing.masked_numbers(user, asked) if asked else {}


def codes(shown: Shown) -> list[str]:
    """村代码: all that a page names."""
    found: set[str] = set()
    for name in ("place", KEPT + "region_code", SENT + "region_code"):
        if name in shown.rows.column_names:
            found.update(code for code in shown.rows[name].to_pylist() if code)
    if "value" in shown.rows.column_names:
        found.update(code for code in shown.rows["value"].to_pylist() if code and len(code) == 12 and code.isdigit())
    return sorted(found)


def title(kind: str, name: str) -> str:
    """栏目名: of a field, as the file's template prints it."""
    shape = forms.form(kind)
    name = _SECRET.get(name, name)
    if name in shape:
        return shape[name].title
    return {"region_code": "行政村", "worker_follows": "劳动力信息随之更新"}.get(name, name)


def say(kind: str, name: str, value: Any, villages: Mapping[str, str]) -> str:
    """值: of a field as people read it; "" where nothing is said."""
    if value is None:
        return ""
    if name == "region_code":
        return villages.get(value, str(value))
    shape = forms.form(kind)
    one = next((field for field in shape.fields if field.name == name), None)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return value.isoformat()[: 7 if one is not None and one.kind == "month" else 10]
    if one is not None and one.kind == "occupation":
        return Occupations.load().name(value)
    if one is not None and one.kind == "division":
        found = Gazetteer.load().get(value)
        return found.full_name if found else str(value)
    if one is not None and one.kind == "yuan":
        return money.yuan(int(value))
    if one is not None and one.choices and value in one.choices:
        return one.choices[value][in_english()]
    return str(value)


def _mend(reason: str) -> str:
    """What can be done about a conflict."""
    return {
        "elsewhere": _("Find out whose number it is; correct the other person's, then send the row again."),
        "moved": _("The office of that county records the move first; then send the row again."),
        "identity": _("Check the identity card. Tick to take the number of the file."),
        "responsible": _("While the person works away, that office's record stands. Tick only if it agreed."),
        "household": _("Check the household. Tick to move the person into the household of the file."),
    }.get(reason, "")
