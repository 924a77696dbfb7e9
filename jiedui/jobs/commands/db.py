"""jiedui db: the embedded PostgreSQL by hand."""

from __future__ import annotations

import typer

EPILOG = "The server starts by itself when a command needs it and stops with the last one that uses it."


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
    import os
    import shutil
    import subprocess

    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    from jiedui.errors import EnvironmentProblem
    from jiedui.runtime import binaries, postgres, settings

    found = settings.load()
    database = postgres.ensure_running(found)
    program = binaries.client(found, "psql") or shutil.which("psql")
    if program is None:
        raise EnvironmentProblem("psql is not there.", remedy="Install it (Debian: apt-get install postgresql-client).")
    parts = conninfo_to_dict(database.web_dsn if web else database.owner_dsn)
    password = parts.pop("password", None)
    # by the environment, because everybody may read a command line
    environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    ended = subprocess.run([program, make_conninfo(**parts), *context.args], env=environment, check=False)
    raise typer.Exit(ended.returncode)


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
