"""错误: the one kind of error that a user is meant to read.

Every room raises `JieduiError` (or a subclass) for bad input and for a bad environment: one sentence that says what
is wrong and where, and one that says how to mend it. Anything else that escapes is a bug.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """退出码: what a script can tell from the exit status."""

    OK = 0
    BUG = 1
    USAGE = 2
    BAD_INPUT = 3
    ENVIRONMENT = 4
    NOT_VERIFIED = 5


class JieduiError(Exception):
    """可读错误: what is wrong (`message`), how to mend it (`remedy`), and the exit status of the command line."""

    exit_code: ExitCode = ExitCode.BAD_INPUT

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class EnvironmentProblem(JieduiError):
    """环境错误: the machine, the database or the installation is not as it must be."""

    exit_code = ExitCode.ENVIRONMENT


class NotVerified(JieduiError):
    """校验未通过: a digest, a certificate or a count does not hold."""

    exit_code = ExitCode.NOT_VERIFIED
