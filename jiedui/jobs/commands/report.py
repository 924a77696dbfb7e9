"""jiedui report: the yearly report of pairs and the national table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from jiedui.reports.runs import AssessedRun

EPILOG = """
Examples: `jiedui report --list` names the pairs of the latest assessment · `jiedui report --pair 3` writes its Word
and PDF and the national Excel table · `jiedui report --all` writes those of every pair ·
`jiedui report --save-template mine.docx`, change it in Word, then `jiedui report --pair 3 --template mine.docx`.
"""


def register(app: typer.Typer) -> None:
    """Add `report` to the command line."""
    app.command("report", epilog=EPILOG)(report)


def report(
    pair: Annotated[list[int] | None, typer.Option(help="Number of a pair; may be given several times.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All pairs of the assessment.")] = False,
    show: Annotated[bool, typer.Option("--list", help="Name the pairs and stop.")] = False,
    year: Annotated[int | None, typer.Option(help="Year of the assessment (default: the latest).")] = None,
    template: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="Your Word template.")] = None,
    save_template: Annotated[Path | None, typer.Option(help="Write the default Word template here and stop.")] = None,
) -> None:
    """Write the yearly report of pairs (Word and PDF) and the national table (Excel) from the latest assessment."""
    from jiedui.reports.yearly import word_template

    console = Console(highlight=False, soft_wrap=True)
    if save_template is not None:
        console.print(f"Template written to {word_template.build(save_template)}")
        return
    from jiedui.errors import JieduiError
    from jiedui.runtime import django, progress

    django.setup()
    from jiedui.jobs.reporting import write_reports
    from jiedui.reports import runs
    from jiedui.results.queries.runs import latest

    run = latest("assess", year=year)
    if run is None:
        raise JieduiError(
            "There is no finished assessment yet.", remedy="Run `jiedui assess` (or `jiedui demo`) first."
        )
    assessed = runs.read(run)
    if show:
        console.print(_pairs(assessed))
        return
    chosen = sorted(assessed.pairings) if every else list(pair or [])
    if not chosen:
        raise JieduiError("No pair was named.", remedy="Give --pair NUMBER (see --list) or --all.")
    for number in chosen:
        assessed.pairing(number)
    with progress.steps(["Report"]) as steps, steps.step("Report") as step:
        written = write_reports(run, chosen, template=template, progress=step)
    for path in written:
        console.print(str(path))


def _pairs(assessed: AssessedRun) -> Table:
    from jiedui.reports.runs import mechanism, place

    table = Table("pair", "donor", "recipient", "scheme", title=None)
    for number, pairing in sorted(assessed.pairings.items()):
        donor, recipient = place(pairing.donor_code, assessed.as_of), place(pairing.recipient_code, assessed.as_of)
        table.add_row(str(number), donor, recipient, mechanism(pairing))
    return table
