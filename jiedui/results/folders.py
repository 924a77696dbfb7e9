"""运行文件夹: where a run keeps the files that are too large for rows, below the state folder."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from jiedui.results.models import Run
from jiedui.runtime import settings


def name_for(run_id: UUID) -> str:
    """文件夹名: relative to the state folder, so that the folder may move."""
    return f"runs/{run_id}"


def of(run: Run) -> Path:
    """运行文件夹: as an absolute path; made when a run first writes into it."""
    return settings.load().home / run.folder
