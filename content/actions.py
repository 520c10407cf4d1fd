"""Writes to the portal: planting it on an empty installation, and study materials that come from files.

Editors' own work goes through Wagtail's editor, which keeps its revisions and its log; what readers come to see of it
is in the audit trail, too (content/trail.py).
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Site,
    Task,
    Workflow,
)

from content import statutes
from content.enums import ColumnKind, Event
from content.models import ColumnPage, HomePage, StudyMaterialPage
from foundation.audit.record import record
from foundation.offers.types import Refused
from foundation.people.actions import role_group
from foundation.people.enums import Role

SUMMARY_LENGTH = 120
# kind and address of the columns that every portal begins with; the shell's navigation links to the addresses
COLUMNS = {
    ColumnKind.NEWS: ("news", "新闻动态"),
    ColumnKind.ANNOUNCEMENTS: ("announcements", "通知公告"),
    ColumnKind.MATERIALS: ("materials", "学习资料"),
}
EDITORS_ON_PAGES = ("add_page", "change_page", "publish_page")
EDITORS_ON_IMAGES = ("add_image", "choose_image")


def plant_site(*, office: str, actor: Any) -> HomePage:
    """Put the portal where Wagtail's welcome page stands: home, columns, default site, and the editors' permissions.

    Planting again changes nothing but what is missing.
    """
    with transaction.atomic():
        root = Page.objects.select_for_update().get(depth=1)
        home = HomePage.objects.first()
        planted = home is None
        if home is None:
            home = _publish(parent=root, page=HomePage(title=office, slug="portal"), actor=actor)
        for kind, (slug, title) in COLUMNS.items():
            column = ColumnPage.objects.child_of(home).filter(kind=kind).first()
            if column is None:
                column = _publish(parent=home, page=ColumnPage(title=title, slug=slug, kind=kind), actor=actor)
            _let_editors_into(column)
        _point_default_site_to(home, office)
        _let_editors_use_images()
        _clear_away_wagtails_samples()
        if planted:
            record(Event.SITE_PLANTED, target=home, actor=actor, office=office)
    return home


def _publish(*, parent: Page, page: Page, actor: Any) -> Any:
    """Add a page below its parent, or take over its changes, as a published revision."""
    if page.pk is None:
        page.live = False  # publishing makes it so, and dates it
        page.owner = actor
        parent.add_child(instance=page)
    # who may was settled at the entrance; the command account has no Wagtail permissions
    page.save_revision(user=actor).publish(user=actor, skip_permission_checks=True)
    page.refresh_from_db()
    return page


def _point_default_site_to(home: HomePage, office: str) -> None:
    site = Site.objects.filter(is_default_site=True).first() or Site(hostname="localhost", is_default_site=True)
    site.root_page, site.site_name = home, office
    site.save()


def _let_editors_into(column: ColumnPage) -> None:
    group = role_group(Role.EDITOR)
    for permission in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=EDITORS_ON_PAGES):
        GroupPagePermission.objects.get_or_create(group=group, page_id=column.pk, permission=permission)


def _let_editors_use_images() -> None:
    group, collection = role_group(Role.EDITOR), Collection.get_first_root_node()
    for permission in Permission.objects.filter(
        content_type__app_label="wagtailimages", codename__in=EDITORS_ON_IMAGES
    ):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)


def _clear_away_wagtails_samples() -> None:
    """The welcome page, and the groups and workflow that Wagtail's first migration brings along in English."""
    for welcome in Page.objects.filter(depth=2, content_type__app_label="wagtailcore", content_type__model="page"):
        welcome.delete()
    Workflow.objects.filter(name="Moderators approval").delete()
    Task.objects.filter(name="Moderators approval").delete()
    Group.objects.filter(name__in=("Moderators", "Editors")).delete()


def import_material(*, text: str, title: str | None = None, slug: str, source: str, actor: Any) -> StudyMaterialPage:
    """Create or bring up to date the published page of that slug in the column 学习资料.

    title: for a text that names none itself; source: empty takes the issuer from the text's notes. The same text
    again changes nothing, also where editors have worked on the page since.
    Raises Refused where the portal is not planted yet, a text has no title or says nothing, or articles repeat.
    """
    statute = statutes.parse(text)
    name = statute.title or title
    if not name:
        raise Refused("no_title", _("没有标题：第一行应写成“# 标题”，或者导入时指定标题。"))
    if not any(statute.paragraphs):
        raise Refused("no_text", _("没有正文。"))
    if repeated := statute.repeated():
        raise Refused("article_repeated", _("条号重复：%(numbers)s。") % {"numbers": "、".join(repeated)})
    digest = hashlib.sha256("\0".join([name, source, text]).encode()).hexdigest()
    with transaction.atomic():
        column = ColumnPage.objects.select_for_update().filter(kind=ColumnKind.MATERIALS).first()
        if column is None:
            raise Refused("no_column", _("门户还没有“学习资料”栏目，请先初始化。"))
        page = StudyMaterialPage.objects.child_of(column).filter(slug=slug).first() or StudyMaterialPage(slug=slug)
        if page.imported_digest == digest:
            return page
        page.title = name
        page.source = source or statute.issuer
        page.document_number = statute.document_number
        page.promulgated_on = statute.promulgated_on
        page.effective_on = statute.effective_on
        page.notes = "\n".join(statute.notes)
        page.summary = Truncator(next(statute.paragraphs)).chars(SUMMARY_LENGTH)
        page.body = _body(statute)
        page.imported_digest = digest
        page = _publish(parent=column, page=page, actor=actor)
        record(Event.MATERIAL_IMPORTED, target=page, actor=actor, slug=slug, digest=digest)
    return page


def _body(statute: statutes.Statute) -> list[tuple[str, Any]]:
    """The statute as blocks of the page."""
    blocks: list[tuple[str, Any]] = []
    for chapter in statute.chapters:
        if chapter.title:
            blocks.append(("heading", {"level": chapter.level, "number": chapter.number_zh, "title": chapter.title}))
        blocks += [("paragraph", paragraph) for paragraph in chapter.paragraphs]
        blocks += [
            ("article", {"number": article.number_zh, "text": "\n".join(article.paragraphs)})
            for article in chapter.articles
        ]
    return blocks
