"""What a stranger needs to run a printed SQL."""

from __future__ import annotations

from jiedui.results.models import IndicatorDefinition, Run
from jiedui.results.queries import lineage

SQL = """WITH d AS (SELECT $names AS n, $year_end AS day)
SELECT * FROM (
-- id: a.b
-- aggregate: sum(amount)
-- note: $not_this
SELECT 1 WHERE $year_end > $year_start AND $months > 0
) AS evidence
"""


def of(as_of: str, sql: str = SQL) -> lineage.Lineage:
    """The lineage of an indicator of 2019 in a run frozen on a day."""
    run = Run(
        year=2019, summary={"as_of": as_of}, parameters={"a.b": {"months": 3, "names": ["x", "y'z"]}},
        snapshot_path="/somewhere/snapshots/2019-abc", snapshot_digest="d" * 64,
    )  # fmt: skip
    return lineage.of(run, IndicatorDefinition(indicator="a.b", sql=sql))


def test_placeholders_are_literals_in_the_order_of_the_sql() -> None:
    """Each once, texts quoted, days as days; what stands in a comment is none."""
    assert of("2020-06-30").placeholders == (
        ("names", "['x', 'y''z']"),
        ("year_end", "DATE '2019-12-31'"),
        ("year_start", "DATE '2019-01-01'"),
        ("months", "3"),
    )


def test_the_year_ends_with_the_data() -> None:
    """A snapshot frozen within the year ends it."""
    assert dict(of("2019-06-30").placeholders)["year_end"] == "DATE '2019-06-30'"


def test_aggregate_and_snapshot_are_named() -> None:
    """The aggregate as the header declares it, "" without one; the snapshot by its folder's name, not its path."""
    found = of("2019-12-31")
    assert (found.aggregate, found.snapshot, found.snapshot_digest) == ("sum(amount)", "2019-abc", "d" * 64)
    assert of("2019-12-31", "SELECT 1").aggregate == ""
