"""An editor publishes in the back office; nobody else comes in, and the editor comes no further."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.admin.menu import admin_menu
from wagtail.models import GroupPagePermission, Page
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from content.enums import ColumnKind
from content.models import AnnouncementPage, ColumnPage, HomePage, NewsPage, StudyMaterialPage
from foundation.audit.models import Entry
from foundation.audit.queries import event_names
from foundation.people.enums import Role
from tests.factories.content import column, material, news, picture, portal
from tests.factories.people import AccountFactory, grant, office

pytestmark = pytest.mark.django_db
PASSWORD = "Zhixing-2026!"


@pytest.fixture(autouse=True)
def home():
    return portal()


@pytest.fixture
def editor(client):
    """An editor who has signed in as people do, by the sign-in page."""
    account = AccountFactory(username="editor", name="林晓岚")
    account.set_password(PASSWORD)
    account.save()
    grant(account, Role.EDITOR, office())
    response = client.post(reverse("account_login"), {"login": "editor", "password": PASSWORD, "next": "/admin/"})
    assert (response.status_code, response.url) == (302, "/admin/")
    return account


def news_form(**fields):
    """The form of Wagtail's editor for a piece of news."""
    body = streamfield([("formatted_text", rich_text("<p>本周起推出小份菜。</p>"))])
    form = {"title": "机关食堂推行小份菜", "slug": "small-dishes", "date": "2026-11-24", "lead_image": "", "body": body}
    form |= {"source": "服务保障处", "author": "林晓岚", "summary": "反对浪费。", **fields}
    form |= {name: 0 for name in ("comments-TOTAL_FORMS", "comments-INITIAL_FORMS", "comments-MIN_NUM_FORMS")}
    return nested_form_data(form)


def new_page_url(view):
    return reverse(f"wagtailadmin_pages:{view}", args=["content", "newspage", column(ColumnKind.NEWS).pk])


def write_news(client, *, action, **fields):
    return client.post(new_page_url("add"), news_form(**fields) | action)


def test_an_editor_publishes_news_and_everybody_reads_it(client, editor):
    image = picture()
    write_news(client, action={"action-publish": "action-publish"}, lead_image=image.pk)
    page = NewsPage.objects.get()
    assert (page.live, page.owner, page.latest_revision.user) == (True, editor, editor)
    client.logout()
    assert client.get("/").context["lead"] == page
    assert list(client.get("/news/").context["pages"]) == [page]
    article = client.get("/news/small-dishes/").content.decode()
    assert all(
        words in article for words in ("机关食堂推行小份菜", "2026年11月24日", "服务保障处", "本周起推出小份菜。")
    )


def test_a_saved_draft_stays_in_the_back_office(client, editor):
    write_news(client, action={})
    page = NewsPage.objects.get()
    assert page.live is False
    client.logout()
    assert client.get("/news/small-dishes/").status_code == 404
    assert "小份菜" not in client.get("/").content.decode() + client.get("/news/").content.decode()


def test_a_preview_shows_the_page_in_the_editors_frame_and_nowhere_else(client, editor):
    client.post(new_page_url("preview_on_add"), news_form())
    preview = client.get(new_page_url("preview_on_add"))
    assert "本周起推出小份菜。" in preview.content.decode()
    assert "frame-ancestors 'self'" in preview.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in client.get("/news/").headers["Content-Security-Policy"]


def test_the_back_office_speaks_chinese_whatever_the_browser_asks(client, editor):
    body = client.get("/admin/", headers={"accept-language": "en-US,en"}).content.decode()
    assert '<html lang="zh-hans"' in body
    assert "css/admin.css" in body


def test_the_editors_menu_holds_pages_images_and_the_import_only(client, editor):
    request = client.get("/admin/").wsgi_request
    assert {item.name for item in admin_menu.menu_items_for_request(request)} == {
        "desk",
        "explorer",
        "images",
        "exchange",
    }


def refused(response):
    """Wagtail answers a missing permission by sending to its home or, without its door's permission, to sign in."""
    if response.status_code == 302:
        return response.url == "/admin/" or response.url.startswith(("/accounts/login/", "/admin/login/"))
    return response.status_code in (403, 404)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("wagtailadmin_pages:edit", ["home"]),
        ("wagtailadmin_pages:add_subpage", ["home"]),
        ("wagtailadmin_pages:delete", ["home"]),
        ("wagtailadmin_pages:delete", ["column"]),
        ("wagtailadmin_pages:unpublish", ["column"]),
        ("wagtailadmin_pages:move", ["column"]),
        ("wagtailadmin_pages:edit", ["foreign"]),
        ("wagtailsites:index", []),
        ("wagtailusers_users:index", []),
        ("wagtailusers_groups:index", []),
        ("wagtailadmin_collections:index", []),
        ("wagtailadmin_workflows:index", []),
        ("wagtaildocs:index", []),
    ],
)
def test_an_editor_comes_no_further_than_the_columns(client, editor, home, name, arguments):
    foreign = home.add_sibling(instance=Page(title="别处的页面", slug="elsewhere"))
    pages = {"home": home.pk, "column": column(ColumnKind.NEWS).pk, "foreign": foreign.pk}
    assert refused(client.get(reverse(name, args=[pages[key] for key in arguments])))


def test_an_editor_does_not_see_pages_outside_the_portal(client, editor, home):
    home.add_sibling(instance=Page(title="别处的页面", slug="elsewhere"))
    news("栏目里的消息")
    explorer = client.get(reverse("wagtailadmin_explore_root"), follow=True).content.decode()
    assert ("新闻动态" in explorer, "别处的页面" in explorer) == (True, False)
    found = client.get(reverse("wagtailadmin_pages:search"), {"q": "别处的页面"}).content.decode()
    assert "elsewhere" not in found


def test_the_frame_stays_although_an_editor_may_delete_pages(client, editor):
    page = news("写错的消息")
    newsroom = column(ColumnKind.NEWS)
    client.post(reverse("wagtailadmin_pages:delete", args=[newsroom.pk]))
    client.post(reverse("wagtailadmin_pages:unpublish", args=[newsroom.pk]))
    assert column(ColumnKind.NEWS).live is True
    client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    assert not NewsPage.objects.exists()


def test_a_colleague_without_a_back_office_role_is_refused(client):
    news("还没审完的消息", live=False)
    client.force_login(grant(AccountFactory(), Role.SECTION_HEAD, office()))
    assert refused(client.get("/admin/"))
    draft = NewsPage.objects.get()
    assert refused(client.get(reverse("wagtailadmin_pages:edit", args=[draft.pk])))
    write_news(client, action={"action-publish": "action-publish"})
    assert NewsPage.objects.get() == draft


def test_hr_enters_the_back_office_but_sees_no_drafts(client):
    draft = news("还没审完的消息", live=False)
    client.force_login(grant(AccountFactory(), Role.HR, office()))
    assert client.get("/admin/").status_code == 200
    for name in ("wagtailadmin_pages:edit", "wagtailadmin_pages:view_draft", "wagtailadmin_pages:history"):
        response = client.get(reverse(name, args=[draft.pk]))
        assert refused(response)
    assert "还没审完" not in client.get(reverse("wagtailadmin_explore_root"), follow=True).content.decode()


def test_the_role_group_holds_exactly_the_editors_permissions(home):
    material("canteen")
    portal()
    codes = GroupPagePermission.objects.values_list("group__name", "page__slug", "permission__codename")
    assert sorted(codes) == [
        ("role:editor", slug, permission)
        for slug in ("announcements", "materials", "news")
        for permission in ("add_page", "change_page", "publish_page")
    ]
    assert sorted(
        Permission.objects.filter(groupcollectionpermission__group__name="role:editor").values_list(
            "codename", flat=True
        )
    ) == ["add_image", "choose_image"]
    assert HomePage.objects.get() == home


def on_record(name):
    """What the audit trail says of a page, the oldest first."""
    entries = Entry.objects.filter(target_name=name, event__startswith="content.page_").order_by("pk")
    return [(entry.event.removeprefix("content.page_"), entry.actor_name) for entry in entries]


def test_what_readers_come_to_see_is_on_record_with_who_did_it(client, editor):
    title, author = "机关食堂推行小份菜", "林晓岚"
    write_news(client, action={})
    assert on_record(title) == []  # a draft is its editors' business
    page = NewsPage.objects.get()
    publish = news_form() | {"action-publish": "action-publish"}
    client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), publish)
    assert on_record(title) == [("published", author)]
    client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    assert on_record(title)[1:] == [("unpublished", author)]
    client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    assert on_record(title)[2:] == [("deleted", author)]
    assert not NewsPage.objects.exists()
    assert {entry.target_label for entry in Entry.objects.filter(target_name=title)} == {"content.newspage"}


def test_many_pages_at_once_are_each_on_record(client, editor):
    pages = [news(title) for title in ("第一篇", "第二篇")]
    actions = {"unpublish": "unpublished", "publish": "published", "delete": "deleted"}
    for action in actions:
        url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
        client.post(f"{url}?{'&'.join(f'id={page.pk}' for page in pages)}")
    expected = [("published", ""), *((event, "林晓岚") for event in actions.values())]
    assert [on_record(page.title) for page in pages] == [expected, expected]


def test_a_move_is_on_record_with_both_columns(client, editor, home):
    newsroom, page = column(ColumnKind.NEWS), news("搬家的消息")
    archive = home.add_child(instance=ColumnPage(title="往期新闻", slug="archive", kind=ColumnKind.NEWS))
    for held in GroupPagePermission.objects.filter(page=newsroom):
        GroupPagePermission.objects.create(group=held.group, page=archive.page_ptr, permission=held.permission)
    client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, archive.pk]))
    entry = Entry.objects.get(event="content.page_moved")
    assert (entry.target_label, entry.target_name, entry.actor_name, entry.data) == (
        "content.newspage",
        "搬家的消息",
        "林晓岚",
        {"before": newsroom.pk, "after": archive.pk},
    )


def test_the_trail_names_these_events_and_tells_nothing_of_wagtails_samples(client):
    names = {code: str(name) for code, name in event_names().items() if code.startswith("content.page_")}
    assert names == {
        "content.page_published": "发布页面",
        "content.page_unpublished": "撤下页面",
        "content.page_deleted": "删除页面",
        "content.page_moved": "移动页面",
    }
    assert not Entry.objects.filter(event="content.page_deleted").exists()  # the welcome page, at planting
    news("节能周启动")
    client.force_login(grant(AccountFactory(), Role.AUDIT_ADMIN, office()))
    log = client.get(reverse("people:audit_log"), {"event": "content.page_published"}).content.decode()
    assert "发布页面" in log and "节能周启动" in log


TABLE = {
    "columns": [{"type": "text", "heading": heading} for heading in ("", "周一", "周二")],
    "rows": [{"values": ["早餐", "豆浆", "小米粥"]}, {"values": ["午餐", "<b>红烧鱼</b>", ""]}],
    "caption": "一周菜单",
}


def table_form(table):
    """A table as Wagtail's editor sends it."""
    form = {"caption": table["caption"], "column-count": len(table["columns"]), "row-count": len(table["rows"])}
    for place, one in enumerate(table["columns"]):
        form |= {f"column-{place}-{key}": value for key, value in one.items()}
        form |= {f"column-{place}-order": place, f"column-{place}-deleted": ""}
    for place, row in enumerate(table["rows"]):
        form |= {f"row-{place}-order": place, f"row-{place}-deleted": ""}
        form |= {f"cell-{place}-{n}": value for n, value in enumerate(row["values"])}
    return form


def test_a_table_stands_on_the_page_with_its_head_and_is_found(client, editor):
    write_news(client, action={"action-publish": "action-publish"}, body=streamfield([("table", table_form(TABLE))]))
    client.logout()
    article = client.get("/news/small-dishes/").content.decode()
    table = article.split('<div class="scrollx" tabindex="0" role="region" aria-label="一周菜单">')[1].split("</div>")[
        0
    ]
    assert "<caption>一周菜单</caption>" in table
    assert '<tr><td></td><th scope="col">周一</th><th scope="col">周二</th></tr>' in table
    assert "<tr><td>早餐</td><td>豆浆</td><td>小米粥</td></tr>" in table
    assert "&lt;b&gt;红烧鱼&lt;/b&gt;" in table
    for query in ("一周菜单", "周二", "小米粥"):
        found = client.get("/search/", {"q": query}).content.decode()
        assert "机关食堂推行小份菜" in found and f"<mark>{query}</mark>" in found


@pytest.mark.parametrize("model", [NewsPage, AnnouncementPage, StudyMaterialPage])
def test_all_kinds_of_page_take_a_table(client, model):
    page = model(title="有表格的页面", slug="table", live=False, body=[("table", TABLE), ("table", None)])
    column(model.column_kind).add_child(instance=page)
    page.save_revision().publish()
    shown = client.get(page.url).content.decode()
    assert shown.count('<table class="tbl">') == 1  # an empty one is none
    assert "<td>小米粥</td>" in shown
