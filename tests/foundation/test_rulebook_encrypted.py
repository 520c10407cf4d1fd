"""Encrypted fields and their keys: a phone number stands nowhere in plain, and survives every change of keys."""

import datetime as dt
import io
import json
import logging
import stat
import threading
from contextlib import suppress

import openpyxl
import pytest
from django.core.exceptions import FieldError, ValidationError
from django.core.management import call_command
from django.db import connection, connections

from foundation.audit.models import Entry
from foundation.exchange.imports import import_file
from foundation.people.actions import command_account
from foundation.people.models import Cadre
from foundation.people.roster import ROSTER as ROSTER_LIST
from foundation.rulebook import keyring, rotation
from foundation.rulebook.encrypted import EncryptedTextField, Sealed
from foundation.rulebook.keyring import CannotDecrypt, Key
from tests.factories.people import CadreFactory, office

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=2)
PHONE = "13900001234"


@pytest.fixture(autouse=True)
def _own_ring(settings, tmp_path):
    settings.DATA = tmp_path


@pytest.fixture
def people(db):
    bureau = office()
    return [CadreFactory(unit=bureau, phone=phone) for phone in (PHONE, "", "021-55550000", PHONE)]


def stored():
    """The column as the database holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM people_cadre ORDER BY id")
        return [token for (token,) in cursor.fetchall()]


def key_ids():
    return [token.partition(".")[0] for token in stored() if token]


def phones():
    return [cadre.phone for cadre in Cadre.objects.order_by("pk")]


def rotate(now=NOW, *, is_stopped=False):
    return rotation.rotate(now=now, is_stopped=is_stopped, actor=None)


def test_the_ring_is_made_once_and_for_its_owners_eyes(tmp_path):
    first = keyring.ring()
    assert keyring.ring() == first and len(first) == 1
    path = tmp_path / "secrets" / "fields"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert first[0].secret not in repr(first)


def test_many_who_come_first_find_one_ring():
    found = []
    threads = [threading.Thread(target=lambda: found.append(keyring.ring())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(found)) == 1


def test_a_phone_is_stored_encrypted_each_time_differently_and_empty_stays_empty(people):
    tokens = stored()
    assert tokens[1] == ""
    assert not any(PHONE in token for token in tokens)
    assert tokens[0] != tokens[3]
    assert phones() == [PHONE, "", "021-55550000", PHONE]


def test_a_row_is_opened_only_where_it_is_read(people, tmp_path):
    (tmp_path / "secrets" / "fields").unlink()  # the keys are lost
    cadre = Cadre.objects.get(pk=people[0].pk)
    cadre.name = "改名"
    cadre.save(update_fields=["name"])
    with pytest.raises(CannotDecrypt, match="restore the key file"):
        _ = cadre.phone
    with pytest.raises(CannotDecrypt):
        cadre.save()


def test_values_are_sealed_and_show_nothing(people):
    sealed = Cadre.objects.order_by("pk").values_list("phone", flat=True)[0]
    assert isinstance(sealed, Sealed)
    assert str(sealed) == repr(sealed) == "[encrypted]"
    assert sealed.open() == PHONE


def test_a_token_that_was_changed_is_refused(people):
    token = stored()[0]
    key, _dot, body = token.partition(".")
    for changed in (f"{key}.{body[:-4]}AAAA", f"{key}.%%%", f"{key}.", f"unknown.{body}", PHONE):
        with pytest.raises(CannotDecrypt) as refused:
            keyring.decrypt(changed)
        assert PHONE not in str(refused.value)


@pytest.mark.parametrize("lookup", ["phone", "phone__contains", "phone__in", "phone__startswith", "phone__upper"])
def test_looking_one_up_is_refused_loudly(people, lookup):
    with pytest.raises(FieldError, match="encrypted"):
        list(Cadre.objects.filter(**{lookup: PHONE}))
    assert Cadre.objects.filter(phone__isnull=True).count() == 0


def test_update_and_bulk_writes_encrypt_too(people):
    Cadre.objects.filter(pk=people[1].pk).update(phone="111")
    first, third = Cadre.objects.get(pk=people[0].pk), Cadre.objects.get(pk=people[2].pk)
    first.phone, third.phone = "222", "333"
    Cadre.objects.bulk_update([first, third], ["phone"])
    assert phones() == ["222", "111", "333", PHONE]
    assert not {"111", "222", "333"} & set(stored())


def test_the_length_is_the_texts_and_such_a_field_cannot_be_unique():
    cadre = CadreFactory.build(phone="1" * 33)
    with pytest.raises(ValidationError) as refused:
        cadre.clean_fields()
    assert "phone" in refused.value.message_dict
    with pytest.raises(FieldError):
        EncryptedTextField(unique=True)


def test_rotation_seals_every_row_anew_and_lets_the_old_key_go_an_hour_later(people):
    old = keyring.ring()[0].id
    outcome = rotate()
    assert outcome.rows == {"people.Cadre.phone": 3}
    assert (outcome.key, outcome.waiting, outcome.retired) == (keyring.ring()[0].id, [old], [])
    assert key_ids() == [outcome.key] * 3
    again = rotate()  # at once: the same rotation, nothing left to do
    assert (again.key, again.rows, again.waiting) == (outcome.key, {"people.Cadre.phone": 0}, [old])
    third = rotate(LATER)  # the old key goes, and the next rotation begins
    assert old not in [key.id for key in keyring.ring()]
    assert third.key != outcome.key and third.rows == {"people.Cadre.phone": 3}
    assert phones() == [PHONE, "", "021-55550000", PHONE]


def test_with_the_site_stopped_the_old_key_goes_at_once(people):
    old = keyring.ring()[0].id
    outcome = rotate(is_stopped=True)
    assert (outcome.retired, outcome.waiting) == ([old], [])
    assert [key.id for key in keyring.ring()] == [outcome.key]
    assert phones() == [PHONE, "", "021-55550000", PHONE]


def test_a_rotation_that_was_killed_is_carried_on(people, monkeypatch):
    """Killed after its second row; batches of one."""
    monkeypatch.setattr(rotation, "BATCH", 1)
    encrypt, sealed = keyring.encrypt, []

    def killed(text):
        if len(sealed) == 2:
            raise KeyboardInterrupt
        sealed.append(text)
        return encrypt(text)

    with monkeypatch.context() as power:
        power.setattr(keyring, "encrypt", killed)
        with suppress(KeyboardInterrupt):
            rotate()
    first = keyring.ring()[0].id
    assert sorted(key_ids()) == sorted([first, first, keyring.ring()[1].id])
    assert phones() == [PHONE, "", "021-55550000", PHONE]
    outcome = rotate(LATER)
    assert (outcome.key, outcome.rows) == (first, {"people.Cadre.phone": 1})
    assert [key.id for key in keyring.ring()] == [first]
    assert phones() == [PHONE, "", "021-55550000", PHONE]


def test_a_change_made_meanwhile_wins(people, monkeypatch):
    """Between reading a row and writing it back, HR has changed it."""
    decrypt = keyring.decrypt

    def slow(token):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE people_cadre SET phone = %s WHERE id = %s", [keyring.encrypt("777"), people[0].pk])
        return decrypt(token)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(keyring, "decrypt", slow)
        rotate()
    assert phones()[0] == "777"


def test_a_row_that_was_read_before_a_rotation_is_saved_under_the_new_key(people):
    unopened = Cadre.objects.get(pk=people[0].pk)
    rotate()
    unopened.save()
    assert set(key_ids()) == {keyring.ring()[0].id}
    assert phones()[0] == PHONE


def test_a_row_that_no_key_opens_is_named_kept_and_holds_its_key(people):
    with connection.cursor() as cursor:
        broken = stored()[0][:-4] + "AAAA"
        cursor.execute("UPDATE people_cadre SET phone = %s WHERE id = %s", [broken, people[0].pk])
    old = keyring.ring()[0].id
    answer, said = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as exit_:
        call_command("rotate_keys", "--stopped", stdout=answer, stderr=said)
    assert exit_.value.code == 1
    assert f"people.Cadre.phone {people[0].pk}" in said.getvalue()
    assert json.loads(answer.getvalue())["fields"] == {"people.Cadre.phone": 2}
    assert stored()[0] == broken
    assert old in [key.id for key in keyring.ring()]


def test_the_answer_is_one_line_of_json_and_the_trail_and_the_log_hold_no_value(people, caplog):
    caplog.set_level(logging.DEBUG, logger="foundation")
    answer, said = io.StringIO(), io.StringIO()
    call_command("rotate_keys", stdout=answer, stderr=said)
    key = keyring.ring()[0].id
    assert answer.getvalue() == json.dumps({"key": key, "fields": {"people.Cadre.phone": 3}}) + "\n"
    assert list(Entry.objects.filter(event="keys.rotated").values_list("data", flat=True)) == [
        {"field": "phone", "key": key, "rows": 3}
    ]
    everything = [json.dumps(data) for data in Entry.objects.values_list("data", flat=True)]
    for text in (*everything, answer.getvalue(), said.getvalue(), caplog.text):
        assert PHONE not in text and not any(one.secret in text for one in keyring.ring())


@pytest.mark.django_db(transaction=True)
def test_two_rotations_at_once_queue(tmp_path):
    CadreFactory(unit=office(), phone=PHONE)
    keyring.ring()
    keys = []

    def one():
        try:
            keys.append(rotate().key)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(keys)) == 1 and len(keyring.ring()) == 2
    assert phones() == [PHONE]


def test_key_ids_hold_nothing_that_a_pattern_could_mean():
    assert Key.make(NOW).id.isalnum()


@pytest.mark.django_db
def test_the_same_roster_twice_changes_nothing_though_every_cell_is_sealed_differently(tmp_path):
    book = openpyxl.Workbook()
    for row in (
        ["某市机关事务管理局干部花名册"],
        ["序号", "工号", "姓名", "性别", "单位", "人员类别", "手机号码"],
        [1, "A1", "李𬭎", "男", "办公室", "公务员", PHONE],
        [2, "A2", "王五", "男", "办公室", "公务员", ""],
    ):
        book.active.append(row)
    path = tmp_path / "roster.xlsx"
    book.save(path)
    answers = []
    for _ in range(2):
        answer, _accepted = import_file(ROSTER_LIST, path, dry_run=False, actor=command_account())
        answers.append((answer["new"], answer["changed"], answer["unchanged"]))
        rotate()
    assert answers == [(2, 0, 0), (0, 0, 2)]
    assert phones() == [PHONE, ""]
    assert PHONE not in json.dumps(list(Entry.objects.values_list("data", flat=True)))
