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
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection, models, transaction
from django.utils import timezone

from jiedui import __version__
from jiedui.errors import JieduiError
from jiedui.results import evidence, folders
from jiedui.results.copying import copy_rows
from jiedui.results.models import IndicatorDefinition, IndicatorValue, PairScore, Proposal, RuleFinding, Run

_IN_SUMMARY: Final = ("conditions", "sensitivity", "national", "reach")
"""Small tables of an assessment, one row per pair or indicator, that pages and reports read whole."""
_DEFINED: Final = (
    *("indicator", "area", "name_zh", "name_en", "duty", "unit", "side", "direction", "weight", "basis", "sql"),
)
_LOCK: Final = 0x52554E  # first key of the advisory locks that living runs hold


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
) -> Iterator[Run]:
    """开始运行: a run with its lineage, `running` while the body computes, `failed` when it raises.

    The body must finish it with `save_assessment` or `save_proposals`.
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
        copy_rows(IndicatorValue, _columns(IndicatorValue, run, outcome.values))
        copy_rows(PairScore, _columns(PairScore, run, outcome.scores))
        RuleFinding.objects.bulk_create((_finding(run, placed) for placed in findings), batch_size=2000)
        _finish(run, {**small, "refused_rows": outcome.refused.num_rows, **(summary or {})}, parameters)


def save_proposals(run: Run, proposals: pa.Table, *, summary: Mapping[str, Any] | None = None) -> None:
    """保存匹配建议: proposals with their reasons; the run is finished then.

    `summary` has what belongs to all of them: the certificate and the comparison with simple rules.
    """
    for name in ("reasons", "next_best", "first_wish"):
        texts = [None if value is None else _json(value) for value in proposals[name].to_pylist()]
        proposals = proposals.set_column(proposals.schema.get_field_index(name), name, pa.array(texts, pa.string()))
    with transaction.atomic():
        copy_rows(Proposal, _columns(Proposal, run, proposals))
        _finish(run, summary or {}, None)


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


def _columns(model: type[models.Model], run: Run, table: pa.Table) -> pa.Table:
    """The columns that the model stores, with the run; a text that the table does not give is ""."""
    columns = {"run_id": pa.repeat(pa.scalar(str(run.run_id)), table.num_rows)}
    for field in model._meta.concrete_fields:
        if field.column in table.column_names:
            column = table[field.column]
            columns[field.column] = column if field.null else _filled(column)
        elif field.has_default() and field.default == "":
            columns[field.column] = pa.repeat(pa.scalar(""), table.num_rows)
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
