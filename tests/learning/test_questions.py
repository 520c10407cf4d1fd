"""Banks as trainers keep them: read with patience, refused row by row, never written twice."""

import json
from decimal import Decimal

import pytest
import xlsxwriter
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction

from foundation.audit.models import Entry
from foundation.offers.types import Unreadable
from foundation.people.actions import command_account
from learning.questions.importers import import_questions
from learning.questions.models import Bank, Question, QuestionVersion
from learning.questions.queries import newest_versions
from learning.questions.rules import Draft
from learning.questions.sheets import SAMPLE, SAMPLE_COLUMNS
from tests.factories.learning import bank, drafts

pytestmark = pytest.mark.django_db
HEADINGS = ["题型", "题干", "选项A", "选项B", "选项C", "选项D", "正确答案", "分值", "知识点", "来源", "解析"]
CAR = [
    "单选题",
    "公务用车标识",
    "自行决定",
    "统一标识",
    "只喷机要车",
    "都不喷",
    "B",
    2,
    "用车",
    "管理办法第十条",
    "应当统一",
]


def workbook(path, *sheets):
    """sheets: (name, rows)."""
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def run(path, *, bank="业务题库", dry_run=False):
    return import_questions(path, bank=bank, dry_run=dry_run, actor=command_account())


def test_a_title_row_and_headings_in_peoples_own_words(tmp_path):
    path = workbook(
        tmp_path / "bank.xlsx",
        (
            "题库",
            [
                ["2026 年业务题库"],
                [],
                [
                    "序号",
                    "试题类型",
                    "题目",
                    "A",
                    "选项 B",
                    "C选项",
                    "答案",
                    "分数",
                    "考点",
                    "出处",
                    "答案解析",
                    "难度",
                ],
                ["一、选择题"],
                [1, "单选", "甲？", "A. 一", "B、二", "三", "ｂ", "2分", "", "", "", "易"],
                [2, "多项选择题", "乙（　）", "一", "二", "三", "A、C", 3, "", "", "", "难"],
                [3, "判断", "丙", "", "", "", "错误", "", "", "", "", ""],
                [4, "", "丁", "一", "二", "", "a, b", 1, "", "", "", ""],
                ["合计", "", "", "", "", "", "", 8, "", "", "", ""],
            ],
        ),
    )
    answer, accepted = run(path)
    assert (answer, accepted) == ({"read": 4, "good": 4, "bad": 0, "existing": 0, "problems": []}, True)
    rows = QuestionVersion.objects.order_by("pk").values_list("kind", "stem", "options", "key", "marks")
    assert list(rows) == [
        ("single", "甲？", ["一", "二", "三"], ["B"], Decimal(2)),
        ("multiple", "乙（　）", ["一", "二", "三"], ["A", "C"], Decimal(3)),
        ("true_false", "丙", ["正确", "错误"], ["B"], Decimal(1)),
        ("multiple", "丁", ["一", "二"], ["A", "B"], Decimal(1)),
    ]


def test_every_fault_is_named_with_its_row_and_the_good_ones_are_written(tmp_path):
    path = workbook(
        tmp_path / "bank.xlsx",
        (
            "单选",
            [
                HEADINGS,
                CAR,
                ["单选题", "", "一", "二", "", "", "", 2],
                ["填空题", "首都是____", "", "", "", "", "北京", 2],
                ["单选题", "答案两个", "一", "二", "", "", "AB", 2],
                ["单选题", "没有这个选项", "一", "二", "", "", "D", 0],
                ["单选题", "空一个", "一", "", "三", "一", "A", "两分"],
            ],
        ),
        ("说明", [["请按模板填写"]]),
    )
    answer, accepted = run(path)
    assert accepted
    assert (answer["read"], answer["good"], answer["bad"], answer["existing"]) == (6, 1, 5, 0)
    assert [(problem["where"], problem["what"][:9]) for problem in answer["problems"]] == [
        ("单选!3", "题干为空，请填写。"),
        ("单选!3", "没有正确答案，请填"),
        ("单选!4", "不认识题型“填空题"),
        ("单选!4", "选项不足两个，请补"),
        ("单选!4", "正确答案 北京 没"),
        ("单选!5", "单选题只能有一个正"),
        ("单选!6", "正确答案 D 没有"),
        ("单选!6", "分值应当大于 0 "),
        ("单选!7", "分值“两分”不是数"),
        ("单选!7", "选项 B 为空，但"),
        ("单选!7", "选项 D 与选项 "),
        ("说明!1", "前 10 行里没有"),
    ]
    assert list(QuestionVersion.objects.values_list("stem", flat=True)) == ["公务用车标识"]


def test_an_option_beyond_the_last_letter_is_a_fault_and_is_never_dropped(tmp_path):
    headings = ["题型", "题干", *(f"选项{letter}" for letter in "ABCDEFGHI"), "选项十", "答案"]
    nine = ["多选题", "九个选项", *"一二三四五六七八九", "", "AB"]
    eight = ["多选题", "八个选项", *"一二三四五六七八", "", "", "AB"]
    answer, accepted = run(workbook(tmp_path / "bank.xlsx", ("题库", [headings, nine, eight])))
    assert accepted
    assert answer["problems"] == [
        {"where": "题库!1", "what": "选项十：不认识这一列，没有导入。"},
        {"where": "题库!2", "what": "有 9 个选项，最多 8 个（A–H），请删减。"},
    ]
    assert list(QuestionVersion.objects.values_list("stem", "options")) == [("八个选项", list("一二三四五六七八"))]


def test_an_example_of_the_sample_is_no_question_and_a_multiple_choice_may_have_one_right_answer(tmp_path):
    headings = [column.headings[0] for column in SAMPLE_COLUMNS]
    examples = [[row.get(column.name, "") for column in SAMPLE_COLUMNS] for row in SAMPLE]
    mine = dict(SAMPLE[1]) | {"stem": "下列哪些说法正确？", "key": "B"}
    rows = [headings, *examples, [mine.get(column.name, "") for column in SAMPLE_COLUMNS]]
    answer, _good = run(workbook(tmp_path / "bank.xlsx", ("题库", rows)))
    assert (answer["good"], answer["bad"]) == (1, 3)
    assert [problem["where"] for problem in answer["problems"]] == ["题库!2", "题库!3", "题库!4"]
    assert all("还是样表里的示例" in problem["what"] for problem in answer["problems"])
    assert QuestionVersion.objects.get().key == ["B"]


def test_marks_that_the_database_would_round_are_a_fault(tmp_path):
    rows = [[*CAR[:1], f"题{marks}", *CAR[2:7], marks] for marks in ("0.001", "1.005", "0.01", "2.5", "2.50")]
    answer, accepted = run(workbook(tmp_path / "bank.xlsx", ("题库", [HEADINGS, *rows])))
    assert accepted
    assert answer["problems"] == [{"where": f"题库!{row}", "what": "分值最多两位小数，最小 0.01。"} for row in (2, 3)]
    kept = QuestionVersion.objects.order_by("pk").values_list("marks", flat=True)
    assert list(kept) == [Decimal("0.01"), Decimal("2.5"), Decimal("2.5")]


def test_the_database_refuses_a_question_that_is_worth_nothing():
    with pytest.raises(IntegrityError), transaction.atomic():
        bank(questions=drafts(1, marks="0.001"))
    assert not QuestionVersion.objects.exists()


def test_the_same_question_is_written_once(tmp_path):
    path = workbook(tmp_path / "a.xlsx", ("题库", [HEADINGS, CAR, [*CAR[:1], " 公务用车 标识", *CAR[2:]]]))
    assert run(path)[0] == {"read": 2, "good": 2, "bad": 0, "existing": 1, "problems": []}
    assert run(path)[0]["existing"] == 2
    assert run(path, bank="另一题库")[0]["existing"] == 1
    assert set(Question.objects.values_list("bank__name", flat=True)) == {"业务题库", "另一题库"}
    assert Entry.objects.filter(event="questions.imported").count() == 3


def test_a_dry_run_writes_nothing_and_says_the_same(tmp_path):
    path = workbook(tmp_path / "a.xlsx", ("题库", [HEADINGS, CAR]))
    assert run(path, dry_run=True) == ({"read": 1, "good": 1, "bad": 0, "existing": 0, "problems": []}, True)
    assert (Bank.objects.count(), Question.objects.count()) == (0, 0)
    assert not Entry.objects.filter(event__in=["questions.imported", "bank.created"]).exists()


def test_nothing_good_is_a_refusal_and_opens_no_bank(tmp_path):
    path = workbook(tmp_path / "a.xlsx", ("题库", [["姓名", "工号"], ["周立新", "JG1"]]))
    answer, accepted = run(path)
    assert not accepted
    assert (answer["read"], [problem["where"] for problem in answer["problems"]]) == (0, ["题库!1"])
    assert not Bank.objects.exists()


@pytest.mark.parametrize("content", [b"1. a\nA. x\nANSWER: A\n", b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 old"])
def test_another_kind_of_file_is_unreadable_whatever_its_name(tmp_path, content):
    path = tmp_path / "bank.xlsx"
    path.write_bytes(content)
    with pytest.raises(Unreadable):
        run(path)


def test_a_workbook_is_recognised_without_its_ending(tmp_path):
    path = workbook(tmp_path / "bank.xlsx", ("题库", [HEADINGS, CAR])).rename(tmp_path / "bank.txt")
    assert run(path)[0]["good"] == 1


def test_the_wording_of_a_question_never_changes(tmp_path):
    run(workbook(tmp_path / "a.xlsx", ("题库", [HEADINGS, CAR])))
    for attempt in (lambda: QuestionVersion.objects.update(stem="改"), lambda: QuestionVersion.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert QuestionVersion.objects.get().stem == "公务用车标识"


def test_only_the_newest_version_of_a_question_is_drawn(tmp_path):
    run(workbook(tmp_path / "a.xlsx", ("题库", [HEADINGS, CAR])))
    old = QuestionVersion.objects.get()
    fields = {f.attname: getattr(old, f.attname) for f in QuestionVersion._meta.fields if f.name != "id"}
    new = QuestionVersion.objects.create(**fields | {"number": 2, "stem": "公务用车标识（修订）"})
    assert list(newest_versions(Bank.objects.get())) == [new]


def test_fingerprints_ignore_width_and_spaces_and_nothing_else():
    one = Draft(kind="single", stem="不得 使用（公车）", options=("甲", "乙"), key=("A",), marks=Decimal(1))
    same = Draft(kind="single", stem="不得使用(公车)", options=("甲 ", "乙"), key=("A",), marks=Decimal(2))
    other = Draft(kind="single", stem="应当使用（公车）", options=("甲", "乙"), key=("A",), marks=Decimal(1))
    assert one.fingerprint == same.fingerprint != other.fingerprint


@pytest.mark.skipif(not (settings.INPUT / "banks").is_dir(), reason="the real inputs are not here")
def test_the_real_bank_by_the_command(capsys):
    file = settings.INPUT / "banks" / "gaokao-history.xlsx"
    answers = []
    for arguments in (["--dry-run"], [], []):
        with pytest.raises(SystemExit) as end:
            call_command("import", "questions", file, "--bank", "历史", *arguments)
        assert end.value.code == 0
        answers.append(json.loads(capsys.readouterr().out))
    whole = {"read": 235, "good": 235, "bad": 0, "existing": 0, "problems": []}
    assert answers == [whole, whole, whole | {"existing": 235}]
    assert Question.objects.count() == 235
