"""数字: what the measurements of a row say, and whether that is what was asked."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from typing import Any

from bench.matching.plan import Row, Target


@dataclass
class Measured:
    """测得: the runs of ours, the run of the peer, and the reason where there is none."""

    ours: list[dict[str, Any]] = field(default_factory=list)
    peer: dict[str, Any] | None = None
    reason: str = ""
    when: str = ""
    engine: str = ""

    def median(self, name: str) -> float | None:
        """The median over our runs; None where it was not measured."""
        values = [run[name] for run in self.ours if run.get(name) is not None]
        return statistics.median(values) if values else None

    @property
    def solved(self) -> bool:
        """Whether ours has an answer, the same one in every run."""
        found = {(run.get("value"), run.get("placements")) for run in self.ours}
        return bool(self.ours) and len(found) == 1 and all("reason" not in run for run in self.ours)

    @property
    def peer_solved(self) -> bool:
        """Whether the peer has an answer."""
        return self.peer is not None and "reason" not in self.peer


@dataclass(frozen=True)
class Verdict:
    """判断: of one target: the figure, and whether firm and aim are reached (None: not measured or not asked)."""

    target: Target
    figure: float | None
    firm: bool | None
    aim: bool | None

    @property
    def missed_by(self) -> float | None:
        """How many times the figure would have to be better to meet what is firm."""
        if self.figure is None or self.target.firm is None or self.firm:
            return None
        better, worse = (self.target.firm, self.figure) if self.target.sign == "≥" else (self.figure, self.target.firm)
        return better / worse if worse > 0 else float("inf")


def figures(row: Row, all_: dict[str, Measured]) -> dict[str, float]:
    """Every figure that the measurements give: see the names below.

    speedup: the peer's seconds of solving over ours. speedup_packed: the peer's seconds of solving, without its
    building, over ours of building and solving together. times_smaller: seconds over those of the tenth of the size.
    times_plain: seconds of solving over those of the same market without side constraints. warm_share: warm seconds
    over cold ones. first_call: seconds of building and solving with nothing compiled. gap: relative, certified.
    """
    found = all_.get(row.key, Measured())
    if not found.solved:
        return {}
    build, solve = found.median("build_seconds"), found.median("solve_seconds")
    given: dict[str, float | None] = {"build": build, "solve": solve}
    if row.objective != "stable":  # a stable matching is not after the greatest sum
        given["gap"] = found.median("gap")
    memory = found.median("peak_bytes")
    given["peak_gb"] = memory / 1e9 if memory else None
    peer = all_.get(f"base:{row.size}", Measured()).peer if row.peer == "same:base" else found.peer
    if peer is not None and "reason" not in peer and build is not None and solve is not None:
        given["speedup"] = peer["solve_seconds"] / solve
        given["speedup_packed"] = peer["solve_seconds"] / (build + solve)
    smaller = all_.get(f"{row.work}:1m", Measured()).median("solve_seconds") if row.size == "10m" else None
    for name, other in (("times_plain", found.median("plain_seconds")), ("warm_share", found.median("cold_seconds")),
                        ("times_smaller", smaller)):  # fmt: skip
        given[name] = solve / other if solve is not None and other else None
    if row.measure == "first_call" and build is not None and solve is not None:
        given["first_call"] = build + solve
    return {name: value for name, value in given.items() if value is not None}


def same_optimum(row: Row, all_: dict[str, Measured]) -> bool | None:
    """Whether ours and the peer agree (None: nothing to compare with, or ours is not claimed to be exact)."""
    found = all_.get(row.key, Measured())
    if not found.solved:
        return None
    ours = found.ours[0]
    if row.measure == "warm":
        return bool(ours["proven"]) and ours["value"] == ours["cold_value"]
    peer = all_.get(f"base:{row.size}", Measured()).peer if row.peer == "same:base" else found.peer
    if peer is None or "reason" in peer or not ours["proven"]:
        return None
    return (ours["value"], ours["placements"]) == (peer["value"], peer["placements"]) or (
        row.objective == "utility" and ours["value"] == peer["value"]  # equal sums may place different numbers
    )


def verdicts(row: Row, all_: dict[str, Measured]) -> list[Verdict]:
    """One verdict for each target. A figure that rests on a wrong or unproven answer meets nothing."""
    known = figures(row, all_)
    wrong = same_optimum(row, all_) is False
    certified = all(run.get("verified") for run in all_[row.key].ours[:1]) if row.key in all_ else False
    exact = row.task.get("gap") or row.measure in ("couples", "quotas") or row.objective == "stable"
    proven = bool(exact) or all(run.get("proven") for run in getattr(all_.get(row.key), "ours", []))
    made = []
    for target in row.targets:
        figure = known.get(target.figure)
        made.append(Verdict(target, figure, *(
            None if figure is None or bound is None else _reaches(figure, target.sign, bound)
            and certified and proven and not wrong for bound in (target.firm, target.aim))))  # fmt: skip
    return made


def _reaches(figure: float, sign: str, bound: float) -> bool:
    return figure >= bound if sign == "≥" else figure <= bound
