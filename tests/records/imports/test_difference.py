"""The difference between a roster and the register, against a reading row by row."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from jiedui.records.imports import difference
from jiedui.records.imports.difference import KINDS, Sides

values = st.none() | st.sampled_from(["a", "b", "c"])
side = st.dictionaries(st.integers(1, 12), st.tuples(values, values), max_size=8)


def table(rows: dict[int, tuple], numbered: bool) -> pa.Table:
    """One side: key, two columns, and file rows."""
    columns = {
        "key": pa.array(list(rows), pa.int64()),
        "one": pa.array([row[0] for row in rows.values()], pa.string()),
        "two": pa.array([row[1] for row in rows.values()], pa.string()),
    }
    if numbered:
        columns["row"] = pa.array(range(2, 2 + len(rows)), pa.int32())
    return pa.table(columns)


@given(sent=side, kept=side, gone=st.sets(st.integers(1, 12)), clash=st.sets(st.integers(1, 12)))
def test_every_entry_is_what_reading_row_by_row_says(sent, kept, gone, clash):
    """Added, changed, same, conflict and gone, and which columns differ; an empty cell changes nothing."""
    expected = {}
    for key, row in sent.items():
        differing = {
            name for at, name in enumerate(("one", "two"))
            if key in kept and row[at] is not None and row[at] != kept[key][at]
        }  # fmt: skip
        kind = "added" if key not in kept else "changed" if differing else "same"
        if key in clash and kind != "same":
            kind = "conflict"
        expected[key] = (kind, differing)
    for key in kept:
        if key in gone and key not in sent:
            expected[key] = ("gone", set())
    file, register = table(sent, numbered=True), table(kept, numbered=False)
    sides = Sides(file, register, ("one", "two"), np.isin(register["key"].to_numpy(), list(gone)))
    found = difference.compare(sides, [("identity", np.isin(file["key"].to_numpy(), list(clash)))])
    got = {
        row["key"]: (KINDS[row["kind"]], {n for bit, n in enumerate(("one", "two")) if row["mask"] >> bit & 1})
        for row in found.table.to_pylist()
    }
    assert got == expected
    assert sum(found.count().values()) == len(expected)


@given(wanted=st.lists(st.integers(0, 20)), held=st.sets(st.integers(0, 20)))
def test_locate_is_a_search_one_by_one(wanted, held):
    """Each wanted key's place among the held ones, -1 where it is not."""
    held = list(held)
    found = difference.locate(np.array(wanted, np.int64), np.array(held, np.int64))
    assert found.tolist() == [held.index(key) if key in held else -1 for key in wanted]
