"""What the audit administrator looks for in the log."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.audit.queries import event_names

TARGET = re.compile(r"[a-z]+\.[a-z]+:\S+")


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
        help_text=_("点表中的对象即可填入。账号也可以直接填账号名或姓名。"),
    )
    since = forms.DateField(label=_("自"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(label=_("至"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def clean_target(self) -> str:
        """Label and number of a row, as the table's links write them; or what a person typed, where it names one."""
        typed: str = self.cleaned_data["target"].strip()
        return typed if not typed or TARGET.fullmatch(typed) else self.named(typed)

    def named(self, name: str) -> str:
        """The target that goes by this name. The trail knows none; rooms above may."""
        sentence = gettext("没有“%(name)s”这个账号。其他对象请点表中的对象，不用自己写。")
        raise ValidationError(sentence % {"name": name})

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
