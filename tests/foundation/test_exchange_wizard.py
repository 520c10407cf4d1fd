"""The wizard of the back office: HR of an office, HR of one section, and people who keep no list."""

import datetime as dt
import io
import stat

import openpyxl
import pytest
from django.urls import reverse

from foundation.audit.models import Entry
from foundation.exchange import actions, queries
from foundation.exchange.enums import State
from foundation.exchange.models import KnownHeading, Upload
from foundation.jobs import actions as jobs
from foundation.jobs.models import Job
from foundation.offers import clock
from foundation.people import careers
from foundation.people.actions import end_role
from foundation.people.enums import Role
from foundation.people.models import Cadre, CadreState
from tests.factories.people import AccountFactory, CadreFactory, grant, office, section

pytestmark = pytest.mark.django_db

HEAD = "工号,姓名,性别,单位,人员类别,职务,手机号码"
TITLE = "市机关事务管理局干部花名册\n截止日期：2026年10月31日"
GOOD = f"{TITLE}\n{HEAD}\nA1,李𬭎,男,办公室,公务员,主任,13800000001\nA2,王五,女,财务处,参公,,\n"


class Office:
    """An office of two sections with its HR, and HR of one section alone."""

    def __init__(self, client):
        self.client = client
        self.bureau = office()
        self.general, self.finance = section("办公室", self.bureau), section("财务处", self.bureau)
        self.hr = grant(AccountFactory(name="人事"), Role.HR, self.bureau)
        self.section_hr = grant(AccountFactory(name="办公室人事"), Role.HR, self.general)
        client.force_login(self.hr)

    def post(self, text, name="花名册.csv"):
        """Upload a file; the answer, redirects not followed."""
        file = io.BytesIO(text if isinstance(text, bytes) else text.encode())
        file.name = name
        return self.client.post(reverse("exchange_admin:receive", args=["roster"]), {"file": file})

    def upload(self, text, name="花名册.csv"):
        """Upload a file whose headings are known; the checked upload."""
        response = self.post(text, name)
        upload = Upload.objects.latest("created_at")
        assert response.status_code == 302 and response.url == reverse("exchange_admin:upload", args=[upload.pk])
        return upload

    def page(self, upload, **query):
        return self.client.get(reverse("exchange_admin:upload", args=[upload.pk]), query)

    def confirm(self, upload, fingerprint=None):
        url = reverse("exchange_admin:confirm", args=[upload.pk])
        return self.client.post(url, {"fingerprint": fingerprint or upload.fingerprint})

    def bring_in(self, upload):
        """Confirm and let the worker run."""
        assert self.confirm(upload).status_code == 302
        upload.refresh_from_db()
        jobs.run(upload.job_id)
        upload.refresh_from_db()
        return Job.objects.get(pk=upload.job_id)


@pytest.fixture
def the_office(client):
    return Office(client)


def people():
    return list(Cadre.objects.values_list("work_number", "name", "unit__name", "post"))


def test_from_the_file_to_the_list_and_nothing_is_written_before_the_confirmation(the_office):
    upload = the_office.upload(GOOD)
    assert upload.counts == {
        "rows": 2, "new": 2, "changed": 0, "unchanged": 0, "bad": 0, "warnings": 0, "faults": 0, "changes": 0,
    }  # fmt: skip
    page = the_office.page(upload).content.decode()
    assert "确认导入" in page and people() == [] and not Entry.objects.filter(event="cadre.added").exists()
    job = the_office.bring_in(upload)
    assert job.state == "done" and upload.state == State.DONE
    assert people() == [("A1", "李𬭎", "办公室", "主任"), ("A2", "王五", "财务处", "")]
    assert CadreState.objects.filter(valid_from=dt.date(2026, 10, 31)).count() == 2
    trail = set(Entry.objects.filter(actor_id=the_office.hr.pk).values_list("event", flat=True))
    assert trail >= {"exchange.received", "exchange.imported", "cadre.added", "roster.imported", "job.started"}
    assert "已在" in the_office.page(upload).content.decode()


def test_the_same_file_again_changes_nothing_and_needs_no_confirmation(the_office):
    the_office.bring_in(the_office.upload(GOOD))
    again = the_office.upload(GOOD)
    assert (again.counts["unchanged"], again.may_be_confirmed) == (2, False)
    page = the_office.page(again).content.decode()
    assert "不用导入" in page and "确认导入" not in page
    assert the_office.confirm(again).status_code == 409


def test_what_will_change_is_told_before_and_after_and_can_be_taken_home(the_office):
    the_office.bring_in(the_office.upload(GOOD))
    changed = the_office.upload(GOOD.replace("主任,13800000001", "副主任,13911112222"))
    report = queries.report_of(changed)
    assert [(c.who, c.field, c.before, c.after) for c in report.changes] == [
        ("A1 李𬭎", "职务", "主任", "副主任"),
        ("A1 李𬭎", "手机号码", "…0001", "…2222"),
    ]
    the_office.bring_in(changed)
    assert "改了什么" in the_office.page(changed).content.decode()
    response = the_office.client.get(reverse("exchange_admin:changes", args=[changed.pk]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert [cell.value for cell in book.active[2]] == ["4", "A1 李𬭎", "职务", "主任", "副主任"]


def test_every_problem_of_every_row_is_told_can_be_sorted_out_and_is_red_in_the_file(the_office):
    bad = f"{TITLE}\n{HEAD}\nA1,,南,办公室,公务员,,\nA2,王五,男,无此处,临时,,\nA3,钱七,南,财务处,参公,,\n"
    upload = the_office.upload(bad)
    problems = queries.report_of(upload).problems
    assert {(p.row, p.column) for p in problems} == {
        (4, "姓名"), (4, "性别"), (5, "单位"), (5, "人员类别"), (6, "性别"),
    }  # fmt: skip
    page = the_office.page(upload).content.decode()
    assert all(problem.what in page.replace("&quot;", '"') for problem in problems)
    assert "确认导入" not in page and the_office.confirm(upload).status_code == 409
    [sexes] = [sort for sort in queries.sorts_of(problems) if sort.column == "性别"]
    assert sexes.count == 2
    only = the_office.page(upload, sort=sexes.key)
    assert {(p.row, p.column) for p in only.context["problems"]} == {(4, "性别"), (6, "性别")}

    response = the_office.client.get(reverse("exchange_admin:marked", args=[upload.pk]))
    content = b"".join(response.streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    red = {cell.coordinate for row in sheet for cell in row if cell.fill.fgColor.rgb == "FFF8D7DA"}
    assert {"B4", "C4", "D5", "E5", "C6"} <= red and "A4" not in red
    assert "不认识" in sheet["C4"].comment.text and sheet["H3"].value == "问题"
    assert "性别：不认识" in sheet["H4"].value
    # mended, it is taken as it is: the column of problems is no unknown column
    again = the_office.upload(content, "改好.xlsx")
    assert again.counts["warnings"] == 0 and again.counts["bad"] == 3


def test_a_heading_chosen_by_hand_is_remembered_for_the_office(the_office):
    odd = GOOD.replace("姓名", "人名").replace("手机号码", "家庭住址")
    response = the_office.post(odd)
    upload = Upload.objects.get()
    url = reverse("exchange_admin:headings", args=[upload.pk])
    assert response.url == url
    form = the_office.client.get(url).context["form"]
    fields = {heading.written: f"h{place}" for place, heading in enumerate(form.headings)}
    assert [heading.written for heading in form.headings if heading.is_unknown] == ["人名", "家庭住址"]
    chosen = {field: form[field].initial or "" for field in fields.values()}

    refused = the_office.client.post(url, chosen)
    assert refused.status_code == 422 and "还没有哪一列对应“姓名”" in refused.content.decode()
    twice = the_office.client.post(url, {**chosen, fields["人名"]: "name", fields["家庭住址"]: "name"})
    assert twice.status_code == 422 and "只能对应一次" in twice.content.decode()
    the_office.client.post(url, {**chosen, fields["人名"]: "name"})
    upload.refresh_from_db()
    assert (upload.state, upload.counts["new"], upload.counts["warnings"]) == (State.CHECKED, 2, 0)
    assert set(KnownHeading.objects.values_list("heading", "column")) == {("人名", "name"), ("家庭住址", "")}
    assert the_office.upload(odd).counts["new"] == 2  # nothing is asked again

    elsewhere = office("另一个局")
    the_office.client.force_login(grant(AccountFactory(), Role.HR, elsewhere))
    assert the_office.post(odd).url.endswith("/headings/")


def test_a_stale_check_is_refused_and_writes_nothing(the_office):
    upload = the_office.upload(GOOD)
    # meanwhile a colleague took one of the two on
    careers.add_cadre(
        fields={"work_number": "A1", "name": "李𬭎", "sex": "male", "unit": the_office.general,
                "category": "civil_servant"},
        on=dt.date(2026, 9, 1), today=clock.today(), actor=None,
    )  # fmt: skip
    job = the_office.bring_in(upload)
    assert job.state == "failed" and "重新检查" in job.message
    assert upload.state == State.STALE and people() == [("A1", "李𬭎", "办公室", "")]
    assert "重新检查" in the_office.page(upload).content.decode()
    old = upload.fingerprint
    the_office.client.post(reverse("exchange_admin:check", args=[upload.pk]))
    upload.refresh_from_db()
    assert (upload.counts["new"], upload.counts["changed"]) == (1, 1)
    assert the_office.confirm(upload, old).status_code == 409  # a page from before
    assert the_office.bring_in(upload).state == "done"


def test_a_double_click_and_a_worker_that_comes_twice_import_once(the_office):
    upload = the_office.upload(GOOD)
    first, second = the_office.confirm(upload), the_office.confirm(upload)
    assert first.url == second.url and Job.objects.count() == 1
    job = Job.objects.get()
    jobs.run(job.pk)
    entries = Entry.objects.filter(event="cadre.added").count()
    Job.objects.update(state="queued", finished_at=None)  # a worker was killed after its commit
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "done" and Entry.objects.filter(event="cadre.added").count() == entries == 2
    assert Entry.objects.filter(event="exchange.imported").count() == 1


def test_a_cancelled_import_can_be_checked_again(the_office):
    upload = the_office.upload(GOOD)
    the_office.confirm(upload)
    jobs.cancel(job=Job.objects.get(), actor=the_office.hr)
    page = the_office.page(upload).content.decode()
    assert "没有完成" in page and "重新检查" in page and people() == []
    the_office.client.post(reverse("exchange_admin:check", args=[upload.pk]))
    upload.refresh_from_db()
    assert the_office.bring_in(upload).state == "done"


def test_hr_of_a_section_brings_in_that_section_only_and_learns_nothing_of_others(the_office):
    CadreFactory(work_number="A2", name="王五", unit=the_office.finance, post="机要室主任", phone="13777777777")
    the_office.client.force_login(the_office.section_hr)
    upload = the_office.upload(GOOD.replace("A2,王五,女,财务处", "A2,王五,女,办公室") + "A3,钱七,女,财务处,参公,,\n")
    problems = queries.report_of(upload).problems
    assert {(p.row, p.column) for p in problems} == {(5, "工号"), (6, "单位")}
    assert "“财务处”不在你的管理范围内" in problems[1].what
    page = the_office.page(upload).content.decode()
    assert "机要室主任" not in page and "7777" not in page and queries.report_of(upload).changes == []
    assert (upload.counts["bad"], upload.counts["new"]) == (2, 1)


def test_a_role_that_ended_between_check_and_import_stops_it(the_office):
    upload = the_office.upload(GOOD)
    the_office.confirm(upload)
    end_role(grant=the_office.hr.grants.get(), last_day=dt.date(2026, 1, 1), actor=None)
    upload.refresh_from_db()
    jobs.run(upload.job_id)
    assert Job.objects.get().state == "failed" and people() == []


def test_a_large_file_is_checked_by_a_job(the_office, monkeypatch):
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    response = the_office.post(GOOD)
    upload = Upload.objects.select_related("job").get()
    assert response.url == reverse("jobs:progress", args=[upload.job_id]) and upload.state == State.CHECKING
    assert "查看进度" in the_office.page(upload).content.decode()
    jobs.run(upload.job_id)
    upload.refresh_from_db()
    assert (upload.state, upload.counts["new"]) == (State.CHECKED, 2)


def test_uploads_lie_with_their_owner_only_and_are_swept(the_office, client):
    upload = the_office.upload(GOOD)
    assert stat.S_IMODE(upload.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in upload.folder.iterdir()} == {0o600}
    other = grant(AccountFactory(), Role.HR, the_office.bureau)
    client.force_login(other)
    for name in ("upload", "headings", "marked", "changes"):
        assert client.get(reverse(f"exchange_admin:{name}", args=[upload.pk])).status_code == 404
    for name in ("check", "confirm", "discard"):
        assert client.post(reverse(f"exchange_admin:{name}", args=[upload.pk])).status_code == 404
    assert actions.sweep(now=clock.now() + actions.KEEP - dt.timedelta(hours=1)) == 0
    assert actions.sweep(now=clock.now() + actions.KEEP + dt.timedelta(hours=1)) == 1
    upload.refresh_from_db()
    assert not upload.folder.exists() and upload.state == State.DISCARDED
    client.force_login(the_office.hr)
    assert "放弃或过期" in the_office.page(upload).content.decode()
    assert client.get(reverse("exchange_admin:marked", args=[upload.pk])).status_code == 404


def test_a_discarded_file_is_gone_at_once(the_office, django_capture_on_commit_callbacks):
    upload = the_office.upload(GOOD)
    with django_capture_on_commit_callbacks(execute=True):
        the_office.client.post(reverse("exchange_admin:discard", args=[upload.pk]))
    assert not upload.folder.exists()
    assert the_office.confirm(upload).status_code == 409


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"PK\x03\x04 broken", "打不开"), (b"%PDF-1.7", "不是表格文件"), (b"", "文件是空的")],
)
def test_what_is_no_spreadsheet_is_told_on_the_form_and_not_kept(the_office, content, sentence, settings):
    response = the_office.post(content, "花名册.xlsx")
    assert response.status_code == 422 and sentence in response.content.decode()
    assert not Upload.objects.exists() and not list((settings.PRIVATE_ROOT / "uploads").glob("*"))


def test_people_without_a_list_get_403_and_no_menu_entry(the_office, client):
    officer = grant(AccountFactory(), Role.DISCIPLINE_OFFICER, the_office.bureau)
    client.force_login(officer)
    assert client.get(reverse("exchange_admin:index")).status_code == 403
    assert "/admin/exchange/" not in client.get("/admin/").content.decode()
    client.force_login(the_office.hr)
    assert "/admin/exchange/" in client.get("/admin/").content.decode()
    assert client.get(reverse("exchange_admin:receive", args=["nothing"])).status_code == 404
    assert client.get(reverse("exchange_admin:export", args=["roster", "pdf"])).status_code == 404
