"""查询的来历: what a stranger needs to run the SQL of a stored indicator: placeholders, aggregate, snapshot."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

from jiedui.results.models import IndicatorDefinition, Run

_PLACEHOLDER = re.compile(r"\$([a-z_]+)")
_HEADER = re.compile(r"^-- *([a-z_]+): *(.*\S)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Lineage:
    """来历: `placeholders` as (name, DuckDB literal), in the order of the SQL; the aggregate as declared, "" if not."""

    placeholders: tuple[tuple[str, str], ...]
    aggregate: str
    snapshot: str
    """Name of the snapshot's folder; where it lies is the machine's own affair."""
    snapshot_digest: str


def of(run: Run, definition: IndicatorDefinition) -> Lineage:
    """来历: of an indicator in a run."""
    values = {**_period(run), **_own(run, definition)}
    code = "\n".join(line.split("--", 1)[0] for line in definition.sql.splitlines())
    used = dict.fromkeys(_PLACEHOLDER.findall(code))
    return Lineage(
        placeholders=tuple((name, _literal(values[name])) for name in used if name in values),
        aggregate=dict(_HEADER.findall(definition.sql)).get("aggregate", ""),
        snapshot=PurePath(run.snapshot_path).name,
        snapshot_digest=run.snapshot_digest,
    )


def _own(run: Run, definition: IndicatorDefinition) -> Mapping[str, Any]:
    own = run.parameters.get(definition.indicator, {})
    return own if isinstance(own, Mapping) else {}


def _period(run: Run) -> dict[str, Any]:
    """The year's placeholders; the year ends with the frozen data, if these end before it (`assessment.evidence`)."""
    if run.year is None:
        return {}
    end = date(run.year, 12, 31)
    as_of = run.summary.get("as_of")
    if as_of:
        end = min(end, date.fromisoformat(as_of))
    return {"year": run.year, "year_start": date(run.year, 1, 1), "year_end": end}


def _literal(value: Any) -> str:
    """字面值: as DuckDB reads it."""
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_literal(one) for one in value)}]"
    return str(value)
