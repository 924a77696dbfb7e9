"""All checks and tests: linters, types, import contracts, then pytest on each PostgreSQL that there is.

Run by `make test` with the virtual environment's Python. The last line is the summary.
"""

from __future__ import annotations

import contextlib
import os
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
    print("── pytest, embedded PostgreSQL", flush=True)
    environment.pop("DATABASE_URL", None)
    pytest([], environment, count)
    with other_postgres() as url:
        if url:
            print("── pytest -m 'database and not browser', PostgreSQL of the system", flush=True)
            # what a browser shows was seen above; the statements behind it run here by the other tests
            pytest(["-m", "database and not browser"], {**environment, "DATABASE_URL": url}, count)
    if broken:
        print(f"✗ not clean: {', '.join(dict.fromkeys(broken))}")
    print(f"{count.passed} passed, {count.failed} failed" + (f", {count.skipped} skipped" if count.skipped else ""))
    return 1 if broken or count.failed else 0


def pytest(arguments: list[str], environment: dict[str, str], count: Count) -> None:
    """One run of pytest."""
    with tempfile.TemporaryDirectory(prefix="jiedui-report-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
        status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        count.add(report, status)


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
