"""密钥: the secrets of one installation, generated once into `home/keys.toml` (mode 0600).

Losing the file loses the encrypted identity numbers for good: it belongs in the backup, beside the database.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from jiedui.errors import EnvironmentProblem
from jiedui.runtime.settings import Settings

FILE = "keys.toml"


@dataclass(frozen=True, repr=False)
class Keys:
    """密钥: text secrets; the three data keys are 64 hexadecimal digits or more. Never printed, never logged."""

    django_secret: str
    pseudonym_key: str
    """Hexadecimal, 32 bytes: HMAC of the identity number gives the pseudonym."""
    encryption_key: str
    """Hexadecimal, 64 bytes: AES-SIV for identity numbers and phones."""
    index_key: str
    """Hexadecimal, 32 bytes: the blind index for exact search."""
    owner_password: str
    web_password: str
    admin_password: str
    """Of the bootstrap superuser of the embedded server; used only to create the two roles and the database."""


def load(settings: Settings) -> Keys:
    """读取或生成密钥. Raises `EnvironmentProblem` when the file is unreadable, damaged, or lost beside a database."""
    file = settings.home / FILE
    try:
        if not file.exists():
            _generate(settings, file)
        stored = tomllib.loads(file.read_text(encoding="ascii"))
    except PermissionError:
        raise EnvironmentProblem(
            f"{file} may not be read or written by this account.",
            remedy="Run as the account that made it, or set JIEDUI_HOME to a folder of your own.",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise EnvironmentProblem(f"{file} is damaged.", remedy="Put back the copy from the backup.") from None
    names = [field.name for field in fields(Keys)]
    if missing := [name for name in names if not isinstance(stored.get(name), str)]:
        raise EnvironmentProblem(f"{file} has no {', '.join(missing)}.", remedy="Put back the copy from the backup.")
    return Keys(**{name: stored[name] for name in names})


def _generate(settings: Settings, file: Path) -> None:
    if (settings.home / "postgres").exists() and settings.database_url is None:
        raise EnvironmentProblem(
            f"{file} is gone, but the database that it opens is there.",
            remedy="Put back the copy from the backup, or `make clean` to begin with an empty database.",
        )
    keys = Keys(
        django_secret=secrets.token_urlsafe(64),
        pseudonym_key=secrets.token_hex(32),
        encryption_key=secrets.token_hex(64),
        index_key=secrets.token_hex(32),
        owner_password=secrets.token_urlsafe(32),
        web_password=secrets.token_urlsafe(32),
        admin_password=secrets.token_urlsafe(32),
    )
    lines = ["# Secret. Without this file the encrypted columns of the database cannot be read again."]
    lines += [f'{name} = "{value}"' for name, value in asdict(keys).items()]
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{FILE}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write("\n".join(lines) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        with contextlib.suppress(FileExistsError):  # of several processes that start at once, the first one's stand
            os.link(draft, file)
    finally:
        draft.unlink(missing_ok=True)
