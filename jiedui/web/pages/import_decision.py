"""审定页: what a file would add, change and take away, entry by entry, and what of it is taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict

from jiedui.errors import JieduiError
from jiedui.records.actions import importing as actions
from jiedui.records.imports import preview
from jiedui.records.imports.preview import Filter
from jiedui.records.models import Import, User
from jiedui.records.queries import importing
from jiedui.web import numbers
from jiedui.web.pages.import_entries import codes, entries, title

SINGLE: Final = 50_000
"""Entries that are left out one by one at most; they are kept with the import."""
SWITCHED: Final = ("added", "changed", "gone")
"""Kinds that may be left out as a whole."""


@dataclass(frozen=True, slots=True)
class Tab:
    """一类: its name, how many entries, and whether it is written as a whole (None: it is not a kind to be written)."""

    name: str
    number: int
    taken: bool | None


def context(user: User, one: Import, asked: QueryDict) -> dict[str, Any]:
    """审定页."""
    tabs = _tabs(one)
    kind = asked.get("kind", "")
    if kind not in preview.KINDS:
        kind = next((tab.name for tab in tabs if tab.number), preview.KINDS[0])
    wanted = _filter(asked)
    shown = preview.page(one.pk, kind, numbers.whole(asked.get("page", "")) or 1, wanted)
    places, fields = preview.offered(one.pk, kind)
    names = importing.village_names([code for code, _times in places] + codes(shown))
    return {
        "tabs": tabs,
        "kind": kind,
        "switched": kind in SWITCHED,
        "tab": next(tab for tab in tabs if tab.name == kind),
        "shown": shown,
        "entries": entries(user, one, kind, shown, names),
        "choosable": kind in (*SWITCHED, "conflict"),
        "wanted": wanted,
        "places": [(code, names.get(code, code), times) for code, times in places],
        "fields": [(name, title(one.kind, name), times) for name, times in fields],
        "decision": importing.decision(one),
        "overtaken": (one.problem or {}).get("overtaken"),
        "last": min(shown.first + preview.PAGE - 1, shown.total),
    }


def choose(one: Import, sent: QueryDict) -> None:
    """采纳与否: what the form says of the entries that it showed and of their kind; others stay as they are."""
    kind = sent.get("kind", "")
    if kind not in (*SWITCHED, "conflict"):
        return
    shown = {key for text in sent.getlist("shown") if (key := numbers.whole_key(text)) is not None}
    ticked = {key for text in sent.getlist("take") if (key := numbers.whole_key(text)) is not None}
    left_out = {name: set((one.excluded or {}).get(name, ())) for name in ("kinds", "rows", "keys", "settled")}
    which = {"gone": "keys", "conflict": "settled"}.get(kind, "rows")
    if kind == "conflict":
        left_out[which] = (left_out[which] - shown) | (ticked & shown)
    else:
        whole = sent.get("whole") == "1"
        left_out["kinds"] = left_out["kinds"] - {kind} if whole else left_out["kinds"] | {kind}
        if whole:
            left_out[which] = (left_out[which] - shown) | (shown - ticked)
    actions.leave_out(one, **left_out)


def choose_fitting(one: Import, asked: QueryDict, *, take: bool) -> None:
    """整批采纳与否: all entries of a kind that fit the filter of the address; those on other pages, too.

    Raises:
        JieduiError: more than `SINGLE` entries would be left out one by one.
    """
    kind, wanted = asked.get("kind", ""), _filter(asked)
    if kind not in SWITCHED:
        return
    which = "keys" if kind == "gone" else "rows"
    left_out = {name: set((one.excluded or {}).get(name, ())) for name in ("kinds", "rows", "keys", "settled")}
    fitting = set(preview.fitting(one.pk, kind, wanted))
    left_out[which] = left_out[which] - fitting if take else left_out[which] | fitting
    if len(left_out[which]) > SINGLE:
        raise JieduiError(
            f"More than {SINGLE:,} entries would be left out one by one.",
            remedy="Leave out the kind as a whole, or send the file without them.",
        )
    actions.leave_out(one, **left_out)


def _filter(asked: QueryDict) -> Filter:
    return Filter(asked.get("place", "")[:12], asked.get("field", "")[:40])


def _tabs(one: Import) -> list[Tab]:
    out = set((one.excluded or {}).get("kinds", ()))
    counts = one.counts or {}
    return [
        Tab(name, int(counts.get(name, 0)), (name not in out) if name in SWITCHED else None) for name in preview.KINDS
    ]
