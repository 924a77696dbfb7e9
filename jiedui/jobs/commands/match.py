"""jiedui match: proposals for workers and vacancies, with the proof that no other assignment is better."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from jiedui.errors import JieduiError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from jiedui.results.models import Run

EPILOG = """
Example: `jiedui match snapshots/2019-12-31` proposes a vacancy to every worker it can, households that are still poor
or fell back first, stores the proposals with their reasons, and compares them with first come first served and greedy.
The points are the parameters `labour.utility.*` (`jiedui/policy/parameters/labour.toml`); all of them are our choice.

`jiedui match snapshots/2019-12-31 --region 533301 --set labour.utility.nearby=40 --quota 533301=20:200 --warm RUN`
serves one county, with another parameter, at least 20 and at most 200 of its people, from an earlier run's prices.
"""


def register(app: typer.Typer) -> None:
    """Add `match` to the command line."""
    app.command("match", epilog=EPILOG)(match)


def match(
    snapshot: Annotated[Path, typer.Argument(help="Folder of a frozen snapshot (see `jiedui freeze`).")],
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day to match on (default: the snapshot's).")
    ] = None,
    problem: Annotated[str, typer.Option(help="What is matched: labour, county_pair, post, village, need.")] = "labour",
    region: Annotated[str, typer.Option(help="Serve only those who live in this division (six digits).")] = "",
    change: Annotated[
        list[str] | None, typer.Option("--set", help="KEY=VALUE: another value of a parameter of ours; repeatable.")
    ] = None,
    quota: Annotated[list[str] | None, typer.Option(help="COUNTY=LEAST or COUNTY=LEAST:MOST; repeatable.")] = None,
    warm: Annotated[str, typer.Option(help="Number of an earlier run whose prices are the start.")] = "",
) -> None:
    """Match workers of registered poor households to vacancies. Proposals only: people decide."""
    from rich.console import Console

    from jiedui import snapshot as snapshots
    from jiedui.jobs import matching
    from jiedui.runtime import django, progress

    django.setup()
    day = on.date() if on else snapshots.open(snapshot).as_of
    told = matching.Settings(
        region_code=_region(region), changed=_changed(problem, change or [], day), quotas=_quotas(quota or []),
        based_on=_number(warm),
    )  # fmt: skip
    with progress.steps(["Match"]) as steps, steps.step("Match") as step:
        run = matching.match(snapshot, problem=problem, on=day, settings=told, progress=step)
    _print(run, Console(highlight=False, soft_wrap=True))


def _print(run: Run, console: Console) -> None:
    """What was found; a problem tells what it has."""
    certificate, counts = run.summary["certificate"], run.summary.get("counts") or {}
    proof = "proven optimal" if certificate["proven"] else f"at most {certificate['gap']:.4%} below the optimum"
    console.print(f"Run         {run.run_id}")
    if "workers" in counts:
        none = counts["workers_without_candidates"]
        console.print(f"Workers     {counts['workers']:,}, {none:,} without a possible one")
        console.print(f"Vacancies   {counts['vacancies']:,} with {counts['seats']:,} free seats")
    console.print(f"Proposals   {certificate['placements']:,}, {proof}")
    if run.summary.get("comparison"):
        console.print(_comparison(run))


def _region(code: str) -> str:
    """The division that is served; "" = all that the snapshot holds."""
    from jiedui.terms.divisions import Gazetteer

    if code and (len(code) != 6 or Gazetteer.load().get(code) is None):
        raise JieduiError(f"There is no division {code!r}.", remedy="Give the six digits of a county or above.")
    return code


def _changed(problem: str, given: list[str], day: date) -> dict[str, Any]:
    """Parameters by key; a list of codes is joined by commas."""
    from jiedui.records.queries import matching as asked

    known = {one.key: one for one in asked.changeable(problem, day)}
    changed: dict[str, Any] = {}
    for text in given:
        key, equals, value = text.partition("=")
        if not equals or key not in known:
            raise JieduiError(f"{text!r} changes no parameter of ours.", remedy=f"Parameters: {', '.join(known)}.")
        listed = isinstance(known[key].value, tuple)
        changed[key] = asked.checked(known[key], value.split(",") if listed else _whole(value))
    return changed


def _quotas(given: list[str]) -> dict[str, tuple[int, int | None]]:
    quotas: dict[str, tuple[int, int | None]] = {}
    for text in given:
        county, equals, limits = text.partition("=")
        least, colon, most = limits.partition(":")
        if not equals or not least:
            raise JieduiError(f"{text!r} is no quota.", remedy="Write COUNTY=LEAST or COUNTY=LEAST:MOST.")
        quotas[_region(county)] = (_whole(least), _whole(most) if colon else None)
        low, high = quotas[county]
        if high is not None and high < low:
            raise JieduiError(f"{text!r}: the most is below the least.", remedy="Write COUNTY=LEAST:MOST.")
    return quotas


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise JieduiError(f"{text!r} is no whole number.", remedy="Write digits only.")
    return int(text)


def _number(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise JieduiError(f"{text!r} is no number of a run.", remedy="Copy it from the page Runs.") from None


def _comparison(run: Run) -> Table:
    """The optimum beside simple rules."""
    from rich.table import Table

    table = Table("way", box=None)
    for heading in ("placed", "first tier", "points", "mean km"):
        table.add_column(heading, justify="right")
    for row in run.summary["comparison"]:
        distance = row["mean_distance_km"]
        table.add_row(
            row["way"],
            f"{row['placements']:,}",
            "—" if row.get("placements_first_tier") is None else f"{row['placements_first_tier']:,}",
            f"{row['utility']:,}",
            "—" if distance is None else f"{distance:,.0f}",
        )
    return table
