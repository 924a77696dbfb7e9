"""机器: what a reader must know about the machine and the versions to read the numbers; no names, no paths."""

from __future__ import annotations

import hashlib
import os
import platform
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = ("numpy", "numba", "ortools", "scipy", "pylmcf", "highspy", "matching")


def facts() -> dict[str, str]:
    """Processor, cores, memory, versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    found = {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{memory:.0f} GB",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }
    for library in LIBRARIES:
        try:
            found[library] = metadata.version(library)
        except metadata.PackageNotFoundError:
            found[library] = "not installed"
    return found


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def engine() -> str:
    """引擎版本: a short hash over the sources of `jiedui/matching`, so that rows of two versions are told apart."""
    total = hashlib.sha256()
    for file in sorted((ROOT / "jiedui" / "matching").rglob("*.py")):
        total.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return total.hexdigest()[:10]
