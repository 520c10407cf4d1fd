"""What visitors see: the home, the columns, the articles with their anchors; and what they must not see."""

import datetime as dt

import pytest
from django.conf import settings
from django.core.management import call_command
from wagtail.blocks import StreamBlockValidationError, StructBlockValidationError
from wagtail.models import PageViewRestriction, Site, Workflow
from wagtail.rich_text import RichText

from content.blocks import ArticleBlock, MaterialBody
from content.enums import ColumnKind
from content.models import AnnouncementPage, HomePage, NewsPage, StudyMaterialPage
from foundation.audit.models import Entry
from tests.factories.content import announcement, column, material, news, picture, portal
from tests.factories.people import AccountFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home():
    return portal()


def test_planting_twice_leaves_one_portal(home):
    portal("别的名字")
    assert HomePage.objects.get() == home
    assert {page.slug: page.title for page in home.get_children()} == {
        "news": "新闻动态",
        "announcements": "通知公告",
        "materials": "学习资料",
    }
    assert Site.objects.get(is_default_site=True).root_page_id == home.pk
    assert home.locale.language_code == "zh-hans"
    assert Workflow.objects.count() == 0  # Wagtail's sample, in English
    assert Entry.objects.filter(event="content.site_planted").count() == 1


def test_the_home_page_leads_with_the_newest_news_of_the_day(client):
    news("旧闻", day=dt.date(2026, 11, 1))
    news("今天的头条", day=dt.date(2026, 11, 24), summary="头条摘要")
    news("昨天的消息", day=dt.date(2026, 11, 23))
    response = client.get("/")
    assert (response.context["lead"].title, [page.title for page in response.context["headlines"]]) == (
        "今天的头条",
        ["昨天的消息", "旧闻"],
    )
    assert "头条摘要" in response.content.decode()


def test_rows_without_content_are_not_shown(client):
    empty = client.get("/").content.decode()
    assert ("h-news" in empty, "h-materials" in empty, "门户还没有发布内容" in empty) == (False, False, True)
    for n in range(2):
        material(f"canteen-{n}")
    assert "h-materials" not in client.get("/").content.decode()  # a row of fewer than three looks forgotten
    material("canteen-2")
    filled = client.get("/").content.decode()
    assert ("h-news" in filled, "h-materials" in filled, "门户还没有发布内容" in filled) == (False, True, False)


def test_a_draft_is_nowhere_on_the_portal(client):
    news("已发布的消息")
    draft = news("还没审完的人事消息", live=False, summary="机密摘要")
    assert client.get(f"/news/{draft.slug}/").status_code == 404
    for url in ("/", "/news/"):
        body = client.get(url).content.decode()
        assert ("已发布的消息" in body, "还没审完" in body, "机密摘要" in body) == (True, False, False)


def test_a_draft_is_no_neighbour(client):
    first = news("第一篇", day=dt.date(2026, 11, 1))
    news("还没审完的消息", day=dt.date(2026, 11, 2), live=False)
    last = news("第三篇", day=dt.date(2026, 11, 3))
    assert (first.newer, first.older, last.newer, last.older) == (last, None, None, first)
    assert "还没审完" not in client.get(first.url).content.decode()


def test_a_restricted_page_is_in_no_list(client):
    secret = news("内部消息")
    PageViewRestriction.objects.create(page=secret, restriction_type=PageViewRestriction.LOGIN)
    assert "内部消息" not in client.get("/").content.decode()
    assert "内部消息" not in client.get("/news/").content.decode()


def test_neighbours_of_one_day_follow_the_list():
    pages = [news(f"第{n}篇") for n in range(3)]
    listed = list(NewsPage.objects.in_lists())
    assert listed == pages[::-1]
    assert [(page.newer, page.older) for page in listed] == [
        (None, listed[1]),
        (listed[0], listed[2]),
        (listed[1], None),
    ]


def test_a_column_turns_its_pages_by_twenty(client):
    for n in range(21):
        news(f"消息{n:02d}", day=dt.date(2026, 11, 1) + dt.timedelta(days=n))
    first, second, nonsense = (client.get("/news/", query) for query in ({}, {"page": 2}, {"page": "最后"}))
    assert [page.title for page in first.context["pages"]] == [f"消息{n:02d}" for n in range(20, 0, -1)]
    assert [page.title for page in second.context["pages"]] == ["消息00"]
    assert nonsense.context["pages"].number == 1
    assert ("下一页" in first.content.decode(), "上一页" in first.content.decode()) == (True, False)
    assert ("下一页" in second.content.decode(), "上一页" in second.content.decode()) == (False, True)


@pytest.mark.parametrize(("url", "queries"), [("/", 14), ("/news/", 12), ("/announcements/", 10), ("/materials/", 10)])
def test_three_pages_cost_as_many_queries_as_one(client, url, queries, django_assert_num_queries):
    def fill(n):
        news(f"消息{n}", lead_image=picture())
        announcement(f"通知{n}")
        material(f"canteen-{n}")

    fill(1)
    client.get(url)  # makes the pictures' renditions, once for all
    with django_assert_num_queries(queries):
        client.get(url)
    fill(2)
    fill(3)
    client.get(url)
    with django_assert_num_queries(queries):
        response = client.get(url)
    assert response.content.decode().count("</h3>" if url == "/" else "</h2>") >= 3


def test_each_article_and_chapter_has_its_anchor(client):
    material("canteen")
    body = client.get("/materials/canteen/").content.decode()
    assert all(body.count(f'id="{anchor}"') == 1 for anchor in ("art-1", "art-2", "art-3", "ch-1", "ch-2"))
    assert 'href="#ch-2"' in body
    assert body.count("<h1") == 1


@pytest.mark.skipif(not settings.INPUT.is_dir(), reason=f"the folder of real inputs is absent: {settings.INPUT}")
def test_a_question_can_cite_article_35_of_the_civil_servants_law(client):
    law = (settings.INPUT / "laws" / "civil-servants-law-2018.md").read_text(encoding="utf-8")
    page = material("civil-servants-law-2018", text=law)
    body = client.get("/materials/civil-servants-law-2018/").content.decode()
    article = body.split('id="art-35"')[1].split("</div>")[0]
    assert "第三十五条" in article
    assert "公务员的考核应当按照管理权限" in article
    assert all(f'id="art-{n}"' in body for n in range(1, 114))
    assert page.reading_minutes == 30


def test_an_article_number_of_an_amended_statute_has_its_own_anchor():
    block = ArticleBlock()
    value = block.to_python({"number": "第一百二十条之一", "text": "甲"})
    assert value.anchor == "art-120-1"


@pytest.mark.parametrize("number", ["第12条", "十二条", "第十二条规定"])
def test_an_article_number_that_nothing_can_cite_is_refused(number):
    block = ArticleBlock()
    with pytest.raises(StructBlockValidationError) as error:
        block.clean(block.to_python({"number": number, "text": "甲"}))
    assert error.value.block_errors["number"].messages == ["条号写作第…条，用汉字数字，例如第十二条。"]


def test_an_article_stands_once_in_a_text():
    body = MaterialBody()
    raw = [{"type": "article", "value": {"number": number, "text": "甲"}} for number in ("第一条", "第二条", "第一条")]
    with pytest.raises(StreamBlockValidationError) as error:
        body.clean(body.to_python(raw))
    assert list(error.value.block_errors) == [2]


def test_an_announcement_stands_on_the_home_page_in_its_column_and_is_found(client):
    page = announcement(
        "关于冬季供暖的通知",
        source="公共机构节能处",
        document_number="局发〔2026〕12号",
        body=[("formatted_text", RichText("<p>下班后及时关闭用电设备。</p>"))],
    )
    home = client.get("/").content.decode()
    assert "h-announcements" in home and page.title in home and "门户还没有发布内容" not in home
    assert page.title in client.get("/announcements/").content.decode()
    shown = client.get(page.url).content.decode()
    assert all(word in shown for word in ("公共机构节能处", "局发〔2026〕12号", "关闭用电设备"))
    call_command("update_index", verbosity=0)
    found = client.get("/search/", {"q": "用电设备"}).content.decode()
    assert page.title in found and "<mark>用电设备</mark>" in found


def test_a_page_stands_only_in_columns_of_its_kind():
    materials, newsroom = column(ColumnKind.MATERIALS), column(ColumnKind.NEWS)
    assert [NewsPage.can_create_at(materials), NewsPage.can_create_at(newsroom)] == [False, True]
    assert [StudyMaterialPage.can_create_at(materials), StudyMaterialPage.can_create_at(newsroom)] == [True, False]
    board = column(ColumnKind.ANNOUNCEMENTS)
    assert [AnnouncementPage.can_create_at(parent) for parent in (board, newsroom)] == [True, False]


def test_a_visitor_is_asked_to_sign_in_and_a_member_is_greeted(client):
    assert "登录后查看你的事项" in client.get("/").content.decode()
    client.force_login(AccountFactory(name="周立新"))
    assert "周立新，你好" in client.get("/").content.decode()
