"""Log lines without secrets."""

from __future__ import annotations

import logging

import pytest

from jiedui.runtime.logging import Plain, redact


@pytest.mark.parametrize(
    "text",
    [
        "connect postgresql://jiedui:hush@db.example/jiedui",
        "host=/run user=jiedui password=hush dbname=jiedui",
        "host=/run password='hush' dbname=jiedui",
        "{'PASSWORD': 'hush', 'USER': 'jiedui'}",
        'encryption_key = "hush"',
        "csrf token: hush",
    ],
)
def test_secrets_are_hidden(text):
    """Passwords in addresses and settings do not reach the log; the rest of the line does."""
    assert "hush" not in redact(text)
    assert redact(text).split()[0] == text.split()[0]


def test_a_traceback_is_hidden_too():
    """An error that quotes its connection string is logged without the password."""
    try:
        raise ValueError("password=hush")
    except ValueError:
        import sys

        record = logging.LogRecord("jiedui", logging.ERROR, __file__, 1, "no %s", ("luck",), sys.exc_info())

    assert "hush" not in Plain().format(record)
    assert "no luck" in Plain().format(record)
