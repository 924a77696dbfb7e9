"""A whole small programme in a database of its own, served by `jiedui serve`, and visitors with a cookie each.

Everything is real: the commands of the user, the role of the pages, row-level security. It is built once per test run.
"""

from __future__ import annotations

import html
import http.cookiejar
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from jiedui.runtime import settings
from jiedui.runtime.postgres import Database

PERSONS = 3000
REPORTED_PAIR = 4
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Of the browser: no window, no sandbox inside a container, and nothing that asks the network by itself."""
USERS = ("gansu", "tianjin", "labour", "finance", "assessor", "auditor", "discipline", "admin", "public")
"""The demo's users, one for each role; the password is the name and -2016."""


@dataclass(frozen=True)
class Reply:
    """What the site answered, after any redirects."""

    status: int
    url: str
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The page as a reader sees its source."""
        return html.unescape(self.body.decode("utf-8"))


@dataclass
class Visitor:
    """A browser without a screen: it keeps cookies and follows redirects."""

    address: str
    cookies: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def get(self, path: str) -> Reply:
        """Ask for a page."""
        return self._send(urllib.request.Request(self.address + urllib.parse.quote(path, safe="/?=&%.@-")))

    def post(self, path: str, **values: str) -> Reply:
        """Send a form, with the token that the site gave."""
        token = next((cookie.value for cookie in self.cookies if cookie.name == "csrftoken"), "")
        data = urllib.parse.urlencode({**values, "csrfmiddlewaretoken": token}).encode()
        return self._send(urllib.request.Request(self.address + path, data=data, headers={"Referer": self.address}))

    def sign_in(self, name: str, password: str | None = None) -> Reply:
        """Sign in as a user of the demo."""
        self.get("/login/")
        return self.post("/login/", username=name, password=password or f"{name}-2016")

    def _send(self, request: urllib.request.Request) -> Reply:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        try:
            with opener.open(request, timeout=60) as answer:
                return Reply(answer.status, answer.url, _lowered(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, error.url, _lowered(error.headers), error.read())


def _lowered(headers: Message) -> dict[str, str]:
    """Header names have no case."""
    return {name.lower(): value for name, value in headers.items()}


@dataclass(frozen=True)
class Site:
    """A running site."""

    address: str
    owner_dsn: str
    environment: dict[str, str] = field(default_factory=dict)
    """Of the commands that belong to it, such as a worker."""

    def visitor(self, name: str | None = None) -> Visitor:
        """A new visitor, signed in as `name` unless that is None."""
        visitor = Visitor(self.address)
        if name is not None:
            reply = visitor.sign_in(name)
            assert reply.url == f"{self.address}/", f"{name} could not sign in: {reply.status} {reply.url}"
        return visitor

    def rows(self, query: str, *parameters: object) -> list[tuple[object, ...]]:
        """Ask the site's database directly, as its owner."""
        with psycopg.connect(self.owner_dsn) as connection:
            return connection.execute(query, parameters).fetchall()


@contextmanager
def running(database: Database, home: Path) -> Iterator[Site]:
    """Make a database, run the demo in it, serve it; afterwards nothing is left."""
    name = f"test_{database.name}_site_{os.getpid()}"
    owner, web = (make_conninfo(dsn, dbname=name) for dsn in (database.owner_dsn, database.web_dsn))
    environment = {
        **os.environ,
        "DATABASE_URL": owner,
        "JIEDUI_WEB_DATABASE_URL": web,
        "JIEDUI_HOME": str(home),
        "JIEDUI_ASSETS": str(settings.load().assets),
        "PYTHONWARNINGS": "default",
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    with psycopg.connect(database.owner_dsn, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        _command(["demo", "--persons", str(PERSONS), "--pair", str(REPORTED_PAIR)], environment)
        with _served(environment) as address:
            yield Site(address, owner, environment)
    finally:
        with psycopg.connect(database.owner_dsn, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _command(arguments: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(
        [*_PROGRAM, *arguments], env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, f"jiedui {' '.join(arguments)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"


_PROGRAM = [sys.executable, "-c", "from jiedui.jobs.cli import main; main()"]


@contextmanager
def _served(environment: dict[str, str]) -> Iterator[str]:
    port = _free_port()
    process = subprocess.Popen(
        [*_PROGRAM, "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://localhost:{port}"
    try:
        _await(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def _await(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, "jiedui serve ended by itself"
        try:
            if Visitor(address).get("/login/").status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("jiedui serve did not answer within a minute")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def number_in(text: str, element: str) -> int:
    """The whole number that an element with this id shows."""
    found = re.search(rf'id="{element}">\s*([0-9,]+)', text)
    assert found, f"the page shows no number in #{element}"
    return int(found[1].replace(",", ""))
