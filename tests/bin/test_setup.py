"""The set-up of a checkout, as far as it goes without the network."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

FILE = Path(__file__).resolve().parents[2] / "bin" / "setup.py"


@pytest.fixture
def setup(tmp_path, monkeypatch):
    """The script as a module, on a checkout in which nothing is set up and no program can be run."""
    spec = importlib.util.spec_from_file_location("setup_script", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    venv = tmp_path / ".venv"
    for name, value in {
        "ROOT": tmp_path,
        "VENV": venv,
        "STAMP": venv / "jiedui-setup.json",
        "NODE_MODULES": tmp_path / "node_modules",
        "NODE_STAMP": tmp_path / "node_modules" / ".jiedui-setup",
        "SPACE": 0,
    }.items():
        monkeypatch.setattr(module, name, value)
    (tmp_path / "requirements").mkdir()
    for lock in ("app", "dev"):
        (tmp_path / "requirements" / f"{lock}.lock").write_text("one==1 \\\n    --hash=sha256:00\ntwo==2\n")
    module.ran = []

    def run(command, environment, tool, total=0):
        module.ran.append((tool, Path(command[-1]).name))

    def create(folder, **options):
        (folder / "bin").mkdir(parents=True)
        said = f"#!/bin/sh\necho {sys.version.split()[0]} {folder}\n"
        (folder / "bin" / "python").write_text(said)
        (folder / "bin" / "python").chmod(0o755)

    monkeypatch.setattr(module, "run", run)
    monkeypatch.setattr(module.venv, "create", create)
    return module


def test_a_second_run_does_nothing(setup):
    """What is there and unchanged is left alone."""
    setup.python_packages("app")
    setup.python_packages("app")

    assert setup.ran == [("pip", "app.lock")]


def test_the_tests_packages_come_on_top(setup):
    """After the product's packages the tests' are added; going back to the product needs nothing."""
    for wanted in ("app", "dev", "app", "dev"):
        setup.python_packages(wanted)

    assert setup.ran == [("pip", "app.lock"), ("pip", "dev.lock")]


@pytest.mark.parametrize("damage", ["stamp", "python", "lock", "moved"])
def test_whatever_is_incomplete_or_changed_is_made_again(setup, damage):
    """A killed set-up, a Python that is gone, a changed lock, a moved checkout: the environment is made anew."""
    setup.python_packages("app")
    (setup.VENV / "leftover").touch()
    if damage == "stamp":
        setup.STAMP.unlink()
    elif damage == "python":
        (setup.VENV / "bin" / "python").write_text("#!/bin/sh\nexit 127\n")
    elif damage == "lock":
        (setup.ROOT / "requirements" / "app.lock").write_text("one==2\n")
    else:
        setup.write_stamp({**setup.read_stamp(), "checkout": "/before"})

    setup.python_packages("app")

    assert setup.ran == [("pip", "app.lock")] * 2
    assert not (setup.VENV / "leftover").exists()


def test_killed_while_the_tests_packages_are_added(setup, monkeypatch):
    """A kill in the midst of adding packages leaves no stamp, so that the next run begins anew."""
    setup.python_packages("app")
    monkeypatch.setattr(setup, "install", lambda kind: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        setup.python_packages("dev")

    assert setup.read_stamp() == {}


def test_too_little_space(setup, monkeypatch, capsys):
    """A disk without room for the packages is said before the download begins."""
    monkeypatch.setattr(setup, "SPACE", 2**60)

    with pytest.raises(SystemExit) as ended:
        setup.python_packages("app")

    assert ended.value.code == 4
    assert capsys.readouterr().err.startswith("✗ The disk is full")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        (
            "NewConnectionError: Temporary failure in name resolution\nERROR: No matching distribution found",
            "no network",
        ),
        ("npm error code EAI_AGAIN", "no network"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "not the one that was locked"),
        ("ERROR: No matching distribution found for numba==1", "does not exist for this Python"),
    ],
)
def test_what_commonly_goes_wrong(setup, said, sentence):
    """The words of pip and npm become one sentence."""
    assert sentence in setup.plain(said)


def test_anything_else_is_not_guessed(setup):
    """Unknown words are left as they are."""
    assert setup.plain("Segmentation fault") is None


def test_one_at_a_time(setup):
    """A second set-up of the same checkout waits until the first has ended."""
    order = []

    def second() -> None:
        with setup.one_at_a_time():
            order.append("second")

    with setup.one_at_a_time():
        waiting = threading.Thread(target=second)
        waiting.start()
        time.sleep(0.2)
        order.append("first")
    waiting.join()

    assert order == ["first", "second"]


def test_locks_hold_hashes_and_no_addresses():
    """Every locked package has a hash; neither Python's nor npm's lock names where to download from."""
    root = FILE.parents[1]
    for lock in (root / "requirements").glob("*.lock"):
        text = lock.read_text()
        assert text.count("==") <= text.count("--hash=sha256:")
        assert "://" not in text
    packages = json.loads((root / "package-lock.json").read_text())["packages"]
    assert all("resolved" not in package for package in packages.values())
    assert all("integrity" in package for name, package in packages.items() if name)


def test_help_lists_every_target():
    """`make` alone says what there is to make."""
    said = subprocess.run(["make"], cwd=FILE.parents[1], capture_output=True, text=True, check=True).stdout

    assert [word for word in ("demo", "serve", "test", "clean", "lock", "lint") if f"make {word}" not in said] == []
