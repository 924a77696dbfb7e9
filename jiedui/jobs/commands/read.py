"""jiedui read: a published page into clauses and pairings."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from jiedui.policy.reading import Reading

_SHOWN = 12


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("read")(read)


def read(
    page: Annotated[str, typer.Argument(help="The page: a text or HTML file; - reads standard input.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the files; made when it is not there.")],
    on: Annotated[
        str, typer.Option(help="Day whose place names and codes count, e.g. 2021-06-30 (its year is used).")
    ] = "2016-12-07",
    scheme: Annotated[
        str, typer.Option(help="Scheme of every pairing, e.g. east_west, counterpart; otherwise by the page's words.")
    ] = "",
) -> None:
    """Read a published page, however damaged, into its clauses and pairings.

    [bold]jiedui read page.html --out read/[/]  ·  [bold]curl … | jiedui read - --out read/[/]

    Writes pairings.csv (with codes), evidence.csv (the sentence of each), clauses.csv and .json, removed.csv (inserted
    pinyin), dropped.csv (navigation), unresolved.csv (what was not read, and why) and report.md. A page without any
    pairing gives an empty table and exit status 0; what is no text gives exit status 3. It never guesses a pairing.
    """
    from rich.console import Console
    from rich.markup import escape

    from jiedui.policy.reading import read_page, write

    reading = read_page(_bytes_of(page), on=_day(on), scheme=scheme or None)
    write(reading, out)
    console = Console(soft_wrap=True)
    console.print(_counts(reading))
    for row in reading.unresolved[:_SHOWN]:
        console.print("  [yellow]?[/]", escape(f"{row.piece}: {row.reason} (line {row.line})"), highlight=False)
    if len(reading.unresolved) > _SHOWN:
        console.print(f"  … and {len(reading.unresolved) - _SHOWN} more in unresolved.csv", highlight=False)
    if not reading.text.strip():
        console.print("The page is empty: no clause and no pairing.", highlight=False)
    elif not reading.pairings:
        console.print(
            "The page holds no pairing that could be read: pairings.csv has only its header.", highlight=False
        )
    console.print(f"Written to {out}", highlight=False)


def _counts(reading: Reading) -> Table:
    from rich.table import Table

    donors = len({pairing.donor.code for pairing in reading.pairings})
    recipients = len({pairing.recipient.code for pairing in reading.pairings})
    table = Table(show_header=False, box=None, pad_edge=False)
    for label, value, note in (
        ("clauses", len(reading.clauses), ""),
        ("pairings", len(reading.pairings), f"{donors} donors, {recipients} recipients"),
        ("inserted pinyin groups removed", reading.groups, f"in {len(reading.removed)} places"),
        ("pieces of the page left out", len(reading.dropped), "navigation, titles, footers"),
        ("not resolved", len(reading.unresolved), "unresolved.csv says why"),
    ):
        table.add_row(label, f"{value:,}", f"[dim]{note}[/]" if value else "")
    return table


def _bytes_of(page: str) -> bytes:
    import sys

    from jiedui.errors import JieduiError

    if page == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(page).read_bytes()
    except OSError as error:
        raise JieduiError(
            f"{page} cannot be read: {error.strerror or error}.",
            remedy="Give a text or HTML file, or - for standard input.",
        ) from error


def _day(text: str) -> date:
    from jiedui.errors import JieduiError

    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise JieduiError(f"{text!r} is no day.", remedy="Write it as 2016-12-07.") from error
