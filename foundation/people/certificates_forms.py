"""HR's forms for certificates, proofs, slips and the register."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.documents import rules
from foundation.documents.forms import drawable
from foundation.documents.models import LONGEST_REASON, Batch
from foundation.people.kinds import FIELDS
from foundation.people.models import Unit


class UnitForm(forms.Form):
    """What all of them share: in whose name, among the officer's units."""

    unit = forms.ModelChoiceField(label=_("以哪个单位的名义"), queryset=Unit.objects.none(), empty_label=None)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]  # a ModelChoiceField


class HonourForm(UnitForm):
    """The words of an honour certificate."""

    title = forms.CharField(label=_("标题"), max_length=12, initial="荣誉证书", validators=[drawable])
    subtitle = forms.CharField(
        label=_("副标题"),
        max_length=30,
        required=False,
        validators=[drawable],
        help_text=_("印在标题下面，如“服务保障先进个人”。"),
    )
    honorific = forms.CharField(label=_("称谓"), max_length=8, required=False, initial="同志", validators=[drawable])
    year = forms.IntegerField(label=_("年度"), min_value=1949, max_value=2100)
    text = forms.CharField(
        label=_("正文"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 6}),
        validators=[drawable],
        help_text=_("每段一行。可以写 {姓名} {单位} {职务} {年度}，签发时换成每个人的信息。"),
        initial="在{年度}年度工作中，您恪尽职守、成绩突出，被评为先进个人。\n特发此证，以资鼓励。",
    )
    signer = forms.CharField(label=_("落款"), max_length=40, validators=[drawable])
    dated_on = forms.DateField(label=_("落款日期"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        unknown = rules.unknown_fields(text, FIELDS)
        if unknown:
            raise ValidationError(
                _("不认识的字段：%(unknown)s。可以写的有 {姓名} {单位} {职务} {年度}。"),
                params={"unknown": "、".join(f"{{{name}}}" if name not in "{}" else name for name in unknown)},
            )
        return text

    @classmethod
    def words_of(cls, batch: Batch) -> dict[str, Any]:
        """What the form shows of a batch."""
        names = [name for name in cls.base_fields if name != "unit"]
        return {**{name: getattr(batch, name) for name in names}, "unit": batch.unit_pk}


class EmploymentForm(UnitForm):
    """A proof of employment for one person."""

    work_number = forms.CharField(label=_("工号"), max_length=32, help_text=_("给谁开具。"))
    text = forms.CharField(
        label=_("用途"),
        max_length=60,
        required=False,
        validators=[drawable],
        help_text=_("如“办理住房公积金业务”，印在证明下方。"),
    )
    signer = forms.CharField(label=_("落款"), max_length=40, validators=[drawable])
    dated_on = forms.DateField(label=_("落款日期"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))


class SlipsForm(forms.Form):
    """For whom first passwords are printed."""

    unit = forms.ModelChoiceField(label=_("单位"), queryset=Unit.objects.none(), help_text=_("含下属处室。"))
    used_too = forms.BooleanField(
        label=_("也包括已经登录过的人"), required=False, help_text=_("他们现在的密码随即失效。忘记密码时用。")
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]  # a ModelChoiceField


class ListForm(forms.Form):
    """A sheet of people."""

    file = forms.FileField(
        label=_("人员名单"), help_text=_("Excel（.xlsx）或 CSV，要有“工号”列，或者“姓名”和“单位”列。")
    )


class RegisterForm(forms.Form):
    """What to look for in the register."""

    kind = forms.ChoiceField(label=_("种类"), required=False)
    q = forms.CharField(label=_("姓名或编号"), max_length=60, required=False)
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部")), ("valid", _("有效")), ("revoked", _("已撤销"))],
    )

    def __init__(self, *args: Any, kinds: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("全部")), *kinds]  # type: ignore[attr-defined]  # a ChoiceField


class ReasonForm(forms.Form):
    """Why a paper is taken out of force."""

    reason = forms.CharField(label=_("原因"), max_length=LONGEST_REASON)
