"""装载: whole tables into the records in one transaction: a synthetic country, a registry export, another installation.

Everything or nothing: a process killed in the middle leaves the database as it was. Rows are checked by the same
constraints as rows that are typed in, and identity numbers before anything is written.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
from django.db import DataError, IntegrityError, connection, transaction
from psycopg import sql

from jiedui.errors import JieduiError
from jiedui.records import copying, models
from jiedui.records.privacy import Cipher, cipher
from jiedui.snapshot.schema import TABLES, Table
from jiedui.snapshot.schema.arrow import arrow_schema
from jiedui.terms.divisions import Division, Gazetteer
from jiedui.terms.identity import id_problem

if TYPE_CHECKING:
    from jiedui.records.models import LoadedBatch, User

Progress = Callable[[float, float], None]
"""`progress(done, total)` in rows; a step of `runtime.progress` fits."""

_ABOUT_THEM: Final = ("duplicate_pair", "import", "village", "offer_sheet", "match_mark", "match_order")
"""Tables that say something about rows of the declared ones, and go with them."""


@dataclass(frozen=True)
class Origin:
    """来源: what is loaded, so that a rerun can see that the same is there already."""

    what: str = "tables"
    seed: int | None = None
    synthetic: bool = False


def load_tables(
    tables: Mapping[str, pa.Table],
    *,
    entered_by: User | None = None,
    progress: Progress | None = None,
    replace: bool = False,
    origin: Origin | None = None,
) -> LoadedBatch:
    """装载各表: full tables of the declared schema (private columns included) into the records, in one transaction.

    Tables that are not given stay empty. `replace` empties the records first, in the same transaction; users, grants
    and the runs of results stay. Loads the divisions with their history when they are not there yet.

    Raises:
        JieduiError: an unknown table or column, records that are not empty (without `replace`), an identity number
            with a wrong check digit, a row that a constraint refuses. Nothing is changed then.
    """
    given = {name: _conform(name, table) for name, table in _in_order(tables)}
    if "person" in given:
        _check_identity_numbers(given["person"])
    batch = _batch(given, origin or Origin())
    report = _counting(progress, sum(batch.rows.values()))
    try:
        with transaction.atomic():
            load_regions()
            _make_room(replace)
            for name, table in given.items():
                _copy(TABLES[name], _stored(name, table, cipher()), entered_by, report)
            _check_references()
            batch.save()
    except (psycopg.IntegrityError, psycopg.DataError, IntegrityError, DataError) as error:
        raise _readable(error) from None
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ANALYZE {}").format(sql.SQL(", ").join(map(_stored_in, given))))
    return batch


def loaded(origin: Origin) -> LoadedBatch | None:
    """已装载: the batch, when the records hold exactly what was loaded from this origin last."""
    last = models.LoadedBatch.objects.order_by("-at", "-pk").first()
    same = last is not None and (last.what, last.seed, last.synthetic) == (origin.what, origin.seed, origin.synthetic)
    return last if same else None


def is_synthetic() -> bool:
    """是否合成数据: whether what was loaded last, into empty records, is invented. False while nothing was loaded."""
    last = models.LoadedBatch.objects.order_by("-at", "-pk").first()
    return last is not None and last.synthetic


def load_regions(gazetteer: Gazetteer | None = None) -> int:
    """装载区划: all divisions with their history, once; tells how many were written."""
    if models.Region.objects.exists():
        return 0
    divisions = list((gazetteer or Gazetteer.load()).all())
    names = [field.name for field in dataclasses.fields(Division) if field.name != "successors"]
    columns = {name: [getattr(division, name) for division in divisions] for name in names}
    columns["successors"] = [json.dumps(division.successors) for division in divisions]
    with transaction.atomic():
        copying.write("records_region", pa.table(columns))
    return len(divisions)


def load_villages(villages: pa.Table) -> int:
    """装载行政村: region_code, county_name, township_name, name; villages that are there already stay; tells how many
    are new.
    """
    held = set(models.Village.objects.values_list("region_code", flat=True))
    new = villages.filter(pc.invert(pc.is_in(villages["region_code"], pa.array(held, pa.string()))))
    if new.num_rows:
        with transaction.atomic():
            copying.write("records_village", new)
    return new.num_rows


def digest(tables: Mapping[str, pa.Table]) -> str:
    """摘要: SHA-256 over names, columns and rows in the order of the schema."""
    total = hashlib.sha256()
    for name, table in tables.items():
        total.update(name.encode())
        with pa.ipc.new_stream(_Hashing(total), table.schema) as stream:
            stream.write_table(table.combine_chunks())
    return total.hexdigest()


class _Hashing:
    """A file that only hashes what is written to it."""

    closed = False

    def __init__(self, total: Any) -> None:
        self.total = total

    def write(self, data: Any) -> int:
        self.total.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back."""


def _in_order(tables: Mapping[str, pa.Table]) -> Iterable[tuple[str, pa.Table]]:
    """The given tables, each after those it refers to."""
    if unknown := sorted(set(tables) - set(TABLES)):
        raise JieduiError(f"There is no table {unknown[0]!r}.", remedy=f"Tables: {', '.join(TABLES)}.")
    return [(name, tables[name]) for name in TABLES if name in tables]


def _conform(name: str, table: pa.Table) -> pa.Table:
    """The table with exactly the declared columns and types."""
    schema = arrow_schema(TABLES[name], frozen=False)
    if missing := [column for column in schema.names if column not in table.column_names]:
        raise JieduiError(f"Table {name} has no column {missing[0]!r}.", remedy=f"Columns: {', '.join(schema.names)}.")
    if surplus := [column for column in table.column_names if column not in schema.names]:
        raise JieduiError(f"Table {name} has an undeclared column {surplus[0]!r}.", remedy="Remove it.")
    try:
        table = table.select(schema.names).cast(pa.schema([field.with_nullable(True) for field in schema]))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise JieduiError(
            f"Table {name} does not fit its declaration: {error}.", remedy="Correct the values."
        ) from None
    for field in schema:
        if not field.nullable and (nulls := table[field.name].null_count):
            row = table[field.name].is_null().index(True).as_py() + 1
            raise JieduiError(
                f"Table {name}, row {row}, column {field.name}: nothing is entered ({nulls} such rows).",
                remedy="This column must be known; enter it.",
            )
    return table


def _check_identity_numbers(persons: pa.Table) -> None:
    for row, number in enumerate(persons["id_number"].to_pylist(), start=1):
        if problem := id_problem(number):
            raise JieduiError(
                f"Table person, row {row}, column id_number: {problem}.",
                remedy="Correct the number at its source; nothing was loaded.",
            )


def _batch(given: Mapping[str, pa.Table], origin: Origin) -> LoadedBatch:
    return models.LoadedBatch(
        what=origin.what,
        seed=origin.seed,
        synthetic=origin.synthetic,
        digest=digest(given),
        rows={name: table.num_rows for name, table in given.items()},
    )


def _counting(progress: Progress | None, total: int) -> Callable[[int], None]:
    done = 0

    def count(rows: int) -> None:
        nonlocal done
        done += rows
        if progress:
            progress(done, total)

    return count


def _make_room(replace: bool) -> None:
    with connection.cursor() as cursor:
        if replace:
            emptied = sql.SQL(", ").join(map(_stored_in, (*TABLES, *_ABOUT_THEM)))
            # the one door by which tables are emptied without a correction; the journal keeps that they were
            cursor.execute("SELECT set_config('jiedui.correction', 'the records are loaded anew', true)")
            cursor.execute(sql.SQL("TRUNCATE {}").format(emptied))
            cursor.execute("SELECT set_config('jiedui.correction', '', true)")
            return
        for name in TABLES:
            cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(_stored_in(name)))
            if cursor.fetchone() == (True,):
                raise JieduiError(
                    f"The records are not empty: table {name} has rows.",
                    remedy="Load with replace=True to empty them first, or use an empty database.",
                )


def _stored_in(name: str) -> sql.Identifier:
    return sql.Identifier(f"records_{name}")


def _stored(name: str, table: pa.Table, secret: Cipher) -> pa.Table:
    """The table as the database holds it: of a person, ciphertexts, blind index and pseudonym."""
    if name != "person":
        return table
    keys, numbers, phones = (table[column].to_pylist() for column in ("person_id", "id_number", "phone"))
    columns = {
        "id_number": [_bytea(secret.encrypt(n, "id_number", k)) for k, n in zip(keys, numbers, strict=True)],
        "phone": [p and _bytea(secret.encrypt(p, "phone", k)) for k, p in zip(keys, phones, strict=True)],
        "id_number_index": [_bytea(secret.blind_index(n)) for n in numbers],
        "pseudonym": [secret.pseudonym(n) for n in numbers],
        "phone_index": [p and _bytea(secret.blind_index(p, "phone")) for p in phones],
    }
    for column, values in columns.items():
        array = pa.array(values, pa.string())
        at = table.schema.get_field_index(column)
        table = table.append_column(column, array) if at < 0 else table.set_column(at, column, array)
    return table


def _bytea(data: bytes) -> str:
    return "\\x" + data.hex()


def _copy(declared: Table, table: pa.Table, entered_by: User | None, report: Callable[[int], None]) -> None:
    if entered_by is not None:
        table = table.append_column("entered_by_id", pa.repeat(pa.scalar(entered_by.pk, pa.int64()), table.num_rows))
    copying.write(f"records_{declared.name}", table, written=report)
    # the next key that is typed in comes after the loaded ones
    statement = sql.SQL("SELECT setval(pg_get_serial_sequence({}, {}), max({key})) FROM {table} HAVING count(*) > 0")
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(
                sql.Literal(f"records_{declared.name}"),
                sql.Literal(declared.key),
                key=sql.Identifier(declared.key),
                table=_stored_in(declared.name),
            )
        )


def _check_references() -> None:
    """Foreign keys and the ledger's balance are deferred to here, so that an error still names its row."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _readable(error: Exception) -> JieduiError:
    """A sentence that names table and row, and never what stands in the row: that may be a person's."""
    diagnosis = (error if isinstance(error, psycopg.Error) else error.__cause__).diag  # type: ignore[union-attr]
    place = re.match(r"COPY (?:records_)?(\w+), line (\d+)(?:, column (\w+))?", diagnosis.context or "")
    where = f"Table {place[1]}, row {place[2]}" + (f", column {place[3]}" if place[3] else "") if place else "A row"
    detail = diagnosis.message_detail or ""
    pair = f" {detail}" if detail.startswith("Key ") else ""
    return JieduiError(
        f"{where}: {diagnosis.message_primary}.{pair}", remedy="Correct the row at its source; nothing was loaded."
    )
