"""What the machine reports, in one sentence."""

from __future__ import annotations

import errno
import shutil

import psycopg
import pytest

from jiedui.errors import EnvironmentProblem
from jiedui.runtime import postgres, problems
from tests.runtime import servers


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EMFILE])
def test_errors_of_the_machine_become_one_sentence(number):
    """The path stands in the sentence, and there is a remedy."""
    with pytest.raises(EnvironmentProblem, match="/data/file") as caught, problems.plain():
        raise OSError(number, "as C says it", "/data/file")

    assert caught.value.remedy


def test_a_tree_that_could_not_be_copied(tmp_path, monkeypatch):
    """`shutil` gathers the errors of a whole tree as text: the machine's fault is still one sentence."""

    def full(source, target):
        raise OSError(errno.ENOSPC, "No space left on device", source, None, target)

    (tmp_path / "from" / "deep").mkdir(parents=True)
    (tmp_path / "from" / "deep" / "file").write_text("x")

    with pytest.raises(EnvironmentProblem, match=r"^The disk is full \(.*/to/deep/file\)\."), problems.plain():
        shutil.copytree(tmp_path / "from", tmp_path / "to", copy_function=full)
    with pytest.raises(shutil.SameFileError), problems.plain():
        shutil.copy(tmp_path / "from" / "deep" / "file", tmp_path / "from" / "deep" / "file")


def test_other_errors_pass_unchanged():
    """A mistake of the program is not dressed up as a problem of the machine."""
    with pytest.raises(FileNotFoundError), problems.plain():
        raise FileNotFoundError(errno.ENOENT, "No such file", "/data/file")

    assert problems.behind(KeyError("x")) is None


def test_a_cause_is_found_behind_its_wrapping():
    """What a library wrapped is still recognised."""
    try:
        try:
            raise psycopg.errors.DiskFull("could not extend file: No space left on device")
        except psycopg.Error as error:
            raise RuntimeError("loading failed") from error
    except RuntimeError as error:
        found = problems.behind(error)

    assert found.message == "The disk is full."


def test_a_server_killed_in_the_midst_of_a_statement():
    """A job whose server is killed ends in one sentence; a mistake in SQL does not."""
    with servers.new_home() as home:
        connection = psycopg.connect(postgres.ensure_running(home).owner_dsn, autocommit=True)
        with pytest.raises(psycopg.errors.UndefinedTable) as mistake:
            connection.execute("SELECT * FROM nowhere")
        servers.server(home).kill()
        with pytest.raises(psycopg.OperationalError) as broken:
            connection.execute("SELECT pg_sleep(10)")
        connection.close()

    assert problems.behind(mistake.value) is None
    assert "broke off" in problems.behind(broken.value).message
