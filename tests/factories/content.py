"""The portal with its columns, and pages in them."""

import datetime as dt
from io import BytesIO

from django.core.files.images import ImageFile
from PIL import Image as Picture
from wagtail.images.models import Image

from content.actions import import_material, plant_site
from content.enums import ColumnKind
from content.models import AnnouncementPage, ColumnPage, HomePage, NewsPage, StudyMaterialPage

STATUTE = """# 食堂管理办法

2026年3月1日 市政府令第7号公布

<!-- INFO END -->

## 第一章 总 则

第一条 为了管好食堂，制定本办法。

## 第二章 用餐

第二条 用餐实行预约。

（一）早餐前一日预约；

（二）午餐当日十时前预约。

第三条 本办法自2026年4月1日起施行。
"""


def portal(office: str = "市机关事务管理局") -> HomePage:
    """A planted portal."""
    return plant_site(office=office, actor=None)


def column(kind: ColumnKind) -> ColumnPage:
    return ColumnPage.objects.get(kind=kind)


def material(slug: str, *, text: str = STATUTE, title: str | None = None) -> StudyMaterialPage:
    """A published study material."""
    return import_material(text=text, title=title, slug=slug, source="", actor=None)


def news(title: str, *, day: dt.date = dt.date(2026, 11, 24), live: bool = True, **fields) -> NewsPage:
    """A piece of news, published or a draft."""
    return _dated(NewsPage(title=title, date=day, live=False, **fields), live=live)


def announcement(title: str, *, day: dt.date = dt.date(2026, 11, 24), live: bool = True, **fields) -> AnnouncementPage:
    """An announcement, published or a draft."""
    return _dated(AnnouncementPage(title=title, date=day, live=False, **fields), live=live)


def _dated(page, *, live):
    column(page.column_kind).add_child(instance=page)
    revision = page.save_revision()
    if live:
        revision.publish()
    page.refresh_from_db()
    return page


def picture(title: str = "食堂") -> Image:
    """An uploaded picture of 1600 × 900."""
    data = BytesIO()
    Picture.new("RGB", (1600, 900), "white").save(data, "PNG")
    data.seek(0)
    return Image.objects.create(title=title, file=ImageFile(data, name="picture.png"))
