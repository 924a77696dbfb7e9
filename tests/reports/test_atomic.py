"""Files appear whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiedui.reports.atomic import replacing


def test_replaces_when_all_went_well(tmp_path: Path) -> None:
    """The new content takes the name; nothing else is left in the folder."""
    path = tmp_path / "deep" / "file.txt"
    with replacing(path) as partial:
        partial.write_text("new", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == "new"
    assert list(path.parent.iterdir()) == [path]


def test_keeps_the_old_file_after_an_error(tmp_path: Path) -> None:
    """An error leaves what was there, and no partial file."""
    path = tmp_path / "file.txt"
    path.write_text("old", encoding="utf-8")

    def fail() -> None:
        with replacing(path) as partial:
            partial.write_text("half", encoding="utf-8")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]
