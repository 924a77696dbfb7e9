import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from jiedui import snapshot
from jiedui.errors import EnvironmentProblem, JieduiError
from jiedui.snapshot.manifest import DESCRIPTION, Manifest
from jiedui.snapshot.schema import TABLES
from tests.snapshot.conftest import AS_OF


def write(tables: dict[str, pa.Table], directory: Path, **changed: object) -> Manifest:
    """Write as the fixture does, with some arguments changed."""
    arguments = {"as_of": AS_OF, "policy_digest": "policy", "synthetic": True} | changed
    return snapshot.write(tables, directory, **arguments)  # type: ignore[arg-type]


def files(directory: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes() for path in directory.rglob("*") if path.is_file()
    }


def test_the_same_records_give_the_same_bytes(written: Path, frozen: dict[str, pa.Table], tmp_path: Path) -> None:
    """Rows in another order, in several chunks, give the same files and the same digest."""
    rng = np.random.default_rng(1)
    mixed = {}
    for name, table in frozen.items():
        rows = table.take(rng.permutation(table.num_rows))
        mixed[name] = pa.concat_tables([rows.slice(0, 7), rows.slice(7)])
    manifest = write(mixed, tmp_path / "again")
    assert files(tmp_path / "again") == files(written)
    assert manifest.digest == snapshot.open(written).digest


def test_one_changed_cell_gives_another_digest(written: Path, frozen: dict[str, pa.Table], tmp_path: Path) -> None:
    """A household with one more unsafe house is another snapshot."""
    households = frozen["household"]
    flipped = (
        pc.invert(households["unsafe_housing"].slice(0, 1)).to_pylist() + households["unsafe_housing"].to_pylist()[1:]
    )
    changed = households.set_column(4, households.schema.field(4), pa.array(flipped))
    assert write(frozen | {"household": changed}, tmp_path / "s").digest != snapshot.open(written).digest


def test_a_table_may_come_in_parts(written: Path, frozen: dict[str, pa.Table], tmp_path: Path) -> None:
    """Parts of whole provinces give what the whole table gives, while one part is in memory at a time."""

    def parts() -> Iterator[pa.Table]:
        province = pc.utf8_slice_codeunits(frozen["person"]["region_code"], 0, 2)
        for code in sorted(set(province.to_pylist()), reverse=True):
            yield frozen["person"].filter(pc.equal(province, code))

    manifest = write(frozen | {"person": parts()}, tmp_path / "s")
    assert manifest.digest == snapshot.open(written).digest


def test_a_province_in_two_parts_is_refused(frozen: dict[str, pa.Table], tmp_path: Path) -> None:
    """A province that returns in a later part would lose its order; the error names it."""
    people = frozen["person"]
    with pytest.raises(JieduiError, match="two parts hold rows of"):
        write(frozen | {"person": [people.slice(0, 3), people.slice(3)]}, tmp_path / "s")
    assert list(tmp_path.iterdir()) == []


def test_every_table_must_be_given(frozen: dict[str, pa.Table], tmp_path: Path) -> None:
    """A table left out is not a table without rows."""
    with pytest.raises(JieduiError, match=r"missing \['visit'\]"):
        write({name: table for name, table in frozen.items() if name != "visit"}, tmp_path / "s")
    with pytest.raises(JieduiError, match=r"unknown \['horse'\]"):
        write(frozen | {"horse": frozen["visit"]}, tmp_path / "s")


def test_writing_the_same_again_leaves_the_folder(copied: Path, frozen: dict[str, pa.Table]) -> None:
    """The same records into the same folder change no file and are no error."""
    before = {path: path.stat().st_mtime_ns for path in copied.rglob("*")}
    assert write(frozen, copied).digest == snapshot.open(copied).digest
    assert {path: path.stat().st_mtime_ns for path in copied.rglob("*")} == before
    assert [path.name for path in copied.parent.iterdir()] == [copied.name]


def test_another_snapshot_is_never_overwritten(copied: Path, frozen: dict[str, pa.Table]) -> None:
    """Other records into the folder of a snapshot are refused, and the folder stays."""
    before = files(copied)
    with pytest.raises(JieduiError, match="already holds another snapshot"):
        write(frozen | {"visit": frozen["visit"].slice(0, 0)}, copied)
    assert files(copied) == before


def test_a_damaged_snapshot_is_not_taken_for_the_same(copied: Path, frozen: dict[str, pa.Table]) -> None:
    """Writing onto a spoiled snapshot says that it is spoiled."""
    next(copied.glob("data/person/*.parquet")).unlink()
    with pytest.raises(JieduiError, match="is missing"):
        write(frozen, copied)


def test_a_folder_with_other_files_is_refused(frozen: dict[str, pa.Table], tmp_path: Path) -> None:
    """Nothing is written among other people's files, nor onto a file."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(JieduiError, match="holds other files"):
        write(frozen, tmp_path / "notes")
    with pytest.raises(JieduiError, match="is a file"):
        write(frozen, tmp_path / "file")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "mine.txt", "notes"]


def test_an_empty_folder_is_taken(frozen: dict[str, pa.Table], tmp_path: Path) -> None:
    """A folder made before, and one whose parents are missing, both become the snapshot."""
    (tmp_path / "empty").mkdir()
    write(frozen, tmp_path / "empty")
    assert snapshot.verify(tmp_path / "empty")


def test_a_parent_that_is_a_file_is_an_environment_problem(frozen: dict[str, pa.Table], tmp_path: Path) -> None:
    """Where no folder can be made, the error says so in one sentence."""
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentProblem, match="cannot be written"):
        write(frozen, tmp_path / "file" / "deeper" / "s")


def test_what_a_killed_writer_left_is_removed(frozen: dict[str, pa.Table], tmp_path: Path) -> None:
    """After kill -9 in the middle there is no snapshot; the next writer removes the rest and writes it."""
    script = textwrap.dedent("""
        import sys, time
        from datetime import date
        from pathlib import Path
        from jiedui import snapshot
        from jiedui.simulate.tables import country
        tables = snapshot.freeze_tables(country(persons=50, seed=1), b"k")
        def stuck():
            print("ready", flush=True)
            time.sleep(600)
            yield
        snapshot.write(tables | {"person": stuck()}, Path(sys.argv[1]), as_of=date(2019, 12, 31),
                       policy_digest="", synthetic=True)
    """)
    target = tmp_path / "s"
    with subprocess.Popen([sys.executable, "-c", script, str(target)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        os.kill(process.pid, signal.SIGKILL)
    assert [path.name.startswith(".s.partial-") for path in tmp_path.iterdir()] == [True]
    write(frozen, target)
    assert [path.name for path in tmp_path.iterdir()] == ["s"]
    snapshot.verify(target)


def test_two_writers_of_one_folder_make_one_snapshot(tmp_path: Path) -> None:
    """Started at once, both end well, and the folder holds the one snapshot."""
    command = [
        sys.executable,
        "-c",
        "from jiedui.jobs.cli import main; main()",
        "simulate",
        "--persons",
        "40",
        "--out",
        str(tmp_path / "s"),
    ]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    ended = [(process.communicate(timeout=120), process.returncode) for process in running]
    assert [code for _, code in ended] == [0, 0], ended
    assert len({line for (out, _), _ in ended for line in out.splitlines() if line.startswith("Digest")}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


def test_a_snapshot_can_be_read_by_whoever_may_read_the_folder(written: Path) -> None:
    """The folder has the permissions that the umask gives, not those of a private temporary one."""
    umask = os.umask(0)
    os.umask(umask)
    assert written.stat().st_mode & 0o777 == 0o777 & ~umask
    assert (written / DESCRIPTION).is_file()
    assert {path.name for path in (written / "data").iterdir()} == set(TABLES)
