"""The documents say what is there."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "jiedui").rglob("*.md")])
ROOMS = sorted(
    path.name for path in (ROOT / "jiedui").iterdir() if (path / "__init__.py").is_file() and path.name != "__pycache__"
)
DRAWERS = {"utils", "util", "core", "helpers", "helper", "common", "manager", "managers", "service", "services", "misc"}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every link and picture that lies in the project exists."""
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_readmes_name_the_two_commands_and_the_picture(readme: str) -> None:
    """Both languages begin with the same two commands and show the running site."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    for expected in ("make demo", "make test", "make serve", "docs/images/home.png"):
        assert expected in text


def test_architecture_has_a_line_for_each_room() -> None:
    """The table of rooms is the list of packages."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `(\w+)/` \|", text, re.MULTILINE)) == ROOMS


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_says_what_it_owns_and_refuses(room: str) -> None:
    """The docstring of a room can be read without the others."""
    module = ast.parse((ROOT / "jiedui" / room / "__init__.py").read_text(encoding="utf-8"))
    docstring = ast.get_docstring(module) or ""
    assert "Owns" in docstring
    assert "Refuses" in docstring


def test_no_drawer_for_anything() -> None:
    """No module or folder is called by a name that could hold anything."""
    names = {part.removesuffix(".py") for path in (ROOT / "jiedui").rglob("*.py") for part in path.parts}
    assert not names & DRAWERS


def test_each_room_has_a_contract() -> None:
    """import-linter holds every room to what the architecture allows it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    held = {
        module for contract in project["tool"]["importlinter"]["contracts"] for module in contract["source_modules"]
    }
    assert {f"jiedui.{room}" for room in ROOMS} <= held


def test_locks_carry_hashes_and_no_addresses() -> None:
    """What is installed is pinned by content; where it comes from is the user's own setting."""
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        assert text.count("--hash=sha256:") >= len(re.findall(r"^[a-z0-9].*==", text, re.MULTILINE))
    packages = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in packages
    assert packages.count('"integrity"') == packages.count('"node_modules/')
