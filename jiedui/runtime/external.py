"""外部数据库: a PostgreSQL of the user's own, named by DATABASE_URL.

It must be version 15 or later. The pages connect as a second role that row-level security holds; it is made here,
where the user of DATABASE_URL may do that, and named by JIEDUI_WEB_DATABASE_URL where it may not.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from jiedui.errors import EnvironmentProblem
from jiedui.runtime.keys import Keys
from jiedui.runtime.settings import Settings

OLDEST = 15
_LOCK = 0x4A494544  # any number; of all who may prepare this server at once, one does


def addresses(settings: Settings, keys: Keys) -> tuple[str, str]:
    """连接串: the owner's and the web role's, without connecting."""
    owner = _parse("DATABASE_URL", settings.database_url or "")
    if settings.web_database_url:
        web = _parse("JIEDUI_WEB_DATABASE_URL", settings.web_database_url)
    else:
        web = {**owner, "user": f"{owner['dbname']}_web", "password": keys.web_password}
    return make_conninfo(**owner), make_conninfo(**web)


def ensure(settings: Settings, keys: Keys) -> tuple[str, str]:
    """检查并准备: the server answers, is recent enough, and has a web role that is neither superuser nor above RLS."""
    owner, web = addresses(settings, keys)
    with _connect("DATABASE_URL", owner) as connection:
        if connection.info.server_version < OLDEST * 10000:
            version = connection.info.server_version // 10000
            raise EnvironmentProblem(
                f"DATABASE_URL is PostgreSQL {version}; version {OLDEST} or later is needed.",
                remedy="Upgrade it, or unset DATABASE_URL to use the embedded one.",
            )
        if not settings.web_database_url and not _logs_in(web):
            _make_web_role(connection, conninfo_to_dict(web))
        _let_owner_act_as(connection, str(conninfo_to_dict(web).get("user", "")))
    with _connect("JIEDUI_WEB_DATABASE_URL", web) as connection:
        row = connection.execute("SELECT rolsuper OR rolbypassrls, rolname FROM pg_roles WHERE rolname = current_user")
        above, name = row.fetchone() or (True, "?")
        if above:
            raise EnvironmentProblem(
                f"The web role {name} is a superuser or bypasses row-level security.",
                remedy="Name a plain role in JIEDUI_WEB_DATABASE_URL.",
            )
    return owner, web


def _let_owner_act_as(connection: psycopg.Connection[Any], role: str) -> None:
    """Jobs read for a user as the pages' role. Whoever made it may say so (from version 16 on it must be said); where
    it is somebody else's, such a job tells what to ask for (`records.access.acting_as`).
    """
    query = "SELECT pg_has_role(%s, 'MEMBER') FROM pg_roles WHERE rolname = %s"
    if connection.execute(query, [role, role]).fetchone() != (False,):
        return
    try:
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role)))
    except psycopg.errors.InsufficientPrivilege:
        return


def _make_web_role(connection: psycopg.Connection[Any], web: dict[str, Any]) -> None:
    name, database = sql.Identifier(web["user"]), sql.Identifier(connection.info.dbname)
    hidden = connection.pgconn.encrypt_password(web["password"].encode(), web["user"].encode(), b"scram-sha-256")
    try:
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [web["user"]]).fetchone()
            verb = sql.SQL("ALTER" if found else "CREATE")
            connection.execute(sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, name, sql.Literal(hidden.decode())))
            connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, name))
    except psycopg.errors.InsufficientPrivilege:
        raise EnvironmentProblem(
            f"The user of DATABASE_URL may not make the role {web['user']}, as which the pages connect.",
            remedy="Have an administrator make a plain login role, and name it in JIEDUI_WEB_DATABASE_URL.",
        ) from None


def _logs_in(address: str) -> bool:
    try:
        psycopg.connect(address, connect_timeout=10).close()
    except psycopg.OperationalError:
        return False
    return True


def _connect(variable: str, address: str) -> psycopg.Connection[Any]:
    try:
        return psycopg.connect(address, connect_timeout=10, autocommit=True)
    except psycopg.OperationalError as error:
        said = str(error).strip().splitlines()[-1]
        raise EnvironmentProblem(
            f"The database of {variable} cannot be reached: {said}", remedy="Correct it, or unset DATABASE_URL."
        ) from None


def _parse(variable: str, text: str) -> dict[str, Any]:
    try:
        parsed = conninfo_to_dict(text)
    except psycopg.ProgrammingError:
        raise EnvironmentProblem(
            f"{variable} is not a PostgreSQL address.",
            remedy="Write postgresql://user:password@host:5432/database.",
        ) from None
    if not parsed.get("dbname"):
        raise EnvironmentProblem(f"{variable} names no database.", remedy="Write it at the end: …/database.")
    return {key: value for key, value in parsed.items() if value is not None}
