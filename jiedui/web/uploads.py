"""上传: a file goes straight to the state folder's disk, whatever its size, so that taking it over is a rename."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Final

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from jiedui.records.actions.importing import LARGEST
from jiedui.runtime import settings

_LEFT_AFTER: Final = 24 * 60 * 60
"""Seconds after which the file of an upload that broke off is removed."""


def folder() -> Path:
    """上传文件夹: beside the staged imports, for this account only."""
    place = settings.load().home / "imports" / "uploads"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


class ToStateFolder(FileUploadHandler):
    """存到状态文件夹: refuses who is not signed in, and stops where a file is larger than any spreadsheet may be."""

    def new_file(self, *args: Any, **options: Any) -> None:
        """Open the file; what earlier uploads left behind goes."""
        super().new_file(*args, **options)
        if not self.request.user.is_authenticated:
            raise StopUpload(connection_reset=True)
        _clear(folder())
        self.file = _Upload(self.file_name, self.content_type, 0, self.charset, self.content_type_extra)
        self._held = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece."""
        self._held += len(raw_data)
        if self._held > LARGEST:
            raise StopUpload(connection_reset=True)
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> TemporaryUploadedFile:
        """The whole file."""
        self.file.seek(0)
        self.file.size = file_size
        return self.file

    def upload_interrupted(self) -> None:
        """Nothing of a broken upload stays."""
        if hasattr(self, "file"):
            Path(self.file.temporary_file_path()).unlink(missing_ok=True)
            self.file.close()


class _Upload(TemporaryUploadedFile):
    def __init__(self, name: str, kind: str, size: int, charset: str | None, extra: dict[str, bytes] | None) -> None:
        from django.core.files import temp
        from django.core.files.uploadedfile import UploadedFile

        file = temp.NamedTemporaryFile(suffix=".upload", dir=folder())
        UploadedFile.__init__(self, file, name, kind, size, charset, extra)


def _clear(place: Path) -> None:
    for old in place.glob("*.upload"):
        try:
            if old.stat().st_mtime < time.time() - _LEFT_AFTER:
                old.unlink()
        except FileNotFoundError:
            continue  # another process was faster
