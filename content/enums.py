"""Kinds of columns, levels of headings, audit events."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ColumnKind(TextChoices):
    """What a column (栏目) holds."""

    MATERIALS = "materials", _("学习资料")
    NEWS = "news", _("新闻动态")
    ANNOUNCEMENTS = "announcements", _("通知公告")


class Level(TextChoices):
    """How deep a heading stands in a text."""

    CHAPTER = "chapter", _("章")
    SECTION = "section", _("节")


class Event(TextChoices):
    SITE_PLANTED = "content.site_planted", _("建立门户")
    MATERIAL_IMPORTED = "content.material_imported", _("导入学习资料")
    PAGE_PUBLISHED = "content.page_published", _("发布页面")
    PAGE_UNPUBLISHED = "content.page_unpublished", _("撤下页面")
    PAGE_DELETED = "content.page_deleted", _("删除页面")
    PAGE_MOVED = "content.page_moved", _("移动页面")
