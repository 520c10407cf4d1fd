"""The first page of the Wagtail admin, and Wagtail's page of one's own account."""

import pytest
from wagtail.users.models import UserProfile

from foundation.people.enums import Role
from foundation.people.models import OpenItem
from tests.factories.content import portal
from tests.factories.people import AccountFactory, CadreFactory, grant, office, section


@pytest.fixture
def keeper(client, db, at):
    """HR's officer at the back office, with a remark of the roster left to complete."""
    at("2026-11-24 10:00")
    portal()
    root = office()
    officer = grant(AccountFactory(username="hr"), Role.HR, root)
    OpenItem.objects.create(cadre=CadreFactory(unit=section("人事处", root)), remark="挂职锻炼")
    client.force_login(officer)
    return officer


def test_what_is_due_stands_on_the_admins_first_page(client, keeper):
    page = client.get("/admin/").content.decode()
    assert "/people/items/" in page
    assert '"/desk/"' in page  # the way back, in the menu


def test_who_looks_after_no_pages_is_spared_the_search_for_them(client, keeper):
    assert 'role="search"' not in client.get("/admin/").content.decode()


def test_an_editor_finds_the_search_and_the_to_dos(client, db):
    portal()
    client.force_login(grant(AccountFactory(username="editor"), Role.EDITOR, office()))
    page = client.get("/admin/").content.decode()
    assert 'role="search"' in page
    assert "待办事项" in page


def test_the_account_page_of_the_admin_asks_for_no_name_and_saves_the_theme(client, keeper):
    page = client.get("/admin/account/")
    assert "name_email-" not in page.content.decode()
    saved = client.post(
        "/admin/account/", {"theme-theme": "dark", "theme-contrast": "more_contrast", "theme-density": "default"}
    )
    assert saved.status_code == 302
    assert UserProfile.get_for_user(keeper).theme == "dark"
    keeper.refresh_from_db()
    assert keeper.name


def test_the_account_page_of_the_admin_is_closed_to_who_has_no_work_there(client, db):
    client.force_login(AccountFactory())
    assert client.get("/admin/account/", follow=True).status_code == 403
