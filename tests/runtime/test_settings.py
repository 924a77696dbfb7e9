"""Settings from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiedui.errors import EnvironmentProblem
from jiedui.runtime import settings


def test_defaults_lie_in_the_checkout():
    """Without any variable, state and packages lie in the checkout and the site is for this machine only."""
    found = settings.load({})

    assert settings.checkout() is not None
    assert (settings.checkout() / ".jiedui", settings.checkout() / "node_modules") == (found.home, found.assets)
    assert (
        found.host,
        found.port,
        found.port_given,
        found.db_role,
        found.database_url,
    ) == ("127.0.0.1", 8000, False, "owner", None)


def test_without_a_checkout_state_follows_the_desktop_standard(monkeypatch):
    """An installed package keeps its state in XDG_DATA_HOME."""
    monkeypatch.setattr(settings, "checkout", lambda: None)

    assert Path("/data/jiedui") == settings.load({"XDG_DATA_HOME": "/data"}).home


@pytest.mark.parametrize("text", ["0", "65536", "-1", "８０００", "80 00", "http"])
def test_a_port_that_is_none_is_refused(text):
    """A port outside 1…65535, or not a plain number, is named in the error."""
    with pytest.raises(EnvironmentProblem, match=f"JIEDUI_PORT is '{text}'"):
        settings.load({"JIEDUI_PORT": text})


@pytest.mark.parametrize(("name", "value"), [("JIEDUI_DEBUG", "maybe"), ("JIEDUI_DB_ROLE", "root")])
def test_a_value_that_cannot_be_meant_is_refused(name, value):
    """Flags and roles accept their few values only."""
    with pytest.raises(EnvironmentProblem, match=name):
        settings.load({name: value})


def test_every_variable_is_documented():
    """The table in docs/operating.md names every variable that is read."""
    table = (settings.checkout() / "docs" / "operating.md").read_text(encoding="utf-8")

    assert [name for name in settings.VARIABLES if f"`{name}`" not in table] == []
