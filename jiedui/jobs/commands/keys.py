"""jiedui keys: which keys encrypt and open, a new one, and one that is no longer needed."""

from __future__ import annotations

from typing import Annotated

import typer

EPILOG = """
Example: `jiedui keys status && jiedui keys rotate && jiedui keys retire 1`. Search by identity number and phone works
at every moment of a rotation; one that was stopped goes on with `jiedui keys rotate`. The key of the pseudonyms is not
rotated: docs/journal.md says why.
"""


def register(app: typer.Typer) -> None:
    """Add the command group to the command line."""
    app.add_typer(_group, name="keys")


_group = typer.Typer(no_args_is_help=True, help="The keys of identity numbers and phones.", epilog=EPILOG)


@_group.command()
def status() -> None:
    """The data keys, their suites, and how many identity numbers and phones each of them holds.

    Example: jiedui keys status
    """
    from jiedui.runtime import django

    django.setup()
    from jiedui.records.actions import keys

    for key in keys.status():
        mark = "encrypts" if key.active else "opens   "
        typer.echo(f"key {key.id}  {mark}  {key.suite}  {key.id_numbers:,} identity numbers, {key.phones:,} phones")


@_group.command()
def rotate(
    suite: Annotated[str | None, typer.Option(help="aes-siv or sm4-hmac-sm3 (default: JIEDUI_CIPHER_SUITE).")] = None,
) -> None:
    """Make a new key, and encrypt and index everybody anew under it, batch by batch. May be stopped and run again.

    Example: jiedui keys rotate --suite sm4-hmac-sm3
    """
    from jiedui.runtime import django, progress

    django.setup()
    from jiedui.records import journal
    from jiedui.records.actions import keys

    with progress.steps(["Rotate"]) as steps, steps.step("Rotate") as step:
        done = keys.rotate(suite, progress=step)
    journal.anchor()
    typer.echo(f"Key {done.active} encrypts; {done.persons:,} persons were encrypted anew.")


@_group.command()
def retire(
    number: Annotated[int, typer.Argument(help="Key, as `jiedui keys status` names it.")],
) -> None:
    """Remove a key that holds nothing any more. Older entries of the journal keep ciphertexts that only it opens.

    Example: jiedui keys retire 1
    """
    from jiedui.runtime import django

    django.setup()
    from jiedui.records.actions import keys

    keys.retire(number)
    typer.echo(f"Key {number} is gone from the keys; what the journal keeps under it opens only with the backup.")
