"""月度务工监测入册: a row for each person and month; the worker's record follows the newest month.

Followed are the status and the place of work. While a person is placed elsewhere, that office answers for the work
record (domain fact 8): the month is kept, the worker stays as recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from psycopg import sql

from jiedui.policy import parameters
from jiedui.policy.rules import poverty_roster
from jiedui.records import copying
from jiedui.records.imports import difference, known_persons, plain_list, staging, writing
from jiedui.records.imports.known_persons import refusing
from jiedui.records.imports.plain_list import Compared, Target
from jiedui.records.imports.refusals import IGNORE, REFUSE, Problems
from jiedui.records.imports.writing import plain
from jiedui.records.models import Import
from jiedui.terms.divisions import prefix
from jiedui.terms.scope import prefix_range

FIELDS: Final = ("month", "work_status", "works_in", "days", "income_fen")
WORKING: Final = ("away_east", "away_other", "near")
_REGISTER: Final = pa.schema([
    ("person_id", pa.int64()), ("work_month_id", pa.int64()), ("month", pa.date32()), ("work_status", pa.string()),
    ("works_in", pa.string()), ("days", pa.int64()), ("income_fen", pa.int64()),
])  # fmt: skip
_WORKERS: Final = pa.schema([
    ("person_id", pa.int64()), ("work_status", pa.string()), ("works_in", pa.string()), ("works_away", pa.bool_()),
    ("newest", pa.date32()),
])  # fmt: skip


def compare(one: Import, rows: pa.Table, problems: Problems) -> tuple[pa.Table, Compared]:
    """比对: refused are who is not in the register or has another name, two rows of a person and month, months to come
    or from before the person was registered, more days than the month has, and work without a status of working. The
    roster's checks of who works are as grave as `poverty.roster.*` says. `worker_follows` of the rows says whose worker
    record changes with it.
    """
    rows, good, person = known_persons.find(rows, known_persons.read(one.region_code), problems)
    refused = _refused(good, person, problems)
    whole = rows["refused"].to_numpy().copy()
    of_good = np.flatnonzero(~whole)
    whole[of_good[refused]] = True
    rows = refusing(rows, whole)
    good = _keyed(good.filter(pa.array(~refused)).combine_chunks())
    follows = _follows(good, _workers(one.region_code), problems)
    told = np.zeros(len(rows), bool)
    told[of_good[~refused][follows]] = True
    rows = rows.append_column("worker_follows", pa.array(np.ones(len(rows), bool), mask=~told))
    return rows, plain_list.compare(good, _register(one.region_code, good["month"]), FIELDS)


def write(one: Import, progress: writing.Progress) -> Mapping[str, Any]:
    """入册; `progress` is not asked: such a list is written at once."""
    writing.lock()
    writing.set_import(one.pk)
    good = writing.good_rows(one.pk)
    _, found, _ = known_persons.find(good, known_persons.read(one.region_code), Problems())
    if len(found) != len(good):
        raise writing.Overtaken(len(good) - len(found))
    found = _keyed(found.drop_columns(["household_id"]))
    register = _register(one.region_code, found["month"])
    written = plain_list.write(one, found, register, Target("work_month", "work_month_id", FIELDS, {}))
    took = writing.accepted(one, staging.read(one.pk, "difference"))
    followed = _follow(found.take(pa.array(np.r_[took.added, took.changed])), one.region_code)
    return writing.counted(**written, workers_follow=followed)


def _refused(good: pa.Table, person: pa.Table, problems: Problems) -> np.ndarray:
    """(n,) which of the good rows are refused after all; each is told of its first mistake."""
    month = plain(good["month"])
    works = pc.is_in(good["work_status"], value_set=pa.array(WORKING)).to_numpy()
    stated = ((_whole(good["days"]) > 0) | (_whole(good["income_fen"]) > 0)) & ~works
    length = pc.day(_last_of(month))
    broken = (
        ("month_twice", "month", _twice(good)),
        ("month_ahead", "month", pc.greater(month, pa.scalar(date.today())).to_numpy(zero_copy_only=False)),
        ("month_before_entry", "month", pc.less(_last_of(month), plain(person["joined_on"])).to_numpy(False)),
        ("too_many_days", "days", pc.greater(plain(good["days"]), length).fill_null(False).to_numpy(False)),
        ("work_without_status", "work_status", stated),
    )
    refused = np.zeros(len(good), bool)
    for rule, name, mask in broken:
        fresh = mask & ~refused
        problems.add(good["row"].to_numpy()[fresh], rule, name, plain(good[name]).filter(pa.array(fresh)))
        refused |= fresh
    for rule, severity, mask in _roster_checks(good, person, works):
        fresh = mask & ~refused
        problems.add(good["row"].to_numpy()[fresh], rule, "work_status")
        if severity == REFUSE:
            refused |= fresh
    return refused


def _twice(good: pa.Table) -> np.ndarray:
    return difference.repeated(pa.array(_key(good)))


def _whole(column: pa.ChunkedArray) -> np.ndarray:
    return column.fill_null(0).to_numpy()


def _last_of(month: pa.Array) -> pa.Array:
    """The last day of each month, date32."""
    months = month.cast(pa.int32()).to_numpy().astype("datetime64[D]").astype("datetime64[M]")
    return pa.array((months + 1).astype("datetime64[D]") - 1).cast(pa.date32())


def _roster_checks(good: pa.Table, person: pa.Table, works: np.ndarray) -> list[tuple[str, str, np.ndarray]]:
    """(rule, severity, which rows): the roster's checks of who works, month by month as of its year."""
    known = parameters.load(date.today())
    unknown = np.full(len(good), poverty_roster.UNKNOWN, np.int64)
    nobody = np.zeros(len(good), bool)
    roster = poverty_roster.Roster(
        birth_year=person["birth_year"].to_numpy(), male=unknown, head=nobody, spouse=nobody,
        in_school=person["in_school"].cast(pa.int64()).to_numpy(),
        able=pc.not_equal(person["labour_ability"], "none").cast(pa.int64()).to_numpy(),
        months_worked=works.astype(np.int64), household=unknown, members=unknown, county=unknown, id_county=unknown,
        joined_on=unknown, entered_on=unknown,
    )  # fmt: skip
    year = pc.year(plain(good["month"])).to_numpy()
    young = nobody.copy()
    for one in np.unique(year):
        young |= (year == one) & poverty_roster.under_age_working(roster, int(one), known)
    found = {
        "under_age_working": young,
        "no_ability_working": poverty_roster.no_ability_working(roster),
        "pupil_working": poverty_roster.pupil_working(roster),
    }
    graded = ((rule, known.value(f"poverty.roster.{rule}"), mask) for rule, mask in found.items())
    return [one for one in graded if one[1] != IGNORE]


def _key(rows: pa.Table) -> np.ndarray:
    """(n,) int64 of person and month: mixed (splitmix64), so that two never meet in a register's millions."""
    month = plain(rows["month"]).cast(pa.int32()).to_numpy().astype(np.uint64)
    with np.errstate(over="ignore"):
        mixed = rows["person_id"].to_numpy().astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + month
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (mixed ^ (mixed >> np.uint64(31))).view(np.int64)


def _keyed(rows: pa.Table) -> pa.Table:
    return rows.append_column("key", pa.array(_key(rows)))


def _follows(good: pa.Table, workers: pa.Table, problems: Problems) -> np.ndarray:
    """(n,) whose worker record changes with the row: it is the newest month, and says another thing."""
    at = difference.locate(good["person_id"].to_numpy(), workers["person_id"].to_numpy())
    kept = workers.take(pa.array(at, mask=at < 0))
    month = plain(good["month"]).cast(pa.int32()).to_numpy()
    newest = (at >= 0) & _newest(good["person_id"].to_numpy(), month)
    newest &= month >= plain(kept["newest"]).cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False)
    status = difference.differs(plain(good["work_status"]), plain(kept["work_status"]))
    place = difference.differs(plain(good["works_in"]), plain(kept["works_in"]))
    works = pc.is_in(good["work_status"], value_set=pa.array(WORKING)).to_numpy()
    gone = ~works & pc.is_valid(kept["works_in"]).to_numpy()
    changed = newest & (status | (works & place) | gone)
    away = kept["works_away"].fill_null(False).to_numpy()
    problems.add(good["row"].to_numpy()[changed & away], "place_answers", "work_status")
    return changed & ~away


def _newest(person: np.ndarray, month: np.ndarray) -> np.ndarray:
    """(n,) whether a row is the last of its person in the file."""
    order = np.lexsort((month, person))
    last = np.ones(len(person), bool)
    last[order[:-1]] = person[order[1:]] != person[order[:-1]]
    return last


_FOLLOW: Final = """
UPDATE records_worker w SET work_status = s.work_status, works_in = CASE
    WHEN NOT s.works THEN NULL
    WHEN s.works_in IS NOT NULL THEN s.works_in
    WHEN w.work_status = s.work_status THEN w.works_in
END
FROM import_newest s
WHERE w.person_id = s.person_id AND w.region_code >= %(low)s AND w.region_code < %(high)s
    AND (w.work_status <> s.work_status OR (NOT s.works AND w.works_in IS NOT NULL)
         OR (s.works AND s.works_in IS NOT NULL AND s.works_in IS DISTINCT FROM w.works_in))
    AND NOT EXISTS (SELECT FROM records_work_month m WHERE m.person_id = s.person_id AND m.month > s.month)
    AND NOT EXISTS (SELECT FROM records_placement p WHERE p.person_id = w.person_id AND p.ended_on IS NULL
        AND (p.work_region_code < %(low)s OR p.work_region_code >= %(high)s))
"""


def _follow(accepted: pa.Table, region_code: str) -> int:
    """The workers of whom an accepted row is the newest month that the register has; gives how many changed."""
    month = plain(accepted["month"]).cast(pa.int32()).to_numpy()
    last = _newest(accepted["person_id"].to_numpy(), month)
    rows = accepted.select(["person_id", "month", "work_status", "works_in"]).filter(pa.array(last))
    rows = rows.append_column("works", pc.is_in(rows["work_status"], value_set=pa.array(WORKING)))
    kinds = {"person_id": "bigint", "month": "date", "work_status": "text", "works_in": "text", "works": "boolean"}
    copying.temporary("import_newest", kinds, rows)
    low, high = prefix_range(prefix(region_code))
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW, {"low": low, "high": high})
        return cursor.rowcount


def follow_again(one: Import) -> int:
    """撤销之后: workers whom the import had changed follow the newest month, where a later import brought it; gives how
    many changed. Asked when the import's rows are gone and the workers are as before it.
    """
    query = sql.SQL(
        "SELECT DISTINCT ON (m.person_id) m.person_id, m.month, m.work_status, m.works_in, m.import_id > {one} "
        "FROM records_work_month m JOIN records_worker w ON w.person_id = m.person_id WHERE w.worker_id IN "
        "(SELECT row_id FROM records_change WHERE import_id = {one} AND \"table\" = 'worker') "
        "ORDER BY m.person_id, m.month DESC"
    ).format(one=sql.Literal(one.pk))
    names = ("person_id", "month", "work_status", "works_in")
    kinds = [(name, _REGISTER.field(name).type) for name in names]
    newest = copying.read(query, pa.schema([*kinds, ("later", pa.bool_())]))
    return _follow(newest.filter(newest["later"]).drop_columns(["later"]), one.region_code)


def _register(region_code: str, months: pa.ChunkedArray) -> pa.Table:
    """What the register has of these months, with `key`."""
    low, high = prefix_range(prefix(region_code))
    wanted = sql.Literal([one.isoformat() for one in pc.unique(months).to_pylist()])
    query = sql.SQL(
        "SELECT {} FROM records_work_month WHERE region_code >= {} AND region_code < {} AND month = ANY ({}::date[])"
    ).format(sql.SQL(", ").join(map(sql.Identifier, _REGISTER.names)), sql.Literal(low), sql.Literal(high), wanted)
    return _keyed(copying.read(query, _REGISTER))


def _workers(region_code: str) -> pa.Table:
    low, high = prefix_range(prefix(region_code))
    query = sql.SQL(
        "SELECT w.person_id, w.work_status, w.works_in, EXISTS (SELECT FROM records_placement p "
        "WHERE p.person_id = w.person_id AND p.ended_on IS NULL "
        "AND (p.work_region_code < {low} OR p.work_region_code >= {high})), m.newest "
        "FROM records_worker w LEFT JOIN (SELECT person_id, max(month) AS newest FROM records_work_month "
        "WHERE region_code >= {low} AND region_code < {high} GROUP BY person_id) m ON m.person_id = w.person_id "
        "WHERE w.region_code >= {low} AND w.region_code < {high}"
    ).format(low=sql.Literal(low), high=sql.Literal(high))
    return copying.read(query, _WORKERS)
