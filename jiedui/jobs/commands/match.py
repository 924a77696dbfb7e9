"""jiedui match: proposals for workers and vacancies, with the proof that no other assignment is better."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from jiedui.results.models import Run

EPILOG = """
Example: `jiedui match snapshots/2019-12-31` proposes a vacancy to every worker it can, households that are still poor
or fell back first, stores the proposals with their reasons, and compares them with first come first served and greedy.
The points are the parameters `labour.utility.*` (`jiedui/policy/parameters/labour.toml`); all of them are our choice.
"""


def register(app: typer.Typer) -> None:
    """Add `match` to the command line."""
    app.command("match", epilog=EPILOG)(match)


def match(
    snapshot: Annotated[Path, typer.Argument(help="Folder of a frozen snapshot (see `jiedui freeze`).")],
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day to match on (default: the snapshot's).")
    ] = None,
) -> None:
    """Match workers of registered poor households to vacancies. Proposals only: people decide."""
    from rich.console import Console

    from jiedui.jobs.matching import match as match_snapshot
    from jiedui.runtime import django, progress

    django.setup()
    with progress.steps(["Match"]) as steps, steps.step("Match") as step:
        run = match_snapshot(snapshot, on=on.date() if on else None, progress=step)
    console = Console(highlight=False, soft_wrap=True)
    certificate, counts = run.summary["certificate"], run.summary["counts"]
    proof = "proven optimal" if certificate["proven"] else f"at most {certificate['gap']:.4%} below the optimum"
    console.print(f"Run         {run.run_id}")
    console.print(f"Workers     {counts['workers']:,}, {counts['workers_without_candidates']:,} without a possible one")
    console.print(f"Vacancies   {counts['vacancies']:,} with {counts['seats']:,} free seats")
    console.print(f"Proposals   {certificate['placements']:,}, {proof}")
    console.print(_comparison(run))


def _comparison(run: Run) -> Table:
    """The optimum beside simple rules."""
    from rich.table import Table

    table = Table("way", box=None)
    for heading in ("placed", "first tier", "points", "mean km"):
        table.add_column(heading, justify="right")
    for row in run.summary["comparison"]:
        distance = row["mean_distance_km"]
        table.add_row(
            row["way"],
            f"{row['placements']:,}",
            f"{row['placements_first_tier']:,}",
            f"{row['utility']:,}",
            "—" if distance is None else f"{distance:,.0f}",
        )
    return table
