"""保存: what an engine returned becomes a finished run, or nothing of it does.

    with store.running("assess", snapshot_digest=…, snapshot_path=…, policy_digest=…) as run:
        outcome = assess(snapshot)
        store.save_assessment(run, outcome, summary={"as_of": …, "pairings": […]})

The rows, the summary and the status `finished` are written in one transaction. A run whose process died stays
`running` until the next one begins and marks it as failed; readers ask for finished runs only.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection, models, transaction
from django.utils import timezone

from jiedui import __version__
from jiedui.errors import JieduiError
from jiedui.results import evidence, folders
from jiedui.results.copying import copy_rows
from jiedui.results.models import (
    IndicatorDefinition,
    IndicatorValue,
    PairProposal,
    PairScore,
    Proposal,
    RuleFinding,
    Run,
)

_IN_SUMMARY: Final = ("conditions", "sensitivity", "national", "reach")
"""Small tables of an assessment, one row per pair or indicator, that pages and reports read whole."""
_DEFINED: Final = (
    *("indicator", "area", "name_zh", "name_en", "duty", "unit", "side", "direction", "weight", "basis", "sql"),
)
_MANY: Final = 10_000
"""Rows from which on the planner is told at once how many there are."""
_LOCK: Final = 0x52554E  # first key of the advisory locks that living runs hold


@dataclass(frozen=True, slots=True)
class Asked:
    """所问: what a match was asked, as `Run` keeps it."""

    problem: str = ""
    region_code: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    based_on: uuid.UUID | None = None


@contextmanager
def running(
    kind: str,
    *,
    snapshot_digest: str,
    snapshot_path: str,
    policy_digest: str,
    area: str = "",
    scheme: str = "",
    year: int | None = None,
    seed: int | None = None,
    parameters: Mapping[str, Any] | None = None,
    asked: Asked | None = None,
) -> Iterator[Run]:
    """开始运行: a run with its lineage, `running` while the body computes, `failed` when it raises.

    The body must finish it with `save_assessment`, `save_proposals` or `save_pair_proposals`.
    """
    close_abandoned()
    run_id = uuid.uuid4()
    with _lock(run_id):
        run = Run.objects.create(
            run_id=run_id,
            kind=kind,
            area=area,
            scheme=scheme,
            year=year,
            seed=seed,
            snapshot_digest=snapshot_digest,
            snapshot_path=snapshot_path,
            policy_digest=policy_digest,
            code_version=__version__,
            parameters=dict(parameters or {}),
            started_at=timezone.now(),
            folder=folders.name_for(run_id),
            **asdict(asked or Asked()),
        )
        try:
            yield run
            if run.status != "finished":
                raise JieduiError(f"Run {run_id} ended without results.", remedy="This is a bug in the job.")
        except BaseException as error:
            _fail(run, str(error) or type(error).__name__)
            raise


def close_abandoned() -> int:
    """清理中断的运行: runs that are `running` and whose process is gone become `failed`; tells how many."""
    closed = 0
    for run in Run.objects.filter(status="running"):
        if _try_lock(run.run_id):
            _fail(run, "The process ended before the run did.")
            _unlock(run.run_id)
            closed += 1
    return closed


def save_assessment(
    run: Run, outcome: Any, *, findings: Iterable[Any] = (), summary: Mapping[str, Any] | None = None
) -> None:
    """保存考核: definitions, values, scores and evidence of an `Assessment`; the run is finished then.

    `findings` are those that the rules made of the same snapshot, each with its pair and place (`finding`,
    `pairing_id`, `region_code`). The run's parameters become what each indicator's SQL was filled with.
    """
    evidence.write(run, outcome.evidence)
    small = {name: _plain_rows(getattr(outcome, name)) for name in _IN_SUMMARY}
    rows = outcome.definitions.to_pylist()
    parameters = {row["indicator"]: json.loads(row["parameters"]) for row in rows}
    with transaction.atomic():
        IndicatorDefinition.objects.bulk_create(_definition(run, row) for row in rows)
        of_run = {"run_id": str(run.run_id)}
        copy_rows(IndicatorValue, _columns(IndicatorValue, outcome.values), of_run)
        copy_rows(PairScore, _columns(PairScore, outcome.scores), of_run)
        RuleFinding.objects.bulk_create((_finding(run, placed) for placed in findings), batch_size=2000)
        _finish(run, {**small, "refused_rows": outcome.refused.num_rows, **(summary or {})}, parameters)


def save_proposals(run: Run, proposals: pa.Table, *, summary: Mapping[str, Any] | None = None) -> None:
    """保存人岗匹配建议: the columns of `Proposal` without run and id; the run is finished then.

    `summary` has what belongs to all of them: parts, certificate, comparison, counts, by_county. `spread` is added: how
    many proposals there are by home county, work county, tier and what became of the partner, for the pages' filters.
    """
    spread = {
        "home": _tally(proposals, "region_code"),
        "work": _tally(proposals, "work_region_code"),
        "tier": _tally(proposals, "tier"),
        "partner": _tally(proposals, "partner"),
    }
    order = [("region_code", "ascending"), ("utility", "descending"), ("worker_id", "ascending")]
    _save_rows(run, Proposal, proposals.sort_by(order), {**(summary or {}), "spread": spread})


def save_pair_proposals(run: Run, proposals: pa.Table, *, summary: Mapping[str, Any] | None = None) -> None:
    """保存结对建议: the columns of `PairProposal` without run and id; `facts` as JSON text or structs.

    The run is finished then. `problem` may be left out: it is the run's.
    """
    if "problem" not in proposals.column_names:
        proposals = proposals.append_column("problem", pa.repeat(pa.scalar(run.problem), len(proposals)))
    if "facts" not in proposals.column_names:
        proposals = proposals.append_column("facts", pa.repeat(pa.scalar("{}"), len(proposals)))
    elif not pa.types.is_string(proposals.schema.field("facts").type):
        proposals = _as_json(proposals, "facts")
    spread = {"home": _tally(proposals, "left_region"), "work": _tally(proposals, "right_region")}
    order = [("left_region", "ascending"), ("left_id", "ascending"), ("right_id", "ascending")]
    _save_rows(run, PairProposal, proposals.sort_by(order), {**(summary or {}), "spread": spread})


def _as_json(rows: pa.Table, name: str) -> pa.Table:
    """A column of structs as JSON texts; what is not known is left out."""
    told = [{key: value for key, value in (row or {}).items() if value is not None} for row in rows[name].to_pylist()]
    texts = pa.array([_json(row) for row in told], pa.string())
    return rows.set_column(rows.schema.get_field_index(name), name, texts)


def _save_rows(run: Run, model: type[models.Model], rows: pa.Table, summary: Mapping[str, Any]) -> None:
    """Rows in the order in which pages read them, so that a page's rows lie together; all of them or none."""
    with transaction.atomic():
        copy_rows(model, _columns(model, rows), {"run_id": str(run.run_id)})
        _finish(run, summary, None)
    if len(rows) >= _MANY:
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {model._meta.db_table}")


def _tally(rows: pa.Table, name: str) -> dict[str, int]:
    """How many rows there are of each value; of places by their county."""
    if name not in rows.column_names:
        return {}
    values = rows[name]
    if name.endswith(("region_code", "_region")):
        values = pc.utf8_slice_codeunits(values, 0, 6)
    counted = pc.value_counts(pc.fill_null(values.cast(pa.string()), ""))
    found = zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True)
    return {str(value): count for value, count in sorted(found)}


def _finding(run: Run, placed: Any) -> RuleFinding:
    found = placed.finding
    return RuleFinding(
        run=run,
        duty=found.duty,
        rule=found.rule,
        severity=found.severity,
        subject=found.subject,
        message=found.message,
        message_en=found.message_en,
        pairing_id=placed.pairing_id,
        region_code=placed.region_code,
        rows=[{"table": row.table, "key": row.key} for row in found.rows],
    )


def _definition(run: Run, row: Mapping[str, Any]) -> IndicatorDefinition:
    return IndicatorDefinition(
        run=run,
        rule_text=row["rule_zh"],
        rule_text_en=row["rule_en"],
        **{name: row[name] for name in _DEFINED},
    )


def _columns(model: type[models.Model], table: pa.Table) -> pa.Table:
    """The columns that the model stores, but for the run; a text that the table does not give is ""."""
    columns = {}
    for stored in model._meta.concrete_fields:
        if stored.column in table.column_names:
            column = table[stored.column]
            columns[stored.column] = column if stored.null else _filled(column)
        elif stored.has_default() and stored.default == "":
            columns[stored.column] = pa.repeat(pa.scalar(""), table.num_rows)
    return pa.table(columns)


def _filled(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.fill_null(column, "") if pa.types.is_string(column.type) else column


def _finish(run: Run, summary: Mapping[str, Any], parameters: Mapping[str, Any] | None) -> None:
    run.summary = {**run.summary, **summary}
    if parameters is not None:
        run.parameters = {**run.parameters, **parameters}
    run.finished_at = timezone.now()
    run.status = "finished"
    updated = Run.objects.filter(pk=run.pk, status="running").update(
        summary=json.loads(_json(run.summary)),
        parameters=json.loads(_json(run.parameters)),
        finished_at=run.finished_at,
        status=run.status,
    )
    if not updated:
        raise JieduiError(f"Run {run.run_id} is finished or failed already.", remedy="Begin a new run.")


def _fail(run: Run, why: str) -> None:
    run.status = "failed"
    failed = {**run.summary, "failed_because": why}
    Run.objects.filter(pk=run.pk, status="running").update(status="failed", summary=failed)


def _plain_rows(table: pa.Table) -> list[dict[str, Any]]:
    return json.loads(_json(table.to_pylist()))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


@contextmanager
def _lock(run_id: uuid.UUID) -> Iterator[None]:
    """Hold an advisory lock of the session: it is gone when the process is, whatever ended it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [_LOCK, _lock_number(run_id)])
    try:
        yield
    finally:
        _unlock(run_id)


def _try_lock(run_id: uuid.UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, _lock_number(run_id)])
        return bool(cursor.fetchone()[0])


def _unlock(run_id: uuid.UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, _lock_number(run_id)])


def _lock_number(run_id: uuid.UUID) -> int:
    return run_id.int & 0x7FFFFFFF
