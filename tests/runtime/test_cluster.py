"""Making and starting a cluster on a machine that is short of something."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from jiedui.errors import EnvironmentProblem
from jiedui.runtime import cluster, keys, places, postgres
from tests.machine import debian
from tests.runtime import servers


@pytest.fixture
def small_disk():
    """A folder of 24 MB: a file system of its own for root, else None (only root may mount)."""
    folder = Path(tempfile.mkdtemp(prefix="jd-"))
    folder.chmod(0o755)
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=24m,mode=0755", "tmpfs", folder], check=False, capture_output=True
        ).returncode
    )
    yield folder if mounted else None
    if mounted:
        subprocess.run(["umount", folder], check=True)
    folder.rmdir()


def test_too_little_space_is_said_before_anything_is_made(tmp_path, monkeypatch):
    """Where the disk has no room for a database, one sentence says so; nothing half-made is left."""
    monkeypatch.setattr(cluster, "SPACE_FOR_A_CLUSTER", 2**60)

    with servers.new_home() as home:
        with pytest.raises(EnvironmentProblem, match="The disk is full"):
            postgres.ensure_running(home)
        assert sorted(path.name for path in (home.home / "postgres").iterdir()) == ["log", "run"]
        monkeypatch.undo()
        psycopg.connect(postgres.ensure_running(home).owner_dsn).close()


def test_the_disk_fills_up_while_the_database_is_made(small_disk, monkeypatch):
    """initdb that runs out of space (or hits a limit of file size) ends in one sentence, and leaves nothing."""
    monkeypatch.setattr(cluster, "SPACE_FOR_A_CLUSTER", 0)
    if small_disk is None:
        program = "import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        program += "resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20))\n"
        program += "from jiedui.runtime import cluster\ncluster.SPACE_FOR_A_CLUSTER = 0\n"
        program += "from jiedui.errors import EnvironmentProblem\ntry:\n    exec(START)\n"
        program += "except EnvironmentProblem as problem:\n    print(problem.message)"
        with servers.new_home() as home:
            said, _ = servers.worker(home, f"START = {servers.START!r}\n{program}").communicate(timeout=60)
            assert sorted(path.name for path in (home.home / "postgres").iterdir()) == ["log", "run"]
        # the second where the programs must be copied first: the checkout's path is one that a shell reads
        assert said.startswith(("The disk is full.", "A file grew over the limit"))
        assert len(said.splitlines()) == 1
        return
    refused_on(small_disk)


def test_the_disk_fills_up_while_the_programs_are_copied(small_disk, monkeypatch):
    """A copy of the programs that runs out of space ends in one sentence too, and nothing half-copied stays."""
    monkeypatch.setattr(cluster, "SPACE_FOR_A_CLUSTER", 0)
    monkeypatch.setattr("jiedui.runtime.binaries._runs", lambda folder, account: False)
    if small_disk is not None:
        refused_on(small_disk)
        return
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with servers.new_home() as home:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, before[1]))
        try:
            with pytest.raises(EnvironmentProblem, match="A file grew over the limit"):
                postgres.ensure_running(home)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert sorted(path.name for path in (home.home / "postgres").iterdir()) == ["log", "run"]


def refused_on(small_disk):
    """The start on this disk is refused, and its folders hold nothing; afterwards nobody uses the disk."""
    with servers.new_home(folder=small_disk / "parent") as home:
        home.home.parent.mkdir()
        with pytest.raises(EnvironmentProblem, match="The disk is full"):
            postgres.ensure_running(home)
        assert sorted(path.name for path in (home.home / "postgres").iterdir()) == ["log", "run"]


def test_no_room_for_the_keys(tmp_path):
    """Keys that cannot be written whole end in one sentence, and no cut-off key file stays."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16, before[1]))
    try:
        with pytest.raises(EnvironmentProblem, match="A file grew over the limit"):
            postgres.addresses(replace(servers.settings.load({}), home=tmp_path / "home"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert list((tmp_path / "home").iterdir()) == []


def test_the_systems_own_programs():
    """The same lifecycle runs Debian's PostgreSQL (JIEDUI_POSTGRES_BIN), where the machine has it."""
    with servers.new_home() as home:
        own = replace(home, postgres_bin=debian.find())
        with psycopg.connect(postgres.ensure_running(own).owner_dsn) as connection:
            collation = connection.execute(
                "SELECT datcollate, encoding FROM pg_database WHERE datname = 'jiedui'"
            ).fetchone()
            assert collation == ("C.UTF-8", 6)
            assert connection.execute("SHOW timezone").fetchone() == ("Asia/Shanghai",)
            assert connection.execute("SHOW fsync").fetchone() == ("on",)


def test_a_server_that_cannot_start_says_why():
    """A damaged cluster ends in the server's own last words and the place of its log."""
    with servers.new_home() as home:
        postgres.ensure_running(home)
        postgres.stop(home)
        (places.decide(home).data / "global" / "pg_control").unlink()

        with pytest.raises(EnvironmentProblem, match="did not start") as caught:
            postgres.ensure_running(home)

        assert "server.log" in caught.value.remedy


def test_something_else_in_the_data_folder():
    """A data folder that is no database is not overwritten."""
    with servers.new_home() as home:
        keys.load(home)
        data = home.home / "postgres" / "data"
        data.mkdir(parents=True)
        if os.geteuid() == 0:
            data.parent.chmod(0o755)
            shutil.chown(data, "nobody")
        (data / "letter.txt").write_text("mine")

        with pytest.raises(EnvironmentProblem, match="is not a database"):
            postgres.ensure_running(home)

        assert (data / "letter.txt").read_text() == "mine"
