"""静态资源: the few files of the locked npm packages that pages use, under the paths they have there.

`{% static "echarts/dist/echarts.min.js" %}`, `{% static "@fontsource/noto-sans-sc/400.css" %}`. The packages are
230 MB; only what matches `PATTERNS` can be asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

PATTERNS = (
    "echarts/dist/echarts.min.js",
    "@fontsource/noto-sans-sc/400.css",
    "@fontsource/noto-sans-sc/700.css",
    "@fontsource/noto-sans-sc/files/*-400-normal.woff2",
    "@fontsource/noto-sans-sc/files/*-700-normal.woff2",
)


class PackagesFinder(BaseFinder):
    """静态文件查找: finds `PATTERNS` in the folder of the npm packages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.folder = Path(settings.JIEDUI.assets)
        self.storage = FileSystemStorage(location=str(self.folder))

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing to check: a missing package is the set-up's business."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> str | list[str]:
        """The file of this static path, or an empty list."""
        wanted = any(fnmatchcase(path, pattern) for pattern in PATTERNS) and ".." not in Path(path).parts
        if not wanted or not (self.folder / path).is_file():
            return []
        found = str(self.folder / path)
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        """All files that `find` would find, sorted."""
        for pattern in PATTERNS:
            for file in sorted(self.folder.glob(pattern)):
                yield str(file.relative_to(self.folder)), self.storage
