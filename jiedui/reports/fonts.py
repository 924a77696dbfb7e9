"""字体: the Chinese font of the locked package, so that paper looks the same on a machine without any CJK font."""

from __future__ import annotations

from pathlib import Path

from jiedui.errors import EnvironmentProblem
from jiedui.runtime import settings

PACKAGE = Path("@expo-google-fonts") / "noto-sans-sc"
FACES = ("400Regular", "700Bold")
FAMILY = "Noto Sans SC"


def font_folders() -> list[Path]:
    """Folders with the regular and bold face of Noto Sans SC.

    Raises `EnvironmentProblem` when the font package is not installed: a report with empty boxes for glyphs is worse
    than no report.
    """
    folders = [settings.load().assets / PACKAGE / face for face in FACES]
    for folder in folders:
        if not any(folder.glob("*.ttf")):
            raise EnvironmentProblem(
                f"The Chinese font is missing: there is no .ttf file in {folder}.",
                remedy="Run `make demo` (or `npm ci` in the project's folder), or point JIEDUI_ASSETS at node_modules.",
            )
    return folders
