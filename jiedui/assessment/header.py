"""指标文件头: the comment at the top of an indicator's SQL, read into an `Indicator`.

An indicator is one SQL file. Its header says what is counted, for whom and by which rule; its body returns the
evidence rows and nothing else, and the value is the declared aggregate of exactly those rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from jiedui.errors import JieduiError

Side = Literal["donor", "recipient"]
Direction = Literal["higher", "lower"]
Period = Literal["year", "as_of"]
Aggregate = Literal[
    "count_distinct(subject)",
    "sum(amount)",
    "ratio(count_distinct(subject))",
    "ratio(sum(amount))",
    "ratio_of_ratios(sum(amount))",
]
Unit = Literal["persons", "person-times", "households", "counties", "firms", "fen", "share", "ratio"]

PARTS: dict[str, tuple[str, ...]] = {
    "count_distinct(subject)": ("",),
    "sum(amount)": ("",),
    "ratio(count_distinct(subject))": ("numerator", "denominator"),
    "ratio(sum(amount))": ("numerator", "denominator"),
    "ratio_of_ratios(sum(amount))": ("numerator", "numerator_base", "denominator", "denominator_base"),
}
"""Which parts the evidence of an aggregate has; a value is missing when a part below a fraction line is 0 or empty."""

REQUIRED = (
    "id",
    "name_zh",
    "name_en",
    "duty",
    "clause",
    "unit",
    "side",
    "direction",
    "aggregate",
    "subject",
    "period",
    "rule_zh",
    "rule_en",
)
OPTIONAL = ("reported", "uses", "parameters", "missing_zh", "missing_en", "note")

_LINE = re.compile(r"^--\s*(?P<key>[a-z_]+):\s*(?P<value>.*\S)\s*$")
_PLACEHOLDER = re.compile(r"\$([a-z_]+)")
_ID = re.compile(r"^[a-z]+\.[a-z0-9_]+$")


@dataclass(frozen=True, slots=True)
class Indicator:
    """指标: one number per pair and year, for one side.

    `reported` names the table that a pair must have rows in before an empty count is a zero; without such rows the
    value is missing. `uses` names the definitions of the scheme that the SQL reads (`definitions/<name>.sql`).
    `parameters` maps a placeholder of the SQL to a policy parameter. `missing_zh` and `missing_en` say what lacks
    when a part below the fraction line is empty.
    """

    id: str
    area: str
    name_zh: str
    name_en: str
    duty: str
    clause: str
    unit: Unit
    side: Side
    direction: Direction
    aggregate: Aggregate
    subject: str
    period: Period
    rule_zh: str
    rule_en: str
    reported: str
    uses: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...]
    missing_zh: str
    missing_en: str
    note: str
    sql: str
    path: Path

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that its evidence rows are split into; ("",) when there is only one."""
        return PARTS[self.aggregate]


def placeholders(sql: str) -> frozenset[str]:
    """占位符: the names of the `$placeholders` in `sql`, comments left out."""
    return frozenset(_PLACEHOLDER.findall("\n".join(line.split("--", 1)[0] for line in sql.splitlines())))


def read(path: Path, *, area: str) -> Indicator:
    """指标: the indicator in the file `path`, which lies in the folder of `area`.

    Raises JieduiError when the header is incomplete or says something that does not exist.
    """
    sql = path.read_text(encoding="utf-8")
    fields = _fields(sql, path)
    for key in REQUIRED:
        if not fields.get(key):
            raise _bad(path, f"has no line `-- {key}: …`", "Complete the header; docs/assessment.md lists its lines.")
    if not _ID.match(fields["id"]) or fields["id"] != f"{area}.{path.stem}":
        raise _bad(path, f"calls itself {fields['id']!r}", f"Its id must be {area}.{path.stem}, from folder and file.")
    indicator = Indicator(
        id=fields["id"],
        area=area,
        name_zh=fields["name_zh"],
        name_en=fields["name_en"],
        duty=fields["duty"],
        clause=fields["clause"],
        unit=cast(Unit, _one_of(fields, "unit", Unit, path)),
        side=cast(Side, _one_of(fields, "side", Side, path)),
        direction=cast(Direction, _one_of(fields, "direction", Direction, path)),
        aggregate=cast(Aggregate, _one_of(fields, "aggregate", Aggregate, path)),
        subject=fields["subject"],
        period=cast(Period, _one_of(fields, "period", Period, path)),
        rule_zh=fields["rule_zh"],
        rule_en=fields["rule_en"],
        reported=fields.get("reported", ""),
        uses=names_of(fields.get("uses", "")),
        parameters=parameters_of(fields.get("parameters", ""), path),
        missing_zh=fields.get("missing_zh", ""),
        missing_en=fields.get("missing_en", ""),
        note=fields.get("note", ""),
        sql=sql,
        path=path,
    )
    if len(indicator.parts) == 1 and not indicator.reported:
        raise _bad(
            path,
            "does not say when an empty count is a zero",
            "Add `-- reported: <table>`: the table that a pair must have rows in.",
        )
    return indicator


def _fields(sql: str, path: Path) -> dict[str, str]:
    """Header lines by key: the comment lines before the first line of SQL."""
    fields: dict[str, str] = {}
    for number, line in enumerate(sql.splitlines(), start=1):
        if not line.startswith("--"):
            break
        match = _LINE.match(line)
        if match is None:
            raise _bad(path, f"line {number} is not of the form `-- key: text`", "Write notes as `-- note: …`.")
        key = match["key"]
        if key not in REQUIRED and key not in OPTIONAL:
            raise _bad(path, f"line {number} has the unknown key {key!r}", f"Known: {', '.join(REQUIRED + OPTIONAL)}.")
        if key in fields:
            raise _bad(path, f"line {number} says {key!r} a second time", "Keep one of them.")
        fields[key] = match["value"]
    return fields


def _one_of(fields: dict[str, str], key: str, kind: object, path: Path) -> str:
    allowed = get_args(kind)
    if fields[key] not in allowed:
        raise _bad(path, f"says `{key}: {fields[key]}`", f"Allowed: {', '.join(allowed)}.")
    return fields[key]


def names_of(text: str) -> tuple[str, ...]:
    """名单: `a, b` as ("a", "b")."""
    return tuple(filter(None, (name.strip() for name in text.split(","))))


def parameters_of(text: str, path: Path) -> tuple[tuple[str, str], ...]:
    """参数: `stay_months = labour.stay_months, …` as pairs of placeholder and parameter key."""
    pairs = []
    for item in filter(None, (part.strip() for part in text.split(","))):
        name, sign, key = (part.strip() for part in item.partition("="))
        if not (sign and name and key):
            raise _bad(path, f"has the parameter {item!r}", "Write `-- parameters: placeholder = area.key, …`.")
        pairs.append((name, key))
    return tuple(pairs)


def _bad(path: Path, what: str, remedy: str) -> JieduiError:
    return JieduiError(f"Indicator file {path.parent.name}/{path.name} {what}.", remedy=remedy)
