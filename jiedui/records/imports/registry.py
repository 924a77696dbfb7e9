"""登记册一侧: the roster as the register would print it, and the way of an accepted roster into its tables.

A roster's row is one person with the facts of the household and of the year; the register keeps them apart (person,
person_year, household, household_year).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from psycopg import sql

from jiedui.records import copying
from jiedui.records.imports import difference, household_rows
from jiedui.records.imports.difference import Sides
from jiedui.records.privacy import cipher
from jiedui.terms.divisions import prefix
from jiedui.terms.scope import prefix_range

COLUMNS: Final = (
    ("key", "p.person_id", pa.int64()),
    ("household_id", "p.household_id", pa.int64()),
    ("region_code", "p.region_code", pa.string()),
    ("name", "p.name", pa.string()),
    ("id_mark", "p.pseudonym", pa.int64()),
    ("phone_mark", "p.phone_index", pa.int64()),
    ("relation", "p.relation", pa.string()),
    ("ethnic_group", "p.ethnic_group", pa.string()),
    ("education", "p.education", pa.string()),
    ("in_school", "p.in_school", pa.bool_()),
    ("health", "p.health", pa.string()),
    ("labour_ability", "p.labour_ability", pa.string()),
    ("joined_on", "p.joined_on", pa.date32()),
    ("left_on", "p.left_on", pa.date32()),
    ("hamlet", "h.hamlet", pa.string()),
    ("cause", "h.cause", pa.string()),
    ("unsafe_housing", "h.unsafe_housing", pa.bool_()),
    ("safe_water", "h.safe_water", pa.bool_()),
    ("entered_on", "h.entered_on", pa.date32()),
    ("year_of_household", "hy.year", pa.int64()),
    ("members", "hy.members", pa.int64()),
    ("status", "hy.status", pa.string()),
    ("income_per_head_fen", "hy.income_per_head_fen", pa.int64()),
    ("monitored_as", "hy.monitored_as", pa.string()),
    ("risk_removed", "hy.risk_removed", pa.bool_()),
    ("risk_found_on", "hy.risk_found_on", pa.date32()),
    ("risk_removed_on", "hy.risk_removed_on", pa.date32()),
    ("year_of_person", "py.year", pa.int64()),
    ("months_worked", "py.months_worked", pa.int64()),
    ("insured", "py.insured", pa.bool_()),
)
"""Column of the roster, where it is kept, its type. A mark is the first 64 bits of a blind index: enough to tell that
a number differs, and no number."""
_TEXTS: Final = ("relation", "ethnic_group", "education", "health", "labour_ability", "cause", "status", "monitored_as",
                 "region_code", "hamlet")  # fmt: skip

COMPARED: Final = tuple(
    name for name, _, _ in COLUMNS if name not in ("key", "left_on", "year_of_household", "year_of_person")
)
PERSON: Final = ("name", "relation", "ethnic_group", "education", "in_school", "health", "labour_ability", "joined_on")
HOUSEHOLD: Final = ("hamlet", "cause", "unsafe_housing", "safe_water", "entered_on")
HOUSEHOLD_YEAR: Final = ("status", "members", "income_per_head_fen", "monitored_as", "risk_removed", "risk_found_on",
                         "risk_removed_on")  # fmt: skip
PERSON_YEAR: Final = ("education", "in_school", "health", "labour_ability", "months_worked", "insured")
NEEDED: Final = (
    "relation", "ethnic_group", "education", "in_school", "health", "labour_ability", "joined_on", "cause",
    "unsafe_housing", "safe_water", "entered_on", "status",
)  # fmt: skip
"""What the register must know of a new person or household."""


def mark(index: pa.Array) -> pa.Array:
    """标记: int64 (n,) from blind indexes of 32 bytes; null where there is none."""
    known = pc.is_valid(index).to_numpy(zero_copy_only=False)
    values = np.zeros(len(index), np.int64)
    there = index.drop_null().cast(pa.binary(32))
    data = np.frombuffer(there.buffers()[1], np.uint8, len(there) * 32, there.offset * 32).reshape(-1, 32)
    values[known] = np.ascontiguousarray(data[:, :8]).view(">i8").ravel()
    return pa.array(values, mask=~known)


def mark_of_pseudonym(pseudonyms: pa.Array) -> pa.Array:
    """假名标记: int64 (n,) from the first 16 of 32 hexadecimal digits; null where there is none."""
    known = pc.is_valid(pseudonyms).to_numpy(zero_copy_only=False)
    values = np.zeros(len(pseudonyms), np.int64)
    digits = pc.utf8_slice_codeunits(pseudonyms.drop_null(), 0, 16)
    values[known] = np.frombuffer(bytes.fromhex("".join(digits.to_pylist())), ">i8")
    return pa.array(values, mask=~known)


def with_indexes(rows: pa.Table) -> pa.Table:
    """加标识: pseudonyms and the blind indexes of phones (`pseudonym`, `phone_index`), computed once.

    A number is compared by its pseudonym, whose key never changes, also while other keys are being rotated.
    """
    secret = cipher()
    return rows.append_column("pseudonym", secret.pseudonym_many(rows["id_number"].combine_chunks())).append_column(
        "phone_index", secret.blind_index_many(rows["phone"].combine_chunks(), "phone")
    )


def file_side(rows: pa.Table) -> pa.Table:
    """文件一侧: what was read, with `key`, marks of numbers and phones, and what the identity number says."""
    year, male, _ = household_rows.of_number(rows["id_number"].combine_chunks())
    known = year >= 0
    return (
        rows.append_column("key", rows["person_id"])
        .append_column("id_mark", mark_of_pseudonym(rows["pseudonym"].combine_chunks()))
        .append_column("phone_mark", mark(rows["phone_index"].combine_chunks()))
        .append_column("birth_year", pa.array(year, mask=~known))
        .append_column("sex", pa.array(["female", "male"]).take(pa.array(male, mask=~known)))
    )


_ROSTER: Final = """
SELECT {columns} FROM records_person p JOIN records_household h ON h.household_id = p.household_id
JOIN records_household_year hy ON hy.household_id = p.household_id AND hy.year = {last}
LEFT JOIN records_person_year py ON py.person_id = p.person_id AND py.year = {last}
WHERE p.region_code >= {low} AND p.region_code < {high} {only}
UNION ALL
SELECT {columns} FROM records_person p JOIN records_household h ON h.household_id = p.household_id
LEFT JOIN LATERAL (
    SELECT * FROM records_household_year y WHERE y.household_id = p.household_id AND y.year <= {year}
    ORDER BY y.year DESC LIMIT 1) hy ON true
LEFT JOIN LATERAL (
    SELECT * FROM records_person_year y WHERE y.person_id = p.person_id AND y.year <= {year}
    ORDER BY y.year DESC LIMIT 1) py ON true
WHERE p.region_code >= {low} AND p.region_code < {high} {only}
AND NOT EXISTS (SELECT FROM records_household_year y WHERE y.household_id = p.household_id AND y.year = {last})
"""
"""Whose household has the last year of the place are joined as a whole; the others (a county that is behind, a
household that was left out of a roster) are looked up one by one, each with its own last year."""


def register_side(region_code: str, year: int, keys: np.ndarray | None = None) -> pa.Table:
    """登记册一侧: the persons below a division, with the last year kept there up to `year`; `keys`: only these."""
    low, high = prefix_range(prefix(region_code))
    only = sql.SQL("")
    if keys is not None:
        copying.temporary("import_keys", {"key": "bigint"}, pa.table({"key": keys}))
        only = sql.SQL("AND p.person_id IN (SELECT key FROM import_keys)")
    last = _last_year(low, high, year)
    query = sql.SQL(_ROSTER).format(
        only=only,
        columns=sql.SQL(", ").join(_expression(name, place) for name, place, _ in COLUMNS),
        last=sql.Literal(last), year=sql.Literal(year), low=sql.Literal(low), high=sql.Literal(high),
    )  # fmt: skip
    schema = pa.schema([(n, pa.dictionary(pa.int32(), t) if n in _TEXTS else t) for n, _, t in COLUMNS])
    return copying.read(query, schema).unify_dictionaries()


def _expression(name: str, place: str) -> sql.Composable:
    if name == "id_mark":
        return sql.SQL("('x' || left({}, 16))::bit(64)::bigint").format(sql.SQL(place))
    if name == "phone_mark":
        return sql.SQL("('x' || left(encode({}, 'hex'), 16))::bit(64)::bigint").format(sql.SQL(place))
    return sql.SQL(place)


def _last_year(low: str, high: str, year: int) -> int:
    query = sql.SQL(
        "SELECT max(year) AS year FROM records_household_year "
        "WHERE region_code >= {} AND region_code < {} AND year <= {}"
    ).format(sql.Literal(low), sql.Literal(high), sql.Literal(year))
    found = copying.read(query, pa.schema([("year", pa.int64())]))["year"].to_pylist()
    return next((one for one in found if one is not None), year)


def newest_year(region_code: str) -> int | None:
    """最近年度: the last year of which the register holds anything below a division."""
    low, high = prefix_range(prefix(region_code))
    found = _last_year(low, high, 2100)
    return None if found == 2100 else found


def sides(rows: pa.Table, register: pa.Table) -> Sides:
    """两边: the accepted rows of the file and the register; gone is who is present in a village that the file names."""
    villages = pc.unique(rows["region_code"])
    there = pc.is_in(register["region_code"].cast(pa.string()), value_set=villages).to_numpy(zero_copy_only=False)
    present = pc.is_null(register["left_on"]).to_numpy()
    return Sides(rows, register, COMPARED, there & present)


def conflicts(rows: pa.Table, region_code: str, register: pa.Table) -> list[tuple[str, np.ndarray]]:
    """冲突: which rows nobody may decide alone, by reason."""
    at = difference.locate(rows["key"].to_numpy(), register["key"].to_numpy())
    known = at >= 0
    here = np.flatnonzero(known)
    kept = register.select(["household_id", "id_mark"]).take(pa.array(at[here]))
    found = {name: np.zeros(len(rows), bool) for name in ("household", "identity")}
    for name, column in (("household", "household_id"), ("identity", "id_mark")):
        sent = rows[column].combine_chunks().take(pa.array(here))
        found[name][here] = difference.differs(sent, kept[column].combine_chunks())
    elsewhere, moved = _beyond(rows, region_code, ~known | found["identity"] | found["household"])
    return [
        ("moved", moved),
        ("elsewhere", elsewhere),
        ("household", found["household"]),
        ("identity", found["identity"]),
    ]


def _beyond(rows: pa.Table, region_code: str, asked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of the asked rows: whose identity number another person has, and whose person or household is registered
    elsewhere.
    """
    at = np.flatnonzero(asked)
    elsewhere, moved = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
    if not len(at) or _is_empty():
        return elsewhere, moved
    staged = rows.select(["key", "household_id", "pseudonym"]).take(pa.array(at)).append_column("place", pa.array(at))
    columns = {"place": "bigint", "key": "bigint", "household_id": "bigint", "pseudonym": 'varchar(32) COLLATE "C"'}
    copying.temporary("import_asked", columns, staged)
    place = pa.schema([("place", pa.int64())])
    other = copying.read(
        sql.SQL(
            "SELECT a.place FROM import_asked a JOIN records_person p ON p.pseudonym = a.pseudonym "
            "WHERE p.person_id <> a.key"
        ),
        place,
    )
    low, high = prefix_range(prefix(region_code))
    same = copying.read(
        sql.SQL(
            "SELECT a.place FROM import_asked a JOIN records_person p ON p.person_id = a.key "
            "WHERE p.region_code < {low} OR p.region_code >= {high} UNION "
            "SELECT a.place FROM import_asked a JOIN records_household h ON h.household_id = a.household_id "
            "WHERE h.region_code < {low} OR h.region_code >= {high}"
        ).format(low=sql.Literal(low), high=sql.Literal(high)),
        place,
    )
    elsewhere[other["place"].to_numpy()] = True
    moved[same["place"].to_numpy()] = True
    return elsewhere, moved


def _is_empty() -> bool:
    from jiedui.records.models import Person

    return not Person.objects.exists()


def village_titles(region_code: str) -> dict[str, str]:
    """村名: code → township and village, below a division."""
    from jiedui.records.models import Village
    from jiedui.records.queries.poverty import below

    rows = below(Village.objects.all(), prefix(region_code)).values_list("region_code", "township_name", "name")
    return {code: f"{township}{name}" for code, township, name in rows}
