"""导出: what a reader may see of the register as record batches, any number of rows in bounded memory.

The rows come in pieces by place, household and person. Each piece is read in a transaction and a scope of its own, for
what is read after a page's own transaction sees nothing; the reader's rights are asked for again before each piece, and
an export whose reader's rights changed on the way breaks off. A row that stays where it is comes exactly once.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q

from jiedui.errors import JieduiError
from jiedui.records import access, linked
from jiedui.records.models import User
from jiedui.records.privacy import cipher
from jiedui.records.queries.register import Filters, Sought, by_link, matching
from jiedui.terms import codelists
from jiedui.terms.divisions import Gazetteer
from jiedui.terms.identity import mask_id, mask_name, mask_phone
from jiedui.terms.scope import Scope

PIECE: Final = 20_000
"""Rows at once: some 20 MB, and the first of them are on their way within a second."""
_FIRST_PIECE: Final = 2_000

YES_NO: Final = {"t": ("是", "yes"), "f": ("否", "no")}


_TABLES: Final = {"p": "person", "h": "household", "y": "household_year", "q": "person_year"}
"""Short names of the tables in the SQL below; `v` is the list of villages, which is open."""


@dataclass(frozen=True, slots=True)
class Field:
    """栏目: a column of the export: its title in Chinese and English, the SQL it comes from, how it is shown.

    kind: text · number (digits of a key or code) · int · yuan (kept in fen, shown in yuan) · date · choice (by
    `choices`) · county · private (by name only) · name, id_number, phone (masked).
    """

    title: str
    title_en: str
    sql: str
    kind: str = "text"
    choices: Mapping[str, tuple[str, str]] | None = None

    @property
    def by_link(self) -> bool:
        """有无关联可读: whether whoever sees the person by a link only may read all that it is made of."""
        used = re.findall(r"\b([phyq])\.(\w+)", self.sql)
        return all(column in linked.COLUMNS[_TABLES[alias]] for alias, column in used)

    @property
    def numbered(self) -> bool:
        """是否编号: digits that name something and are never reckoned with."""
        return self.kind == "number"


FIELDS: Final = (
    Field("县", "County", "v.county_name", "county"),
    Field("乡镇", "Township", "v.township_name"),
    Field("行政村", "Village", "coalesce(v.name, p.region_code)"),
    Field("自然村", "Hamlet", "h.hamlet", "private"),
    Field("户编号", "Household number", "p.household_id", "number"),
    Field("人编号", "Person number", "p.person_id", "number"),
    Field("姓名", "Name", "p.name", "name"),
    Field("证件号码", "Identity number", "encode(p.id_number, 'hex')", "id_number"),
    Field("人数", "Members", "y.members", "int"),
    Field("与户主关系", "Relation to the head", "p.relation", "choice", codelists.RELATION),
    Field("民族", "Ethnic group", "p.ethnic_group"),
    Field("文化程度", "Education", "coalesce(q.education, p.education)", "choice", codelists.EDUCATION),
    Field("在校生状况", "In school", "coalesce(q.in_school, p.in_school)", "choice", YES_NO),
    Field("健康状况", "Health", "coalesce(q.health, p.health)", "choice", codelists.HEALTH),
    Field("劳动技能", "Ability to work", "coalesce(q.labour_ability, p.labour_ability)", "choice",
          codelists.LABOUR_ABILITY),
    Field("务工时间(月)", "Months of work", "q.months_worked", "int"),
    Field("是否参加大病保险", "Insured for serious illness", "q.insured", "choice", YES_NO),
    Field("致贫原因", "Cause of poverty", "h.cause", "choice", codelists.POVERTY_CAUSE),
    Field("危房户", "Unsafe housing", "h.unsafe_housing", "choice", YES_NO),
    Field("安全饮水", "Safe water", "h.safe_water", "choice", YES_NO),
    Field("人均纯收入", "Net income per head (yuan)", "y.income_per_head_fen", "yuan"),
    Field("联系电话", "Phone", "encode(p.phone, 'hex')", "phone"),
    Field("首次识别时间", "Household first registered", "h.entered_on", "date"),
    Field("人员识别时间", "Person registered", "p.joined_on", "date"),
    Field("户类型", "Status of the household", "y.status", "choice", codelists.POVERTY_STATUS),
    Field("监测对象类型", "Watched as", "y.monitored_as", "choice", codelists.MONITORED_AS),
    Field("风险是否消除", "Risk removed", "y.risk_removed", "choice", YES_NO),
    Field("风险识别时间", "Risk found", "y.risk_found_on", "date"),
    Field("风险消除时间", "Risk removed on", "y.risk_removed_on", "date"),
    Field("减少时间", "Left the register", "p.left_on", "date"),
    Field("年度", "Year", "y.year", "int"),
    Field("区划代码", "Division code", "p.region_code", "number"),
)  # fmt: skip
"""The registry's own header in its order (domain fact 12), so that a file can come back, and three more columns."""

_KEYS: Final = ("p.region_code", "p.household_id", "p.person_id")
_PERSON: Final = (
    "person_id", "household_id", "region_code", "name", "id_number", "relation", "ethnic_group", "education",
    "in_school", "health", "labour_ability", "phone", "joined_on", "left_on",
)  # fmt: skip
_FROM: Final = """
FROM p
LEFT JOIN records_household h ON h.household_id = p.household_id AND ({household})
LEFT JOIN records_village v ON v.region_code = p.region_code
LEFT JOIN LATERAL (
    SELECT * FROM records_household_year c
    WHERE c.household_id = p.household_id AND ({year}) AND (%(year)s::int IS NULL OR c.year = %(year)s)
    ORDER BY c.year DESC LIMIT 1) y ON true
LEFT JOIN LATERAL (
    SELECT * FROM records_person_year c
    WHERE c.person_id = p.person_id AND ({year}) AND (c.year = coalesce(%(year)s, y.year))
    LIMIT 1) q ON true
ORDER BY p.region_code, p.household_id, p.person_id
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """导出要求: who asks, for whom, as of which year (None = each household's last), with full numbers or masked."""

    user_id: int
    sought: Sought
    filters: Filters
    year: int | None = None
    full: bool = False
    english: bool = False

    def schema(self) -> pa.Schema:
        """栏目: the batches' columns, titled in the reader's language; int64, yuan float64, days date32."""
        kinds = {"int": pa.int64(), "yuan": pa.float64(), "date": pa.date32()}
        return pa.schema(
            [(one.title_en if self.english else one.title, kinds.get(one.kind, pa.string())) for one in FIELDS]
        )


def batches(wanted: Wanted, *, piece: int = PIECE) -> Iterator[pa.RecordBatch]:
    """逐批: record batches of `wanted.schema()`, the first one short; none where there is nobody.

    Raises:
        JieduiError: the reader's rights changed since the first piece.
    """
    first_sight, key, size = None, (), min(_FIRST_PIECE, piece)
    while True:
        user = User.objects.get(pk=wanted.user_id)
        with access.acting_as(user) as sight:
            if sight != (first_sight or sight):
                raise JieduiError(
                    "Your rights changed while the file was being written; it is not complete.",
                    remedy="Ask for the export again.",
                )
            first_sight = sight
            raw = _read(wanted, user, sight, key, size)
        if not connection.in_atomic_block:  # nobody else gives it back: the request is over
            connection.close_if_unusable_or_obsolete()
        if raw.num_rows:
            key = tuple(raw[name][-1].as_py() for name in ("k0", "k1", "k2"))
            yield _shown(wanted, raw, sight)
        if raw.num_rows < size:
            return
        size = piece


def _read(wanted: Wanted, user: Any, sight: access.Sight, key: tuple[Any, ...], size: int) -> pa.Table:
    """One piece as it is stored, texts as texts and ciphertexts as hexadecimal digits."""
    rows = matching(user, wanted.sought, wanted.filters).filter(_behind(key))
    rows = rows.order_by("region_code", "household_id", "person_id").values_list(*_PERSON)[:size]
    columns = [f"{sql} AS k{i}" for i, sql in enumerate(_KEYS)]
    columns += [f"{one.sql} AS f{i}" for i, one in enumerate(FIELDS)]
    with connection.cursor() as cursor:
        client = psycopg.ClientCursor(cursor.connection)
        try:
            inner = client.mogrify(*rows.query.sql_with_params())
        except EmptyResultSet:  # Django knows without asking: an empty scope
            return pa.schema(list(_stored_types().items())).empty_table()
        ranges = {"household": _inside("h.region_code", sight), "year": _inside("c.region_code", sight)}
        tail = client.mogrify(_FROM.format(**ranges), {"year": wanted.year})
        names = ", ".join(_PERSON)
        statement = f"WITH p ({names}) AS MATERIALIZED ({inner}) SELECT {', '.join(columns)} {tail}"
        received = io.BytesIO()
        with cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT csv, HEADER true)") as copy:
            for part in copy:
                received.write(part)
    received.seek(0)
    return pyarrow.csv.read_csv(
        received,
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=_stored_types(), strings_can_be_null=True, quoted_strings_can_be_null=False, null_values=[""]
        ),
    )


def _stored_types() -> dict[str, pa.DataType]:
    kinds = {"int": pa.int64(), "yuan": pa.int64(), "date": pa.date32()}
    types = {f"f{i}": kinds.get(one.kind, pa.string()) for i, one in enumerate(FIELDS)}
    return {"k0": pa.string(), "k1": pa.int64(), "k2": pa.int64(), **types}


def _inside(column: str, sight: access.Sight) -> str:
    """The reader's ranges as SQL, for indexes; codes are digits and the colon that ends a range: nothing to quote.

    Where a link shows rows of other places, the database's own wall alone decides about them.
    """
    if by_link(sight):
        return "true"
    return " OR ".join(f"({column} >= '{low}' AND {column} < '{high}')" for low, high in sight.people.ranges) or "false"


def _behind(key: tuple[Any, ...]) -> Q:
    if not key:
        return Q()
    region, household, person = key
    return Q(region_code__gte=region) & (
        Q(region_code__gt=region)
        | Q(region_code=region, household_id__gt=household)
        | Q(region_code=region, household_id=household, person_id__gt=person)
    )


def _shown(wanted: Wanted, raw: pa.Table, sight: access.Sight) -> pa.RecordBatch:
    """The piece as the reader sees it: labels for identifiers, masks where the reader may not see the value."""
    regions = raw["k0"].combine_chunks()
    home, named = _where(regions, sight.people), _where(regions, sight.named)
    arrays = []
    for i, one in enumerate(FIELDS):
        shown = _column(wanted, one, raw, f"f{i}", named)
        arrays.append(shown if one.by_link or one.kind == "name" else _only(home, shown))
    return pa.RecordBatch.from_arrays(arrays, schema=wanted.schema())


def _where(regions: pa.Array, scope: Scope) -> pa.Array:
    """Whether each row's place lies in the scope; few different villages, many rows."""
    encoded = regions.dictionary_encode()
    flags = pa.array([code in scope for code in encoded.dictionary.to_pylist()], pa.bool_())
    return flags.take(encoded.indices)


def _only(where: pa.Array, values: pa.Array) -> pa.Array:
    return pc.if_else(where, values, pa.scalar(None, values.type))


def _column(wanted: Wanted, one: Field, raw: pa.Table, name: str, named: pa.Array) -> pa.Array:
    values = raw[name].combine_chunks()
    match one.kind:
        case "choice":
            return _labelled(values, one.choices or {}, english=wanted.english)
        case "yuan":
            return pc.divide(pc.cast(values, pa.float64()), 100.0)
        case "county":
            return _counties(values, raw["k0"].combine_chunks())
        case "private":
            return _only(named, values)
        case "name":
            return pc.coalesce(_only(named, values), _mapped(_only(pc.invert(named), values), mask_name))
        case "id_number" | "phone":
            return _opened(wanted, one.kind, raw, _only(named, values))
        case _:
            return values


def _labelled(values: pa.Array, choices: Mapping[str, tuple[str, str]], *, english: bool) -> pa.Array:
    """Labels by identifier; one that the list does not have stays as it is."""
    keys, labels = pa.array(list(choices), pa.string()), pa.array([pair[english] for pair in choices.values()])
    return pc.coalesce(labels.take(pc.index_in(values, keys)), values)


def _counties(names: pa.Array, regions: pa.Array) -> pa.Array:
    """The list of villages knows the county's name as rosters write it; else the division's own."""
    encoded = pc.utf8_slice_codeunits(regions, 0, 6).dictionary_encode()
    divisions = (Gazetteer.load().get(code) for code in encoded.dictionary.to_pylist())
    own = pa.array([division.name if division else None for division in divisions], pa.string())
    return pc.coalesce(names, own.take(encoded.indices))


def _mapped(values: pa.Array, change: Callable[[str], str]) -> pa.Array:
    return pa.array([None if one is None else change(one) for one in values.to_pylist()], pa.string())


def _opened(wanted: Wanted, column: str, raw: pa.Table, values: pa.Array) -> pa.Array:
    """Ciphertexts opened, and masked unless full numbers were asked for."""
    stored = pa.array([None if one is None else bytes.fromhex(one) for one in values.to_pylist()], pa.binary())
    plain = cipher().decrypt_many(stored, column, raw["k2"])
    return plain if wanted.full else _mapped(plain, mask_id if column == "id_number" else mask_phone)


def file_name(wanted: Wanted, ending: str, on: date) -> str:
    """文件名: says what, where and when; ASCII digits and Chinese only."""
    where = wanted.filters.place or "all"
    return f"花名册-{where}-{on:%Y%m%d}.{ending}"
