"""Debian 软件包: what the tests may take from the system: its PostgreSQL, and, for root, packages by apt."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

PROGRAMS = Path("/usr/lib/postgresql")
COMMON = Path("/etc/postgresql-common")
OLDEST, PREFERRED = 15, 15


def find() -> Path | None:
    """查找系统 PostgreSQL: the programs of Debian's server, version 15 where there are several; None without."""
    found = {
        int(folder.name): folder / "bin"
        for folder in PROGRAMS.glob("*")
        if folder.name.isdigit() and int(folder.name) >= OLDEST and (folder / "bin" / "postgres").is_file()
    }
    return found[min(found, key=lambda major: abs(major - PREFERRED))] if found else None


def find_or_install() -> Path | None:
    """查找或安装系统 PostgreSQL: root may install the programs; no cluster of the system is made or started."""
    if find() is None and os.geteuid() == 0 and not COMMON.exists():
        COMMON.mkdir()
        (COMMON / "createcluster.conf").write_text("create_main_cluster = false\n", encoding="ascii")
        if not install("postgresql-15"):
            install("postgresql")
    return find()


def install(package: str) -> bool:
    """安装软件包: with apt, as root. Tells whether it worked; never asks anything."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    print(f"• apt-get install {package}", flush=True)
    keep = ["-o", "Dpkg::Options::=--force-confold", "--no-install-recommends"]
    for command in (["apt-get", "-q", "update"], ["apt-get", "-q", "-y", *keep, "install", package]):
        ended = subprocess.run(command, env=environment, check=False, capture_output=True, text=True, errors="replace")
        if ended.returncode != 0:
            return False
    return True
