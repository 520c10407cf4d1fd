"""Forms of the security administrator's screens."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.people.account_queries import State
from foundation.people.enums import Role
from foundation.people.models import Cadre, Unit
from foundation.people.parameters_forms import Day

STATES = {
    State.ON: gettext_lazy("启用中"),
    State.OFF: gettext_lazy("已停用"),
    State.FIRST: gettext_lazy("没有修改过初始密码"),
    State.NO_FACTOR: gettext_lazy("没有启用动态码"),
}


class FilterForm(forms.Form):
    """What the list is narrowed to. units: those that are offered."""

    sought = forms.CharField(label=gettext_lazy("账号、姓名或工号"), required=False, max_length=64)
    role = forms.ChoiceField(label=gettext_lazy("角色"), required=False)
    unit = forms.ModelChoiceField(
        label=gettext_lazy("单位"), required=False, queryset=Unit.objects.none(), empty_label=gettext_lazy("全部")
    )
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]  # a ModelChoiceField
        everything = [("", _("全部"))]
        self.fields["role"].choices = [*everything, *Role.choices]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["state"].choices = [*everything, *STATES.items()]  # type: ignore[attr-defined]  # as above

    def clean_sought(self) -> str:
        return str(self.cleaned_data["sought"]).strip()


class OpenForm(forms.Form):
    """A new account: of somebody on the roster by work number, or of somebody outside it by name."""

    username = forms.CharField(
        label=gettext_lazy("账号"),
        max_length=64,
        help_text=gettext_lazy("字母、数字和 @ . + - _，不分大小写。开户后不能修改。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    work_number = forms.CharField(
        label=gettext_lazy("工号"),
        max_length=32,
        required=False,
        help_text=gettext_lazy("花名册上的人员填工号，姓名从花名册取。"),
    )
    name = forms.CharField(
        label=gettext_lazy("姓名"), max_length=64, required=False, help_text=gettext_lazy("不在花名册上的人员填写。")
    )

    def clean_work_number(self) -> Cadre | None:
        """The person, who must be on the roster and have no account."""
        number = self.cleaned_data["work_number"].strip()
        if not number:
            return None
        person = Cadre.objects.filter(work_number=number).first()
        if person is None:
            raise forms.ValidationError(_("花名册上没有这个工号。"))
        if person.account_id:
            raise forms.ValidationError(_("这个人已经有账号。"))
        return person

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data["work_number"] and not data["name"].strip():
            self.add_error("name", _("请填写工号或姓名。"))
        return data


class GrantForm(forms.Form):
    """A role over a unit, from a day on."""

    role = forms.ChoiceField(label=gettext_lazy("角色"))
    unit = forms.ModelChoiceField(
        label=gettext_lazy("范围"),
        queryset=Unit.objects.all(),
        empty_label=gettext_lazy("请选择"),
        help_text=gettext_lazy("这个单位和它下面的所有单位。"),
    )
    valid_from = Day(label=gettext_lazy("自"))
    valid_to = Day(
        label=gettext_lazy("至"), required=False, help_text=gettext_lazy("最后一天；不填则一直有效，直到结束授权。")
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["valid_from"].initial = today
        self.fields["unit"].queryset = Unit.objects.filter(is_open=True)  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["role"].choices = [("", _("请选择")), *Role.choices]  # type: ignore[attr-defined]  # a ChoiceField

    def clean_valid_from(self) -> dt.date:
        """Not in the past: nobody could have acted under it, and the trail would look as if they had."""
        day: dt.date = self.cleaned_data["valid_from"]
        if day < self.today:
            raise forms.ValidationError(_("不能早于今天。"))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("valid_from"), data.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("不能早于开始日期。"))
        return data


class EndForm(forms.Form):
    """The last day of a role; today unless told, or yesterday to stop it at once."""

    last_day = Day(label=gettext_lazy("最后一天"))

    def __init__(self, *args: Any, ends_already: dt.date | None, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ends_already = ends_already
        self.yesterday = today - dt.timedelta(days=1)
        self.fields["last_day"].initial = self.yesterday
        self.fields["last_day"].help_text = _("填昨天的日期则立即失效。")

    def clean_last_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["last_day"]
        if day < self.yesterday:
            raise forms.ValidationError(_("不能早于昨天：已经生效的日子不能改写。"))
        if self.ends_already is not None and day > self.ends_already:
            raise forms.ValidationError(_("不能晚于现在的最后一天。要延长请另外授予。"))
        return day


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("原因和核实身份的方式"),
        max_length=200,
        help_text=gettext_lazy("如“手机丢失，本人到柜台，核对工作证”。写入审计记录。"),
    )
