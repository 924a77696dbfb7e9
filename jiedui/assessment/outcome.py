"""考核结果: the tables that an assessment returns, and how they are written to a folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from jiedui.errors import JieduiError

_TEXT, _INT, _REAL = pa.string(), pa.int64(), pa.float64()
_KEY = [("pairing_id", _INT), ("side", _TEXT), ("area", _TEXT)]


def _schema(*columns: tuple[str, pa.DataType]) -> pa.Schema:
    return pa.schema([pa.field(name, kind) for name, kind in columns])


SCHEMAS: dict[str, pa.Schema] = {
    "definitions": _schema(
        *((name, _TEXT) for name in ("indicator", "area", "side", "name_zh", "name_en", "duty", "clause", "unit")),
        *((name, _TEXT) for name in ("direction", "aggregate", "subject", "period")),
        ("weight", _REAL),
        ("weight_in_area", _REAL),
        *((name, _TEXT) for name in ("basis", "method", "per", "rule_zh", "rule_en", "parameters", "sql")),
    ),
    "values": _schema(
        *_KEY,
        ("indicator", _TEXT),
        ("value", _REAL),
        ("unit", _TEXT),
        ("numerator", _REAL),
        ("denominator", _REAL),
        ("previous", _REAL),
        ("target", _REAL),
        ("score", _REAL),
        ("evidence_rows", _INT),
        ("unknown_rows", _INT),
        *((name, _TEXT) for name in ("missing", "missing_reason", "missing_reason_en", "previous_missing_reason")),
        ("score_missing_reason", _TEXT),
    ),
    "scores": _schema(
        *_KEY,
        ("score", _REAL),
        ("deduction", _REAL),
        ("weight", _REAL),
        ("weight_missing", _REAL),
        ("missing", _TEXT),
        ("rank", _INT),
        ("peer_class", _TEXT),
        ("peers", _INT),
        ("grade", _TEXT),
        ("grade_zh", _TEXT),
    ),
    "conditions": _schema(
        ("pairing_id", _INT),
        ("side", _TEXT),
        ("condition", _TEXT),
        ("indicator", _TEXT),
        ("outcome", _TEXT),
        ("points", _REAL),
        ("at_best", _TEXT),
        ("text_zh", _TEXT),
    ),
    "evidence": _schema(
        ("indicator", _TEXT),
        ("side", _TEXT),
        ("pairing_id", _INT),
        ("row_table", _TEXT),
        ("row_id", _TEXT),
        ("region_code", _TEXT),
        ("happened_on", pa.date32()),
        ("amount", _REAL),
        ("subject", _TEXT),
        ("part", _TEXT),
    ),
    "sensitivity": _schema(
        ("pairing_id", _INT),
        ("side", _TEXT),
        *((name, _INT) for name in ("rank", "rank_low", "rank_high", "rank_best", "rank_worst")),
        *((name, _REAL) for name in ("rank_changed", "grade_changed", "score_low", "score_high")),
        ("draws", _INT),
        ("spread", _REAL),
        ("seed", _INT),
    ),
    "national": _schema(
        *((name, _TEXT) for name in ("indicator", "side", "area", "name_zh", "name_en", "unit")),
        *((name, _REAL) for name in ("value", "numerator", "denominator", "sum_of_pairs")),
        ("evidence_rows", _INT),
        ("missing_reason", _TEXT),
        ("counted_zh", _TEXT),
    ),
    "reach": _schema(("pairing_id", _INT), ("area", _TEXT), ("persons", _INT)),
    "refused": _schema(
        ("row_table", _TEXT),
        ("row_id", _TEXT),
        ("pairing_id", _INT),
        ("region_code", _TEXT),
        ("happened_on", pa.date32()),
    ),
}
"""Columns of each table of an `Assessment`, by name."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """考核结果: everything that one assessment says. Tables have the columns of `SCHEMAS`.

    `evidence` holds every row that a value is an aggregate of, sorted by indicator and pair. `national` counts each
    row and person once, however many pairs they count for. `reach` has the persons reached by area of the help, their
    sum (`area = "sum_of_areas"`) and the distinct persons (`area = "distinct"`); `pairing_id` is null for the nation.
    `refused` are rows that name a pair that was not responsible for their place on their day; they count nowhere.
    """

    scheme: str
    year: int
    as_of: str
    snapshot_digest: str
    policy_digest: str
    seed: int
    parameters: Mapping[str, Any]
    definitions: pa.Table
    values: pa.Table
    scores: pa.Table
    conditions: pa.Table
    evidence: pa.Table
    sensitivity: pa.Table
    national: pa.Table
    reach: pa.Table
    refused: pa.Table

    def lineage(self) -> dict[str, Any]:
        """来历: what is needed to compute the same numbers again."""
        return {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if not isinstance(getattr(self, field.name), pa.Table)
        }

    def write(self, directory: Path, *, form: Literal["csv", "parquet"] = "csv") -> tuple[Path, ...]:
        """写出: one file per table and `assessment.json` with the lineage; existing files of these names are replaced.

        Raises JieduiError when `directory` is not a folder.
        """
        if directory.exists() and not directory.is_dir():
            raise JieduiError(f"{directory} is a file, not a folder.", remedy="Give another --out.")
        directory.mkdir(parents=True, exist_ok=True)
        written = []
        for name in SCHEMAS:
            path = directory / f"{name}.{form}"
            if form == "csv":
                pa_csv.write_csv(getattr(self, name), path)
            else:
                pq.write_table(getattr(self, name), path, compression="zstd")
            written.append(path)
        path = directory / "assessment.json"
        text = json.dumps(self.lineage(), ensure_ascii=False, indent=2, sort_keys=True, default=str)
        path.write_text(text + "\n", encoding="utf-8")
        return (*written, path)
