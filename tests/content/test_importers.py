"""bin/manage import materials: all or nothing, and the same file again changes nothing."""

import json
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from content.enums import ColumnKind
from content.models import ColumnPage, HomePage, StudyMaterialPage
from foundation.audit.models import Entry
from tests.factories.content import STATUTE, material, portal

pytestmark = pytest.mark.django_db
needs_input = pytest.mark.skipif(
    not settings.INPUT.is_dir(), reason=f"the folder of real inputs is absent: {settings.INPUT}"
)


def run(*arguments):
    """The command's answer and exit code."""
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("import", "materials", *map(str, arguments), stdout=out)
    return json.loads(out.getvalue()), end.value.code


def answer(new=0, changed=0, unchanged=0, bad=0, problems=()):
    return {"new": new, "changed": changed, "unchanged": unchanged, "bad": bad, "problems": list(problems)}


def problem(column, what, level="bad"):
    return {"row": 0, "column": column, "what": what, "level": level}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "canteen.md").write_text(STATUTE, encoding="utf-8")
    (tmp_path / "cars.md").write_text("# 公务用车办法\n\n第一条 用车实行派单。", encoding="utf-8")
    (tmp_path / "notes.docx").write_bytes(b"left alone: not one of the endings")
    return tmp_path


@needs_input
def test_the_real_texts_become_nine_pages_and_stay_nine(tmp_path):
    for file in [*settings.INPUT.glob("laws/*.md"), settings.INPUT / "office-affairs-reform-essay.txt"]:
        (tmp_path / file.name).write_bytes(file.read_bytes())
    first, _code = run(tmp_path)
    assert (first["new"], first["bad"]) == (9, 0)
    second, code = run(tmp_path)
    assert (second["unchanged"], second["new"], second["changed"], code) == (9, 0, 0, 0)
    assert StudyMaterialPage.objects.live().count() == 9
    assert {page.revisions.count() for page in StudyMaterialPage.objects.all()} == {1}


def test_an_empty_installation_gets_its_portal_with_the_first_import(folder):
    assert run(folder) == (answer(new=2), 0)
    assert ColumnPage.objects.get(kind=ColumnKind.MATERIALS).get_children().count() == 2
    assert Entry.objects.filter(event="content.material_imported").count() == 2


def test_a_dry_run_answers_the_same_and_writes_nothing(folder):
    assert run(folder, "--dry-run") == (answer(new=2), 0)
    assert (StudyMaterialPage.objects.count(), HomePage.objects.count()) == (0, 0)


def test_only_the_changed_file_makes_a_revision(folder):
    run(folder)
    (folder / "cars.md").write_text("# 公务用车办法\n\n第一条 用车实行平台派单。", encoding="utf-8")
    assert run(folder) == (answer(changed=1, unchanged=1), 0)
    assert {page.slug: page.revisions.count() for page in StudyMaterialPage.objects.all()} == {"canteen": 1, "cars": 2}
    assert StudyMaterialPage.objects.get(slug="cars").body[0].value["text"] == "用车实行平台派单。"


def test_the_same_file_leaves_an_editors_work_alone(folder):
    run(folder)
    page = StudyMaterialPage.objects.get(slug="cars")
    page.summary = "编辑写的摘要"
    page.save_revision().publish()
    assert run(folder) == (answer(unchanged=2), 0)
    assert StudyMaterialPage.objects.get(slug="cars").summary == "编辑写的摘要"


def test_one_bad_file_keeps_all_out(folder):
    (folder / "twice.md").write_text("# 重复\n\n第一条 甲\n\n第一条 乙", encoding="utf-8")
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    assert run(folder) == (
        answer(
            new=2,
            bad=2,
            problems=[
                problem("picture.txt", "不是文本文件。Word 文档请另存为纯文本（UTF-8）再导入。"),
                problem("twice.md", "条号重复：第一条。"),
            ],
        ),
        1,
    )
    assert StudyMaterialPage.objects.count() == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_what_windows_saves_is_read(tmp_path, encoding):
    file = tmp_path / "canteen.txt"
    file.write_bytes(STATUTE.replace("\n", "\r\n").encode(encoding))
    assert run(file) == (answer(new=1), 0)
    assert StudyMaterialPage.objects.get().title == "食堂管理办法"


def test_doubts_are_named_but_do_not_stop(tmp_path):
    file = tmp_path / "essay.txt"
    file.write_text("第一条 甲\n\n第三条 乙", encoding="utf-8")
    assert run(file) == (
        answer(
            new=1,
            problems=[
                problem("essay.txt", "文中没有标题，以文件名为标题；要用别的标题，请在第一行写“# 标题”。", "warning"),
                problem("essay.txt", "条号不连续，缺第 2 条。", "warning"),
            ],
        ),
        0,
    )


def test_a_text_of_a_known_title_under_another_name_is_named_and_taken(folder):
    run(folder)
    (folder / "cars.md").rename(folder / "official-cars.md")
    twin = problem("official-cars.md", "已有同名资料《公务用车办法》（网址 cars），请核对。", "warning")
    assert run(folder, "--dry-run") == (answer(new=1, unchanged=1, problems=[twin]), 0)
    assert run(folder) == (answer(new=1, unchanged=1, problems=[twin]), 0)


def test_two_files_of_one_title_are_named_too(folder):
    (folder / "dining.md").write_text(STATUTE, encoding="utf-8")
    result, code = run(folder)
    assert (result["new"], code) == (3, 0)
    assert result["problems"] == [
        problem("dining.md", "已有同名资料《食堂管理办法》（网址 canteen），请核对。", "warning")
    ]


def test_an_import_publishes_on_record_once(folder):
    run(folder)
    run(folder)
    published = Entry.objects.filter(event="content.page_published", target_label="content.studymaterialpage")
    assert sorted(published.values_list("target_name", flat=True)) == ["公务用车办法", "食堂管理办法"]


def test_the_title_may_be_given(tmp_path):
    file = tmp_path / "essay.txt"
    file.write_text("一段话。", encoding="utf-8")
    assert run(file, "--title", "机关事务工作改革发展", "--source", "研究室") == (answer(new=1), 0)
    page = StudyMaterialPage.objects.get()
    assert (page.title, page.slug, page.source) == ("机关事务工作改革发展", "essay", "研究室")


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("absent.md", None, "没有找到文件或文件夹"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00", "不是文本文件"),
        ("huge.txt", b"a" * (2 * 1024 * 1024 + 1), "文件超过 2 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_in_a_sentence(tmp_path, name, data, what):
    file = tmp_path / name
    if data is not None:
        file.write_bytes(data)
    result, code = run(file)
    assert (len(result["problems"]), code) == (1, 2)
    assert result["problems"][0]["what"].startswith(what)


def test_an_empty_text_is_refused(tmp_path):
    file = tmp_path / "empty.md"
    file.write_text("# 只有标题", encoding="utf-8")
    assert run(file) == (answer(bad=1, problems=[problem("empty.md", "没有正文。")]), 1)


def test_the_facts_of_a_statute_stand_on_its_page():
    portal()
    page = material("canteen")
    assert (page.title, page.notes, page.summary, page.live) == (
        "食堂管理办法",
        "2026年3月1日 市政府令第7号公布",
        "为了管好食堂，制定本办法。",
        True,
    )
    assert [(heading.anchor, heading.title, heading.span) for heading in page.outline] == [
        ("ch-1", "总则", "第一条"),
        ("ch-2", "用餐", "第二条—第三条"),
    ]
