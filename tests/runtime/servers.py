"""Homes and worker processes for the tests of the embedded server."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psutil

from jiedui.runtime import cluster, leases, places, postgres, settings
from jiedui.runtime.settings import Settings

START = """
from jiedui.runtime import cluster, places, postgres, settings
found = settings.load()
database = postgres.ensure_running(found)
print(cluster.postmaster(places.decide(found)).pid, flush=True)
"""
COMMIT = (
    START
    + """
import itertools, psycopg
with psycopg.connect(database.owner_dsn, autocommit=True) as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS kept (number bigint PRIMARY KEY, worker int)")
    (first,) = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM kept").fetchone()
    for number in itertools.count(first):
        connection.execute("INSERT INTO kept VALUES (%s, 0)", [number])
        print(number, flush=True)
"""
)


MEMORY = Path("/dev/shm")
"""Where homes lie that need no disk: a kill -9 is the same in memory, and making a database is ten times faster."""


def open_folder(*, disk: bool = False) -> Path:
    """A new folder that every account may enter, in memory where there is room."""
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2**30
    folder = Path(tempfile.mkdtemp(prefix="jd-", dir=MEMORY if roomy and not disk else None))
    folder.chmod(0o755)
    return folder


@contextmanager
def new_home(name: str = "home", folder: Path | None = None) -> Iterator[Settings]:
    """The settings of a fresh state folder that every account may enter; nothing of it is left afterwards."""
    parent = folder or open_folder()
    found = replace(settings.load({}), home=parent / name)
    try:
        yield found
    finally:
        postgres.remove(found)
        leases.release(found.home)
        shutil.rmtree(parent)


def worker(found: Settings, program: str) -> subprocess.Popen[str]:
    """A Python process of its own on this state folder."""
    environment = {key: value for key, value in os.environ.items() if key not in settings.VARIABLES}
    environment["JIEDUI_HOME"] = str(found.home)
    return subprocess.Popen(
        [sys.executable, "-c", program], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def server(found: Settings) -> psutil.Process | None:
    """The running server of this state folder."""
    return cluster.postmaster(places.decide(found))


def acknowledged(process: subprocess.Popen[str], at_least: int) -> list[int]:
    """The numbers a `COMMIT` worker has acknowledged, once there are so many; its server's number is left out."""
    lines: list[int] = []
    while len(lines) <= at_least and (line := process.stdout.readline()):
        lines.append(int(line))
    return lines[1:]


def rest(process: subprocess.Popen[str]) -> list[int]:
    """What it acknowledged after that, until it ended."""
    said, _ = process.communicate(timeout=60)
    return [int(line) for line in said.splitlines() if line.isdigit()]


def status_of(found: Settings, program: str) -> int:
    """Run a worker to its end."""
    process = worker(found, program)
    process.communicate(timeout=60)
    return process.returncode
