"""All checks and tests: linters, types, import contracts, then pytest on each PostgreSQL that there is.

Run by `make test` with the virtual environment's Python. The last line is the summary.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from jiedui.errors import JieduiError
from jiedui.runtime import keys, leases, postgres, settings

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.machine import chromium, debian, node  # noqa: E402

PROGRAMS = Path(sys.executable).parent
CHECKS = (["ruff", "check"], ["ruff", "format", "--check"], ["mypy"], ["lint-imports"])


@dataclass
class Count:
    """What pytest reports of its runs, added up."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, report: Path, status: int) -> None:
        """Add a JUnit report. A run that broke off, or found nothing to run, counts as a failure."""
        with contextlib.suppress(OSError, ElementTree.ParseError):
            for suite in ElementTree.parse(report).iter("testsuite"):
                total, failures, errors, skipped = (
                    int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")
                )
                self.failed += failures + errors
                self.skipped += skipped
                self.passed += total - failures - errors - skipped
        if status not in (0, 1):
            self.failed += 1


def main() -> int:
    """Run everything, then say how it went."""
    try:
        environment = {**os.environ, "CHROMIUM": chromium.find_or_install(), **node.environment(install=True)}
    except JieduiError as error:
        print(f"✗ {error}", file=sys.stderr)
        return int(error.exit_code)
    count, broken = Count(), []
    for check in CHECKS:
        print(f"── {' '.join(check)}", flush=True)
        if subprocess.run([PROGRAMS / check[0], *check[1:]], cwd=ROOT, check=False).returncode:
            broken.append(check[0])
    environment.pop("DATABASE_URL", None)
    with tempfile.TemporaryDirectory(prefix="jiedui-home-") as home, other_postgres() as url:
        Path(home).chmod(0o755)
        print("── pytest, embedded PostgreSQL; beside it the database tests on that of the system", flush=True)
        with contextlib.ExitStack() as runs:
            both = [Run([], environment, quiet=False)]
            runs.callback(both[0].close)
            if url:
                # what a browser shows is seen on the embedded one; the statements behind it run here by other tests
                own = {**environment, "DATABASE_URL": url, "JIEDUI_HOME": home}
                both.append(Run(["-m", "database and not browser"], own, quiet=True))
                runs.callback(both[1].close)
            both[0].told(count)
            for other in both[1:]:
                print("── pytest -m 'database and not browser', PostgreSQL of the system", flush=True)
                other.told(count)
    if broken:
        print(f"✗ not clean: {', '.join(dict.fromkeys(broken))}")
    print(f"{count.passed} passed, {count.failed} failed" + (f", {count.skipped} skipped" if count.skipped else ""))
    return 1 if broken or count.failed else 0


class Run:
    """One run of pytest, begun at once; two of them share the machine, each with a server and a state folder.

    `quiet`: what it says is kept and printed by `told`, so that two runs do not write between each other's lines.
    """

    def __init__(self, arguments: list[str], environment: dict[str, str], *, quiet: bool) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="jiedui-report-"))
        self._quiet = quiet
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "--durations=20",
            f"--junitxml={self._folder / 'report.xml'}",
            *arguments,
        ]
        with (self._folder / "output").open("wb") as output:
            more = {"stdout": output, "stderr": subprocess.STDOUT} if quiet else {}
            self._process = subprocess.Popen(command, cwd=ROOT, env=environment, **more)

    def told(self, count: Count) -> None:
        """Wait for its end, print what it said, and count."""
        status = self._process.wait()
        if self._quiet:
            print((self._folder / "output").read_text(encoding="utf-8", errors="replace"), flush=True)
        count.add(self._folder / "report.xml", status)

    def close(self) -> None:
        """Stop it if it still runs, and remove what it left."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


@contextlib.contextmanager
def other_postgres() -> Iterator[str | None]:
    """A server of the system's own PostgreSQL, reached by DATABASE_URL alone, as a user that may make roles."""
    programs = debian.find_or_install()
    if programs is None:
        print("!! This machine has no PostgreSQL of its own: the database tests ran on the embedded one only.")
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="jiedui-pg-") as folder:
        Path(folder).chmod(0o755)
        own = replace(
            settings.load({}), home=Path(folder) / "home", postgres_bin=programs, assets=settings.load().assets
        )
        try:
            server = postgres.ensure_running(own)
            admin = make_conninfo(server.owner_dsn, user="postgres", password=keys.load(own).admin_password)
            with psycopg.connect(admin, autocommit=True) as connection:
                connection.execute("CREATE ROLE programme LOGIN CREATEDB CREATEROLE PASSWORD 'programme'")
                connection.execute("CREATE DATABASE programme OWNER programme")
            yield make_conninfo(server.owner_dsn, user="programme", password="programme", dbname="programme")
        finally:
            postgres.remove(own)
            leases.release(own.home)


if __name__ == "__main__":
    sys.exit(main())
