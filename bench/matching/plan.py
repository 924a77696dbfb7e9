"""计划: what is measured, against which peer, and what issue 3 asks of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bench.matching.instances import FAMILIES, SIZES

LARGE = 300
"""Seconds after which a peer is stopped, unless its row says otherwise."""


@dataclass(frozen=True)
class Target:
    """目标: a figure (see `figures.py`), the direction in which it is good, what is firm, and what is aimed at."""

    figure: str
    sign: str
    firm: float | None = None
    aim: float | None = None


@dataclass(frozen=True)
class Row:
    """一行: one line of the table. `work:size` names it; `family` is the instance that it is measured on."""

    work: str
    size: str
    title: str
    family: str = "base"
    measure: str = "plain"
    objective: str = "utility"
    peer: str | None = "ortools_flow"
    targets: tuple[Target, ...] = ()
    task: dict[str, Any] = field(default_factory=dict)
    cap: int = LARGE
    wanted: str = ""
    """The target in the words of the issue, where no single figure says it."""

    @property
    def key(self) -> str:
        """Name: work and size."""
        return f"{self.work}:{self.size}"

    @property
    def quick(self) -> bool:
        """Whether `--quick` measures it."""
        return SIZES[self.size] <= SIZES["100k"]


def rows() -> list[Row]:
    """Every row, in the order of the table."""
    return [*_exact(), *_special(), *_side(), *_other_peers()]


def _exact() -> list[Row]:
    """Base and its variants at 100k and 1m, proven optima against OR-Tools."""
    made = []
    for family, recipe in FAMILIES.items():
        if family == "perfect":
            continue
        for size in ("100k", "1m"):
            title = f"{family.replace('_', ' ')}: {recipe.title}"
            firm = 20 if (family, size) == ("base", "1m") else 9
            targets = [Target("speedup", "≥", firm, 50)]
            if (family, size) == ("base", "1m"):
                targets.append(Target("speedup_packed", "≥", 14))
            made.append(Row(family, size, title, family, objective=recipe.objective, targets=tuple(targets),
                            cap=900 if size == "1m" else LARGE))  # fmt: skip
    return made


def _special() -> list[Row]:
    """Gaps, sizes, first calls, and the plain rows that other rows are compared with."""
    return [
        *(Row("no_order", s, "base, no block order given", task={"hint": False}, peer="same:base",
              targets=(Target("speedup", "≥", None, 20 if s == "1m" else 9),)) for s in ("100k", "1m")),
        Row("gap", "100k", "base, certified gap ≤ 0.1 %", task={"gap": 0.001}, peer="same:base",
            targets=(Target("gap", "≤", 0.001),)),
        Row("gap", "1m", "base, certified gap ≤ 0.1 %", task={"gap": 0.001}, peer="same:base",
            targets=(Target("speedup", "≥", 40, 100), Target("gap", "≤", 0.001))),
        Row("base", "10m", "base, exact, one component", peer=None,
            targets=(Target("peak_gb", "≤", 3, 2), Target("times_smaller", "≤", 15)),
            wanted="near-linear: at most 15 times the time at 1m"),
        Row("base", "10k", "base, not slower than OR-Tools", targets=(Target("speedup", "≥", 1),)),
        Row("cold", "10k", "first call, compile cache empty", measure="first_call", peer=None, task={"cold": True},
            targets=(Target("first_call", "≤", 8),)),
        *(Row("warm", s, "1 % of agents and seats changed, warm against cold", measure="warm", peer=None,
              targets=(Target("warm_share", "≤", 0.4 if s == "1m" else None, 0.1),)) for s in ("100k", "1m")),
    ]  # fmt: skip


def _side() -> list[Row]:
    """Quotas, couples, stable matchings."""
    made = [
        Row("quotas", size, "regional quotas: a third of the regions capped, a third filled up", measure="quotas",
            peer="ortools_quotas", cap=900, task={"gap": 0.0002},
            targets=(Target("gap", "≤", 0.0002 if size == "1m" else None, 0.0),
                     Target("times_plain", "≤", *((12, None) if size == "1m" else (None, 12)))))
        for size in ("100k", "1m")
    ]  # fmt: skip
    for share, size, firm, aim in ((5, "100k", 0.002, 0.0005), (5, "1m", 0.002, 0.0005), (20, "100k", 0.008, 0.002)):
        made.append(Row(f"couples{share}", size, f"{share} % of the agents in couples of one region",
                        measure="couples", peer=None, task={"share": share / 100, "gap": aim},
                        targets=(Target("gap", "≤", firm, aim),)))  # fmt: skip
    made += [
        Row("stable", size, "stable, no couples", objective="stable", peer=None, targets=())
        for size in ("10k", "100k", "1m")
    ]
    for share, size in ((5, "100k"), (5, "1m"), (20, "100k"), (20, "1m")):
        judged = Target("times_plain", "≤", *((2, None) if (share, size) == (5, "1m") else (None, 2)))
        made.append(Row(f"stable{share}", size, f"stable, {share} % of the agents in couples", measure="couples",
                        objective="stable", peer=None, task={"share": share / 100},
                        targets=(judged,),
                        wanted="no blocking single, no couple silently left"))  # fmt: skip
    return made


def _other_peers() -> list[Row]:
    """The other libraries, each at the sizes that it can do; nothing is asked of these rows but equal optima."""
    listed = [
        ("lemon", "base", "10k", LARGE), ("lemon", "base", "100k", LARGE), ("lemon", "base", "1m", 600),
        ("highs", "base", "10k", LARGE), ("highs", "base", "100k", LARGE),
        ("scipy_sparse", "base", "10k", LARGE), ("scipy_sparse", "base", "100k", LARGE),
        ("ortools_assignment", "perfect", "10k", LARGE), ("ortools_assignment", "perfect", "100k", LARGE),
        ("ortools_assignment", "perfect", "1m", LARGE), ("scipy_sparse", "perfect", "10k", LARGE),
        ("scipy_sparse", "perfect", "100k", LARGE), ("scipy_dense", "perfect", "10k", LARGE),
    ]  # fmt: skip
    made = []
    for peer, family, size, cap in listed:
        recipe = FAMILIES[family]
        made.append(Row(f"{family}_{peer}", size, f"{family}: {recipe.title}", family, objective=recipe.objective,
                        peer=peer, cap=cap))  # fmt: skip
    made += [
        Row("stable_matching", size, "stable, no couples", objective="stable", peer="matching_stable")
        for size in ("1k", "10k")
    ]
    return made
