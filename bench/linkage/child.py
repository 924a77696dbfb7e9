"""一次测量: one measurement in a process of its own, so that its peak memory is its own and a cap can end it.

`python -m bench.linkage.child TASK.json` does what the file asks and writes `TASK.out.json` beside it.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.matching.child import peak

DAY = date(2020, 1, 1)
COLUMNS = ["person_id", "household_id", "region_code", "name", "sex", "birth_year", "id_number", "phone"]
THRESHOLDS = (0.5, 0.8, 0.9, 0.99, 0.999)


def main(task_file: Path) -> None:
    """Run the task and write its answer."""
    task = json.loads(task_file.read_text(encoding="utf-8"))
    answer = TASKS[task["do"]](task)
    answer["peak_bytes"] = answer.get("peak_bytes") or peak()
    task_file.with_suffix(".out.json").write_text(json.dumps(answer), encoding="utf-8")


def generate(task: dict[str, Any]) -> dict[str, Any]:
    """Write a register with its truth and its lookalikes."""
    from jiedui.simulate import country
    from jiedui.simulate.duplicates import duplicated

    persons = country(persons=task["persons"], seed=task["seed"])["person"].select([*COLUMNS, "relation"])
    made = duplicated(persons, seed=task["seed"], share=task["share"])
    folder = Path(task["folder"])
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(made.persons.select(COLUMNS), folder / "persons.parquet")
    pq.write_table(made.truth, folder / "truth.parquet")
    pq.write_table(made.lookalikes, folder / "lookalikes.parquet")
    return {"rows": len(made.persons), "truth": len(made.truth), "lookalikes": len(made.lookalikes)}


def ours(task: dict[str, Any]) -> dict[str, Any]:
    """`probable` with one of its engines, from the table in memory to the table of pairs with evidence."""
    from jiedui.linkage import probable
    from jiedui.policy import parameters

    persons = pq.read_table(Path(task["folder"]) / "persons.parquet")
    probable(persons.slice(0, 2_000), on=DAY, engine=task["engine"])  # imports and tables of characters
    before, started, worked = peak(), time.perf_counter(), time.process_time()
    found = probable(persons, on=DAY, engine=task["engine"])
    seconds, worked = time.perf_counter() - started, time.process_time() - worked
    held = {"seconds": seconds, "cpu_seconds": worked, "peak_bytes": peak(), "input_bytes": before}
    held["features_seconds"] = _features_seconds(persons)
    least = parameters.load(DAY).value("poverty.duplicate_probability") / 1000
    if not task["first"]:
        return held
    # the curve is the same for both engines, and drawn for ours alone
    everything = found if task["engine"] == "splink" else probable(persons, on=DAY, threshold=min(THRESHOLDS))
    return held | {"threshold": least, "pairs": len(found)} | judged(task, found, everything)


def _features_seconds(persons: pa.Table) -> float:
    """What both engines share: the table of features, timed alone."""
    from jiedui.linkage.features import features

    started = time.perf_counter()
    features(persons, largest_block=500)
    return time.perf_counter() - started


def judged(task: dict[str, Any], found: pa.Table, everything: pa.Table) -> dict[str, Any]:
    """What was found against the truth: at the threshold, by kind, and at other thresholds."""
    folder = Path(task["folder"])
    truth, lookalikes = (pq.read_table(folder / f"{name}.parquet") for name in ("truth", "lookalikes"))
    known, shown = _pairs(truth), _pairs(found)
    hit = np.isin(known, shown)
    answer: dict[str, Any] = _shares(shown, known)
    inexact = np.array(truth["number"].to_pylist()) != "same"
    answer["recall_inexact"] = float(hit[inexact].mean())
    alike = np.array(lookalikes["kind"].to_pylist())[np.isin(_pairs(lookalikes), shown)]
    answer["lookalikes_shown"] = dict(Counter(alike.tolist()))
    answer["by_kind"] = {}
    for column in ("place", "number", "name"):
        kinds = np.array(truth[column].to_pylist())
        answer["by_kind"][column] = {
            str(kind): [int((kinds == kind).sum()), int(hit[kinds == kind].sum())] for kind in np.unique(kinds)
        }
    probability = everything["probability"].to_numpy()
    every = _pairs(everything)
    answer["curve"] = {str(at): _shares(every[probability >= at], known) for at in THRESHOLDS}
    return answer


def _shares(shown: np.ndarray, known: np.ndarray) -> dict[str, Any]:
    right = int(np.isin(shown, known).sum())
    wrong = len(shown) - right
    return {"right": right, "wrong": wrong, "precision": right / max(len(shown), 1), "recall": right / len(known)}


def _pairs(table: pa.Table) -> np.ndarray:
    pairs: np.ndarray = table["left"].to_numpy() << 32 | table["right"].to_numpy()
    return pairs


TASKS = {"generate": generate, "ours": ours}

if __name__ == "__main__":
    main(Path(sys.argv[1]))
