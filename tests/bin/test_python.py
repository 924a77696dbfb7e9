"""Which Python sets the checkout up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(__file__).resolve().parents[2] / "bin"
GOOD = f'#!/bin/sh\nexec {sys.executable} "$@"\n'
SHIM = "#!/bin/sh\necho 'command not found' >&2\nexit 127\n"
OLD = "#!/bin/sh\nexit 1\n"
WITHOUT_VENV = '#!/bin/sh\ncase "$*" in *ensurepip*) exit 1;; *) exit 0;; esac\n'


@pytest.fixture
def run(tmp_path):
    """Run `bin/python` where PATH has these programs only (and what a shell needs)."""

    def run_with(**programs: str) -> subprocess.CompletedProcess[str]:
        for name, text in programs.items():
            file = tmp_path / name.replace("_", ".")
            file.write_text(text)
            file.chmod(0o755)
        command = ["/bin/sh", BIN / "python", "-c", "import sys; print(sys.argv[1])", "done"]
        return subprocess.run(command, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)

    return run_with


@pytest.mark.parametrize("name", ["python3_13", "python3_12", "python3_11", "python3"])
def test_the_first_that_works_is_taken(run, name):
    """A shim that only names a Python is passed over for one that runs."""
    others = dict.fromkeys(("python3_13", "python3_12", "python3_11", "python3"), SHIM)

    said = run(**{**others, name: GOOD})

    assert (said.returncode, said.stdout) == (0, "done\n")


def test_no_python_at_all(run):
    """Without any Python that is recent enough, one sentence says so, with the package to install."""
    said = run(python3=OLD)

    assert said.returncode == 4
    assert said.stderr == ("✗ Python 3.11 or newer is not on PATH (Debian: apt-get install python3 python3-venv).\n")


def test_a_python_without_venv(run):
    """Debian ships Python and its venv module apart: the missing package is named."""
    said = run(python3_11=WITHOUT_VENV, python3=OLD)

    assert said.returncode == 4
    assert "apt-get install python3.11-venv" in said.stderr
