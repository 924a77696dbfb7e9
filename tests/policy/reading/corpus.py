"""Reads the corpus `cases/*.txt`: a page and what must come out of it, in one file.

== what the case is about
-- on 2009-06-30                    (optional)
-- page                             (or `-- page empty`, or `-- page without end of line`)
…
-- pairings
donor → recipient || scheme || clause || remark      (each part only where it is not east_west, not empty)
-- unresolved
piece || reason || candidate candidate
-- clauses, -- removed N, -- kept (xi) …, -- dropped     (each only where there is any)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from jiedui.policy.reading import Reading
from jiedui.policy.reading.reading import ON

FOLDER = Path(__file__).parent / "cases"


@dataclass
class Case:
    """One file: the page, the day, and the expected sections by name."""

    name: str
    title: str
    on: date
    page: str
    expected: dict[str, str] = field(default_factory=dict)


def load(path: Path) -> Case:
    """The case of a file."""
    parts = re.split(r"^-- ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    case = Case(path.stem, parts[0].removeprefix("== ").strip(), ON, "")
    for part in parts[1:]:
        head, _, body = part.partition("\n")
        word, _, rest = head.partition(" ")
        if word == "on":
            case.on = date.fromisoformat(rest)
        elif word == "page":
            case.page = {"empty": "", "without end of line": body.removesuffix("\n")}.get(rest, body)
        else:
            case.expected[word] = rest or body
    return case


def all_cases() -> list[Case]:
    """Every case of the corpus, by name."""
    return [load(path) for path in sorted(FOLDER.glob("*.txt"))]


def sections(reading: Reading) -> dict[str, str]:
    """What a reading gave, in the words of the corpus."""
    found = {
        "pairings": "".join(_pairing_lines(reading)),
        "unresolved": "".join(
            " || ".join(filter(None, (u.piece, u.reason, " ".join(c.full_name for c in u.candidates)))) + "\n"
            for u in reading.unresolved
        ),
    }
    if reading.clauses:
        found["clauses"] = "".join(f"{c.label}{c.heading}\n" for c in reading.clauses)
    if reading.groups:
        found["removed"] = str(reading.groups)
    if reading.kept:
        found["kept"] = " ".join(group for _, group in reading.kept)
    if reading.dropped:
        found["dropped"] = "".join(f"{d.text} || {d.reason}\n" for d in reading.dropped)
    return found


def _pairing_lines(reading: Reading) -> list[str]:
    return [
        " || ".join(
            filter(
                None,
                (
                    f"{p.donor.full_name} → {p.recipient.full_name}",
                    p.scheme if p.scheme != "east_west" else "",
                    p.clause,
                    p.remark,
                ),
            )
        )
        + "\n"
        for p in reading.pairings
    ]
