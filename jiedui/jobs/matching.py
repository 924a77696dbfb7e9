"""匹配: a snapshot → proven proposals → a finished run. The wiring between `snapshot`, `matching` and `results`."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jiedui.errors import JieduiError
from jiedui.jobs import matching_problems as problems

if TYPE_CHECKING:
    from jiedui.policy.parameters import Parameters
    from jiedui.results.models import Run
    from jiedui.snapshot import Snapshot

Progress = Callable[[float, float], None]
Step = Callable[[str, int, int], None]
"""(name, done, all): told as each step begins; raises to stop."""
Begun = Callable[[uuid.UUID], None]

WARM: Final = "warm"
"""File of a run's folder: what the engine may start from next time."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """设置: what a run is told besides the snapshot. `changed`: parameters with other values than the dated ones.

    `part`: which part of the records the snapshot holds, where it is not all of them; kept with the run.
    """

    region_code: str = ""
    changed: Mapping[str, Any] = field(default_factory=dict)
    quotas: problems.Quotas = field(default_factory=dict)
    pins: problems.Pairs = ()
    forbids: problems.Pairs = ()
    based_on: uuid.UUID | None = None
    part: Mapping[str, Any] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        """保存的设置: as `Run.settings` holds them; what was not told is not there."""
        told: dict[str, Any] = {
            "parameters": dict(self.changed),
            "quotas": {county: list(limits) for county, limits in self.quotas.items()},
            "pins": [list(pair) for pair in self.pins],
            "forbids": [list(pair) for pair in self.forbids],
            "part": dict(self.part),
        }
        return {name: value for name, value in told.items() if value}


def match(
    snapshot: Path,
    *,
    problem: str = "labour",
    on: date | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
    step: Step | None = None,
    begun: Begun | None = None,
) -> Run:
    """匹配: the left sides of the snapshot to its right sides on a day (its own unless told); the finished run.

    The solution is verified before it is stored. `begun` hears the number of the run before anything is computed.

    Raises:
        NotVerified: the snapshot or the solution does not hold; the run is then marked as failed.
        JieduiError: no such problem or parameter, the run to start from is none of this problem, or what the engine
            says of pins, forbidden pairs and quotas that cannot hold together.
    """
    from jiedui import snapshot as snapshots

    told, asked = settings or Settings(), problems.of(problem)
    snapshots.verify(snapshot)
    frozen = snapshots.open(snapshot)
    day = on or frozen.as_of
    parameters = _parameters(day, told.changed)
    warm = _warm(problem, told.based_on)
    with _running(frozen, problem, day, told, parameters) as run:
        if begun:
            begun(run.run_id)
        tell = _teller(asked.steps, progress, step)
        answer = asked.propose(
            problems.Question(
                snapshot=frozen, on=day, parameters=parameters, region_code=told.region_code, pins=told.pins,
                forbids=told.forbids, quotas=told.quotas, warm=warm, step=tell,
            )
        )  # fmt: skip
        tell("store")
        _store(run, asked, answer, day)
    if progress:
        progress(asked.steps, asked.steps)
    return run


def _running(frozen: Snapshot, problem: str, day: date, told: Settings, parameters: Parameters) -> Any:
    from jiedui import policy
    from jiedui.results import store

    asked = problems.of(problem)
    return store.running(
        "match",
        area=asked.area,
        year=day.year,
        snapshot_digest=frozen.digest,
        snapshot_path=str(frozen.directory),
        policy_digest=policy.digest(),
        parameters={p.key: p.value for p in parameters if p.key.startswith(asked.uses)},
        asked=store.Asked(problem=problem, region_code=told.region_code, settings=told.kept(), based_on=told.based_on),
    )


def _store(run: Run, asked: problems.Problem, answer: problems.Answer, day: date) -> None:
    from jiedui.results import folders, store

    if answer.warm is not None:
        folder = folders.of(run)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / WARM).write_bytes(answer.warm)
    save = store.save_proposals if asked.rows == "proposal" else store.save_pair_proposals
    save(run, answer.rows, summary={**answer.summary, "as_of": day.isoformat()})


def _parameters(day: date, changed: Mapping[str, Any]) -> Parameters:
    """The dated parameters, but for those that the run changes. Official ones stay as they are."""
    from jiedui.policy import parameters as dated

    held = dated.load(day)
    for key in changed:
        if held.get(key).basis == "official":
            raise JieduiError(f"{key} is official, so no run changes it.", remedy="Change one of ours.")
    values = {one.key: replace(one, value=_frozen(changed[one.key])) if one.key in changed else one for one in held}
    return dated.Parameters(day, values)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _warm(problem: str, based_on: uuid.UUID | None) -> bytes | None:
    """What an earlier run left to start from; None where it kept nothing: the answer is the same, it takes longer."""
    from jiedui.results import folders
    from jiedui.results.queries import runs

    if based_on is None:
        return None
    earlier = runs.finished("match", based_on)
    if earlier is None or earlier.problem != problem:
        raise JieduiError(
            f"Run {based_on} is no finished run of this problem.", remedy="Start from another, or from none."
        )
    file = folders.of(earlier) / WARM
    return file.read_bytes() if file.is_file() else None


def _teller(steps: int, progress: Progress | None, step: Step | None) -> Callable[[str], None]:
    done = 0

    def tell(name: str) -> None:
        nonlocal done
        if step:
            step(name, done, steps)
        if progress:
            progress(done, steps)
        done = min(done + 1, steps)

    return tell
