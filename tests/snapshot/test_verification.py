import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiedui import snapshot
from jiedui.errors import ExitCode, NotVerified
from jiedui.snapshot.manifest import DESCRIPTION


def a_file(directory: Path) -> Path:
    """One of the data files."""
    return sorted(directory.glob("data/household_year/*.parquet"))[2]


def refused(directory: Path, *said: str) -> None:
    """Verifying fails with the exit status for it, and the error says all of this."""
    with pytest.raises(NotVerified) as error:
        snapshot.verify(directory)
    assert error.value.exit_code == ExitCode.NOT_VERIFIED
    for text in said:
        assert text in str(error.value)


def test_an_untouched_snapshot_verifies(written: Path) -> None:
    """Verifying returns the manifest that was written."""
    assert snapshot.verify(written) == snapshot.open(written).manifest


def test_where_it_lies_does_not_matter(copied: Path) -> None:
    """A copied and renamed snapshot is the same snapshot."""
    moved = copied.rename(copied.parent / "别处")
    assert snapshot.verify(moved).rows > 0


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_flipped_bit_anywhere_is_seen(data: st.DataObject, copied: Path) -> None:
    """Whatever file and byte, a changed bit is found, and the file is named."""
    files = sorted(path for path in copied.rglob("*") if path.is_file())
    path = data.draw(st.sampled_from(files))
    raw = bytearray(path.read_bytes())
    at, bit = data.draw(st.integers(0, len(raw) - 1)), data.draw(st.integers(0, 7))
    raw[at] ^= 1 << bit
    kept = path.read_bytes()
    path.write_bytes(raw)
    try:
        refused(copied, path.relative_to(copied).name)
    finally:
        path.write_bytes(kept)


def test_a_missing_file_is_named(copied: Path) -> None:
    """A deleted file is said to be missing."""
    path = a_file(copied)
    path.unlink()
    refused(copied, f"{path.relative_to(copied).as_posix()} is missing")


def test_an_extra_file_is_named(copied: Path) -> None:
    """A file that was not written is said not to be listed, also beside the data."""
    (copied / "data/person/99.parquet").write_bytes(b"")
    (copied / "note.txt").write_text("hello")
    refused(copied, "data/person/99.parquet is not listed", "note.txt is not listed")


def test_a_shortened_file_is_named(copied: Path) -> None:
    """Half a file has fewer bytes than written."""
    path = a_file(copied)
    path.write_bytes(path.read_bytes()[:100])
    refused(copied, f"{path.relative_to(copied).as_posix()} has 100 bytes instead of")


def test_two_exchanged_files_are_named(copied: Path) -> None:
    """Files that took each other's place are both found."""
    one, other = sorted(copied.glob("data/household/*.parquet"))[:2]
    one.rename(copied / "x")
    other.rename(one)
    (copied / "x").rename(other)
    refused(copied, one.name, other.name)


@pytest.mark.parametrize(
    "change",
    [
        lambda package: package["jiedui"].update(synthetic=False),
        lambda package: package["jiedui"].update(as_of="2020-12-31"),
        lambda package: package["jiedui"].update(policy_digest="other"),
        lambda package: package["jiedui"].update(digest="0" * 64),
        lambda package: package["resources"][3].update(rows=1),
        lambda package: package["resources"][3]["files"][0].update(rows=1),
        lambda package: package["resources"][3]["schema"]["fields"][1].update(title="别的"),
        lambda package: package["resources"].pop(),
        lambda package: package.update(name="x"),
    ],
)
def test_a_changed_description_is_seen(change: object, copied: Path) -> None:
    """No line of the description can change unseen."""
    path = copied / DESCRIPTION
    package = json.loads(path.read_bytes())
    change(package)  # type: ignore[operator]
    path.write_text(json.dumps(package, ensure_ascii=False, indent=1) + "\n")
    refused(copied, "datapackage.json was altered")


def test_blanks_in_the_description_are_seen(copied: Path) -> None:
    """Even a reformatted description is not the one that was written."""
    path = copied / DESCRIPTION
    path.write_text(json.dumps(json.loads(path.read_bytes()), ensure_ascii=False))
    refused(copied, "altered")


def test_rows_changed_with_their_sums_are_seen(copied: Path) -> None:
    """Whoever changes rows and rewrites file sums and seal still cannot keep the digest of the records."""
    from dataclasses import replace

    from jiedui.snapshot import manifest as manifests
    from jiedui.snapshot import parquet

    path = a_file(copied)
    rows = pq.read_table(path)
    rows = rows.set_column(5, "members", [[1] * rows.num_rows])
    pq.write_table(rows, path)
    manifest = manifests.read(copied)
    name = path.relative_to(copied).as_posix()

    def forged(file: manifests.FileEntry) -> manifests.FileEntry:
        if file.path != name:
            return file
        return replace(file, bytes=path.stat().st_size, sha256=parquet.file_digest(path))

    tables = tuple(replace(t, files=tuple(map(forged, t.files))) for t in manifest.tables)
    (copied / DESCRIPTION).write_bytes(manifests.describe(replace(manifest, tables=tables)))
    refused(copied, f"{name} holds other rows than were frozen")


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    """A folder that does not exist, or holds something else, is no snapshot."""
    refused(tmp_path / "nothing", "is no snapshot")
    shutil.copy(__file__, tmp_path)
    refused(tmp_path, "is no snapshot")
