"""The portal's pages: a home, its columns (栏目), and in them study materials, news or announcements."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from django.core.paginator import Paginator
from django.db import models
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField
from wagtail.images.models import Image
from wagtail.models import Page, PageManager, PagePermissionTester, PageQuerySet
from wagtail.search import index

from content.blocks import MaterialBody, NewsBody
from content.enums import ColumnKind, Level
from foundation.offers import clock

PAGE_SIZE = 20
HOME_HEADLINES = 6
HOME_MATERIALS = 4
HOME_ANNOUNCEMENTS = 6
LIST_PICTURES = ("fill-320x200", "fill-800x450")  # as the templates of column and home ask for them
READING_SPEED = 400  # characters a minute: for "about n minutes" on the page, nothing is decided by it


class PortalPage(Page):
    """What all pages of the portal share."""

    class Meta:
        abstract = True

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The page as it would stand on the portal, but in the frame of Wagtail's editor, which the portal's own
        policy forbids."""
        response = super().serve_preview(request, mode_name)
        response._csp_replace = {"frame-ancestors": ["'self'"]}  # django-csp's own seam
        return response


class FrameTester(PagePermissionTester):
    """Permissions on the portal's frame: editors fill and name it, but do not take it away or move it."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return False

    def can_unpublish(self) -> bool:
        return False

    def can_move(self) -> bool:
        return False

    def can_copy(self) -> bool:
        return False

    def can_set_view_restrictions(self) -> bool:
        return False


class FramePage(PortalPage):
    """A page of the portal's frame: its address is what the shell's navigation links to."""

    content_panels: ClassVar[list[Any]] = [FieldPanel("title")]
    promote_panels: ClassVar[list[Any]] = []
    settings_panels: ClassVar[list[Any]] = []

    class Meta:
        abstract = True

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return FrameTester(user, self)


class HomePage(FramePage):
    """The portal's front page; what stands on it is taken from the columns."""

    template = "content/home_page.html"
    max_count = 1
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["content.ColumnPage"]

    class Meta:
        verbose_name = _("门户首页")
        verbose_name_plural = _("门户首页")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        news = list(NewsPage.objects.descendant_of(self).in_lists()[: 1 + HOME_HEADLINES])
        columns = {column.kind: column for column in ColumnPage.objects.child_of(self).live()}
        return {
            **super().get_context(request, *args, **kwargs),
            "lead": news[0] if news else None,
            "headlines": news[1:],
            "news_column": columns.get(ColumnKind.NEWS),
            "materials": StudyMaterialPage.objects.descendant_of(self).in_lists()[:HOME_MATERIALS],
            "materials_column": columns.get(ColumnKind.MATERIALS),
            "announcements": AnnouncementPage.objects.descendant_of(self).in_lists()[:HOME_ANNOUNCEMENTS],
            "announcements_column": columns.get(ColumnKind.ANNOUNCEMENTS),
        }


class ColumnPage(FramePage):
    """栏目: its pages, newest first. The kind is settled when the column is planted and says what may stand in it."""

    kind = models.CharField(_("类别"), max_length=16, choices=ColumnKind.choices)
    introduction = models.CharField(
        _("栏目说明"), max_length=200, blank=True, help_text=_("一句话，显示在栏目名称下面。")
    )

    template = "content/column_page.html"
    parent_page_types: ClassVar[list[str]] = ["content.HomePage"]
    subpage_types: ClassVar[list[str]] = [
        "content.StudyMaterialPage",
        "content.NewsPage",
        "content.AnnouncementPage",
    ]
    content_panels: ClassVar[list[Any]] = [*FramePage.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("栏目")
        verbose_name_plural = _("栏目")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ColumnKind.values), name="content_columnpage_kind"),
        ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        models_by_kind = {one.column_kind: one for one in (StudyMaterialPage, NewsPage, AnnouncementPage)}
        rows = models_by_kind[ColumnKind(self.kind)].objects.child_of(self).in_lists()
        pages = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
        return {**super().get_context(request, *args, **kwargs), "pages": pages}


class ListedQuerySet(PageQuerySet):
    def in_lists(self) -> Self:
        """Published pages that anybody may read, newest first, without their long bodies."""
        rows = self.live().public().defer_streamfields().prefetch_related(*self.model.list_prefetches)
        return rows.order_by(f"-{self.model.order_field}", "-pk")


class ListedPage(PortalPage):
    """A page of a column: it stands only in columns of its kind and has neighbours there."""

    column_kind: ClassVar[ColumnKind]
    order_field: ClassVar[str]  # newest first by this, then by pk
    list_prefetches: ClassVar[tuple[Prefetch, ...]] = ()

    parent_page_types: ClassVar[list[str]] = ["content.ColumnPage"]
    subpage_types: ClassVar[list[str]] = []
    promote_panels: ClassVar[list[Any]] = []
    settings_panels: ClassVar[list[Any]] = [
        MultiFieldPanel([FieldPanel("slug")], heading=_("网址")),
        *Page.settings_panels,
    ]

    class Meta:
        abstract = True

    @classmethod
    def can_exist_under(cls, parent: Page) -> bool:
        return super().can_exist_under(parent) and parent.specific.kind == cls.column_kind

    @cached_property
    def newer(self) -> Page | None:
        """The page above this one in the column's list."""
        return self._beside("gt").order_by(self.order_field, "pk").first()

    @cached_property
    def older(self) -> Page | None:
        """The page below this one in the column's list."""
        return self._beside("lt").first()

    def _beside(self, side: str) -> ListedQuerySet:
        model, key = type(self), self.order_field
        value = getattr(self, key)
        if value is None:  # never published: a preview has no neighbours
            return model.objects.none()
        further = Q(**{f"{key}__{side}": value}) | Q(**{key: value, f"pk__{side}": self.pk})
        return model.objects.sibling_of(self).in_lists().filter(further)


@dataclass(frozen=True)
class Heading:
    """A line of the table of contents, with the articles that stand right under it."""

    anchor: str
    level: Level
    number: str
    title: str
    articles: list[str] = field(default_factory=list)  # 第一条, 第二条

    @property
    def span(self) -> str:
        """第一条—第六条, or nothing where it has no articles of its own."""
        return "—".join(dict.fromkeys([self.articles[0], self.articles[-1]])) if self.articles else ""


@dataclass(frozen=True)
class Piece:
    """A block of the text, and its line in the table of contents if it is a heading."""

    block: StreamValue.StreamChild
    heading: Heading | None = None


class StudyMaterialPage(ListedPage):
    """学习资料: a statute, a document or an essay."""

    source = models.CharField(_("来源"), max_length=100, blank=True, help_text=_("制定机关或出处。"))
    document_number = models.CharField(_("文号"), max_length=100, blank=True, help_text=_("如：国务院令第621号。"))
    promulgated_on = models.DateField(_("公布日期"), null=True, blank=True)
    effective_on = models.DateField(_("施行日期"), null=True, blank=True)
    notes = models.TextField(
        _("题注"), blank=True, help_text=_("通过、公布、修订的时间和机关，每行一条，显示在标题下面。")
    )
    summary = models.CharField(_("摘要"), max_length=300, blank=True, help_text=_("一两句话，显示在列表里。"))
    body = StreamField(MaterialBody(), verbose_name=_("正文"), blank=True)
    # of the text last imported: the same file again leaves the editors' work alone
    imported_digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = PageManager.from_queryset(ListedQuerySet)()
    template = "content/study_material_page.html"
    column_kind = ColumnKind.MATERIALS
    order_field = "first_published_at"
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldRowPanel([FieldPanel("source"), FieldPanel("document_number")]),
        FieldRowPanel([FieldPanel("promulgated_on"), FieldPanel("effective_on")]),
        FieldPanel("notes"),
        FieldPanel("summary"),
        FieldPanel("body"),
    ]
    search_fields: ClassVar[list[Any]] = [
        *Page.search_fields,
        index.SearchField("document_number"),
        index.SearchField("source"),
        index.SearchField("summary"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("学习资料")
        verbose_name_plural = _("学习资料")

    @cached_property
    def pieces(self) -> list[Piece]:
        """The text in its order.

        Chapters are counted through, so that 第二章 of a statute is ch-2; sections count anew in each: ch-2-1.
        """
        pieces: list[Piece] = []
        heading: Heading | None = None
        chapter = section = 0
        for block in self.body:
            if block.block_type != "heading":
                if block.block_type == "article" and heading:
                    heading.articles.append(block.value["number"])
                pieces.append(Piece(block))
                continue
            level = Level(block.value["level"])
            chapter, section = (chapter + 1, 0) if level == Level.CHAPTER else (chapter, section + 1)
            anchor = f"ch-{chapter}-{section}" if section else f"ch-{chapter}"
            heading = Heading(anchor, level, block.value["number"], block.value["title"])
            pieces.append(Piece(block, heading))
        return pieces

    @property
    def outline(self) -> list[Heading]:
        """The table of contents."""
        return [piece.heading for piece in self.pieces if piece.heading]

    @property
    def reading_minutes(self) -> int:
        """How long reading takes, about; at least a minute."""
        text = "".join(self.body.stream_block.get_searchable_content(self.body))
        return max(1, math.ceil(len(text) / READING_SPEED))


class NewsPage(ListedPage):
    """新闻."""

    date = models.DateField(_("日期"), default=clock.today)
    source = models.CharField(_("来源"), max_length=100, blank=True, help_text=_("供稿单位或转载出处。"))
    author = models.CharField(_("作者"), max_length=64, blank=True)
    summary = models.CharField(_("摘要"), max_length=300, blank=True, help_text=_("一两句话，显示在首页和列表里。"))
    lead_image = models.ForeignKey(
        Image,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("题图"),
        help_text=_("横向图片，显示在首页头条、列表和文章开头。"),
    )
    body = StreamField(NewsBody(), verbose_name=_("正文"), blank=True)

    objects = PageManager.from_queryset(ListedQuerySet)()
    template = "content/news_page.html"
    column_kind = ColumnKind.NEWS
    order_field = "date"
    list_prefetches = (Prefetch("lead_image", Image.objects.prefetch_renditions(*LIST_PICTURES)),)
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldRowPanel([FieldPanel("date"), FieldPanel("source"), FieldPanel("author")]),
        FieldPanel("summary"),
        FieldPanel("lead_image"),
        FieldPanel("body"),
    ]
    search_fields: ClassVar[list[Any]] = [
        *Page.search_fields,
        index.SearchField("source"),
        index.SearchField("author"),
        index.SearchField("summary"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("新闻")
        verbose_name_plural = _("新闻")


class AnnouncementPage(ListedPage):
    """通知公告: what the office tells everybody, e.g. a rota or a call for entries. What one person is told is a notice
    (foundation/notices)."""

    date = models.DateField(_("日期"), default=clock.today)
    source = models.CharField(_("发布单位"), max_length=100, blank=True)
    document_number = models.CharField(_("文号"), max_length=100, blank=True)
    summary = models.CharField(_("摘要"), max_length=300, blank=True, help_text=_("一两句话，显示在列表里。"))
    body = StreamField(NewsBody(), verbose_name=_("正文"), blank=True)

    objects = PageManager.from_queryset(ListedQuerySet)()
    template = "content/announcement_page.html"
    column_kind = ColumnKind.ANNOUNCEMENTS
    order_field = "date"
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldRowPanel([FieldPanel("date"), FieldPanel("source"), FieldPanel("document_number")]),
        FieldPanel("summary"),
        FieldPanel("body"),
    ]
    search_fields: ClassVar[list[Any]] = [
        *Page.search_fields,
        index.SearchField("source"),
        index.SearchField("document_number"),
        index.SearchField("summary"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("通知公告")
        verbose_name_plural = _("通知公告")
