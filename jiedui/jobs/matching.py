"""匹配: a snapshot → proven proposals → a finished run. The wiring between `snapshot`, `matching` and `results`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jiedui.results.models import Run

Progress = Callable[[float, float], None]

STEPS: Final = 6
"""Steps that `propose` tells of, and storing."""
USED: Final = ("labour.utility.", "labour.candidates.", "labour.first_served_statuses", "labour.minimum_age")
"""Parameters that are kept with the run."""


def match(snapshot: Path, *, on: date | None = None, progress: Progress | None = None) -> Run:
    """匹配劳务: workers to vacancies of the snapshot on a day (its own unless told); the finished run.

    The solution is verified before it is stored. Raises `NotVerified` when the snapshot or the solution does not
    hold; the run is then marked as failed.
    """
    from jiedui import policy
    from jiedui import snapshot as snapshots
    from jiedui.matching.problems.labour import propose
    from jiedui.policy import parameters as dated
    from jiedui.results import store
    from jiedui.terms.divisions import Gazetteer

    snapshots.verify(snapshot)
    frozen = snapshots.open(snapshot)
    day = on or frozen.as_of
    parameters = dated.load(day)
    done = 0

    def step(_name: str) -> None:
        nonlocal done
        if progress:
            progress(done, STEPS)
        done += 1

    with store.running(
        "match",
        area="labour",
        year=day.year,
        snapshot_digest=frozen.digest,
        snapshot_path=str(frozen.directory),
        policy_digest=policy.digest(),
        parameters={p.key: p.value for p in parameters if p.key.startswith(USED)},
    ) as run:
        outcome = propose(frozen, on=day, parameters=parameters, gazetteer=Gazetteer.load(), step=step)
        step("store")
        summary = {
            "as_of": day.isoformat(),
            "certificate": outcome.certificate,
            "comparison": outcome.comparison,
            "counts": outcome.counts,
        }
        store.save_proposals(run, outcome.proposals, summary=summary)
    if progress:
        progress(STEPS, STEPS)
    return run
