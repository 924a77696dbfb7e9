"""The journal: what the triggers keep, how it is sealed, and that whatever is done to it is found."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.conninfo import make_conninfo

from jiedui.errors import NotVerified
from jiedui.records import access, chain, journal, loading, models
from jiedui.records.models import Change, Disclosure, Seal
from tests.records.small_country import country

pytestmark = pytest.mark.django_db


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _seal() -> None:
    """What the end of a transaction does."""
    _run("SET CONSTRAINTS ALL IMMEDIATE")
    _run("SET CONSTRAINTS ALL DEFERRED")


def _kept(table: str) -> list[tuple[str, int | None, int]]:
    return list(Change.objects.filter(table=table).order_by("pk").values_list("operation", "row_id", "rows"))


@pytest.fixture
def loaded():
    """The small country, its load sealed."""
    loading.load_tables(country())
    _seal()


def test_raw_sql_leaves_its_entries(loaded):
    """UPDATE, DELETE and a key that changes leave a row as it was for each row, INSERT one line with count and keys."""
    _run("UPDATE records_project SET title = 'x' WHERE project_id IN (1, 2)")
    _run("UPDATE records_project SET title = 'x'")
    _run("DELETE FROM records_project WHERE project_id = 2")
    _run("UPDATE records_project SET project_id = 70 WHERE project_id = 1")
    assert _kept("project") == [
        ("insert", None, 4), ("update", 1, 1), ("update", 2, 1), ("update", 3, 1), ("update", 4, 1), ("delete", 2, 1),
        ("delete", 1, 1), ("insert", 70, 1),
    ]  # fmt: skip
    first = Change.objects.filter(table="project").earliest("pk")
    assert first.detail == {"keys": "{[1,5)}"}
    assert Change.objects.get(table="project", operation="update", row_id=1).before["title"] == "合成茶园"


def test_who_why_and_which_import_are_kept(loaded):
    """The settings of the transaction go into the entry; a reason of several lines becomes one."""
    user = models.User.objects.create(username="office")
    with access.signed(user, "合成〔2020〕3号\n更正"):
        _run("SELECT set_config('jiedui.import', '41', true)")
        _run("UPDATE records_project SET title = 'x' WHERE project_id = 1")
    entry = Change.objects.get(table="project", operation="update")
    assert (entry.by, entry.reason, entry.import_id) == (user.pk, "合成〔2020〕3号 更正", 41)


def test_emptying_needs_a_reason_and_is_kept(loaded):
    """TRUNCATE is refused while rows are there; with a correction it leaves the number of rows, and why."""
    with pytest.raises(DatabaseError, match="has 4 rows and is not emptied"), transaction.atomic():
        _run("TRUNCATE records_project CASCADE")
    with access.signed(models.User.objects.create(username="office"), "r", correction=True):
        _run("TRUNCATE records_project CASCADE")
    entry = Change.objects.get(table="project", operation="truncate")
    assert (entry.rows, entry.reason) == (4, "r")
    assert loading.load_tables(country(6), replace=True)


@pytest.mark.parametrize("table", ["records_change", "records_seal", "records_disclosure"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}"])
def test_nobody_alters_it(table, verb):
    """The tables' owner too is refused, and a statement that would touch no row as well."""
    with pytest.raises(DatabaseError, match="is never changed"), transaction.atomic():
        _run(verb.format(table))


def test_reading_hidden_fields_and_exporting_are_chained(loaded):
    """A disclosure and an export each leave an entry with who and what, in the same chain."""
    user = models.User.objects.create(username="office")
    person = models.Person.objects.earliest("pk")
    Disclosure.objects.create(by=user, person=person, columns=["phone"], reason="入户核实")
    journal.note_export(user, "persons of 530000", 4, "ab" * 32)
    read, taken = Change.objects.filter(operation__in=["disclosure", "export"]).order_by("pk")
    assert (read.by, read.row_id, read.reason) == (user.pk, Disclosure.objects.get().pk, "入户核实")
    assert read.detail == {"person_id": person.pk, "columns": ["phone"]}
    assert (taken.by, taken.rows) == (user.pk, 4)
    assert taken.detail == {"what": "persons of 530000", "sha256": "ab" * 32}
    _seal()
    assert journal.verify(NO_HEADS).broken is None


NO_HEADS = Path("no-heads-of-a-test.tsv")


def test_the_pages_only_append_an_export(web_dsn):
    """The pages' role reads no entry, writes none, and notes an export for the user of its session only."""
    with psycopg.connect(web_dsn) as web:
        for statement in (
            "SELECT count(*) FROM records_change", "SELECT n FROM records_seal",
            "INSERT INTO records_seal (n) VALUES (1)", "SELECT records_append('x', 1, 'update', 1, 1, 'x', NULL)",
            "SELECT records_note_export('all', 1, '')",
        ):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege), web.transaction():
                web.execute(statement)
        with web.transaction(force_rollback=True):
            web.execute("SELECT set_config('jiedui.user', '7', true)")
            assert web.execute("SELECT records_note_export('all', 1, '')").fetchone()[0] > 0
            web.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_history_of_a_row(loaded):
    """The statement that brought a row in, and each change of it, and nothing of other rows."""
    _run("UPDATE records_project SET title = 'x' WHERE project_id = 2")
    _run("UPDATE records_project SET title = 'y' WHERE project_id = 1")
    found = [(entry.operation, entry.row_id) for entry in journal.history("project", 2)]
    assert found == [("insert", None), ("update", 2)]


def _tampered(statement: str) -> chain.Broken:
    """What is found after the owner has lifted the triggers and run a statement."""
    tables = ("records_change", "records_seal", "records_project")
    for table in tables:
        _run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    _run(statement)
    broken = journal.verify(NO_HEADS).broken
    assert broken is not None
    return broken


@pytest.fixture
def changed(loaded):
    """Three seals; the ids of the entries of the second."""
    _run("UPDATE records_project SET title = 'x'")
    _seal()
    _run("UPDATE records_project SET title = 'y'")
    _run("UPDATE records_person SET name = E'back\\\\slash \\t tab \\x01 \"quoted\" 合成' WHERE person_id = 1")
    _seal()
    assert journal.verify(NO_HEADS).broken is None
    seal = Seal.objects.get(n=2)
    return list(range(seal.first_id, seal.last_id + 1))


REDIGESTED = (
    'sha256 = records_entry_sha256(id, xid, "table", operation, row_id, rows, by, import_id, at, reason, '
    "detail, before)"
)


def test_what_was_altered_is_named(changed):
    """An entry that is another than its digest is named."""
    broken = _tampered(f"UPDATE records_change SET before = '{{}}' WHERE id = {changed[1]}")
    assert (broken.kind, broken.entry) == ("altered entry", changed[1])


def test_what_was_altered_with_its_digest_breaks_the_seal(changed):
    """An entry that was altered together with its digest does not fit its seal."""
    _run("ALTER TABLE records_change DISABLE TRIGGER USER")
    _run(f"UPDATE records_change SET reason = 'x' WHERE id = {changed[1]}")
    broken = _tampered(f"UPDATE records_change SET {REDIGESTED} WHERE id = {changed[1]}")
    assert (broken.kind, broken.seal) == ("entries out of place", 2)


def test_what_was_removed_is_named(changed):
    """A missing entry is named by its number, a missing seal too."""
    broken = _tampered(f"DELETE FROM records_change WHERE id = {changed[1]}")
    assert (broken.kind, broken.entry, broken.seal) == ("missing entry", changed[1], 2)


def test_a_missing_seal_is_named(changed):
    """The seals are numbered without a hole."""
    broken = _tampered("DELETE FROM records_seal WHERE n = 2")
    assert (broken.kind, broken.seal) == ("missing seal", 2)


def test_what_was_slipped_in_is_found(changed):
    """A copy of an entry under the number of a sealed transaction, and one that no seal holds."""
    last = changed[-1]
    copied = (
        'INSERT INTO records_change (id, xid, "table", operation, row_id, rows, at, before, sha256) SELECT id, xid, '
        '"table", operation, row_id, rows, at, before, records_entry_sha256(id, xid, "table", operation, row_id, rows, '
        'NULL, NULL, at, NULL, NULL, before) FROM (SELECT {id} AS id, {xid} AS xid, "table", operation, row_id, rows, '
        f"at, before FROM records_change WHERE id = {last}) e"
    )
    with transaction.atomic():
        broken = _tampered(copied.format(id=10**9, xid=1))
        assert (broken.kind, broken.entry) == ("entries without a seal", 10**9)
        transaction.set_rollback(True)
    _run("ALTER TABLE records_change DISABLE TRIGGER USER")
    _run(f"UPDATE records_change SET id = id + 1000 WHERE id > {last}")
    assert journal.verify(NO_HEADS).broken.kind == "altered entry"


def test_a_chain_that_was_cut_or_rewritten_is_known_by_its_anchors(changed, tmp_path):
    """Without its last transaction, or with every digest computed anew, a chain is whole in itself and not anchored."""
    heads = tmp_path / "heads.tsv"
    assert journal.anchor(heads).n == 3
    assert journal.anchor(heads).n == 3
    assert len(heads.read_text().splitlines()) == 1
    assert journal.verify(heads).broken is None
    _run("ALTER TABLE records_change DISABLE TRIGGER USER")
    _run("ALTER TABLE records_seal DISABLE TRIGGER USER")
    _run(f"DELETE FROM records_change WHERE id > {changed[-1]}")
    _run("DELETE FROM records_seal WHERE n = 3")
    assert journal.verify(NO_HEADS).broken is None
    assert journal.verify(heads).broken.kind == "cut at the end"
    with pytest.raises(NotVerified, match="Seal 3 was anchored"):
        journal.anchor(heads)
    _run("UPDATE records_project SET title = 'another story'")
    _seal()
    assert journal.verify(NO_HEADS).broken is None
    assert journal.verify(heads).broken.kind == "another chain"


def test_an_anchor_that_was_altered_is_refused(changed, tmp_path):
    """The HMAC of the file's lines is under a key that the database does not hold."""
    heads = tmp_path / "heads.tsv"
    journal.anchor(heads)
    _run("UPDATE records_project SET title = 'z'")
    _seal()
    journal.anchor(heads)
    lines = heads.read_text().splitlines()
    for wrong in ([lines[1]], [lines[0].replace("3\t", "2\t", 1), lines[1]], ["x"]):
        heads.write_text("\n".join(wrong) + "\n")
        with pytest.raises(NotVerified, match="line 1"):
            journal.verify(heads)


def test_rows_past_the_triggers_are_found(loaded):
    """A row that was added, and one that was removed, without an entry; what the journal tells is not accused."""
    _run("DELETE FROM records_project WHERE project_id = 3")
    copied = "jsonb_populate_record(p, '{\"project_id\": 3}')"
    _run(f"INSERT INTO records_project SELECT ({copied}).* FROM records_project p WHERE project_id = 1")
    assert journal.untold_rows() == []
    _seal()
    _run("ALTER TABLE records_project DISABLE TRIGGER USER")
    _run("UPDATE records_project SET project_id = 9 WHERE project_id = 2")
    assert journal.untold_rows() == [journal.Untold("project", "{[9,10)}", "{[2,3)}")]


def test_a_savepoint_that_was_rolled_back_leaves_nothing_to_accuse(loaded):
    """What was rolled back has no entry; numbers that it used are no missing entries."""
    _run("UPDATE records_project SET title = 'x' WHERE project_id = 1")
    with transaction.atomic():
        _run("UPDATE records_project SET title = 'y'")
        transaction.set_rollback(True)
    _run("UPDATE records_project SET title = 'z' WHERE project_id = 2")
    _seal()
    assert journal.verify(NO_HEADS).broken is None
    assert Seal.objects.latest("n").entries == 2


@pytest.mark.django_db(transaction=True)
def test_two_at_once_and_one_that_is_rolled_back(running_database):
    """Interleaved transactions work side by side and are sealed in the order in which they end."""
    loading.load_tables(country())
    address = make_conninfo(running_database.owner_dsn, dbname=connection.settings_dict["NAME"])
    with psycopg.connect(address) as one, psycopg.connect(address) as other, psycopg.connect(address) as third:
        one.execute("UPDATE records_project SET title = 'a' WHERE project_id = 1")
        other.execute("UPDATE records_project SET title = 'b' WHERE project_id = 2")
        third.execute("UPDATE records_project SET title = 'c' WHERE project_id = 3")
        one.execute("UPDATE records_project SET title = 'd' WHERE project_id = 1")
        other.commit()
        third.rollback()
        one.commit()
    verdict = journal.verify(NO_HEADS)
    assert (verdict.broken, verdict.seals) == (None, 3)
    assert list(Seal.objects.order_by("n").values_list("entries", flat=True))[1:] == [1, 2]


def test_a_file_is_verified_without_django(changed, tmp_path):
    """An exported journal is proved by a process that has neither Django nor the database, also against anchors."""
    file, heads = tmp_path / "journal.txt", tmp_path / "heads.tsv"
    assert journal.export(file).seals == 3
    journal.anchor(heads)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["heads.tsv", "journal.txt"]
    program = (
        "import sys\nfrom jiedui.jobs import cli\nstatus = 0\n"
        "try:\n    cli.main()\nexcept SystemExit as end:\n    status = end.code or 0\n"
        "sys.exit(99 if 'django' in sys.modules else status)"
    )
    command = [sys.executable, "-c", program, "audit", "verify", "--file", str(file), "--heads", str(heads)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, "3 seals hold" in done.stdout, "1 anchors" in done.stdout) == (0, True, True), done.stderr
    whole = file.read_bytes()
    file.write_bytes(whole.replace("合成茶园".encode(), "合成果园".encode()))
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, f"entry {changed[0]} is not what was written" in done.stderr) == (5, True)
    file.write_bytes(whole[:-4])
    with pytest.raises(NotVerified, match="ends before its last line"):
        chain.verify(chain.read_file(file))


def _entry(number: int, transaction_: int, text: str) -> bytes:
    body = "\t".join([str(number), str(transaction_), "t", "update", "1", "1", "", "", "2020", text, "", "{}"])
    return f"{body}\t{sha256(body.encode()).hexdigest()}".encode()


def _chain(transactions: list[list[int]]) -> list[bytes]:
    """A chain of the given entries of each transaction, in the order of their ends."""
    entries = {number: xid for xid, ids in enumerate(transactions, start=1) for number in ids}
    lines = {number: _entry(number, xid, f"reason {number}") for number, xid in entries.items()}
    seals, head = [], ""
    for n, ids in enumerate(transactions, start=1):
        digests = sha256(b"".join(bytes.fromhex(lines[i][-64:].decode()) for i in ids)).hexdigest()
        fields = [str(part) for part in (n, n, ids[0], ids[-1], len(ids), "2020", "owner")]
        head = sha256("\t".join([head, *fields, digests]).encode()).hexdigest()
        seals.append("\t".join(["S", *fields, digests, head]).encode())
    return list(chain.merged((lines[number] for number in sorted(lines)), iter(seals)))


@st.composite
def _transactions(draw) -> list[list[int]]:
    """Interleaved numbers with gaps, one list for each transaction."""
    numbers = draw(st.lists(st.integers(1, 60), min_size=1, max_size=14, unique=True))
    owners = draw(st.lists(st.integers(0, 4), min_size=len(numbers), max_size=len(numbers)))
    return [ids for k in range(5) if (ids := sorted(i for i, o in zip(numbers, owners, strict=True) if o == k))]


def _redigested(line: bytes, change) -> bytes:
    parts = line.split(b"\t")[:-1]
    change(parts)
    body = b"\t".join(parts)
    return body + b"\t" + sha256(body).hexdigest().encode()


@settings(max_examples=300)
@given(transactions=_transactions(), data=st.data())
def test_tampering_is_always_found_and_never_imagined(transactions, data):
    """An untouched chain is whole. One that misses a line, has one twice, changed in a field, moved to another place or
    another transaction (its digest computed anew), or lost its end, is not, given the anchor of its last seal.
    """
    lines = _chain(transactions)
    anchors = {len(transactions): lines[-1][-64:].decode()}
    assert chain.verify(lines, anchors).broken is None
    at = data.draw(st.integers(0, len(lines) - 1))
    line, mine = lines[at], lines[at].startswith(chain.SEAL_MARK)

    def field(parts: list[bytes]) -> None:
        place = data.draw(st.integers(1 if mine else 0, len(parts) - 1))
        parts[place] = data.draw(st.sampled_from([b"7", b"", b"99", b"x"]).filter(lambda new: new != parts[place]))

    def other_transaction(parts: list[bytes]) -> None:
        parts[1] = str(int(parts[1]) + 1).encode()

    bit = data.draw(st.integers(0, len(line) - 1))
    ways = {
        "removed": [*lines[:at], *lines[at + 1 :]],
        "twice": [*lines[:at], line, *lines[at:]],
        "bit": [*lines[:at], line[:bit] + bytes([line[bit] ^ 1]) + line[bit + 1 :], *lines[at + 1 :]],
        "cut": lines[:at],
        "field": [*lines[:at], _redigested(line, field), *lines[at + 1 :]],
        "transaction": [*lines[:at], _redigested(line, other_transaction), *lines[at + 1 :]],
        "slipped in": [*lines[:at], _entry(61, 1, "never"), *lines[at:]],
    }
    way = data.draw(st.sampled_from(sorted(ways)))
    assert chain.verify(ways[way], anchors).broken is not None, way
