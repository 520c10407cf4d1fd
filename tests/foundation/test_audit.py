"""The audit trail grows only, and only together with the act it tells of."""

import pytest
from django.db import DatabaseError, transaction

from foundation.audit.models import Entry
from foundation.audit.record import record
from tests.factories.people import office

pytestmark = pytest.mark.django_db


def test_an_entry_names_actor_and_target():
    unit = office()
    entry = Entry.objects.get(event="unit.created")
    assert (entry.target_label, entry.target_id, entry.target_name) == ("people.unit", str(unit.pk), "市机关事务管理局")


def test_the_database_refuses_to_change_or_delete_an_entry():
    office()
    for attempt in (lambda: Entry.objects.update(actor_name="别人"), lambda: Entry.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert Entry.objects.filter(event="unit.created").count() == 1


@pytest.mark.django_db(transaction=False)
def test_an_entry_outside_the_acts_transaction_is_a_bug(monkeypatch):
    unit = office()
    monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
    with pytest.raises(RuntimeError):
        record("unit.created", target=unit, actor=None)
