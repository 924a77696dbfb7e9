"""jiedui simulate: a synthetic country as a snapshot, without a database."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

EPILOG = """
Example: `jiedui simulate --persons 10000 --seed 7 --out country` makes 10,000 registered persons on the real poor
counties and writes them as a verified snapshot into `country`, for DuckDB, pandas or an own analysis. The same numbers
give the same digest on every machine with the same libraries. No person in it exists.
"""


def register(app: typer.Typer) -> None:
    """Add `simulate` to the command line."""
    app.command("simulate", epilog=EPILOG)(simulate)


def simulate(
    out: Annotated[Path, typer.Option(help="Folder to write; new, empty, or holding the same snapshot.")],
    persons: Annotated[int, typer.Option(min=1, help="Registered persons to make.")] = 100_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed: the same seed gives the same country.")] = 2016,
    as_of: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="Last day of the data, 2016-12-31 to 2020-12-31.")
    ] = datetime(2019, 12, 31),
) -> None:
    """Make a synthetic country and write it as a snapshot that analysts can read without a database."""
    from rich.console import Console

    from jiedui import policy, snapshot
    from jiedui.runtime import progress
    from jiedui.simulate.tables import country, pseudonym_key

    day = as_of.date()
    with progress.steps(["Simulate", "Freeze", "Verify"]) as steps:
        with steps.step("Simulate") as step:
            tables = country(persons=persons, seed=seed, as_of=day, progress=step)
            step.note(f"{sum(table.num_rows for table in tables.values()):,} rows in {len(tables)} tables")
        with steps.step("Freeze"):
            frozen = snapshot.freeze_tables(tables, pseudonym_key(seed))
            snapshot.write(frozen, out, as_of=day, policy_digest=policy.digest(), synthetic=True)
        with steps.step("Verify"):
            manifest = snapshot.verify(out)
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"Snapshot  {out}")
    console.print(f"Digest    {manifest.digest}")
    console.print("Data      synthetic: no person in it exists")
