"""Identity numbers and phones at rest, one by one and a column at a time, under both suites."""

from __future__ import annotations

import hashlib
import secrets

import pyarrow as pa
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from hypothesis import given, settings
from hypothesis import strategies as st

from jiedui.errors import JieduiError, NotVerified
from jiedui.records.privacy import Cipher, cipher
from jiedui.records.privacy.suites import AesSiv, Sm4HmacSm3, hmac_sha256, hmac_sm3
from jiedui.runtime import keys
from jiedui.runtime import settings as runtime_settings
from jiedui.runtime.keys import DataKey, Keys
from jiedui.snapshot import pseudonym

NUMBER = "000000198001010015"
SUITES = ("aes-siv", "sm4-hmac-sm3")
BYTES = {"aes-siv": 64, "sm4-hmac-sm3": 48}


def _key(number: int, suite: str) -> DataKey:
    return DataKey(number, suite, secrets.token_hex(BYTES[suite]), secrets.token_hex(32))


def _keys(*data: DataKey, active: int) -> Keys:
    return Keys("s", "11" * 32, "22" * 32, "", "", "", data, active)


OLD, NEW = _key(1, "aes-siv"), _key(2, "sm4-hmac-sm3")
CIPHERS = {
    "aes-siv": Cipher(_keys(OLD, active=1)),
    "sm4-hmac-sm3": Cipher(_keys(NEW, active=2)),
    "both": Cipher(_keys(OLD, NEW, active=2)),
}
each = pytest.mark.parametrize("secret", CIPHERS.values(), ids=list(CIPHERS))


@each
def test_a_ciphertext_opens_in_its_own_cell_only(secret):
    """What was encrypted for one row and column opens there, and nowhere else: no ciphertext can be moved."""
    stored = secret.encrypt(NUMBER, "id_number", 1)
    assert secret.decrypt(stored, "id_number", 1) == NUMBER
    for column, key in [("id_number", 2), ("phone", 1), ("id_number", 11)]:
        with pytest.raises(NotVerified, match="does not open"):
            secret.decrypt(stored, column, key)


@each
def test_an_altered_ciphertext_does_not_open(secret):
    """One flipped bit anywhere is noticed, in the header too, and so is a missing end."""
    stored = secret.encrypt(NUMBER, "id_number", 1)
    for place in range(len(stored)):
        altered = bytearray(stored)
        altered[place] ^= 1
        with pytest.raises(NotVerified):
            secret.decrypt(bytes(altered), "id_number", 1)
    for short in (b"", stored[:3], stored[:19], stored[:-1]):
        with pytest.raises(NotVerified):
            secret.decrypt(short, "id_number", 1)


@each
def test_encryption_is_deterministic_and_hides_equal_numbers_of_two_rows(secret):
    """The same cell gives the same ciphertext; equal texts in two rows do not look equal."""
    assert secret.encrypt(NUMBER, "id_number", 1) == secret.encrypt(NUMBER, "id_number", 1)
    assert secret.encrypt(NUMBER, "id_number", 1)[3:] != secret.encrypt(NUMBER, "id_number", 2)[3:]


@each
def test_index_and_pseudonym_do_not_depend_on_how_it_was_typed(secret):
    """A small x and blanks around it are the same number; index and pseudonym come from two keys."""
    number = "11010519491231002X"
    assert secret.blind_index(f" {number.lower()} ") == secret.blind_index(number)
    assert secret.pseudonym(number.lower()) == secret.pseudonym(number)
    assert not secret.blind_index(number).hex().startswith(secret.pseudonym(number))


@each
def test_equal_texts_of_two_columns_have_two_indexes(secret):
    """The index of a phone tells nothing about an identity number; a column without an index is refused."""
    assert secret.blind_index("13800001234", "phone") != secret.blind_index("13800001234")
    assert len(secret.blind_index("13800001234", "phone")) == 32
    with pytest.raises(JieduiError, match="'name' has no blind index"):
        secret.blind_index("x", "name")


def test_the_pseudonym_is_the_one_of_snapshots():
    """Records and snapshots give a person the same pseudonym under the same key, whatever the suite."""
    key = bytes.fromhex(keys.load(runtime_settings.load()).pseudonym_key)
    assert cipher().pseudonym(NUMBER) == pseudonym(key, NUMBER)
    assert len({secret.pseudonym(NUMBER) for secret in CIPHERS.values()}) == 1


def test_both_keys_open_and_find_and_one_writes():
    """What either living key wrote opens; a search asks for both indexes; new ciphertexts carry the new key."""
    both = CIPHERS["both"]
    for name in SUITES:
        assert both.decrypt(CIPHERS[name].encrypt(NUMBER, "id_number", 5), "id_number", 5) == NUMBER
    assert both.blind_indexes(NUMBER) == [CIPHERS[name].blind_index(NUMBER) for name in reversed(SUITES)]
    assert both.encrypt(NUMBER, "id_number", 5)[:3] == b"\x54\x00\x02" == both.header
    assert both.headers == {1: b"\xa5\x00\x01", 2: b"\x54\x00\x02"}


def test_a_ciphertext_from_before_there_were_headers_opens():
    """What AES-SIV wrote without a header opens under key 1, one by one and in a column, and its index is the same."""
    plain = AESSIV(bytes.fromhex(OLD.encryption_key)).encrypt(NUMBER.encode(), [b"id_number", b"5"])
    for name in ("aes-siv", "both"):
        assert CIPHERS[name].decrypt(plain, "id_number", 5) == NUMBER
        assert CIPHERS[name].decrypt_many(pa.array([plain, None]), "id_number", [5, 6]).to_pylist() == [NUMBER, None]
    assert CIPHERS["aes-siv"].blind_index(NUMBER) == hmac_sha256(bytes.fromhex(OLD.index_key))(NUMBER.encode())


texts = st.lists(st.none() | st.text(max_size=70), max_size=8)


@settings(max_examples=60)
@given(texts=texts, name=st.sampled_from(sorted(CIPHERS)), first=st.integers(-5, 2**63 - 9))
def test_a_column_is_as_its_cells_are(texts, name, first):
    """Every `…_many` gives what the single call gives, cell by cell; null stays null; all of it opens again."""
    secret, column = CIPHERS[name], pa.array(texts, pa.string())
    rows = list(range(first, first + len(texts)))

    def each_one(verb):
        return [None if text is None else verb(text, row) for text, row in zip(texts, rows, strict=True)]

    sealed = secret.encrypt_many(column, "phone", pa.array(rows, pa.int64()))
    assert sealed.to_pylist() == each_one(lambda text, row: secret.encrypt(text, "phone", row))
    assert (sealed.type, secret.pseudonym_many(column).type) == (pa.binary(), pa.string())
    assert secret.pseudonym_many(column).to_pylist() == each_one(lambda text, row: secret.pseudonym(text))
    for of in ("id_number", "phone"):
        assert secret.blind_index_many(column, of).to_pylist() == each_one(
            lambda text, row, of=of: secret.blind_index(text, of)
        )
        assert len(secret.blind_indexes_many(column, of)) == len(secret.headers)
    assert secret.decrypt_many(pa.chunked_array([sealed]), "phone", rows).to_pylist() == texts


def test_a_column_needs_a_key_for_each_row_and_names_what_does_not_open():
    """Too few keys and a row without one are refused; the first row that does not open is named."""
    secret = CIPHERS["both"]
    for rows in ([1], pa.array([1, None], pa.int64())):
        with pytest.raises(JieduiError, match="2 texts have 1 keys"):
            secret.encrypt_many(pa.array(["a", "b"]), "phone", rows)
    sealed = secret.encrypt_many(pa.array(["a", "b"]), "phone", [7, 8])
    with pytest.raises(NotVerified, match="phone of row 9 does not open"):
        secret.decrypt_many(sealed, "phone", [7, 9])


def test_vectors_of_the_standards():
    """RFC 5297 A.1 through the library's AES-SIV, RFC 4231 for HMAC-SHA-256, GB/T 32905 A.1 and A.2, GB/T 32907 A.1."""
    siv = AESSIV(bytes.fromhex("fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"))
    associated = bytes.fromhex("101112131415161718191a1b1c1d1e1f2021222324252627")
    sealed = siv.encrypt(bytes.fromhex("112233445566778899aabbccddee"), [associated])
    assert sealed.hex() == "85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c"
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert hmac_sha256(b"Jefe")(b"what do ya want for nothing?").hex() == expected
    assert _sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert _sm3(b"abcd" * 16) == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    block = BlockCipher(algorithms.SM4(key), modes.ECB()).encryptor().update(key)
    assert block.hex() == "681edf34d206965e86b3e94f536e4246"


def _sm3(text: bytes) -> str:
    digest = hashes.Hash(hashes.SM3())
    digest.update(text)
    return digest.finalize().hex()


@given(key=st.binary(min_size=1, max_size=150), text=st.binary(max_size=200))
def test_hmac_is_the_definition(key, text):
    """Both digests are HMAC as RFC 2104 writes it: also with a key longer than a block."""
    for digest, hashed in (
        (hmac_sha256, lambda t: hashlib.sha256(t).digest()),
        (hmac_sm3, lambda t: bytes.fromhex(_sm3(t))),
    ):
        padded = (hashed(key) if len(key) > 64 else key).ljust(64, b"\0")
        inner = hashed(bytes(b ^ 0x36 for b in padded) + text)
        assert digest(key)(text) == hashed(bytes(b ^ 0x5C for b in padded) + inner)


@settings(max_examples=60)
@given(
    texts=st.lists(st.binary(max_size=70), max_size=12),
    first=st.integers(-20, 2**63 - 200),
    column=st.binary(max_size=40),
    key=st.binary(min_size=64, max_size=64),
)
def test_aes_siv_is_the_librarys(texts, first, column, key):
    """A column of cells, by few calls for all, is what the library's AES-SIV gives one by one: also a part of an array,
    texts of other lengths than a block, and one that is too long for the column's way.
    """
    rows = pa.array([b"%d" % (first + i) for i in range(len(texts))], pa.binary())
    stored = pa.array(texts, pa.binary())
    siv = AESSIV(key)
    expected = [b"abc" + siv.encrypt(text, [column, b"%d" % (first + i)]) for i, text in enumerate(texts)]
    assert AesSiv(key).seal_column(b"abc", column, rows, stored).to_pylist() == expected
    assert AesSiv(key).seal_column(b"abc", column, rows[1:], stored[1:]).to_pylist() == expected[1:]
    longer = pa.array([*texts, b"x" * 300], pa.binary())
    rows = pa.concat_arrays([rows, pa.array([b"7"], pa.binary())])
    assert AesSiv(key).seal_column(b"abc", column, rows, longer).to_pylist()[:-1] == expected


@given(text=st.binary(max_size=100), row=st.integers(1, 10**9), key=st.binary(min_size=48, max_size=48))
def test_sm4_under_the_synthetic_vector_is_counter_mode(text, row, key):
    """The suite's ciphertext is what the library's SM4-CTR gives from the tag, and the tag is the HMAC of the cell."""
    name = b"%d" % row
    sealed = Sm4HmacSm3(key).seal(b"c", [(b"0", b"other length"), (name, text)])[1]
    counter = int.from_bytes(sealed[:16], "big") & ~(1 << 63) & ~(1 << 31)
    plain = BlockCipher(algorithms.SM4(key[32:]), modes.CTR(counter.to_bytes(16, "big"))).encryptor().update(text)
    assert sealed[16:] == plain
    cell = b"\0\0\0\x01c" + len(name).to_bytes(4, "big") + name + text
    assert sealed[:16] == hmac_sm3(key[:32])(cell)[:16]
