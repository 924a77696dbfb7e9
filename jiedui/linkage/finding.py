"""疑似重复: pairs of rows of the register that may be one person, with a probability and the evidence for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal, get_args

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jiedui.errors import JieduiError
from jiedui.linkage import comparisons, scoring, weights
from jiedui.linkage.blocking import candidates, kept_blocks
from jiedui.linkage.features import features
from jiedui.policy import parameters

Engine = Literal["duckdb", "splink"]
Rows = NDArray[np.int32]
Probability = NDArray[np.float64]
ANSWER: Final = pa.schema(
    [
        ("left", pa.int64()),
        ("right", pa.int64()),
        ("probability", pa.float64()),
        *((comparison.name, pa.int8()) for comparison in comparisons.EVIDENCE),
    ]
)


def probable(
    persons: pa.Table,
    *,
    on: date,
    engine: Engine = "duckdb",
    threshold: float | None = None,
    weighed: weights.Weights | None = None,
) -> pa.Table:
    """疑似重复: the pairs of persons that are one person with at least the threshold's probability.

    `persons`: person_id and household_id int64, region_code (12 digits), name, sex, birth_year; birth_date, id_number
    (plain text) and phone where they are known; other columns are ignored. The answer has the columns of `ANSWER`:
    left < right (person ids), probability, and a code per evidence (see `levels.evidence_label`), by probability from
    the highest, then by left and right. `threshold` is by default the parameter `poverty.duplicate_probability` of
    the day `on`, `weighed` the published weights; their prior is fitted to the candidates of this register. Members
    of one household who may be twins are left out. Both engines give the same answer (goal.1), which depends on no
    order of rows.
    Raises `JieduiError` for a table without the columns, an unknown engine or a threshold outside 0 to 1.
    """
    if engine not in get_args(Engine):
        raise JieduiError(f"There is no engine {engine!r}.", remedy=f"Take one of {', '.join(get_args(Engine))}.")
    held = parameters.load(on)
    least = held.value("poverty.duplicate_probability") / 1000 if threshold is None else threshold
    if not 0 <= least <= 1:
        raise JieduiError(f"The threshold {least} is no probability.", remedy="Give a number from 0 to 1.")
    table = features(persons, largest_block=held.value("poverty.duplicate_largest_block"))
    left, right, probability = _scored(table, weighed or weights.published(), least, engine)
    number = persons["person_id"].to_numpy()
    evidence = scoring.codes(table, left, right, comparisons.EVIDENCE)
    shown = ~_perhaps_twins(evidence)
    left, right, probability = left[shown], right[shown], probability[shown]
    low, high = np.minimum(number[left], number[right]), np.maximum(number[left], number[right])
    order = np.lexsort((high, low, -probability))
    columns = [low, high, probability, *(code[shown] for code in evidence.values())]
    return pa.table([column[order] for column in columns], schema=ANSWER)


def _perhaps_twins(evidence: Mapping[str, NDArray[np.int8]]) -> NDArray[np.bool_]:
    """Members of one household, of one area and day, with other order numbers and other characters in the name.

    A wrong last digit and a homophone look the same as twins whose names sound alike; twins are not to be asked about.
    """
    order = np.isin(evidence["number"], (2, 3))
    return np.asarray(order & (evidence["circle"] == 5) & (evidence["name"] < 4))


def _scored(table: pa.Table, weighed: weights.Weights, least: float, engine: Engine) -> tuple[Rows, Rows, Probability]:
    """Rows left, rows right and probabilities of the pairs at or above `least`."""
    left, right = candidates(kept_blocks(table))
    compared = scoring.codes(table, left, right, comparisons.WEIGHED)
    fitted = weighed.fitted(compared)
    if engine == "splink":
        from jiedui.linkage import with_splink  # late: the extra [linkage] may not be there

        return with_splink.scored(table, fitted, least)
    probability = fitted.probability(compared)
    likely = probability >= least
    return left[likely], right[likely], probability[likely]
