"""报告: the page with the tables, from the measurements."""

from __future__ import annotations

from bench.matching import machine
from bench.matching.figures import Measured, Verdict, figures, same_optimum, verdicts
from bench.matching.peers import PEERS
from bench.matching.plan import Row

NAMES = {
    "speedup": "× OR-Tools",
    "speedup_packed": "× packing in",
    "gap": "gap",
    "peak_gb": "GB",
    "times_smaller": "× time at 1m",
    "times_plain": "× time without",
    "warm_share": "of cold time",
    "first_call": "s",
}
HEAD = """# The matching engine beside other libraries

Written by `make bench-matching`; all people in these markets are synthetic. {when}
{machine}

How to read it. Both sides get the same arrays and the same block order of the agents. *Build* is what turns the arrays
into the library's own form (for ours: `Market(…)`), *solve* the call that solves. **× solve** is the peer's solve over
ours; **× packing in** is the peer's solve alone over our build and solve together, so it never counts what the peer
needs for building. Ours are medians of three runs with compiled code in the cache; a peer that needs under five seconds
is the median of three, otherwise one run. Every measurement is a process of its own; *peak* is the most memory of that
process, input included. `verify` has accepted every answer of ours of which a target is called met.

![Seconds to the optimum, and how many times faster than OR-Tools]({picture})
"""


def page(plan: list[Row], measured: dict[str, Measured], picture: str) -> str:
    """The whole page: every row of the plan is there, measured or not."""
    asked = [row for row in plan if row.targets or row.wanted]
    others = [row for row in plan if row not in asked]
    parts = [
        HEAD.format(when=_when(measured), machine=_machine(), picture=picture),
        "## What was asked, and what is reached\n",
        _table(asked, measured, judged=True),
        "\n## The other libraries, and rows for comparison\n",
        _table(others, measured, judged=False),
    ]
    return "\n".join(parts) + "\n"


def _when(measured: dict[str, Measured]) -> str:
    days = sorted({found.when for found in measured.values()})
    engines = sorted({found.engine for found in measured.values()})
    if not days:
        return "Nothing is measured yet."
    span = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    one = f"engine {engines[0]}" if len(engines) == 1 else f"**{len(engines)} versions of the engine**; the JSON says"
    return f"Measured {span}, {one}{' which row' if len(engines) > 1 else ''}."


def _machine() -> str:
    facts = machine.facts()
    versions = ", ".join(f"{name} {facts[name]}" for name in machine.LIBRARIES)
    return (
        f"{facts['processor']}, {facts['cores']} cores, {facts['memory']}, {facts['system']}; "
        f"Python {facts['python']}, {versions}."
    )


def _table(listed: list[Row], measured: dict[str, Measured], *, judged: bool) -> str:
    head = ["work", "size", "ours: build + solve, s", "peer", "peer: build + solve, s", "× solve", "× packing in",
            "same optimum", "gap", "peak GB, ours / peer"]  # fmt: skip
    head += ["asked: firm (aim)", "reached"] if judged else []
    lines = [head, ["---"] * len(head), *(_line(row, measured, judged) for row in listed)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"


def _line(row: Row, measured: dict[str, Measured], judged: bool) -> list[str]:
    found = measured.get(row.key)
    cells = [f"{row.title} (`{row.work}`)", row.size]
    if found is None:
        return cells + ["not in this run", *[""] * 7] + ([_asked(row), "–"] if judged else [])
    known = figures(row, measured)
    peer = measured.get(f"base:{row.size}", Measured()).peer if row.peer == "same:base" else found.peer
    cells += [_ours(found), _peer_name(row), _seconds(peer)]
    cells += [f"{known[name]:.2f}" if name in known else "–" for name in ("speedup", "speedup_packed")]
    same = same_optimum(row, measured)
    cells.append({True: "✓", False: "**NO**", None: "–"}[same])
    cells.append(f"{100 * known['gap']:.4f} %" if "gap" in known else "–")
    cells.append(f"{_gigabytes(found.median('peak_bytes'))} / {_gigabytes((peer or {}).get('peak_bytes'))}")
    return cells + ([_asked(row), reached(row, measured)] if judged else [])


def _ours(found: Measured) -> str:
    if not found.ours:
        return found.reason or "not measured"
    if not found.solved:
        return next((_cell(run["reason"]) for run in found.ours if "reason" in run), "**the runs differ**")
    runs = "" if len(found.ours) >= 3 else f" ({len(found.ours)} run{'s' * (len(found.ours) > 1)})"
    return f"{_short(found.median('build_seconds'))} + {_short(found.median('solve_seconds'))}{runs}"


def _peer_name(row: Row) -> str:
    if row.peer is None:
        return "–"
    if row.peer == "ortools_quotas":
        return "OR-Tools SimpleMinCostFlow with a node per region"
    return PEERS["ortools_flow" if row.peer.startswith("same:") else row.peer][0]


def _seconds(answer: dict[str, object] | None) -> str:
    if answer is None:
        return "–"
    if "reason" in answer:
        return _cell(str(answer["reason"]))
    return f"{_short(answer['build_seconds'])} + {_short(answer['solve_seconds'])}"


def _short(seconds: object) -> str:
    if not isinstance(seconds, int | float):
        return "–"
    return f"{seconds:.3f}" if seconds < 1 else f"{seconds:.2f}" if seconds < 100 else f"{seconds:.0f}"


def _gigabytes(amount: object) -> str:
    return f"{amount / 1e9:.2f}" if isinstance(amount, int | float) else "–"


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ")


def _asked(row: Row) -> str:
    parts = []
    for target in row.targets:
        firm, aim = (_figure(target.figure, bound) for bound in (target.firm, target.aim))
        sides = [f"{target.sign} {firm}"] if target.firm is not None else []
        sides += [f"({aim if aim == 'exact' else f'{target.sign} {aim}'})"] if target.aim is not None else []
        parts.append(" ".join(sides))
    return "; ".join([*parts, *([row.wanted] if row.wanted else [])])


def _figure(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    if name == "gap":
        return f"{100 * value:g} %" if value > 0 else "exact"
    if name == "warm_share":
        return f"{100 * value:.0f} % {NAMES[name]}"
    return f"{value:.3g} {NAMES[name]}"


def reached(row: Row, measured: dict[str, Measured]) -> str:
    """What became of each target, in a few words."""
    said = [_said(verdict) for verdict in verdicts(row, measured)]
    found = measured.get(row.key, Measured())
    if row.measure == "couples" and found.solved:
        run = found.ours[0]
        said.append(f"{run['couples_placed']} of {run['couples']} couples placed, status {run['status']}")
    if row.objective == "stable" and found.solved:
        said.append("no pair blocks (verified)" if found.ours[0].get("verified") else "**not verified**")
    return "; ".join(said) or ("–" if found.solved else "**not yet**")


def _said(verdict: Verdict) -> str:
    if verdict.figure is None:
        return "**not yet**"
    text = _figure(verdict.target.figure, verdict.figure)
    if verdict.firm is False:
        by = verdict.missed_by
        return f"**missed**: {text}" + (f", by {by:.2f} times" if by and 1 < by < float("inf") else "")
    if verdict.aim:
        return f"aim reached: {text}"
    if verdict.firm is None:
        return f"{text}{' (aim not reached)' if verdict.aim is False else ''}"
    return f"met: {text}"


def in_words(row: Row, measured: dict[str, Measured]) -> str:
    """One line for the terminal."""
    found = measured[row.key]
    known = figures(row, measured)
    ratio = f", {known['speedup']:.2f}×" if "speedup" in known else ""
    same = {True: ", same optimum", False: ", ANOTHER OPTIMUM", None: ""}[same_optimum(row, measured)]
    return f"ours {_ours(found)} s; peer {_seconds(found.peer)}{ratio}{same}; {reached(row, measured)}"
