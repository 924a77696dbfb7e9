"""jiedui freeze: the records of one moment as a verified snapshot."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

EPILOG = """
Example: `jiedui freeze --as-of 2019-12-31` writes `snapshots/2019-12-31` in the state folder and prints its digest.
The same records give the same digest; a folder that holds the same snapshot already is left as it is.
"""


def register(app: typer.Typer) -> None:
    """Add `freeze` to the command line."""
    app.command("freeze", epilog=EPILOG)(freeze)


def freeze(
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Cut-off day of the data.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder to write (default: snapshots/DAY in the state folder).")
    ] = None,
) -> None:
    """Freeze the records into a snapshot: Parquet without names or identity numbers, with one digest for the whole."""
    from rich.console import Console

    from jiedui.jobs.freezing import freeze as freeze_records
    from jiedui.runtime import django, progress, settings

    django.setup()
    from jiedui.records import journal

    day = as_of.date()
    directory = out or settings.load().home / "snapshots" / day.isoformat()
    with progress.steps(["Freeze"]) as steps, steps.step("Freeze") as step:
        manifest = freeze_records(directory, as_of=day, progress=step)
    journal.anchor()
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"Snapshot  {directory}")
    console.print(f"Digest    {manifest.digest}")
    console.print(f"Data      {'synthetic' if manifest.synthetic else 'real'}, as of {day}")
