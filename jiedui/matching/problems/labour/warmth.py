"""热启动: what a later run on a changed market may start from, keyed by the numbers of workers and vacancies.

Nothing in it is trusted: the optimum is proven anew. Where several assignments are equally good, a warm run may give
another one than a cold run; what is proven of it is the same.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np

from jiedui.errors import JieduiError
from jiedui.matching.problems.labour.points import Scale
from jiedui.matching.problems.labour.sides import Int64
from jiedui.matching.solver.solution import WarmState

_ARRAYS = ("worker_id", "assigned", "vacancy_id", "combined")


@dataclass(frozen=True, eq=False)
class Warm:
    """热启动: `assigned` (workers,) vacancy_id of each worker_id, −1: none; `combined` (stages, vacancies) prices."""

    worker_id: Int64
    assigned: Int64
    vacancy_id: Int64
    combined: Int64

    @classmethod
    def of(cls, scale: Scale, state: WarmState) -> Warm:
        """What is worth keeping of a solution."""
        vacancy = scale.vacancies.vacancy_id
        assigned = np.full(len(scale.workers), -1, np.int64)
        placed = state.assignment >= 0
        assigned[placed] = vacancy[state.assignment[placed]]
        combined = np.array(state.combined, np.int64).reshape(len(state.combined), len(vacancy))
        return cls(scale.workers.worker_id, assigned, vacancy, combined)

    def state(self, scale: Scale) -> WarmState:
        """The same in the rows of another market: who and what is new starts from nothing."""
        workers, vacancies = scale.workers, scale.vacancies
        old_v, old_w = _at(self.vacancy_id, vacancies.vacancy_id), _at(self.worker_id, workers.worker_id)
        combined = [np.where(old_v >= 0, row[old_v], 0) if len(row) else np.zeros(len(old_v), np.int64)
                    for row in self.combined]  # fmt: skip
        wanted = np.where(old_w >= 0, self.assigned[old_w], -1) if len(self.assigned) else np.full(len(old_w), -1)
        assignment = _at(vacancies.vacancy_id, wanted).astype(np.int32)
        return WarmState("placements_then_utility", assignment, tuple(combined))

    def to_bytes(self) -> bytes:
        """As bytes, for a file."""
        file = io.BytesIO()
        np.savez(file, **{name: getattr(self, name) for name in _ARRAYS})
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Warm:
        """Back from bytes. Raises `JieduiError` where they are not those of a `Warm`."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as file:
                return cls(*(np.asarray(file[name], np.int64) for name in _ARRAYS))
        except (ValueError, KeyError, OSError, EOFError) as error:
            raise JieduiError("This is no warm start of a labour run.", remedy="Run it without one.") from error


def _at(known: Int64, wanted: Int64) -> Int64:
    """The place of each of `wanted` in `known`, which rises; −1 where it is not there."""
    at = np.searchsorted(known, wanted)
    at[at == len(known)] = 0
    return np.where(known[at] == wanted, at, -1) if len(known) else np.full(len(wanted), -1, np.int64)
