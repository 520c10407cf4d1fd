"""The living page of components: each partial in all its states, drawn by the templates that the pages use."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from foundation.offers import clock
from foundation.offers.types import Todo
from foundation.people.enums import ADMINISTRATORS, BACK_OFFICE
from foundation.people.scope import MissingRole, has_role

READERS = sorted(BACK_OFFICE | ADMINISTRATORS)

# the fixed vocabulary of chips (ui/spec.md 5.8): kind, icon, words
CHIPS = [
    ("ok", "check", _("已完成")),
    ("ok", "check", _("合格")),
    ("warn", "clock", _("今天截止")),
    ("warn", "hourglass", _("待签收")),
    ("err", "alert-circle", _("已逾期")),
    ("err", "alert-circle", _("不合格")),
    ("info", "progress-check", _("进行中")),
    ("act", "flag", _("必修")),
    ("act", "", _("等次：好")),
    ("", "pencil", _("草稿")),
    ("", "", _("选修")),
]
NOTES = [
    ("", "info-circle", _("名单每天更新一次。")),
    ("ok", "circle-check", _("已保存。")),
    ("warn", "alert-triangle", _("网络已断开，请继续作答。")),
    ("err", "alert-circle", _("课程列表没有加载出来。你的学习记录不受影响。")),
]


class SampleForm(forms.Form):
    """Every control that the pages use."""

    title = forms.CharField(label=_("标题"), max_length=40, help_text=_("一句话说清楚。"))
    note = forms.CharField(label=_("说明"), required=False, widget=forms.Textarea)
    day = forms.DateField(label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(label=_("类别"), choices=[("a", _("政策法规")), ("b", _("业务规范"))])
    wanted = forms.MultipleChoiceField(
        label=_("同时通知"),
        required=False,
        choices=[("x", _("本人")), ("y", _("处室负责人"))],
        widget=forms.CheckboxSelectMultiple,
    )


@login_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """/_components/: for those who work behind the portal."""
    if not has_role(request.user, *READERS):
        raise MissingRole(*READERS)
    today = clock.today()
    wrong = SampleForm({"day": "2026-02-30", "kind": "z"}, prefix="wrong")
    wrong.is_valid()
    context = {
        "today": today,
        "chips": CHIPS,
        "notes": NOTES,
        "todos": _todos(today),
        "form": SampleForm(prefix="new"),
        "wrong": wrong,
        "pages": Paginator(range(60), 20).get_page(2),
        "icons": [("list-check", "s"), ("list-check", ""), ("list-check", "l")],
    }
    return render(request, "desk/components.html", context)


def _todos(today: dt.date) -> list[dict[str, Any]]:
    """A row of each state, the highlighted one first."""
    common: dict[str, Any] = {"url": "#todos", "action": _("继续学习"), "icon": "school"}
    rows = [
        Todo(title=_("今天截止，有进度"), due=today, progress=(1, 3), facts=(_("2 学时"),), **common),
        Todo(title=_("逾期"), due=today - dt.timedelta(days=2), **common),
        Todo(title=_("还剩几天"), due=today + dt.timedelta(days=2), **common),
        Todo(title=_("还早"), due=today + dt.timedelta(days=40), **common),
        Todo(title=_("没有期限"), **common),
    ]
    return [{"todo": todo, "now": todo.due == today} for todo in rows]
