"""jiedui demo: the whole journey once, on synthetic data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from jiedui.jobs.demo import Outcome

EPILOG = """
Examples: `jiedui demo` · `jiedui demo --page page.html` reads a published page first · `jiedui demo --persons 5000`
is a small country · `jiedui demo --pair 1 --pair 4` writes two yearly reports. It may be stopped and run again.
"""


def register(app: typer.Typer) -> None:
    """Add `demo` to the command line."""
    app.command("demo", epilog=EPILOG)(demo)


def demo(
    page: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="A published page to read.")] = None,
    persons: Annotated[int, typer.Option(min=1, help="Registered persons to make up.")] = 100_000,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same country.")] = 2016,
    pair: Annotated[list[int] | None, typer.Option(help="Pairs that get a yearly report.")] = None,
) -> None:
    """Read, load, simulate, freeze, match, assess and report: the whole programme once, on synthetic data."""
    from jiedui.jobs.demo import Plan, run

    plan = Plan(page=page, persons=persons, seed=seed, pairs=tuple(pair) if pair else Plan().pairs)
    outcome = run(plan)
    from jiedui.records import journal

    journal.anchor()
    _show(outcome)


def _show(outcome: Outcome) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print()
    found = Table.grid(padding=(0, 2))
    for name, text in outcome.lines:
        found.add_row(f"[bold]{name}[/]", text)
    console.print(found)
    for warning in outcome.warnings:
        console.print(f"[yellow]! {warning}[/]")
    console.print()
    console.print(_comparison(outcome))
    console.print("\n[bold]Reports[/]")
    for path in outcome.reports:
        console.print(f"  {path}")
    console.print("\n[bold]The site[/]: `make serve`, then sign in as one of")
    users = Table.grid(padding=(0, 2))
    for name, password, role in outcome.users:
        users.add_row("", name, password, f"[dim]{role}[/]")
    console.print(users)
    console.print("\nAll people in these data are made up. What is built and what is not: `.venv/bin/jiedui duties`.")


def _comparison(outcome: Outcome) -> Table:
    """The proposals beside what an office would get without them."""
    table = Table("Workers to vacancies", title=None, box=None, header_style="bold", padding=(0, 2), pad_edge=False)
    for heading in ("placed", "points", "mean distance"):
        table.add_column(heading, justify="right")
    for row in outcome.comparison:
        distance = row["mean_distance_km"]
        kilometres = "—" if distance is None else f"{distance:,.0f} km"
        table.add_row(row["way"], f"{row['placements']:,}", f"{row['utility']:,}", kilometres)
    return table
