"""数据库: the PostgreSQL of this installation, embedded or the user's own. The doors of the room to it.

`ensure_running` may be called by any number of processes at once, and again after anything was killed.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from jiedui.errors import EnvironmentProblem
from jiedui.runtime import binaries, cluster, external, keys, leases, places, problems
from jiedui.runtime.keys import Keys
from jiedui.runtime.places import Place
from jiedui.runtime.settings import Settings

OWNER, WEB, DATABASE = "jiedui", "jiedui_web", "jiedui"
LOCK = "postgres.lock"


@dataclass(frozen=True)
class Database:
    """连接信息: libpq key=value texts, with passwords: never print them."""

    owner_dsn: str
    """Owns the tables: jobs and migrations. Not a superuser where the server is embedded."""
    web_dsn: str
    """The pages: neither superuser nor above row-level security."""

    def __repr__(self) -> str:
        return f"Database({self.name!r})"

    @property
    def name(self) -> str:
        """库名."""
        return str(conninfo_to_dict(self.owner_dsn)["dbname"])

    @property
    def web_role(self) -> str:
        """网页角色: the name to GRANT to."""
        return str(conninfo_to_dict(self.web_dsn)["user"])


@dataclass(frozen=True)
class Status:
    """状态: of the server, for `jiedui db status`."""

    embedded: bool
    running: bool
    kept: bool
    pid: int | None
    data: Path | None
    socket: Path | None
    account: str | None
    version: str | None


def addresses(settings: Settings) -> Database:
    """连接串: where the database is, whether it runs or not. Generates the keys on first use; connects to nothing."""
    with problems.plain():
        secret = keys.load(settings)
        if settings.database_url:
            return Database(*external.addresses(settings, secret))
        return _embedded(places.decide(settings), secret)


def ensure_running(settings: Settings) -> Database:
    """确保运行: start the embedded server if it does not run, or check the user's own. Idempotent, safe in parallel.

    This process then counts as a user of the server until it ends; the last user stops it (see `leases`).
    Raises `EnvironmentProblem` with one sentence for whatever is wrong with the machine.
    """
    with problems.plain():
        secret = keys.load(settings)
        if settings.database_url:
            return Database(*external.ensure(settings, secret))
        leases.take(settings.home, functools.partial(stop, settings))
        place = places.decide(settings)
        database = _embedded(place, secret)
        if not _answers(database.owner_dsn):
            with leases.exclusive(settings.home / LOCK) as lock:
                if not _answers(database.owner_dsn):
                    places.create(place)
                    cluster.make_room(place)
                    programs = binaries.find(settings, place)
                    cluster.initialise(place, programs, secret.admin_password, lock)
                    cluster.start(place, programs)
                    _prepare(place, secret)
        _let_owner_act_as_web(database, place, secret)
        return database


def administrator(settings: Settings) -> str:
    """管理员连接串: of the embedded server's superuser, whom no row-level security holds: for dump and restore only."""
    with problems.plain():
        return _administrator(places.decide(settings), keys.load(settings), DATABASE)


def stop(settings: Settings) -> bool:
    """停止: stop the embedded server cleanly. Tells whether one ran; a server of the user's own is left alone."""
    if settings.database_url or not settings.home.is_dir():
        return False
    with problems.plain(), leases.exclusive(settings.home / LOCK):
        leases.keep(settings.home, False)
        return cluster.stop(places.decide(settings))


def remove(settings: Settings) -> list[Path]:
    """清除: stop the embedded server and remove all its folders, those outside the state folder too."""
    if not settings.home.is_dir():
        return []
    with problems.plain(), leases.exclusive(settings.home / LOCK):
        leases.keep(settings.home, False)
        cluster.stop(places.decide(settings))
        return places.remove(settings)


def status(settings: Settings) -> Status:
    """状态: changes nothing and starts nothing."""
    if settings.database_url:
        secret = keys.load(settings)
        try:
            with psycopg.connect(external.addresses(settings, secret)[0], connect_timeout=5) as connection:
                version = connection.info.parameter_status("server_version")
        except psycopg.OperationalError:
            version = None
        return Status(False, version is not None, True, None, None, None, None, version)
    place = places.decide(settings)
    server = cluster.postmaster(place)
    file = place.data / "PG_VERSION"
    return Status(
        embedded=True,
        running=server is not None,
        kept=leases.kept(settings.home),
        pid=server.pid if server else None,
        data=place.data,
        socket=place.socket_folder,
        account=place.account.name,
        version=file.read_text(encoding="ascii").strip() if file.is_file() else None,
    )


def _embedded(place: Place, secret: Keys) -> Database:
    common: dict[str, Any] = {"host": str(place.socket_folder), "port": cluster.PORT, "dbname": DATABASE}
    return Database(
        owner_dsn=make_conninfo(user=OWNER, password=secret.owner_password, **common),
        web_dsn=make_conninfo(user=WEB, password=secret.web_password, **common),
    )


def _administrator(place: Place, secret: Keys, database: str) -> str:
    return make_conninfo(
        host=str(place.socket_folder),
        port=cluster.PORT,
        dbname=database,
        user=cluster.SUPERUSER,
        password=secret.admin_password,
    )


def _answers(address: str) -> bool:
    try:
        psycopg.connect(address, connect_timeout=10).close()
    except psycopg.OperationalError:
        return False
    return True


def _let_owner_act_as_web(database: Database, place: Place, secret: Keys) -> None:
    """Jobs read for a user as the pages' role (`records.access.acting_as`): the owner becomes a member of it.

    Asked each time, so that a database of an older version of this program gets it too.
    """
    with psycopg.connect(database.owner_dsn, autocommit=True, connect_timeout=10) as owner:
        row = owner.execute("SELECT pg_has_role(%s, 'MEMBER')", [WEB]).fetchone()
    if row == (True,):
        return
    with psycopg.connect(_administrator(place, secret, "postgres"), autocommit=True, connect_timeout=10) as connection:
        connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(WEB), sql.Identifier(OWNER)))


def _prepare(place: Place, secret: Keys) -> None:
    """Make the two roles, then the database: where the database is, everything before it is done."""
    try:
        connection = psycopg.connect(_administrator(place, secret, "postgres"), autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        said = str(error).strip().splitlines()[-1]
        raise EnvironmentProblem(
            f"The database server does not accept the password in {place.home / keys.FILE}: {said}",
            remedy="Put back the keys.toml that belongs to this database.",
        ) from None
    with connection:
        for role, password, rights in ((OWNER, secret.owner_password, "CREATEDB"), (WEB, secret.web_password, "")):
            found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            hidden = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
            statement = sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE {} PASSWORD {}")
            verb = sql.SQL("ALTER" if found else "CREATE")
            name, right = sql.Identifier(role), sql.SQL(rights)
            connection.execute(statement.format(verb, name, right, sql.Literal(hidden.decode())))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*map(sql.Identifier, (DATABASE, OWNER))))
