"""A PostgreSQL of the user's own, by DATABASE_URL: Debian's where the machine has it."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from jiedui.errors import EnvironmentProblem
from jiedui.runtime import external, keys, postgres
from tests.machine import debian
from tests.runtime import servers


@pytest.fixture(scope="module")
def server():
    """Addresses on a server that is not the embedded one of a home: as superuser, by role name."""
    with servers.new_home() as home:
        home = replace(home, postgres_bin=debian.find())
        database = postgres.ensure_running(home)
        admin = make_conninfo(
            database.owner_dsn, user="postgres", password=keys.load(home).admin_password, dbname="postgres"
        )
        with psycopg.connect(admin, autocommit=True) as connection:
            for name, rights in (("maker", "CREATEROLE"), ("plain", ""), ("pages", "")):
                connection.execute(f"CREATE ROLE {name} LOGIN {rights} PASSWORD 'p@ss word'")
                connection.execute(f"CREATE DATABASE {name} OWNER {name}")
        yield (
            lambda user, dbname=None: (
                make_conninfo(admin, user=user, password="p@ss word", dbname=dbname or user)
                if user != "postgres"
                else admin
            )
        )


@pytest.fixture
def home(tmp_path):
    """A state folder for keys only."""
    return replace(servers.settings.load({}), home=tmp_path / "home")


def test_a_user_that_may_make_roles(home, server):
    """The pages' role is made with the generated password, once; it is neither superuser nor above RLS."""
    home = replace(home, database_url=server("maker"))

    first, again = postgres.ensure_running(home), postgres.ensure_running(home)

    assert first == again
    assert (first.web_role, first.name) == ("maker_web", "maker")
    with psycopg.connect(first.web_dsn) as connection:
        rights = connection.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert rights.fetchone() == (False, False)


def test_new_keys_give_the_role_a_new_password(home, server, tmp_path):
    """A second installation on the same database takes the pages' role over."""
    postgres.ensure_running(replace(home, database_url=server("maker")))

    other = replace(home, home=tmp_path / "other", database_url=server("maker"))

    psycopg.connect(postgres.ensure_running(other).web_dsn).close()


def test_an_address_as_url(home, server):
    """DATABASE_URL may be a URL as well; its password is decoded."""
    parts = conninfo_to_dict(server("maker"))
    host = str(parts["host"]).replace("/", "%2F")

    database = postgres.ensure_running(replace(home, database_url=f"postgresql://maker:p%40ss%20word@{host}/maker"))

    assert database.name == "maker"


def test_a_user_that_may_not_make_roles(home, server):
    """One sentence names the role and the way out; the way out works."""
    home = replace(home, database_url=server("plain"))
    with pytest.raises(EnvironmentProblem, match="may not make the role plain_web") as caught:
        postgres.ensure_running(home)
    assert "JIEDUI_WEB_DATABASE_URL" in caught.value.remedy

    database = postgres.ensure_running(replace(home, web_database_url=server("pages", "plain")))

    assert database.web_role == "pages"


def test_a_web_role_above_the_rules_is_refused(home, server):
    """Row-level security does not hold for a superuser, so the pages may not be one."""
    with pytest.raises(EnvironmentProblem, match="web role postgres is a superuser"):
        postgres.ensure_running(replace(home, database_url=server("plain"), web_database_url=server("postgres")))


def test_a_version_that_is_too_old(home, server, monkeypatch):
    """One sentence names the version found and the oldest that is accepted."""
    monkeypatch.setattr(external, "OLDEST", 99)

    with pytest.raises(EnvironmentProblem, match="version 99 or later is needed"):
        postgres.ensure_running(replace(home, database_url=server("maker")))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://someone:hush@localhost:1/programme", "cannot be reached"),
        ("postgresql://someone:hush@localhost:1", "names no database"),
        ("mysql://someone:hush@localhost/programme", "is not a PostgreSQL address"),
        ("postgresql://someone:hush@[/programme", "is not a PostgreSQL address"),
    ],
)
def test_a_wrong_address(home, url, said):
    """One sentence says what is wrong, without the password."""
    with pytest.raises(EnvironmentProblem, match=said) as caught:
        postgres.ensure_running(replace(home, database_url=url))

    assert "hush" not in str(caught.value)


def test_a_server_of_ones_own_is_never_stopped(home, server):
    """`stop` and the end of the last user leave it alone."""
    home = replace(home, database_url=server("maker"))
    postgres.ensure_running(home)

    assert not postgres.stop(home)
    assert postgres.status(home).running
