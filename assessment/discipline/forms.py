"""Forms of discipline's officer. They only read what was typed; the actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.discipline.enums import OUTCOMES, Action, Purpose
from assessment.discipline.models import DisciplineCase
from foundation.people.cadre_forms import DayField
from foundation.people.models import Cadre


class PurposeForm(forms.Form):
    """Why a record is opened."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("查看事由"), choices=[("", gettext_lazy("请选择")), *Purpose.choices]
    )
    note = forms.CharField(label=gettext_lazy("补充说明（案号、来文等）"), max_length=200, required=False)

    @property
    def words(self) -> str:
        """Purpose and note as the trail keeps them."""
        label = str(Purpose(self.cleaned_data["purpose"]).label)
        return _("：").join(part for part in (label, self.cleaned_data["note"]) if part)


class PersonForm(forms.Form):
    """One person of the officer's scope, named by work number."""

    work_number = forms.CharField(label=gettext_lazy("工号"), max_length=32)

    def __init__(self, *args: Any, people: QuerySet[Cadre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = people

    def clean_work_number(self) -> Cadre:
        found = self._people.filter(work_number=self.cleaned_data["work_number"].strip()).first()
        if found is None:
            raise ValidationError(_("没有这个工号，或者不在你的管理范围内。"))
        return found


class OpenCaseForm(PersonForm):
    opened = DayField(label=gettext_lazy("立案日期"))
    reference = forms.CharField(label=gettext_lazy("立案文号"), max_length=100)


class CloseCaseForm(forms.Form):
    closed = DayField(label=gettext_lazy("结案日期"))
    outcome = forms.ChoiceField(
        label=gettext_lazy("结案结果"),
        choices=[("", gettext_lazy("请选择")), *OUTCOMES],
        help_text=gettext_lazy("给予处分处理的，结案以后再用“登记处分处理”写明决定机关和文号。"),
    )
    reference = forms.CharField(label=gettext_lazy("结案文号"), max_length=100)


def _case_label(case: DisciplineCase) -> str:
    return _("%(reference)s（%(day)s）") % {"reference": case.reference, "day": date_format(case.opened)}


class RecordForm(forms.Form):
    """A decided action of one person. cases: theirs, to choose from."""

    code = forms.ChoiceField(label=gettext_lazy("处分或处理"), choices=[("", gettext_lazy("请选择")), *Action.choices])
    effective = DayField(label=gettext_lazy("生效日期"), help_text=gettext_lazy("处分自作出决定之日起生效。"))
    organ = forms.CharField(label=gettext_lazy("决定机关"), max_length=100)
    document = forms.CharField(label=gettext_lazy("决定文号"), max_length=100)
    basis = forms.CharField(
        label=gettext_lazy("依据"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("写法规和条款，不写案情；涉密内容不得录入本系统。"),
    )
    case = forms.ModelChoiceField(
        label=gettext_lazy("所属立案"), queryset=DisciplineCase.objects.none(), required=False
    )

    def __init__(self, *args: Any, cases: QuerySet[DisciplineCase], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case"].queryset = cases  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["case"].label_from_instance = _case_label  # type: ignore[attr-defined]  # the same


class VoidForm(forms.Form):
    on = DayField(label=gettext_lazy("撤销生效日期"), help_text=gettext_lazy("从这一天起不再影响考核和晋升。"))
    document = forms.CharField(label=gettext_lazy("撤销决定文号"), max_length=100)
    reason = forms.CharField(label=gettext_lazy("撤销原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
