"""劳动力入册: a list of workers; a row is found by the identity number of a person of the register.

Responsibility follows status (domain fact 8): while a person works away, the place of work answers for the work
record, so a list of the home county that says something else is a conflict.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
from psycopg import sql

from jiedui.records import copying
from jiedui.records.imports import difference, known_persons, partners, plain_list, staging, writing
from jiedui.records.imports.plain_list import Compared, Target
from jiedui.records.imports.refusals import Problems
from jiedui.records.models import Import
from jiedui.terms.divisions import prefix
from jiedui.terms.scope import prefix_range

FIELDS: Final = (
    "work_status", "willing", "able", "occupation", "occupation_2", "wish_place", "wish_place_2", "skill",
    "min_wage_fen", "max_distance_km", "dependants", "season", "needs_dormitory", "needs_school", "work_limit",
    "night_shift", "mandarin", "works_in", "works_since", "found_through", "registered_on",
)  # fmt: skip
"""What a row says by itself; whom the worker goes with (`partner`) is compared too, and written by `partners`."""
_KINDS: Final = dict.fromkeys(
    ("willing", "able", "needs_dormitory", "needs_school", "night_shift", "mandarin"), pa.bool_()
) | dict.fromkeys(("min_wage_fen", "max_distance_km", "dependants"), pa.int64()) | dict.fromkeys(
    ("registered_on", "works_since"), pa.date32()
)  # fmt: skip


def compare(one: Import, rows: pa.Table, problems: Problems) -> tuple[pa.Table, Compared]:
    """比对: who is not in the register, or is there under another name, is refused; so is a partner who is none."""
    persons, register = known_persons.read(one.region_code), _register(one.region_code)
    rows, good, _ = known_persons.find(rows, persons, problems)
    rows, good = partners.resolve(rows, good, persons, register, problems)
    good = good.append_column("key", good["person_id"])
    at = difference.locate(good["key"].to_numpy(), register["key"].to_numpy())
    away = np.zeros(len(good), bool)
    known = np.flatnonzero(at >= 0)
    kept = register.take(pa.array(at[known]))
    says_other = difference.differs(
        good["work_status"].combine_chunks().take(pa.array(known)), kept["work_status"].combine_chunks()
    )
    away[known] = says_other & kept["works_away"].to_numpy()
    return rows, plain_list.compare(good, register, (*FIELDS, "partner"), [("responsible", away)])


def write(one: Import, progress: writing.Progress) -> Mapping[str, Any]:
    """入册; `progress` is not asked: such a list is written at once."""
    writing.lock()
    writing.set_import(one.pk)
    good, persons = writing.good_rows(one.pk), known_persons.read(one.region_code)
    _, found, _ = known_persons.find(good, persons, Problems())
    if len(found) != len(good):
        raise writing.Overtaken(len(good) - len(found))
    found = found.append_column("key", found["person_id"])
    fixed = {
        "skill": "none",
        "dependants": 0,
        "season": "all_year",
        "needs_dormitory": False,
        "registered_on": date.today(),
    }
    written = plain_list.write(one, found, _register(one.region_code), Target("worker", "worker_id", FIELDS, fixed))
    took = writing.accepted(one, staging.read(one.pk, "difference"))
    linked = partners.link(found.take(pa.array(np.r_[took.added, took.changed])), persons)
    return writing.counted(**written, partners=linked)


def _register(region_code: str) -> pa.Table:
    low, high = prefix_range(prefix(region_code))
    query = sql.SQL(
        "SELECT w.person_id, w.worker_id, {fields}, q.person_id, q.name, EXISTS (SELECT FROM records_placement p "
        "WHERE p.person_id = w.person_id AND p.ended_on IS NULL "
        "AND (p.work_region_code < {low} OR p.work_region_code >= {high})) "
        "FROM records_worker w LEFT JOIN records_worker v ON v.worker_id = w.partner_id "
        "LEFT JOIN records_person q ON q.person_id = v.person_id "
        "WHERE w.region_code >= {low} AND w.region_code < {high}"
    ).format(
        fields=sql.SQL(", ").join(sql.SQL("w.{}").format(sql.Identifier(name)) for name in FIELDS),
        low=sql.Literal(low), high=sql.Literal(high),
    )  # fmt: skip
    kinds = [(name, _KINDS.get(name, pa.string())) for name in FIELDS]
    partner = [("partner", pa.int64()), ("partner_name", pa.string()), ("works_away", pa.bool_())]
    return copying.read(query, pa.schema([("key", pa.int64()), ("worker_id", pa.int64()), *kinds, *partner]))
