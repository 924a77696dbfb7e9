"""jiedui worker: the background worker: imports, exports, searches for duplicates."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(worker)


def worker(
    once: bool = typer.Option(False, "--once", help="Do what waits, then end."),
    parent: int = typer.Option(0, hidden=True, help="End when this process ends."),
) -> None:
    """Do what the pages put into the background; Ctrl-C ends after the job at hand.

    `jiedui serve` starts one by itself. Killing it loses nothing: the next one goes on.

    Example: jiedui worker
    """
    from jiedui.runtime import django

    django.setup()
    from jiedui.jobs import queue

    queue.run(wait=not once, parent=parent)
