"""Forms of HR's pages about people and units. They only read what was typed; the actions decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.documents import fonts
from foundation.exchange.resources import printable
from foundation.exchange.tables import month
from foundation.offers import clock
from foundation.people.careers import DATED, LASTING
from foundation.people.enums import DEPARTURES, AssignmentKind
from foundation.people.models import Assignment, Cadre, CadreState, Leave, Relation, Unit

MOST_PARTS = 4  # new units that one split makes at once


class DayInput(forms.DateInput):
    """A day: the browser's own picker, ISO in and out."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class DayField(forms.DateField):
    widget = DayInput


class MonthField(forms.CharField):
    """A month in one of the ways people write it (contracts.md), as its first day; empty is None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.help_text = gettext_lazy("年月，如 1985.03；不清楚的留空。")

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y.%m}" if isinstance(value, dt.date) else value

    def clean(self, value: Any) -> dt.date | None:
        try:
            return month(value, today=clock.today())
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != initial)
        except ValidationError:
            return True


class UnitChoice(forms.ModelChoiceField):
    """A unit of the officer's scope, drawn as a tree."""

    def label_from_instance(self, obj: Any) -> str:
        return "\u3000" * (obj.depth - 1) + obj.name


class AmongUnits(forms.BaseForm):
    """A form whose fields about units offer those of the officer's scope."""

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and getattr(field.queryset, "model", None) is Unit:
                field.queryset = units


class _StateFields(AmongUnits, forms.ModelForm):
    post_since = MonthField(label=gettext_lazy("任现职务时间"))
    rank_since = MonthField(label=gettext_lazy("任现职级时间"))

    class Meta:
        model = CadreState
        fields = DATED
        field_classes = {"unit": UnitChoice}

    def _post_clean(self) -> None:
        """The actions write, not the form: an instance half filled in would be no use to them."""


class ChangeStateForm(_StateFields):
    """变动: what is different from a day on."""

    on = DayField(label=gettext_lazy("生效日期"), help_text=gettext_lazy("从这一天起按新内容；这一天之前仍按原内容。"))
    reason = forms.CharField(label=gettext_lazy("事由或文号"), max_length=200, required=False)
    field_order = ("on", *DATED, "reason")


class CorrectStateForm(_StateFields):
    """更正: what was never so."""

    valid_from = DayField(label=gettext_lazy("生效日期"))
    reason = forms.CharField(label=gettext_lazy("更正原因和依据"), max_length=200)
    field_order = ("valid_from", *DATED, "reason")


class ReturnForm(_StateFields):
    on = DayField(label=gettext_lazy("返回日期"), help_text=gettext_lazy("重新在岗的第一天。"))
    reason = forms.CharField(label=gettext_lazy("事由或文号"), max_length=200, required=False)
    field_order = ("on", *DATED, "reason")


class PersonForm(forms.ModelForm):
    """What holds of a person on every day."""

    birth_month = MonthField(label=gettext_lazy("出生年月"))
    first_work_month = MonthField(label=gettext_lazy("参加工作时间"))
    probation_from = DayField(label=gettext_lazy("试用期自"), required=False)
    probation_to = DayField(label=gettext_lazy("试用期至"), required=False)

    class Meta:
        model = Cadre
        fields = LASTING
        widgets = {"phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})}

    def clean_name(self) -> str:
        """The name, if every character of it can be printed."""
        name = str(self.cleaned_data["name"]).strip()
        try:
            strangers = fonts.missing(printable(name))
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if strangers:
            raise ValidationError(
                _("“%(characters)s”不在文书字库里，证书上印不出来，请联系系统管理员补充字库。")
                % {"characters": "".join(strangers)}
            )
        return name

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("probation_from"), data.get("probation_to")
        if bool(first) != bool(last):
            self.add_error("probation_to", _("试用期要同时写明起止日期，或者都留空。"))
        elif first and last and last < first:
            self.add_error("probation_to", _("结束日期早于开始日期。"))
        return data

    def _post_clean(self) -> None:
        """The actions write, not the form."""


class CorrectPersonForm(PersonForm):
    reason = forms.CharField(label=gettext_lazy("更正原因和依据"), max_length=200)


class NewPersonForm(AmongUnits, PersonForm):
    """Somebody who enters service here."""

    unit = UnitChoice(queryset=Unit.objects.none(), label=gettext_lazy("单位"))
    on = DayField(label=gettext_lazy("到岗日期"), help_text=gettext_lazy("在本单位的第一天。"))
    category = forms.ChoiceField(
        label=gettext_lazy("人员类别"), choices=Cadre._meta.get_field("category").choices or ()
    )
    post = forms.CharField(label=gettext_lazy("职务"), max_length=64, required=False)
    rank = forms.CharField(label=gettext_lazy("职级"), max_length=32, required=False)
    post_since = MonthField(label=gettext_lazy("任现职务时间"))
    rank_since = MonthField(label=gettext_lazy("任现职级时间"))
    is_leading_member = forms.BooleanField(label=gettext_lazy("是否领导成员"), required=False)
    political_status = forms.CharField(label=gettext_lazy("政治面貌"), max_length=32, required=False)
    education = forms.CharField(label=gettext_lazy("学历"), max_length=32, required=False)
    degree = forms.CharField(label=gettext_lazy("学位"), max_length=32, required=False)


class DepartForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("去向"), choices=[(kind, kind.label) for kind in AssignmentKind if kind in DEPARTURES]
    )
    first_day_out = DayField(label=gettext_lazy("离开日期"), help_text=gettext_lazy("不再在岗的第一天。"))
    place = forms.CharField(label=gettext_lazy("对方单位或地点"), max_length=100, required=False)
    reference = forms.CharField(label=gettext_lazy("批准文号"), max_length=100, required=False)
    close_account = forms.BooleanField(
        label=gettext_lazy("立即停用账号"),
        required=False,
        help_text=gettext_lazy("角色总是到离开前一天为止；停用后本人不能再登录。"),
    )


class LeaveForm(forms.ModelForm):
    valid_from = DayField(label=gettext_lazy("开始日期"))
    valid_to = DayField(
        label=gettext_lazy("结束日期"), required=False, help_text=gettext_lazy("最后一天；还没有销假的留空。")
    )

    class Meta:
        model = Leave
        fields = ("kind", "valid_from", "valid_to", "reference")

    def _post_clean(self) -> None:
        """The actions write, not the form."""


class CorrectLeaveForm(LeaveForm):
    reason = forms.CharField(label=gettext_lazy("更正原因和依据"), max_length=200)


class AssignmentForm(forms.ModelForm):
    valid_from = DayField(label=gettext_lazy("开始日期"))
    valid_to = DayField(
        label=gettext_lazy("结束日期"), required=False, help_text=gettext_lazy("最后一天；还没有结束的留空。")
    )

    class Meta:
        model = Assignment
        fields = ("kind", "valid_from", "valid_to", "place", "is_sent", "reference")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leaving = self.instance.pk is not None and self.instance.kind in DEPARTURES
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (kind, kind.label) for kind in AssignmentKind if (kind in DEPARTURES) == leaving
        ]

    def _post_clean(self) -> None:
        """The actions write, not the form."""


class CorrectAssignmentForm(AssignmentForm):
    reason = forms.CharField(label=gettext_lazy("更正原因和依据"), max_length=200)


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=gettext_lazy("更正原因和依据"), max_length=200)


class RelationForm(forms.ModelForm):
    other = forms.CharField(
        label=gettext_lazy("对方工号"),
        max_length=32,
        help_text=gettext_lazy("花名册上的工号；只登记双方都在册的关系。"),
    )
    on = DayField(label=gettext_lazy("自"))

    class Meta:
        model = Relation
        fields = ("kinship",)

    field_order = ("other", "kinship", "on")

    def __init__(self, *args: Any, people: QuerySet[Cadre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people

    def clean_other(self) -> Cadre:
        """The person of that work number within the officer's scope."""
        number = str(self.cleaned_data["other"]).strip()
        person = self.people.filter(work_number=number).first()
        if person is None:
            raise ValidationError(_("花名册上没有工号 %(number)s。") % {"number": number})
        return person

    def _post_clean(self) -> None:
        """The actions write, not the form."""


class EndRelationForm(forms.Form):
    last_day = DayField(
        label=gettext_lazy("至"), help_text=gettext_lazy("关系存续的最后一天；登错的写成开始前一天，记录即删除。")
    )
    reason = forms.CharField(label=gettext_lazy("更正原因和依据"), max_length=200)


class UnitForm(forms.Form):
    """A new unit, or a new name."""

    name = forms.CharField(label=gettext_lazy("单位名称"), max_length=100)
    on = DayField(label=gettext_lazy("生效日期"))


class OpenUnitForm(AmongUnits, UnitForm):
    parent = UnitChoice(queryset=Unit.objects.none(), label=gettext_lazy("上级单位"))
    field_order = ("parent", "name", "on")


class MoveUnitForm(AmongUnits, forms.Form):
    parent = UnitChoice(queryset=Unit.objects.none(), label=gettext_lazy("新的上级单位"))
    on = DayField(label=gettext_lazy("生效日期"))


class CloseUnitForm(forms.Form):
    on = DayField(label=gettext_lazy("撤销日期"), help_text=gettext_lazy("不再存续的第一天。"))


class CorrectUnitForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("正确名称"), max_length=100)
    reason = forms.CharField(label=gettext_lazy("更正原因和依据"), max_length=200)


class MergeForm(AmongUnits, forms.Form):
    units = forms.ModelMultipleChoiceField(
        queryset=Unit.objects.none(), label=gettext_lazy("要合并的单位"), widget=forms.CheckboxSelectMultiple
    )
    into = UnitChoice(
        queryset=Unit.objects.none(),
        label=gettext_lazy("并入"),
        required=False,
        empty_label=gettext_lazy("组建一个新单位"),
    )
    name = forms.CharField(
        label=gettext_lazy("新单位名称"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("并入现有单位的不用填。"),
    )
    on = DayField(label=gettext_lazy("生效日期"))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("into") and not str(data.get("name", "")).strip():
            self.add_error("name", _("请填写新单位名称，或者选择并入哪个单位。"))
        return data


class SplitForm(forms.Form):
    """Names of the new units, and where everybody goes."""

    closes = forms.BooleanField(
        label=gettext_lazy("原单位撤销"),
        required=False,
        help_text=gettext_lazy("不撤销的，没有分出去的人留在原单位。"),
    )
    on = DayField(label=gettext_lazy("生效日期"))

    def __init__(self, *args: Any, people: Iterable[Cadre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = list(people)
        for number in range(1, MOST_PARTS + 1):
            self.fields[f"name_{number}"] = forms.CharField(
                label=_("新单位 %(n)s 的名称") % {"n": number}, max_length=100, required=number == 1
            )
        choices = [("", _("留在原单位"))] + [
            (str(number), _("新单位 %(n)s") % {"n": number}) for number in range(1, MOST_PARTS + 1)
        ]
        for cadre in self.people:
            self.fields[f"to_{cadre.pk}"] = forms.ChoiceField(
                label=f"{cadre.name}（{cadre.work_number}）", choices=choices, required=False
            )

    def of_units(self) -> list[forms.BoundField]:
        """The fields about the new units."""
        return [field for field in self if not field.name.startswith("to_")]

    def of_people(self) -> list[forms.BoundField]:
        """The fields about where everybody goes."""
        return [field for field in self if field.name.startswith("to_")]

    def parts(self) -> list[tuple[str, list[Cadre]]]:
        """The new units with their people, from clean data."""
        found = []
        for number in range(1, MOST_PARTS + 1):
            if name := self.cleaned_data[f"name_{number}"].strip():
                going = [one for one in self.people if self.cleaned_data[f"to_{one.pk}"] == str(number)]
                found.append((name, going))
        return found

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for cadre in self.people:
            chosen = data.get(f"to_{cadre.pk}")
            if chosen and not str(data.get(f"name_{chosen}", "")).strip():
                self.add_error(f"to_{cadre.pk}", _("这个新单位还没有名称。"))
        return data
