"""Identity numbers at rest."""

from __future__ import annotations

import pytest

from jiedui.errors import NotVerified
from jiedui.records.privacy import cipher
from jiedui.runtime import keys, settings
from jiedui.snapshot import pseudonym

NUMBER = "000000198001010015"


def test_a_ciphertext_opens_in_its_own_cell_only():
    """What was encrypted for one row and column opens there, and nowhere else: no ciphertext can be moved."""
    stored = cipher().encrypt(NUMBER, "id_number", 1)
    assert cipher().decrypt(stored, "id_number", 1) == NUMBER
    for column, key in [("id_number", 2), ("phone", 1)]:
        with pytest.raises(NotVerified, match="does not open"):
            cipher().decrypt(stored, column, key)


def test_an_altered_ciphertext_does_not_open():
    """One flipped bit is noticed."""
    stored = bytearray(cipher().encrypt(NUMBER, "id_number", 1))
    stored[-1] ^= 1
    with pytest.raises(NotVerified):
        cipher().decrypt(bytes(stored), "id_number", 1)


def test_encryption_is_deterministic_and_hides_equal_numbers_of_two_rows():
    """The same cell gives the same ciphertext; equal texts in two rows do not look equal."""
    assert cipher().encrypt(NUMBER, "id_number", 1) == cipher().encrypt(NUMBER, "id_number", 1)
    assert cipher().encrypt(NUMBER, "id_number", 1) != cipher().encrypt(NUMBER, "id_number", 2)


def test_index_and_pseudonym_do_not_depend_on_how_it_was_typed():
    """A small x and blanks around it are the same number; index and pseudonym come from two keys."""
    number = "11010519491231002X"
    assert cipher().blind_index(f" {number.lower()} ") == cipher().blind_index(number)
    assert cipher().pseudonym(number.lower()) == cipher().pseudonym(number)
    assert not cipher().blind_index(number).hex().startswith(cipher().pseudonym(number))


def test_the_pseudonym_is_the_one_of_snapshots():
    """Records and snapshots give a person the same pseudonym under the same key."""
    key = bytes.fromhex(keys.load(settings.load()).pseudonym_key)
    assert cipher().pseudonym(NUMBER) == pseudonym(key, NUMBER)
