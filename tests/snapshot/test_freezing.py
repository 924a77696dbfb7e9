import hashlib
import hmac

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from jiedui.errors import JieduiError
from jiedui.snapshot.freezing import freeze_tables, pseudonym
from jiedui.snapshot.schema import TABLES
from jiedui.snapshot.schema.arrow import arrow_schema


def test_a_pseudonym_is_the_keyed_hash_of_the_number() -> None:
    """HMAC-SHA-256 of the identity number, the first 32 hexadecimal digits."""
    expected = hmac.new(b"key", b"001234199001010010", hashlib.sha256).hexdigest()[:32]
    assert pseudonym(b"key", "001234199001010010") == expected
    assert pseudonym(b"other", "001234199001010010") != expected


def test_no_private_column_freezes(full: dict[str, pa.Table]) -> None:
    """Frozen tables have the frozen schema, the same rows, and no private text anywhere."""
    frozen = freeze_tables(full, b"key")
    for name, table in TABLES.items():
        assert frozen[name].schema == arrow_schema(table, frozen=True)
        assert frozen[name].num_rows == full[name].num_rows
    secret = {text for c in ("name", "id_number", "phone") for text in full["person"][c].to_pylist() if text}
    texts = {
        text
        for table in frozen.values()
        for field in table.schema
        if field.type == pa.string()
        for text in pc.unique(table[field.name]).to_pylist()
    }
    assert not secret & texts


def test_references_to_persons_follow(full: dict[str, pa.Table]) -> None:
    """Who was person 7 in the full tables is the same pseudonym in all frozen ones."""
    frozen = freeze_tables(full, b"key")
    of = dict(zip(full["person"]["person_id"].to_pylist(), frozen["person"]["person_id"].to_pylist(), strict=True))
    assert len(set(of.values())) == len(of)
    for name in ("worker", "placement", "schooling", "settlement"):
        assert frozen[name]["person_id"].to_pylist() == [of[key] for key in full[name]["person_id"].to_pylist()]


def test_two_persons_with_one_number_are_refused(full: dict[str, pa.Table]) -> None:
    """A number that stands twice would make two persons one; that is an error, not a merger."""
    people = full["person"]
    numbers = people["id_number"].to_pylist()
    numbers[5] = numbers[9]
    twice = people.set_column(
        people.column_names.index("id_number"), people.schema.field("id_number"), pa.array(numbers)
    )
    with pytest.raises(JieduiError, match="same identity number"):
        freeze_tables(full | {"person": twice}, b"key")


def test_a_reference_to_nobody_is_refused(full: dict[str, pa.Table]) -> None:
    """A worker whose person is not there has no pseudonym; the error names table and column."""
    with pytest.raises(JieduiError, match=r"worker\.person_id"):
        freeze_tables({"person": full["person"].slice(0, 3), "worker": full["worker"]}, b"key")


def test_an_empty_key_is_refused(full: dict[str, pa.Table]) -> None:
    """Without a key, anybody could compute the pseudonyms."""
    with pytest.raises(JieduiError, match="key is empty"):
        freeze_tables(full, b"")
