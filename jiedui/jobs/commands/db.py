"""jiedui db: the embedded PostgreSQL by hand."""

from __future__ import annotations

from collections.abc import Sequence

import typer

EPILOG = """
Example: `jiedui db psql -- -c "SELECT count(*) FROM records_region"`. The server starts by itself when a command needs
it and stops with the last one that uses it; `jiedui db start` keeps it until `jiedui db stop`.
"""


def register(app: typer.Typer) -> None:
    """Add the command group to the command line."""
    app.add_typer(_group, name="db")


_group = typer.Typer(no_args_is_help=True, help="Start, stop and look into the database.", epilog=EPILOG)


@_group.command()
def start() -> None:
    """Start the embedded PostgreSQL and keep it running until `jiedui db stop`.

    Example: jiedui db start && jiedui db psql -- -c "SELECT count(*) FROM records_region"
    """
    from jiedui.runtime import leases, postgres, settings

    found = settings.load()
    postgres.ensure_running(found)
    if found.database_url is None:
        leases.keep(found.home, True)
    _print_status()


@_group.command()
def stop() -> None:
    """Stop the embedded PostgreSQL cleanly; open transactions are rolled back.

    Example: jiedui db stop
    """
    from jiedui.runtime import postgres, settings

    found = settings.load()
    if found.database_url:
        typer.echo("DATABASE_URL names a server of your own; it is left alone.")
    else:
        typer.echo("Stopped." if postgres.stop(found) else "It was not running.")


@_group.command()
def status() -> None:
    """Whether the database runs, and where it lies. Exit status 0 when it runs, 4 when it does not.

    Example: jiedui db status || jiedui db start
    """
    from jiedui.errors import ExitCode

    if not _print_status():
        raise typer.Exit(int(ExitCode.ENVIRONMENT))


@_group.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def psql(context: typer.Context, web: bool = typer.Option(False, help="As the pages' role, under RLS.")) -> None:
    """Open psql on the database, starting it if need be. What follows `--` is passed on.

    Example: jiedui db psql -- -c "SELECT count(*) FROM records_person"
    """
    from jiedui.runtime import postgres, settings

    found = settings.load()
    database = postgres.ensure_running(found)
    raise typer.Exit(_client("psql", database.web_dsn if web else database.owner_dsn, *context.args))


@_group.command()
def dump() -> None:
    """Write the whole embedded database to standard output. Keep it together with keys.toml.

    Example: jiedui db dump > jiedui.dump
    """
    raise typer.Exit(_client("pg_dump", _administrator(), "--format=custom"))


@_group.command()
def restore() -> None:
    """Read a dump from standard input into the embedded database; what was in it before is replaced, or nothing is.

    Example: jiedui db restore < jiedui.dump
    """
    options = ["--clean", "--if-exists", "--single-transaction", "--exit-on-error", "--dbname"]
    raise typer.Exit(_client("pg_restore", _administrator(), before=options))


def _administrator() -> str:
    from jiedui.errors import EnvironmentProblem
    from jiedui.runtime import postgres, settings

    found = settings.load()
    if found.database_url:
        raise EnvironmentProblem("DATABASE_URL names a server of your own.", remedy="Use its own pg_dump, pg_restore.")
    postgres.ensure_running(found)
    return postgres.administrator(found)


def _client(name: str, address: str, *after: str, before: Sequence[str] = ()) -> int:
    """Run a client program of PostgreSQL on this terminal; give its exit status."""
    import os
    import shutil
    import subprocess

    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    from jiedui.errors import EnvironmentProblem
    from jiedui.runtime import binaries, settings

    program = binaries.client(settings.load(), name) or shutil.which(name)
    if program is None:
        raise EnvironmentProblem(
            f"{name} is not there.", remedy="Install it (Debian: apt-get install postgresql-client)."
        )
    parts = conninfo_to_dict(address)
    password = parts.pop("password", None)
    # by the environment, because everybody may read a command line
    environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    return subprocess.run([program, *before, make_conninfo(**parts), *after], env=environment, check=False).returncode


def _print_status() -> bool:
    from jiedui.runtime import postgres, settings

    found = postgres.status(settings.load())
    state = "running" if found.running else "not running"
    if not found.embedded:
        typer.echo(f"DATABASE_URL: {state}" + (f", PostgreSQL {found.version}" if found.version else ""))
        return found.running
    version = f"PostgreSQL {found.version}" if found.version else "no database yet"
    typer.echo(f"Embedded server: {state} ({version}, as {found.account})")
    if found.running:
        typer.echo(f"  process  {found.pid}" + (", kept until `jiedui db stop`" if found.kept else ""))
        typer.echo(f"  socket   {found.socket}")
    typer.echo(f"  data     {found.data}")
    return found.running
