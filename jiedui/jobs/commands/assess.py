"""jiedui assess: a frozen snapshot into values, scores and grades, every number with its rows."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from jiedui.assessment import Assessment

EPILOG = """
Examples: `jiedui assess --year 2019` assesses the latest snapshot and stores the run for the site and the reports ·
`jiedui assess --year 2019 --snapshot DIR --out tables` needs no database: it writes values, scores, evidence and the
rest as CSV files and stores nothing.

Weights, points, grades and conditions are ours, not official: `schemes/opinion-2016/scheme.toml` has all of them.
"""


class Form(StrEnum):
    """格式: of the files that `--out` writes."""

    csv = "csv"
    parquet = "parquet"


def register(app: typer.Typer) -> None:
    """Add `assess` to the command line."""
    app.command("assess", epilog=EPILOG)(assess)


def assess(
    year: Annotated[int, typer.Option(help="Year to assess.")],
    snapshot: Annotated[
        Path | None, typer.Option(help="Folder of a snapshot (default: the latest in the state folder).")
    ] = None,
    scheme: Annotated[str, typer.Option(help="Assessment scheme.")] = "opinion-2016",
    out: Annotated[Path | None, typer.Option(help="Write tables here instead of storing a run.")] = None,
    form: Annotated[Form, typer.Option("--format", help="Format of the tables in --out.")] = Form.csv,
) -> None:
    """Assess all pairs and both sides from a frozen snapshot; every number is the sum of its evidence rows."""
    from rich.console import Console

    from jiedui.jobs import assessing
    from jiedui.runtime import progress, settings

    folder = snapshot or assessing.latest_snapshot(settings.load().home / "snapshots", year=year)
    console = Console(highlight=False, soft_wrap=True)
    if out is not None:
        from jiedui.assessment import assess as assess_snapshot

        frozen = assessing.open_verified(folder)
        with progress.steps(["Assess"]) as steps, steps.step("Assess") as step:
            outcome = assess_snapshot(frozen, scheme=scheme, year=year, progress=step)
        _say(outcome, console)
        for path in outcome.write(out, form=form.value):
            console.print(str(path))
        return
    from jiedui.runtime import django

    django.setup()
    with progress.steps(["Assess"]) as steps, steps.step("Assess") as step:
        run = assessing.assess(folder, scheme=scheme, year=year, progress=step)
    missing = run.values.filter(value__isnull=True).count()
    console.print(f"Run       {run.run_id}")
    console.print(f"Snapshot  {run.snapshot_digest[:16]}… as of {run.summary['as_of']}")
    console.print(f"Values    {run.values.count():,}, of which {missing:,} missing (never zero)")
    console.print(f"Findings  {run.findings.count():,}")
    console.print(f"Refused   {run.summary['refused_rows']:,} rows name a pair that was not responsible; none counts")


def _say(outcome: Assessment, console: Console) -> None:
    values = outcome.values["value"]
    console.print(f"Snapshot  {outcome.snapshot_digest[:16]}… as of {outcome.as_of}")
    console.print(f"Values    {len(values):,}, of which {values.null_count:,} missing (never zero)")
    console.print(f"Evidence  {outcome.evidence.num_rows:,} rows")
    console.print(f"Refused   {outcome.refused.num_rows:,} rows name a pair that was not responsible; none counts")
