import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from jiedui.errors import NotVerified
from jiedui.snapshot import manifest as manifests
from jiedui.snapshot.schema import TABLES


def described(directory: Path) -> dict:
    """The description of a snapshot as plain data."""
    return json.loads((directory / manifests.DESCRIPTION).read_bytes())


def test_every_table_is_described_as_declared(written: Path) -> None:
    """One resource per table: fields with type, title and constraints, key and references, without private columns."""
    resources = {resource["name"]: resource for resource in described(written)["resources"]}
    assert list(resources) == list(TABLES)
    for name, table in TABLES.items():
        schema = resources[name]["schema"]
        assert [field["name"] for field in schema["fields"]] == [column.name for column in table.frozen_columns]
        assert schema["primaryKey"] == table.key
        for field, column in zip(schema["fields"], table.frozen_columns, strict=True):
            assert field["title"] == column.title
            assert field["constraints"]["required"] == column.required
            assert field["constraints"].get("enum") == (list(column.choices) if column.choices else None)
    assert resources["worker"]["schema"]["foreignKeys"] == [
        {"fields": "person_id", "reference": {"resource": "person", "fields": "person_id"}},
        {"fields": "household_id", "reference": {"resource": "household", "fields": "household_id"}},
        {"fields": "partner_id", "reference": {"resource": "", "fields": "worker_id"}},
    ]


def test_every_file_is_listed_with_rows_and_sums(written: Path) -> None:
    """Rows and bytes of a resource are those of its files, and the files are those on disk."""
    for resource in described(written)["resources"]:
        assert resource["path"] == [file["path"] for file in resource["files"]]
        assert resource["rows"] == sum(file["rows"] for file in resource["files"])
        assert resource["bytes"] == sum((written / path).stat().st_size for path in resource["path"])
        assert all(file["hash"].startswith("sha256:") for file in resource["files"])


def test_what_is_read_is_what_was_described(written: Path) -> None:
    """Reading a description and describing it again gives the same bytes."""
    manifest = manifests.read(written)
    assert manifests.describe(manifest) == (written / manifests.DESCRIPTION).read_bytes()


def test_the_digest_names_the_records_not_the_program(written: Path) -> None:
    """Another version or policy leaves the digest; another day, mark or content changes it."""
    manifest = manifests.read(written)
    first = manifest.tables[0]
    file = replace(first.files[0], content="0" * 64)
    other_content = (replace(first, files=(file,)), *manifest.tables[1:])
    assert replace(manifest, version="9.9", policy_digest="other").digest == manifest.digest
    for changed in ({"as_of": date(2018, 12, 31)}, {"synthetic": False}, {"tables": other_content}):
        assert replace(manifest, **changed).digest != manifest.digest
    packed = replace(first.files[0], sha256="0" * 64, bytes=1)
    repacked = (replace(first, files=(packed,)), *manifest.tables[1:])
    assert replace(manifest, tables=repacked).digest == manifest.digest


def test_a_synthetic_snapshot_says_so_in_its_title(written: Path) -> None:
    """Whoever opens the description sees that the data are simulated."""
    assert "模拟" in described(written)["title"]
    assert described(written)["jiedui"]["synthetic"] is True


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"jiedui": {}}', '{"jiedui": {"seal": "x"}}', "null", '"x"'])
def test_a_description_that_is_none_is_not_verified(text: str, tmp_path: Path) -> None:
    """Whatever stands in the file, the answer is one sentence that names it."""
    (tmp_path / manifests.DESCRIPTION).write_text(text)
    with pytest.raises(NotVerified, match=r"datapackage\.json was altered"):
        manifests.read(tmp_path)


def test_a_folder_without_description_is_no_snapshot(tmp_path: Path) -> None:
    """An empty folder is named as what it is."""
    with pytest.raises(NotVerified, match="is no snapshot"):
        manifests.read(tmp_path)


def test_another_format_says_which_one_is_read(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A snapshot of a later format is refused by name of the format, not as damaged."""
    manifest = manifests.read(written)
    monkeypatch.setattr(manifests, "FORMAT", 2)
    (tmp_path / manifests.DESCRIPTION).write_bytes(manifests.describe(manifest))
    monkeypatch.undo()
    with pytest.raises(NotVerified, match="format 2"):
        manifests.read(tmp_path)
