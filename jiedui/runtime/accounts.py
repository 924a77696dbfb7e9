"""账户: under which system account the database server runs, and how a command is run as that account.

PostgreSQL refuses to run as root. So root drops to an account that exists already; nobody's permissions are changed.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jiedui.errors import EnvironmentProblem
from jiedui.runtime.settings import Settings

CANDIDATES = ("postgres", "nobody", "daemon", "www-data", "bin")
"""For root, in this order: the account made for the purpose, then those that every Debian has."""


@dataclass(frozen=True)
class Account:
    """系统账户: name and numbers; `drop` tells whether this process must change to it (it is root)."""

    name: str
    uid: int
    gid: int
    drop: bool

    def run(self, command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a command as this account, in `/`, with an environment that no PG* variable of the caller reaches."""
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "HOME": "/nonexistent"}
        change: dict[str, Any] = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.drop else {}
        return subprocess.run(
            command, cwd="/", env=environment, text=True, errors="replace", stdin=subprocess.DEVNULL,
            capture_output=True, check=False, **change, **options,
        )  # fmt: skip

    def can(self, *tests: str | Path) -> bool:
        """Whether `test -r FILE …` style conditions hold for this account: `can("-x", folder, "-r", file)`."""
        pairs = zip(tests[::2], tests[1::2], strict=True)
        return all(self.run(["test", str(operator), str(path)]).returncode == 0 for operator, path in pairs)

    def make_folder(self, folder: Path, mode: int) -> None:
        """Create a folder that belongs to this account. One that exists stays as it is."""
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            return
        if self.drop:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(mode)


def choose(settings: Settings, data: Path) -> Account:
    """选择账户: the owner of the data folder where there is one; for root, `JIEDUI_DB_ACCOUNT` or a candidate."""
    if os.geteuid() != 0:
        return _named(pwd.getpwuid(os.geteuid()).pw_name, drop=False) if _known() else _unnamed()
    if data.exists():
        owner = data.stat().st_uid
        return Account(_name_of(owner), owner, data.stat().st_gid, drop=True)
    if settings.db_account:
        try:
            account = _named(settings.db_account, drop=True)
        except KeyError:
            raise EnvironmentProblem(
                f"JIEDUI_DB_ACCOUNT is {settings.db_account!r}, and there is no such account.",
                remedy="Name an existing account other than root.",
            ) from None
        if account.uid == 0 or not _assumable(account):
            raise EnvironmentProblem(
                f"The database server cannot run as {account.name}.", remedy="Set JIEDUI_DB_ACCOUNT to another account."
            )
        return account
    for name in CANDIDATES:
        try:
            account = _named(name, drop=True)
        except KeyError:
            continue
        if account.uid != 0 and _assumable(account):
            return account
    raise EnvironmentProblem(
        "PostgreSQL does not run as root, and no unprivileged account was found to run it.",
        remedy="Set JIEDUI_DB_ACCOUNT to an existing account, or run as an ordinary user.",
    )


def _named(name: str, *, drop: bool) -> Account:
    entry = pwd.getpwnam(name)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, drop)


def _known() -> bool:
    return _name_of(os.geteuid()) != str(os.geteuid())


def _unnamed() -> Account:
    return Account(str(os.geteuid()), os.geteuid(), os.getegid(), drop=False)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _assumable(account: Account) -> bool:
    """In a user namespace an account may exist by name and still not be one that root can become."""
    try:
        return account.run(["true"]).returncode == 0
    except OSError:
        return False
