"""Remove what the set-up and the program made, and end what still runs from this checkout.

Standard library only, because it must also work when the virtual environment is damaged.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.dont_write_bytecode = True

from jiedui.errors import JieduiError  # noqa: E402
from jiedui.runtime import places, settings  # noqa: E402

CACHES = (".pytest_cache", ".mypy_cache", ".ruff_cache", ".import_linter_cache", ".hypothesis", "dist", "build")


def main() -> None:
    """Programs first, then the database server, then the files."""
    if sys.argv[1:]:  # whoever asks for --help must not lose a database
        sys.exit("make clean (bin/clean.py, without arguments) removes everything that set-up and program made here.")
    try:
        home = state_folder()
        end(running(f"{ROOT / '.venv'}/".encode()), signal.SIGTERM)
        if home.is_dir():
            place = places.decide(settings.load())
            end(running(str(place.data).encode(), first_of=b"postgres"), signal.SIGINT)
            end(running(f"postgres: {place.name}: ".encode()), signal.SIGQUIT)
            places.remove(settings.load())
            shutil.rmtree(home)
    except JieduiError as error:
        sys.exit(f"✗ {error}")
    for name in (".venv", "node_modules", *CACHES):
        shutil.rmtree(ROOT / name, ignore_errors=True)
    for package in ("jiedui", "tests", "bin"):
        for folder in sorted((ROOT / package).rglob("__pycache__")):
            shutil.rmtree(folder, ignore_errors=True)
        for compiled in (ROOT / package).rglob("*.mo"):
            compiled.unlink()
    print("Clean: no process and no file of this checkout's set-up is left.")


def state_folder() -> Path:
    """The folder to remove; one that was set by hand must look like ours, and hold nothing but ours."""
    home = settings.load().home
    if home == ROOT / ".jiedui" or not home.exists():
        return home
    if not (home / "keys.toml").is_file() or ROOT.is_relative_to(home) or Path.home().is_relative_to(home):
        sys.exit(f"✗ JIEDUI_HOME ({home}) does not look like a state folder of this program; remove it by hand.")
    return home


def running(words: bytes, first_of: bytes | None = None) -> list[int]:
    """Processes with these words in their command line, but for this one and those that started it."""
    mine, parent = set(), os.getpid()
    while parent > 1:
        mine.add(parent)
        parent = int(
            Path(f"/proc/{parent}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1]
        )
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) not in mine:
            with contextlib.suppress(OSError):
                line = (folder / "cmdline").read_bytes()
                if words in line and (
                    first_of is None or Path(os.fsdecode(line.split(b"\0")[0])).name == os.fsdecode(first_of)
                ):
                    found.append(int(folder.name))
    return found


def end(processes: list[int], gently: signal.Signals) -> None:
    """Ask each to end, and end it after a minute."""
    for number, seconds in ((gently, 60), (signal.SIGKILL, 5)):
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)
        deadline = time.monotonic() + seconds
        while processes and time.monotonic() < deadline:
            processes = [process for process in processes if alive(process)]
            time.sleep(0.05)


def alive(process: int) -> bool:
    """Whether it still runs; one that only waits to be collected does not."""
    try:
        return (
            Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
            != "Z"
        )
    except OSError:
        return False


if __name__ == "__main__":
    main()
