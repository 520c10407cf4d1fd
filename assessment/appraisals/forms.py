"""Forms of the annual appraisal. They only read what was typed; the actions decide."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.appraisals.enums import Grade, ObjectionOutcome, SignedHow, Stance
from assessment.appraisals.models import Appraisal
from assessment.appraisals.records import Outlook
from assessment.discipline.enums import Ceiling
from foundation.documents.forms import drawable
from foundation.offers.widgets import LongText
from foundation.people.cadre_forms import DayField
from foundation.people.models import Unit
from foundation.people.signin_forms import WithPasswordForm


class Seen(forms.Field):
    """The time of the last change that the page showed, hidden in the form; empty for none."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, dt.datetime) else value

    def to_python(self, value: Any) -> dt.datetime | None:
        if not value:
            return None
        try:
            return dt.datetime.fromisoformat(value)
        except ValueError as error:
            raise forms.ValidationError(_("页面已过期，请刷新后再提交。")) from error


def _text(label: Any, *, rows: int, most: int, **kwargs: Any) -> forms.CharField:
    """A text that may stand on the registration form: refused now where no face can print it."""
    area = LongText(most, attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, widget=area, validators=[drawable], **kwargs)


class OpenCycleForm(forms.Form):
    year = forms.IntegerField(label=_("考核年度"), min_value=2020, max_value=2100)
    unit = forms.ModelChoiceField(label=_("考核单位"), queryset=Unit.objects.none())

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]  # a ModelChoiceField


class SummaryForm(forms.Form):
    """个人总结; whether all is there is asked on submission only."""

    duties = _text(_("从事或分管工作"), rows=2, most=200, required=False)
    training = _text(
        _("脱产培训情况"),
        rows=3,
        most=300,
        required=False,
        help_text=_("写明起止时间、培训内容和主办单位；没有的写“无”。"),
    )
    text = _text(
        _("个人总结"),
        rows=14,
        most=1500,
        required=False,
        help_text=_("围绕岗位职责和年度目标，写德、能、勤、绩、廉，突出重点、简明扼要，不超过 1500 字。"),
    )
    seen = Seen()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("duties", "text"):  # a draft may lack them, what is submitted may not
            self.fields[name].is_owed = True  # type: ignore[attr-defined]  # for the page


class ReviewForm(forms.Form):
    comment = _text(
        _("评语"), rows=6, most=1000, help_text=_("写明德、能、勤、绩、廉的表现和改进要求，不超过 1000 字。")
    )
    proposed_grade = forms.ChoiceField(label=_("建议等次"))
    seen = Seen()

    def __init__(self, *args: Any, outlook: Outlook, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(grade.value, grade.label) for grade in outlook.grades]
        self.fields["proposed_grade"].choices = choices if len(choices) == 1 else [("", _("请选择")), *choices]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["proposed_grade"].help_text = " ".join(outlook.restricted)


class DecisionForm(forms.Form):
    grade = forms.CharField(max_length=32, error_messages={"required": _("请选择等次。")})
    seen = Seen()
    seen_review = Seen()


class QuotaForm(forms.Form):
    percent = forms.DecimalField(label=_("审核同意的比例（%）"), max_digits=5, decimal_places=2)
    approved_by = forms.CharField(label=_("审核同意的机关"), max_length=100, help_text=_("同级公务员主管部门。"))
    document = forms.CharField(label=_("文号"), max_length=100)
    approved_on = DayField(label=_("审核同意日期"))


class ReasonForm(forms.Form):
    """One reason, under a label that says of what."""

    reason = _text("", rows=3, most=300)

    def __init__(self, *args: Any, label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label


class KeepForm(ReasonForm):
    organ = forms.CharField(label=_("决定机关"), max_length=100)
    document = forms.CharField(label=_("决定文号或会议纪要"), max_length=100)
    field_order = ("organ", "document", "reason")


class EvaluationForm(forms.Form):
    held_on = DayField(label=_("测评日期"))
    expected = forms.IntegerField(label=_("应到人数"), min_value=1, max_value=100_000)
    attended = forms.IntegerField(label=_("实到人数"), min_value=1, max_value=100_000)
    excellent = forms.IntegerField(label=_("优秀票"), min_value=0, max_value=100_000)
    competent = forms.IntegerField(label=_("称职票"), min_value=0, max_value=100_000)
    basically_competent = forms.IntegerField(label=_("基本称职票"), min_value=0, max_value=100_000)
    incompetent = forms.IntegerField(label=_("不称职票"), min_value=0, max_value=100_000)
    abstained = forms.IntegerField(label=_("弃权票"), min_value=0, max_value=100_000)
    invalid = forms.IntegerField(label=_("无效票"), min_value=0, max_value=100_000)


class DeterminationForm(forms.Form):
    ceiling = forms.ChoiceField(
        label=_("认定的等次上限"),
        choices=[("", _("请选择"))]
        + [
            (one.value, one.label)
            for one in (Ceiling.NONE, Ceiling.NOT_EXCELLENT, Ceiling.NO_GRADE, Ceiling.INCOMPETENT)
        ],
    )
    organ = forms.CharField(label=_("认定机关"), max_length=100)
    document = forms.CharField(label=_("认定文号"), max_length=100)
    determined_on = DayField(label=_("认定日期"))


class ObjectionForm(forms.Form):
    appraisal = forms.ModelChoiceField(label=_("所涉人员"), queryset=Appraisal.objects.none())
    raised_by = forms.CharField(label=_("反映人"), max_length=100, help_text=_("匿名反映的写“匿名”。"))
    raised_on = DayField(label=_("反映日期"))
    text = _text(_("反映的问题"), rows=4, most=1000)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["appraisal"].queryset = people  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["appraisal"].label_from_instance = lambda one: f"{one.name}（{one.unit_name}）"  # type: ignore[attr-defined]  # the same


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(label=_("核实结果"), choices=[("", _("请选择")), *ObjectionOutcome.choices])
    answer = _text(
        _("核实和答复情况"), rows=4, most=1000, help_text=_("成立的，办结以后撤回公示、改定等次，再重新公示。")
    )


class OpinionForm(WithPasswordForm):
    """本人意见 as the person signs it in the system (系统内确认)."""

    read = forms.BooleanField(label=_("我已阅读考核结果通知书"))
    stance = forms.ChoiceField(label=_("意见"), choices=Stance.choices, widget=forms.RadioSelect)
    text = _text(_("具体意见"), rows=3, most=500, required=False, help_text=_("有异议的必须写明。"))
    seen = forms.CharField(widget=forms.HiddenInput)
    field_order = ["read", "stance", "text", "password", "seen"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = _("用登录密码确认是你本人签署（系统内确认）。签署后不能修改。")


class RecordedOpinionForm(forms.Form):
    """本人意见 as HR notes it."""

    how = forms.ChoiceField(
        label=_("签署方式"),
        choices=[("", _("请选择"))]
        + [(one.value, one.label) for one in (SignedHow.PAPER, SignedHow.REFUSED, SignedHow.UNREACHABLE)],
    )
    stance = forms.ChoiceField(label=_("意见（纸质签名的填写）"), choices=[("", "—"), *Stance.choices], required=False)
    text = _text(_("具体意见"), rows=3, most=500, required=False, help_text=_("照抄本人所写；有异议的必须写明。"))
    signed_on = DayField(label=_("日期"))
    witness = forms.CharField(label=_("见证人"), max_length=64, validators=[drawable])


class PeopleFilter(forms.Form):
    """What of a cycle's people HR wants to see."""

    q = forms.CharField(label=_("姓名或工号"), max_length=64, required=False)
    step = forms.ChoiceField(label=_("进度"), required=False)
    grade = forms.ChoiceField(label=_("等次"), choices=[("", _("全部")), *Grade.choices], required=False)

    def __init__(self, *args: Any, steps: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = steps  # type: ignore[attr-defined]  # a ChoiceField
