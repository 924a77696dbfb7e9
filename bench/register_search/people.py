"""人口: a synthetic province of households in every county, copied straight into the tables of a scratch database.

Nobody in it is real: names are put together from lists, identity numbers have the impossible county 000000. Triggers
are off while it is copied, so the counts that they keep are made once afterwards; constraints, indexes and policies
hold.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.csv
from psycopg import sql

from jiedui.records.privacy import cipher
from jiedui.terms.codelists import EDUCATION, HEALTH, LABOUR_ABILITY, POVERTY_CAUSE, WORK_STATUS
from jiedui.terms.divisions import Gazetteer
from jiedui.terms.identity import ID_CHECK, ID_WEIGHTS

PROVINCE: Final = "530000"
TOWNSHIPS, VILLAGES = 10, 15
"""Of each county, and of each township."""
MEMBERS: Final = 3
YEARS: Final = tuple(range(date.today().year - 4, date.today().year))
_HOUSES_AT_ONCE: Final = 100_000
_DAYS: Final = 70 * 365
_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_GIVEN: Final = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅志建国文波辉云飞鹏浩宇欣怡梓涵子轩雨桐佳琪俊"
    "凯德福贵财发旺根生水土木春夏秋冬东南西北光荣家和兴业永安康宁"
)


@dataclass(frozen=True, slots=True)
class Known:
    """样本: what a driver may look for: numbers and names that are there."""

    counties: tuple[str, ...]
    people: tuple[tuple[int, str, str, str, str], ...]
    """person number, village, name, identity number, phone."""


def known(connection: Any) -> Known:
    """样本: some people of a filled database, spread over it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT left(region_code, 6) AS c FROM records_register_count ORDER BY c")
        counties = tuple(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT max(person_id) FROM records_person")
        step = max(1, cursor.fetchone()[0] // 500)
        cursor.execute(
            "SELECT person_id, region_code, name, id_number, phone FROM records_person "
            "WHERE person_id IN (SELECT g * %s + 1 FROM generate_series(0, 499) g) AND phone IS NOT NULL",
            [step],
        )
        rows, secret = cursor.fetchall(), cipher()
    return Known(
        counties,
        tuple(
            (key, village, name, secret.decrypt(number, "id_number", key), secret.decrypt(phone, "phone", key))
            for key, village, name, number, phone in rows
        ),
    )


def fill(connection: Any, persons: int, seed: int = 20160101) -> None:
    """装载: households, persons, years and workers of a province."""
    rng = np.random.default_rng(seed)
    today = date.today()
    counties = [one for one in Gazetteer.load().children(PROVINCE, today) if one.level == "county"]
    codes = [
        f"{county.code}{1 + t:03d}{201 + v:03d}"
        for county in counties
        for t in range(TOWNSHIPS)
        for v in range(VILLAGES)
    ]
    homes = np.sort(rng.integers(0, len(codes), -(-persons // MEMBERS)))
    places = pa.array(codes)
    with connection.cursor() as cursor:
        _triggers(cursor, "DISABLE")
        _copy(cursor, "records_village", _villages(counties, codes))
        for first in range(0, len(homes), _HOUSES_AT_ONCE):
            part = homes[first : first + _HOUSES_AT_ONCE]
            for table, rows in _tables(rng, places.take(pa.array(part)), first):
                _copy(cursor, table, rows)
        _triggers(cursor, "ENABLE")
        cursor.execute(
            "INSERT INTO records_register_count SELECT region_code, count(*), count(*) FILTER (WHERE left_on IS NULL), "
            "count(*) FILTER (WHERE left_on IS NULL AND relation = 'head') FROM records_person GROUP BY region_code"
        )


def _triggers(cursor: Any, verb: str) -> None:
    for table in ("village", "household", "household_year", "person", "person_year", "worker"):
        cursor.execute(f"ALTER TABLE records_{table} {verb} TRIGGER USER")


def _copy(cursor: Any, table: str, rows: pa.Table) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, rows.column_names))
    sink = io.BytesIO()
    pyarrow.csv.write_csv(rows, sink, pyarrow.csv.WriteOptions(include_header=False))
    with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(sql.Identifier(table), names)) as copy:
        copy.write(sink.getvalue())


def _villages(counties: Any, codes: list[str]) -> pa.Table:
    names = {one.code: one.name for one in counties}
    return pa.table(
        {
            "region_code": codes,
            "county_name": [names[code[:6]] for code in codes],
            "township_name": [f"模拟乡{code[6:9]}" for code in codes],
            "name": [f"模拟村{code[9:]}" for code in codes],
        }
    )


def _tables(rng: Any, places: pa.Array, first: int) -> Iterator[tuple[str, pa.Table]]:
    n = len(places)
    house = np.arange(first + 1, first + n + 1)
    yield (
        "records_household",
        pa.table(
            {
                "household_id": house,
                "region_code": places,
                "entered_on": _repeat("2014-05-01", n),
                "cause": _drawn(rng, list(POVERTY_CAUSE), n),
                "unsafe_housing": rng.random(n) < 0.1,
                "safe_water": rng.random(n) < 0.9,
                "address": _repeat("模拟住址", n),
            }
        ),
    )
    left = rng.integers(YEARS[0] - 2, YEARS[-1] + 2, n)
    for k, year in enumerate(YEARS):
        watched = rng.random(n) < 0.02
        yield (
            "records_household_year",
            pa.table(
                {
                    "household_year_id": house * 10 + k,
                    "household_id": house,
                    "region_code": places,
                    "year": np.full(n, year),
                    "status": pa.array(
                        np.where(left <= year, "exited", np.where(rng.random(n) < 0.002, "relapsed", "poor"))
                    ),
                    "members": np.full(n, MEMBERS),
                    "income_per_head_fen": rng.integers(200_000, 2_000_000, n),
                    "monitored_as": pa.array(np.where(watched, "near_poor", ""), mask=~watched),
                    "risk_removed": pa.array(rng.random(n) < 0.5, mask=~watched),
                }
            ),
        )
    rows = _persons(rng, places, house)
    yield "records_person", rows
    keys = rows["person_id"].to_numpy()
    working = rng.random(len(keys)) < 0.4
    chosen = pa.array(np.flatnonzero(working))
    m = len(chosen)
    yield (
        "records_person_year",
        pa.table(
            {
                "person_year_id": keys,
                "person_id": keys,
                "year": np.full(len(keys), YEARS[-1]),
                "months_worked": rng.integers(0, 13, len(keys)),
                "insured": rng.random(len(keys)) < 0.97,
                **{name: rows[name] for name in ("region_code", "education", "in_school", "health", "labour_ability")},
            }
        ),
    )
    yield (
        "records_worker",
        pa.table(
            {
                "worker_id": keys[working],
                "person_id": keys[working],
                "household_id": rows["household_id"].take(chosen),
                "region_code": rows["region_code"].take(chosen),
                "work_status": _drawn(rng, list(WORK_STATUS), m),
                "willing": np.full(m, True),
                "able": np.full(m, True),
                "skill": _repeat("none", m),
                "dependants": np.zeros(m, np.int64),
                "season": _repeat("all_year", m),
                "needs_dormitory": np.full(m, False),
                "registered_on": _repeat("2019-01-03", m),
            }
        ),
    )


def _persons(rng: Any, places: pa.Array, house: Any) -> pa.Table:
    n = len(house) * MEMBERS
    member = np.tile(np.arange(MEMBERS), len(house))
    keys = np.repeat(house - 1, MEMBERS) * MEMBERS + member + 1
    regions = places.take(pa.array(np.repeat(np.arange(len(house)), MEMBERS)))
    secret, numbers, born = cipher(), *_identities(keys)
    names = _names(rng, n)
    phoned = rng.random(n) < 0.5
    phones = [f"154{key:08d}" if there else None for key, there in zip(keys.tolist(), phoned.tolist(), strict=True)]
    ids, calls, key_array = pa.array(numbers), pa.array(phones, pa.string()), pa.array(keys)
    table = pa.table(
        {
            "person_id": keys,
            "household_id": np.repeat(house, MEMBERS),
            "region_code": regions,
            "sex": pa.array(np.where(rng.random(n) < 0.5, "male", "female")),
            "birth_year": born,
            "relation": pa.array(np.array(["head", "spouse", "child"])[member]),
            "ethnic_group": _repeat("汉族", n),
            "education": _drawn(rng, list(EDUCATION), n, (0.2, 0.35, 0.3, 0.08, 0.04, 0.03)),
            "in_school": rng.random(n) < 0.2,
            "health": _drawn(rng, list(HEALTH), n, (0.8, 0.12, 0.05, 0.03)),
            "labour_ability": _drawn(rng, list(LABOUR_ABILITY), n, (0.35, 0.1, 0.5, 0.05)),
            "joined_on": _repeat("2014-05-01", n),
            "left_on": pa.array(np.where(rng.random(n) < 0.04, "2019-03-01", ""), mask=None),
            "name": names,
            "id_number": _bytea(secret.encrypt_many(ids, "id_number", key_array)),
            "id_number_index": _bytea(secret.blind_index_many(ids)),
            "pseudonym": secret.pseudonym_many(ids),
            "phone": _bytea(secret.encrypt_many(calls, "phone", key_array)),
            "phone_index": _bytea(secret.blind_index_many(calls, "phone")),
        }
    )
    left = table["left_on"].to_pylist()
    at = table.column_names.index("left_on")
    return table.set_column(at, "left_on", pa.array([one or None for one in left], pa.string()))


def _identities(keys: Any) -> tuple[list[str], Any]:
    """Distinct numbers, births spread over seventy years."""
    day = np.datetime64("1945-01-01") + (keys % _DAYS).astype("timedelta64[D]")
    text = [str(one).replace("-", "") for one in day]
    first17 = [f"000000{one}{serial:03d}" for one, serial in zip(text, (keys // _DAYS).tolist(), strict=True)]
    digits = np.frombuffer("".join(first17).encode(), np.uint8).reshape(-1, 17) - ord("0")
    check = (digits.astype(np.int64) * np.array(ID_WEIGHTS)).sum(axis=1) % 11
    born = day.astype("datetime64[Y]").astype(np.int64) + 1970
    return [one + ID_CHECK[c] for one, c in zip(first17, check.tolist(), strict=True)], born


def _names(rng: Any, n: int) -> list[str]:
    rank = np.minimum(rng.geometric(0.03, n) - 1, len(_SURNAMES) - 1)
    first, second = rng.integers(0, len(_GIVEN), (2, n))
    two = rng.random(n) < 0.7
    return [
        _SURNAMES[s] + _GIVEN[a] + (_GIVEN[b] if more else "")
        for s, a, b, more in zip(rank.tolist(), first.tolist(), second.tolist(), two.tolist(), strict=True)
    ]


def _drawn(rng: Any, values: list[str], n: int, shares: tuple[float, ...] | None = None) -> pa.Array:
    return pa.array(values).take(pa.array(rng.choice(len(values), n, p=shares)))


def _repeat(value: str, n: int) -> pa.Array:
    return pa.repeat(pa.scalar(value), n)


def _bytea(values: pa.Array) -> pa.Array:
    return pa.array([None if one is None else "\\x" + one.hex() for one in values.to_pylist()], pa.string())
