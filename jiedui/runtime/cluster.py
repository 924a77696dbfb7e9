"""数据库集群: make, start and stop the embedded server. Callers hold the lock; see `postgres.py` for the doors.

The server listens on a Unix socket only, asks every login for a password (SCRAM), and writes each commit to the disk
before it is acknowledged. It belongs to no process: it has a session of its own and outlives whoever started it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import time
from pathlib import Path

import psutil
from psycopg import pq

from jiedui.errors import EnvironmentProblem
from jiedui.runtime import problems
from jiedui.runtime.binaries import Binaries
from jiedui.runtime.places import SOCKET_NAME, Place

SUPERUSER = "postgres"
PORT = 5432
"""Part of the socket's name only; nothing listens on TCP."""
SPACE_FOR_A_CLUSTER = 200 * 2**20
"""Bytes: an empty cluster takes about 60 MB, its first checkpoints as much again, a copy of the programs 40 MB."""
WAIT_SECONDS = 300
"""For a start that has to recover, or a stop that has to write out."""

PARAMETERS = {
    "listen_addresses": "",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    # a machine of 4 GB that also runs Python
    "max_connections": "60",
    "shared_buffers": "512MB",
    "effective_cache_size": "1GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    # segments as files of the data folder: /dev/shm is 64 MB in a container, and keeps them after a kill -9
    "dynamic_shared_memory_type": "mmap",
    # an acknowledged commit is on the disk
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    # the log holds no statement and no value of a row: both may name persons
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_line_prefix": "%m [%p] ",
}


def make_room(place: Place) -> None:
    """腾出空间: before a new cluster, remove what a killed start left; say so where the disk has no room for one."""
    if place.data.exists():
        return
    for leftover in (*place.folder.glob("new-*"), *place.folder.glob("password-*")):
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    if shutil.disk_usage(place.folder).free < SPACE_FOR_A_CLUSTER:
        raise EnvironmentProblem(
            "The disk is full: a new database needs 200 MB.", remedy="Free some space (about 1 GB)."
        )


def initialise(place: Place, programs: Binaries, password: str, lock: int) -> None:
    """初始化: make an empty cluster unless there is one; refuse one of another major version.

    It is made beside its place and renamed when complete, so a kill at any moment leaves nothing half-made. `initdb`
    inherits the lock: if we are killed, nobody else begins before it has ended.
    """
    version = place.data / "PG_VERSION"
    if version.is_file():
        major = version.read_text(encoding="ascii").strip()
        if major != str(programs.major):
            raise EnvironmentProblem(
                f"The data folder {place.data} is of PostgreSQL {major}, the programs are of {programs.major}.",
                remedy="Move the data over with the old version's pg_dump, or `make clean` to begin with an empty one.",
            )
        return
    if place.data.exists():
        raise EnvironmentProblem(
            f"{place.data} is not a database.",
            remedy="Put back the backup, or `make clean` to begin with an empty one.",
        )
    draft = place.folder / f"new-{os.getpid()}"
    try:
        place.account.make_folder(draft, 0o700)
        _initdb(place, programs, draft, password, lock)
        draft.rename(place.data)
        _sync(place.folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _initdb(place: Place, programs: Binaries, draft: Path, password: str, lock: int) -> None:
    secret = place.folder / f"password-{secrets.token_hex(8)}"
    command = [programs.path("initdb"), "-D", str(draft), "--username", SUPERUSER, "--pwfile", str(secret)]
    command += ["--auth-local=scram-sha-256", "--auth-host=reject", "--encoding=UTF8", "--locale=C.UTF-8"]
    command += ["--data-checksums", "--no-instructions"]
    if programs.major >= 17:
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]  # sorts alike with every C library
    try:
        secret.touch(mode=0o600, exist_ok=False)
        secret.write_text(password, encoding="ascii")
        if place.account.drop:
            os.chown(secret, place.account.uid, place.account.gid)
        made = place.account.run(command, pass_fds=(lock,))
    finally:
        secret.unlink(missing_ok=True)
    if made.returncode != 0:
        raise problems.from_server_text(made.stderr + made.stdout) or EnvironmentProblem(
            f"The database could not be made: {_last_words(made.stderr)}",
            remedy=f"Look into {place.folder}, or set DATABASE_URL to a PostgreSQL of your own.",
        )


def start(place: Place, programs: Binaries) -> None:
    """启动: start the server unless it runs, and wait until it answers, through its recovery too."""
    if postmaster(place) is None:
        _clear_after_crash(place)
        # the shell leaves at once, so that the server is nobody's child; no shell ever parses a path of ours
        command = ["sh", "-c", 'log=$1; shift; "$@" >>"$log" 2>&1 </dev/null & ', "sh", str(place.log)]
        command += [programs.path("postgres"), "-D", str(place.data), "-k", str(place.socket_folder)]
        given = {"cluster_name": place.name, "port": str(PORT), **PARAMETERS}
        for name, value in given.items():
            command += ["-c", f"{name}={value}"]
        if place.log.exists():
            place.log.replace(place.log.with_suffix(".1.log"))
        place.account.run(command, start_new_session=True)
    _wait_until_ready(place)


def _wait_until_ready(place: Place) -> None:
    address = f"host='{place.socket_folder}' port={PORT} dbname=postgres connect_timeout=5".encode()
    deadline = time.monotonic() + WAIT_SECONDS
    grace = time.monotonic() + 2  # the shell may not have come to the server yet
    while pq.PGconn.ping(address) != pq.Ping.OK:
        if time.monotonic() > grace and postmaster(place) is None:
            said = place.log.read_text(encoding="utf-8", errors="replace") if place.log.exists() else ""
            raise problems.from_server_text(said) or EnvironmentProblem(
                f"The database server did not start: {_last_words(said)}", remedy=f"Its log is {place.log}."
            )
        if time.monotonic() > deadline:
            raise EnvironmentProblem(
                f"The database server does not answer after {WAIT_SECONDS} s.", remedy=f"Its log is {place.log}."
            )
        time.sleep(0.05)


def stop(place: Place) -> bool:
    """停止: a fast, clean stop; sessions are ended, open transactions rolled back. Tells whether a server ran."""
    server = postmaster(place)
    if server is None:
        _end(place)
        return False
    for number, seconds in ((signal.SIGINT, WAIT_SECONDS), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
        with contextlib.suppress(psutil.NoSuchProcess):
            server.send_signal(number)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if postmaster(place) is None:
                _end(place)
                return True
            time.sleep(0.05)
    raise EnvironmentProblem(f"The database server (process {server.pid}) does not stop.", remedy="End it by hand.")


def postmaster(place: Place) -> psutil.Process | None:
    """主进程: the running server of this data folder, found by its command line (a pid file may be stale)."""
    for process in _processes(place):
        with contextlib.suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE and str(place.data) in process.cmdline():
                return process
    return None


def _processes(place: Place) -> list[psutil.Process]:
    """The server and its children; the children carry the cluster's name in their title."""
    found = []
    for process in psutil.process_iter(["cmdline", "uids", "status"]):
        line, uids = process.info["cmdline"], process.info["uids"]
        if not line or uids is None or uids.real != place.account.uid or process.info["status"] == psutil.STATUS_ZOMBIE:
            continue
        own = Path(line[0]).name == "postgres" and "-D" in line and str(place.data) in line
        if own or line[0].startswith(f"postgres: {place.name}: "):
            found.append(process)
    return found


def _clear_after_crash(place: Place) -> None:
    """After a kill -9 of the server: its children must be gone before a new one may touch the data.

    Then nobody of ours is left, so lock files that name a living process (the number was given out again, or nobody
    has collected the dead one yet) are removed, or the new server would refuse. Others the server judges itself.
    """
    _end(place)
    for file in (place.data / "postmaster.pid", place.socket_folder / f"{SOCKET_NAME}.lock"):
        with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
            if psutil.pid_exists(int(file.read_text(encoding="utf-8", errors="replace").splitlines()[0])):
                file.unlink()


def _end(place: Place) -> None:
    """Orphans leave by themselves; one in the midst of a long statement does not notice, and is ended."""
    for seconds in (3, 10):
        deadline = time.monotonic() + seconds
        while (alive := _processes(place)) and time.monotonic() < deadline:
            time.sleep(0.05)
        for process in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()


def _last_words(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if any(word in line for word in ("FATAL", "PANIC", "error:", "ERROR"))]
    return ((telling or lines)[-1:] or ["it said nothing."])[0]


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
