"""A new key while the old one lives: nobody is lost on the way."""

from __future__ import annotations

import pytest

from jiedui.errors import JieduiError
from jiedui.records import loading
from jiedui.records.actions import keys as actions
from jiedui.records.models import Change, Person
from jiedui.records.privacy import cipher
from jiedui.runtime import keys, settings
from tests.records.small_country import country, id_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_keys(tmp_path, monkeypatch):
    """Keys of this test alone, so that no other test loses its own."""
    monkeypatch.setenv("JIEDUI_CIPHER_SUITE", "aes-siv")
    found = keys.load(settings.load({"JIEDUI_HOME": str(tmp_path / "home")}))
    monkeypatch.setenv("JIEDUI_KEYS_FILE", str(tmp_path / "home" / "keys.toml"))
    loading.load_tables(country())
    Person.objects.filter(pk=3).update(phone=None, phone_index=None)
    return found


def _found() -> list[int]:
    """Everybody, each searched by identity number as a search does; and their phones as they open."""
    secret = cipher()
    people = [Person.objects.get(id_number_index__in=secret.blind_indexes(id_number(i + 1))) for i in range(12)]
    for i, person in enumerate(people):
        assert secret.decrypt(person.id_number, "id_number", person.pk) == id_number(i + 1)
    return [person.pk for person in people]


def test_everybody_is_found_at_every_moment(own_keys):
    """Before, after each batch, and at the end; a rotation that stops half-way goes on with the same key."""
    before = _found()
    phones = {p.pk: p.phone and cipher().decrypt(p.phone, "phone", p.pk) for p in Person.objects.all()}

    class KilledError(Exception):
        """Stands for kill -9 after the first batch."""

    def stop(done, total):
        assert (done, total) == (5, 12)
        raise KilledError

    with pytest.raises(KilledError):
        actions.rotate("sm4-hmac-sm3", batch=5, progress=stop)
    assert _found() == before
    assert [(use.id, use.active, use.id_numbers) for use in actions.status()] == [(1, False, 7), (2, True, 5)]
    with pytest.raises(JieduiError, match="7 values of id_number are encrypted under key 1"):
        actions.retire(1)
    with pytest.raises(JieduiError, match=r"rotation to key 2 \(sm4-hmac-sm3\) is not finished"):
        actions.rotate("aes-siv")
    assert actions.rotate(batch=5) == actions.Rotated(2, 7)
    assert _found() == before
    assert {p.pk: p.phone and cipher().decrypt(p.phone, "phone", p.pk) for p in Person.objects.all()} == phones
    assert (phones[3], len(phones)) == (None, 12)
    actions.retire(1)
    assert [key.id for key in keys.load(settings.load()).data] == [2]
    assert _found() == before


def test_pseudonyms_stay_and_the_journal_tells(own_keys):
    """The pseudonym of everybody is the one of before; each row of before is in the journal, with the key as reason."""
    before = list(Person.objects.order_by("pk").values_list("pseudonym", flat=True))
    actions.rotate()
    assert list(Person.objects.order_by("pk").values_list("pseudonym", flat=True)) == before
    told = Change.objects.filter(table="person", reason="data key 2")
    assert told.count() == 12
    indexes = {bytes(person.phone_index) for person in Person.objects.exclude(phone=None)}
    assert indexes <= {cipher().blind_index(cipher().decrypt(p.phone, "phone", p.pk), "phone")
                       for p in Person.objects.exclude(phone=None)}  # fmt: skip


def test_rows_under_a_key_that_is_gone_are_said_to_be(own_keys):
    """Rows whose key is not among the keys are not counted for another, and nothing is rotated."""
    keys.add(settings.load(), "aes-siv")
    keys.drop(settings.load(), 1)
    with pytest.raises(JieduiError, match="encrypted under key 1, which is not among the keys"):
        actions.status()
    assert Person.objects.count() == 12
