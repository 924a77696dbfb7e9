"""考核方案: a folder of data and SQL, read into a `Scheme` and checked as a whole.

A scheme is versioned data: what changes from year to year (areas, indicators, weights, grades, conditions) stands in
`schemes/<scheme>/`, never in Python. Loading refuses a scheme that does not hold together.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jiedui.assessment import header
from jiedui.assessment.header import Indicator, Side
from jiedui.errors import JieduiError
from jiedui.terms.codelists import PAIR_LEVEL
from jiedui.terms.codelists import SCHEME as PAIRING_SCHEME

SCHEMES = Path(__file__).parent / "schemes"
METHODS = ("min_max", "goalposts", "attainment")
TESTS = ("not_less_than_previous", "not_more_than_previous", "at_most", "at_least")
BASES = ("official", "ours")
_HEAD = re.compile(r"^-- (uses|parameters): (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Area:
    """考核方面: one of the areas of a scheme, with its weight in the total."""

    id: str
    name_zh: str
    name_en: str
    weight: float
    basis: str


@dataclass(frozen=True, slots=True)
class Weighting:
    """权重与计分: how an indicator enters its area's score. `weight` is inside area and side; 0 = shown only."""

    indicator: str
    weight: float
    basis: str
    method: str
    per: str = ""
    low: float = 0.0
    high: float = 1.0


@dataclass(frozen=True, slots=True)
class PeerClass:
    """同类: who is compared with whom on one side."""

    side: Side
    id: str
    name_zh: str
    name_en: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grade:
    """等次: reaches down to the cumulative share `up_to` of the peer class."""

    id: str
    name_zh: str
    name_en: str
    up_to: float
    basis: str


@dataclass(frozen=True, slots=True)
class Condition:
    """条件: year-on-year condition or limit; unmet it costs `points` or bars the grades above `at_best`."""

    id: str
    name_zh: str
    name_en: str
    side: Side
    indicator: str
    test: str
    basis: str
    limit: float = 0.0
    points: float = 0.0
    at_best: str = ""


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """敏感性设定: how weights are varied."""

    draws: int
    spread: float
    interval: float
    seed: int
    basis: str


@dataclass(frozen=True, slots=True)
class Definition:
    """共用定义: a named part of SQL that several indicators read, so that a rule of counting stands once."""

    name: str
    sql: str
    uses: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """考核方案: areas, indicators, weights and all that turns values into grades."""

    id: str
    name_zh: str
    name_en: str
    duty: str
    years: range
    pairing_schemes: tuple[str, ...]
    basis: Mapping[str, str]
    areas: tuple[Area, ...]
    indicators: tuple[Indicator, ...]
    weights: Mapping[str, Weighting]
    definitions: Mapping[str, Definition]
    reach: str
    peer_classes: tuple[PeerClass, ...]
    grades: tuple[Grade, ...]
    conditions: tuple[Condition, ...]
    sensitivity: Sensitivity
    min_coverage: float
    max_deduction: float

    def indicator(self, identifier: str) -> Indicator:
        """The indicator called `identifier`; JieduiError when the scheme has none of that name."""
        for indicator in self.indicators:
            if indicator.id == identifier:
                return indicator
        raise JieduiError(
            f"Scheme {self.id} has no indicator {identifier!r}.",
            remedy=f"Its indicators: {', '.join(item.id for item in self.indicators)}.",
        )

    def of(self, area: str, side: str) -> tuple[Indicator, ...]:
        """The indicators of one area and side, in the order of scheme.toml."""
        return tuple(item for item in self.indicators if item.area == area and item.side == side)

    def total_weight(self, indicator: Indicator) -> float:
        """Weight of an indicator in its side's total: its weight in the area times the area's weight."""
        area = next(area for area in self.areas if area.id == indicator.area)
        return area.weight * self.weights[indicator.id].weight

    def sql(self, indicator: Indicator) -> str:
        """SQL that runs: the definitions that the indicator uses, then its own text."""
        used = _in_order(indicator.uses, self.definitions, indicator.id)
        if not used:
            return indicator.sql
        with_part = ",\n".join(f"{definition.name} AS (\n{definition.sql.strip()}\n)" for definition in used)
        return f"WITH {with_part}\nSELECT * FROM (\n{indicator.sql.strip()}\n) AS evidence\n"

    def parameters(self, indicator: Indicator) -> dict[str, str]:
        """Placeholders of the SQL and the policy parameters that fill them, those of its definitions included."""
        used = _in_order(indicator.uses, self.definitions, indicator.id)
        return dict([*(pair for definition in used for pair in definition.parameters), *indicator.parameters])


def names(root: Path = SCHEMES) -> tuple[str, ...]:
    """方案名: the schemes there are, by folder."""
    return tuple(sorted(path.parent.name for path in root.glob("*/scheme.toml")))


def load(name: str, *, root: Path = SCHEMES) -> Scheme:
    """考核方案: the scheme in the folder `root/name`; JieduiError when there is none or it does not hold together."""
    folder = root / name
    if not (folder / "scheme.toml").is_file():
        raise JieduiError(f"There is no assessment scheme {name!r}.", remedy=f"Schemes: {', '.join(names(root))}.")
    return _load(folder)


@cache
def _load(folder: Path) -> Scheme:
    path = folder / "scheme.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise JieduiError(f"Scheme file {path} is not TOML: {error}.", remedy="Mend the line that it names.") from error
    try:
        scheme = _build(folder, data)
    except (KeyError, TypeError) as error:
        raise JieduiError(
            f"Scheme file {path} lacks or misspells an entry: {error}.",
            remedy="Compare it with schemes/opinion-2016/scheme.toml.",
        ) from error
    _check(scheme, folder)
    return scheme


def _build(folder: Path, data: dict[str, Any]) -> Scheme:
    areas = tuple(Area(**area) for area in data["areas"])
    weights = [Weighting(indicator=item.pop("id"), **item) for item in data["indicators"]]
    twice = {item.indicator for item in weights if sum(other.indicator == item.indicator for other in weights) > 1}
    if twice:
        raise _bad(folder, f"weighs {', '.join(sorted(twice))} twice", "Keep one entry per indicator.")
    order = [item.indicator for item in weights]
    return Scheme(
        id=data["id"],
        name_zh=data["name_zh"],
        name_en=data["name_en"],
        duty=data["duty"],
        years=range(data["years"]["first"], data["years"]["last"] + 1),
        pairing_schemes=tuple(data["pairing_schemes"]),
        basis=data["basis"],
        areas=areas,
        indicators=tuple(
            sorted(
                _indicators(folder, {area.id for area in areas}),
                key=lambda item: order.index(item.id) if item.id in order else len(order),
            )
        ),
        weights={item.indicator: item for item in weights},
        definitions={path.stem: _definition(path) for path in sorted(folder.glob("definitions/*.sql"))},
        reach=data["reach"],
        peer_classes=tuple(
            PeerClass(**{**item, "levels": tuple(item["levels"])}) for item in data.get("peer_classes", ())
        ),
        grades=tuple(Grade(**item) for item in data["grades"]),
        conditions=tuple(Condition(**item) for item in data.get("conditions", ())),
        sensitivity=Sensitivity(**data["sensitivity"]),
        min_coverage=float(data["scoring"]["min_coverage"]),
        max_deduction=float(data["scoring"]["max_deduction"]),
    )


def _definition(path: Path) -> Definition:
    """A definition and the lines `-- uses:` and `-- parameters:` of its head."""
    sql = path.read_text(encoding="utf-8")
    said = dict(_HEAD.findall(sql))
    parameters = header.parameters_of(said.get("parameters", ""), path)
    return Definition(path.stem, sql, header.names_of(said.get("uses", "")), parameters)


def _indicators(folder: Path, areas: set[str]) -> tuple[Indicator, ...]:
    """Every SQL file of the folder; a subfolder that is no area of the scheme is an error."""
    found = []
    for path in sorted(folder.glob("*/*.sql")):
        area = path.parent.name
        if area == "definitions":
            continue
        if area not in areas:
            raise _bad(
                folder,
                f"has the folder {area}/ but no area {area!r}",
                f"Its areas: {', '.join(sorted(areas))}. Name the folder after one, or add the area to scheme.toml.",
            )
        found.append(header.read(path, area=area))
    return tuple(found)


def _check(scheme: Scheme, folder: Path) -> None:
    """Refuse a scheme that does not hold together."""
    _check_weights(scheme, folder)
    _check_references(scheme, folder)
    grades = [grade.up_to for grade in scheme.grades]
    if not grades or grades != sorted(grades) or grades[-1] != 1.0:
        raise _bad(folder, "has grades whose `up_to` do not rise to 1.0", "Order them from the best; the last is 1.0.")
    if not 0.0 < scheme.sensitivity.spread < 1.0 or scheme.sensitivity.draws < 1:
        raise _bad(folder, "has a sensitivity that cannot be drawn", "0 < spread < 1 and draws ≥ 1.")
    said = {*scheme.basis.values(), *(area.basis for area in scheme.areas), *(grade.basis for grade in scheme.grades)}
    said |= {item.basis for item in scheme.weights.values()} | {item.basis for item in scheme.conditions}
    if not said <= set(BASES):
        raise _bad(folder, f"has the basis {min(said - set(BASES))!r}", 'Write basis = "official" or basis = "ours".')


def _check_weights(scheme: Scheme, folder: Path) -> None:
    if abs(sum(area.weight for area in scheme.areas) - 1.0) > 1e-9:
        raise _bad(folder, "has area weights that do not add up to 1", "Mend [[areas]] in scheme.toml.")
    known = {indicator.id for indicator in scheme.indicators}
    unweighed, unknown = sorted(known - set(scheme.weights)), sorted(set(scheme.weights) - known)
    if unweighed:
        raise _bad(folder, f"does not weigh {', '.join(unweighed)}", "Add [[indicators]]; weight 0 = shown only.")
    if unknown:
        raise _bad(folder, f"weighs {', '.join(unknown)}, which has no SQL file", "Remove it or add the file.")
    for area in scheme.areas:
        for side in ("donor", "recipient"):
            total = sum(scheme.weights[item.id].weight for item in scheme.of(area.id, side))
            if scheme.of(area.id, side) and abs(total - 1.0) > 1e-9:
                raise _bad(folder, f"has weights of {area.id}, {side}, that add up to {total:g}", "Make them 1.")


def _check_references(scheme: Scheme, folder: Path) -> None:
    """Every name that one part of the scheme says must be a name of another part."""
    by_id = {indicator.id: indicator for indicator in scheme.indicators}
    for item in scheme.weights.values():
        if item.method not in METHODS:
            raise _bad(folder, f"scores {item.indicator} by {item.method!r}", f"Methods: {', '.join(METHODS)}.")
        if item.method == "goalposts" and not item.low < item.high:
            raise _bad(folder, f"has goalposts of {item.indicator} with low ≥ high", "Mend low and high.")
        if item.per and (item.per not in by_id or len(by_id[item.per].parts) != 2):
            raise _bad(folder, f"sizes {item.indicator} by {item.per!r}", "`per` names an indicator that is a ratio.")
    grades = {grade.id for grade in scheme.grades}
    if scheme.reach not in by_id:
        raise _bad(folder, f"measures its reach by {scheme.reach!r}", "`reach` names an indicator that counts persons.")
    for condition in scheme.conditions:
        if condition.indicator not in by_id or by_id[condition.indicator].side != condition.side:
            raise _bad(folder, f"has the condition {condition.id} on no indicator of its side", "Mend `indicator`.")
        if condition.test not in TESTS or (condition.at_best and condition.at_best not in grades):
            raise _bad(folder, f"has the condition {condition.id} with an unknown test or grade", f"Tests: {TESTS}.")
    for peer in scheme.peer_classes:
        if not set(peer.levels) <= set(PAIR_LEVEL):
            raise _bad(
                folder, f"has the peer class {peer.id} with an unknown level", f"Levels: {', '.join(PAIR_LEVEL)}."
            )
    if not set(scheme.pairing_schemes) <= set(PAIRING_SCHEME):
        raise _bad(folder, "assesses an unknown kind of pairing", f"Kinds: {', '.join(PAIRING_SCHEME)}.")
    for indicator in scheme.indicators:
        known = {"year", "year_start", "year_end", *scheme.parameters(indicator)}
        unknown = sorted(header.placeholders(scheme.sql(indicator)) - known)
        if unknown:
            raise _bad(
                folder, f"has ${unknown[0]} in {indicator.id} without a parameter", "Add it to `-- parameters:`."
            )


def _in_order(wanted: tuple[str, ...], definitions: Mapping[str, Definition], asked_by: str) -> list[Definition]:
    """The definitions `wanted` and those that they use, each after what it uses."""
    ordered: dict[str, Definition] = {}

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in ordered:
            return
        if name not in definitions or name in path:
            raise JieduiError(
                f"{asked_by} uses the definition {name!r}, which does not exist or uses itself.",
                remedy=f"Definitions: {', '.join(definitions)}.",
            )
        for used in definitions[name].uses:
            visit(used, (*path, name))
        ordered[name] = definitions[name]

    for name in wanted:
        visit(name, ())
    return list(ordered.values())


def _bad(folder: Path, what: str, remedy: str) -> JieduiError:
    return JieduiError(f"Assessment scheme {folder.name} {what}.", remedy=remedy)
