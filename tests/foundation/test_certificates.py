"""HR gives certificates: the officer of the office, a colleague of one section, and those who get the papers."""

import datetime as dt
import io
import zipfile

import pikepdf
import pypdfium2
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.audit.models import Entry
from foundation.documents import actions as documents
from foundation.documents import batches as actions
from foundation.documents.models import Batch, IssuedDocument
from foundation.jobs.actions import run
from foundation.jobs.models import Job
from foundation.offers.types import Refused
from foundation.people.careers import depart
from foundation.people.enums import AssignmentKind, Role, Sex
from foundation.people.kinds import recipients
from foundation.people.models import Cadre
from tests.factories.documents import honour_batch
from tests.factories.people import AccountFactory, CadreFactory, grant, office, section


class House:
    """An office of two sections, HR of the whole and of one section, a person in each."""

    def __init__(self):
        self.bureau = office()
        self.general, self.finance = section("办公室", self.bureau), section("财务处", self.bureau)
        self.hr = grant(AccountFactory(name="沈静"), Role.HR, self.bureau)
        self.generals_hr = grant(AccountFactory(name="办公室人事"), Role.HR, self.general)
        self.zhou = CadreFactory(unit=self.general, name="周建新", work_number="A1", post="主任")
        self.chen = CadreFactory(unit=self.finance, name="陈晓", work_number="B1")


@pytest.fixture
def house(db):
    return House()


@pytest.fixture
def batch(house):
    return honour_batch(house.bureau, actor=house.hr)


WORDS = {
    "title": "荣誉证书",
    "subtitle": "服务保障先进个人",
    "honorific": "同志",
    "text": "{单位}{姓名}在{年度}年度工作中成绩突出。\n特发此证，以资鼓励。",
    "signer": "市机关事务管理局",
    "year": "2026",
    "dated_on": "2026-12-31",
}


def issue(client, batch, packing="merged"):
    """Press the button and let the worker do the job."""
    response = client.post(f"/admin/certificates/{batch.pk}/issue/", {"packing": packing})
    assert response.status_code == 302
    job = Job.objects.latest("created_at")
    run(job.pk)
    job.refresh_from_db()
    return job


def added(*people, to, by):
    actions.add_recipients(batch=to, people=recipients(people, kind=to.kind), actor=by)


def names(batch):
    return [person.holder_name for person in batch.recipients.all()]


def sheet(*rows):
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return SimpleUploadedFile("名单.xlsx", made.getvalue())


def test_from_the_first_word_to_the_paper_in_the_holders_hands(client, house):
    client.force_login(house.hr)
    response = client.post("/admin/certificates/new/", {**WORDS, "unit": house.bureau.pk})
    batch = Batch.objects.get()
    assert response["Location"] == f"/admin/certificates/{batch.pk}/"
    page = client.get(response["Location"], {"q": "周"}).content.decode()
    assert "周建新" in page and "陈晓" not in page
    client.post(f"/admin/certificates/{batch.pk}/people/", {"cadre": [house.zhou.pk]})
    client.post(f"/admin/certificates/{batch.pk}/people/", {"all": "1", "q": "", "unit": house.chen.unit.pk})
    assert names(batch) == ["周建新", "陈晓"]
    job = issue(client, batch)
    assert (job.state, job.done, job.total) == ("done", 2, 2)
    paper = IssuedDocument.objects.get(holder_pk=house.zhou.pk)
    assert paper.data["paragraphs"] == ["办公室周建新在2026年度工作中成绩突出。", "特发此证，以资鼓励。"]
    assert paper.holder_account == house.zhou.account and paper.signed_by
    with pikepdf.open(job.result_path) as merged:
        assert len(merged.pages) == 2
    client.force_login(house.zhou.account)
    assert "服务保障先进个人" in client.get("/documents/").content.decode()
    assert b"".join(client.get(f"/documents/{paper.serial}/file/")).startswith(b"%PDF")
    client.force_login(house.chen.account)
    assert client.get(f"/documents/{paper.serial}/file/").status_code == 404
    events = set(Entry.objects.filter(target_label="documents.batch").values_list("event", flat=True))
    assert events == {"document_batch.made", "document_batch.changed", "document_batch.closed"}


def test_an_officer_of_a_section_neither_sees_the_offices_batch_nor_reaches_beyond_the_section(client, house, batch):
    added(house.zhou, to=batch, by=house.hr)
    own = honour_batch(house.general, actor=house.generals_hr)
    client.force_login(house.generals_hr)
    listed = client.get("/admin/certificates/").content.decode()
    assert f"/admin/certificates/{own.pk}/" in listed and f"/admin/certificates/{batch.pk}/" not in listed
    assert client.get(f"/admin/certificates/{batch.pk}/").status_code == 404
    assert client.post(f"/admin/certificates/{batch.pk}/issue/").status_code == 404
    assert client.post(f"/admin/certificates/{batch.pk}/discard/").status_code == 404
    client.post(f"/admin/certificates/{own.pk}/people/", {"cadre": [house.zhou.pk, house.chen.pk]})
    assert names(own) == ["周建新"]
    client.post(f"/admin/certificates/{own.pk}/people/", {"all": "1", "q": "陈晓"})
    client.post(f"/admin/certificates/{own.pk}/people/", {"all": "1", "unit": house.chen.unit.pk})
    assert names(own) == ["周建新"]
    page = client.get(f"/admin/certificates/{own.pk}/", {"q": "B1"}).content.decode()
    assert "你管理的人员里没有找到" in page and "陈晓" not in page
    listed = client.post(f"/admin/certificates/{own.pk}/list/", {"file": sheet(["工号"], ["B1"])})
    assert listed.status_code == 400 and "你管理的人员里没有工号 B1" in listed.content.decode()
    refused = client.post("/admin/certificates/new/", {**WORDS, "unit": batch.unit_pk})
    assert refused.status_code == 200 and Batch.objects.count() == 2


def test_a_list_by_number_or_by_name_and_unit(client, house, batch):
    CadreFactory(unit=house.finance, name="周建新", work_number="B2")
    client.force_login(house.hr)
    url = f"/admin/certificates/{batch.pk}/list/"
    assert client.post(url, {"file": sheet(["表彰名单"], ["姓名", "处室"], ["周建新", "办公室"])}).status_code == 302
    assert names(batch) == ["周建新"]
    csv = SimpleUploadedFile("名单.csv", "工号,姓名\nB1,陈晓\nB2,\n".encode("gb18030"))
    assert client.post(url, {"file": csv}).status_code == 302
    assert names(batch) == ["周建新", "陈晓", "周建新"]


def test_every_wrong_row_of_a_list_is_named_and_nobody_is_added(client, house, batch):
    CadreFactory(unit=house.finance, name="周建新", work_number="B2")
    client.force_login(house.hr)
    rows = sheet(
        ["工号", "姓名", "单位"],
        ["A1", "周建新", "办公室"],
        ["A9", "", ""],
        ["B1", "陈小", ""],
        ["", "周建新", ""],
        ["", "赵无", "办公室"],
        ["A1", "", ""],
        ["", "", "办公室"],
    )
    response = client.post(f"/admin/certificates/{batch.pk}/list/", {"file": rows})
    page = response.content.decode()
    assert response.status_code == 400 and names(batch) == []
    for sentence in (
        "第 3 行：你管理的人员里没有工号 A9。",
        "第 4 行：工号 B1 是 陈晓，不是 陈小。",
        "第 5 行：有 2 位 周建新，请写工号。",
        "第 6 行：你管理的人员里，办公室没有 赵无。",
        "第 7 行：周建新 在表里出现了两次。",
        "第 8 行：这一行没有工号，也没有姓名。",
    ):
        assert sentence in page
    assert "名单里有 6 处问题" in page


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (SimpleUploadedFile("a.xlsx", b"PK\3\4 broken"), "工作簿已损坏"),
        (SimpleUploadedFile("a.csv", "序号,备注\n1,无\n".encode()), "没有找到“工号”或“姓名”列"),
        (SimpleUploadedFile("a.csv", "工号\n".encode()), "表里没有人员"),
        (SimpleUploadedFile("a.csv", "天气\n晴\n".encode()), "没有找到表头"),
    ],
)
def test_a_file_that_is_no_list_is_told_so(client, house, batch, file, sentence):
    client.force_login(house.hr)
    response = client.post(f"/admin/certificates/{batch.pk}/list/", {"file": file})
    assert response.status_code == 400 and sentence in response.content.decode()


def test_a_list_asks_the_database_as_often_for_thirty_as_for_one(client, house, batch):
    people = CadreFactory.create_batch(30, unit=house.general)
    client.force_login(house.hr)
    asked = []
    for count in (1, 30):
        rows = sheet(["工号"], *([cadre.work_number] for cadre in people[:count]))
        with CaptureQueriesContext(connection) as queries:
            client.post(f"/admin/certificates/{batch.pk}/list/", {"file": rows})
        asked.append(len(queries))
    assert asked[1] <= asked[0] and batch.recipients.count() == 30


def test_words_that_cannot_be_printed_are_told_while_they_are_typed(client, house):
    client.force_login(house.hr)
    good = client.post("/admin/certificates/preview/", {**WORDS, "unit": house.bureau.pk}).content.decode()
    assert "data:image/png;base64," in good
    for text, sentence in (
        ("在{工龄}年", "不认识的字段：{工龄}"),
        ("在{年度年", "不认识的字段：{"),
        ("王\ue123", "U+E123"),
        ("好" * 599, "正文太长，一页放不下"),
    ):
        page = client.post(
            "/admin/certificates/preview/", {**WORDS, "text": text, "unit": house.bureau.pk}
        ).content.decode()
        assert sentence in page and "data:image" not in page
    refused = client.post("/admin/certificates/new/", {**WORDS, "text": "在{工龄}年", "unit": house.bureau.pk})
    assert "不认识的字段" in refused.content.decode() and not Batch.objects.exists()
    assert not Entry.objects.filter(target_label="documents.batch").exists()


def test_once_issued_words_and_people_stand(client, house, batch):
    added(house.zhou, to=batch, by=house.hr)
    client.force_login(house.hr)
    issue(client, batch)
    person = batch.recipients.get()
    for address, data in (
        ("people/", {"cadre": [house.chen.pk]}),
        (f"people/{person.pk}/remove/", {}),
        ("discard/", {}),
    ):
        assert client.post(f"/admin/certificates/{batch.pk}/{address}", data).status_code == 409
    changed = client.post(f"/admin/certificates/{batch.pk}/edit/", {**WORDS, "unit": house.bureau.pk})
    assert "已经签发，不能再修改" in changed.content.decode()
    batch.refresh_from_db()
    assert (batch.subtitle, names(batch)) == ("先进个人", ["周建新"])


def test_an_empty_batch_is_not_issued_and_a_draft_that_a_colleague_discarded_is_told(client, house, batch):
    client.force_login(house.hr)
    assert client.post(f"/admin/certificates/{batch.pk}/issue/").status_code == 409
    assert not Job.objects.exists()
    stale = Batch.objects.get(pk=batch.pk)
    actions.discard_batch(batch=batch, actor=house.hr)
    with pytest.raises(Refused) as refusal:
        actions.change_batch(batch=stale, actor=house.hr, title="奖状")
    assert refusal.value.code == "discarded"
    assert client.get(f"/admin/certificates/{stale.pk}/").status_code == 404


def test_issuing_again_gives_nobody_a_second_paper_and_the_zip_holds_the_signed_files(client, house, batch):
    added(house.zhou, house.chen, to=batch, by=house.hr)
    client.force_login(house.hr)
    issue(client, batch)
    job = issue(client, batch, packing="zip")
    papers = {paper.serial: paper for paper in IssuedDocument.objects.all()}
    assert len(papers) == 2
    with zipfile.ZipFile(job.result_path) as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    assert packed == {
        f"{paper.holder_name}_荣誉证书_{serial}.pdf": paper.path.read_bytes() for serial, paper in papers.items()
    }


def test_a_merged_file_of_several_parts_keeps_the_order(client, house, batch, monkeypatch):
    monkeypatch.setattr(documents, "MERGE_STEP", 2)
    people = [CadreFactory(unit=house.general, name=name) for name in ("赵一", "钱二", "孙三", "李四", "周五")]
    added(*people, to=batch, by=house.hr)
    client.force_login(house.hr)
    pdf = pypdfium2.PdfDocument(issue(client, batch).result_path)
    pages = [page.get_textpage().get_text_range() for page in pdf]
    assert [next(one.name for one in people if one.name in page) for page in pages] == [one.name for one in people]


def test_a_name_that_no_face_prints_stops_its_own_paper_only(client, house, batch):
    strange = CadreFactory(unit=house.general, name="王\ue123")
    added(strange, house.zhou, to=batch, by=house.hr)
    client.force_login(house.hr)
    job = issue(client, batch)
    assert [paper.holder_name for paper in IssuedDocument.objects.all()] == ["周建新"]
    assert job.state == "done" and job.message.startswith("共 1 份；未签发 1 份：王") and "U+E123" in job.message


def test_what_was_revoked_stays_revoked_when_the_batch_is_fetched_again(client, house, batch):
    added(house.zhou, house.chen, to=batch, by=house.hr)
    client.force_login(house.hr)
    issue(client, batch)
    documents.revoke(document=IssuedDocument.objects.get(holder_pk=house.chen.pk), reason="表彰撤销", actor=house.hr)
    job = issue(client, batch)
    assert job.message == "共 1 份；已撤销、没有重新签发 1 份"
    assert IssuedDocument.objects.filter(revoked_at=None).get().holder_pk == house.zhou.pk


def test_an_officer_whose_role_ended_meanwhile_issues_nothing(client, house, batch):
    added(house.zhou, to=batch, by=house.hr)
    client.force_login(house.hr)
    client.post(f"/admin/certificates/{batch.pk}/issue/")
    house.hr.grants.all().delete()
    job = Job.objects.get()
    run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed" and not IssuedDocument.objects.exists()


def test_a_proof_of_employment_says_what_the_roster_says_and_is_there_at_once(client, house):
    Cadre.objects.filter(pk=house.zhou.pk).update(sex=Sex.MALE, birth_month="1985-03-01")
    client.force_login(house.hr)
    words = {"unit": house.bureau.pk, "text": "办理公积金", "signer": "市机关事务管理局", "dated_on": "2026-11-24"}
    response = client.post("/admin/certificates/employment/", {**words, "work_number": "A1"})
    paper = IssuedDocument.objects.get()
    assert response["Location"] == f"/admin/certificates/register/{paper.serial}/"
    assert paper.data == {
        "name": "周建新", "sex": "male", "born": "1985-03", "unit": "办公室", "organ": "市机关事务管理局",
        "post": "主任", "purpose": "办理公积金", "signer": "市机关事务管理局", "dated_on": "2026-11-24",
    }  # fmt: skip
    nobody = client.post("/admin/certificates/employment/", {**words, "work_number": "A9"})
    assert "你管理的人员里没有这个工号" in nobody.content.decode()
    assert IssuedDocument.objects.count() == 1
    again = client.post("/admin/certificates/employment/", {**words, "work_number": "A1"})  # pressed twice
    assert again["Location"] == response["Location"] and IssuedDocument.objects.count() == Batch.objects.count() == 1
    client.post("/admin/certificates/employment/", {**words, "work_number": "A1", "text": "办理签证"})
    assert IssuedDocument.objects.filter(revoked_at=None).count() == 2  # another purpose is another paper


def test_who_has_left_gets_no_proof_of_employment_for_later(client, house):
    today = dt.date(2026, 11, 24)
    depart(cadre=house.zhou, kind=AssignmentKind.RETIRED, first_day_out=today, today=today, actor=house.hr)
    client.force_login(house.hr)
    words = {"unit": house.bureau.pk, "text": "", "signer": "市机关事务管理局", "work_number": "A1"}
    page = client.post("/admin/certificates/employment/", {**words, "dated_on": "2026-11-24"}).content.decode()
    assert "离开，不能开具在职证明" in page
    assert not IssuedDocument.objects.exists()


def test_a_sections_officer_gives_no_proof_for_another_section(client, house):
    client.force_login(house.generals_hr)
    words = {"unit": house.general.pk, "text": "", "signer": "办公室", "dated_on": "2026-11-24", "work_number": "B1"}
    assert "没有这个工号" in client.post("/admin/certificates/employment/", words).content.decode()
    assert not IssuedDocument.objects.exists() and not Batch.objects.exists()


def test_pages_ask_the_database_as_often_for_three_as_for_one(client, house):
    client.force_login(house.hr)
    asked = {"list": [], "batch": []}
    batch = honour_batch(house.bureau, actor=house.hr)
    for _number in range(3):
        honour_batch(house.bureau, actor=house.hr)
        added(CadreFactory(unit=house.general), to=batch, by=house.hr)
        for name, address in (("list", "/admin/certificates/"), ("batch", f"/admin/certificates/{batch.pk}/?q=干部")):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            asked[name].append(len(queries))
    assert all(len(set(counts)) == 1 for counts in asked.values()), asked
