from datetime import date
from typing import Any

import pyarrow as pa
from hypothesis import assume, given
from hypothesis import strategies as st

from jiedui.snapshot.content import content_digest

SCHEMA = pa.schema([("i", pa.int64()), ("t", pa.string()), ("d", pa.date32()), ("b", pa.bool_())])
CELLS = {
    "i": st.none() | st.integers(-(2**63), 2**63 - 1),
    "t": st.none() | st.text(max_size=5),
    "d": st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    "b": st.none() | st.booleans(),
}
ROWS = st.lists(st.fixed_dictionaries(CELLS), max_size=8)


def as_table(rows: list[dict[str, Any]]) -> pa.Table:
    """The rows as one chunk."""
    return pa.Table.from_pylist(rows, schema=SCHEMA)


@given(ROWS, ROWS)
def test_other_rows_have_another_digest(one: list[dict[str, Any]], other: list[dict[str, Any]]) -> None:
    """Two tables have one digest only if they have the same rows in the same order."""
    assert (content_digest(as_table(one)) == content_digest(as_table(other))) == (one == other)


@given(ROWS, st.integers(0, 8))
def test_chunks_do_not_count(rows: list[dict[str, Any]], at: int) -> None:
    """The same rows in two chunks, or as a slice of a longer table, have the same digest."""
    whole = as_table(rows)
    parts = pa.concat_tables([as_table(rows[:at]), as_table(rows[at:])])
    longer = pa.concat_tables([as_table(rows[:1] * 3), whole, as_table(rows[:1])]).combine_chunks()
    inside = longer.slice(3 * len(rows[:1]), len(rows))
    assert content_digest(whole) == content_digest(parts) == content_digest(inside)


@given(st.lists(st.text(max_size=3), min_size=2, max_size=2))
def test_where_a_text_ends_counts(texts: list[str]) -> None:
    """Moving a character from one row to the next changes the digest, though the bytes are the same."""
    assume(texts[0])
    moved = [texts[0][:-1], texts[0][-1] + texts[1]]
    rows = [[{"i": 1, "t": text, "d": None, "b": None} for text in pair] for pair in (texts, moved)]
    assert content_digest(as_table(rows[0])) != content_digest(as_table(rows[1]))


def test_missing_is_not_zero() -> None:
    """Null and zero, null and empty text, null and false differ."""
    empty = {"i": None, "t": None, "d": None, "b": None}
    digests = {content_digest(as_table([empty | cell])) for cell in ({}, {"i": 0}, {"t": ""}, {"b": False})}
    assert len(digests) == 4


def test_the_digest_is_the_documented_one() -> None:
    """Computed by hand from the rule in the module: names, validity, then values."""
    import hashlib
    import struct

    table = pa.table({"i": pa.array([5, None], pa.int64()), "t": pa.array(["贫", None], pa.string())})
    said = b"i\0" + b"\1\0" + struct.pack("<qq", 5, 0) + b"t\0" + b"\1\0" + struct.pack("<qq", 3, 0) + "贫".encode()
    assert content_digest(table) == hashlib.sha256(said).hexdigest()
