"""日志: the history of every row, sealed transaction by transaction; how it is proved, carried away and anchored.

The database writes the entries (migration 0004_journal, `docs/journal.md`); `records.chain` proves them. Here: the
lines of the journal as one stream, a file of it, the anchors outside the database, and the history of one row.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from django.db import OperationalError, connection, transaction
from psycopg import pq, sql

from jiedui.errors import JieduiError, NotVerified
from jiedui.records import chain
from jiedui.records.models import Change
from jiedui.runtime import keys, settings

HEADS: Final = "journal-heads.tsv"
"""In the state folder: one anchored seal for each line."""
_PLAIN: Final = "(FORMAT csv, DELIMITER E'\\t', QUOTE E'\\x01', NULL '')"
"""Neither tab nor quote occurs in a column, so that COPY writes the columns as they are."""
_ENTRIES: Final = (
    'COPY (SELECT id, xid, "table", operation, row_id, rows, by, import_id, at, reason, detail, before, '
    "encode(sha256, 'hex') FROM records_change ORDER BY id) TO STDOUT " + _PLAIN
)
_SEALS: Final = (
    "COPY (SELECT 'S', n, xid, first_id, last_id, entries, at, role, encode(entries_sha256, 'hex'), "
    "encode(sha256, 'hex') FROM records_seal ORDER BY n) TO STDOUT " + _PLAIN
)


def note_export(user: Any, what: str, rows: int, digest: str) -> int:
    """记录导出: that a user took rows out: what with which filter, how many, SHA-256 of the file; gives the entry's id.

    Works for the pages' role too, by the one function of the journal that it may call, for the user of the session.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('jiedui.user', true), '')")
        before = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('jiedui.user', %s, true)", [str(user.pk)])
        cursor.execute("SELECT records_note_export(%s, %s, %s)", [what, rows, digest])
        entry = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('jiedui.user', %s, true)", [before])
    return int(entry)


def history(table: str, row: int) -> list[Change]:
    """历史: the entries of one row, oldest first: how it was before each change, and by which statement it came in.

    Raises:
        JieduiError: the journal knows no such table.
    """
    if not Change.objects.filter(table=table).exists():
        known = ", ".join(Change.objects.order_by("table").values_list("table", flat=True).distinct())
        raise JieduiError(f"The journal has no entry about a table {table!r}.", remedy=f"It knows: {known or 'none'}.")
    came_in = "operation = 'insert' AND (detail->>'keys')::int8multirange @> %s::bigint"
    return list(
        Change.objects.filter(table=table)
        .extra(where=[f"(row_id = %s OR operation = 'truncate' OR {came_in})"], params=[row, row])
        .order_by("pk")
    )


def verify(heads: Path | None = None) -> chain.Verdict:
    """校验: this journal against itself and against the anchors (default: those of the state folder)."""
    anchors = chain.anchored(heads or default_heads(), _anchor_key())
    with _whole() as lines:
        return chain.verify(lines, {anchor.n: anchor.sha256 for anchor in anchors})


def export(file: Path) -> chain.Verdict:
    """带出: the whole journal into one file that `chain` verifies anywhere; verified while it is written.

    The file holds rows of people as they were: keep it like the database. Nothing is left when writing fails.
    """
    draft = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        with _whole() as lines, draft.open("wb") as stream:
            draft.chmod(0o600)
            verdict = chain.verify(_written(lines, stream))
            if verdict.broken:
                raise NotVerified(f"The journal is broken: {verdict.broken}.", remedy="See `jiedui audit verify`.")
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return verdict


def anchor(heads: Path | None = None) -> chain.Anchor | None:
    """锚定: note the last seal, with an HMAC under a key that the database does not hold; None when there is no seal.

    Nothing is added when the last seal is anchored already.

    Raises:
        NotVerified: the chain is shorter than an anchor or differs from it: nothing is noted then.
    """
    file = heads or default_heads()
    file.parent.mkdir(parents=True, exist_ok=True)
    # two jobs that end at once note one after the other
    descriptor = os.open(file.parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        return _note_head(file, _anchor_key())
    finally:
        os.close(descriptor)


def _note_head(file: Path, key: bytes) -> chain.Anchor | None:
    known = chain.anchored(file, key)
    with connection.cursor() as cursor:
        cursor.execute("SELECT n, encode(sha256, 'hex') FROM records_seal WHERE n = ANY(%s)", [[a.n for a in known]])
        now = dict(cursor.fetchall())
        cursor.execute(
            "SELECT n, encode(sha256, 'hex'), (at AT TIME ZONE 'UTC')::text, (SELECT sum(entries) FROM records_seal) "
            "FROM records_seal ORDER BY n DESC LIMIT 1"
        )
        head = cursor.fetchone()
    if lost := [a.n for a in known if now.get(a.n) != a.sha256]:
        raise NotVerified(
            f"Seal {lost[0]} was anchored and is not what the journal holds.", remedy="See `jiedui audit verify`."
        )
    if head is None:
        return None
    new = chain.Anchor(int(head[0]), head[1], head[2], int(head[3]))
    if known and known[-1].n == new.n:
        return known[-1]
    _append(file, new, key)
    return new


@dataclass(frozen=True)
class Untold:
    """无据的行: rows of a table that came or went without an entry, as spans of keys in PostgreSQL's notation."""

    table: str
    there: str
    gone: str

    def __str__(self) -> str:
        parts = [f"rows {self.there} came without an entry"] * (self.there != "{}")
        parts += [f"rows {self.gone} went without an entry"] * (self.gone != "{}")
        return f"{self.table}: " + " and ".join(parts)


def untold_rows() -> list[Untold]:
    """核对行: tables whose rows are not those that came in and did not go since they were last emptied.

    It sees rows that were added or removed past the triggers, and not a value that was altered past them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, encode(tgargs, 'escape') FROM pg_trigger "
            "WHERE tgname = 'journal_update' ORDER BY 1"
        )
        kept = [(relation, *arguments.split("\\000")[:2]) for relation, arguments in cursor.fetchall()]
        found = []
        for relation, table, key in kept:
            cursor.execute(sql.SQL(_UNTOLD).format(key=sql.Identifier(key), kept=sql.SQL(relation)), {"table": table})
            there, gone = cursor.fetchone()
            if (there, gone) != ("{}", "{}"):
                found.append(Untold(table, there, gone))
    return found


_UNTOLD: Final = """
WITH since AS (
    SELECT coalesce(max(id), 0) AS id FROM records_change WHERE "table" = %(table)s AND operation = 'truncate'
), came AS (
    SELECT coalesce((detail->>'keys')::int8multirange, int8multirange(int8range(row_id, row_id, '[]'))) AS keys
    FROM records_change WHERE "table" = %(table)s AND operation = 'insert' AND id > (SELECT id FROM since)
), went AS (
    SELECT row_id, count(*) AS times FROM records_change
    WHERE "table" = %(table)s AND operation = 'delete' AND id > (SELECT id FROM since) GROUP BY row_id
), told AS (
    SELECT coalesce((SELECT range_agg(keys) FROM came), '{{}}') - coalesce((
        SELECT range_agg(int8range(row_id, row_id, '[]')) FROM went
        WHERE times >= (SELECT count(*) FROM came WHERE keys @> row_id)
    ), '{{}}') AS keys
), now AS (
    SELECT coalesce(range_agg(int8range({key}, {key}, '[]')), '{{}}') AS keys FROM {kept}
)
SELECT (now.keys - told.keys)::text, (told.keys - now.keys)::text FROM now, told
"""


def default_heads() -> Path:
    """锚文件: of this installation."""
    return settings.load().home / HEADS


def _anchor_key() -> bytes:
    return bytes.fromhex(keys.load(settings.load()).anchor_key)


def _append(file: Path, new: chain.Anchor, key: bytes) -> None:
    lines = file.read_text(encoding="ascii").splitlines() if file.exists() else []
    before = lines[-1].rsplit("\t", 1)[1] if lines else ""
    line = "\t".join([str(new.n), new.sha256, new.at, str(new.entries), chain.anchor_mac(key, before, new)])
    with open(file, "a", encoding="ascii", opener=lambda path, flags: os.open(path, flags, 0o600)) as stream:
        stream.write(line + "\n")
        stream.flush()
        os.fsync(stream.fileno())


@contextmanager
def _whole() -> Iterator[Iterator[bytes]]:
    """The lines of the journal as it was at one moment; inside a caller's transaction, as that transaction sees it."""
    own = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor, tempfile.TemporaryFile() as seals:
        if own:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # as the triggers write (migration 0004_journal)
        cursor.execute(
            "SELECT set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, YMD', true), "
            "set_config('extra_float_digits', '1', true), set_config('bytea_output', 'hex', true)"
        )
        seals.writelines(line + b"\n" for line in _copied(_SEALS))
        seals.seek(0)
        yield chain.merged(_copied(_ENTRIES), (line[:-1] for line in seals))


def _copied(statement: str) -> Iterator[bytes]:
    """The lines of a COPY, straight from libpq: a tenth of the time of one call of the driver for each row."""
    server = connection.connection.pgconn
    started = server.exec_(statement.encode())
    if started.status != pq.ExecStatus.COPY_OUT:
        raise OperationalError(started.error_message.decode(errors="replace"))
    read = server.get_copy_data
    size = 1
    try:
        while True:
            size, data = read(0)
            if size <= 0:
                break
            yield bytes(data[:-1])
        finished = server.get_result()
        if finished is None or finished.status != pq.ExecStatus.COMMAND_OK:
            raise OperationalError(server.error_message.decode(errors="replace"))
    finally:
        while size > 0:  # left before the end: the connection is of no more use until the rest is read
            size = read(0)[0]
        while server.get_result() is not None:
            continue


def _written(lines: Iterable[bytes], stream: IO[bytes]) -> Iterator[bytes]:
    """The same lines, each written to the file on its way."""
    stream.write(chain.HEADER + b"\n")
    write = stream.write
    for line in lines:
        write(line + b"\n")
        yield line
    stream.write(chain.FOOTER + b"\n")
