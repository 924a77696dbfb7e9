"""jiedui import: a spreadsheet into the register, from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("import")(import_)


def import_(
    file: Annotated[Path, typer.Argument(help="The .xlsx or .csv.")],
    kind: str = typer.Option("registry", help="registry, worker, work_month, vacancy or village."),
    region: str = typer.Option(..., help="Six digits of the county, prefecture or province."),
    year: int = typer.Option(None, help="Year of the register (rosters only)."),
    source: str = typer.Option("file", help="Where it comes from; its columns are remembered by this name."),
    user: str = typer.Option(..., "--as", help="Who imports: a user with an office there."),
    accept: bool = typer.Option(
        False, "--accept", help="Write all that is added, changed and gone; otherwise compare only."
    ),
) -> None:
    """Compare a spreadsheet with the register, and with --accept write it.

    Without --accept the import waits on the page "Imports" for a decision.

    Example: jiedui import roster.xlsx --region 620122 --year 2019 --as gansu
    """
    from jiedui.runtime import django

    django.setup()
    from jiedui.jobs.importing import by_hand

    for line in by_hand(file, kind=kind, region=region, year=year, source=source, user=user, accept=accept):
        typer.echo(line)
