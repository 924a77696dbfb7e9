"""村级区划入册: the villages of a county with their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from psycopg import sql

from jiedui.records import copying
from jiedui.records.imports import plain_list, writing
from jiedui.records.imports.plain_list import Compared, Target
from jiedui.records.imports.refusals import Problems
from jiedui.records.models import Import
from jiedui.terms.divisions import prefix
from jiedui.terms.scope import prefix_range

FIELDS: Final = ("county_name", "township_name", "name")
_SCHEMA: Final = pa.schema([("key", pa.int64()), ("village_id", pa.int64()), *[(name, pa.string()) for name in FIELDS]])


def compare(one: Import, rows: pa.Table, problems: Problems) -> tuple[pa.Table, Compared]:
    """比对: villages outside the import's region are refused."""
    outside = ~pc.starts_with(rows["region_code"], prefix(one.region_code)).fill_null(True).to_numpy()
    refused = rows["refused"].to_numpy().copy()
    fresh = outside & ~refused
    problems.add(
        rows["row"].to_numpy()[fresh],
        "outside",
        "region_code",
        rows["region_code"].filter(pa.array(fresh)).combine_chunks(),
    )
    rows = rows.set_column(rows.column_names.index("refused"), "refused", pa.array(refused | outside))
    good = _keyed(rows.filter(pc.invert(rows["refused"])).combine_chunks())
    return rows, plain_list.compare(good, _register(one.region_code), FIELDS)


def write(one: Import, progress: writing.Progress) -> Mapping[str, Any]:
    """入册; `progress` is not asked: such a list is written at once."""
    writing.lock()
    writing.set_import(one.pk)
    good = _keyed(writing.good_rows(one.pk))
    return plain_list.write(one, good, _register(one.region_code), Target("village", "village_id", FIELDS, {}))


def _keyed(good: pa.Table) -> pa.Table:
    return good.append_column("key", good["region_code"].cast(pa.int64()))


def _register(region_code: str) -> pa.Table:
    low, high = prefix_range(prefix(region_code))
    query = sql.SQL(
        "SELECT region_code::bigint, village_id, county_name, township_name, name FROM records_village "
        "WHERE region_code >= {} AND region_code < {}"
    ).format(sql.Literal(low), sql.Literal(high))
    return copying.read(query, _SCHEMA)
