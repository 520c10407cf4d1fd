"""Forms of the annual appraisal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.appraisals.models import Appraisal
from assessment.appraisals.rules import allowed_grades
from foundation.people.models import Unit


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


class OpenCycleForm(forms.Form):
    year = forms.IntegerField(label=_("考核年度"), min_value=2020, max_value=2100)
    unit = forms.ModelChoiceField(label=_("考核单位"), queryset=Unit.objects.none())

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]  # a ModelChoiceField


class ReviewForm(forms.Form):
    comment = forms.CharField(
        label=_("评语"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("写明德、能、勤、绩、廉的表现和改进要求，不超过 1000 字。"),
    )
    proposed_grade = forms.ChoiceField(label=_("建议等次"))
    seen = Seen()

    def __init__(self, *args: Any, appraisal: Appraisal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grades = allowed_grades(appraisal.treatment)
        choices = [(grade.value, grade.label) for grade in grades]
        self.fields["proposed_grade"].choices = choices if len(choices) == 1 else [("", _("请选择")), *choices]  # type: ignore[attr-defined]  # a ChoiceField
        if appraisal.is_comment_only:
            self.fields["proposed_grade"].help_text = appraisal.treatment_reason


class DecisionForm(forms.Form):
    grade = forms.CharField(max_length=32, error_messages={"required": _("请选择等次。")})
    seen = Seen()
    seen_review = Seen()
