"""命令行: the command line `jiedui`.

One file per command in `jobs/commands/`; this file only gathers them and turns errors into one sentence and an exit
status.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from jiedui.errors import JieduiError

COMMANDS = (
    "demo", "serve", "worker", "import_", "duplicates", "read", "simulate", "freeze", "match", "assess", "report",
    "duties", "audit", "keys", "db",
)  # fmt: skip
"""Modules of `jobs/commands/`, in the order of `jiedui --help`."""

app = typer.Typer(
    name="jiedui",
    no_args_is_help=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Jiedui (结对): who helps whom, with what, for which registered household, and what changed.",
    epilog="Exit status: 0 done · 1 a bug · 2 wrong usage · 3 bad input · 4 environment or database · 5 not verified.",
    pretty_exceptions_show_locals=False,
)


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"jiedui.jobs.commands.{name}")


for _name in COMMANDS:
    _module(_name).register(app)


def main() -> None:
    """Run the command line; a `JieduiError` becomes one sentence on standard error, and so does a full disk."""
    try:
        app()
    except JieduiError as error:
        _say(error)
    except Exception as error:
        from jiedui.runtime import problems

        problem = problems.behind(error)
        if problem is None:
            raise
        _say(problem)


def _say(error: JieduiError) -> NoReturn:
    console = Console(stderr=True, soft_wrap=True)
    console.print(f"[bold red]✗[/] {escape(error.message)}", highlight=False)
    if error.remedy:
        console.print(f"  {escape(error.remedy)}", highlight=False)
    sys.exit(int(error.exit_code))
