"""考核作业: a frozen snapshot → every indicator, score and finding → a finished run in results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiedui import policy, snapshot
from jiedui.assessment import assess as assess_snapshot
from jiedui.assessment import load_scheme
from jiedui.errors import JieduiError
from jiedui.jobs import checking
from jiedui.snapshot import Snapshot

if TYPE_CHECKING:
    from jiedui.assessment import Assessment
    from jiedui.assessment.scheme import Scheme
    from jiedui.results.models import Run

Progress = Callable[[float, float], None]
_MEASURING = 0.7  # of the time; the rest is checking the rules and storing


def assess(directory: Path, *, scheme: str = "opinion-2016", year: int = 2019, progress: Progress | None = None) -> Run:
    """考核: assess the snapshot in `directory` and store the run with its evidence and findings; needs the database.

    Nothing of a run that fails is shown. Raises JieduiError when the scheme or the year does not fit, NotVerified when
    the snapshot does not hold its digest.
    """
    from jiedui.results import store

    frozen = open_verified(directory)
    plan = load_scheme(scheme)
    with store.running(
        "assess",
        snapshot_digest=frozen.digest,
        snapshot_path=str(frozen.directory),
        policy_digest=policy.digest(),
        scheme=plan.id,
        year=year,
        seed=plan.sensitivity.seed,
    ) as run:
        outcome = assess_snapshot(frozen, scheme=plan, year=year, progress=_share(progress, 0.0, _MEASURING))
        findings = checking.check(frozen, year=year, progress=_share(progress, _MEASURING, 0.9))
        store.save_assessment(run, outcome, findings=findings, summary=summary(frozen, plan, outcome))
        if progress is not None:
            progress(1.0, 1.0)
    return run


def open_verified(directory: Path) -> Snapshot:
    """打开并校验: the snapshot in `directory`; every file is as its manifest says."""
    snapshot.verify(directory)
    return snapshot.open(directory)


def latest_snapshot(root: Path, *, year: int) -> Path:
    """最近快照: the folder in `root` with the last day of data that reaches into `year`, the newest of several.

    Raises JieduiError when there is none.
    """
    found = []
    for description in root.glob("*/datapackage.json"):
        as_of = snapshot.open(description.parent).as_of
        if as_of.year >= year:
            found.append((as_of, description.stat().st_mtime_ns, description.parent))
    if not found:
        raise JieduiError(
            f"There is no snapshot of {year} in {root}.",
            remedy=f"Run `jiedui freeze --as-of {year}-12-31` first, or name a folder with --snapshot.",
        )
    return max(found)[2]


def summary(frozen: Snapshot, plan: Scheme, outcome: Assessment) -> dict[str, Any]:
    """概要: what pages and reports must know of the run besides its tables."""
    assessed = set(outcome.values["pairing_id"].unique().to_pylist())
    pairings = frozen.table("pairing").to_pylist()
    return {
        "as_of": frozen.as_of.isoformat(),
        "synthetic": frozen.manifest.synthetic,
        "pairings": [
            {name: value.isoformat() if name.startswith("valid") and value else value for name, value in row.items()}
            for row in sorted(pairings, key=lambda row: int(row["pairing_id"]))
            if row["pairing_id"] in assessed
        ],
        "scheme": {"name_zh": plan.name_zh, "name_en": plan.name_en, "basis": dict(plan.basis)},
        "areas": [asdict(area) for area in plan.areas],
        "grades": [asdict(grade) for grade in plan.grades],
        "peer_classes": [asdict(peer) for peer in plan.peer_classes],
        "refused": outcome.refused.slice(0, 100).to_pylist(),
    }


def _share(progress: Progress | None, start: float, end: float) -> Callable[[int, int], None] | None:
    """Progress of one part of the job, as progress of the whole."""
    if progress is None:
        return None

    def report(done: int, total: int) -> None:
        progress(start + (end - start) * done / max(total, 1), 1.0)

    return report
