"""运行: three million people, fifty users of every role, each a request every two seconds; writes the table.

`python -m bench.register_search.run [--quick] [--keep] [--seconds N]`: in a scratch database of the embedded server (or
that of DATABASE_URL), through `jiedui serve`, so with sign-in rules, rights, row-level security and history on.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from bench.matching import machine
from bench.register_search import people, visitors

DATABASE = "register_search_bench"
RESULTS = machine.ROOT / "bench" / "results"
AIM, FIRM = 20, 60
"""Milliseconds at the 95th percentile."""


def main(arguments: list[str] | None = None) -> int:
    """Prepare, serve, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="100,000 persons and 20 seconds, into files of their own")
    parser.add_argument("--keep", action="store_true", help="use the database of an earlier run, and leave it")
    parser.add_argument("--seconds", type=int, default=0, help="how long the users work (default 120, quick 20)")
    asked = parser.parse_args(arguments)
    persons = 100_000 if asked.quick else 3_000_000
    seconds = asked.seconds or (20 if asked.quick else 120)
    with _database(keep=asked.keep) as fresh:
        known = _filled(persons, fresh=fresh)
        cookies = visitors.sessions(known)
        with _served() as address:
            measured = visitors.work(address, cookies, known, seconds)
    _write(persons, seconds, len(cookies), measured, "register_search-quick" if asked.quick else "register_search")
    return 0


@contextmanager
def _database(*, keep: bool) -> Iterator[bool]:
    """The scratch database as this process's and the site's; whether it is new."""
    from jiedui.runtime import postgres, settings

    server = postgres.ensure_running(settings.load())
    with psycopg.connect(server.owner_dsn, autocommit=True) as connection:
        held = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is not None
        name = sql.Identifier(DATABASE)
        if held and not keep:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
        if not (held and keep):
            connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        os.environ["DATABASE_URL"] = make_conninfo(server.owner_dsn, dbname=DATABASE)
        os.environ["JIEDUI_WEB_DATABASE_URL"] = make_conninfo(server.web_dsn, dbname=DATABASE)
        os.environ["DJANGO_SETTINGS_MODULE"] = "jiedui.runtime.django_settings"
        yield not (held and keep)
        if not keep:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def _filled(persons: int, *, fresh: bool) -> people.Known:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from jiedui.records.loading import load_regions
    from jiedui.records.models import LoadedBatch

    if not fresh:
        return people.known(connection)
    call_command("migrate", verbosity=0)
    load_regions()
    LoadedBatch.objects.create(what="bench", synthetic=True, digest="-", rows={})
    print(f"• copying {persons:,} persons in")
    people.fill(connection, persons)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return people.known(connection)


@contextmanager
def _served() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = [sys.executable, "-c", "from jiedui.jobs.cli import main; main()", "serve", "--port", str(port)]
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    process = subprocess.Popen(program, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/login/", timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def _write(persons: int, seconds: int, users: int, measured: dict[str, list[float]], stem: str) -> None:
    rows = {kind: _figures(times) for kind, times in sorted(measured.items())}
    facts = machine.facts()
    found = {
        "day": date.today().isoformat(), "persons": persons, "users": users, "seconds": seconds, "machine": facts,
        "load_average": os.getloadavg()[0], "milliseconds": rows,
    }  # fmt: skip
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{stem}.json").write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    lines = [
        f"# Finding people among {persons:,}", "",
        f"Written by `python -m bench.register_search.run`; all people are synthetic. {datetime.now(UTC):%Y-%m-%d}. "
        f"{facts['processor']}, {facts['cores']} cores, {facts['memory']}; load average at the end "
        f"{found['load_average']:.1f}.", "",
        f"{users} users of every role work for {seconds} seconds, each sends a request every two seconds over HTTP and "
        "reads the whole answer; rights, row-level security, sign-in rules and history are on. Milliseconds as the "
        f"user waits; firm: 95 % within {FIRM}, aim {AIM}.", "",
        "| work | requests | median | 95 % | 99 % | firm |", "|---|---:|---:|---:|---:|---|",
        *(
            f"| {kind} | {row['requests']} | {row['p50']:.0f} | {row['p95']:.0f} | {row['p99']:.0f} | "
            f"{'met' if row['p95'] <= FIRM else 'missed'} |"
            for kind, row in rows.items()
        ),
    ]  # fmt: skip
    (RESULTS / f"{stem}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(Path(f"{stem}.md").name, "is written")
    print("\n".join(lines[6:]))


def _figures(times: list[float]) -> dict[str, Any]:
    ordered = sorted(times)
    at = {f"p{share}": 1000 * ordered[min(len(ordered) - 1, len(ordered) * share // 100)] for share in (50, 95, 99)}
    return {"requests": len(ordered), **at}


if __name__ == "__main__":
    sys.exit(main())
