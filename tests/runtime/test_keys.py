"""The secrets of an installation."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace

import pytest

from jiedui.errors import EnvironmentProblem
from jiedui.runtime import keys, settings


@pytest.fixture
def home(tmp_path):
    """A state folder that does not exist yet."""
    return replace(settings.load({}), home=tmp_path / "deep" / "home")


def test_generated_once_for_the_owner_alone(home):
    """The first reading generates, the next ones find the same; only the owner may read the file."""
    first = keys.load(home)

    assert keys.load(home) == first
    assert stat.S_IMODE((home.home / keys.FILE).stat().st_mode) == 0o600
    assert [path.name for path in home.home.iterdir()] == [keys.FILE]


def test_all_secrets_differ(home):
    """No secret serves two purposes, and no two installations share one."""
    values = [*asdict(keys.load(home)).values(), *asdict(keys.load(replace(home, home=home.home / "2"))).values()]

    assert len(set(values)) == len(values)
    assert min(map(len, values)) >= 43
    assert [len(bytes.fromhex(values[i])) for i in (1, 2, 3)] == [32, 64, 32]


def test_many_at_once_agree(home):
    """Of several processes that begin at once, all use the same keys."""
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(keys.load, [home] * 64))

    assert len({key.encryption_key for key in found}) == 1


@pytest.mark.parametrize(
    ("text", "said"), [("", "has no django_secret"), ("django_secret = ", "is damaged"), ("结", "is damaged")]
)
def test_a_damaged_file(home, text, said):
    """A damaged file is said to be damaged, and is not replaced."""
    home.home.mkdir(parents=True)
    (home.home / keys.FILE).write_text(text)

    with pytest.raises(EnvironmentProblem, match=said):
        keys.load(home)

    assert (home.home / keys.FILE).read_text() == text


def test_never_shown(home):
    """The keys do not appear where an object is printed."""
    found = keys.load(home)

    assert not any(value in f"{found!r}{found}" for value in asdict(found).values())
