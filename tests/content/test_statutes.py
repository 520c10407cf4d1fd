"""Statutes are taken apart completely: every article, counted through."""

import datetime as dt

import pytest
from django.conf import settings

from content.numerals import number
from content.statutes import Article, Chapter, parse
from tests.factories.content import STATUTE

LAWS = settings.INPUT / "laws"
needs_input = pytest.mark.skipif(not LAWS.is_dir(), reason=f"the folder of real inputs is absent: {settings.INPUT}")


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("一", 1),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("九十九", 99),
        ("一百", 100),
        ("一百零三", 103),
        ("一百一十", 110),
        ("一百一十三", 113),
        ("三百二十四", 324),
        ("一千零一十", 1010),
        ("一千二百六十", 1260),
        ("二〇二四", 2024),
    ],
)
def test_chinese_numerals(numeral, value):
    assert number(numeral) == value


@pytest.mark.parametrize("numeral", ["", "12", "第一", "甲"])
def test_what_is_no_numeral_is_refused(numeral):
    with pytest.raises(ValueError, match="numeral"):
        number(numeral)


def test_a_statute_falls_into_chapters_articles_and_items():
    statute = parse(STATUTE)
    assert (statute.title, statute.notes) == ("食堂管理办法", ("2026年3月1日 市政府令第7号公布",))
    assert [(chapter.number_zh, chapter.number, chapter.title) for chapter in statute.chapters] == [
        ("第一章", 1, "总则"),
        ("第二章", 2, "用餐"),
    ]
    assert statute.chapters[1].articles == (
        Article("第二条", 2, ("用餐实行预约。", "（一）早餐前一日预约；", "（二）午餐当日十时前预约。")),
        Article("第三条", 3, ("本办法自2026年4月1日起施行。",)),
    )
    assert (statute.promulgated_on, statute.effective_on) == (dt.date(2026, 3, 1), dt.date(2026, 4, 1))


@pytest.mark.parametrize(
    ("text", "missing", "repeated"),
    [
        ("第一条 甲\n第二条 乙", [], []),
        ("第一条 甲\n第四条 乙", [2, 3], []),
        ("第一条 甲\n第二条 乙\n第二条 丙", [], ["第二条"]),
        ("第一条 甲\n第一条之一 乙\n第二条 丙", [], []),
        ("没有条文", [], []),
    ],
)
def test_gaps_and_repetitions_are_seen(text, missing, repeated):
    statute = parse(text)
    assert (statute.missing(), statute.repeated()) == (missing, repeated)


@pytest.mark.parametrize(
    "line",
    [
        "第三条规定的人员，适用本法。",  # a reference at the beginning of a paragraph, no new article
        "本法第二章、第三章适用于任免机关。",
        "依照第九条 的规定处理。",
    ],
)
def test_a_reference_is_no_article(line):
    statute = parse(f"第一条 甲。\n\n{line}")
    assert [article.paragraphs for article in statute.articles] == [("甲。", line)]


def test_sections_stand_beside_their_chapter():
    statute = parse("## 第一章 总则\n### 第一节 目的\n第一条 甲\n### 第二节 范围\n第二条 乙")
    assert [(chapter.level, chapter.title, len(chapter.articles)) for chapter in statute.chapters] == [
        ("chapter", "总则", 0),
        ("section", "目的", 1),
        ("section", "范围", 1),
    ]


def test_plain_text_is_paragraphs():
    assert parse("一段话。\n\n又一段话。").chapters == (
        Chapter("chapter", "", 0, "", paragraphs=("一段话。", "又一段话。")),
    )


def test_a_day_that_the_calendar_has_not_is_no_day():
    assert parse("第一条 本办法自2026年2月30日起施行。").effective_on is None


# title, chapters, articles, document number, promulgated on, effective on
REAL = {
    "administrative-sanctions-law-2020": ("中华人民共和国公职人员政务处分法", 7, 68, "", None, dt.date(2020, 7, 1)),
    "civil-servant-sanctions-2007": (
        *("行政机关公务员处分条例", 7, 55, "国务院令第495号"),
        *(dt.date(2007, 4, 22), dt.date(2007, 6, 1)),
    ),
    "civil-servants-law-2018": ("中华人民共和国公务员法", 18, 113, "", None, dt.date(2019, 6, 1)),
    "government-information-disclosure-2019": (
        *("中华人民共和国政府信息公开条例", 6, 56, "国务院令第711号"),
        *(dt.date(2019, 4, 3), dt.date(2019, 5, 15)),
    ),
    "office-affairs-administration-2012": (
        *("机关事务管理条例", 6, 35, "国务院令第621号"),
        *(dt.date(2012, 6, 28), dt.date(2012, 10, 1)),
    ),
    "public-institution-energy-saving-2017": (
        *("公共机构节能条例", 6, 43, "国务院令第531号"),
        *(dt.date(2008, 8, 1), dt.date(2008, 10, 1)),
    ),
    "state-secrets-law-2024": ("中华人民共和国保守国家秘密法", 6, 65, "", None, dt.date(2024, 5, 1)),
    "volunteer-service-2017": (
        *("志愿服务条例", 6, 44, "国务院令第685号"),
        *(dt.date(2017, 8, 22), dt.date(2017, 12, 1)),
    ),
}


@needs_input
@pytest.mark.parametrize("name", REAL)
def test_the_real_statutes(name):
    title, chapters, articles, *facts = REAL[name]
    statute = parse((LAWS / f"{name}.md").read_text(encoding="utf-8"))
    assert statute.title == title
    assert [chapter.number for chapter in statute.chapters] == list(range(1, chapters + 1))
    assert [article.number for article in statute.articles] == list(range(1, articles + 1))
    assert [statute.document_number, statute.promulgated_on, statute.effective_on] == facts


@needs_input
def test_no_line_of_a_real_statute_is_lost():
    for file in LAWS.glob("*.md"):
        text = file.read_text(encoding="utf-8")
        statute = parse(text)
        lines = [line.strip() for line in text.split("<!-- INFO END -->")[1].splitlines() if line.strip()]
        assert len(list(statute.paragraphs)) == len(lines) - len(statute.chapters), file.name


@needs_input
def test_the_essay_is_paragraphs_without_title():
    statute = parse((settings.INPUT / "office-affairs-reform-essay.txt").read_text(encoding="utf-8"))
    assert (statute.title, list(statute.articles), len(list(statute.paragraphs))) == ("", [], 14)
