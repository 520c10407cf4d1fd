"""Forms of the rule book's screens; the fields of a value follow from the offer's kind."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.offers.types import Parameter, ParameterKind
from foundation.people.models import Unit
from foundation.rulebook import rules

YES_NO = [("yes", gettext_lazy("是")), ("no", gettext_lazy("否"))]
ROW = "row_"


class Day(forms.DateField):
    """A day, with the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class ValueForm(forms.Form):
    """A new value of a parameter from a day on.

    units: where the officer may set it, of which the open ones are offered; organ: for all of them too.
    """

    def __init__(
        self,
        *args: Any,
        offer: Parameter,
        current: Any,
        units: QuerySet[Unit],
        organ: bool,
        today: dt.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer = offer
        for name, field in _value_fields(offer, current).items():
            self.fields[name] = field
        self.fields["unit"] = forms.ModelChoiceField(
            label=_("适用单位"),
            queryset=units.filter(is_open=True),
            required=not organ,
            empty_label=_("本机关（没有另行规定的单位都适用）") if organ else _("请选择"),
        )
        self.fields["valid_from"] = Day(label=_("施行日期"), initial=today)
        self.fields["valid_to"] = Day(label=_("失效日期"), required=False)
        self.fields["citation"] = forms.CharField(
            label=_("依据"),
            max_length=255,
            required=False,
            help_text=_("文件名和文号，如“某组发〔2026〕3号”。与默认值不同的取值必须写明依据。"),
        )

    def clean(self) -> dict[str, Any]:
        """With ``value``, checked by the offer."""
        data = super().clean() or {}
        if not self.errors:
            data["value"] = self._value(data)
            try:
                rules.kept(self.offer, data["value"])
            except ValueError as error:
                self.add_error("value" if "value" in self.fields else None, str(error))
        return data

    def _value(self, data: dict[str, Any]) -> Any:
        if self.offer.kind == ParameterKind.TABLE:
            rows = {row: data[ROW + row] for row in self.offer.choices if data[ROW + row] is not None}
            return rows or None
        written = data["value"]
        if self.offer.kind == ParameterKind.YES_NO:
            return {"yes": True, "no": False, "": None}[written]
        return None if written == "" else written


def _value_fields(offer: Parameter, current: Any) -> dict[str, forms.Field]:
    """The fields that together make the value, filled with the one in force."""
    needed = offer.default is not None
    hint = rules.bounds(offer)
    if offer.kind == ParameterKind.TABLE:
        return {
            ROW + row: forms.DecimalField(
                label=label,
                required=needed,
                min_value=offer.low,
                max_value=offer.high,
                initial=rules.plain(current[row]) if current else None,
                help_text=hint if number == 0 else "",
            )
            for number, (row, label) in enumerate(offer.choices.items())
        }
    if offer.kind in {ParameterKind.YES_NO, ParameterKind.CHOICE}:
        choices: list[Any] = YES_NO if offer.kind == ParameterKind.YES_NO else list(offer.choices.items())
        initial = {True: "yes", False: "no"}.get(current, current) if isinstance(current, bool) else current
        unset: list[Any] = [] if needed else [("", _("未设定"))]
        return {"value": forms.ChoiceField(label=_("取值"), choices=unset + choices, required=needed, initial=initial)}
    kind: type[Any] = forms.IntegerField if offer.kind == ParameterKind.INTEGER else forms.DecimalField
    initial = None if current is None else rules.shown(offer, current).rstrip("%")
    hint = hint if needed else " · ".join(part for part in (hint, _("留空为未设定")) if part)
    return {
        "value": kind(
            label=_("取值"),
            required=needed,
            min_value=offer.low,
            max_value=offer.high,
            initial=initial,
            help_text=hint,
        )
    }


class DayExceptionForm(forms.Form):
    """A day against the published calendar."""

    day = Day(label=gettext_lazy("日期"))
    is_working = forms.TypedChoiceField(
        label=gettext_lazy("调整为"),
        choices=[("no", gettext_lazy("休息日")), ("yes", gettext_lazy("工作日"))],
        coerce=lambda word: word == "yes",
    )
    reason = forms.CharField(
        label=gettext_lazy("说明"), max_length=200, help_text=gettext_lazy("写明依据，如通知的名称和文号。")
    )
