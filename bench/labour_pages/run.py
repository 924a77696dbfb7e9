"""运行: the pages about a run of a million proposals, in-process through Django's test client; writes the table.

`python -m bench.labour_pages.run [--quick] [--keep] [--requests N]`: in a scratch database of the embedded server (or
that of DATABASE_URL), as the pages' role, so with sign-in rules, rights and row-level security on; storing, too.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
import traceback
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from bench.matching import machine

DATABASE = "labour_pages_bench"
RESULTS = machine.ROOT / "bench" / "results"
FIRM = 80
"""Milliseconds at the 95th percentile."""


def main(arguments: list[str] | None = None) -> int:
    """Prepare in a process of the owner, measure in one of the pages' role, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="50,000 proposals, into files of their own")
    parser.add_argument("--keep", action="store_true", help="use the database of an earlier run, and leave it")
    parser.add_argument("--requests", type=int, default=150, help="of each kind of work")
    asked = parser.parse_args(arguments)
    number = 50_000 if asked.quick else 1_000_000
    stem = "labour_pages-quick" if asked.quick else "labour_pages"
    with _database(keep=asked.keep) as fresh:
        stored = _as_child(_fill, number) if fresh else None
        measured = _as_child(_measure, asked.requests, role="web")
    _write(number, stored, measured, stem)
    return 0


@contextmanager
def _database(*, keep: bool) -> Iterator[bool]:
    """The scratch database by environment; whether it is new."""
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


def _as_child(work: Any, argument: int, role: str = "owner") -> Any:
    """Run in a forked process, whose Django has a role of its own; its answer as JSON through a pipe."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reader)
            os.environ["JIEDUI_DB_ROLE"] = role
            import django

            django.setup()
            with os.fdopen(writer, "w") as out:
                json.dump(work(argument), out)
            code = 0
        except Exception:  # noqa: BLE001  the parent hears of it by the exit code
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writer)
    with os.fdopen(reader) as answer:
        text = answer.read()
    _pid, status = os.waitpid(child, 0)
    if status:
        raise RuntimeError(f"{work.__name__} failed")
    return json.loads(text)


def _fill(number: int) -> dict[str, float]:
    from django.core.management import call_command
    from django.db import connection

    from bench.labour_pages import world
    from jiedui.records.loading import load_regions
    from jiedui.records.models import LoadedBatch

    call_command("migrate", verbosity=0)
    load_regions()
    LoadedBatch.objects.create(what="bench", synthetic=True, digest="-", rows={})
    with connection.cursor() as cursor:
        world.fill(cursor, number, number // 10)
    table = world.proposals(number, number // 10)
    begun = time.monotonic()
    world.save(table)
    seconds = time.monotonic() - begun
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    _users()
    return {"seconds": seconds}


def _users() -> None:
    from django.db.backends.postgresql.psycopg_any import DateRange

    from bench.labour_pages import world
    from jiedui.records.models import RoleGrant, User

    county = world.counties(world.PROVINCE)[60]
    for name, region in (("province", world.PROVINCE), ("prefecture", county[:4] + "00"), ("county", county)):
        user, made = User.objects.get_or_create(username=name)
        if made:
            RoleGrant.objects.create(
                user=user, role="recipient_office", region_code=region, valid=DateRange(date(2016, 1, 1), None)
            )


def _measure(requests: int) -> dict[str, dict[str, float]]:
    from django.test import Client

    from jiedui.records.models import User
    from jiedui.results.models import Run

    run = Run.objects.filter(status="finished", problem="labour").latest("finished_at")
    visitors = []
    for user in User.objects.order_by("username"):
        client = Client(HTTP_HOST="localhost")
        client.force_login(user)
        session = client.session
        session["signed_in_at"] = time.time()
        session.save()
        visitors.append(client)
    chance, measured = random.Random(7), {}
    for kind, ask in _kinds(run).items():
        times = []
        for number in range(requests + 5):
            client, path = visitors[number % len(visitors)], ask(chance)
            begun = time.monotonic()
            answer = client.get(path)
            spent = time.monotonic() - begun
            if answer.status_code != 200:
                raise RuntimeError(f"{path}: {answer.status_code}")
            if number >= 5:  # the first ones load templates and plans
                times.append(spent)
        measured[kind] = _figures(times)
    return measured


def _kinds(run: Any) -> dict[str, Any]:
    """Kind of work → a function of chance that gives an address."""
    spread, base = run.summary["spread"], f"/matching/{run.pk}/proposals/"
    homes, works = list(spread["home"]), list(spread["work"])
    keys = _shown_keys(run)
    return {
        "first page": lambda _c: base,
        "a page in the middle": lambda c: f"{base}?after={c.choice(homes)}{c.randint(101, 110)}201~50~1",
        "county": lambda c: f"{base}?county={c.choice(homes)}",
        "work place": lambda c: f"{base}?work={c.choice(works)}",
        "tier": lambda c: f"{base}?tier={c.choice((0, 1))}",
        "partner": lambda c: f"{base}?partner={c.choice(('together', 'apart', 'alone'))}",
        "several filters": lambda c: f"{base}?work={c.choice(works)}&tier=0&partner=together",
        "one explanation": lambda c: f"/proposals/{c.choice(keys)}/",
        "the run": lambda _c: f"/matching/{run.pk}/",
        "runs and the form": lambda _c: "/matching/",
    }


def _shown_keys(run: Any) -> list[int]:
    """Numbers of proposals that every visitor may open: of the county's."""
    from jiedui.records.access import database_scope
    from jiedui.records.models import User
    from jiedui.results.queries import proposals

    county = User.objects.get(username="county")
    with database_scope(county):
        return list(proposals.of_run(run, county).values_list("pk", flat=True)[:2000])


def _figures(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {f"p{share}": 1000 * ordered[min(len(ordered) - 1, len(ordered) * share // 100)] for share in (50, 95, 99)}


def _write(number: int, stored: dict[str, float] | None, measured: dict[str, dict[str, float]], stem: str) -> None:
    facts = machine.facts()
    found = {
        "day": date.today().isoformat(), "proposals": number, "stored": stored, "machine": facts,
        "load_average": os.getloadavg()[0], "milliseconds": measured, "number": uuid.uuid4().hex[:8],
    }  # fmt: skip
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{stem}.json").write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    storing = f"Storing them, with their indexes, took {stored['seconds']:.0f} s. " if stored else ""
    lines = [
        f"# The pages of a run with {number:,} proposals", "",
        f"Written by `python -m bench.labour_pages.run`; all people are synthetic. {datetime.now(UTC):%Y-%m-%d}. "
        f"{facts['processor']}, {facts['cores']} cores, {facts['memory']}; load average at the end "
        f"{found['load_average']:.1f}.", "",
        f"{storing}Three offices (province, prefecture, county) ask in turn, in one process through Django's test "
        "client as the pages' role; rights and row-level security are on. Milliseconds of the whole answer; firm: 95 % "
        f"within {FIRM}.", "",
        "| work | median | 95 % | 99 % | firm |", "|---|---:|---:|---:|---|",
        *(
            f"| {kind} | {row['p50']:.0f} | {row['p95']:.0f} | {row['p99']:.0f} | "
            f"{'met' if row['p95'] <= FIRM else 'missed'} |"
            for kind, row in measured.items()
        ),
    ]  # fmt: skip
    (RESULTS / f"{stem}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(Path(f"{stem}.md").name, "is written")
    print("\n".join(lines[4:]))


if __name__ == "__main__":
    sys.exit(main())
