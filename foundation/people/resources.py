"""The roster as HR keeps it (contracts.md, import roster)."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.widgets import Widget

from foundation.exchange.resources import Choice, DayWidget, HouseResource, Needed, Optional, YesNo
from foundation.exchange.tables import month
from foundation.offers.lists import Column, Write
from foundation.people.enums import Category, Sex
from foundation.people.models import Cadre, Unit

COLUMNS = (
    Column("number", ("序号",), ignored=True),
    Column("work_number", ("工号", "人员编号", "职工编号", "编号"), required=True, width=14),
    Column("name", ("姓名", "名字"), required=True),
    Column("sex", ("性别",), required=True, choices=("男", "女"), width=6),
    Column("ethnicity", ("民族",)),
    Column("birth_month", ("出生年月", "出生日期", "出生年月日")),
    Column("first_work_month", ("参加工作时间", "参加工作年月", "工作时间")),
    Column("political_status", ("政治面貌",)),
    Column("education", ("学历", "文化程度")),
    Column("degree", ("学位",)),
    Column("unit", ("单位", "部门", "处室", "所在单位"), required=True, width=18),
    Column("post", ("职务", "现任职务"), width=18),
    Column("rank", ("职级", "现任职级"), width=16),
    Column("post_since", ("任现职务时间", "任现职时间"), width=14),
    Column("rank_since", ("任现职级时间",), width=14),
    Column(
        "category",
        ("人员类别", "编制类别", "类别"),
        required=True,
        choices=("公务员", "参公", "事业", "工勤", "聘用"),
    ),
    Column("is_leading_member", ("是否领导成员", "领导成员"), choices=("是", "否"), width=14),
    Column("phone", ("手机号码", "手机", "联系电话"), width=14),
    Column("remarks", ("备注", "说明"), width=30),
    # of our own exports: a dated remark tells the first two, the note above the headings the last
    Column("probation_from", ("试用期自",), write=Write.DATE),
    Column("probation_to", ("试用期至",), write=Write.DATE),
    Column("as_of", ("状态日期",), write=Write.DATE),
)
MONTHS = ("birth_month", "first_work_month", "post_since", "rank_since")

SEXES = {"男": Sex.MALE, "女": Sex.FEMALE}
CATEGORIES = {
    "公务员": Category.CIVIL_SERVANT,
    "参公": Category.REFERENCE_MANAGED,
    "参公人员": Category.REFERENCE_MANAGED,
    "参照公务员法管理人员": Category.REFERENCE_MANAGED,
    "事业": Category.INSTITUTION_STAFF,
    "事业编制人员": Category.INSTITUTION_STAFF,
    "工勤": Category.SUPPORT_WORKER,
    "工勤人员": Category.SUPPORT_WORKER,
    "聘用": Category.CONTRACT,
    "聘用人员": Category.CONTRACT,
    "编外": Category.CONTRACT,
}
_PROBATION = re.compile(r"试用期[(（]\s*(\d{4}[.年-]\s*\d{1,2})月?\s*入职\s*[)）]")


def probation(remark: str, *, today: dt.date) -> tuple[dt.date, dt.date] | None:
    """First and last day of the one-year probation that a remark like 试用期（2026.07入职） tells of, else None."""
    match = _PROBATION.fullmatch(remark)
    if match is None:
        return None
    first = month(match[1], today=today)
    assert first is not None  # the pattern holds digits
    return first, first.replace(year=first.year + 1) - dt.timedelta(days=1)


class MonthWidget(Widget):
    """A month in one of the ways people write it."""

    def __init__(self, today: dt.date) -> None:
        super().__init__()
        self.today = today

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> dt.date | None:
        return month(value, today=self.today)


class UnitWidget(Widget):
    """A unit of the office by its name; reach: those that the importer may write to, None: all."""

    def __init__(self, units: dict[str, Unit], reach: frozenset[int] | None) -> None:
        super().__init__()
        self.units = units
        self.reach = reach

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Unit:
        name = str(value or "").strip()
        if not name:
            raise ValueError(_("不能为空。"))
        if name not in self.units:
            raise ValueError(_("没有单位“%(name)s”，请先建立这个单位。") % {"name": name})
        if self.reach is not None and self.units[name].pk not in self.reach:
            raise ValueError(_("单位“%(name)s”不在你的管理范围内。") % {"name": name})
        return self.units[name]


class RosterResource(HouseResource):
    """Rows of the roster to cadres. units: the office's units by name; reach: those that may be written to (None: all);
    today: months after it are refused."""

    class Meta(HouseResource.Meta):
        model = Cadre
        import_id_fields = ["work_number"]
        fields = [column.name for column in COLUMNS if not column.ignored]
        # what became of every row, with the row before and after: for the counts and the audit trail
        report_skipped = True
        store_instance = True

    def __init__(self, *, units: dict[str, Unit], reach: frozenset[int] | None = None, today: dt.date) -> None:
        super().__init__()

        def field(name: str, widget: Widget) -> Field:
            return Field(attribute=name, column_name=name, widget=widget)

        for name in ("work_number", "name"):
            self.fields[name] = field(name, Needed())
        for name in ("ethnicity", "political_status", "education", "degree", "post", "rank", "phone", "remarks"):
            self.fields[name] = field(name, Optional())
        for name in MONTHS:
            self.fields[name] = field(name, MonthWidget(today))
        for name in ("probation_from", "probation_to", "as_of"):
            self.fields[name] = field(name, DayWidget())
        self.fields["sex"] = field("sex", Choice(dict(SEXES)))
        self.fields["category"] = field("category", Choice(dict(CATEGORIES)))
        self.fields["is_leading_member"] = field("is_leading_member", YesNo(default=False))
        self.fields["unit"] = field("unit", UnitWidget(units, reach))

    def get_queryset(self) -> QuerySet[Cadre]:
        """With units: comparing an old row with a new one must not ask once a row."""
        return super().get_queryset().select_related("unit")
