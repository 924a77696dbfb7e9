"""日志: plain lines on standard error, for the operator. No secrets, no values of rows."""

from __future__ import annotations

import logging
import re
from typing import Any

from jiedui.runtime.settings import Settings

_SECRETS = (
    (re.compile(r"(://[^:/@\s]+:)[^@\s]+@"), r"\1***@"),
    (re.compile(r"(?i)((?:password|secret|token|_key)\w*['\"]?\s*[=:]\s*)(?:'[^']*'|\"[^\"]*\"|[^\s,;}]+)"), r"\1***"),
)


def redact(text: str) -> str:
    """去密: the text with passwords in addresses and `password=…` hidden."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


class Plain(logging.Formatter):
    """日志格式: time, level, name, message; secrets hidden, in tracebacks too."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%d %H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """One record as text."""
        return redact(super().format(record))


def configuration(settings: Settings) -> dict[str, Any]:
    """日志配置: for `logging.config.dictConfig`: warnings and worse; with JIEDUI_DEBUG everything but SQL."""
    level = "DEBUG" if settings.debug else "WARNING"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"plain": {"()": "jiedui.runtime.logging.Plain"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": "INFO" if settings.debug else "WARNING", "propagate": True},
            "django.db.backends": {"level": "WARNING"},  # SQL carries the values
        },
    }
