"""A trainer's bank, question by question: what is written by hand is held to what an import is held to."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.audit.models import Entry
from foundation.offers.types import Ref, Refused
from foundation.people.enums import Role
from learning.exams.actions import start_sitting
from learning.questions import actions
from learning.questions.importers import import_questions
from learning.questions.models import Question, QuestionVersion
from learning.questions.queries import newest_versions
from tests.factories import learning
from tests.factories.people import AccountFactory, CadreFactory, grant, office, section

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 24, 2, tzinfo=dt.UTC)
WRITTEN = {
    "kind": "single",
    "stem": "公务用车应当喷涂什么？",
    "options": "统一标识\n单位名称",
    "key": "A",
    "marks": "2",
    "topic": "用车",
    "source": "公务用车管理办法第十条",
    "explanation": "",
}


@pytest.fixture
def bank():
    return learning.bank()


@pytest.fixture
def trainer(client):
    account = grant(AccountFactory(username="trainer"), Role.TRAINER, office())
    client.force_login(account)
    return account


def revise_url(question):
    return reverse("questions_admin:revise", args=[question.pk])


def form_of(client, question):
    """The form of a question as the page has it."""
    page = client.get(revise_url(question))
    return {**page.context["form"].initial, "seen": page.context["seen"]}


def test_a_question_written_by_hand_can_be_drawn(client, trainer, bank):
    url = reverse("questions_admin:add", args=[bank.pk])
    answer = client.post(url, {**WRITTEN, "seen": client.get(url).context["seen"]})
    assert answer.status_code == 302
    version = newest_versions(bank).last()
    assert (version.stem, version.options, version.key, version.marks) == (
        "公务用车应当喷涂什么？", ["统一标识", "单位名称"], ["A"], Decimal(2),
    )  # fmt: skip
    assert Entry.objects.filter(event="question.added", actor_id=trainer.pk).exists()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"key": "C"}, "正确答案 C 没有对应的选项，请核对。"),
        ({"key": "AB"}, "单选题只能有一个正确答案；如有多个，请把题型改为多选题。"),
        ({"options": "统一标识\n统一标识"}, "选项 B 与选项 A 相同，请修改。"),
        ({"options": "统一标识\n\n单位名称"}, "选项 B 为空，但后面还有选项，请补上或把后面的选项前移。"),
        ({"options": "\n".join(map(str, range(40)))}, "选项最多 8 个。"),
        ({"marks": "0"}, "0.01"),
        ({"stem": " "}, ""),
    ],
)
def test_what_an_import_would_refuse_is_refused_here(client, trainer, bank, fields, says):
    url = reverse("questions_admin:add", args=[bank.pk])
    answer = client.post(url, {**WRITTEN, "seen": client.get(url).context["seen"], **fields})
    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert Question.objects.count() == 4


def test_true_and_false_need_no_options(client, trainer, bank):
    url = reverse("questions_admin:add", args=[bank.pk])
    fields = {**WRITTEN, "kind": "true_false", "options": "", "key": "错", "seen": client.get(url).context["seen"]}
    assert client.post(url, fields).status_code == 302
    version = newest_versions(bank).last()
    assert (version.options, version.key) == (["正确", "错误"], ["B"])


def test_the_same_question_is_not_held_twice(client, trainer, bank):
    url = reverse("questions_admin:add", args=[bank.pk])
    fields = {**WRITTEN, "stem": "题 １", "options": "甲\n乙\n丙\n丁", "seen": client.get(url).context["seen"]}
    assert "题库里已有题干、选项和答案都相同的题。" in client.post(url, fields).content.decode()
    assert Question.objects.count() == 4


def test_a_revision_is_a_new_version_and_papers_keep_theirs(client, trainer, bank):
    exam, source, unit = learning.exam(bank), Ref("courses.enrolment", 1, "公务用车管理"), section("办公室", office())
    told = {"exam": exam, "now": NOW, "actor": None, "source": source, "return_url": "/"}
    paper = start_sitting(cadre=CadreFactory(unit=unit), **told)
    question = bank.questions.order_by("pk").first()
    answer = client.post(revise_url(question), {**form_of(client, question), "key": "B"})
    assert answer.status_code == 302
    assert list(question.versions.order_by("number").values_list("number", "key")) == [(1, ["A"]), (2, ["B"])]
    assert paper.slots.get(version__question=question).version.number == 1
    later = start_sitting(cadre=CadreFactory(unit=unit), **told)
    assert later.slots.get(version__question=question).version.number == 2
    entry = Entry.objects.get(event="question.revised")
    assert (entry.data["version"], entry.data["changed"]) == (2, ["key"])


def test_the_form_shows_a_version_as_it_can_be_typed(client, trainer, bank):
    draft = replace(learning.drafts(1)[0], options=("甲\n接着甲", "乙"), marks=Decimal(100))
    question = actions.add_question(bank=bank, draft=draft, actor=None)
    form = form_of(client, question)
    assert (form["options"], form["marks"]) == ("甲 接着甲\n乙", "100")
    assert client.post(revise_url(question), {**form, "key": "B"}).status_code == 302


def test_two_trainers_at_once_do_not_overwrite_each_other(client, trainer, bank):
    question = bank.questions.order_by("pk").first()
    mine, theirs = form_of(client, question), form_of(client, question)
    client.post(revise_url(question), {**theirs, "key": "B"})
    answer = client.post(revise_url(question), {**mine, "key": "C"})
    assert "这条记录已被修改" in answer.content.decode()
    assert question.versions.count() == 2


def test_the_action_itself_refuses_a_version_that_is_not_the_newest(bank):
    [draft] = learning.drafts(1, key=("B",))
    seen = newest_versions(bank).first()
    actions.revise_question(seen=seen, draft=draft, actor=None)
    with pytest.raises(Refused) as refused:
        actions.revise_question(seen=seen, draft=draft, actor=None)
    assert refused.value.code == "stale"


def test_nothing_changed_makes_no_version(client, trainer, bank):
    question = bank.questions.order_by("pk").first()
    assert "内容没有变化。" in client.post(revise_url(question), form_of(client, question)).content.decode()
    assert QuestionVersion.objects.count() == 4


def test_a_withdrawn_question_is_drawn_no_more_and_no_import_brings_it_back(client, trainer, bank):
    question = bank.questions.order_by("pk").first()
    url = reverse("questions_admin:withdraw", args=[question.pk])
    assert "题库还有 3 题在用" in client.post(url, follow=True).content.decode()
    client.post(url)  # pressed twice
    assert Entry.objects.filter(event="question.withdrawn").count() == 1
    assert question.pk not in newest_versions(bank).values_list("question_id", flat=True)
    assert actions.import_questions(bank_name=bank.name, drafts=learning.drafts(), file_name="", actor=None) == 4
    assert newest_versions(bank).count() == 3
    client.post(reverse("questions_admin:restore", args=[question.pk]))
    assert newest_versions(bank).count() == 4


def test_an_exported_bank_is_read_back_as_the_same_questions(client, trainer, bank, tmp_path):
    actions.add_question(bank=bank, draft=learning.drafts(1, "true_false", key=("B",), label="判断")[0], actor=None)
    answer = client.get(reverse("questions_admin:export", args=[bank.pk]))
    path = tmp_path / "bank.xlsx"
    path.write_bytes(answer.content)
    read, good = import_questions(path, bank=bank.name, dry_run=False, actor=None)
    assert good
    assert (read["read"], read["existing"], read["bad"]) == (5, 5, 0)
    assert Entry.objects.get(event="questions.exported").data["rows"] == 5


def test_the_bank_shows_its_questions_and_finds_among_them(client, trainer, bank):
    url = reverse("banks:inspect", args=[bank.pk])
    page = client.get(url).content.decode()
    assert all(f"题{n}" in page for n in range(1, 5))
    found = client.get(url, {"q": "题3"}).content.decode()
    assert ("题3" in found, "题2" in found) == (True, False)
    assert "没有找到这样的题目。" in client.get(url, {"q": "不存在"}).content.decode()
    assert url in client.get(reverse("banks:index")).content.decode()


def test_more_questions_ask_the_database_no_more(client, trainer, bank):
    url = reverse("banks:inspect", args=[bank.pk])
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    actions.import_questions(bank_name=bank.name, drafts=learning.drafts(40, label="又"), file_name="", actor=None)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)
