"""`make clean` leaves nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from jiedui.runtime import settings

ROOT = Path(__file__).resolve().parents[2]
MADE = shutil.ignore_patterns("__pycache__", "*.mo")
START = """
from jiedui.runtime import cluster, leases, places, postgres, settings
found = settings.load()
postgres.ensure_running(found)
leases.keep(found.home, True)
place = places.decide(found)
print(cluster.postmaster(place).pid, place.folder, place.socket_folder, sep="\\n")
"""


@pytest.fixture(params=["usual", "closed", "long"])
def checkout(request):
    """A copy of the program where a clone may lie: open to all, below a closed folder, and under a long path."""
    top = Path(tempfile.mkdtemp(prefix="jd-"))
    top.chmod(0o700 if request.param == "closed" else 0o755)
    folder = top / ("n" * 120 if request.param == "long" else "clone")
    folder.mkdir()
    for name in ("bin", "jiedui"):
        shutil.copytree(ROOT / name, folder / name, ignore=MADE)
    shutil.copy(ROOT / "pyproject.toml", folder)
    yield folder
    shutil.rmtree(top)


def clean(checkout: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run it as `make clean` does."""
    command = [sys.executable, "-I", checkout / "bin" / "clean.py"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_no_process_and_no_file_is_left(checkout):
    """Server, state, folders elsewhere, packages, caches, and a program that still runs from the checkout are gone."""
    environment = {key: value for key, value in os.environ.items() if key not in settings.VARIABLES}
    before = sorted(path for path in checkout.rglob("*") if "__pycache__" not in path.parts)
    said = subprocess.run(
        [sys.executable, "-c", START], env=environment, cwd=checkout, capture_output=True, text=True, check=True
    )
    server, *outside = said.stdout.splitlines()
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "sleep").symlink_to(shutil.which("sleep"))
    program = subprocess.Popen([checkout / ".venv" / "bin" / "sleep", "600"])
    (checkout / "node_modules").mkdir()
    time.sleep(0.1)

    said = clean(checkout, environment)

    assert (said.returncode, said.stderr) == (0, "")
    assert program.wait(5) == -15
    assert not Path(f"/proc/{server}/cwd").exists()
    assert [folder for folder in outside if Path(folder).exists()] == []
    assert sorted(checkout.rglob("*")) == before
    assert clean(checkout, environment).returncode == 0


def test_a_folder_that_is_not_ours_is_kept(tmp_path):
    """JIEDUI_HOME that points at somebody's own folder is refused, and nothing in it is touched."""
    (tmp_path / "letter.txt").write_text("mine")
    checkout = tmp_path / "clone"
    for name in ("bin", "jiedui"):
        shutil.copytree(ROOT / name, checkout / name, ignore=MADE)

    said = clean(checkout, {**os.environ, "JIEDUI_HOME": str(tmp_path)})

    assert said.returncode == 1
    assert "does not look like a state folder" in said.stderr
    assert (tmp_path / "letter.txt").read_text() == "mine"


def test_clean_refuses_arguments(checkout):
    """Whoever asks `bin/clean.py --help` loses nothing."""
    kept = checkout / ".jiedui" / "keys.toml"
    kept.parent.mkdir()
    kept.write_text("", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "bin/clean.py", "--help"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "without arguments" in done.stderr
    assert kept.exists()
