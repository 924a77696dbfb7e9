"""jiedui duties: what the opinion asks, what the software does of it, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import RenderableType

    from jiedui.policy.clauses import Duty
    from jiedui.policy.inventory import Hole, Inventory

_STYLE = {
    "implemented": "green",
    "partly": "yellow",
    "recorded_only": "cyan",
    "guiding": "dim",
    "not_yet": "red",
}
_WIDE = 140
_NAMES_IN_A_CELL = 3


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("duties")(duties)


def duties(
    clause: Annotated[str, typer.Option(help="Only the duties of one clause, e.g. 九 or 9; names in full.")] = "",
    holes: Annotated[bool, typer.Option("--holes", help="Only the duties with a hole, and what it is.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Everything as JSON, for scripts.")] = False,
) -> None:
    """List the duties of the opinion: status, rules, parameters, tests, pages, and the holes.

    [bold]jiedui duties[/]  all 39 duties · [bold]jiedui duties --clause 九[/]  one clause, names in full ·
    [bold]jiedui duties --holes[/]  what is not there yet

    Exit status 5 when a duty called implemented has no test, or something cites a duty that does not exist.
    """
    import json

    from rich.console import Console

    from jiedui.policy import clauses, inventory

    held, found = clauses.load(), inventory.here()
    gaps = found.holes(held)
    shown = held.duties_of(clause) if clause else held.duties
    if holes:
        shown = tuple(duty for duty in shown if any(gap.duty == duty.id for gap in gaps))
    if as_json:
        typer.echo(json.dumps([_entry(duty, found, gaps) for duty in shown], ensure_ascii=False, indent=2))
    else:
        console = Console()
        if holes:
            console.print(_holes(shown, gaps))
        else:
            console.print(
                _details(shown, found, gaps) if clause else _overview(shown, found, gaps, wide=console.width >= _WIDE)
            )
        console.print(_summary(shown, found, gaps))
    _refuse_fatal(gaps)


def _refuse_fatal(gaps: tuple[Hole, ...]) -> None:
    from jiedui.errors import NotVerified

    fatal = [f"{gap.duty}: {gap.message}" for gap in gaps if gap.fatal]
    if fatal:
        raise NotVerified(
            "; ".join(fatal) + ".", remedy="Write the test or the rule, or correct the status in clauses.toml."
        )


def _entry(duty: Duty, found: Inventory, gaps: tuple[Hole, ...]) -> dict[str, object]:
    from dataclasses import asdict

    from jiedui.policy.inventory import KINDS

    served = {words[1]: [mention.where for mention in found.of(duty.id, kind)] for kind, words in KINDS.items()}
    return {
        **asdict(duty),
        **served,
        "holes": [{"message": gap.message, "fatal": gap.fatal} for gap in gaps if gap.duty == duty.id],
    }


def _overview(shown: tuple[Duty, ...], found: Inventory, gaps: tuple[Hole, ...], *, wide: bool) -> RenderableType:
    """One line per duty: with the names of what serves it where there is room, else with their numbers."""
    from rich import box
    from rich.table import Table

    def cell(duty: Duty, *kinds: str) -> str:
        if wide:
            return _names(found, duty, *kinds)
        return _count(sum(len(found.of(duty.id, kind)) for kind in kinds))  # type: ignore[arg-type]

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("duty", no_wrap=True)
    table.add_column("", overflow="fold" if wide else "ellipsis", no_wrap=not wide, max_width=None if wide else 16)
    table.add_column("status", no_wrap=True)
    for name in ("rules and indicators", "parameters", "pages") if wide else ("rules", "params", "pages"):
        table.add_column(name, overflow="fold", justify="left" if wide else "right", min_width=len(name))
    table.add_column("tables", justify="right", min_width=6)
    table.add_column("tests", justify="right", min_width=5)
    for duty in shown:
        table.add_row(
            f"[bold]{duty.id}[/]",
            duty.title_zh,
            _status(duty, gaps),
            cell(duty, "rule", "indicator"),
            cell(duty, "parameter"),
            cell(duty, "page"),
            _count(len(found.of(duty.id, "table"))),
            _count(len(found.of(duty.id, "test"))) if found.tests_seen else "?",
        )
    return table


def _holes(shown: tuple[Duty, ...], gaps: tuple[Hole, ...]) -> RenderableType:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("duty", "", "status", "hole"):
        table.add_column(name, overflow="fold")
    for duty in shown:
        messages = "\n".join(gap.message for gap in gaps if gap.duty == duty.id)
        table.add_row(f"[bold]{duty.id}[/]", duty.title_zh, _status(duty, gaps), messages)
    return table


def _details(shown: tuple[Duty, ...], found: Inventory, gaps: tuple[Hole, ...]) -> RenderableType:
    from rich.console import Group
    from rich.tree import Tree

    from jiedui.policy.inventory import KINDS

    trees = []
    for duty in shown:
        tree = Tree(f"[bold]{duty.id}[/] {duty.title_zh} · {duty.title_en} · {_status(duty, gaps)}")
        tree.add(duty.text_en)
        if duty.missing_en:
            tree.add(f"missing: {duty.missing_en}")
        for kind, (_, name) in KINDS.items():
            mentions = found.of(duty.id, kind)
            if mentions:
                branch = tree.add(f"[dim]{name}[/]")
                for mention in mentions:
                    branch.add(mention.where)
        for gap in gaps:
            if gap.duty == duty.id and gap.message != duty.missing_en:
                tree.add(f"[{'red' if gap.fatal else 'yellow'}]hole: {gap.message}[/]")
        trees.append(tree)
    return Group(*trees)


def _summary(shown: tuple[Duty, ...], found: Inventory, gaps: tuple[Hole, ...]) -> str:
    from collections import Counter

    from jiedui.policy.clauses import STATUSES

    counts = Counter(duty.status for duty in shown)
    parts = [f"[{_STYLE[status]}]{counts[status]} {status}[/]" for status in STATUSES if counts[status]]
    unseen = "" if found.tests_seen else " · the tests are not at hand (no checkout)"
    ids = {duty.id for duty in shown}
    marked = sum(gap.duty in ids for gap in gaps)
    return f"{len(shown)} duties: {', '.join(parts)} · {marked} holes (○){unseen}"


def _status(duty: Duty, gaps: tuple[Hole, ...]) -> str:
    own = [gap for gap in gaps if gap.duty == duty.id]
    mark = " [red]✗[/]" if any(gap.fatal for gap in own) else " ○" if own else ""
    return f"[{_STYLE[duty.status]}]{duty.status}[/]{mark}"


def _names(found: Inventory, duty: Duty, *kinds: str) -> str:
    names = list(dict.fromkeys(mention.short for kind in kinds for mention in found.of(duty.id, kind)))  # type: ignore[arg-type]
    more = len(names) - _NAMES_IN_A_CELL
    return ", ".join(names[:_NAMES_IN_A_CELL]) + (f" +{more}" if more > 0 else "")


def _count(number: int) -> str:
    return str(number) if number else "–"
