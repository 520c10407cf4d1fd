"""文书登记: HR of the office, HR of one section, and what either may take out of force."""

import io
import os
import time

import openpyxl
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.audit.models import Entry
from foundation.documents import actions
from foundation.documents.batches import add_recipients
from foundation.documents.models import IssuedDocument
from foundation.offers.types import Ref, Refused
from foundation.people.enums import Role
from foundation.people.kinds import DATA, HONOUR, recipients
from foundation.people.models import Cadre
from tests.factories.documents import honour_batch, issued, kinds_on_offer
from tests.factories.people import AccountFactory, CadreFactory, grant, office, section

REGISTER = "/admin/certificates/register/"


class House:
    """The office's HR honoured 周建新; the section's HR honoured =陈晓, whose name begins like a formula."""

    def __init__(self):
        self.bureau = office()
        self.general = section("办公室", self.bureau)
        self.hr = grant(AccountFactory(name="沈静"), Role.HR, self.bureau)
        self.generals_hr = grant(AccountFactory(name="办公室人事"), Role.HR, self.general)
        self.zhou = CadreFactory(unit=self.general, name="周建新")
        self.chen = CadreFactory(unit=self.general, name="=陈晓")
        self.zhous = self.honour(self.bureau, self.zhou, self.hr)
        self.chens = self.honour(self.general, self.chen, self.generals_hr)

    def honour(self, unit, cadre, actor):
        batch = honour_batch(unit, actor=actor)
        add_recipients(batch=batch, people=recipients([cadre], kind=HONOUR), actor=actor)
        person = batch.recipients.get()
        data = DATA[HONOUR](batch, name=person.holder_name, facts=person.facts)
        return actions.issue(kind=HONOUR, holder=person.ref, source=Ref.to(batch), data=data, actor=actor)


@pytest.fixture
def house(db):
    return House()


def listed(client, **asked):
    return [document.serial for document in client.get(REGISTER, asked).context["documents"]]


def test_each_officer_sees_what_their_units_gave(client, house):
    client.force_login(house.hr)
    assert listed(client) == [house.chens.serial, house.zhous.serial]
    client.force_login(house.generals_hr)
    assert listed(client) == [house.chens.serial]
    for address in ("", "revoke/", "reissue/"):
        url = f"{REGISTER}{house.zhous.serial}/{address}"
        answer = client.post(url, {"reason": "试试"}) if address else client.get(url)
        assert answer.status_code == 404
    assert IssuedDocument.objects.filter(revoked_at=None).count() == 2
    with kinds_on_offer():
        nobodys = issued()  # a kind that nobody keeps: in no register
        client.force_login(house.hr)
        assert nobodys.serial not in listed(client)
        assert client.get(f"{REGISTER}{nobodys.serial}/").status_code == 404


def test_the_register_is_searched_by_kind_name_serial_and_state(client, house):
    client.force_login(house.hr)
    actions.revoke(document=house.chens, reason="误发", actor=house.hr)
    assert listed(client, q="周") == [house.zhous.serial]
    assert listed(client, q=f" {house.chens.serial.lower()} ") == [house.chens.serial]
    assert listed(client, state="revoked") == [house.chens.serial]
    assert listed(client, state="valid") == [house.zhous.serial]
    assert listed(client, kind="people.employment_proof") == []
    assert listed(client, kind="no.kind") == []
    assert "没有符合条件的文书" in client.get(REGISTER, {"q": "无此人"}).content.decode()


def test_a_long_register_goes_on_by_keyset(client, house, monkeypatch):
    monkeypatch.setattr("foundation.people.register_views.PAGE", 1)
    client.force_login(house.hr)
    first = client.get(REGISTER)
    assert listed(client, before=first.context["older"]) == [house.zhous.serial]
    assert listed(client, before="9" * 30) == [house.chens.serial]


def test_revoking_needs_a_reason_and_happens_once(client, house):
    client.force_login(house.hr)
    url = f"{REGISTER}{house.zhous.serial}/revoke/"
    assert client.post(url, {"reason": "  "}).status_code == 400
    assert not IssuedDocument.objects.get(pk=house.zhous.pk).is_revoked
    assert client.post(url, {"reason": "表彰决定已撤销"}).status_code == 302
    assert client.post(url, {"reason": "又一次"}).status_code == 409
    row = IssuedDocument.objects.get(pk=house.zhous.pk)
    assert row.revoked_reason == "表彰决定已撤销"
    entry = Entry.objects.get(event="document.revoked")
    assert (entry.actor_name, entry.data["reason"]) == ("沈静", "表彰决定已撤销")
    page = client.get(f"{REGISTER}{house.zhous.serial}/").content.decode()
    assert "表彰决定已撤销" in page and "撤销这份文书" not in page


def test_reissuing_takes_the_corrected_name_and_supersedes(client, house):
    Cadre.objects.filter(pk=house.zhou.pk).update(name="周建鑫")
    client.force_login(house.hr)
    answer = client.post(f"{REGISTER}{house.zhous.serial}/reissue/", {"reason": "姓名有误"})
    old = IssuedDocument.objects.get(pk=house.zhous.pk)
    new = old.superseded_by
    assert answer["Location"] == f"{REGISTER}{new.serial}/"
    assert (old.is_revoked, old.revoked_reason) == (True, "姓名有误")
    assert (new.holder_name, new.data["name"], new.is_revoked) == ("周建鑫", "周建鑫", False)
    assert "办公室周建鑫在2026年度" in new.data["paragraphs"][0]
    assert f'由其代替：<a href="{REGISTER}{new.serial}/"' in client.get(f"{REGISTER}{old.serial}/").content.decode()
    assert client.post(f"{REGISTER}{old.serial}/reissue/", {"reason": "再来"}).status_code == 409
    assert IssuedDocument.objects.filter(holder_pk=house.zhou.pk).count() == 2


def test_where_the_new_paper_cannot_be_drawn_the_old_one_stays_in_force(house):
    Cadre.objects.filter(pk=house.zhou.pk).update(name="周\ue123")
    with pytest.raises(Refused) as refusal:
        actions.reissue(document=house.zhous, reason="姓名有误", actor=house.hr)
    assert refusal.value.code == "missing_glyph"
    row = IssuedDocument.objects.get(holder_pk=house.zhou.pk)
    assert not row.is_revoked and row.file_stands
    assert not Entry.objects.filter(event="document.revoked").exists()


def test_the_export_holds_the_same_rows_as_text_and_is_recorded(client, house):
    actions.revoke(document=house.zhous, reason="误发", actor=house.hr)
    client.force_login(house.hr)
    answer = client.get(f"{REGISTER}export/", {"state": ""})
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[0][:4] == ("编号", "种类", "持有人", "签发日期")
    assert [(row[0], row[2], row[5], row[7]) for row in rows[1:]] == [
        (house.chens.serial, "=陈晓", "有效", None),
        (house.zhous.serial, "周建新", "已撤销", "误发"),
    ]
    assert "no-store" in answer["Cache-Control"]
    entry = Entry.objects.get(event="document.register_exported")
    assert (entry.actor_name, entry.data["asked"]) == ("沈静", {"state": ""})


def test_register_pages_ask_the_database_as_often_for_three_as_for_one(client, house):
    client.force_login(house.hr)
    asked = []
    for _number in range(3):
        client.get(REGISTER)
        with CaptureQueriesContext(connection) as queries:
            client.get(REGISTER)
        asked.append(len(queries))
        house.honour(house.bureau, CadreFactory(unit=house.general), house.hr)
    assert len(set(asked)) == 1, asked


# ---- what a killed worker leaves


def stray(name, *, days):
    path = settings.PRIVATE_ROOT / "documents" / "2026" / "0K" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"%PDF")
    age(path, days)
    return path


def age(path, days):
    moment = time.time() - days * 86400
    os.utime(path, (moment, moment))


def test_a_file_without_a_row_goes_after_a_day_and_nothing_else(house):
    age(house.zhous.path, 9)
    old, draft, young = stray("a.pdf", days=1.1), stray(".b.pdf.1f2e", days=2), stray("c.pdf", days=0.9)
    assert actions.sweep(now=time.time()) == 2
    assert [path.exists() for path in (old, draft, young, house.zhous.path, house.chens.path)] == [
        False,
        False,
        True,
        True,
        True,
    ]
    assert Entry.objects.get(event="document.swept").data == {"files": 2}
    assert actions.sweep(now=time.time()) == 0
    assert Entry.objects.filter(event="document.swept").count() == 1
