"""The register: one document in force for one matter, a row only with its file, nothing issued twice."""

import datetime as dt
import hashlib
import threading

import pikepdf
import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from foundation.audit.models import Entry
from foundation.documents import actions
from foundation.documents.models import IssuedDocument
from foundation.offers.types import Refused
from tests.factories.documents import HONOUR, NOTICE, holder, issued, kinds_on_offer, source
from tests.factories.people import AccountFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kinds():
    with kinds_on_offer():
        yield


def files():
    return sorted(path for path in settings.PRIVATE_ROOT.rglob("*") if path.is_file())


def events(document):
    return list(
        Entry.objects.filter(target_label="documents.issueddocument", target_id=str(document.pk))
        .order_by("pk")
        .values_list("event", flat=True)
    )


def test_a_document_is_registered_with_its_file_and_an_audit_entry():
    officer, zhou = AccountFactory(), AccountFactory()
    document = issued(to=holder(account=zhou), actor=officer)
    row = IssuedDocument.objects.get()
    assert (row.kind, row.holder_name, row.holder_account, row.issued_by) == (HONOUR, "周建新", zhou, officer)
    assert row.serial.startswith(f"RY-{row.issued_on.year}-") and len(row.serial) == len("RY-2026-") + 10
    assert files() == [row.path]
    assert hashlib.sha256(row.path.read_bytes()).hexdigest() == row.sha256
    assert events(document) == ["document.issued"]


def test_issuing_again_gives_the_document_that_is_in_force():
    first = issued()
    assert issued(dated_on="2027-01-01") == first
    assert IssuedDocument.objects.count() == 1 and files() == [first.path] and events(first) == ["document.issued"]
    others = [issued(kind=NOTICE), issued(to=holder("李𬭎", pk=2)), issued(because=source(2))]
    assert len({first.serial, *(other.serial for other in others)}) == 4


def test_after_a_revocation_a_new_document_supersedes_the_old_one():
    officer = AccountFactory()
    old = issued()
    actions.revoke(document=old, reason="姓名有误", actor=officer)
    new = issued()
    old.refresh_from_db()
    assert new != old and new.serial != old.serial
    assert (old.revoked_reason, old.superseded_by) == ("姓名有误", new)
    assert files() == sorted([old.path, new.path])
    assert events(old) == ["document.issued", "document.revoked"]


@pytest.mark.parametrize(("reason", "code"), [("  ", "reason_missing"), ("再撤一次", "already_revoked")])
def test_a_revocation_needs_a_reason_and_happens_once(reason, code):
    document = actions.revoke(document=issued(), reason="姓名有误", actor=None)
    with pytest.raises(Refused) as refusal:
        actions.revoke(document=document, reason=reason, actor=None)
    assert refusal.value.code == code
    document.refresh_from_db()
    assert document.revoked_reason == "姓名有误"


@pytest.mark.parametrize("harm", ["lost", "damaged"])
def test_a_file_that_is_lost_or_damaged_is_drawn_again_under_the_same_serial(harm):
    document = issued()
    if harm == "lost":
        document.path.unlink()
    else:
        document.path.write_bytes(document.path.read_bytes()[:-100])
    again = issued()
    assert (again.pk, again.serial, again.facts_hash) == (document.pk, document.serial, document.facts_hash)
    assert again.file_stands and files() == [again.path]
    assert IssuedDocument.objects.get().sha256 == again.sha256 != document.sha256
    assert events(document) == ["document.issued", "document.redrawn"]


def test_a_worker_killed_between_file_and_row_leaves_no_row(monkeypatch):
    def killed(*args, **kwargs):
        raise SystemExit  # what SIGTERM makes of it; no tidying up is awaited

    monkeypatch.setattr(IssuedDocument, "save", killed)
    with pytest.raises(SystemExit):
        issued()
    assert IssuedDocument.objects.count() == 0
    monkeypatch.undo()
    document = issued()
    assert IssuedDocument.objects.get() == document and document.file_stands


def test_a_paper_that_cannot_be_drawn_leaves_nothing_behind():
    with pytest.raises(Refused) as refusal:
        issued(to=holder("周\ue000新"))
    assert refusal.value.code == "missing_glyph" and "U+E000" in str(refusal.value)
    assert IssuedDocument.objects.count() == 0 and not settings.PRIVATE_ROOT.exists()


def test_the_database_refuses_a_second_document_in_force():
    row = IssuedDocument.objects.get(pk=issued().pk)
    row.pk, row.serial, row.file = None, "RY-2026-0000000000", "documents/elsewhere.pdf"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    assert IssuedDocument.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_issue_one_document():
    found, start = [], threading.Barrier(4)

    def work():
        start.wait()
        try:
            found.append(issued().pk)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    document = IssuedDocument.objects.get()
    assert found == [document.pk] * 4
    assert files() == [document.path] and document.file_stands


def test_the_loser_of_a_race_returns_the_winners_document_and_leaves_no_file(monkeypatch):
    draw = actions._drawn

    def overtaken(document):
        monkeypatch.setattr(actions, "_drawn", draw)
        issued()  # another worker comes in between looking and writing
        return draw(document)

    monkeypatch.setattr(actions, "_drawn", overtaken)
    mine = issued()
    assert IssuedDocument.objects.get() == mine and files() == [mine.path]


def test_a_register_is_joined_into_one_file_for_the_printer(tmp_path):
    documents = [issued(because=source(number)) for number in (1, 2)] + [issued(kind=NOTICE, repeat=40)]
    path = actions.merge(iter(documents), tmp_path / "batch" / "all.pdf")
    with pikepdf.open(path) as merged:
        assert len(merged.pages) == sum(len(pikepdf.open(document.path).pages) for document in documents) > 4
        assert "/AcroForm" not in merged.Root and all("/Annots" not in page for page in merged.pages)
    assert [entry.name for entry in path.parent.iterdir()] == ["all.pdf"]
    assert all(document.file_stands for document in documents)


def test_joining_reports_its_progress_through_the_documents_and_leaves_nothing_when_it_is_stopped(tmp_path):
    documents = [issued(because=source(number)) for number in range(3)]
    told = []

    def reporting(stop_at=None):
        for done, document in enumerate(documents):
            if done == stop_at:
                raise InterruptedError
            told.append(done)
            yield document

    with pytest.raises(InterruptedError):
        actions.merge(reporting(stop_at=2), tmp_path / "all.pdf")
    assert told == [0, 1] and list(tmp_path.glob(".*")) == list(tmp_path.glob("*.pdf")) == []
    actions.merge(reporting(), tmp_path / "all.pdf")
    assert told == [0, 1, 0, 1, 2] and [path.name for path in tmp_path.glob("*all.pdf*")] == ["all.pdf"]


def test_the_day_of_issue_is_the_offices_day_and_data_are_kept_as_given():
    document = issued()
    assert document.data == {"year": 2026, "dated_on": "2026-12-31"}
    assert document.issued_on == document.issued_at.astimezone(dt.timezone(dt.timedelta(hours=8))).date()
