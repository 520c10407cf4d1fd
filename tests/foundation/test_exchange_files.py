"""Files that are no list, by the back office: a trainer's bank, an editor's statutes, and people who have neither."""

import datetime as dt
import io
import shutil

import openpyxl
import pytest
from django.conf import settings
from django.urls import reverse

from content.models import StudyMaterialPage
from foundation.exchange import parcels
from foundation.exchange.reading import MOST_BYTES
from foundation.jobs import actions as jobs
from foundation.jobs.models import Job
from foundation.offers import clock
from foundation.people.actions import end_role
from foundation.people.enums import Role
from foundation.people.models import RoleGrant
from learning.questions.models import Bank
from learning.questions.queries import newest_versions
from tests.factories.content import STATUTE, portal
from tests.factories.people import AccountFactory, grant, office

pytestmark = pytest.mark.django_db


def file(name, content):
    made = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    made.name = name
    return made


def receive(client, kind, files, **said):
    """Upload; the answer, redirects not followed."""
    return client.post(reverse("exchange_admin:receive_files", args=[kind]), {"sent": files, **said})


def confirm(client, page):
    return client.post(f"{page}confirm/")


@pytest.fixture
def bureau():
    return office()


@pytest.fixture
def trainer(bureau):
    return grant(AccountFactory(name="培训"), Role.TRAINER, bureau)


@pytest.fixture
def editor(bureau):
    return grant(AccountFactory(name="编辑"), Role.EDITOR, bureau)


@pytest.fixture
def given(client, trainer):
    """The workbook that trainers are given to write over."""
    client.force_login(trainer)
    url = reverse("exchange_admin:sample", args=["questions"])
    assert url in client.get(reverse("exchange_admin:receive_files", args=["questions"])).content.decode()
    return client.get(url).content


@pytest.fixture
def sample(given):
    """The same, its examples written over."""
    book = openpyxl.load_workbook(io.BytesIO(given))
    stem = next(cell.column for cell in book.active[1] if cell.value == "题干")
    for row in range(2, book.active.max_row + 1):
        book.active.cell(row, stem).value = f"自己的第 {row - 1} 题"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def test_the_sample_as_it_is_holds_examples_only(client, trainer, given):
    sent = receive(client, "questions", [file("题库.xlsx", given)], bank="业务题库")
    page = client.get(sent.url).content.decode()
    assert page.count("还是样表里的示例") == 3
    assert confirm(client, sent.url).status_code == 409


def test_the_sample_holds_a_question_of_each_kind_and_is_brought_in_once_it_is_written_over(client, trainer, sample):
    sent = receive(client, "questions", [file("题库.xlsx", sample)], bank="业务题库")
    page = client.get(sent.url).content.decode()
    assert "确认导入" in page and not Bank.objects.exists()
    started = confirm(client, sent.url)
    job = Job.objects.get(kind=parcels.BRING_IN)
    assert started.url == reverse("jobs:progress", args=[job.pk])
    jobs.run(job.pk)
    bank = Bank.objects.get(name="业务题库")
    assert [one.kind for one in newest_versions(bank)] == ["single", "multiple", "true_false"]
    done = client.get(sent.url).content.decode()
    assert "已经导入" in done and reverse("banks:inspect", args=[bank.pk]) in done and "确认导入" not in done


def test_the_same_bank_again_has_nothing_to_bring_in(client, trainer, sample):
    first = receive(client, "questions", [file("题库.xlsx", sample)], bank="业务题库")
    confirm(client, first.url)
    jobs.run(Job.objects.get().pk)
    again = receive(client, "questions", [file("题库.xlsx", sample)], bank="业务题库")
    assert "完全一样" in client.get(again.url).content.decode()
    assert confirm(client, again.url).status_code == 409


def test_bad_questions_are_named_by_their_row_and_the_good_ones_go_in(client, trainer, sample):
    book = openpyxl.load_workbook(io.BytesIO(sample))
    sheet = book.active
    key = next(cell.column for cell in sheet[1] if cell.value == "正确答案")
    sheet.cell(2, key).value = "Z"
    changed = io.BytesIO()
    book.save(changed)
    sent = receive(client, "questions", [file("题库.xlsx", changed.getvalue())], bank="业务题库")
    page = client.get(sent.url).content.decode()
    assert f"{sheet.title}!2" in page and "没有对应的选项" in page
    confirm(client, sent.url)
    jobs.run(Job.objects.get().pk)
    assert newest_versions(Bank.objects.get()).count() == 2


def test_two_clicks_start_one_job_and_a_second_run_changes_nothing(client, trainer, sample):
    sent = receive(client, "questions", [file("题库.xlsx", sample)], bank="业务题库")
    assert confirm(client, sent.url).status_code == 302
    assert confirm(client, sent.url).status_code == 409
    job = Job.objects.get()
    jobs.run(job.pk)
    parcel = parcels.parcel_of(trainer, job.ids["parcel"])
    parcels.bring_in(parcel=parcel, actor=trainer)
    assert newest_versions(Bank.objects.get()).count() == 3


def test_an_editor_brings_in_statutes_as_one_job(client, editor):
    portal()
    client.force_login(editor)
    files = [file("canteen.md", STATUTE), file("cars.txt", "# 公务用车办法\n\n第一条 用车实行派单。")]
    sent = receive(client, "materials", files, source="办公室")
    assert not StudyMaterialPage.objects.exists()
    confirm(client, sent.url)
    jobs.run(Job.objects.get().pk)
    assert set(StudyMaterialPage.objects.live().values_list("slug", "source")) == {
        ("canteen", "办公室"),
        ("cars", "办公室"),
    }


def test_one_bad_text_keeps_all_out_and_is_named(client, editor):
    portal()
    client.force_login(editor)
    sent = receive(client, "materials", [file("canteen.md", STATUTE), file("empty.md", "# 只有标题")])
    page = client.get(sent.url).content.decode()
    assert "empty.md" in page and "没有正文" in page and "确认导入" not in page
    assert confirm(client, sent.url).status_code == 409


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["a.docx"], "只能是 .md、.txt 文件"),
        (["a.md", "A.MD"], "请改名后再传"),
        ([f"{number}.md" for number in range(51)], "一次最多 50 个文件"),
        ([], "请选择一个文件"),
    ],
)
def test_what_is_not_taken_is_refused_with_a_sentence_and_leaves_nothing(client, editor, names, sentence):
    client.force_login(editor)
    answer = receive(client, "materials", [file(name, STATUTE) for name in names])
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not list(settings.PRIVATE_ROOT.glob("uploads/*"))


@pytest.mark.parametrize(
    ("sizes", "sentence"),
    [
        ({"canteen.md": 9, "empty.md": 0, "void.txt": 0}, "“empty.md”“void.txt”是空的，请去掉或换一个文件。"),
        ({"empty.md": 0}, "“empty.md”是空的"),
        ({"canteen.md": 9, "huge.md": MOST_BYTES + 1}, "“huge.md”超过 20 MB"),
    ],
)
def test_a_file_that_is_empty_or_too_large_is_named(client, editor, sizes, sentence):
    client.force_login(editor)
    answer = receive(client, "materials", [file(name, b"a" * size) for name, size in sizes.items()])
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not list(settings.PRIVATE_ROOT.glob("uploads/*"))


def test_a_name_cannot_lead_out_of_its_folder(client, editor):
    portal()
    client.force_login(editor)
    sent = receive(client, "materials", [file("..\\..\\x/..\x00/条例.md", STATUTE)])
    (kept,) = settings.PRIVATE_ROOT.glob("uploads/*/files/*")
    assert kept.name == "条例.md" and "条例.md" in client.get(sent.url).content.decode()


def test_a_parcel_is_its_owners_alone_and_ends_with_the_role(client, editor, trainer, sample):
    sent = receive(client, "questions", [file("题库.xlsx", sample)], bank="业务题库")
    client.force_login(editor)
    assert client.get(sent.url).status_code == 404 and confirm(client, sent.url).status_code == 404
    client.force_login(trainer)
    confirm(client, sent.url)
    end_role(grant=RoleGrant.objects.get(account=trainer), last_day=clock.today() - dt.timedelta(days=1), actor=editor)
    job = Job.objects.get()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed" and "没有导入题库的权限" in job.message and not Bank.objects.exists()


def test_files_that_were_swept_meanwhile_are_asked_for_again(client, trainer, sample):
    sent = receive(client, "questions", [file("题库.xlsx", sample)], bank="业务题库")
    confirm(client, sent.url)
    shutil.rmtree(settings.PRIVATE_ROOT / "uploads")
    job = Job.objects.get()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed" and "请重新上传" in job.message
    assert client.get(sent.url).status_code == 404


def test_each_finds_the_own_imports_and_nobody_elses(client, editor, trainer):
    index = reverse("exchange_admin:index")
    client.force_login(editor)
    page = client.get(index).content.decode()
    assert "files/materials/" in page and "files/questions/" not in page and "花名册" not in page
    assert "/sample/" not in client.get(reverse("exchange_admin:receive_files", args=["materials"])).content.decode()
    assert client.get(reverse("exchange_admin:receive_files", args=["questions"])).status_code == 403
    assert client.get(reverse("exchange_admin:receive_files", args=["nothing"])).status_code == 404
    assert client.get(reverse("exchange_admin:sample", args=["materials"])).status_code == 404
