"""The secrets of an installation."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace

import pytest

from jiedui.errors import EnvironmentProblem, JieduiError
from jiedui.runtime import keys, settings


@pytest.fixture
def home(tmp_path):
    """A state folder that does not exist yet."""
    return replace(settings.load({}), home=tmp_path / "deep" / "home")


def _texts(found: keys.Keys) -> list[str]:
    """Every secret."""
    plain = [value for value in asdict(found).values() if isinstance(value, str)]
    return plain + [text for key in found.data for text in (key.encryption_key, key.index_key)]


def test_generated_once_for_the_owner_alone(home):
    """The first reading generates, the next ones find the same; only the owner may read the file."""
    first = keys.load(home)

    assert keys.load(home) == first
    assert stat.S_IMODE((home.home / keys.FILE).stat().st_mode) == 0o600
    assert [path.name for path in home.home.iterdir()] == [keys.FILE]


@pytest.mark.parametrize(("suite", "length"), [("aes-siv", 64), ("sm4-hmac-sm3", 48)])
def test_all_secrets_differ(home, suite, length):
    """No secret serves two purposes, no two installations share one, and a key has the length of its suite."""
    home = replace(home, cipher_suite=suite)
    found = keys.load(home)
    values = [*_texts(found), *_texts(keys.load(replace(home, home=home.home / "2")))]

    assert len(set(values)) == len(values)
    assert min(map(len, values)) >= 43
    assert [len(bytes.fromhex(text)) for text in (found.pseudonym_key, found.anchor_key)] == [32, 32]
    assert [(key.id, key.suite, len(bytes.fromhex(key.encryption_key))) for key in found.data] == [(1, suite, length)]


def test_many_at_once_agree(home):
    """Of several processes that begin at once, all use the same keys."""
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(keys.load, [home] * 64))

    assert len({key.data[0].encryption_key for key in found}) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no encryption_key"),
        ("django_secret = ", "is damaged"),
        ("结", "is damaged"),
        (f'encryption_key = "{"ab" * 64}"\nindex_key = "{"ab" * 31}"', "index_key of data key 1 is not 32 bytes"),
        (f'encryption_key = "{"ab" * 64}"\nindex_key = "{"ab" * 32}"', "has no django_secret"),
        (
            '[data.0]\nsuite = "aes-siv"\nencryption_key = ""\nindex_key = ""',
            "data key 0 has an unknown suite or number",
        ),
    ],
)
def test_a_damaged_file(home, text, said):
    """A damaged file is said to be damaged, and is not replaced."""
    home.home.mkdir(parents=True)
    (home.home / keys.FILE).write_text(text)

    with pytest.raises(EnvironmentProblem, match=said):
        keys.load(home)

    assert (home.home / keys.FILE).read_text() == text


def test_never_shown(home):
    """The keys do not appear where an object is printed, nor those of the environment in the settings."""
    found = keys.load(home)
    given = replace(home, key_values={"pseudonym": found.pseudonym_key})

    assert not any(value in f"{found!r}{found}{found.data}{given!r}" for value in _texts(found))


def test_a_file_from_before_keys_had_numbers(home):
    """Its one pair is key 1 with AES-SIV; the key of the anchors follows from it and stays after a rotation."""
    new = keys.load(home)
    names = ("django_secret", "pseudonym_key", "owner_password", "web_password", "admin_password")
    lines = [f'{name} = "{getattr(new, name)}"' for name in names]
    lines += [f'{name} = "{getattr(new.data[0], name)}"' for name in ("encryption_key", "index_key")]
    (home.home / keys.FILE).write_text("\n".join(lines))
    found = keys.load(home)

    assert (found.data, found.active) == (new.data, 1)
    assert found.anchor_key not in (new.anchor_key, new.data[0].encryption_key)
    assert keys.add(home, "aes-siv").anchor_key == found.anchor_key == keys.load(home).anchor_key


def test_a_key_is_added_and_dropped(home):
    """The new key encrypts, the old one stays until it is dropped, the rest of the file stays."""
    first = keys.load(home)
    stamp = keys.stamp(home)
    added = keys.add(home, "sm4-hmac-sm3")

    assert keys.load(home) == added == replace(first, data=(*first.data, added.data[1]), active=2)
    assert keys.stamp(home) != stamp
    with pytest.raises(JieduiError, match="2 is the one that encrypts"):
        keys.drop(home, 2)
    with pytest.raises(JieduiError, match="no data key 3"):
        keys.drop(home, 3)
    with pytest.raises(JieduiError, match="no cipher suite 'rot13'"):
        keys.add(home, "rot13")
    assert keys.drop(home, 1) == keys.load(home) == replace(added, data=added.data[1:])
    assert keys.add(home, "aes-siv").active == 3
    assert [path.name for path in home.home.iterdir()] == [keys.FILE]


def _environment(found: keys.Keys) -> dict[str, str]:
    data = ",".join(f"{key.id}:{key.suite}:{key.encryption_key}:{key.index_key}" for key in found.data)
    return {
        "JIEDUI_KEY_DJANGO_SECRET": found.django_secret,
        "JIEDUI_KEY_PSEUDONYM": found.pseudonym_key,
        "JIEDUI_KEY_ANCHOR": found.anchor_key,
        "JIEDUI_KEY_DATA": data,
    }


def test_keys_from_the_environment_need_no_file(home, tmp_path):
    """With a database of one's own, the four keys are enough; they cannot be changed here; a wrong one is named."""
    found = keys.add(home, "sm4-hmac-sm3")
    given = {**_environment(found), "JIEDUI_HOME": str(tmp_path / "none"), "DATABASE_URL": "postgresql://db/x"}
    there = settings.load(given)

    assert keys.load(there) == replace(found, owner_password="", web_password="", admin_password="")
    assert not there.home.exists()
    assert keys.load(settings.load({**given, "JIEDUI_KEY_ACTIVE": "1"})).active == 1
    with pytest.raises(JieduiError, match="come from the environment"):
        keys.add(there, "aes-siv")
    for name, value in {"DATA": "x", "ACTIVE": "9"}.items():
        with pytest.raises(EnvironmentProblem):
            keys.load(settings.load({**given, f"JIEDUI_KEY_{name}": value}))


def test_one_key_from_the_environment_stands_over_the_file(home, tmp_path):
    """JIEDUI_KEYS_FILE names the file, a variable stands over what is in it."""
    file = tmp_path / "secrets" / "jiedui.toml"
    there = settings.load({"JIEDUI_HOME": str(home.home), "JIEDUI_KEYS_FILE": str(file)})
    first = keys.load(there)

    assert file.is_file()
    assert not home.home.exists()
    assert keys.load(replace(there, key_values={"web_password": "w"})) == replace(first, web_password="w")
