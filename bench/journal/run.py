"""运行: how fast the journal is written and verified, and how fast a column is encrypted, indexed and pseudonymised.

`python -m bench.journal.run [--rows N] [--out FOLDER]`; a database of its own on the checkout's server, removed after.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from bench.matching import machine

RESULTS = machine.ROOT / "bench" / "results"
UPDATED = 100_000
"""Rows of the statements that are measured with and without history."""
AIM = 200_000
"""Entries a second that `jiedui audit verify` must reach."""
PERSONS = """
INSERT INTO records_person (person_id, household_id, region_code, sex, birth_year, relation, ethnic_group, education,
    in_school, health, labour_ability, joined_on, name, id_number, id_number_index, pseudonym, phone, phone_index)
SELECT i, 1, '530602101001', 'male', 1980, 'head', '汉族', 'primary', false, 'healthy', 'ordinary', '2014-01-01',
    '合成人' || i, sha256(i::text::bytea) || '\\xab', sha256(('n' || i)::bytea), md5(i::text),
    sha256(('p' || i)::bytea), sha256(('q' || i)::bytea)
FROM generate_series({first}, {last}) AS i
"""


def main(arguments: list[str] | None = None) -> int:
    """Measure everything once, and write the table and the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.journal.run", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="entries of the journal, and texts of a column")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    asked = parser.parse_args(arguments)
    figures = {"rows": asked.rows, "load before": os.getloadavg()[0]}
    figures |= ciphers(asked.rows) | journal(asked.rows)
    write(asked.out, figures)
    print(page(figures))
    return 0


def ciphers(rows: int) -> dict[str, float]:
    """Texts a second of each bulk verb, under both suites, in one process."""
    from jiedui.records.privacy import Cipher
    from jiedui.runtime.keys import DataKey, Keys

    numbers = pa.array([f"{i:017d}X" for i in range(rows)])
    keys = pa.array(range(rows), pa.int64())
    found: dict[str, float] = {}
    for suite, length in (("aes-siv", 64), ("sm4-hmac-sm3", 48)):
        data = DataKey(1, suite, secrets.token_hex(length), secrets.token_hex(32))
        cipher = Cipher(Keys("", secrets.token_hex(32), "00" * 32, "", "", "", (data,), 1))
        sealed = cipher.encrypt_many(numbers, "id_number", keys)
        verbs: dict[str, Callable[[], Any]] = {
            "encrypt_many": lambda c=cipher: c.encrypt_many(numbers, "id_number", keys),
            "decrypt_many": lambda c=cipher, s=sealed: c.decrypt_many(s, "id_number", keys),
            "blind_index_many": lambda c=cipher: c.blind_index_many(numbers),
            "pseudonym_many": lambda c=cipher: c.pseudonym_many(numbers),
        }
        for name, verb in verbs.items():
            found[f"{suite} {name}"] = rows / _seconds(verb)
    return found


def journal(rows: int) -> dict[str, float]:
    """The cost of history for statements, and the rate of verification."""
    with _database() as run:
        run("INSERT INTO records_household (household_id, region_code, entered_on, cause, unsafe_housing, safe_water, "
            "address) VALUES (1, '530602101001', '2014-01-01', 'illness', false, true, '合成村1号')")  # fmt: skip
        found = _inserting(run, rows)
        found |= _updating(run)
        run("UPDATE records_person SET birth_year = birth_year - 1")
        found["entries"] = float(run("SELECT count(*) FROM records_change"))
        return found | _verifying()


def _inserting(run: Callable[[str], Any], rows: int) -> dict[str, float]:
    """Half of the persons with history, half without."""
    half = rows // 2
    with_ = _seconds(lambda: run(PERSONS.format(first=1, last=half)))
    run("ALTER TABLE records_person DISABLE TRIGGER USER")
    without = _seconds(lambda: run(PERSONS.format(first=half + 1, last=rows)))
    digest = _seconds(
        lambda: run("SELECT sha256(string_agg(sha256(convert_to(p::text, 'UTF8')), ''::bytea ORDER BY person_id)) "
                    f"FROM records_person p WHERE person_id <= {half}")
    )  # fmt: skip
    run("ALTER TABLE records_person ENABLE TRIGGER USER")
    run("VACUUM ANALYZE records_person")
    million = 1_000_000 / half
    return {"insert with history": with_ * million, "insert without": without * million,
            "digest of inserted rows": digest * million}  # fmt: skip


def _updating(run: Callable[[str], Any]) -> dict[str, float]:
    """The same statement under the journal, under the row trigger of earlier versions, and without history."""
    statement = f"UPDATE records_person SET birth_year = birth_year + 1 WHERE person_id <= {UPDATED}"
    found = {"update with history": _seconds(lambda: run(statement))}
    run("ALTER TABLE records_person DISABLE TRIGGER USER")
    found["update without"] = _seconds(lambda: run(statement))
    run("ALTER TABLE records_person ENABLE TRIGGER USER")
    run("VACUUM records_person")
    return found


def _verifying() -> dict[str, float]:
    from jiedui.records import chain
    from jiedui.records import journal as records_journal

    with tempfile.TemporaryDirectory(prefix="jiedui-bench-") as folder:
        none, file = Path(folder) / "none", Path(folder) / "journal.txt"
        started, worked = time.perf_counter(), time.process_time()
        verdict = records_journal.verify(none)
        from_database, ours = time.perf_counter() - started, time.process_time() - worked
        if verdict.broken:
            sys.exit(f"✗ The journal is broken: {verdict.broken}.")
        records_journal.export(file)
        from_file = _seconds(lambda: chain.verify(chain.read_file(file)))
        size = file.stat().st_size
    return {
        "verify database": verdict.entries / from_database,
        "verify processor": verdict.entries / ours,
        "verify file": verdict.entries / from_file,
        "bytes of an entry": size / verdict.entries,
    }


@contextmanager
def _database() -> Iterator[Callable[[str], Any]]:
    """A database of its own with the schema, and what runs a statement in it."""
    from django.db import connection

    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)

    def run(statement: str) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None

    try:
        yield run
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _seconds(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def page(figures: dict[str, float]) -> str:
    """The results as a page."""

    def rate(name: str) -> str:
        return f"{figures[name]:,.0f}"

    def seconds(name: str) -> str:
        return f"{figures[name]:.2f} s"

    met = "met" if min(figures["verify database"], figures["verify file"]) >= AIM else "not met"
    lines = [
        "# The journal and the cipher suites", "",
        "Written by `python -m bench.journal.run`; all rows are synthetic. One run.", "",
        f"{machine_line()} Load of other work when it began: {figures['load before']:.1f}.", "",
        "| work | result |", "|---|---|",
        f"| verify {rate('entries')} entries from the database (aim {AIM:,}/s: {met}) "
        f"| {rate('verify database')} entries/s |",
        f"| of which by seconds of the verifying process alone | {rate('verify processor')} entries/s |",
        f"| verify them from an exported file | {rate('verify file')} entries/s |",
        f"| size of an entry in the file | {rate('bytes of an entry')} bytes |",
        f"| UPDATE of {UPDATED:,} persons with history, digests and seal | {seconds('update with history')} |",
        f"| the same without history | {seconds('update without')} |",
        f"| INSERT of 1,000,000 persons with its line of count and keys | {seconds('insert with history')} |",
        f"| the same without | {seconds('insert without')} |",
        f"| a digest over 1,000,000 inserted rows (not made) would add | {seconds('digest of inserted rows')} |",
        "", "| texts/s in one process | AES-SIV, HMAC-SHA-256 | SM4, HMAC-SM3 |", "|---|---|---|",
    ]  # fmt: skip
    for verb in ("encrypt_many", "decrypt_many", "blind_index_many", "pseudonym_many"):
        lines.append(f"| `{verb}` | {rate(f'aes-siv {verb}')} | {rate(f'sm4-hmac-sm3 {verb}')} |")
    return "\n".join(lines) + "\n"


def machine_line() -> str:
    """When, and on which machine."""
    facts = machine.facts()
    return f"{datetime.now(UTC):%Y-%m-%d}. " + ", ".join(f"{name}: {value}" for name, value in facts.items()) + "."


def write(out: Path, figures: dict[str, float]) -> None:
    """Both files of the results."""
    out.mkdir(parents=True, exist_ok=True)
    content = {"machine": machine.facts(), "figures": figures}
    (out / "journal.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    (out / "journal.md").write_text(page(figures), encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiedui.runtime.django_settings")
    from jiedui.runtime import django

    django.setup()
    sys.exit(main())
