"""Search on the database in use: the same queries, the same hits and order on SQLite and on PostgreSQL."""

import re

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import RequestFactory
from modelsearch.backends import get_search_backend
from wagtail.models import Page, PageViewRestriction, get_page_models
from wagtail.rich_text import RichText

from content.bigrams import index_text, terms
from content.models import NewsPage, StudyMaterialPage
from content.search import find, readable
from foundation.people.actions import role_group
from foundation.people.enums import Role
from tests.factories.content import material, news, portal
from tests.factories.people import AccountFactory, grant, office

pytestmark = pytest.mark.django_db
QUERIES_OF_A_SUGGESTION = 3
STATUTES = settings.ROOT / "demo" / "data" / "materials"


@pytest.mark.parametrize(
    ("text", "indexed"),
    [
        ("机关食堂", "机关 关食 食堂 堂"),
        ("第621号", "第 621 号"),
        ("ＡＢＣ①全角", "ABC1 全角 角"),
        ("a_b-c，。！", "a b c"),
        ("", ""),
        ("𠮷野家", "𠮷野 野家 家"),
    ],
)
def test_what_is_indexed(text, indexed):
    assert index_text(text) == indexed


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("机关食堂", [("机关 关食 食堂", False)]),
        ("食", [("食", True)]),
        ("国务院令第621号", [("国务 务院 院令 令第", False), ("621", False), ("号", True)]),
        ("，。“”% \" ' \\ * : & | ! ( )", []),
    ],
)
def test_what_is_asked_for(query, asked):
    assert [(term.phrase, term.is_prefix) for term in terms(query)] == asked


@pytest.fixture
def corpus():
    """Three statutes as they are, four pieces of news, a draft and a member's page."""
    portal()
    for name in (
        "office-affairs-administration-2012",
        "public-institution-energy-saving-2017",
        "volunteer-service-2017",
    ):
        material(name, text=(STATUTES / f"{name}.md").read_text(encoding="utf-8"))
    texts = {
        "机关食堂推行小份菜": "反对浪费，从小份菜做起，志愿服务队值守引导。",
        "新能源车辆投入使用": "公务用车平台新增十辆，油耗下降，A7b 停车区同步开放。",
        "我局召开节能工作会": "各单位汇报公共机构节能情况，讨论合同能源管理试点。",
        "办公用房清理核查": "对照面积标准，逐间核对。联系电话 2026-1124。",
    }
    for title, text in texts.items():
        news(title, body=[("formatted_text", RichText(f"<p>{text}</p>"))], summary=text[:4])
    news("拟任人选节能培训", live=False)
    return {page.slug: page for page in Page.objects.live().type(NewsPage, StudyMaterialPage).specific()}


OFFICE, ENERGY, VOLUNTEER = (
    "机关事务管理条例",
    "公共机构节能条例",
    "志愿服务条例",
)
# query → titles in their order; within the same rank the newest comes first
QUERIES = [
    ("公务用车", ["新能源车辆投入使用", ENERGY, OFFICE]),
    ("务用车", ["新能源车辆投入使用", ENERGY, OFFICE]),
    ("小份菜", ["机关食堂推行小份菜"]),
    ("志愿服务", [VOLUNTEER, "机关食堂推行小份菜"]),
    ("公共机构节能", [ENERGY, "我局召开节能工作会"]),
    ("合同能源管理", ["我局召开节能工作会", ENERGY]),
    ("面积标准", ["办公用房清理核查"]),
    ("节能 试点", ["我局召开节能工作会"]),
    ("志愿者", [VOLUNTEER]),
    ("国务院令第621号", [OFFICE]),
    ("a7B", ["新能源车辆投入使用"]),
    ("1124", ["办公用房清理核查"]),
    ("车", ["新能源车辆投入使用", ENERGY, OFFICE]),
    ("第四十条", [VOLUNTEER, ENERGY]),
    ("拟任人选", []),
    ("事机关", []),
    ("食堂小份", []),
]


def test_fifteen_queries_and_two_more(corpus, client):
    def titles(query):
        return [hit.page.title for hit in client.get("/search/", {"q": query}).context["hits"]]

    assert {query: titles(query) for query, _titles in QUERIES} == dict(QUERIES)


def test_the_words_are_marked_and_nothing_else_is_markup(corpus, client):
    news("<script>节能</script>", summary="a & b <b>节能</b>")
    page = client.get("/search/", {"q": "节能"}).content.decode()
    assert "&lt;script&gt;<mark>节能</mark>&lt;/script&gt;" in page
    assert "a &amp; b &lt;b&gt;<mark>节能</mark>&lt;/b&gt;" in page
    assert "<script>节能" not in page


def test_a_word_deep_in_the_text_is_shown_where_it_stands(corpus, client):
    (hit,) = client.get("/search/", {"q": "面积标准"}).context["hits"]
    assert hit.excerpt == "对照<mark>面积标准</mark>，逐间核对。联系电话 2026-1124。"


def test_kinds_and_what_is_offered_when_nothing_is_found(corpus, client):
    both = client.get("/search/", {"q": "节能"}).context
    only = client.get("/search/", {"q": "节能", "kind": "newspage"})
    assert {type(hit.page) for hit in both["hits"]} == {NewsPage, StudyMaterialPage}
    assert {type(hit.page) for hit in only.context["hits"]} == {NewsPage}
    none = client.get("/search/", {"q": "志愿者", "kind": "newspage"}).content.decode()
    assert ("没有找到同时含有“志愿者”的内容" in none, "在全部类别里找" in none) == (True, True)


def test_whatever_is_typed_gets_a_page(corpus, client):
    for query in ("", "  ", "，。", "\0", "' OR 1=1 --", '"', "%", "x" * 500, "a:*", "!节能", "（", "节能 \\", "<b>"):
        response = client.get("/search/", {"q": query, "kind": "user", "page": "zzz"})
        assert (query, response.status_code, response.context["kind"]) == (query, 200, "")


def test_members_pages_are_found_by_those_who_may_open_them(corpus, client):
    inside = news("节能奖励名单", summary="内部")
    guest, member = AccountFactory(), grant(AccountFactory(), Role.TRAINER, office())
    group = role_group(Role.TRAINER)  # the only groups that sign-in keeps
    restriction = PageViewRestriction.objects.create(page=inside, restriction_type=PageViewRestriction.GROUPS)
    restriction.groups.add(group)

    def sees(account):
        client.logout()
        if account:
            client.force_login(account)
        response = client.get("/search/", {"q": "奖励名单"})
        return ([hit.page.title for hit in response.context["hits"]], response.context["count"])

    assert [sees(one) for one in (None, guest, member)] == [([], 0), ([], 0), (["节能奖励名单"], 1)]
    restriction.restriction_type = PageViewRestriction.LOGIN
    restriction.save()
    assert [sees(one)[1] for one in (None, guest, member)] == [0, 1, 1]
    PageViewRestriction.objects.create(page=inside.get_parent(), restriction_type=PageViewRestriction.PASSWORD)
    assert [sees(one)[1] for one in (None, guest, member)] == [0, 0, 0]


def test_more_than_a_screen_is_turned_over_and_costs_the_same(client, django_assert_num_queries):
    portal()
    news("节能消息00")
    client.get("/search/", {"q": "节能"})  # fills Wagtail's caches of sites and content types
    with django_assert_num_queries(6) as one:
        client.get("/search/", {"q": "节能"})
    for n in range(1, 21):
        news(f"节能消息{n:02d}")
    with django_assert_num_queries(len(one)):
        first = client.get("/search/", {"q": "节能"})
    second = client.get("/search/", {"q": "节能", "page": 2})
    assert (first.context["count"], len(first.context["hits"])) == (21, 20)
    assert [hit.page.title for hit in second.context["hits"]] == ["节能消息00"]
    assert "page=2" in first.content.decode()


def test_a_page_taken_down_is_gone_at_once(corpus, client):
    page = NewsPage.objects.get(title="机关食堂推行小份菜")
    page.unpublish()
    assert client.get("/search/", {"q": "小份菜"}).context["count"] == 0


def test_the_index_is_rebuilt_as_it_is_kept(corpus):
    def found(query):
        request = RequestFactory().get("/")
        request.user = AccountFactory()
        request.session = {}
        models = [model for model in get_page_models() if model in {NewsPage, StudyMaterialPage}]
        return [page.title for page in find(readable(request), terms(query), query, models)]

    before = {query: found(query) for query, _titles in QUERIES}
    call_command("update_index", verbosity=0)
    assert {query: found(query) for query, _titles in QUERIES} == before


def test_the_seam_stands(corpus):
    """What content/search_backend.py replaces inside modelsearch is what modelsearch uses."""
    backend = get_search_backend()
    assert type(backend).__module__.startswith("content.search_")
    found = backend.autocomplete("机关食", NewsPage.objects.all())
    assert [page.title for page in found] == ["机关食堂推行小份菜"]
    assert list(backend.search("。", NewsPage.objects.all())) == []


def test_a_phrase_far_behind_in_a_very_long_text(client):
    """PostgreSQL counts positions to 16,383 and keeps 256 of a word."""
    portal()
    filler = "机关事务管理工作。" * 2500
    news("很长的文件", body=[("formatted_text", RichText(f"<p>{filler}尾部特别说明。</p>"))])
    news("别的文件", body=[("formatted_text", RichText(f"<p>{filler}尾部，特别；说明。</p>"))])
    context = client.get("/search/", {"q": "尾部特别说明"}).context
    assert [hit.page.title for hit in context["hits"]] == ["很长的文件"]


def suggested(client, query):
    page = client.get("/search/suggest/", {"q": query})
    return re.findall(r'<a role="option"[^>]*>([^<]+)</a>', page.content.decode())


def test_while_one_types_titles_are_suggested(corpus, client):
    offered = {
        query: suggested(client, query) for query in ("节能", "机关 条例", "节", "n", "，。", "拟任人选", "小份菜")
    }
    assert {query: suggested(client, query) for query in offered} == offered
    assert offered == {
        "节能": ["我局召开节能工作会", ENERGY],
        "机关 条例": [OFFICE],
        "节": [],  # one character says too little
        "n": [],
        "，。": [],
        "拟任人选": [],  # a draft
        "小份菜": ["机关食堂推行小份菜"],
    }


def test_no_more_than_eight_are_suggested_at_one_price(corpus, client, django_assert_num_queries):
    suggested(client, "节能")
    with django_assert_num_queries(QUERIES_OF_A_SUGGESTION):
        assert len(suggested(client, "节能")) == 2
    for n in range(12):
        news(f"节能周第{n}天")
    with django_assert_num_queries(QUERIES_OF_A_SUGGESTION):
        assert len(suggested(client, "节能")) == 8


def test_what_somebody_may_not_open_is_not_suggested_either(corpus, client):
    page = Page.objects.get(title=ENERGY)
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert suggested(client, "节能") == ["我局召开节能工作会"]
    client.force_login(AccountFactory())
    assert suggested(client, "节能") == ["我局召开节能工作会", ENERGY]
