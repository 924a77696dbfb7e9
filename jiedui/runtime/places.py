"""位置: where the embedded server's files lie, and which of them are outside the state folder.

Normally everything is in `home/postgres`. Three things can force a folder elsewhere, always one that we create:
- root's server runs as another account, and that account may not enter the state folder (a checkout in `/root`);
- a Unix socket path holds at most 107 bytes;
- `initdb` calls `postgres` through a shell, which reads some characters of a path anew (copied programs only).
`home/place.toml` names such folders before they are made, so that `make clean` finds them whatever happened.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

from jiedui.errors import EnvironmentProblem
from jiedui.runtime import accounts
from jiedui.runtime.accounts import Account
from jiedui.runtime.settings import Settings

RECORD = "place.toml"
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_BYTES = 107
"""Linux: `sun_path` has 108 bytes, the last one is NUL."""
SHORT_FOLDERS = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))
ELSEWHERE = (Path("/var/lib/jiedui"), Path("/var/tmp/jiedui-root"), Path("/opt/jiedui"))
_SHELL_READS = re.compile(r'["$`\\\n]')
"""What means something between the double quotes that `initdb` sets."""
_LIBPQ_SPLITS = re.compile(r"[,\s'\"\\]")


@dataclass(frozen=True)
class Place:
    """位置: the folders of one embedded server and the account that owns its data."""

    home: Path
    folder: Path
    socket_folder: Path
    copied_binaries: Path | None
    """Where a copy of the server's programs may lie, if the account cannot run those of the virtual environment."""
    account: Account

    @property
    def data(self) -> Path:
        """数据目录: exists only when `initdb` has finished (it is renamed into place)."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """服务器日志: what the server writes; no statements and no values of rows."""
        return self.folder / "log" / "server.log"

    @property
    def name(self) -> str:
        """集群名: stands in the title of each server process, so that ours are known among others."""
        return f"jiedui-{_digest(self.data)}"


def decide(settings: Settings) -> Place:
    """确定位置. Creates nothing. Raises `EnvironmentProblem` when no fitting folder can exist."""
    home = settings.home.absolute()
    recorded = _recorded(home)
    inside = home / "postgres"
    known = Path(recorded["folder"]) if "folder" in recorded else inside
    account = accounts.choose(settings, known / "data")
    if "folder" in recorded or inside.exists() or not account.drop or account.can("-x", _existing(home)):
        folder = known
    else:
        folder = _data_elsewhere(home)
    return Place(home, folder, _socket_folder(folder, home, account), _copied_binaries(folder, home), account)


def create(place: Place) -> None:
    """建立目录: record what lies outside the state folder, then make the folders that are missing."""
    lines = [f"home = {json.dumps(str(place.home))}"]
    if not place.folder.is_relative_to(place.home):
        lines.append(f"folder = {json.dumps(str(place.folder))}")
    if not place.socket_folder.is_relative_to(place.home):
        lines.append(f"socket_folder = {json.dumps(str(place.socket_folder))}")
    if place.copied_binaries and not place.copied_binaries.is_relative_to(place.home):
        lines.append(f"programs = {json.dumps(str(place.copied_binaries))}")
    text = "\n".join(lines) + "\n"
    record = place.home / RECORD
    if not record.exists() or record.read_text(encoding="utf-8") != text:
        draft = record.with_name(f"{RECORD}.{os.getpid()}")
        draft.write_text(text, encoding="utf-8")
        draft.replace(record)
    for folder in (place.folder.parent, place.folder):
        _make_open(folder)
    mode = 0o755 if place.account.drop else 0o700
    place.account.make_folder(place.log.parent, 0o700)
    place.account.make_folder(place.socket_folder, mode)
    found = place.socket_folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != place.account.uid or found.st_mode & 0o022:
        raise EnvironmentProblem(
            f"{place.socket_folder} is not a folder of {place.account.name} alone.", remedy="Remove it and try again."
        )


def room_for_programs(place: Place) -> Path:
    """程序副本的位置: `place.copied_binaries`, with the folder above it made."""
    target = place.copied_binaries
    if target is not None and target.parent != place.folder:
        _make_open(target.parent)
    if target is None or (target.parent != place.folder and not _ours_alone(target.parent)):
        raise EnvironmentProblem(
            f"The path {place.folder} has characters that a shell reads, and no other place for programs can be had.",
            remedy="Set JIEDUI_HOME to a path without quotes, dollar signs, backticks and backslashes.",
        )
    return target


def draft_of(programs: Path) -> Path:
    """Where a copy of the programs is made before it is renamed."""
    return programs.with_name(f"{programs.name}.new")


def is_plain(path: Path) -> bool:
    """Whether a shell leaves the path as it is between double quotes."""
    return not _SHELL_READS.search(str(path))


def remove(settings: Settings) -> list[Path]:
    """清除: remove the server's folders, those elsewhere included. The server must be stopped. Returns what went."""
    home = settings.home.absolute()
    recorded = _recorded(home)
    elsewhere = [Path(recorded[key]) for key in ("folder", "socket_folder", "programs") if key in recorded]
    drafts = [draft_of(Path(recorded["programs"]))] if "programs" in recorded else []
    gone = []
    for folder in (home / "postgres", *elsewhere, *drafts):
        _free_shared_memory(folder / "data" / "postmaster.pid")
        if folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder)
            gone.append(folder)
        if folder.parent in _elsewhere() and folder.parent.is_dir() and not any(folder.parent.iterdir()):
            folder.parent.rmdir()
    (home / RECORD).unlink(missing_ok=True)
    return gone


def _free_shared_memory(file: Path) -> None:
    """A server ended by kill -9 leaves its pid file, and the few bytes of shared memory that line 7 of it names."""
    try:
        key, number = file.read_text(encoding="utf-8", errors="replace").splitlines()[6].split()
        segments = [line.split() for line in Path("/proc/sysvipc/shm").read_text(encoding="ascii").splitlines()[1:]]
    except (OSError, IndexError, ValueError):
        return
    for segment in segments:
        if segment[:2] == [key, number] and segment[6] == "0":  # attached by nobody
            subprocess.run(["ipcrm", "-m", number], check=False, capture_output=True)


def _recorded(home: Path) -> dict[str, str]:
    """What `place.toml` says, unless this state folder is a copy of one that still exists."""
    try:
        recorded = tomllib.loads((home / RECORD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise EnvironmentProblem(f"{home / RECORD} is damaged.", remedy="Remove it and try again.") from None
    former = Path(recorded.get("home", home))
    return {} if former != home and former.exists() else recorded


def _elsewhere() -> tuple[Path, ...]:
    """Folders of ours outside the state folder: root's, or one of this account in the folders that all may write."""
    own = tuple(parent / f"jiedui-{os.geteuid()}" for parent in (Path("/var/tmp"), Path("/tmp")))
    return own if os.geteuid() else ELSEWHERE


def _data_elsewhere(home: Path) -> Path:
    for parent in _elsewhere():
        if os.access(_existing(parent), os.W_OK) and _ours_alone(parent):
            return parent / _digest(home)
    raise EnvironmentProblem(
        "The database server's account may not enter the state folder, and no other place can be written.",
        remedy="Set JIEDUI_HOME to a folder that every account may enter.",
    )


def _ours_alone(folder: Path) -> bool:
    """In a folder that all may write, somebody else may have made one of this name before us."""
    if not os.path.lexists(folder):
        return True
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022


def _copied_binaries(folder: Path, home: Path) -> Path | None:
    usual = folder / "programs"
    if is_plain(usual):
        return usual
    for parent in _elsewhere():
        above = _existing(parent)
        if os.access(above, os.W_OK) and _ours_alone(parent) and not os.statvfs(above).f_flag & os.ST_NOEXEC:
            return parent / f"{_digest(home)}-programs"
    return None


def _make_open(folder: Path) -> None:
    try:
        folder.mkdir()
    except FileExistsError:
        return
    folder.chmod(0o755)


def _socket_folder(folder: Path, home: Path, account: Account) -> Path:
    usual = folder / "run"
    if _fits(usual):
        return usual
    for parent in SHORT_FOLDERS:
        short = parent / f"jiedui-{account.uid}-{_digest(home)}"
        taken = os.path.lexists(short) and short.lstat().st_uid != account.uid
        if _fits(short) and os.access(parent, os.W_OK | os.X_OK) and not taken:
            return short
    raise EnvironmentProblem(
        f"The path of the database socket is longer than {SOCKET_PATH_BYTES} bytes ({usual / SOCKET_NAME}).",
        remedy="Set JIEDUI_HOME to a shorter path.",
    )


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_PATH_BYTES and not _LIBPQ_SPLITS.search(str(folder))


def _existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
