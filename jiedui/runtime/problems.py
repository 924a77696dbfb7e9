"""环境问题: what the operating system and PostgreSQL report, turned into one sentence and its remedy."""

from __future__ import annotations

import contextlib
import errno
import re
import shutil
from collections.abc import Iterator

from jiedui.errors import EnvironmentProblem

_DISK_FULL = EnvironmentProblem(
    "The disk is full.", remedy="Free some space (the demo needs about 1 GB) and run the same command again."
)
_BY_ERRNO = {
    errno.ENOSPC: _DISK_FULL.message,
    errno.EDQUOT: "The disk quota of this account is used up.",
    errno.EFBIG: "A file grew over the limit of this account (`ulimit -f`) or of the file system.",
    errno.EROFS: "The file system may only be read.",
    errno.EACCES: "This account may not write there.",
    errno.EPERM: "This account may not do that there.",
    errno.EMFILE: "Too many files are open.",
}
_REMEDIES = {
    errno.ENOSPC: _DISK_FULL.remedy,
    errno.EDQUOT: _DISK_FULL.remedy,
    errno.EFBIG: "Raise the limit (`ulimit -f unlimited`).",
    errno.EMFILE: "Raise the limit of open files (`ulimit -n`).",
}


def from_os_error(error: OSError) -> EnvironmentProblem | None:
    """系统错误: the sentence for an `OSError` that the machine is to blame for, with the path; None for any other."""
    number, path = _of_a_copied_tree(error) if isinstance(error, shutil.Error) else (error.errno, error.filename)
    if number not in _BY_ERRNO:
        return None
    where = f" ({path})" if path else ""
    remedy = _REMEDIES.get(number, "Set JIEDUI_HOME to a folder that this account may write.")
    return EnvironmentProblem(f"{_BY_ERRNO[number].rstrip('.')}{where}.", remedy=remedy)


def _of_a_copied_tree(error: shutil.Error) -> tuple[int | None, str | None]:
    """`shutil.copytree` goes on after an error and keeps only the text of each: the first one that has a number."""
    for _, target, said in error.args[0] if isinstance(error.args[0], list) else ():
        if found := re.match(r"\[Errno (\d+)\]", said):
            return int(found.group(1)), target
    return None, None


def from_server_text(text: str) -> EnvironmentProblem | None:
    """数据库日志: the sentence for what `initdb` or the server wrote before it gave up; None when it is not known."""
    if "No space left on device" in text or "Disk quota exceeded" in text or "File too large" in text:
        return EnvironmentProblem(_DISK_FULL.message, remedy=_DISK_FULL.remedy)
    if "Cannot allocate memory" in text or "could not map anonymous shared memory" in text:
        return EnvironmentProblem("There is not enough free memory for the database server.", remedy="Free 1 GB.")
    return None


def behind(error: BaseException) -> EnvironmentProblem | None:
    """背后的环境问题: whether the machine or the database server is behind this error, or behind what caused it.

    For the command line: a full disk or a killed server in the midst of a job is one sentence, not a traceback.
    """
    import psycopg

    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) and (problem := from_os_error(seen)):
            return problem
        if isinstance(seen, psycopg.Error):
            if problem := from_server_text(str(seen)):
                return problem
            if isinstance(seen, psycopg.errors.AdminShutdown | psycopg.errors.CrashShutdown) or (
                isinstance(seen, psycopg.OperationalError) and seen.sqlstate is None
            ):
                return EnvironmentProblem(
                    "The connection to the database broke off: its server was stopped or killed.",
                    remedy="Run the same command again; nothing that was committed is lost.",
                )
        seen = seen.__cause__ or seen.__context__
    return None


@contextlib.contextmanager
def plain() -> Iterator[None]:
    """Inside, an `OSError` of the machine becomes an `EnvironmentProblem`; any other error passes unchanged."""
    try:
        yield
    except OSError as error:
        if problem := from_os_error(error):
            raise problem from error
        raise
