"""One synthetic country for the tests of all areas, and SQL over its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from jiedui.simulate.tables import country

Query = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def tables() -> dict[str, pa.Table]:
    """The tables of a country of 12,000 persons at the end of 2019."""
    return country(persons=12_000, seed=11)


@pytest.fixture(scope="session")
def sql(tables: dict[str, pa.Table]) -> Iterator[Query]:
    """Runs a query over the tables and returns its rows."""
    with duckdb.connect(":memory:") as connection:
        for name, table in tables.items():
            connection.register(name, table)
        yield lambda query: connection.execute(query).fetchall()
