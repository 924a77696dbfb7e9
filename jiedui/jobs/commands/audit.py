"""jiedui audit: proves the journal, carries it away, anchors it, and shows the history of a row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from jiedui.records.chain import Verdict

EPILOG = """
Examples: `jiedui audit verify` · `jiedui audit export journal.txt`, then on any machine
`jiedui audit verify --file journal.txt --heads journal-heads.tsv` · `jiedui audit show --table person --row 17`.
Exit status of verify: 0 whole, 5 broken. What it proves and what it does not: docs/journal.md.
"""


def register(app: typer.Typer) -> None:
    """Add the command group to the command line."""
    app.add_typer(_group, name="audit")


_group = typer.Typer(no_args_is_help=True, help="Prove that the history was not touched.", epilog=EPILOG)


@_group.command()
def verify(
    file: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="An exported journal; without it, the database.")
    ] = None,
    heads: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Anchors (default: those of the state folder).")
    ] = None,
    rows: Annotated[bool, typer.Option(help="Also that the tables hold the rows that the journal says.")] = False,
) -> None:
    """Prove that nothing of the journal was removed or altered, and name the first broken link.

    Example: jiedui audit verify && jiedui audit seal
    """
    from jiedui.errors import JieduiError, NotVerified

    if file is not None:
        if rows:
            raise JieduiError("A file holds no tables.", remedy="Leave out --rows, or --file.")
        verdict = _of_file(file, heads)
    else:
        from jiedui.runtime import django

        django.setup()
        from jiedui.records import journal

        verdict = journal.verify(heads)
    if verdict.broken is not None:
        raise NotVerified(f"The journal is broken. {verdict.broken}.", remedy=_held(verdict))
    typer.echo(_held(verdict))
    if rows:
        _check_rows()


def _of_file(file: Path, heads: Path | None) -> Verdict:
    """Without Django, database or keys: the anchors' HMAC is not asked for."""
    from jiedui.records import chain

    anchors = chain.anchored(heads, None) if heads else []
    return chain.verify(chain.read_file(file), {anchor.n: anchor.sha256 for anchor in anchors})


def _held(verdict: Verdict) -> str:
    if verdict.seals == 0:
        return "No seal holds." if verdict.broken else "The journal is empty."
    return (
        f"{verdict.entries:,} entries read; {verdict.seals:,} seals hold, the last of {verdict.at}: {verdict.head}; "
        f"{verdict.anchors} anchors compared."
    )


def _check_rows() -> None:
    from jiedui.errors import NotVerified
    from jiedui.records import journal

    found = journal.untold_rows()
    if found:
        raise NotVerified(
            "The tables do not hold the rows that the journal says. " + "; ".join(map(str, found)) + ".",
            remedy="Somebody wrote past the triggers, as the tables' owner: compare with the last backup.",
        )
    typer.echo("The tables hold the rows that the journal says, no more and no fewer.")


@_group.command()
def export(file: Annotated[Path, typer.Argument(help="File to write.")]) -> None:
    """Write the whole journal into one file that can be verified without the database.

    It holds rows of people as they were: keep it like the database.
    Example: jiedui audit export journal.txt
    """
    from jiedui.runtime import django

    django.setup()
    from jiedui.records import journal

    typer.echo(_held(journal.export(file)))


@_group.command()
def seal() -> None:
    """Note the last seal in the state folder, where the database cannot reach; jobs do it when they end.

    Example: jiedui audit seal
    """
    from jiedui.runtime import django

    django.setup()
    from jiedui.records import journal

    anchor = journal.anchor()
    if anchor is None:
        typer.echo("The journal is empty; there is nothing to anchor.")
        return
    typer.echo(f"Seal {anchor.n} of {anchor.at}, {anchor.entries:,} entries: {anchor.sha256}")
    typer.echo(f"Noted in {journal.default_heads()}. Keep a copy elsewhere.")


@_group.command()
def show(
    table: Annotated[str, typer.Option(help="Table, e.g. person.")],
    row: Annotated[int, typer.Option(help="Key of the row.")],
) -> None:
    """The history of one row: who changed what and why, and how it was before. Ciphertexts stay as they are.

    Example: jiedui audit show --table person --row 17
    """
    from jiedui.runtime import django

    django.setup()
    from jiedui.records import journal

    entries = journal.history(table, row)
    if not entries:
        typer.echo(f"The journal says nothing about row {row} of {table}.")
    for entry in entries:
        by = "nobody named" if entry.by is None else f"user {entry.by}"
        imported = "" if entry.import_id is None else f", import {entry.import_id}"
        typer.echo(
            f"{entry.id}  {entry.at:%Y-%m-%d %H:%M:%S}  {entry.operation}  by {by}{imported}  {entry.reason or ''}"
        )
        if entry.before is not None:
            typer.echo(f"    before: {_plain(entry.before)}")
        if entry.operation in ("insert", "truncate"):
            typer.echo(f"    {entry.rows} rows of the statement")


def _plain(row: dict[str, Any]) -> str:
    return json.dumps({name: value for name, value in row.items() if value is not None}, ensure_ascii=False)
