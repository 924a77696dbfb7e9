"""The rows behind a number: exactly these, and of them only those inside the reader's scope."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiedui.errors import JieduiError, NotVerified
from jiedui.results import evidence, folders
from jiedui.results.models import Run
from jiedui.terms.scope import Scope

PLACES = ("530602101001", "533301100001", "522601100001", "310115", None)
rows = st.lists(
    st.fixed_dictionaries(
        {
            "indicator": st.sampled_from(["a", "b"]),
            "side": st.sampled_from(["donor", "recipient"]),
            "pairing_id": st.integers(1, 3),
            "row_table": st.sampled_from(["placement", "project"]),
            "row_id": st.integers(1, 99).map(str),
            "region_code": st.sampled_from(PLACES),
            "happened_on": st.just(date(2019, 3, 1)),
            "amount": st.none() | st.integers(0, 9).map(float),
            "subject": st.just("x"),
            "part": st.sampled_from(["", "numerator"]),
        }
    ),
    max_size=40,
)
scopes = st.lists(st.sampled_from(["53", "5306", "5333", "522601", "31", "99"]), max_size=3).map(Scope.of)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A run, not stored, whose folder lies in an empty state folder."""
    monkeypatch.setenv("JIEDUI_HOME", str(tmp_path))
    return Run(folder="runs/one")


def _key(row):
    return tuple(str(row[name]) for name in evidence.SCHEMA.names)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=rows,
    scope=scopes
    | st.just(Scope.everything())
    | st.fixed_dictionaries({}, optional={"placement": scopes, "project": scopes}),
)
def test_read_is_a_filter(run, table, scope):
    """For any rows and any scope, or scope by table, the reader gives the rows that a plain filter gives."""
    evidence.write(run, pa.Table.from_pylist(table, schema=evidence.SCHEMA))

    def inside(row):
        held = scope.get(row["row_table"], Scope()) if isinstance(scope, dict) else scope
        return held == Scope.everything() or (row["region_code"] is not None and row["region_code"] in held)

    expected = [r for r in table if (r["indicator"], r["pairing_id"], r["side"]) == ("a", 1, "donor")]
    found, total = evidence.read(run, "a", 1, "donor", scope, limit=100)
    assert sorted(map(_key, found)) == sorted(_key(row) for row in expected if inside(row))
    assert total == len(found)
    assert evidence.count(run, "a", 1, "donor") == len(expected)


def _many(number: int) -> pa.Table:
    return pa.table(
        {
            "indicator": ["a"] * number,
            "side": ["donor"] * number,
            "pairing_id": pa.array([i % 2 for i in range(number)], pa.int64()),
            "row_table": ["project"] * number,
            "row_id": [f"{i:06d}" for i in range(number)],
            "region_code": ["530602"] * number,
            "happened_on": pa.array([date(2019, 1, 1)] * number),
            "amount": pa.array([1.0] * number),
            "subject": [""] * number,
        }
    )


def test_pages_cover_every_row_once(run):
    """Page by page the same order: together all rows, none twice; behind the last page is nothing."""
    evidence.write(run, _many(25))
    pages = [evidence.read(run, "a", 1, "donor", Scope.everything(), offset, 5)[0] for offset in (0, 5, 10, 15)]
    assert [len(page) for page in pages] == [5, 5, 2, 0]
    assert [row["row_id"] for page in pages for row in page] == [f"{i:06d}" for i in range(1, 25, 2)]


def test_the_file_is_cut_so_that_a_number_is_found_by_statistics(run):
    """Rows are sorted and in small groups: the groups of one pair tell by their statistics that it is in them."""
    evidence.write(run, _many(50_000))
    file = pq.ParquetFile(folders.of(run) / evidence.FILE)
    groups = [file.metadata.row_group(i).column(2).statistics for i in range(file.num_row_groups)]
    assert len(groups) == 4
    assert [(group.min, group.max) for group in groups] == [(0, 0), (0, 1), (1, 1), (1, 1)]


def test_what_does_not_fit_is_refused_and_the_old_file_stays(run):
    """A missing column or a wrong type is an error, and no half file is left."""
    evidence.write(run, _many(4))
    for wrong in (_many(2).drop_columns(["subject"]), _many(2).set_column(2, "pairing_id", pa.array(["x", "y"]))):
        with pytest.raises(JieduiError, match="does not fit"):
            evidence.write(run, wrong)
    assert evidence.count(run, "a", 1, "donor") == 2
    assert [path.name for path in folders.of(run).iterdir()] == [evidence.FILE]


def test_lost_or_damaged_evidence_is_said(run):
    """A number without its file is not shown as a number without rows."""
    with pytest.raises(NotVerified, match="cannot be read"):
        evidence.count(run, "a", 1, "donor")
    evidence.write(run, _many(4))
    (folders.of(run) / evidence.FILE).write_bytes(b"PAR1 not parquet")
    with pytest.raises(NotVerified, match="cannot be read"):
        evidence.count(run, "a", 1, "donor")
