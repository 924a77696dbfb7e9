"""jiedui duplicates: persons of the register who may be one."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the command group to the command line."""
    app.add_typer(_group, name="duplicates")


_group = typer.Typer(
    no_args_is_help=True,
    help="Persons of the register who may be one.",
    epilog="Example: `jiedui duplicates find --region 620000`. What an office decided stays decided.",
)


@_group.callback()
def _all() -> None:
    """Persons of the register who may be one; an officer decides on the page."""


@_group.command()
def find(region: str = typer.Option(..., help="Six digits of the county, prefecture or province.")) -> None:
    """Look for persons below a division who may be one, and put the pairs before its office. Decided ones stay decided.

    Example: jiedui duplicates find --region 620000
    """
    from jiedui.runtime import django

    django.setup()
    from jiedui.jobs import duplicates

    done = duplicates.find(region)
    typer.echo(
        f"{done['compared']:,} persons compared: {done['found']:,} pairs may be one person, {done['new']:,} of them "
        f"new; {done['gone']:,} open ones are no longer found."
    )
