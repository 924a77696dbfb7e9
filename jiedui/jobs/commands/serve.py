"""jiedui serve: the site, on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    import subprocess

APPLICATION = "jiedui.web.wsgi:application"
"""As text: jobs never imports web."""
TRIES = 50
"""Ports that are tried one after another when none was asked for."""


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(serve)


def serve(
    host: str = typer.Option(None, help="Address to listen on.", show_default="JIEDUI_HOST, 127.0.0.1"),
    port: int = typer.Option(None, min=1, max=65535, help="Port.", show_default="JIEDUI_PORT, or 8000 or the next"),
    workers: int = typer.Option(1, min=1, max=16, help="Processes that answer."),
    background: bool = typer.Option(True, "--worker/--no-worker", help="Do background work, too (jiedui worker)."),
) -> None:
    """Open the site in a browser on this machine; Ctrl-C stops it, and the database with it.

    The database starts by itself. Nothing leaves the machine; to let others in, see docs/operating.md.

    Example: jiedui serve --port 8080
    """
    from dataclasses import replace

    from jiedui.runtime import postgres, settings

    found = settings.load()
    if host is not None:
        found = replace(found, host=host)
    if port is not None:
        found = replace(found, port=port, port_given=True)
    _check_content(postgres.ensure_running(found).owner_dsn)
    free = _free_port(found.host, found.port, only=found.port_given)
    if free != found.port:
        typer.echo(f"Port {found.port} is taken; using {free}.")
    raise typer.Exit(_run(found.host, free, workers, background=background))


def _check_content(address: str) -> None:
    """A site without tables would answer every page with an error."""
    import psycopg

    from jiedui.errors import EnvironmentProblem

    with psycopg.connect(address) as connection:
        (found,) = connection.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone() or (False,)
    if not found:
        raise EnvironmentProblem("There is no programme in the database yet.", remedy="Run `make demo` first.")


def _free_port(host: str, port: int, *, only: bool) -> int:
    """The port, or where it is taken and was not asked for, the next free one."""
    import errno
    import socket

    from jiedui.errors import EnvironmentProblem

    for candidate in range(port, port + (1 if only else TRIES)):
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(host, candidate, type=socket.SOCK_STREAM)[0]
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
                return candidate
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                continue
            raise EnvironmentProblem(
                f"The site cannot listen on {host}: {error.strerror}.", remedy="Use --host 127.0.0.1."
            ) from error
        except OverflowError:
            break
    raise EnvironmentProblem(f"Port {port} on {host} is taken.", remedy="Choose another: JIEDUI_PORT=8080 make serve.")


def _run(host: str, port: int, workers: int, *, background: bool) -> int:
    """Run the web server and the background worker as children until the server ends or Ctrl-C.

    Gives the server's exit status, 0 after Ctrl-C. A worker that dies is started again.
    """
    import os
    import signal
    import subprocess
    import sys
    import time
    from types import FrameType

    from jiedui.errors import ExitCode

    stopped = False
    worker = _worker() if background else None
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", str(workers), "--blocking-threads", "4", "--no-ws", "--log-level", "warning", APPLICATION]
    child = subprocess.Popen(
        command,
        env={**os.environ, "JIEDUI_DB_ROLE": "web", "DJANGO_SETTINGS_MODULE": "jiedui.runtime.django_settings"},
        start_new_session=True,  # Ctrl-C reaches us alone, and we pass it on once
    )

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopped
        stopped = True
        child.terminate()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    while child.poll() is None and not _listens(host, port):
        time.sleep(0.1)
    if child.poll() is None:
        typer.echo(f"The site: http://{_shown(host)}:{port}/   (Ctrl-C stops it)")
    while (status := _ended(child)) is None:
        if worker is not None and worker.poll() is not None and not stopped:
            worker = _worker()
    if worker is not None:
        worker.terminate()
        worker.wait()
    if stopped:
        typer.echo("Stopped.")
        return 0
    return int(ExitCode.ENVIRONMENT) if status else 0


def _worker() -> subprocess.Popen[bytes]:
    """The background worker, as the tables' owner; it ends with this process, whatever becomes of it."""
    import os
    import subprocess
    import sys

    command = [sys.executable, "-c", "from jiedui.jobs.cli import main; main()", "worker", "--parent", str(os.getpid())]
    environment = {**os.environ, "JIEDUI_DB_ROLE": "owner"}
    return subprocess.Popen(command, env=environment, start_new_session=True)


def _ended(child: subprocess.Popen[bytes]) -> int | None:
    """The child's exit status, after waiting a second at most."""
    import subprocess

    try:
        return child.wait(timeout=1)
    except subprocess.TimeoutExpired:
        return None


def _listens(host: str, port: int) -> bool:
    import socket

    try:
        socket.create_connection((_shown(host).strip("[]"), port), timeout=1).close()
    except OSError:
        return False
    return True


def _shown(host: str) -> str:
    """The host as a browser on this machine writes it."""
    if host in ("127.0.0.1", "0.0.0.0", "::"):
        return "localhost"
    return f"[{host}]" if ":" in host else host
