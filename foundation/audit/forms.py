"""What the audit administrator looks for in the log."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from foundation.audit.queries import event_names


class LogForm(forms.Form):
    """The filters of the log; all optional. filters() says what queries.log() takes."""

    event = forms.ChoiceField(
        label=_("事项"), required=False, choices=lambda: [("", _("全部事项")), *event_names().items()]
    )
    actor = forms.CharField(label=_("操作人"), required=False, max_length=150)
    target = forms.CharField(
        label=_("对象"),
        required=False,
        max_length=130,
        help_text=_("点表中的对象即可填入。"),
        validators=[RegexValidator(r"^[a-z]+\.[a-z]+:\S+$", _("请写成“类别:编号”，或点表中的对象。"))],
    )
    since = forms.DateField(label=_("自"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(label=_("至"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("结束日期早于开始日期。"))
        return cleaned

    def filters(self) -> dict[str, Any]:
        """The filters that were set, as queries.log() takes them."""
        found = {name: value for name, value in self.cleaned_data.items() if value}
        if "target" in found:
            found["target"] = tuple(found["target"].split(":", 1))
        return found

    def words(self) -> dict[str, str]:
        """The filters that were set, as the trail keeps them."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}
