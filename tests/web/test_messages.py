"""Every sentence of the site in Chinese."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jiedui.web import messages


def test_every_sentence_has_a_chinese_one() -> None:
    """Whatever pages and templates say in English is in the catalogue, translated, and nothing else is there."""
    held = messages.catalogue()
    said = {message[0] if isinstance(message, tuple) else message for message, _ in messages.gather()}
    known = {message.id[0] if isinstance(message.id, tuple) else message.id for message in held if message.id}
    assert said - known == set(), "run python -m jiedui.web.messages, then translate"
    assert known - said == set(), "run python -m jiedui.web.messages"
    assert messages.untranslated(held) == []


def test_translations_keep_their_placeholders() -> None:
    """A Chinese sentence uses the placeholders of its English one, no others."""
    for message in messages.catalogue():
        if message.id:
            english = message.id[-1] if isinstance(message.id, tuple) else message.id
            chinese = message.string[0] if isinstance(message.string, tuple) else message.string
            assert set(re.findall(r"%\(\w+\)s", chinese)) == set(re.findall(r"%\(\w+\)s", english)), english


def test_update_changes_nothing_when_nothing_is_new(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Updating the catalogue twice gives the same bytes, so that a commit shows what really changed."""
    copy = tmp_path / "django.po"
    copy.write_bytes(messages.CATALOGUE.read_bytes())
    monkeypatch.setattr(messages, "CATALOGUE", copy)
    messages.update()
    assert copy.read_bytes() == messages.CATALOGUE.read_bytes()
    once = copy.read_bytes()
    messages.update()
    assert copy.read_bytes() == once


def test_a_new_sentence_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A sentence that nobody translated is named by the update."""
    monkeypatch.setattr(messages, "CATALOGUE", tmp_path / "django.po")
    monkeypatch.setattr(messages, "gather", lambda: [("Nobody translated this.", "web/x.html")])
    assert messages.update() == ["Nobody translated this."]
